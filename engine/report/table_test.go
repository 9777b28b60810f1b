package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"pace/engine/query"
	"pace/store"
)

func parse(t testing.TB, table *Table, src string) *query.Expr {
	t.Helper()
	e, err := query.Parse(src, query.Options{Now: noon, Names: table.Names()})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func sortBy(t testing.TB, table *Table, src string) []query.Key {
	t.Helper()
	keys, err := query.ParseSort(src, query.Options{Now: noon, Names: table.Names()})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func view(t testing.TB, table *Table, r *store.Reader, filter, sort string) []string {
	t.Helper()
	rows, err := table.View(t.Context(), r, ViewQuery{Filter: parse(t, table, filter), Sort: sortBy(t, table, sort), Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = table.ID(row)
	}
	return ids
}

func four() []told {
	return []told{
		{id: "aa", name: "tree-1", status: "finished", ago: 4 * time.Hour, params: map[string]string{"lr": "0.1", "kind": "tree"}, metrics: map[string][]float64{"auc": {0.5, 0.9, 0.8}}},
		{id: "bb", name: "tree-2", status: "finished", ago: 3 * time.Hour, params: map[string]string{"lr": "1e-3", "kind": "tree"}, metrics: map[string][]float64{"auc": {0.5, 0.7}}},
		{id: "cc", name: "net", status: "failed", ago: 2 * time.Hour, params: map[string]string{"lr": "auto", "kind": "net"}, metrics: map[string][]float64{"auc": {math.NaN()}}},
		{id: "dd", name: "empty", status: "running", ago: time.Hour, tags: map[string]string{"note": "look"}},
	}
}

func TestView(t *testing.T) {
	db := openStore(t)
	putRuns(t, db, four()...)
	table, err := LoadTable(t.Context(), db.Reader(), options())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		filter, sort string
		want         []string
	}{
		{"", "", []string{"dd", "cc", "bb", "aa"}},
		{"metrics.auc > 0.75", "", []string{"aa"}},
		{"metrics.auc.max > 0.6", "", []string{"bb", "aa"}},
		{"params.kind = 'tree' and status = 'FINISHED'", "", []string{"bb", "aa"}},
		{"look", "", []string{"dd"}},
		{"has:auc", "", []string{"cc", "bb", "aa"}},
		{"tag:look", "", []string{"dd"}},
		{"", "auc", []string{"bb", "aa", "cc", "dd"}},
		{"", "-auc", []string{"aa", "bb", "cc", "dd"}},
		{"", "auc.best DESC", []string{"aa", "bb", "cc", "dd"}},
		{"", "lr", []string{"bb", "aa", "cc", "dd"}},
		{"", "kind DESC, -lr", []string{"aa", "bb", "cc", "dd"}},
		{"", "status", []string{"cc", "bb", "aa", "dd"}},
		{"", "start_time", []string{"aa", "bb", "cc", "dd"}},
	} {
		if got := view(t, table, db.Reader(), c.filter, c.sort); !slices.Equal(got, c.want) {
			t.Errorf("view %q by %q = %v, want %v", c.filter, c.sort, got, c.want)
		}
	}
}

func TestRefreshReadsOnlyWhatChanged(t *testing.T) {
	db := openStore(t)
	putRuns(t, db, four()...)
	table, err := LoadTable(t.Context(), db.Reader(), options())
	if err != nil {
		t.Fatal(err)
	}
	before := view(t, table, db.Reader(), "", "-auc")
	row, _ := table.Row("bb")
	change := apply(t, db, func(tx *store.Tx) error {
		if err := tx.AppendPoints("bb", "auc", false, store.Points{Steps: []int64{2}, Times: []int64{noon.UnixMicro()}, Values: []float64{0.99}}); err != nil {
			return err
		}
		if err := tx.DeleteRun("aa"); err != nil {
			return err
		}
		return told{id: "ee", name: "new", status: "finished", ago: time.Minute, params: map[string]string{"lr": "5"}, metrics: map[string][]float64{"auc": {0.6}}}.put(tx)
	})
	if err := table.Refresh(t.Context(), db.Reader(), change); err != nil {
		t.Fatal(err)
	}
	got := view(t, table, db.Reader(), "", "-auc")
	if want := []string{"bb", "ee", "cc", "dd"}; !slices.Equal(got, want) {
		t.Errorf("after the change %v, want %v (before %v)", got, want, before)
	}
	if again, _ := table.Row("bb"); again != row {
		t.Errorf("the row of a run moved from %d to %d", row, again)
	}
	whole, err := LoadTable(t.Context(), db.Reader(), options())
	if err != nil {
		t.Fatal(err)
	}
	for _, sort := range []string{"", "auc", "lr", "-start_time"} {
		if a, b := view(t, table, db.Reader(), "", sort), view(t, whole, db.Reader(), "", sort); !slices.Equal(a, b) {
			t.Errorf("by %q the refreshed table says %v, a fresh one %v", sort, a, b)
		}
	}
}

func TestPeoplesMarksReachTheTable(t *testing.T) {
	db := openStore(t)
	putRuns(t, db, four()...)
	table, err := LoadTable(t.Context(), db.Reader(), options())
	if err != nil {
		t.Fatal(err)
	}
	if d, guessed := table.Directions().Of("auc"); d != "max" || !guessed {
		t.Errorf("auc is %q, guessed %v", d, guessed)
	}
	change := apply(t, db, func(tx *store.Tx) error {
		return tx.ReplaceProjection(nil,
			[]store.Note{{ID: "n1", Subject: "curve:cc/auc@0", Actor: "me", Text: "leak?", Time: noon}},
			[]store.Mark{
				{Subject: "run:aa", Kind: "archive", Actor: "me", Time: noon},
				{Subject: "run:bb", Kind: "tag", Key: "keep", Value: "yes", Actor: "me", Time: noon},
				{Subject: "metric:auc", Kind: "direction", Key: "auc", Value: "min", Actor: "me", Time: noon},
			},
			map[string]bool{"run:aa": true, "run:bb": true, "run:cc": true})
	})
	if err := table.Refresh(t.Context(), db.Reader(), change); err != nil {
		t.Fatal(err)
	}
	for filter, want := range map[string][]string{
		"": {"dd", "cc", "bb"}, "tags.keep = 'yes'": {"bb"}, "leak": {"cc"}, "note:leak": {"cc"},
	} {
		if got := view(t, table, db.Reader(), filter, ""); !slices.Equal(got, want) {
			t.Errorf("view %q = %v, want %v", filter, got, want)
		}
	}
	if d, guessed := table.Directions().Of("auc"); d != "min" || guessed {
		t.Errorf("after the mark auc is %q, guessed %v", d, guessed)
	}
}

// TestTableIsSafeForSeveralGoroutines draws cells while runs change and views are made; the race detector judges.
func TestTableIsSafeForSeveralGoroutines(t *testing.T) {
	db := openStore(t)
	putRuns(t, db, four()...)
	table, err := LoadTable(t.Context(), db.Reader(), options())
	if err != nil {
		t.Fatal(err)
	}
	columns, err := table.DefaultColumns(t.Context(), db.Reader())
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for range 200 {
			for _, c := range columns {
				table.Cell(0, c, noon)
			}
			table.Head(0, noon)
			table.Names()
		}
	})
	wg.Go(func() {
		for i := range 20 {
			change := store.Change{Runs: map[string]bool{"aa": true}, Subjects: map[string]bool{"run:aa": true}, All: i%5 == 0}
			if err := table.Refresh(t.Context(), db.Reader(), change); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Go(func() {
		for range 20 {
			if _, err := table.Select(t.Context(), db.Reader(), RunsQuery{Filter: "tree", Sort: "-lr"}); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
}

// TestSortIsTheLanguages compares the columns' order with query.Key.Compare, which knows nothing of columns.
func TestSortIsTheLanguages(t *testing.T) {
	table := randomTable(500)
	for _, src := range []string{"lr", "-lr", "metrics.auc", "metrics.auc DESC", "status", "duration DESC", "run_name", "experiment, -metrics.auc.min", "tags.team, -lr"} {
		keys := sortBy(t, table, src)
		q := ViewQuery{Sort: keys, Now: noon}
		rows := table.filtered(q)
		want := slices.Clone(rows)
		a, b := &tableRow{t: table, now: options().Moment}, &tableRow{t: table, now: options().Moment}
		slices.SortStableFunc(want, func(x, y int32) int {
			a.row, b.row = x, y
			for _, k := range keys {
				if c := k.Compare(a, b); c != 0 {
					return c
				}
			}
			return 0
		})
		got, err := table.sorted(t.Context(), rows, q)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("sort %q differs from the language's own", src)
		}
	}
}

// randomTable is a table in memory with the values that sorting trips over.
func randomTable(n int) *Table {
	rng := rand.New(rand.NewPCG(1, 2))
	t := newTable(options())
	t.dirs = newDirections(options(), nil, nil)
	auc, lr, team := newNumColumn(n), newTextColumn(n), newTextColumn(n)
	traps := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1)}
	texts := []string{"nan", "inf", "-Inf", "1e-3", "0.001", "auto", "", "0x10", "1_000", "+2", "-", "é"}
	statuses := []string{"running", "finished", "failed", "killed", "unknown", "queued"}
	for i := range n {
		run := store.Run{ID: fmt.Sprintf("run%05d", i), Name: fmt.Sprintf("name %d", rng.IntN(n)), Status: statuses[rng.IntN(len(statuses))], Experiment: fmt.Sprint(rng.IntN(3))}
		run.Started = noon.Add(-time.Duration(rng.IntN(1e6)) * time.Second)
		run.Ended = run.Started.Add(time.Duration(rng.IntN(5000)) * time.Second)
		row, _ := t.rows.put(run)
		v := rng.Float64()
		if rng.IntN(10) == 0 {
			v = traps[rng.IntN(len(traps))]
		}
		if rng.IntN(8) > 0 {
			p := store.Point{Value: v}
			auc.set(row, store.Summary{N: 1, Last: p, Min: p, Max: p, First: p, Sum: v})
		}
		if rng.IntN(8) > 0 {
			lr.set(row, fmt.Sprintf("%.4g", rng.ExpFloat64()))
		} else if rng.IntN(2) == 0 {
			lr.set(row, texts[rng.IntN(len(texts))])
		}
		team.set(row, []string{"blue", "red", "10", "9"}[rng.IntN(4)])
	}
	t.rows.experiments = map[string]store.Experiment{"0": {Name: "zero"}, "1": {Name: "one"}}
	t.cols.metrics["auc"], t.cols.params["lr"], t.cols.tags["team"] = auc, lr, team
	t.keys = tableKeys{metrics: []store.KeyCount{{Key: "auc", Runs: n}}, params: []store.KeyCount{{Key: "lr", Runs: n}}, tags: []store.KeyCount{{Key: "team", Runs: n}}}
	t.rows.reorder()
	return t
}

func BenchmarkFilter100k(b *testing.B) {
	table := randomTable(100_000)
	for _, src := range []string{"metrics.auc > 0.9", "auc > 0.5 and lr < 1 and status = 'FINISHED'", "name 77", "team:red -auc:>0.5"} {
		q := ViewQuery{Filter: parse(b, table, src), Now: noon}
		b.Run(src, func(b *testing.B) {
			for b.Loop() {
				table.filtered(q)
			}
		})
	}
}

func BenchmarkSort100k(b *testing.B) {
	table := randomTable(100_000)
	for _, src := range []string{"-auc", "lr", "run_name", "status, -auc", "duration"} {
		q := ViewQuery{Sort: sortBy(b, table, src), Now: noon}
		rows := table.filtered(q)
		b.Run(src, func(b *testing.B) {
			for b.Loop() {
				if _, err := table.sorted(b.Context(), rows, q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
