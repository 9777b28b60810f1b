package report

import (
	"context"
	"fmt"

	"pace/engine/query"
	"pace/store"
)

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
	for _, row := range rows {
		stored, ok, err := r.Run(ctx, table.ID(row))
		if err != nil {
			return Runs{}, fmt.Errorf("load run %s: %w", table.ID(row), err)
		}
		if !ok {
			continue // gone since
		}
		run, _, err := c.run(ctx, r, stored)
		if err != nil {
			return Runs{}, err
		}
		out.Runs = append(out.Runs, run)
	}
	return out, nil
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
