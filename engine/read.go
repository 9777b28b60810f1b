package engine

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"pace/engine/ingest"
	"pace/store"
)

// The bounds of one Read. A unit that lives is read in short turns, so that a busy one does not keep the
// others from the screen.
var (
	liveLimits = ingest.Limits{Points: 50_000, Bytes: 32 << 20, Time: 50 * time.Millisecond}
	bulkLimits = ingest.Limits{Points: 100_000, Bytes: 128 << 20, Time: 250 * time.Millisecond}
)

// task is one look at a unit, and one Read where its stamp is not the known one.
type task struct {
	unit   *unit // for the loop; a worker reads only its path and format
	stamp  string
	cursor []byte
	stored bool
	limits ingest.Limits
}

// outcome is what came of a task.
type outcome struct {
	unit  *unit
	stamp string
	// same: the stamp is the known one and nothing was read.
	same bool
	// first: the unit was read from its start.
	first  bool
	again  []string // ids of the runs that the unit told before, where it is read from its start again
	said   batch
	result ingest.Result
	cost   time.Duration
	err    error
}

// worker reads units until its context ends.
type worker struct {
	root   string
	reader *store.Reader
	log    *slog.Logger
}

func (w *worker) run(ctx context.Context, tasks <-chan task, outs chan<- *outcome) {
	for {
		select {
		case <-ctx.Done():
			return
		case t := <-tasks:
			outs <- w.do(ctx, t) // there is room for every unit at work
		}
	}
}

// do looks and reads. A panic in a format is an error of the unit: foreign bytes must not end the rest.
func (w *worker) do(ctx context.Context, t task) (o *outcome) {
	began := time.Now()
	o = &outcome{unit: t.unit}
	defer func() {
		if p := recover(); p != nil {
			o.err = fmt.Errorf("read %s: panic: %v", t.unit.format.Name, p)
			w.log.Error("format panicked", "format", t.unit.format.Name, "path", t.unit.path,
				"panic", p, "stack", string(debug.Stack()))
		}
		o.cost = time.Since(began)
	}()
	src := ingest.Source{Root: w.root, Path: t.unit.path}
	o.stamp, o.err = t.unit.format.Stamp(ctx, src)
	if o.err != nil {
		return o
	}
	if t.stamp != "" && t.stamp == o.stamp {
		o.same = true
		return o
	}
	cursor := t.cursor
	if cursor == nil && t.stored {
		cursor, o.err = w.stored(ctx, t.unit)
		if o.err != nil {
			return o
		}
	}
	if o.first = cursor == nil; o.first && t.stored {
		if o.again, o.err = w.reader.RunsOf(ctx, t.unit.path); o.err != nil {
			return o
		}
	}
	o.result, o.err = t.unit.format.Read(ctx, src, cursor, &o.said, t.limits)
	return o
}

func (w *worker) stored(ctx context.Context, u *unit) ([]byte, error) {
	src, ok, err := w.reader.Source(ctx, u.path, u.format.Name)
	if err != nil || !ok {
		return nil, err
	}
	return src.Cursor, nil
}
