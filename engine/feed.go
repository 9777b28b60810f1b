package engine

import (
	"sync"

	"pace/store"
)

// Feed tells one reader that something became stale. It holds one merged Change and never queues: a slow
// reader gets fewer and bigger ones.
type Feed struct {
	mu      sync.Mutex
	pending store.Change
	wake    chan struct{}
	drop    func(*Feed)
}

func newFeed(drop func(*Feed)) *Feed {
	return &Feed{wake: make(chan struct{}, 1), drop: drop}
}

// Wake yields one value when there is something to Take, however much that is.
func (f *Feed) Wake() <-chan struct{} { return f.wake }

// Take returns everything that became stale since the last Take; it may be empty.
func (f *Feed) Take() store.Change {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.pending
	f.pending = store.Change{}
	return c
}

// Close ends the subscription. Wake stays open and silent.
func (f *Feed) Close() { f.drop(f) }

func (f *Feed) raise(c store.Change) {
	if c.Empty() {
		return
	}
	f.mu.Lock()
	f.pending = f.pending.Merge(c)
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// feeds are all subscriptions of an engine.
type feeds struct {
	mu  sync.Mutex
	all map[*Feed]bool
}

func (s *feeds) subscribe() *Feed {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := newFeed(s.unsubscribe)
	if s.all == nil {
		s.all = map[*Feed]bool{}
	}
	s.all[f] = true
	return f
}

func (s *feeds) unsubscribe(f *Feed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, f)
}

func (s *feeds) raise(c store.Change) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for f := range s.all {
		f.raise(c)
	}
}
