package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"pace/engine/ingest"
	"pace/engine/watch"
	"pace/engine/watch/ignore"
	"pace/store"
)

const (
	workers   = 2
	passEvery = 10 * time.Second // at least, between two walks over everything
	passAgain = time.Second      // between the first walk and the second, which sees what came before anything was watched
)

// metaScanned holds the time at which the project had been walked for the first time.
const metaScanned = "scanned"

// crew is what works together while this process is the engine.
type crew struct {
	e      *Engine
	db     *store.DB
	loop   *loop
	scan   *scanner
	found  chan found
	marks  chan []string
	visits chan []string
	watch  *watch.System
	once   bool
}

// lead works as the engine until ctx ends or, where once is set, until everything was read and derived.
func (e *Engine) lead(ctx context.Context, once bool) error {
	c, err := e.muster(ctx, once)
	if err != nil {
		return err
	}
	outer := ctx
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	var first error
	var mu sync.Mutex
	start := func(fn func(context.Context) error) {
		wg.Go(func() {
			if err := fn(ctx); err != nil && ctx.Err() == nil {
				mu.Lock()
				first = errors.Join(first, err)
				mu.Unlock()
				cancel(err)
			}
		})
	}
	for range workers {
		w := &worker{root: e.opt.Root, reader: c.db.Reader(), log: e.log}
		start(func(ctx context.Context) error { w.run(ctx, c.loop.tasks, c.loop.outs); return nil })
	}
	start(c.walk)
	if !once {
		start(c.listen)
		start((&deriver{e: e, db: c.db, after: map[string]time.Time{}}).run)
		start(func(ctx context.Context) error { return c.watch.Run(ctx, c.dirty(ctx)) })
		start(func(ctx context.Context) error { return e.board.publish(ctx, c.db.Writer()) })
	}
	start(func(ctx context.Context) error {
		if err := c.loop.run(ctx, inputs{found: c.found, marks: c.marks, visits: c.visits}, once); err != nil {
			return err
		}
		cancel(errDone)
		return nil
	})
	wg.Wait()
	if first != nil {
		return first
	}
	if cause := context.Cause(ctx); !errors.Is(cause, errDone) {
		return cause
	}
	return (&deriver{e: e, db: c.db}).drain(outer)
}

// errDone ends the crew when there is nothing left to do.
var errDone = errors.New("everything is read")

// muster makes the crew and lets it begin with what the index knows.
func (e *Engine) muster(ctx context.Context, once bool) (*crew, error) {
	db := e.leads()
	c := &crew{e: e, db: db, once: once, found: make(chan found, 64), marks: make(chan []string, 16),
		visits: make(chan []string, 1)}
	c.loop = &loop{root: e.opt.Root, writer: db.Writer(), units: map[string][]*unit{}, raise: e.feeds.raise, progress: e.reading,
		loopWork: loopWork{tasks: make(chan task, atWork), outs: make(chan *outcome, atWork)},
		loopLook: loopLook{pass: 1, data: map[string]store.Dataset{}, seenData: map[string]int{},
			dirs: map[string]bool{}, before: map[string]bool{}, stats: &e.tally},
		sights: sights{walked: map[string]int{}, owned: map[string]bool{}}}
	if !once {
		c.watch = watch.New(watch.Options{PollOnly: e.opt.NoEvents})
		c.loop.watch = c.watch
		e.mu.Lock()
		e.watch = c.watch
		e.mu.Unlock()
	}
	if err := c.loop.start(ctx, db.Reader(), e.opt.Formats); err != nil {
		return nil, err
	}
	c.scan = e.scanner(ctx, c.found)
	c.scan.hurry = c.visits
	tasks, err := db.Reader().Tasks(ctx)
	if err != nil {
		return nil, err
	}
	e.board.inherit(tasks)
	if _, err := e.said.refresh(ctx, db.Writer()); err != nil {
		e.tally.trouble("", err)
	}
	if err := e.tellIndex(ctx, db); err != nil {
		e.tally.trouble("", err)
	}
	return c, nil
}

// tellIndex says where the index lies, where that is not its place.
func (e *Engine) tellIndex(ctx context.Context, db *store.DB) error {
	if old := db.Rebuilt(); old != nil {
		e.tally.trouble("", fmt.Errorf("open index: built anew, the old one is %s: %w", old.Aside, old.Cause))
	}
	s := e.Stats()
	_, err := db.Writer().Apply(ctx, func(tx *store.Tx) error {
		if err := tx.ClearProblems("index"); err != nil || s.Note == "" {
			return err
		}
		return tx.PutProblem(store.Problem{Source: "index", Path: s.Index, Place: "index", Message: s.Note,
			Hint: "set PACE_CACHE_DIR to a folder on a local disk that can be written", Since: time.Now()})
	})
	return err
}

// reading shows how much of what was found is read.
func (e *Engine) reading(done, total int) {
	const noun = "read project"
	if done >= total {
		e.board.end(noun)
		return
	}
	e.board.set(noun, "sources", int64(done), int64(total))
}

// scanner is a scanner that tells the loop.
func (e *Engine) scanner(ctx context.Context, out chan<- found) *scanner {
	return &scanner{root: e.opt.Root, folders: e.folders(), formats: e.opt.Formats, table: e.tableOf,
		skip: ignore.New(e.opt.Root, e.opt.Ignore).Skip, known: map[string]found{}, owned: map[string]bool{},
		visited: func(f found) {
			select {
			case out <- f:
			case <-ctx.Done():
			}
		}}
}

// walk walks the project at once, and then again and again at rest; between, it looks where events point.
func (c *crew) walk(ctx context.Context) error {
	t, rest := &throttle{}, passAgain
	for {
		p, err := c.scan.pass(ctx, t)
		if err != nil {
			return err
		}
		c.scan.visited(found{dir: ".", end: &p})
		if c.once {
			return nil
		}
		if err := c.attend(ctx, rest); err != nil {
			return err
		}
		t, rest = idleThrottle(), passEvery
	}
}

// attend looks at the folders that events name, for as long as is left until the next walk.
func (c *crew) attend(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case dirs := <-c.visits:
			if err := c.scan.visit(ctx, dirs); err != nil {
				return err
			}
		case <-timer.C:
			return nil
		}
	}
}

// tableOf names the table format of a file, "" for none.
func (e *Engine) tableOf(d ingest.Dir, name string) string {
	for _, f := range e.opt.Tables {
		if f.Claim(name, nil) {
			return f.Name
		}
	}
	return ""
}
