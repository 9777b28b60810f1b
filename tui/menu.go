package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"pace/themes"
	"pace/tui/pane"
	"pace/tui/widget"
)

// menu is a list to choose from; typing narrows it, a key that an item names chooses it.
type menu struct {
	edit
	layer  *layer
	ask    pane.Menu
	on     map[string]bool
	shown  []int // indices of items that match
	cursor int
	first  int
}

func newMenu(l *layer, ask pane.Menu) *menu {
	mn := &menu{layer: l, ask: ask, on: map[string]bool{}}
	for _, it := range ask.Items {
		mn.on[it.ID] = it.On
	}
	mn.narrow()
	return mn
}

func (mn *menu) narrow() {
	mn.shown = mn.shown[:0]
	for i, it := range mn.ask.Items {
		if matches(it.Label+" "+it.Detail, string(mn.text)) {
			mn.shown = append(mn.shown, i)
		}
	}
	mn.cursor = max(0, min(mn.cursor, len(mn.shown)-1))
}

// matches says whether every word of the query is in the text, whatever the case.
func matches(text, query string) bool {
	text = strings.ToLower(text)
	for _, word := range strings.Fields(strings.ToLower(query)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func (mn *menu) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	name := k.String()
	switch name {
	case "esc":
		m.over = nil
		return m.send(mn.layer, pane.Chose{Slot: mn.ask.Slot, Cancelled: true})
	case "enter":
		return mn.choose(m)
	case "up", "ctrl+p":
		mn.cursor = max(0, mn.cursor-1)
		return nil
	case "down", "ctrl+n":
		mn.cursor = max(0, min(len(mn.shown)-1, mn.cursor+1))
		return nil
	case "space":
		if mn.ask.Multi {
			mn.toggle()
			return nil
		}
	}
	if len(mn.text) == 0 && !mn.ask.Multi {
		for i, at := range mn.shown {
			if mn.ask.Items[at].Key == name {
				mn.cursor = i
				return mn.choose(m)
			}
		}
	}
	if mn.edit.key(k) {
		mn.narrow()
	}
	return nil
}

func (mn *menu) toggle() {
	if len(mn.shown) == 0 {
		return
	}
	it := mn.ask.Items[mn.shown[mn.cursor]]
	mn.on[it.ID] = !mn.on[it.ID]
	mn.cursor = min(len(mn.shown)-1, mn.cursor+1)
}

func (mn *menu) choose(m *Model) tea.Cmd {
	var ids []string
	if mn.ask.Multi {
		for _, it := range mn.ask.Items {
			if mn.on[it.ID] {
				ids = append(ids, it.ID)
			}
		}
	} else {
		if len(mn.shown) == 0 {
			return nil
		}
		it := mn.ask.Items[mn.shown[mn.cursor]]
		if it.Off != "" {
			return m.toast("info", it.Off, "")
		}
		ids = []string{it.ID}
	}
	m.over = nil
	return m.send(mn.layer, pane.Chose{Slot: mn.ask.Slot, IDs: ids})
}

func (mn *menu) click(m *Model, x, y int) tea.Cmd {
	i := mn.first + y - 2
	if y < 2 || i < 0 || i >= len(mn.shown) {
		return nil
	}
	mn.cursor = i
	if mn.ask.Multi {
		mn.toggle()
		return nil
	}
	return mn.choose(m)
}

func (mn *menu) box(m *Model, w, h int) ([]string, int, int) {
	look := m.view()
	rows := make([]row, 0, len(mn.shown))
	for _, i := range mn.shown {
		it := mn.ask.Items[i]
		mark := ""
		if mn.ask.Multi {
			mark = "[ ] "
			if mn.on[it.ID] {
				mark = "[x] "
			}
		}
		rows = append(rows, row{mark: mark, label: it.Label, detail: it.Detail, key: it.Key, off: it.Off})
	}
	foot := "enter choose   esc close"
	if mn.ask.Multi {
		foot = "space mark   enter done   esc close"
	}
	width := listWidth(mn.ask.Title, rows, w)
	l := list{title: mn.ask.Title, query: string(mn.text), rows: rows, cursor: mn.cursor, foot: foot}
	lines := l.draw(look, width, min(h, len(rows)+4), &mn.first)
	return lines, (m.look.w - width) / 2, max(1, (m.look.h-len(lines))/3)
}

// row is one line of a list overlay.
type row struct{ mark, label, detail, key, off string }

// list draws a titled box of rows with a query line; menu, palette and help are lists.
type list struct {
	title, query, foot string
	rows               []row
	cursor             int
}

func listWidth(title string, rows []row, limit int) int {
	w := widget.Width(title) + 8
	for _, r := range rows {
		w = max(w, widget.Width(r.mark)+widget.Width(r.label)+widget.Width(r.detail)+widget.Width(r.key)+10)
	}
	return max(min(w, limit, 96), min(limit, 44))
}

// draw returns the box in exactly h lines; first is the row at its top and is moved so that the cursor is
// seen.
func (l list) draw(look widget.Look, w, h int, first *int) []string {
	g := look.Glyphs.Rules
	out := make([]string, 0, h)
	top := look.NewLine(w)
	top.Put(themes.Focus, g.TopLeft+g.Across+" ").Put(themes.Header, l.title).Gap(1)
	top.Rule(themes.Focus, top.Room()-1).Put(themes.Focus, g.TopRight)
	out = append(out, top.String())
	q := look.NewLine(w)
	q.Put(themes.Focus, g.Upright).Gap(1)
	if l.query == "" {
		q.Put(themes.Dim, "type to search")
	} else {
		q.Put(themes.Accent, l.query)
	}
	out = append(out, framed(q, g.Upright))
	room := max(0, h-3)
	*first = max(0, min(*first, l.cursor, len(l.rows)-1))
	if l.cursor >= *first+room {
		*first = l.cursor - room + 1
	}
	for i := *first; i < *first+room; i++ {
		n := look.NewLine(w)
		n.Put(themes.Focus, g.Upright)
		if i < len(l.rows) {
			l.row(n, l.rows[i], i == l.cursor, look)
		}
		out = append(out, framed(n, g.Upright))
	}
	bottom := look.NewLine(w)
	bottom.Put(themes.Focus, g.BottomLeft+g.Across+" ").Put(themes.Dim, l.foot).Gap(1)
	bottom.Rule(themes.Focus, bottom.Room()-1).Put(themes.Focus, g.BottomRight)
	return append(out, bottom.String())
}

func (l list) row(n *widget.Line, r row, here bool, look widget.Look) {
	role, cursor := themes.Fg, "  "
	if here {
		role, cursor = themes.Strong, look.Glyphs.Text.Cursor+" "
	}
	if r.off != "" {
		role = themes.Dim
	}
	detail := r.detail
	if r.off != "" {
		detail = r.off
	}
	key := widget.Width(r.key)
	n.Put(themes.Accent, cursor).Put(role, r.mark+look.Fit(widget.Clean(r.label), max(0, n.Room()-key-4))).Gap(2)
	n.Put(themes.Dim, look.Fit(widget.Clean(detail), max(0, n.Room()-key-3)))
	if key > 0 {
		n.Gap(n.Room()-key-2).Put(themes.Key, r.key)
	}
}

func framed(n *widget.Line, edge string) string {
	n.Gap(n.Room()-1).Put(themes.Focus, edge)
	return n.String()
}
