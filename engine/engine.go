// Package engine is the background half: it notices what changes in a project, reads it into the index, runs
// derived work and says what became stale. It must not know who shows any of it: no terminal, no style.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"pace/engine/config"
	"pace/engine/ingest"
	"pace/engine/jobs"
	"pace/engine/table"
	"pace/engine/watch"
	"pace/store"
)

// Options are what an engine is opened with. Root, Actor and the lists are the caller's duty; the rest has a
// value that is right where it is zero.
type Options struct {
	Root    string   // absolute path of the project
	Folders []string // more folders to walk, absolute or relative to Root
	Index   string   // path of the index; "" for the one in the user's cache folder
	Actor   string   // who speaks where an Edit does not say
	Lists
	Ignore []string // patterns of pace.yaml
	Now    func() time.Time
	Log    *slog.Logger
	// NoEvents makes the engine poll only, as it does by itself where the system sends no events.
	NoEvents bool
}

// Lists are the members that the engine works with, each in its order.
type Lists struct {
	Formats []ingest.Format
	Tables  []table.Format
	Jobs    []jobs.Job
}

// Engine is one opened project. On one index one process is the engine and the others read; which this one
// is may change while it runs. Its methods may be called from any goroutine; Run and Once not at one time.
type Engine struct {
	opt   Options
	log   *slog.Logger
	said  *said
	feeds feeds
	tally tally
	board board
	asks  asks

	mu    sync.Mutex
	index opened
	watch watch.Watcher // nil until this process leads
}

// Open opens the index of a project. It starts nothing: Run and Once do. Where the index can't be written at
// its place, it lies among the temporary files and Stats say why.
func Open(ctx context.Context, opt Options) (*Engine, error) {
	root, err := filepath.Abs(opt.Root)
	if err != nil {
		return nil, fmt.Errorf("open project: %w", err)
	}
	opt.Root = root
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	var note string
	if opt.Index == "" {
		dir, err := config.CacheDir(root, os.Getenv)
		opt.Index = filepath.Join(dir, indexFile)
		if err != nil { // no home: a build machine, mostly
			note = err.Error()
			if opt.Index, err = sparePath(root); err != nil {
				return nil, err
			}
		}
	}
	index, err := openIndex(ctx, opt.Index, root)
	if err != nil {
		return nil, err
	}
	if index.note == "" {
		index.note = note
	}
	e := &Engine{opt: opt, log: opt.Log, index: index, said: &said{pace: filepath.Join(root, ".pace")}}
	e.board.raise = e.feeds.raise
	return e, nil
}

// Close gives the index and its lock back. It is called after Run or Once has returned.
func (e *Engine) Close() error {
	e.asks.close()
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.index.close()
}

// Reader reads the index. It stays the same while the engine is open, but for a Once that finds the disk full:
// ask for it after Once.
func (e *Engine) Reader() *store.Reader {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.index.reader
}

// Subscribe tells its reader from now on what becomes stale.
func (e *Engine) Subscribe() *Feed { return e.feeds.subscribe() }

// Tasks are the work under way: this process's own or, where another is the engine, that one's of a second ago.
func (e *Engine) Tasks() []store.Task { return e.board.list() }

// Stats say what the engine did and met.
func (e *Engine) Stats() Stats {
	s := e.tally.snapshot()
	e.mu.Lock()
	defer e.mu.Unlock()
	s.Role, s.Index, s.Note = "reader", e.index.path, e.index.note
	if e.index.db != nil {
		s.Role = "engine"
	}
	if e.watch != nil {
		s.Watch = e.watch.Status()
	}
	return s
}

// leads is the index where this process is its engine; nil where another one is.
func (e *Engine) leads() *store.DB {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.index.db
}

// Run works until ctx ends, which is no error. It reads what another process writes and takes over when that
// one ends.
func (e *Engine) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if e.leads() == nil {
			if err := e.follow(ctx); err != nil {
				return quiet(ctx, err)
			}
		}
		if err := e.lead(ctx, false); err != nil {
			return quiet(ctx, err)
		}
	}
	return nil
}

// Once reads everything there is, runs what that made stale and returns. Where the index can't be written any
// more it goes on with one among the temporary files, and Stats say why.
func (e *Engine) Once(ctx context.Context) (Stats, error) {
	if e.leads() == nil {
		if err := e.await(ctx); err != nil {
			return e.Stats(), err
		}
	}
	if e.leads() == nil {
		return e.Stats(), nil // the engine that has the index has read it all
	}
	err := e.lead(ctx, true)
	if indexStuck(err) && e.spare(ctx, err) {
		err = e.lead(ctx, true)
	}
	return e.Stats(), err
}

func quiet(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
		return nil
	}
	return err
}
