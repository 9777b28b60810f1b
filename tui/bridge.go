package tui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"pace/store"
	"pace/tui/pane"
)

// How often what became stale may move the screen: a hand on the keys comes first, and a slow line pays by
// the byte.
const (
	pause       = 100 * time.Millisecond
	pauseRemote = 500 * time.Millisecond
)

// noticeMsg says what became stale.
type noticeMsg store.Change

// listen waits for the next notice. It is started again by the notice it brings, so there is only ever one;
// without the focus it rests until the focus is back.
func (m *Model) listen() tea.Cmd {
	if m.head.listening || m.asleep || m.opt.Engine.Notices == nil {
		return nil
	}
	m.head.listening = true
	notices, wait := m.opt.Engine.Notices, pause
	if m.opt.Term.Remote {
		wait = pauseRemote
	}
	last := m.head.heard
	return m.work.run(func(ctx context.Context) tea.Msg {
		select {
		case <-ctx.Done():
			return nil
		case <-notices.Wake():
		}
		if rest := wait - time.Since(last); rest > 0 {
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(rest):
			}
		}
		return noticeMsg(notices.Take())
	})
}

// noticed has the seen layer reload what changed and marks the others.
func (m *Model) noticed(n noticeMsg) tea.Cmd {
	m.head.listening, m.head.heard = false, m.opt.Now()
	m.look.now = m.head.heard
	ch := store.Change(n)
	cmds := []tea.Cmd{m.listen()}
	if ch.Empty() {
		m.draw.dirty = m.draw.was
		return tea.Batch(cmds...)
	}
	for i := range m.screens {
		for _, l := range m.screens[i].stack {
			if l == m.top() && l.started {
				cmds = append(cmds, m.send(l, pane.Changed{Change: ch}))
			} else if l.started {
				l.stale = l.stale.Merge(ch)
			}
		}
	}
	if ch.AnyRun() || ch.Sources {
		cmds = append(cmds, m.loadStatus())
	}
	return tea.Batch(append(cmds, m.tick())...)
}

// head is what the header shows beside the breadcrumb.
type head struct {
	status    Status
	loading   bool
	again     bool
	listening bool
	heard     time.Time
}

type statusMsg struct {
	status Status
	err    error
}

func (m *Model) loadStatus() tea.Cmd {
	if m.opt.Facts.Status == nil {
		return nil
	}
	if m.head.loading {
		m.head.again = true
		return nil
	}
	m.head.loading = true
	load, src := m.opt.Facts.Status, m.source()
	return m.work.run(func(ctx context.Context) tea.Msg {
		s, err := load(ctx, src)
		return statusMsg{s, err}
	})
}

func (s statusMsg) apply(m *Model) tea.Cmd {
	m.head.loading = false
	if s.err == nil {
		m.head.status = s.status
	}
	if m.head.again {
		m.head.again = false
		return m.loadStatus()
	}
	return nil
}

// Notice is the message that a change brings, for drivers without a feed.
func Notice(ch store.Change) tea.Msg { return noticeMsg(ch) }
