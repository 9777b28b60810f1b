package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"pace/engine/jobs"
	"pace/store"
)

// deriveApart is the least time between two works on one item, however often it changes; a work that takes
// long waits ten times as long.
const deriveApart = 2 * time.Second

// deriver runs the jobs, one item at a time. One goroutine runs it.
type deriver struct {
	e       *Engine
	db      *store.DB
	waiting []work
	after   map[string]time.Time // when an item may be worked on again
}

// work is one item of one job.
type work struct {
	job  *jobs.Job
	item string
}

func (w work) noun() string { return w.job.Name + " " + w.item }

// run works on what changes make stale until ctx ends.
func (d *deriver) run(ctx context.Context) error {
	feed := d.e.Subscribe()
	defer feed.Close()
	d.stale(ctx, store.Change{All: true})
	for {
		wait := d.turn(ctx)
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-feed.Wake():
			d.stale(ctx, feed.Take())
		case <-timer.C:
		}
		timer.Stop()
	}
}

// drain works on everything that is stale and returns.
func (d *deriver) drain(ctx context.Context) error {
	d.stale(ctx, store.Change{All: true})
	for len(d.waiting) > 0 && ctx.Err() == nil {
		w := d.waiting[0]
		d.waiting = d.waiting[1:]
		d.one(ctx, w)
	}
	return ctx.Err()
}

// stale queues what a change made stale.
func (d *deriver) stale(ctx context.Context, c store.Change) {
	queued := make(map[string]bool, len(d.waiting))
	for _, w := range d.waiting {
		queued[w.noun()] = true
	}
	for i := range d.e.opt.Jobs {
		job := &d.e.opt.Jobs[i]
		items, err := job.Stale(ctx, d.db.Reader(), c)
		if err != nil && ctx.Err() == nil {
			d.e.tally.trouble("", fmt.Errorf("find stale %s: %w", job.Name, err))
		}
		for _, item := range items {
			if w := (work{job, item}); !queued[w.noun()] {
				d.waiting = append(d.waiting, w)
			}
		}
	}
}

// turn works on the first item that may be worked on, and says how long to wait for the next.
func (d *deriver) turn(ctx context.Context) time.Duration {
	wait := time.Minute
	now := time.Now()
	for i, w := range d.waiting {
		if left := d.after[w.noun()].Sub(now); left > 0 {
			wait = min(wait, left)
			continue
		}
		d.waiting = append(d.waiting[:i:i], d.waiting[i+1:]...)
		d.one(ctx, w)
		d.after[w.noun()] = time.Now().Add(max(deriveApart, 10*time.Since(now)))
		return 0
	}
	return wait
}

// one works on one item. What goes wrong is a Problem of the item until it goes well.
func (d *deriver) one(ctx context.Context, w work) {
	e := d.e
	defer e.board.end(w.noun())
	done, err := w.job.Run(ctx, d.db.Reader(), e.opt.Root, w.item, func(unit string, done, total int64) {
		e.board.set(w.noun(), unit, done, total)
	})
	if ctx.Err() != nil || os.IsNotExist(err) {
		return
	}
	source := "job:" + w.noun()
	c, werr := d.db.Writer().Apply(ctx, func(tx *store.Tx) error {
		if cerr := tx.ClearProblems(source); cerr != nil {
			return cerr
		}
		if err != nil {
			return tx.PutProblem(store.Problem{Source: source, Path: filepath.ToSlash(w.item), Place: w.job.Name,
				Message: briefly(e.opt.Root, w.item, err), Hint: advice(err, "it is tried again when the file changes"), Since: time.Now()})
		}
		if done == nil {
			return nil
		}
		return done(tx)
	})
	if werr != nil && ctx.Err() == nil {
		e.tally.trouble(w.item, werr)
	}
	e.feeds.raise(c)
}
