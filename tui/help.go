package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"pace/tui/pane"
	"pace/tui/widget"
)

// newHelp is the list of everything that can be done here, searchable, each row runnable.
func newHelp(m *Model) *palette {
	var all []entry
	for _, v := range m.verbs() {
		e := m.verbEntry(v)
		e.Text, e.Detail, e.Note, e.words = v.Long, "", labels(v.Keys), nil
		all = append(all, e)
	}
	for _, v := range pane.RootVerbs() {
		id := v.ID
		all = append(all, entry{
			Item: widget.Item{Text: v.Long, Note: labels(m.keys.of(v))},
			run:  func(m *Model) tea.Cmd { return m.rootVerb(id) },
		})
	}
	for i := range m.screens {
		s := m.screens[i].spec
		all = append(all, entry{
			Item: widget.Item{Text: "go to " + s.Title, Note: s.Key},
			run:  func(m *Model) tea.Cmd { return m.goTo(s.ID, nil) },
		})
	}
	return newPalette("help", all)
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
	title string
	text  string
	prose widget.Prose
}

func newLog(title string, lines []string, empty string) *logView {
	l := &logView{title: title, text: strings.Join(lines, "\n")}
	l.prose.Text = l.text
	if len(lines) == 0 {
		l.prose.Text = empty
	}
	return l
}

func (l *logView) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "esc", "q":
		m.over = nil
	case "j", "down":
		l.prose.Top++
	case "k", "up":
		l.prose.Top--
	case "pgdown", "ctrl+d":
		l.prose.Top += 10
	case "pgup", "ctrl+u":
		l.prose.Top -= 10
	case "g", "home":
		l.prose.Top = 0
	case "G", "end":
		l.prose.Top = strings.Count(l.prose.Text, "\n")
	case "y":
		return m.copy(pane.Copy{What: l.title, Text: l.text})
	}
	return nil
}

func (l *logView) box(m *Model, w, h int) ([]string, int, int) {
	look, width := m.view(), min(w, 110)
	height := min(h, l.prose.Rows(width-4)+2)
	lines := l.prose.Lines(look, width-4, height-2)
	for i := range lines {
		lines[i] = " " + lines[i] + " "
	}
	box := widget.Box{Title: l.title, Foot: "j k scroll   y copy   esc close", Lines: lines, Focus: true}
	return look.Box(box, width, height), (m.look.w - width) / 2, 1
}
