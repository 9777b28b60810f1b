package tui

import (
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"pace/themes"
	"pace/tui/pane"
	"pace/tui/widget"
)

// edit is a line of text with a caret.
type edit struct {
	text []rune
	at   int
}

// key changes the line and says whether the key meant anything to it.
func (e *edit) key(k tea.KeyPressMsg) bool {
	switch k.String() {
	case "left", "ctrl+b":
		e.at = max(0, e.at-1)
	case "right", "ctrl+f":
		e.at = min(len(e.text), e.at+1)
	case "home", "ctrl+a":
		e.at = 0
	case "end", "ctrl+e":
		e.at = len(e.text)
	case "backspace", "ctrl+h":
		e.cut(e.at-1, e.at)
	case "delete", "ctrl+d":
		e.cut(e.at, e.at+1)
	case "ctrl+w":
		e.cut(e.wordStart(), e.at)
	case "ctrl+u":
		e.cut(0, e.at)
	case "ctrl+k":
		e.cut(e.at, len(e.text))
	default:
		text := k.Key().Text
		if text == "" {
			return false
		}
		e.insert(text)
	}
	return true
}

func (e *edit) insert(text string) {
	add := []rune(widget.Clean(text))
	e.text = append(e.text[:e.at], append(add, e.text[e.at:]...)...)
	e.at += len(add)
}

func (e *edit) cut(from, to int) {
	from, to = max(from, 0), min(to, len(e.text))
	if from >= to {
		return
	}
	e.text = append(e.text[:from], e.text[to:]...)
	if e.at > from {
		e.at = max(from, e.at-(to-from))
	}
}

func (e *edit) wordStart() int {
	i := e.at
	for i > 0 && unicode.IsSpace(e.text[i-1]) {
		i--
	}
	for i > 0 && !unicode.IsSpace(e.text[i-1]) {
		i--
	}
	return i
}

func (e *edit) set(text string) { e.text = []rune(text); e.at = len(e.text) }

// prompt is the input line that a pane asked for.
type prompt struct {
	edit
	layer   *layer
	ask     pane.Prompt
	history []string
	back    int // how far up the history it is
}

func newPrompt(l *layer, ask pane.Prompt, history []string) *prompt {
	p := &prompt{layer: l, ask: ask, history: history}
	p.set(ask.Text)
	return p
}

func (p *prompt) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "esc":
		return p.end(m, pane.Typed{Slot: p.ask.Slot, Text: string(p.text), Cancelled: true})
	case "enter":
		m.said.remember(p.ask.History, string(p.text))
		return p.end(m, pane.Typed{Slot: p.ask.Slot, Text: string(p.text), Done: true})
	case "up":
		return p.recall(m, 1)
	case "down":
		return p.recall(m, -1)
	}
	if !p.edit.key(k) {
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
	return m.send(p.layer, pane.Typed{Slot: p.ask.Slot, Text: string(p.text)})
}

func (p *prompt) recall(m *Model, by int) tea.Cmd {
	to := p.back + by
	if to < 0 || to > len(p.history) {
		return nil
	}
	p.back = to
	if to == 0 {
		p.set("")
	} else {
		p.set(p.history[len(p.history)-to])
	}
	return p.typed(m)
}

func (p *prompt) paste(m *Model, text string) tea.Cmd {
	p.insert(strings.TrimRight(text, "\r\n"))
	return p.typed(m)
}

func (p *prompt) rows() int {
	if _, _, problem := p.check(); problem != "" {
		return 2
	}
	return 1
}

func (p *prompt) check() (pos, length int, problem string) {
	if p.ask.Mark == nil || len(p.text) == 0 {
		return -1, 0, ""
	}
	return p.ask.Mark(string(p.text))
}

// lines draws the input, and above it what is wrong with a caret under the place.
func (p *prompt) lines(m *Model, w int) ([]string, int) {
	look := m.view()
	pos, length, problem := p.check()
	n := look.NewLine(w)
	n.Gap(1).Put(themes.Accent, p.ask.Label).Gap(1)
	start := w - n.Room()
	from := p.scroll(w - start - 1)
	for i := from; i < len(p.text); i++ {
		role := themes.Fg
		// Positions of a problem are in bytes, as parsers count.
		if b := len(string(p.text[:i])); problem != "" && pos >= 0 && b >= pos && b < pos+max(length, 1) {
			role = themes.Bad
		}
		n.Put(role, string(p.text[i]))
	}
	if len(p.text) == 0 {
		n.Put(themes.Dim, p.ask.Hint)
	}
	caret := start + widget.Width(string(p.text[from:p.at]))
	if problem == "" {
		return []string{n.String()}, caret
	}
	e := look.NewLine(w)
	if col := start; pos >= 0 {
		e.Gap(min(w/2, col+widget.Width(string(p.text[from:max(from, runeIndex(p.text, pos))]))))
		e.Put(themes.Err, "^ "+problem)
	} else {
		e.Gap(1).Put(themes.Err, problem)
	}
	return []string{e.String(), n.String()}, caret
}

func runeIndex(text []rune, pos int) int {
	b := 0
	for i, r := range text {
		if b >= pos {
			return i
		}
		b += len(string(r))
	}
	return len(text)
}

// scroll is the first rune that is seen so that the caret is.
func (p *prompt) scroll(room int) int {
	from := 0
	for from < p.at && widget.Width(string(p.text[from:p.at])) > room {
		from++
	}
	return from
}
