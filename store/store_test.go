package store_test

import (
	"errors"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pace/store"
	"pace/store/storetest"
)

var noon = time.Date(2026, 5, 6, 12, 0, 0, 123_000, time.UTC)

func check(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s\n got %+v\nwant %+v", what, got, want)
	}
}

func must[T any](t *testing.T) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// odd is text that must come back byte for byte.
const odd = "a\x00b\xff\n\x1b[31m'\"é"

func everyFact(t *testing.T) (store.Run, store.Experiment) {
	t.Helper()
	dirty := true
	run := store.Run{
		ID: "r1", NativeID: "n1", Source: "mlruns", Format: "mlflow-fs", Experiment: "e1", Parent: "r0", Name: odd,
		Status: "running", Native: "RUNNING", Deleted: true, Missing: true, ArtifactDir: "s3://x",
		Span:   store.Span{Started: noon, Ended: noon.Add(time.Hour), Active: noon.Add(time.Minute)},
		Origin: store.Origin{User: "u", Host: "h", Command: "c", Commit: "abc", Branch: "main", Dirty: &dirty},
	}
	exp := store.Experiment{
		ID: "e1", NativeID: "1", Name: odd, Source: "mlruns", Format: "mlflow-fs", Deleted: true, Created: noon,
		Updated: noon.Add(time.Second), Artifact: "file:///x", PrimaryMetric: "loss", Direction: "min",
	}
	return run, exp
}

func TestHeadersComeBack(t *testing.T) {
	db, ctx := storetest.Open(t), t.Context()
	run, exp := everyFact(t)
	bare := store.Run{ID: "r2"}
	put := func(tx *store.Tx) error {
		return errors.Join(tx.PutExperiment(exp), tx.PutRun(run), tx.PutRun(bare),
			tx.PutParam("r1", store.KV{Key: "z", Value: odd}), tx.PutParam("r1", store.KV{Key: odd, Value: ""}),
			tx.PutTag("r1", store.KV{Key: "z", Value: "1"}))
	}
	change := storetest.Apply(t, db, put)
	if !change.All || !change.Run("r1") {
		t.Errorf("change is %+v", change)
	}
	r := db.Reader()
	check(t, "experiments", must[[]store.Experiment](t)(r.Experiments(ctx)), []store.Experiment{exp})
	check(t, "runs", must[[]store.Run](t)(r.Runs(ctx)), []store.Run{run, bare})
	check(t, "runs of a source", must[[]string](t)(r.RunsOf(ctx, run.Source)), []string{run.ID})
	check(t, "params", must[[]store.KV](t)(r.Params(ctx, "r1")), []store.KV{{Key: odd}, {Key: "z", Value: odd}})
	check(t, "tags", must[[]store.KV](t)(r.Tags(ctx, "r1")), []store.KV{{Key: "z", Value: "1"}})
	if got, ok, err := r.Run(ctx, "r1"); err != nil || !ok || !reflect.DeepEqual(got, run) {
		t.Errorf("run is %+v %v %v", got, ok, err)
	}
	if _, ok, err := r.Run(ctx, "nobody"); ok || err != nil {
		t.Errorf("unknown run: %v %v", ok, err)
	}
	if change := storetest.Apply(t, db, put); !change.Empty() {
		t.Errorf("telling the same again changed %+v", change)
	}
}

func TestRunHeaderIsReplacedAndActiveGrows(t *testing.T) {
	db, ctx := storetest.Open(t), t.Context()
	run := store.Run{ID: "r", Name: "a", Span: store.Span{Active: noon}}
	storetest.Apply(t, db, func(tx *store.Tx) error { return tx.PutRun(run) })
	run.Name, run.Active = "b", noon.Add(-time.Hour)
	change := storetest.Apply(t, db, func(tx *store.Tx) error { return tx.PutRun(run) })
	check(t, "changed", change.RunIDs(), []string{"r"})
	got, _, err := db.Reader().Run(ctx, "r")
	if err != nil || got.Name != "b" || !got.Active.Equal(noon) {
		t.Errorf("run is %+v %v", got, err)
	}
	storetest.Apply(t, db, func(tx *store.Tx) error {
		return tx.AppendPoints("r", "m", false, storetest.Curve(3, noon, func(s int) float64 { return 0 }))
	})
	if got, _, _ = db.Reader().Run(ctx, "r"); !got.Active.Equal(noon.Add(2 * time.Second)) {
		t.Errorf("active is %v after a point two seconds later", got.Active)
	}
}

func TestAFailedApplyLeavesNothing(t *testing.T) {
	db, ctx := storetest.Open(t), t.Context()
	bad := errors.New("no")
	change, err := db.Writer().Apply(ctx, func(tx *store.Tx) error {
		p := storetest.Curve(5000, noon, func(int) float64 { return 1 })
		return errors.Join(tx.PutRun(store.Run{ID: "r"}), tx.AppendPoints("r", "new name", false, p), bad)
	})
	if !errors.Is(err, bad) || !change.Empty() {
		t.Fatalf("apply gave %+v, %v", change, err)
	}
	if runs := must[[]store.Run](t)(db.Reader().Runs(ctx)); len(runs) != 0 {
		t.Errorf("runs left: %v", runs)
	}
	storetest.Apply(t, db, func(tx *store.Tx) error {
		return errors.Join(tx.PutRun(store.Run{ID: "r"}), tx.PutParam("r", store.KV{Key: "other"}),
			tx.AppendPoints("r", "new name", false, storetest.Curve(1, noon, func(int) float64 { return 1 })))
	})
	keys := must[[]store.KeyCount](t)(db.Reader().MetricKeys(ctx))
	check(t, "keys", keys, []store.KeyCount{{Key: "new name", Runs: 1}})
}

func TestAPanicRollsBack(t *testing.T) {
	db := storetest.Open(t)
	func() {
		defer func() { _ = recover() }()
		_, _ = db.Writer().Apply(t.Context(), func(tx *store.Tx) error {
			_ = tx.PutRun(store.Run{ID: "r"})
			panic("boom")
		})
	}()
	storetest.Apply(t, db, func(tx *store.Tx) error { return tx.PutRun(store.Run{ID: "s"}) })
	runs := must[[]store.Run](t)(db.Reader().Runs(t.Context()))
	check(t, "runs", runs, []store.Run{{ID: "s"}})
}

func TestFactsMayComeBeforeTheHeader(t *testing.T) {
	db, ctx := storetest.Open(t), t.Context()
	storetest.Apply(t, db, func(tx *store.Tx) error { return tx.PutParam("r", store.KV{Key: "k", Value: "v"}) })
	if runs := must[[]store.Run](t)(db.Reader().Runs(ctx)); len(runs) != 0 {
		t.Errorf("a run without a header shows: %v", runs)
	}
	storetest.Apply(t, db, func(tx *store.Tx) error {
		if _, _, ok, err := tx.RunOwner("r"); ok || err != nil {
			t.Errorf("owner before the header: %v %v", ok, err)
		}
		return tx.PutRun(store.Run{ID: "r", Source: "a"})
	})
	storetest.Apply(t, db, func(tx *store.Tx) error {
		if source, missing, ok, err := tx.RunOwner("r"); source != "a" || missing || !ok || err != nil {
			t.Errorf("owner is %q %v %v %v", source, missing, ok, err)
		}
		return nil
	})
	check(t, "params", must[[]store.KV](t)(db.Reader().Params(ctx, "r")), []store.KV{{Key: "k", Value: "v"}})
}

func TestDeleteRunForgetsAllOfIt(t *testing.T) {
	db, ctx := storetest.Open(t), t.Context()
	storetest.Fill(t, db, 2, 3000)
	change := storetest.Apply(t, db, func(tx *store.Tx) error { return tx.DeleteRun(storetest.RunID(0)) })
	check(t, "changed", change.RunIDs(), []string{storetest.RunID(0)})
	r := db.Reader()
	for _, keys := range [][]store.KeyCount{
		must[[]store.KeyCount](t)(r.MetricKeys(ctx)), must[[]store.KeyCount](t)(r.ParamKeys(ctx)), must[[]store.KeyCount](t)(r.TagKeys(ctx)),
	} {
		if len(keys) != 1 || keys[0].Runs != 1 {
			t.Errorf("keys are %v", keys)
		}
	}
	if _, ok, err := r.Series(ctx, storetest.RunID(0), "loss"); ok || err != nil {
		t.Errorf("series of a deleted run: %v %v", ok, err)
	}
	if s, ok, err := r.Series(ctx, storetest.RunID(1), "loss"); !ok || err != nil || len(s.Values) != 3000 {
		t.Errorf("series of the other run: %v %v", ok, err)
	}
}

func TestTags(t *testing.T) {
	db, ctx := storetest.Open(t), t.Context()
	storetest.Fill(t, db, 1, 1)
	id := storetest.RunID(0)
	change := storetest.Apply(t, db, func(tx *store.Tx) error {
		return errors.Join(tx.PutTag(id, store.KV{Key: "team", Value: "green"}), tx.PutTag(id, store.KV{Key: "x", Value: "y"}))
	})
	if !change.Run(id) {
		t.Error("a new value is no change")
	}
	check(t, "tags", must[[]store.KV](t)(db.Reader().Tags(ctx, id)), []store.KV{{Key: "team", Value: "green"}, {Key: "x", Value: "y"}})
	storetest.Apply(t, db, func(tx *store.Tx) error {
		return errors.Join(tx.DeleteTag(id, "team"), tx.DeleteTag(id, "none"), tx.DeleteTag("nobody", "x"))
	})
	check(t, "tags", must[[]store.KV](t)(db.Reader().Tags(ctx, id)), []store.KV{{Key: "x", Value: "y"}})
	check(t, "keys", must[[]store.KeyCount](t)(db.Reader().TagKeys(ctx)), []store.KeyCount{{Key: "x", Runs: 1}})
}

func TestColumnsAndTop(t *testing.T) {
	db, ctx := storetest.Open(t), t.Context()
	storetest.Fill(t, db, 20, 10)
	r := db.Reader()
	storetest.Apply(t, db, func(tx *store.Tx) error {
		nan := storetest.Curve(1, noon, func(int) float64 { return math.NaN() })
		return errors.Join(tx.PutRun(store.Run{ID: "deleted", Deleted: true}), tx.PutRun(store.Run{ID: "nan"}),
			tx.AppendPoints("deleted", "loss", false, storetest.Curve(1, noon, func(int) float64 { return 1e9 })),
			tx.AppendPoints("nan", "loss", false, nan))
	})
	best := must[[]store.Summary](t)(r.TopRuns(ctx, "loss", true, 2))
	if len(best) != 2 || best[0].Run != storetest.RunID(19) || best[1].Run != storetest.RunID(18) || best[0].Last.Value != 19.1 {
		t.Errorf("greatest: %+v", best)
	}
	least := must[[]store.Summary](t)(r.TopRuns(ctx, "loss", false, 1))
	if len(least) != 1 || least[0].Run != storetest.RunID(0) {
		t.Errorf("least: %+v", least)
	}
	n, sum := 0, 0.0
	err := r.MetricColumn(ctx, "loss", func(run string, s store.Summary) error {
		if s.Run != run || s.Key != "loss" {
			t.Errorf("summary of %s is %+v", run, s)
		}
		if n++; s.N == 10 {
			sum += s.First.Value
		}
		return nil
	})
	if err != nil || n != 22 || sum != 20+19*20/2 {
		t.Errorf("column: %d runs, sum %v, %v", n, sum, err)
	}
	values := map[string]string{}
	err = errors.Join(r.ParamColumn(ctx, "lr", func(run, v string) error { values[run] = v; return nil }),
		r.TagColumn(ctx, "team", func(run, v string) error { values[run] += " " + v; return nil }))
	if err != nil || len(values) != 20 || values[storetest.RunID(3)] != "0.003 blue" {
		t.Errorf("columns: %v %v", values, err)
	}
	stop := errors.New("stop")
	if err := r.ParamColumn(ctx, "lr", func(string, string) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("a callback's error became %v", err)
	}
}

func TestChangeOfManyRunsIsAll(t *testing.T) {
	db := storetest.Open(t)
	change := storetest.Apply(t, db, func(tx *store.Tx) error {
		for i := range 1500 {
			if err := tx.PutRun(store.Run{ID: storetest.RunID(i)}); err != nil {
				return err
			}
		}
		return nil
	})
	if !change.All || change.Runs != nil {
		t.Errorf("change of 1,500 runs: all %v, %d ids", change.All, len(change.Runs))
	}
}

func TestSecondReaderSeesCommits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache", "pace.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r, err := store.OpenReader(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	before := must[int64](t)(r.DataVersion(t.Context()))
	if again := must[int64](t)(r.DataVersion(t.Context())); again != before {
		t.Errorf("version moved from %d to %d by itself", before, again)
	}
	storetest.Apply(t, db, func(tx *store.Tx) error { return tx.PutMeta("k", "v") })
	if after := must[int64](t)(r.DataVersion(t.Context())); after == before {
		t.Errorf("version stays %d after a commit", after)
	}
	if v, ok, err := r.Meta(t.Context(), "k"); v != "v" || !ok || err != nil {
		t.Errorf("meta is %q %v %v", v, ok, err)
	}
}

func TestErrorsNameTheirNoun(t *testing.T) {
	db := storetest.Open(t)
	_, err := db.Writer().Apply(t.Context(), func(tx *store.Tx) error {
		return tx.AppendPoints("r", "k", false, store.Points{Values: []float64{1}})
	})
	if err == nil || !strings.HasPrefix(err.Error(), "append points: ") {
		t.Errorf("slices of different lengths: %v", err)
	}
}

func TestExperimentsOfAStoreThatMoved(t *testing.T) {
	db := storetest.Open(t)
	storetest.Apply(t, db, func(tx *store.Tx) error {
		return errors.Join(tx.PutSource(store.Source{Path: "old/meta.yaml", Format: "f"}), tx.PutSource(store.Source{Path: "kept/meta.yaml", Format: "f"}),
			tx.PutExperiment(store.Experiment{ID: "old", Name: "a", Source: "old/meta.yaml"}),
			tx.PutExperiment(store.Experiment{ID: "kept", Name: "b", Source: "kept/meta.yaml"}),
			tx.PutExperiment(store.Experiment{ID: "new", Name: "c", Source: "new/meta.yaml"}),
			tx.PutRun(store.Run{ID: "r", Source: "kept/r", Experiment: "kept"}),
			tx.MarkMissing("old/meta.yaml", true), tx.MarkMissing("kept/meta.yaml", true))
	})
	var names []string
	for _, e := range must[[]store.Experiment](t)(db.Reader().Experiments(t.Context())) {
		names = append(names, e.Name)
	}
	check(t, "experiments", names, []string{"b", "c"})
}
