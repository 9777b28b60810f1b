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
		RunFlags: RunFlags{Stale: stale, Live: m.live(run), Deleted: run.Deleted, Missing: run.Missing},
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

// tableRow is one row of a Table as a filter sees it. It is moved from row to row.
type tableRow struct {
	t   *Table
	row int32
	now Moment
}

// Attr answers an attribute by its canonical name.
func (r *tableRow) Attr(name string) (query.Value, bool) {
	run := &r.t.rows.runs[r.row]
	switch name {
	case "start_time":
		return instant(run.Started)
	case "end_time":
		return instant(run.Ended)
	case "duration":
		ms := r.now.durationMS(*run, r.now.stale(*run, r.t.rows.quiet[r.row]))
		if ms == nil {
			return query.Value{}, false
		}
		return query.Number(float64(*ms)), true
	case "note", "tag", "param", "metric", "model", "dataset.name", "dataset.digest", "dataset.context":
		list := r.list(name)
		return query.List(list), len(list) > 0
	}
	s := r.text(run, name)
	return query.Text(s), s != ""
}

func instant(t time.Time) (query.Value, bool) {
	if t.IsZero() {
		return query.Value{}, false
	}
	return query.Number(float64(t.UnixMilli())), true
}

// text answers the attributes that are one text; "" where the run has none.
func (r *tableRow) text(run *store.Run, name string) string {
	switch name {
	case "run_id":
		return run.ID
	case "run_name":
		return run.Name
	case "status":
		return run.Status
	case "user_id":
		return run.User
	case "artifact_uri":
		return run.ArtifactDir
	case "native_id":
		return run.NativeID
	case "experiment":
		return r.t.rows.experiments[run.Experiment].Name
	case "experiment_id":
		return r.t.rows.experiments[run.Experiment].NativeID
	case "source":
		return run.Format
	case "path":
		return run.Source
	case "host":
		return run.Host
	case "commit":
		return run.Commit
	case "branch":
		return run.Branch
	case "parent":
		return run.Parent
	}
	return ""
}

// list answers the attributes that a run has many of. Params and tags read key=value.
func (r *tableRow) list(name string) []string {
	switch name {
	case "note":
		return r.t.rows.said[r.t.rows.runs[r.row].ID].notes
	case "model":
		return r.t.cols.models[r.row]
	case "tag":
		return r.pairs(r.t.cols.tags)
	case "param":
		return r.pairs(r.t.cols.params)
	case "metric":
		var keys []string
		for key, c := range r.t.cols.metrics {
			if c.have[r.row] {
				keys = append(keys, key)
			}
		}
		return keys
	}
	return r.t.cols.datasets[name][r.row]
}

func (r *tableRow) pairs(cols map[string]*textColumn) []string {
	var out []string
	for key, c := range cols {
		if v, ok := c.text(r.row); ok {
			out = append(out, key+"="+v)
		}
	}
	return out
}

// Metric answers one number of a series.
func (r *tableRow) Metric(key, agg string) (float64, bool) {
	c := r.t.cols.metrics[key]
	if c == nil {
		return 0, false
	}
	direction := ""
	if agg == "best" {
		direction, _ = r.t.dirs.Of(key)
	}
	return c.number(r.row, agg, direction)
}

// Param answers a param.
func (r *tableRow) Param(key string) (string, bool) { return textAt(r.t.cols.params[key], r.row) }

// Tag answers a tag, the tool's or a person's.
func (r *tableRow) Tag(key string) (string, bool) { return textAt(r.t.cols.tags[key], r.row) }

func textAt(c *textColumn, row int32) (string, bool) {
	if c == nil {
		return "", false
	}
	return c.text(row)
}

// Words yields what a bare word is looked for in.
func (r *tableRow) Words(yield func(string) bool) {
	run := &r.t.rows.runs[r.row]
	for _, s := range [...]string{run.Name, run.ID, run.NativeID, r.t.rows.experiments[run.Experiment].Name, run.User} {
		if s != "" && !yield(s) {
			return
		}
	}
	if r.now.stale(*run, r.t.rows.quiet[r.row]) && !yield("stale") {
		return
	}
	for _, c := range r.t.cols.tags {
		if v, ok := c.text(r.row); ok && !yield(v) {
			return
		}
	}
	for _, s := range r.t.rows.said[run.ID].notes {
		if !yield(s) {
			return
		}
	}
}
