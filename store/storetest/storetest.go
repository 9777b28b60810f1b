// Package storetest opens and fills indexes for other packages' tests. It must not know what they test.
package storetest

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"pace/store"
)

// Open opens a new index in the test's own folder and closes it when the test ends.
func Open(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "pace.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// Apply runs fn in one transaction and fails the test where it fails.
func Apply(t testing.TB, db *store.DB, fn func(*store.Tx) error) store.Change {
	t.Helper()
	change, err := db.Writer().Apply(t.Context(), fn)
	if err != nil {
		t.Fatal(err)
	}
	return change
}

// Start is when the first run of Fill started.
var Start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// RunID is the id of the i-th run of Fill.
func RunID(i int) string { return fmt.Sprintf("run%05d", i) }

// Fill puts n finished runs of one experiment into the index, an hour apart from Start on, each with the
// param "lr" (i/1000), the tag "team" ("red" or "blue") and a metric "loss" of points points: at step s,
// s seconds after the start, 1/(s+1) + i.
func Fill(t testing.TB, db *store.DB, n, points int) {
	t.Helper()
	Apply(t, db, func(tx *store.Tx) error {
		err := tx.PutExperiment(store.Experiment{ID: "exp1", NativeID: "1", Name: "flights", Source: "mlruns", Format: "mlflow-fs"})
		if err != nil {
			return err
		}
		for i := range n {
			if err := fillRun(tx, i, points); err != nil {
				return err
			}
		}
		return nil
	})
}

func fillRun(tx *store.Tx, i, points int) error {
	id, start := RunID(i), Start.Add(time.Duration(i)*time.Hour)
	err := tx.PutRun(store.Run{
		ID: id, NativeID: id, Source: "mlruns", Format: "mlflow-fs", Experiment: "exp1",
		Name: fmt.Sprintf("brave-fox-%d", i), Status: "finished", Native: "FINISHED",
		Span:   store.Span{Started: start, Ended: start.Add(10 * time.Minute)},
		Origin: store.Origin{User: "ada", Host: "node1", Commit: "0123456789abcdef0123456789abcdef01234567"},
	})
	if err != nil {
		return err
	}
	if err := tx.PutParam(id, store.KV{Key: "lr", Value: fmt.Sprint(float64(i) / 1000)}); err != nil {
		return err
	}
	if err := tx.PutTag(id, store.KV{Key: "team", Value: []string{"red", "blue"}[i%2]}); err != nil {
		return err
	}
	return tx.AppendPoints(id, "loss", false, Curve(points, start, func(s int) float64 { return 1/float64(s+1) + float64(i) }))
}

// Curve is a series of n points, a second apart from start on, whose value at step s is f(s).
func Curve(n int, start time.Time, f func(step int) float64) store.Points {
	p := store.Points{Steps: make([]int64, n), Times: make([]int64, n), Values: make([]float64, n)}
	for s := range n {
		p.Steps[s], p.Times[s], p.Values[s] = int64(s), start.UnixMicro()+int64(s)*1_000_000, f(s)
	}
	return p
}
