package report

import (
	"context"
	"slices"
	"sync"
	"time"

	"pace/engine/query"
	"pace/store"
)

// Table is every run of a project in memory, by column: headers at once, metrics, params and tags when a filter, a sort
// or a column first asks for them. A row keeps its number for the life of the Table; a run that is gone leaves its row
// empty. It is safe for several goroutines: reading a cell never waits for a query.
type Table struct {
	// work is held by whatever changes or walks the columns; mu only while a change is put in place.
	work sync.Mutex
	mu   sync.RWMutex
	opts Options
	dirs Directions
	rows tableRows
	cols tableColumns
	keys tableKeys
}

// tableRows are the headers.
type tableRows struct {
	runs        []store.Run
	gone        []bool
	quiet       map[int32]time.Duration // how long a running run may be silent
	index       map[string]int32        // by id
	order       []int32                 // live rows, newest first
	experiments map[string]store.Experiment
	said        map[string]saidOf // by run id
}

// saidOf is what people said about one run.
type saidOf struct {
	pinned, archived bool
	tags             KVs
	notes            []string
}

// tableColumns are what has been loaded so far.
type tableColumns struct {
	metrics  map[string]*numColumn
	params   map[string]*textColumn
	tags     map[string]*textColumn
	datasets map[string]listColumn // by attribute name
	models   listColumn
}

// tableKeys are the keys that exist, with how many runs have each.
type tableKeys struct{ metrics, params, tags []store.KeyCount }

// LoadTable reads the headers of all runs.
func LoadTable(ctx context.Context, r *store.Reader, opts Options) (*Table, error) {
	t := newTable(opts)
	if err := t.reload(ctx, r); err != nil {
		return nil, err
	}
	return t, nil
}

func newTable(opts Options) *Table {
	return &Table{
		opts: opts,
		rows: tableRows{index: make(map[string]int32), quiet: make(map[int32]time.Duration)},
		cols: tableColumns{
			metrics: make(map[string]*numColumn),
			params:  make(map[string]*textColumn),
			tags:    make(map[string]*textColumn),
		},
	}
}

// Len counts the runs, those that a tool or a person put away included.
func (t *Table) Len() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.rows.order)
}

// Names are the keys that exist, for parsing filters, sort keys and columns against.
func (t *Table) Names() *query.Names {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return &query.Names{Metrics: keyNames(t.keys.metrics), Params: keyNames(t.keys.params), Tags: keyNames(t.keys.tags)}
}

// Keys are the metric, param and tag keys with how many runs have each, for a column chooser.
func (t *Table) Keys() (metrics, params, tags []store.KeyCount) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.keys.metrics, t.keys.params, t.keys.tags
}

// Directions say which metrics are better when lower.
func (t *Table) Directions() Directions {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.dirs
}

// Primary is the metric that stands for a run of this project; "" without any metric.
func (t *Table) Primary() string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.dirs.Primary(t.keys.metrics)
}

// Row finds the row of a run by its id.
func (t *Table) Row(id string) (int32, bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	row, ok := t.rows.index[id]
	return row, ok && !t.rows.gone[row]
}

// ID is the id of the run in a row.
func (t *Table) ID(row int32) string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.rows.runs[row].ID
}

// Head is the header of the run in a row; now is when it is drawn.
func (t *Table) Head(row int32, now time.Time) RunHead {
	t.mu.RLock()
	defer t.mu.RUnlock()
	m := t.opts.Moment
	m.Now = now
	run := t.rows.runs[row]
	h := runHead(run, t.rows.experiments, m, t.rows.quiet[row])
	said := t.rows.said[run.ID]
	h.Pinned, h.Archived = said.pinned, said.archived
	return h
}

// runHead turns a stored header into what is shown; quiet is how long it may be silent before it is stale.
func runHead(run store.Run, experiments map[string]store.Experiment, m Moment, quiet time.Duration) RunHead {
	stale := m.stale(run, quiet)
	return RunHead{
		ID: run.ID, NativeID: run.NativeID, Source: run.Format,
		Experiment: experiments[run.Experiment].Name,
		Name:       run.Name, Parent: run.Parent, Status: run.Status,
		RunFlags: RunFlags{Stale: stale, Deleted: run.Deleted, Missing: run.Missing},
		RunTimes: RunTimes{Started: Time{run.Started}, Ended: Time{run.Ended}, DurationMS: m.durationMS(run, stale)},
		User:     run.User,
		Git:      Git{Commit: run.Commit, Branch: run.Branch, Dirty: run.Dirty},
	}
}

func keyNames(keys []store.KeyCount) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = k.Key
	}
	return out
}

// reorder sorts the live rows newest first, then by id; runs without a start come last.
func (rows *tableRows) reorder() {
	order := make([]int32, 0, len(rows.runs))
	for i := range rows.runs {
		if !rows.gone[i] {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		x, y := &rows.runs[a], &rows.runs[b]
		if c := y.Started.Compare(x.Started); c != 0 {
			return c
		}
		if x.ID < y.ID {
			return -1
		}
		return 1
	})
	rows.order = order
}
