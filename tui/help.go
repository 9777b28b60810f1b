package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"pace/themes"
	"pace/tui/pane"
	"pace/tui/widget"
)

// newHelp is the list of everything that can be done here, searchable, each row runnable.
func newHelp(m *Model) *palette {
	p := &palette{title: "help"}
	for _, v := range m.verbs() {
		e := m.verbEntry(v)
		e.label, e.detail = v.Long, ""
		e.key = labels(v.Keys)
		p.entries = append(p.entries, e)
	}
	for _, v := range pane.RootVerbs() {
		id := v.ID
		p.entries = append(p.entries, entry{
			row: row{label: v.Long, key: labels(m.keys.of(v))},
			run: func(m *Model) tea.Cmd { return m.rootVerb(id) },
		})
	}
	for i := range m.screens {
		s := m.screens[i].spec
		p.entries = append(p.entries, entry{
			row: row{label: "go to " + s.Title, key: s.Key},
			run: func(m *Model) tea.Cmd { return m.goTo(s.ID, nil) },
		})
	}
	p.narrow()
	return p
}

func labels(keys []string) string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = keyLabel(k)
	}
	return strings.Join(out, " ")
}

// logView shows lines of text that can be scrolled and copied: the errors, the commands.
type logView struct {
	title, empty string
	text         []string
	first        int
}

func newLog(title string, text []string, empty string) *logView {
	return &logView{title: title, text: text, empty: empty}
}

func (l *logView) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "esc", "q":
		m.over = nil
	case "j", "down":
		l.first = min(max(0, len(l.text)-1), l.first+1)
	case "k", "up":
		l.first = max(0, l.first-1)
	case "g", "home":
		l.first = 0
	case "G", "end":
		l.first = max(0, len(l.text)-1)
	case "y":
		return m.copy(pane.Copy{What: l.title, Text: strings.Join(l.text, "\n")})
	}
	return nil
}

func (l *logView) box(m *Model, w, h int) ([]string, int, int) {
	look := m.view()
	text := l.text
	if len(text) == 0 {
		text = []string{l.empty}
	}
	width := min(w, 110)
	var rows []string
	for _, t := range text {
		rows = append(rows, wrap(widget.Clean(t), width-4)...)
	}
	l.first = min(l.first, max(0, len(rows)-1))
	height := min(h, len(rows)-l.first+2)
	g := look.Glyphs.Rules
	top := look.NewLine(width)
	top.Put(themes.Focus, g.TopLeft+g.Across+" ").Put(themes.Header, l.title).Gap(1)
	top.Rule(themes.Focus, top.Room()-1).Put(themes.Focus, g.TopRight)
	out := []string{top.String()}
	for i := 0; i < height-2; i++ {
		n := look.NewLine(width)
		n.Put(themes.Focus, g.Upright).Gap(1)
		if at := l.first + i; at < len(rows) {
			n.Put(themes.Fg, rows[at])
		}
		out = append(out, framed(n, g.Upright))
	}
	bottom := look.NewLine(width)
	bottom.Put(themes.Focus, g.BottomLeft+g.Across+" ").Put(themes.Dim, "j k scroll   y copy   esc close").Gap(1)
	bottom.Rule(themes.Focus, bottom.Room()-1).Put(themes.Focus, g.BottomRight)
	return append(out, bottom.String()), (m.look.w - width) / 2, 1
}

// wrap cuts a text into lines of at most w columns, at spaces where it can.
func wrap(text string, w int) []string {
	if w < 1 {
		return nil
	}
	var out []string
	line := ""
	for _, word := range strings.Split(text, " ") {
		for widget.Width(word) > w {
			cut := []rune(word)
			n := min(len(cut), w)
			for n > 1 && widget.Width(string(cut[:n])) > w {
				n--
			}
			if line != "" {
				out, line = append(out, line), ""
			}
			out = append(out, string(cut[:n]))
			word = string(cut[n:])
		}
		switch {
		case line == "":
			line = word
		case widget.Width(line)+1+widget.Width(word) <= w:
			line += " " + word
		default:
			out, line = append(out, line), word
		}
	}
	return append(out, line)
}
