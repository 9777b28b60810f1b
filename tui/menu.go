package tui

import (
	tea "charm.land/bubbletea/v2"

	"pace/tui/pane"
	"pace/tui/widget"
)

// menu is a list to choose from; typing narrows it, a key that an item names chooses it.
type menu struct {
	chooser
	layer *layer
	ask   pane.Menu
	on    map[string]bool
}

func newMenu(l *layer, ask pane.Menu) *menu {
	mn := &menu{layer: l, ask: ask, on: map[string]bool{}}
	mn.title, mn.foot = ask.Title, "enter choose   esc close"
	if ask.Multi {
		mn.foot = "space mark   enter done   esc close"
	}
	for _, it := range ask.Items {
		mn.on[it.ID] = it.On
	}
	mn.fill()
	return mn
}

// fill lists the items as they are marked now.
func (mn *menu) fill() {
	items := make([]widget.Item, len(mn.ask.Items))
	for i, it := range mn.ask.Items {
		items[i] = widget.Item{Text: it.Label, Detail: it.Detail, Note: it.Key, Off: it.Off}
		if mn.ask.Multi {
			mark := "[ ] "
			if mn.on[it.ID] {
				mark = "[x] "
			}
			items[i].Text = mark + it.Label
		}
	}
	mn.narrow(items)
}

func (mn *menu) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	name := k.String()
	switch {
	case name == "esc":
		m.over = nil
		return m.send(mn.layer, pane.Chose{Slot: mn.ask.Slot, Cancelled: true})
	case name == "enter":
		return mn.choose(m)
	case name == "space" && mn.ask.Multi:
		mn.toggle()
		return nil
	case mn.move(name):
		return nil
	}
	if len(mn.input.Value) == 0 && !mn.ask.Multi {
		for row, at := range mn.shown {
			if mn.ask.Items[at].Key == name {
				mn.list.Row = row
				return mn.choose(m)
			}
		}
	}
	if typeKey(&mn.input, k) {
		mn.list.Row = 0
		mn.fill()
	}
	return nil
}

func (mn *menu) paste(_ *Model, text string) tea.Cmd {
	mn.input.Insert(text)
	mn.fill()
	return nil
}

func (mn *menu) toggle() {
	if at := mn.current(); at >= 0 {
		id := mn.ask.Items[at].ID
		mn.on[id] = !mn.on[id]
		mn.list.Move(1)
		mn.fill()
	}
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
		at := mn.current()
		if at < 0 {
			return nil
		}
		it := mn.ask.Items[at]
		if it.Off != "" {
			return m.toast("info", it.Off, "")
		}
		ids = []string{it.ID}
	}
	m.over = nil
	return m.send(mn.layer, pane.Chose{Slot: mn.ask.Slot, IDs: ids})
}

func (mn *menu) click(m *Model, _, y int) tea.Cmd {
	if mn.at(y) < 0 {
		return nil
	}
	if mn.ask.Multi {
		mn.toggle()
		return nil
	}
	return mn.choose(m)
}

func (mn *menu) box(m *Model, w, h int) ([]string, int, int) {
	width := mn.width(w)
	lines := mn.lines(m.view(), width, h)
	return lines, (m.look.w - width) / 2, max(1, (m.look.h-len(lines))/3)
}
