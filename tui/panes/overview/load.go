package overview

import (
	"context"

	"pace/engine/query"
	"pace/engine/report"
	"pace/store"
	"pace/tui/pane"
	"pace/tui/panes/draw"
)

// How much of a list the tower shows; the screens behind it show all.
const (
	maxBest   = 10
	maxNewest = 10
	maxNotes  = 8
	maxCurves = 5
)

// facts are what was loaded.
type facts struct {
	report.Overview
	table  *report.Table
	metric metric
	best   []ranked
	newest []ranked
	data   []report.DatasetHead
	notes  []report.Note
}

// metric is the one that decides.
type metric struct {
	key, direction string
	guessed        bool
}

// ranked is a run with its value of the metric that decides and its curve.
type ranked struct {
	report.RunHead
	value  report.TableCell
	series report.Series
}

func (t *tower) load(ch store.Change) []pane.Effect {
	// A newer load drops an older one and with it what that would have told the table.
	t.pending = t.pending.Merge(ch)
	ch = t.pending
	t.curves.Fit(t.frame.W / 2)
	q := t.curves.Query("")
	var table *report.Table
	if t.facts != nil {
		table = t.facts.table
	}
	return []pane.Effect{pane.Load{Slot: "overview", Run: func(ctx context.Context, src pane.Source) (any, error) {
		o, err := report.LoadOverview(ctx, src.Reader, draw.Options(src), report.OverviewQuery{Seen: src.Seen, Width: q.Width})
		if err != nil {
			return nil, err
		}
		f := facts{Overview: o, table: table}
		if err := f.runs(ctx, src, ch, q); err != nil {
			return nil, err
		}
		if f.data, err = report.LoadDatasets(ctx, src.Reader, draw.Options(src)); err != nil {
			return nil, err
		}
		f.notes, err = report.LoadNotes(ctx, src.Reader, "")
		f.notes = f.notes[:min(len(f.notes), maxNotes)]
		return f, err
	}}}
}

// runs finds the best runs and the newest. What is known of the runs is kept and brought up to date.
func (f *facts) runs(ctx context.Context, src pane.Source, ch store.Change, q report.SeriesQuery) (err error) {
	if f.table == nil || f.table.Len() == 0 {
		f.table, err = report.LoadTable(ctx, src.Reader, draw.Options(src))
	} else {
		err = f.table.Refresh(ctx, src.Reader, ch)
	}
	if err != nil {
		return err
	}
	newest, err := f.table.View(ctx, src.Reader, report.ViewQuery{Now: src.Now})
	if err != nil {
		return err
	}
	f.metric.key = f.table.Primary()
	f.metric.direction, f.metric.guessed = f.table.Directions().Of(f.metric.key)
	field := query.Field{Kind: query.Metric, Key: f.metric.key, Agg: "last"}
	column := f.table.Column(field)
	rank := func(row int32) ranked {
		return ranked{RunHead: f.table.Head(row, src.Now), value: f.table.Cell(row, column, src.Now)}
	}
	if f.metric.direction != "" {
		keys := []query.Key{{Field: field, Desc: f.metric.direction == "max"}}
		best, err := f.table.View(ctx, src.Reader, report.ViewQuery{Now: src.Now, Sort: keys})
		if err != nil {
			return err
		}
		var ids []string
		for _, row := range best[:min(len(best), maxBest)] {
			if r := rank(row); r.value.Have {
				f.best, ids = append(f.best, r), append(ids, r.ID)
			}
		}
		q.Key = f.metric.key
		series, err := report.LoadCurves(ctx, src.Reader, draw.Options(src), ids, q)
		if err != nil {
			return err
		}
		for i := range f.best {
			f.best[i].series = series[i]
		}
	}
	if f.metric.key != "" {
		if err := f.table.Load(ctx, src.Reader, []report.Column{column}); err != nil {
			return err
		}
	}
	for _, row := range newest[:min(len(newest), maxNewest)] {
		f.newest = append(f.newest, rank(row))
	}
	return nil
}
