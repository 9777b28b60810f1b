package tui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"pace/store"
	"pace/tui/pane"
)

// nav is where a person is: the screens, each with its stack of layers.
type nav struct {
	screens []screen
	at      int // the screen that is seen
	before  int // the screen that was seen before
	nextID  int
}

type screen struct {
	spec  pane.Spec
	stack []*layer
	zoom  int
}

// layer is one pane with its loads: the newest of each slot counts, older answers are dropped.
type layer struct {
	id      int
	pane    pane.Pane
	started bool
	stale   store.Change // what changed while it was not seen
	slots   map[string]*slot
}

type slot struct {
	gen  int
	stop context.CancelFunc
}

func (n *nav) open(specs []pane.Spec) {
	for _, s := range specs {
		n.screens = append(n.screens, screen{spec: s, stack: []*layer{n.layer(s.New())}})
	}
}

func (n *nav) layer(p pane.Pane) *layer {
	n.nextID++
	return &layer{id: n.nextID, pane: p, slots: map[string]*slot{}}
}

func (n *nav) screen() *screen { return &n.screens[n.at] }

func (n *nav) top() *layer { s := n.screen(); return s.stack[len(s.stack)-1] }

func (n *nav) zoom() int { return n.screen().zoom }

// find returns the layer with this id, nil when it was left.
func (n *nav) find(id int) *layer {
	for i := range n.screens {
		for _, l := range n.screens[i].stack {
			if l.id == id {
				return l
			}
		}
	}
	return nil
}

// show tells the top layer that it is seen, and what became stale meanwhile.
func (m *Model) show() tea.Cmd {
	l := m.top()
	f := m.frame()
	if m.look.w == 0 {
		return nil
	}
	cmds := []tea.Cmd{m.tick()}
	if !l.started {
		l.started = true
		return tea.Batch(append(cmds, m.send(l, pane.Started{W: f.W, H: f.H}))...)
	}
	cmds = append(cmds, m.send(l, pane.Resized{W: f.W, H: f.H}), m.send(l, pane.Shown{}))
	if !l.stale.Empty() {
		ch := l.stale
		l.stale = store.Change{}
		cmds = append(cmds, m.send(l, pane.Changed{Change: ch}))
	}
	return tea.Batch(cmds...)
}

// send gives one event to a layer and carries out what it wants.
func (m *Model) send(l *layer, e pane.Event) tea.Cmd { return m.perform(l, l.pane.Update(e)) }

func (m *Model) push(p pane.Pane) tea.Cmd {
	s := m.screen()
	s.stack = append(s.stack, m.nav.layer(p))
	s.zoom = 0
	return m.show()
}

// pop leaves the top layer and cancels its loads. The first layer of a screen stays.
func (m *Model) pop() tea.Cmd {
	s := m.screen()
	if len(s.stack) == 1 {
		return nil
	}
	m.top().cancel()
	s.stack = s.stack[:len(s.stack)-1]
	s.zoom = 0
	return m.show()
}

func (l *layer) cancel() {
	for _, s := range l.slots {
		s.gen++
		if s.stop != nil {
			s.stop()
			s.stop = nil
		}
	}
}

// goTo switches to a screen by its id, and opens a layer there if there is one.
func (m *Model) goTo(id string, p pane.Pane) tea.Cmd {
	for i := range m.screens {
		if m.screens[i].spec.ID != id {
			continue
		}
		if i != m.at {
			m.before, m.at = m.at, i
		}
		if p != nil {
			return m.push(p)
		}
		return m.show()
	}
	return m.toast("warn", "no screen "+id, "")
}

// jump opens what a reference names on the screen that knows it.
func (m *Model) jump(ref string) tea.Cmd {
	for i := range m.screens {
		if open := m.screens[i].spec.Open; open != nil {
			if p := open(ref); p != nil {
				return m.goTo(m.screens[i].spec.ID, p)
			}
		}
	}
	return m.toast("warn", "nothing here opens "+ref, "")
}

// back steps out of exactly one layer: overlay, then what the pane has open, then the layer. It never quits.
func (m *Model) back() tea.Cmd {
	if l, ok := m.top().pane.(pane.Leaver); ok && l.Leave() {
		return m.send(m.top(), pane.Shown{})
	}
	if m.screen().zoom != 0 {
		return m.setZoom(0)
	}
	return m.pop()
}

func (m *Model) setZoom(z int) tea.Cmd {
	m.screen().zoom = max(-1, min(1, z))
	f := m.frame()
	return m.send(m.top(), pane.Resized{W: f.W, H: f.H})
}
