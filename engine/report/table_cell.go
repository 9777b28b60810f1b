package report

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pace/engine/query"
	"pace/store"
)

// ColumnKind says how a column's cells are drawn.
type ColumnKind uint8

// The kinds of a column.
const (
	TextColumn ColumnKind = iota
	NumberColumn
	TimeColumn
	DurationColumn
	StateColumn
)

// Column is one column of the runs' table.
type Column struct {
	Field     query.Field
	Title     string
	Kind      ColumnKind
	Primary   bool
	Direction string // of a metric: "min", "max" or ""
	Guessed   bool
}

// TableCell is one value: Text is ready to be drawn, Num is exact where the column is of numbers (times and durations
// in milliseconds).
type TableCell struct {
	Text string
	Num  float64
	Have bool
}

// Column describes a field as a column.
func (t *Table) Column(f query.Field) Column {
	c := Column{Field: f, Title: f.Key}
	switch f.Kind {
	case query.Metric:
		c.Kind = NumberColumn
		c.Direction, c.Guessed = t.Directions().Of(f.Key)
		if f.Agg != "" && f.Agg != "last" {
			c.Title = f.Key + "." + f.Agg
		}
	case query.Attr:
		c.Title = strings.TrimPrefix(f.Key, "run_")
		switch f.Key {
		case "status":
			c.Kind, c.Title = StateColumn, "state"
		case "start_time":
			c.Kind, c.Title = TimeColumn, "started"
		case "end_time":
			c.Kind, c.Title = TimeColumn, "ended"
		case "duration":
			c.Kind = DurationColumn
		case "user_id":
			c.Title = "user"
		}
	}
	return c
}

// Cell is the value of a column in a row; empty until Load has brought the column in.
func (t *Table) Cell(row int32, c Column, now time.Time) TableCell {
	t.mu.RLock()
	defer t.mu.RUnlock()
	m := t.moment(now)
	at := &tableRow{t: t, row: row, now: m}
	if c.Kind == StateColumn {
		run := t.rows.runs[row]
		state := runHead(run, nil, m, t.rows.quiet[row]).State()
		return TableCell{Text: state, Have: true}
	}
	v, ok := c.Field.Value(at)
	if !ok {
		return TableCell{}
	}
	cell := TableCell{Num: v.Num, Have: true}
	switch c.Kind {
	case NumberColumn:
		cell.Text = FormatNumber(v.Num)
	case TimeColumn:
		cell.Text = FormatTime(time.UnixMilli(int64(v.Num)), m.Zone)
	case DurationColumn:
		cell.Text = FormatDuration(int64(v.Num))
	default:
		cell.Text = Clean(v.Str + strings.Join(v.List, ", "))
	}
	return cell
}

// Load brings in the columns that a screen is about to show.
func (t *Table) Load(ctx context.Context, r *store.Reader, columns []Column) error {
	t.work.Lock()
	defer t.work.Unlock()
	var n need
	for _, c := range columns {
		n.field(c.Field)
	}
	return t.ensure(ctx, r, n)
}

// How many columns of a kind are chosen by default, and how many keys are looked at for it.
const (
	defaultMetrics = 3
	defaultParams  = 4
	defaultLooked  = 24
	defaultShare   = 5 // a metric that fewer than one run in five has stays out
)

// DefaultColumns chooses what tells the runs apart: name and state, the primary metric first, then metrics that most
// runs have, params that vary, duration and start, headers that vary.
func (t *Table) DefaultColumns(ctx context.Context, r *store.Reader) ([]Column, error) {
	columns := []Column{t.attr("run_name"), t.attr("status")}
	metrics, params, _ := t.Keys()
	primary := t.Primary()
	chosen := []string{}
	if primary != "" {
		chosen = append(chosen, primary)
	}
	for _, k := range byRuns(metrics) {
		if !k.System && k.Key != primary && len(chosen) < defaultMetrics && k.Runs*defaultShare >= t.Len() {
			chosen = append(chosen, k.Key)
		}
	}
	for _, key := range chosen {
		c := t.Column(query.Field{Kind: query.Metric, Key: key, Agg: "last"})
		c.Primary = key == primary
		columns = append(columns, c)
	}
	varying, err := t.varyingParams(ctx, r, params)
	if err != nil {
		return nil, err
	}
	for _, key := range varying {
		columns = append(columns, t.Column(query.Field{Kind: query.Param, Key: key}))
	}
	columns = append(columns, t.attr("duration"), t.attr("start_time"))
	for _, name := range []string{"experiment", "source", "user_id"} {
		if t.varies(name) {
			columns = append(columns, t.attr(name))
		}
	}
	return columns, t.Load(ctx, r, columns)
}

func (t *Table) attr(name string) Column { return t.Column(query.Field{Kind: query.Attr, Key: name}) }

func byRuns(keys []store.KeyCount) []store.KeyCount {
	out := slices.Clone(keys)
	slices.SortStableFunc(out, func(a, b store.KeyCount) int {
		if a.Runs != b.Runs {
			return b.Runs - a.Runs
		}
		return strings.Compare(a.Key, b.Key)
	})
	return out
}

// varies says whether an attribute has more than one value over the runs.
func (t *Table) varies(name string) bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	row := &tableRow{t: t, now: t.opts.Moment}
	first := ""
	for n, i := range t.rows.order {
		row.row = i
		v, _ := row.Attr(name)
		if n == 0 {
			first = v.Str
		} else if v.Str != first {
			return true
		}
	}
	return false
}

var errVaries = errors.New("two values")

// varyingParams looks at the params that most runs have and stops reading each at its second value.
func (t *Table) varyingParams(ctx context.Context, r *store.Reader, params []store.KeyCount) ([]string, error) {
	var out []string
	keys := byRuns(params)
	for _, k := range keys[:min(len(keys), defaultLooked)] {
		if len(out) == defaultParams {
			break
		}
		first, seen := "", 0
		err := r.ParamColumn(ctx, k.Key, func(_, value string) error {
			if seen++; seen == 1 {
				first = value
			} else if value != first {
				return errVaries
			}
			return nil
		})
		if err != nil && !errors.Is(err, errVaries) {
			return nil, err
		}
		if errors.Is(err, errVaries) {
			out = append(out, k.Key)
		}
	}
	return out, nil
}

// RunList is runs as a table: the columns that were asked for, or those that tell the runs apart.
type RunList struct {
	Columns []Column
	Rows    []RunRow
	Total   int // before the limit
	All     int // before the filter
	// Guessed names the metrics whose direction comes from their name alone.
	Guessed []string
}

// RunRow is one run of a RunList; Cells align with its Columns.
type RunRow struct {
	ID    string
	Cells []TableCell
}

// LoadRunList reads runs as a table. columns are names in the language of package query; none: chosen; "all": every key
// that exists. A bad filter, sort key or column is a *query.SyntaxError.
func LoadRunList(ctx context.Context, r *store.Reader, opts Options, q RunsQuery, columns []string) (RunList, error) {
	table, err := LoadTable(ctx, r, opts)
	if err != nil {
		return RunList{}, err
	}
	rows, err := table.Select(ctx, r, q)
	if err != nil {
		return RunList{}, err
	}
	out := RunList{Total: len(rows), All: table.Len()}
	if out.Columns, err = table.columns(ctx, r, columns); err != nil {
		return RunList{}, err
	}
	if q.Limit > 0 {
		rows = rows[:min(len(rows), q.Limit)]
	}
	for _, row := range rows {
		cells := make([]TableCell, len(out.Columns))
		for i, c := range out.Columns {
			cells[i] = table.Cell(row, c, opts.Now)
		}
		out.Rows = append(out.Rows, RunRow{ID: table.ID(row), Cells: cells})
	}
	for _, c := range out.Columns {
		if c.Guessed {
			out.Guessed = append(out.Guessed, c.Title)
		}
	}
	return out, nil
}

func (t *Table) columns(ctx context.Context, r *store.Reader, names []string) ([]Column, error) {
	if len(names) == 0 {
		return t.DefaultColumns(ctx, r)
	}
	if len(names) == 1 && names[0] == "all" {
		columns := t.everyColumn()
		return columns, t.Load(ctx, r, columns)
	}
	var columns []Column
	for _, name := range names {
		f, err := query.ParseField(strings.TrimSpace(name), t.QueryOptions())
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", name, err)
		}
		columns = append(columns, t.Column(f))
	}
	return columns, t.Load(ctx, r, columns)
}

// everyColumn is what a spreadsheet wants: headers, then every metric and every param.
func (t *Table) everyColumn() []Column {
	var columns []Column
	for _, name := range []string{"run_name", "status", "experiment", "source", "native_id", "user_id", "commit", "start_time", "end_time", "duration"} {
		columns = append(columns, t.attr(name))
	}
	metrics, params, _ := t.Keys()
	for _, k := range metrics {
		columns = append(columns, t.Column(query.Field{Kind: query.Metric, Key: k.Key, Agg: "last"}))
	}
	for _, k := range params {
		columns = append(columns, t.Column(query.Field{Kind: query.Param, Key: k.Key}))
	}
	return columns
}

// RunsQuery asks for runs. Filter and Sort are in the language of package query; Limit 0 is no limit.
type RunsQuery struct {
	Filter, Sort string
	Limit        int
	Deleted      bool
	Archived     bool
}

// LoadRuns reads the runs that a filter leaves, in order, with their params, metrics and tags. A bad filter or sort key
// is a *query.SyntaxError.
func LoadRuns(ctx context.Context, r *store.Reader, opts Options, q RunsQuery) (Runs, error) {
	table, err := LoadTable(ctx, r, opts)
	if err != nil {
		return Runs{}, err
	}
	rows, err := table.Select(ctx, r, q)
	if err != nil {
		return Runs{}, err
	}
	out := Runs{Schema: SchemaRuns, Runs: []Run{}, Total: len(rows)}
	if q.Limit > 0 {
		rows = rows[:min(len(rows), q.Limit)]
	}
	c, err := loadContext(ctx, r, opts)
	if err != nil {
		return Runs{}, err
	}
	told, err := table.everything(ctx, r, rows)
	if err != nil {
		return Runs{}, err
	}
	for _, f := range told {
		out.Runs = append(out.Runs, c.assemble(f))
	}
	return out, nil
}

// From so many runs on it is quicker to read key by key than run by run, as long as there are not more keys than runs.
const manyRows = 100

// everything reads params, metrics and tags of rows.
func (t *Table) everything(ctx context.Context, r *store.Reader, rows []int32) ([]fresh, error) {
	t.mu.RLock()
	out := make([]fresh, len(rows))
	at := make(map[string]int, len(rows))
	for i, row := range rows {
		out[i].run = t.rows.runs[row]
		at[out[i].run.ID] = i
	}
	keys := t.keys
	t.mu.RUnlock()
	if len(rows) < manyRows || len(keys.metrics)+len(keys.params)+len(keys.tags) > 3*len(rows) {
		for i := range out {
			if err := out[i].load(ctx, r, tableColumns{}); err != nil {
				return nil, fmt.Errorf("load run %s: %w", out[i].run.ID, err)
			}
		}
		return out, nil
	}
	for _, key := range sortedKeys(keys.metrics) {
		err := r.MetricColumn(ctx, key, func(run string, s store.Summary) error {
			if i, ok := at[run]; ok {
				out[i].summaries = append(out[i].summaries, s)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("load metric %s: %w", key, err)
		}
	}
	err := eachText(ctx, keys.params, r.ParamColumn, at, func(i int, kv store.KV) { out[i].params = append(out[i].params, kv) })
	if err == nil {
		err = eachText(ctx, keys.tags, r.TagColumn, at, func(i int, kv store.KV) { out[i].tags = append(out[i].tags, kv) })
	}
	return out, err
}

func sortedKeys(keys []store.KeyCount) []string {
	names := keyNames(keys)
	slices.Sort(names)
	return names
}

func eachText(ctx context.Context, keys []store.KeyCount, read columnReader, at map[string]int, take func(int, store.KV)) error {
	for _, key := range sortedKeys(keys) {
		err := read(ctx, key, func(run, value string) error {
			if i, ok := at[run]; ok {
				take(i, store.KV{Key: key, Value: value})
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("load column %s: %w", key, err)
		}
	}
	return nil
}

// Select parses a filter and sort keys against the keys that exist, and views by them.
func (t *Table) Select(ctx context.Context, r *store.Reader, q RunsQuery) ([]int32, error) {
	opts := t.QueryOptions()
	filter, err := query.Parse(q.Filter, opts)
	if err != nil {
		return nil, err
	}
	keys, err := query.ParseSort(q.Sort, opts)
	if err != nil {
		return nil, err
	}
	return t.View(ctx, r, ViewQuery{Filter: filter, Sort: keys, Deleted: q.Deleted, Archived: q.Archived})
}

// QueryOptions are what filters, sort keys and columns are read against.
func (t *Table) QueryOptions() query.Options {
	return query.Options{Now: t.opts.Now, Zone: t.opts.Zone, Names: t.Names()}
}
