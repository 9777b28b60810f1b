package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pace/engine/ingest"
	"pace/store"
)

const (
	followEvery = 250 * time.Millisecond // between two looks at the index that another process writes
	takeEvery   = 500 * time.Millisecond // between two tries to take over
)

// everything is what a reader knows about another process's writes: something changed.
var everything = store.Change{All: true, Sources: true, Results: true, Tasks: true}

// follow raises a notice for what another process writes, until this one can take over.
func (e *Engine) follow(ctx context.Context) error {
	ticker := time.NewTicker(followEvery)
	defer ticker.Stop()
	var version int64
	var tried time.Time
	for {
		v, err := e.Reader().DataVersion(ctx)
		if err != nil && ctx.Err() == nil {
			e.tally.trouble("", err)
		}
		if err == nil && v != version {
			version = v
			e.shareTasks(ctx)
			e.feeds.raise(everything)
		}
		if time.Since(tried) >= takeEvery {
			tried = time.Now()
			if e.takeOver(ctx) {
				e.feeds.raise(everything)
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
	}
}

// takeOver makes this process the engine where the lock is free.
func (e *Engine) takeOver(ctx context.Context) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	l, err := acquire(e.index.path + ".lock")
	if err != nil {
		return false
	}
	db, err := store.Open(ctx, e.index.path)
	if err != nil {
		e.tally.trouble("", errors.Join(err, l.release()))
		return false
	}
	e.index.db, e.index.lock = db, l
	return true
}

// shareTasks shows the other process's tasks as they stand in the index.
func (e *Engine) shareTasks(ctx context.Context) {
	if tasks, err := e.Reader().Tasks(ctx); err == nil {
		e.board.show(tasks)
	}
}

// settleFor bounds how long a reader's Once waits for the other process to read what is new.
const settleFor = 5 * time.Second

// await waits until the process that is the engine has read what there is now, or this one can take over.
// That one may be slow or stopped: after a while the index is good enough as it is.
func (e *Engine) await(ctx context.Context) error {
	end := time.Now().Add(settleFor)
	for {
		_, scanned, err := e.Reader().Meta(ctx, metaScanned)
		if err != nil {
			return err
		}
		if e.takeOver(ctx) {
			return nil
		}
		if scanned {
			behind, err := e.behind(ctx)
			if err != nil || behind == 0 || time.Now().After(end) {
				return err
			}
		}
		if err := sleep(ctx, followEvery); err != nil {
			return fmt.Errorf("wait for the other pace: %w", err)
		}
	}
}

// behind counts the units whose stamp is not the one that the index has.
func (e *Engine) behind(ctx context.Context) (n int, err error) {
	sources, err := e.Reader().Sources(ctx)
	if err != nil {
		return 0, err
	}
	tasks, err := e.Reader().Tasks(ctx)
	if err != nil {
		return 0, err
	}
	type key struct{ path, format string }
	stamps := make(map[key]string, len(sources))
	for _, s := range sources {
		stamps[key{s.Path, s.Format}] = s.Stamp
	}
	s := e.scanner(ctx, nil)
	s.visited = func(f found) {
		for _, c := range f.claims {
			now, err := c.format.Stamp(ctx, ingest.Source{Root: e.opt.Root, Path: c.path})
			known, ok := stamps[key{c.path, c.format.Name}]
			half := ok && known == "" && len(tasks) == 0 // its last record is not whole: nothing to wait for
			if err == nil && known != now && !half {
				n++
			}
		}
	}
	_, err = s.pass(ctx, &throttle{})
	return n, err
}
