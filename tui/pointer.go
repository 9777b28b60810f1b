package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"pace/tui/pane"
	"pace/tui/widget"
)

// doubleClick is the longest time between the two clicks of a double click.
const doubleClick = 400 * time.Millisecond

// mice is what the mouse did last.
type mice struct {
	last      clicked
	lastWheel time.Time
}

// pointer routes the mouse: the footer's words are keys, the wheel moves, a click points.
func (m *Model) pointer(msg tea.MouseMsg) tea.Cmd {
	at := msg.Mouse()
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		return m.wheel(msg)
	case tea.MouseClickMsg:
		if at.Button != tea.MouseLeft {
			break
		}
		return m.click(at.X, at.Y)
	}
	m.draw.dirty = m.draw.was
	return nil
}

func (m *Model) wheel(msg tea.MouseWheelMsg) tea.Cmd {
	motion := pane.Down
	if msg.Button == tea.MouseWheelUp {
		motion = pane.Up
	}
	if m.over != nil {
		return nil
	}
	return m.send(m.top(), pane.Moved{Motion: motion, Count: 3})
}

func (m *Model) click(x, y int) tea.Cmd {
	m.said.drop()
	if m.over != nil {
		return m.clickOver(x, y)
	}
	if y == m.look.h-1 {
		return m.clickFoot(widget.ZoneAt(m.draw.zones, x))
	}
	if y == 0 {
		return m.back()
	}
	now := m.opt.Now()
	double := m.last.x == x && m.last.y == y && now.Sub(m.last.at) < doubleClick
	m.last = clicked{x, y, now}
	return m.send(m.top(), pane.Clicked{X: x, Y: y - 1, Double: double})
}

// clickFoot does what the footer's word stands for.
func (m *Model) clickFoot(id string) tea.Cmd {
	for _, v := range m.verbs() {
		if v.ID == id {
			return m.run(v)
		}
	}
	return m.rootVerb(id)
}

type clicked struct {
	x, y int
	at   time.Time
}

func (m *Model) clickOver(x, y int) tea.Cmd {
	c, ok := m.over.(clicker)
	b, box := m.over.(boxOverlay)
	if !ok || !box {
		return nil
	}
	lines, bx, by := b.box(m, m.look.w-4, m.look.h-3)
	if y < by || y >= by+len(lines) || x < bx {
		m.over = nil
		return nil
	}
	return c.click(m, x-bx, y-by)
}

// coalesceWheel drops wheel events that come faster than the screen is drawn.
func (m *Model) coalesceWheel(_ tea.Model, msg tea.Msg) tea.Msg {
	switch msg.(type) {
	case tea.MouseWheelMsg, tea.MouseMotionMsg:
		now := time.Now()
		if now.Sub(m.lastWheel) < 16*time.Millisecond {
			return nil
		}
		m.lastWheel = now
	}
	return msg
}
