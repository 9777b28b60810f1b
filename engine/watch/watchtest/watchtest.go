// Package watchtest holds a watch.Watcher that tests move by hand.
// It must not know the file system.
package watchtest

import (
	"context"
	"slices"
	"sync"

	"pace/engine/watch"
)

// Fake is a Watcher whose events are those of Touch.
type Fake struct {
	mu      sync.Mutex
	dirs    []string
	touched chan []string
}

// New makes a Fake.
func New() *Fake { return &Fake{touched: make(chan []string)} }

// Watch implements watch.Watcher.
func (f *Fake) Watch(dirs []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dirs = slices.Clone(dirs)
}

// Dirs is what Watch was last called with.
func (f *Fake) Dirs() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.dirs)
}

// Touch says that paths changed, and returns when Run has passed it on or ctx ends.
func (f *Fake) Touch(ctx context.Context, paths ...string) error {
	select {
	case f.touched <- paths:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Run implements watch.Watcher.
func (f *Fake) Run(ctx context.Context, dirty func([]string)) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case paths := <-f.touched:
			dirty(paths)
		}
	}
}

// Status implements watch.Watcher.
func (f *Fake) Status() watch.Status { return watch.Status{Events: len(f.Dirs())} }
