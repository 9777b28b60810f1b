package tui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"pace/store"
	"pace/tui/pane"
)

// answerMsg is the answer to a Load or an Ask, addressed to its layer and numbered.
type answerMsg struct {
	layer, gen int
	slot       string
	value      any
	err        error
}

// perform carries out the effects of one layer in order.
func (m *Model) perform(l *layer, effects []pane.Effect) tea.Cmd {
	var cmds []tea.Cmd
	for _, e := range effects {
		if cmd := m.effect(l, e); cmd != nil {
			cmds = append(cmds, cmd)
		}
	}
	return tea.Batch(cmds...)
}

func (m *Model) effect(l *layer, e pane.Effect) tea.Cmd {
	switch e := e.(type) {
	case pane.Load:
		src := m.source()
		wait := m.opt.Rest
		return m.start(l, e.Slot, func(ctx context.Context) (any, error) {
			if e.Rest > 0 {
				if err := wait(ctx, e.Rest); err != nil {
					return nil, err
				}
			}
			return e.Run(ctx, src)
		})
	case pane.Ask:
		return m.start(l, e.Slot, func(ctx context.Context) (any, error) { return m.opt.Engine.Ask(ctx, e.Request) })
	case pane.Do:
		return m.do(e)
	case pane.Push:
		return m.push(e.Layer)
	case pane.Pop:
		return m.pop()
	case pane.Go:
		return m.goTo(e.Screen, e.Layer)
	default:
		return m.surface(l, e)
	}
}

// surface carries out the effects that are seen at once.
func (m *Model) surface(l *layer, e pane.Effect) tea.Cmd {
	switch e := e.(type) {
	case pane.Prompt:
		m.over = newPrompt(l, e, m.said.history[e.History])
	case pane.Menu:
		m.over = newMenu(l, e)
	case pane.Copy:
		return m.copy(e)
	case pane.OpenPath:
		return m.openPath(e.Path)
	case pane.Toast:
		return m.toast(e.Level, e.Text, e.Hint)
	case pane.Ran:
		m.said.ran(e.Line, m.look.now)
	case pane.Jump:
		return m.jump(e.Ref)
	}
	return nil
}

func (m *Model) source() pane.Source {
	p := m.opt.Project
	return pane.Source{
		Reader: m.opt.Reader, Root: p.Root, Now: m.opt.Now(), Zone: m.opt.Zone, Actor: p.Actor,
		PrimaryMetric: p.PrimaryMetric, PrimaryDirection: p.PrimaryDirection, Seen: p.Seen,
	}
}

// start runs a load away from the screen. A newer load of the same slot cancels it and drops its answer.
func (m *Model) start(l *layer, name string, run func(context.Context) (any, error)) tea.Cmd {
	s := l.slots[name]
	if s == nil {
		s = &slot{}
		l.slots[name] = s
	}
	if s.stop != nil {
		s.stop()
	}
	ctx, stop := context.WithCancel(m.work.ctx)
	s.gen++
	s.stop = stop
	id, gen := l.id, s.gen
	return m.work.run(func(context.Context) tea.Msg {
		v, err := run(ctx)
		return answerMsg{layer: id, gen: gen, slot: name, value: v, err: err}
	})
}

func (m *Model) answered(a answerMsg) tea.Cmd {
	l := m.find(a.layer)
	if l == nil || l.slots[a.slot] == nil || l.slots[a.slot].gen != a.gen {
		m.draw.dirty = m.draw.was
		return nil
	}
	if s := l.slots[a.slot]; s.stop != nil {
		s.stop()
		s.stop = nil
	}
	if errors.Is(a.err, context.Canceled) {
		m.draw.dirty = m.draw.was
		return nil
	}
	cmd := m.send(l, pane.Loaded{Slot: a.slot, Value: a.value, Err: a.err})
	if a.err != nil {
		return tea.Batch(cmd, m.fail(a.err))
	}
	return tea.Batch(cmd, m.tick())
}

// saidMsg comes when the engine has kept what a person said, or could not.
type saidMsg struct {
	said string
	err  error
}

func (s saidMsg) apply(m *Model) tea.Cmd {
	if s.err != nil {
		return m.fail(s.err)
	}
	if s.said == "" {
		return nil
	}
	return m.toast("ok", s.said, "")
}

func (m *Model) do(d pane.Do) tea.Cmd {
	do := m.opt.Engine.Do
	return m.work.run(func(ctx context.Context) tea.Msg {
		for _, e := range d.Edits {
			if _, err := do(ctx, e); err != nil {
				return saidMsg{err: err}
			}
		}
		return saidMsg{said: d.Said}
	})
}

// rewind undoes or redoes what this actor said last.
func (m *Model) rewind(kind store.EditKind, said string) tea.Cmd {
	return m.do(pane.Do{Edits: []store.Edit{{Kind: kind, Actor: m.opt.Project.Actor}}, Said: said})
}

// tickMsg moves the clock of a live pane.
type tickMsg time.Time

func (t tickMsg) apply(m *Model) tea.Cmd {
	m.look.ticking = false
	m.look.now = m.opt.Now()
	live, ok := m.top().pane.(pane.Living)
	if !ok || !live.Live() {
		m.draw.dirty = m.draw.was
		return nil
	}
	return tea.Batch(m.send(m.top(), pane.Ticked{Now: m.look.now}), m.tick())
}

// tick starts the one clock if the pane shows something that moves by itself, and nobody has started it.
func (m *Model) tick() tea.Cmd {
	live, ok := m.top().pane.(pane.Living)
	if !ok || !live.Live() || m.look.ticking || m.asleep {
		return nil
	}
	m.look.ticking = true
	return m.opt.Tick(time.Second, func(t time.Time) tea.Msg { return tickMsg(t) })
}

// rest waits until the time is over or the context ends.
func rest(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
