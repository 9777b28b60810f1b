package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"pace/store"
	"pace/themes"
	"pace/tui"
	"pace/tui/tuitest"
)

// wire is the other end of the terminal: it counts what arrives.
type wire struct {
	mu    sync.Mutex
	bytes int
	last  time.Time
}

// Write takes what the program sends.
func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bytes += len(p)
	w.last = time.Now()
	return len(p), nil
}

// quiet waits until nothing has come for a while and returns how much came since the last call.
func (w *wire) quiet(t *testing.T) int {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	start := time.Now()
	for time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
		w.mu.Lock()
		last := w.last
		w.mu.Unlock()
		if last.Before(start) {
			last = start
		}
		if time.Since(last) > 150*time.Millisecond {
			return w.take()
		}
	}
	t.Fatal("the screen never came to rest")
	return 0
}

// take returns how much came since the last call.
func (w *wire) take() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := w.bytes
	w.bytes = 0
	return n
}

// played is the real program on a counted wire.
type played struct {
	*wire
	p *tea.Program
}

// notices is a feed that a test fills.
type notices struct {
	mu   sync.Mutex
	ch   store.Change
	wake chan struct{}
}

// Wake is ready when something became stale.
func (n *notices) Wake() <-chan struct{} { return n.wake }

// Take says what became stale and forgets it.
func (n *notices) Take() store.Change {
	n.mu.Lock()
	defer n.mu.Unlock()
	ch := n.ch
	n.ch = store.Change{}
	return ch
}

// play starts the program on the stage. A cursor that never rests has nothing read for where it stands.
func (s *stage) play(t *testing.T, w, h int, rests bool) *played {
	t.Helper()
	out := &wire{}
	feed := &notices{wake: make(chan struct{}, 1)}
	o := s.screens("ada@example.org", time.UTC)
	o.Engine.Notices = feed
	o.Set = tui.Settings{Theme: "dark", Glyphs: "braille", Mouse: true, Clipboard: "off"}
	if !rests {
		o.Rest = func(context.Context, time.Duration) error { return context.Canceled }
	}
	return launch(t, o, out, w, h)
}

// launch runs the program until the test ends.
func launch(t *testing.T, o tui.Options, out *wire, w, h int) *played {
	t.Helper()
	in, keys := io.Pipe()
	o.Term = tui.Terminal{In: in, Out: out, Env: []string{"TERM=xterm-256color"}, Profile: themes.Profile256}
	ctx, stop := context.WithCancel(context.Background())
	m := tui.New(ctx, o)
	p := tui.Program(ctx, m, o, tea.WithWindowSize(w, h), tea.WithoutSignals())
	done := make(chan error, 1)
	go func() { _, err := p.Run(); done <- err }()
	t.Cleanup(func() {
		p.Quit()
		if err := <-done; err != nil {
			t.Error(err)
		}
		stop()
		_ = keys.Close()
		m.Close()
	})
	return &played{out, p}
}

func (p *played) press(t *testing.T, keys ...string) (bytes int) {
	t.Helper()
	for _, k := range keys {
		p.p.Send(tuitest.Key(k))
		bytes = p.quiet(t)
	}
	return bytes
}

// TestBytes keeps what the screens cost on the line.
func TestBytes(t *testing.T) {
	s := openStage(t)
	t.Run("cold", s.bytesCold)
	t.Run("moves", s.bytesOfMoves)
	t.Run("live", bytesLive)
}

// The budgets in bytes, by size.
var (
	mostCold = []int{3 << 10, 8 << 10, 16 << 10}
	mostMove = []int{150, 250} // of the two larger ones
)

// bytesCold: a screen that is drawn from nothing.
func (s *stage) bytesCold(t *testing.T) {
	for i, size := range sizes {
		p := s.play(t, size[0], size[1], true)
		p.quiet(t)
		for _, screen := range []string{"1", "2", "3"} {
			p.press(t, screen)
			p.p.Send(tea.ClearScreen())
			n := p.quiet(t)
			t.Logf("%dx%d screen %s: %d bytes", size[0], size[1], screen, n)
			if n > mostCold[i] || n == 0 {
				t.Errorf("%dx%d: screen %s costs %d bytes, at most %d", size[0], size[1], screen, n, mostCold[i])
			}
		}
	}
}

// bytesOfMoves: a cursor that moves on costs its row and no more, and a screen at rest costs nothing.
func (s *stage) bytesOfMoves(t *testing.T) {
	for i, size := range sizes[1:] {
		p := s.play(t, size[0], size[1], false)
		p.quiet(t)
		for _, keys := range [][]string{{"1"}, {"2"}, {"enter"}, {"3"}, {"k", "enter"}, {"}"}} {
			p.press(t, keys...)
			n := p.press(t, "j")
			t.Logf("%dx%d: a move after %v: %d bytes", size[0], size[1], keys, n)
			if n > mostMove[i] || n == 0 {
				t.Errorf("%dx%d: a move after %v costs %d bytes, at most %d", size[0], size[1], keys, n, mostMove[i])
			}
		}
		if n := p.quiet(t); n != 0 {
			t.Errorf("%dx%d: an idle screen sends %d bytes", size[0], size[1], n)
		}
	}
}

// liveMetrics and liveSeconds are the load of a run that is watched: a point a second of each.
const liveMetrics, liveSeconds, mostLive = 20, 4, 800

// bytesLive watches a run that grows, through the engine and all.
func bytesLive(t *testing.T) {
	base := t.TempDir()
	t.Setenv("PACE_CACHE_DIR", filepath.Join(base, "cache"))
	run := filepath.Join(base, "live", "mlruns", "1", strings.Repeat("a", 32))
	write := func(path, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now().UnixMilli()
	write(filepath.Join(filepath.Dir(run), "meta.yaml"), "artifact_location: ./mlruns/1\nexperiment_id: '1'\nlifecycle_stage: active\nname: live\n")
	write(filepath.Join(run, "meta.yaml"), fmt.Sprintf("artifact_uri: ./a\nend_time: null\nexperiment_id: '1'\nlifecycle_stage: active\nrun_id: %s\nrun_name: grows\nstart_time: %d\nstatus: 1\nuser_id: me\n", filepath.Base(run), now))
	step := 0
	grow := func() {
		for i := range liveMetrics {
			write(filepath.Join(run, "metrics", fmt.Sprintf("m%02d", i)), fmt.Sprintf("%d %g %d\n", time.Now().UnixMilli(), 1-1/float64(step+i+2), step))
		}
		step++
	}
	for range 30 {
		grow()
	}
	c := &console{out: io.Discard, err: io.Discard, now: time.Now}
	s, err := openRead(t.Context(), c, filepath.Join(base, "live"), "ada")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	feed := s.engine.Subscribe()
	go func() { done <- s.engine.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		feed.Close()
		if err := errors.Join(<-done, s.engine.Close()); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	out := &wire{}
	o := s.screens("ada", time.UTC)
	o.Engine.Notices, o.Set = feed, tui.Settings{Theme: "dark", Glyphs: "braille", Clipboard: "off"}
	p := launch(t, o, out, 120, 40)
	p.p.Send(tuitest.Key("3"))
	time.Sleep(time.Second)
	p.take()
	for range liveSeconds {
		grow()
		time.Sleep(time.Second)
	}
	n := p.take()
	t.Logf("a run with %d metrics and a point a second: %d bytes a second", liveMetrics, n/liveSeconds)
	if n == 0 || n/liveSeconds > mostLive {
		t.Errorf("a live run costs %d bytes a second, at most %d and not none", n/liveSeconds, mostLive)
	}
}
