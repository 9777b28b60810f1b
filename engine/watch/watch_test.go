package watch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// seen collects what a running watcher says.
type seen struct {
	mu    sync.Mutex
	paths map[string]int
	calls int
	wake  chan struct{}
}

func start(t *testing.T, w Watcher) *seen {
	t.Helper()
	s := &seen{paths: map[string]int{}, wake: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- w.Run(ctx, func(paths []string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.calls++
			for _, p := range paths {
				s.paths[p]++
			}
			select {
			case s.wake <- struct{}{}:
			default:
			}
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != context.Canceled {
			t.Errorf("Run ended with %v", err)
		}
	})
	return s
}

// until waits for a path; nothing else ends the wait but the test's own time limit.
func (s *seen) until(t *testing.T, path string) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		s.mu.Lock()
		n := s.paths[path]
		s.mu.Unlock()
		if n > 0 {
			return
		}
		select {
		case <-s.wake:
		case <-deadline:
			t.Fatalf("nobody said %s; said %v", path, s.paths)
		}
	}
}

// after repeats an act until a path is said: the first look of polling has nothing to compare with.
func (s *seen) after(t *testing.T, path string, act func()) {
	t.Helper()
	said := func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.paths[path] > 0
	}
	for range 400 {
		if said() {
			return
		}
		act()
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("nobody said %s", path)
}

func (s *seen) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.paths)
}

// ready waits until the watcher has taken up the folders.
func ready(t *testing.T, w Watcher, dirs int) {
	t.Helper()
	for range 2000 {
		if st := w.Status(); st.Events+st.Polled == dirs {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("status %+v, want %d folders", w.Status(), dirs)
}

func put(t *testing.T, name, text string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(text)
	f.Close()
}

func TestEveryWayOfChanging(t *testing.T) {
	for name, opts := range map[string]Options{"events": {}, "polling": {PollOnly: true, Poll: 20 * time.Millisecond}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			in := func(n string) string { return filepath.Join(dir, n) }
			put(t, in("old"), "x")
			w := New(opts)
			s := start(t, w)
			w.Watch([]string{dir})
			ready(t, w, 1)
			s.after(t, in("old"), func() { put(t, in("old"), "more") })
			put(t, in("new"), "x")
			s.until(t, in("new"))
			s.forget()
			os.Rename(in("new"), in("moved"))
			s.until(t, in("new"))
			s.until(t, in("moved"))
			s.forget()
			os.Truncate(in("old"), 0)
			s.until(t, in("old"))
			s.forget()
			os.Remove(in("old"))
			s.until(t, in("old"))
			os.Mkdir(in("sub"), 0o755)
			s.until(t, in("sub"))
		})
	}
}

func TestAStormIsOneNotice(t *testing.T) {
	dir := t.TempDir()
	w := New(Options{Quiet: 300 * time.Millisecond, Latest: 5 * time.Second})
	s := start(t, w)
	w.Watch([]string{dir})
	ready(t, w, 1)
	for range 1000 {
		put(t, filepath.Join(dir, "f"), "x")
	}
	s.until(t, filepath.Join(dir, "f"))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls > 3 || s.paths[filepath.Join(dir, "f")] != s.calls {
		t.Errorf("%d calls, %v", s.calls, s.paths)
	}
}

func TestHundredsOfFolders(t *testing.T) {
	top := t.TempDir()
	var dirs []string
	for i := range 300 {
		d := filepath.Join(top, fmt.Sprint(i))
		os.Mkdir(d, 0o755)
		dirs = append(dirs, d)
	}
	w := New(Options{Watches: 100, Poll: 20 * time.Millisecond, Stats: 1_000_000})
	s := start(t, w)
	w.Watch(dirs)
	ready(t, w, 300)
	st := w.Status()
	if st.Events != 100 || st.Polled != 200 || len(st.Why) != 1 || st.Why[0].Dirs != 200 || st.Why[0].Hint == "" {
		t.Errorf("status %+v", st)
	}
	for _, d := range dirs {
		put(t, filepath.Join(d, "m"), "1")
	}
	for _, d := range dirs {
		m := filepath.Join(d, "m")
		s.after(t, m, func() { put(t, m, "1") })
	}
	w.Watch(dirs[:5])
	ready(t, w, 5)
}

func TestAFolderThatGoesAndComesBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	os.Mkdir(dir, 0o755)
	w := New(Options{})
	s := start(t, w)
	w.Watch([]string{dir})
	ready(t, w, 1)
	os.RemoveAll(dir)
	s.until(t, dir)
	os.Mkdir(dir, 0o755)
	w.Watch([]string{dir})
	ready(t, w, 1)
	put(t, filepath.Join(dir, "f"), "x")
	s.until(t, filepath.Join(dir, "f"))
}

func TestRefusalsAreSaid(t *testing.T) {
	w := New(Options{})
	start(t, w)
	missing := filepath.Join(t.TempDir(), "missing")
	w.Watch([]string{missing})
	ready(t, w, 1)
	if st := w.Status(); st.Polled != 1 || !strings.Contains(st.Why[0].Text, "refuses") || st.Why[0].Example != missing {
		t.Errorf("status %+v", st)
	}
	if r := refused(fmt.Errorf("add: %w", syscall.ENOSPC)); !strings.Contains(r.Hint, "max_user_watches") {
		t.Errorf("%+v", r)
	}
}

func TestDiff(t *testing.T) {
	at := time.Unix(1, 0)
	before := map[string]stamp{".": {}, "same": {1, at, false}, "grown": {1, at, false}, "gone": {}, "sub": {0, at, true}, "kind": {0, at, true}}
	now := map[string]stamp{".": {}, "same": {1, at, false}, "grown": {2, at, false}, "new": {}, "sub": {9, at.Add(1), true}, "kind": {0, at, false}}
	got := diff("/d", before, now)
	slices.Sort(got)
	if want := []string{"/d/gone", "/d/grown", "/d/kind", "/d/new"}; !slices.Equal(got, want) && filepath.Separator == '/' {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestALocalDiskIsLocal(t *testing.T) {
	if kind, ok := Network(t.TempDir()); ok {
		t.Skipf("the temporary folder is on %s", kind)
	}
	if _, ok := Network(filepath.Join(t.TempDir(), "missing")); ok {
		t.Error("a missing folder is on the network")
	}
}

func BenchmarkPollRound(b *testing.B) {
	dir := b.TempDir()
	for i := range 1000 {
		os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), nil, 0o644)
	}
	before := list(dir)
	for b.Loop() {
		diff(dir, before, list(dir))
	}
}
