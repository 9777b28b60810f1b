package profile

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"pace/engine/table"
)

// ErrNoColumns says that the dataset has no column to profile.
var ErrNoColumns = errors.New("no columns")

// Of profiles a dataset. The types are guessed from its head and checked by the pass; when the pass disagrees it is repeated with
// the types it found, so figures never mix two readings of a column.
func Of(ctx context.Context, open Opener, o Options) (*Profile, error) {
	now := o.Now
	if now == nil {
		now = time.Now
	}
	started := now()
	o.started = started
	g, err := gather(ctx, open, nil, o)
	if err == nil {
		if found := g.types(); !slices.Equal(found, g.planned) {
			g, err = gather(ctx, open, found, o)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("profile dataset: %w", err)
	}
	p := g.profile(o)
	p.Reproduction = Reproduction{Pace: o.Pace, Command: o.Command, Started: started.UTC(), ElapsedMS: now().Sub(started).Milliseconds()}
	return p, nil
}

// gathered is the result of one pass.
type gathered struct {
	schema  table.Schema
	info    table.Info
	planned []table.Type
	sampled bool
	*worker
	first map[int]int64 // first row of each part
	total int64
	now   float64 // the time of profiling in microseconds
	marks []marks // of each column, for its alerts
}

// marks is what the alerts of a column need beyond its figures.
type marks struct {
	empty, infinite []placed
	texts           []counted
	census          census
}

// emptyRows are the first rows in which a column is missing.
func (g *gathered) emptyRows(column int) []int64 { return g.rowsOf(g.marks[column].empty) }

// gather makes one pass over the dataset.
func gather(ctx context.Context, open Opener, types []table.Type, o Options) (*gathered, error) {
	src, err := open(ctx)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	g := &gathered{schema: src.Schema(), info: src.Info(), planned: types}
	if len(g.schema) == 0 {
		return nil, ErrNoColumns
	}
	if types == nil {
		head, err := src.Rows(ctx, 0, planRows)
		if err != nil {
			return nil, err
		}
		g.planned = plan(g.schema, head)
	}
	if o.Head > 0 {
		return g, g.quick(ctx, src, o)
	}
	workers := o.workers(len(g.schema))
	each := make([]*worker, workers)
	for i := range each {
		each[i] = newWorker(g.schema, g.planned, o)
	}
	err = table.ScanParallel(ctx, src, workers, func(w, part int, b *table.Batch) error {
		each[w].take(part, b)
		return nil
	})
	if err != nil {
		return nil, err
	}
	g.join(each)
	return g, nil
}

// quick reads only the first rows.
func (g *gathered) quick(ctx context.Context, src table.Source, o Options) error {
	w := newWorker(g.schema, g.planned, o)
	head, err := src.Rows(ctx, 0, int(o.Head))
	if err != nil {
		return err
	}
	w.take(0, head)
	more, err := src.Rows(ctx, int64(head.N), 1)
	if err != nil {
		return err
	}
	g.sampled = more.N > 0
	g.join([]*worker{w})
	return nil
}

func (o Options) workers(columns int) int {
	if o.Workers > 0 {
		return o.Workers
	}
	if columns > 2000 {
		return 1 // memory for the columns counts more than time
	}
	return min(runtime.GOMAXPROCS(0), 8)
}

// join brings the workers together and numbers the parts' rows.
func (g *gathered) join(each []*worker) {
	g.worker = each[0]
	for _, o := range each[1:] {
		for i, c := range g.columns {
			c.merge(o.columns[i])
		}
		g.rows.merge(&o.rows)
		g.sample.merge(&o.sample)
		g.absent.merge(&o.absent)
		g.traces.merge(&o.traces)
		g.bad += o.bad
		g.issues = append(g.issues, o.issues...)
		g.lines = append(g.lines, o.lines...)
		for part, n := range o.partRows {
			g.partRows[part] = n
		}
	}
	g.sample.sort()
	g.first = map[int]int64{}
	for part := range len(g.partRows) {
		g.first[part] = g.total
		g.total += g.partRows[part]
	}
}

// row is the number in the dataset of a cell placed in a part.
func (g *gathered) row(p placed) int64 { return g.first[int(p.part)] + p.row }

// types is what the complete census says.
func (g *gathered) types() []table.Type {
	found := slices.Clone(g.planned)
	for i, c := range g.columns {
		if c.field.Storage == table.Raw {
			found[i] = c.found()
		}
	}
	return found
}

// found checks the planned type of a raw column against all of its values.
func (c *column) found() table.Type {
	values := c.count + c.bad
	if c.kind == table.Categorical {
		return c.texts.census.decide()
	}
	wrong := float64(c.bad) > float64(values)*minority
	switch {
	case values == 0:
		return table.Numeric
	case c.kind == table.Numeric && !wrong && c.numbers.padded*1000 < values:
		return table.Numeric
	case c.kind == table.Datetime && !wrong:
		return table.Datetime
	case c.kind == table.Boolean && c.bad == 0:
		return table.Boolean
	}
	return table.Categorical
}
