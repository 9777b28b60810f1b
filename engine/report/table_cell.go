package report

import (
	"context"
	"errors"
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
	defaultMetrics = 4
	defaultParams  = 4
	defaultLooked  = 24
	defaultShare   = 5 // a metric that fewer than one run in five has stays out
)

// DefaultColumns chooses what tells the runs apart: name and state, the primary metric first, then metrics that most
// runs have, params and headers that vary, duration and start.
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
	for _, name := range []string{"experiment", "source", "user_id"} {
		if t.varies(name) {
			columns = append(columns, t.attr(name))
		}
	}
	columns = append(columns, t.attr("duration"), t.attr("start_time"))
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
