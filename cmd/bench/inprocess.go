//go:build linux

package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pace/engine/query"
	"pace/engine/report"
	"pace/store"
	"pace/themes"
	"pace/tui/widget"
)

// fill puts n runs with some params and one-point metrics into an index.
func fill(db *store.DB, n, metrics int) error {
	ctx := context.Background()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	const batch = 1000
	for from := 0; from < n; from += batch {
		_, err := db.Writer().Apply(ctx, func(tx *store.Tx) error {
			if err := tx.PutExperiment(store.Experiment{ID: "exp", NativeID: "1", Name: "bulk", Format: "mlflow-fs"}); err != nil {
				return err
			}
			for i := from; i < min(n, from+batch); i++ {
				if err := fillRun(tx, i, metrics, start); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func fillRun(tx *store.Tx, i, metrics int, start time.Time) error {
	id := fmt.Sprintf("run%013d", i)
	at := start.Add(time.Duration(i) * time.Minute)
	r := store.Run{ID: id, NativeID: id, Experiment: "exp", Name: fmt.Sprintf("run-%d", i), Status: "finished", Format: "mlflow-fs", Source: "mlruns"}
	r.Started, r.Ended = at, at.Add(time.Hour)
	if err := tx.PutRun(r); err != nil {
		return err
	}
	for p := range 10 {
		if err := tx.PutParam(id, store.KV{Key: fmt.Sprintf("p%d", p), Value: fmt.Sprint(i % (p + 2))}); err != nil {
			return err
		}
	}
	for k := range metrics {
		v := math.Sin(float64(i*7+k)) + float64(k)
		pts := store.Points{Steps: []int64{1}, Times: []int64{at.UnixMicro()}, Values: []float64{v}}
		if err := tx.AppendPoints(id, fmt.Sprintf("m%02d", k), false, pts); err != nil {
			return err
		}
	}
	return nil
}

// tables measures a table of 100,000 runs in memory, as the screen holds it.
func (b *bench) tables() error {
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(b.dir, "100k.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := fill(db, 100_000, 20); err != nil {
		return err
	}
	g := b.group("100,000 runs x 20 metrics x 10 params")
	opts := report.Options{Moment: report.Moment{Now: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), Zone: time.UTC}}
	var t *report.Table
	ds, err := repeat(3, func() (err error) { t, err = report.LoadTable(ctx, db.Reader(), opts); return err })
	if err != nil {
		return err
	}
	g.times("load the headers", 0, ds)
	ds, err = repeat(5, func() error { _, err := db.Reader().TopRuns(ctx, "m07", true, 50); return err })
	if err != nil {
		return err
	}
	g.times("top 50 by a metric, by the covering index", time.Millisecond, ds)
	if err := g.views(ctx, db.Reader(), t); err != nil {
		return err
	}
	g.cursor()
	return b.longSeries(ctx)
}

// views measures sorting and filtering once the columns are in memory.
func (g group) views(ctx context.Context, r *store.Reader, t *report.Table) error {
	names := query.Options{Names: t.Names(), Now: time.Now()}
	sort, err := query.ParseSort("-m07", names)
	if err != nil {
		return err
	}
	expr, err := query.Parse("m03 > 3.2 and p4 = '2'", names)
	if err != nil {
		return err
	}
	for _, q := range []struct {
		what   string
		budget time.Duration
		view   report.ViewQuery
	}{
		{"sort by a metric", 150 * time.Millisecond, report.ViewQuery{Sort: sort}},
		{"filter keystroke to rows", 80 * time.Millisecond, report.ViewQuery{Filter: expr}},
		{"filter and sort", 150 * time.Millisecond, report.ViewQuery{Filter: expr, Sort: sort}},
	} {
		if _, err := t.View(ctx, r, q.view); err != nil {
			return err
		}
		ds, err := repeat(9, func() error { _, err := t.View(ctx, r, q.view); return err })
		if err != nil {
			return err
		}
		g.times(q.what, q.budget, ds)
	}
	return nil
}

func look() widget.Look {
	theme, _ := themes.Find("dark", true, themes.Profile256)
	return widget.Look{Theme: theme, Glyphs: widget.Braille()}
}

// cursor measures a cursor move in a table of 100,000 rows.
func (g group) cursor() {
	t := widget.Table{Rows: 100_000, Focus: true}
	for c := range 8 {
		t.Columns = append(t.Columns, widget.Column{Title: fmt.Sprintf("C%d", c), Align: widget.AlignPoint, Min: 8})
	}
	t.Cell = func(row, col int) widget.Cell {
		return widget.Value(themes.Fg, widget.KindNum, float64(row*col)/7)
	}
	l := look()
	r := testing.Benchmark(func(tb *testing.B) {
		tb.ReportAllocs()
		for i := range tb.N {
			t.Move(1 - 2*(i/2%2))
			t.Lines(l, 120, 38)
		}
	})
	g.add("cursor move, drawn at 120x40", 200, figure{value: float64(r.NsPerOp()) / 1000, unit: "us", note: fmt.Sprintf(" (%d allocations)", r.AllocsPerOp())})
}

// longSeries measures a series of a million points from the store to a drawn chart.
func (b *bench) longSeries(ctx context.Context) error {
	db, err := store.Open(ctx, filepath.Join(b.dir, "long.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	const n = 1_000_000
	pts := store.Points{Steps: make([]int64, n), Times: make([]int64, n), Values: make([]float64, n)}
	for i := range n {
		pts.Steps[i], pts.Times[i] = int64(i), 1_700_000_000_000_000+int64(i)*50_000
		pts.Values[i] = math.Sin(float64(i)/7e4) + 0.1*math.Sin(float64(i)*1.7)
	}
	start := time.Now()
	_, err = db.Writer().Apply(ctx, func(tx *store.Tx) error {
		if err := fillRun(tx, 1, 0, time.Unix(1_700_000_000, 0)); err != nil {
			return err
		}
		return tx.AppendPoints("run0000000000001", "loss", false, pts)
	})
	if err != nil {
		return err
	}
	g := b.group("a series of 1 M points")
	g.add("write", 0, figure{value: time.Since(start).Seconds(), unit: "s"})
	if info, err := os.Stat(filepath.Join(b.dir, "long.db")); err == nil {
		g.add("bytes a point", 12, figure{value: float64(info.Size()) / n, unit: "B"})
	}
	chart := widget.Chart{}
	ds, err := repeat(5, func() error {
		s, err := report.LoadSeries(ctx, db.Reader(), report.Options{}, report.SeriesQuery{Run: "run0000000000001", Key: "loss", Width: 240})
		if err != nil {
			return err
		}
		chart.Curves = []widget.Curve{{Name: "loss", Buckets: buckets(s.Curve)}}
		chart.Touch()
		chart.Lines(look(), 120, 30)
		return nil
	})
	if err != nil {
		return err
	}
	g.times("store to drawn chart", 150*time.Millisecond, ds)
	return nil
}

func buckets(c report.Curve) []widget.Bucket {
	out := make([]widget.Bucket, 0, len(c.Columns))
	for i, col := range c.Columns {
		if col.N > 0 {
			out = append(out, widget.Bucket{X: c.From + float64(i)*(c.To-c.From)/float64(len(c.Columns)), Min: col.Min, Max: col.Max, Last: col.Last})
		}
	}
	return out
}

// view measures six charts of 50,000 points each, decimated once, drawn anew and drawn again unchanged.
func (b *bench) view() error {
	charts := make([]widget.Chart, 6)
	for i := range charts {
		var bs []widget.Bucket
		for x := range 264 {
			v := math.Sin(float64(x+i*10) / 20)
			bs = append(bs, widget.Bucket{X: float64(x * 190), Min: v - .1, Max: v + .1, Last: v})
		}
		charts[i] = widget.Chart{Title: "loss", Curves: []widget.Curve{{Name: "a", Buckets: bs}}}
	}
	l := look()
	draw := func() {
		for i := range charts {
			charts[i].Lines(l, 66, 29)
		}
	}
	g := b.group("six charts of 50,000 points on 200x60")
	changed := testing.Benchmark(func(tb *testing.B) {
		tb.ReportAllocs()
		for range tb.N {
			for i := range charts {
				charts[i].Touch()
			}
			draw()
		}
	})
	same := testing.Benchmark(func(tb *testing.B) {
		tb.ReportAllocs()
		for range tb.N {
			draw()
		}
	})
	g.add("drawn anew", 1000, figure{value: float64(changed.NsPerOp()) / 1000, unit: "us"})
	g.add("drawn anew, allocations", 50, figure{value: float64(changed.AllocsPerOp()), unit: ""})
	g.add("unchanged", 1, figure{value: float64(same.NsPerOp()) / 1000, unit: "us"})
	return nil
}
