package watch

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

// System is the Watcher over the operating system's file events, with polling where they do not come.
type System struct {
	opts Options
	wake chan struct{}
	poll *poller

	mu     sync.Mutex
	want   []string
	events map[string]bool   // folders with events
	polled map[string]Reason // folders that are polled, and why
}

// mostWatches is small where kqueue takes a descriptor for each file of a watched folder.
var mostWatches = map[bool]int{true: 8192, false: 200}[runtime.GOOS == "linux" || runtime.GOOS == "windows"]

// New makes a watcher that watches nothing yet.
func New(opts Options) *System {
	opts = opts.filled()
	return &System{
		opts: opts, wake: make(chan struct{}, 1), poll: newPoller(opts),
		events: map[string]bool{}, polled: map[string]Reason{},
	}
}

// Watch implements Watcher.
func (s *System) Watch(dirs []string) {
	want := make([]string, len(dirs))
	for i, d := range dirs {
		want[i] = filepath.Clean(d)
	}
	slices.Sort(want)
	s.mu.Lock()
	s.want = slices.Compact(want)
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Status implements Watcher.
func (s *System) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := Status{Events: len(s.events), Polled: len(s.polled)}
	byText := map[string]int{}
	for dir, r := range s.polled {
		i, ok := byText[r.Text]
		if !ok {
			i = len(st.Why)
			byText[r.Text] = i
			st.Why = append(st.Why, Reason{Text: r.Text, Hint: r.Hint, Example: dir})
		}
		st.Why[i].Dirs++
		st.Why[i].Example = min(st.Why[i].Example, dir)
	}
	slices.SortFunc(st.Why, func(a, b Reason) int { return cmp.Compare(a.Text, b.Text) })
	return st
}

// Run implements Watcher. It fails only when ctx ends; a system without events is polled.
func (s *System) Run(ctx context.Context, dirty func(paths []string)) error {
	var fs *fsnotify.Watcher
	var events chan fsnotify.Event
	var errs chan error
	var broken error
	if !s.opts.PollOnly {
		if fs, broken = fsnotify.NewWatcher(); broken == nil {
			defer fs.Close()
			events, errs = fs.Events, fs.Errors
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.poll.run(ctx)
	}()
	defer s.join(cancel, done)

	b := newBatch(s.opts)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.wake:
			s.apply(fs, broken)
		case e, ok := <-events:
			if !ok {
				events = nil
				continue
			}
			s.event(e, b)
		case err := <-errs:
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				s.everything(b)
			}
		case paths := <-s.poll.out:
			b.add(paths...)
		case <-b.ready():
			dirty(b.take())
		}
	}
}

// join ends the poller. A look at a dead network disk may hang in the system for minutes: that one is left behind.
func (s *System) join(cancel func(), done <-chan struct{}) {
	cancel()
	select {
	case <-done:
	case <-time.After(time.Second):
	}
}

func (s *System) event(e fsnotify.Event, b *batch) {
	if e.Op == fsnotify.Chmod {
		return
	}
	b.add(e.Name)
	if e.Op.Has(fsnotify.Remove) || e.Op.Has(fsnotify.Rename) {
		s.mu.Lock()
		delete(s.events, e.Name) // a watched folder went: Watch adds it again when it is back
		s.mu.Unlock()
	}
}

func (s *System) everything(b *batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for dir := range s.events {
		b.add(dir)
	}
}

// apply brings the system's watches in line with what is wanted.
func (s *System) apply(fs *fsnotify.Watcher, broken error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	wanted := make(map[string]bool, len(s.want))
	for _, d := range s.want {
		wanted[d] = true
	}
	for d := range s.events {
		if !wanted[d] {
			_ = fs.Remove(d) // it may be gone already
			delete(s.events, d)
		}
	}
	for d := range s.polled {
		if !wanted[d] {
			delete(s.polled, d)
		}
	}
	for _, d := range s.want {
		if s.events[d] {
			continue
		}
		if reason := s.add(fs, d, broken); reason.Text != "" {
			s.polled[d] = reason
		} else {
			delete(s.polled, d)
			s.events[d] = true
		}
	}
	dirs := make([]string, 0, len(s.polled))
	for d := range s.polled {
		dirs = append(dirs, d)
	}
	slices.Sort(dirs)
	s.poll.set(dirs)
}

// add asks the system for a folder's events; the answer is why it can't.
func (s *System) add(fs *fsnotify.Watcher, dir string, broken error) Reason {
	switch {
	case s.opts.PollOnly:
		return Reason{Text: "events are switched off"}
	case broken != nil:
		return refused(broken)
	case len(s.events) >= s.opts.Watches:
		return Reason{Text: "too many folders for events", Hint: "name folders to leave out in .paceignore"}
	}
	if name, ok := Network(dir); ok {
		return Reason{Text: name + " sends no events"}
	}
	if err := fs.Add(dir); err != nil {
		return refused(err)
	}
	return Reason{}
}

func refused(err error) Reason {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return Reason{Text: "the system's limit of file watches is reached", Hint: "raise fs.inotify.max_user_watches"}
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return Reason{Text: "the system's limit of open watchers or files is reached", Hint: "raise fs.inotify.max_user_instances or ulimit -n"}
	}
	return Reason{Text: "the system refuses events: " + rootCause(err)}
}

func rootCause(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}

// batch collects paths until it is quiet.
type batch struct {
	opts   Options
	paths  map[string]bool
	timer  *time.Timer
	oldest time.Time
}

func newBatch(opts Options) *batch {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return &batch{opts: opts, paths: map[string]bool{}, timer: t}
}

func (b *batch) add(paths ...string) {
	if len(paths) == 0 {
		return
	}
	now := time.Now()
	if len(b.paths) == 0 {
		b.oldest = now
	}
	for _, p := range paths {
		b.paths[p] = true
	}
	b.timer.Reset(min(b.opts.Quiet, max(0, b.opts.Latest-now.Sub(b.oldest))))
}

func (b *batch) ready() <-chan time.Time { return b.timer.C }

func (b *batch) take() []string {
	out := make([]string, 0, len(b.paths))
	for p := range b.paths {
		out = append(out, p)
	}
	clear(b.paths)
	slices.Sort(out)
	return out
}
