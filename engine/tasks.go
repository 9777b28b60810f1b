package engine

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"pace/store"
)

// taskEvery is how often other processes hear how far work is.
const taskEvery = time.Second

// board holds the work under way. A notice says only that it changed; whoever wants to know looks.
type board struct {
	mu    sync.Mutex
	tasks map[string]store.Task
	told  map[string]bool // nouns that the store has
	last  time.Time       // of the last notice
	raise func(store.Change)
}

// set shows how far a task is. It raises at most ten notices a second.
func (b *board) set(noun, unit string, done, total int64) {
	now := time.Now()
	b.mu.Lock()
	t, ok := b.tasks[noun]
	if !ok {
		t.Started = now
	}
	t.Noun, t.Unit, t.Done, t.Total, t.Updated = noun, unit, done, total, now
	if b.tasks == nil {
		b.tasks = map[string]store.Task{}
	}
	b.tasks[noun] = t
	due := !ok || now.Sub(b.last) >= 100*time.Millisecond
	if due {
		b.last = now
	}
	b.mu.Unlock()
	if due {
		b.raise(store.Change{Tasks: true})
	}
}

// end takes a task away.
func (b *board) end(noun string) {
	b.mu.Lock()
	_, ok := b.tasks[noun]
	delete(b.tasks, noun)
	b.mu.Unlock()
	if ok {
		b.raise(store.Change{Tasks: true})
	}
}

func (b *board) list() []store.Task {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]store.Task, 0, len(b.tasks))
	for _, t := range b.tasks {
		out = append(out, t)
	}
	slices.SortFunc(out, func(x, y store.Task) int {
		if c := x.Started.Compare(y.Started); c != 0 {
			return c
		}
		return strings.Compare(x.Noun, y.Noun)
	})
	return out
}

// inherit takes over what an engine that ended left in the store, to take it away there.
func (b *board) inherit(tasks []store.Task) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tasks, b.told = map[string]store.Task{}, map[string]bool{}
	for _, t := range tasks {
		b.told[t.Noun] = true
	}
}

// show shows another process's tasks.
func (b *board) show(tasks []store.Task) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tasks = make(map[string]store.Task, len(tasks))
	for _, t := range tasks {
		b.tasks[t.Noun] = t
	}
}

// publish writes the tasks to the store once a second while there are any that last.
func (b *board) publish(ctx context.Context, w *store.Writer) error {
	ticker := time.NewTicker(taskEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		if err := b.tell(ctx, w); err != nil && ctx.Err() == nil && !systemic(err) {
			return err
		}
	}
}

func (b *board) tell(ctx context.Context, w *store.Writer) error {
	tasks := slices.DeleteFunc(b.list(), func(t store.Task) bool { return time.Since(t.Started) < taskEvery })
	if len(tasks) == 0 && len(b.told) == 0 {
		return nil
	}
	now := map[string]bool{}
	_, err := w.Apply(ctx, func(tx *store.Tx) error {
		for _, t := range tasks {
			now[t.Noun] = true
			if err := tx.PutTask(t); err != nil {
				return err
			}
		}
		for noun := range b.told {
			if !now[noun] {
				if err := tx.DropTask(noun); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err == nil {
		b.told = now
	}
	return err
}
