package tui

import (
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"pace/tui/pane"
	"pace/tui/widget"
)

// prompt is the input line that a pane asked for. It takes the row above the footer, and the footer's own row
// to say what is wrong.
type prompt struct {
	input   widget.Input
	layer   *layer
	ask     pane.Prompt
	history []string
	back    int // how far up the history it is
}

func newPrompt(l *layer, ask pane.Prompt, history []string) *prompt {
	p := &prompt{layer: l, ask: ask, history: history}
	p.input.Prompt, p.input.Hint = " "+ask.Label+" ", ask.Hint
	p.input.Set(ask.Text)
	p.check()
	return p
}

func (p *prompt) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "esc":
		return p.end(m, pane.Typed{Slot: p.ask.Slot, Text: p.input.String(), Cancelled: true})
	case "enter":
		m.said.remember(p.ask.History, p.input.String())
		return p.end(m, pane.Typed{Slot: p.ask.Slot, Text: p.input.String(), Done: true})
	case "up":
		return p.recall(m, 1)
	case "down":
		return p.recall(m, -1)
	}
	before := p.input.String()
	if !typeKey(&p.input, k) || p.input.String() == before {
		return nil
	}
	return p.typed(m)
}

// end closes the line before the pane answers, since the answer may open another one.
func (p *prompt) end(m *Model, t pane.Typed) tea.Cmd {
	m.over = nil
	return m.send(p.layer, t)
}

func (p *prompt) typed(m *Model) tea.Cmd {
	p.check()
	return m.send(p.layer, pane.Typed{Slot: p.ask.Slot, Text: p.input.String()})
}

func (p *prompt) recall(m *Model, by int) tea.Cmd {
	to := p.back + by
	if to < 0 || to > len(p.history) {
		return nil
	}
	p.back = to
	if to == 0 {
		p.input.Set("")
	} else {
		p.input.Set(p.history[len(p.history)-to])
	}
	return p.typed(m)
}

func (p *prompt) paste(m *Model, text string) tea.Cmd {
	p.input.Insert(strings.TrimRight(text, "\r\n"))
	return p.typed(m)
}

// check marks what is wrong with the text. Parsers count bytes, the line counts runes.
func (p *prompt) check() {
	p.input.Bad = ""
	text := p.input.String()
	if p.ask.Mark == nil || text == "" {
		return
	}
	pos, length, problem := p.ask.Mark(text)
	p.input.Bad = problem
	runes := func(bytes int) int { return utf8.RuneCountInString(text[:max(0, min(bytes, len(text)))]) }
	p.input.From, p.input.To = runes(pos), max(runes(pos)+1, runes(pos+length))
	if pos < 0 {
		p.input.From, p.input.To = 0, 0
	}
}

// lines are the input, and below it what is wrong.
func (p *prompt) lines(look widget.Look, w int) []string {
	if p.input.Bad == "" {
		return p.input.Lines(look, w, 1)
	}
	return p.input.Lines(look, w, 2)
}

// hints are the keys of the line.
func (p *prompt) hints() []widget.Hint {
	out := []widget.Hint{{ID: "enter", Key: "enter", Label: "keep"}, {ID: "esc", Key: "esc", Label: "cancel", Keep: true}}
	if len(p.history) > 0 {
		out = append(out, widget.Hint{ID: "up", Key: "up", Label: "earlier"})
	}
	return out
}
