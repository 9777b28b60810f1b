package tui_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"pace/store"
	"pace/themes"
	"pace/tui"
	"pace/tui/pane"
	"pace/tui/tuitest"
)

// copier is a page whose copy is one text.
type copier struct {
	page
	text string
}

func (c *copier) Verbs() []pane.Verb {
	return []pane.Verb{{ID: "copy", Run: func() []pane.Effect { return []pane.Effect{pane.Copy{What: "run id", Text: c.text}} }}}
}

func copying(t *testing.T, text, how string, env ...string) *tuitest.Driver {
	t.Helper()
	var edits []store.Edit
	o := options(&edits)
	o.Set.Clipboard = how
	o.Term.Env = env
	o.Screens[0].New = func() pane.Pane { return &copier{page{title: "first"}, text} }
	d := tuitest.New(t, o, 80, 24)
	d.Keys("y")
	return d
}

func TestACopySaysByWhichPathItWent(t *testing.T) {
	copying(t, "abc", "auto", "SSH_TTY=/dev/pts/1").MustSee("copied run id (OSC 52)")
	copying(t, "abc", "osc52").MustSee("copied run id (OSC 52)")
	copying(t, "abc", "off").MustSee("the clipboard is switched off in the settings")
	copying(t, strings.Repeat("x", 60_000), "osc52").MustSee("60000 bytes are more than a terminal takes")
}

func TestACopyInTmuxGoesThroughTmux(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no tmux there")
	}
	dir := t.TempDir()
	fake := "#!/bin/sh\necho \"$@\" > " + dir + "/args\ncat > " + dir + "/text\n"
	if err := os.WriteFile(filepath.Join(dir, "tmux"), []byte(fake), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	copying(t, "one\ntwo", "auto", "TMUX=/tmp/x,1,0", "SSH_TTY=/dev/pts/1").MustSee("copied run id (tmux)")
	args, _ := os.ReadFile(filepath.Join(dir, "args"))
	text, _ := os.ReadFile(filepath.Join(dir, "text"))
	if string(args) != "load-buffer -w -\n" || string(text) != "one\ntwo" {
		t.Errorf("tmux %q got %q", args, text)
	}
}

// breaking panics when it is told to.
type breaking struct{ page }

func (b *breaking) Verbs() []pane.Verb {
	return []pane.Verb{{ID: "note", Run: func() []pane.Effect { panic("a bug") }}}
}

// sink is a terminal's other end.
type sink struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write takes what the program sends.
func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *sink) has(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(s.b.String(), text)
}

func TestAPanicRestoresTheTerminalAndIsKept(t *testing.T) {
	if testing.Short() {
		t.Skip("prints the panic")
	}
	var edits []store.Edit
	o := options(&edits)
	o.Screens[0].New = func() pane.Pane { return &breaking{page{title: "first"}} }
	var kept any
	o.Crashed = func(what any) { kept = what }
	left := false
	o.Facts.Left = func(context.Context) error { left = true; return nil }
	out := &sink{}
	in, keys := io.Pipe()
	o.Term = tui.Terminal{In: in, Out: out, Env: []string{"TERM=xterm"}, Profile: themes.Profile256}
	go func() {
		// The key comes when the alternate screen stands, or it could not be seen to go.
		for !out.has("\x1b[?1049h") {
			time.Sleep(5 * time.Millisecond)
		}
		_, _ = keys.Write([]byte("e"))
	}()
	stderr := os.Stderr
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		os.Stderr = null
		defer func() { os.Stderr = stderr; _ = null.Close() }()
	}
	err := tui.Run(t.Context(), o)
	if !errors.Is(err, tui.ErrBroke) || kept != "a bug" || !left {
		t.Errorf("error %v, kept %v, left %v", err, kept, left)
	}
	if !out.has("\x1b[?1049l") {
		t.Error("the alternate screen was not left")
	}
}

// told is a feed that counts how often it was listened to.
type told struct{ wake chan struct{} }

func (f told) Wake() <-chan struct{} { return f.wake }

func (f told) Take() store.Change { return store.Change{All: true} }

func TestWithoutTheFocusNothingIsRead(t *testing.T) {
	var edits []store.Edit
	o := options(&edits)
	first := &page{title: "first"}
	o.Screens[0].New = func() pane.Pane { return first }
	d := tuitest.New(t, o, 80, 24)
	d.Send(tea.BlurMsg{})
	d.Send(tea.FocusMsg{})
	if f := d.View(); f == "" {
		t.Error("the screen is empty")
	}
	feed := told{make(chan struct{}, 1)}
	feed.wake <- struct{}{}
	o.Engine.Notices = feed
	m := tui.New(t.Context(), o)
	m.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	m.Update(tea.BlurMsg{})
	if _, cmd := m.Update(tui.Notice(store.Change{})); cmd != nil && cmd() != nil {
		t.Error("an unfocused screen listens for changes")
	}
	if _, cmd := m.Update(tea.FocusMsg{}); cmd == nil {
		t.Error("a focused screen does not listen again")
	}
}
