package tui

import (
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"
)

// The most that is kept of what was said: a night of errors must not fill the memory.
const (
	maxErrors  = 200
	maxLines   = 500
	maxHistory = 200
)

// said is what the workbench told the person: the toast that is seen, the errors, and the command lines
// that would do what was done.
type said struct {
	now     *message
	failed  []message
	done    []message
	history map[string][]string
	serial  int
}

type message struct {
	level, text, hint string
	at                time.Time
}

func (s *said) toast() (message, bool) {
	if s.now == nil {
		return message{}, false
	}
	return *s.now, true
}

// drop takes the toast away: the person has gone on.
func (s *said) drop() { s.now = nil }

func (s *said) ran(line string, at time.Time) {
	s.done = append(s.done, message{text: line, at: at})
	if len(s.done) > maxLines {
		s.done = s.done[len(s.done)-maxLines:]
	}
}

func (s *said) remember(name, text string) {
	if name == "" || text == "" {
		return
	}
	if s.history == nil {
		s.history = map[string][]string{}
	}
	h := s.history[name]
	if len(h) > 0 && h[len(h)-1] == text {
		return
	}
	h = append(h, text)
	s.history[name] = h[max(0, len(h)-maxHistory):]
}

func (s *said) errors(zone *time.Location) []string {
	var out []string
	for i := len(s.failed) - 1; i >= 0; i-- {
		f := s.failed[i]
		out = append(out, f.at.In(zone).Format("15:04:05")+"  "+f.text)
		if f.hint != "" {
			out = append(out, "          "+f.hint)
		}
	}
	return out
}

func (s *said) lines(zone *time.Location) []string {
	var out []string
	for i := len(s.done) - 1; i >= 0; i-- {
		out = append(out, s.done[i].at.In(zone).Format("15:04:05")+"  "+s.done[i].text)
	}
	return out
}

// toastTime is how long a toast is seen.
const toastTime = 4 * time.Second

type toastGoneMsg int

func (t toastGoneMsg) apply(m *Model) tea.Cmd {
	if int(t) == m.said.serial {
		m.said.drop()
	}
	return nil
}

// toast shows a short message; warnings and errors are kept for the list of errors.
func (m *Model) toast(level, text, hint string) tea.Cmd {
	msg := message{level: level, text: text, hint: hint, at: m.opt.Now()}
	m.said.now = &msg
	m.said.serial++
	if level == "error" || level == "warn" {
		m.said.failed = append(m.said.failed, msg)
		m.said.failed = m.said.failed[max(0, len(m.said.failed)-maxErrors):]
	}
	n := m.said.serial
	return m.opt.Tick(toastTime, func(time.Time) tea.Msg { return toastGoneMsg(n) })
}

// hinter is an error that knows what the person can do.
type hinter interface{ Hint() string }

func (m *Model) fail(err error) tea.Cmd {
	hint := ""
	var h hinter
	if errors.As(err, &h) {
		hint = h.Hint()
	}
	return m.toast("error", err.Error(), hint)
}
