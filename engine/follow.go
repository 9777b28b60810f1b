package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

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

// await waits until the process that is the engine has read the project once, or this one can take over.
func (e *Engine) await(ctx context.Context) error {
	for {
		_, ok, err := e.Reader().Meta(ctx, metaScanned)
		if err != nil {
			return err
		}
		if ok || e.takeOver(ctx) {
			return nil
		}
		if err := sleep(ctx, followEvery); err != nil {
			return fmt.Errorf("wait for the other pace: %w", err)
		}
	}
}
