package report

import (
	"context"
	"fmt"
	"strings"

	"pace/engine/query"
	"pace/store"
)

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
