package report

import (
	"path/filepath"
	"testing"
	"time"

	"pace/store"
)

// noon is the moment of every test.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func options() Options { return Options{Moment: Moment{Now: noon}, Project: "flights"} }

func openStore(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "pace.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func apply(t testing.TB, db *store.DB, fn func(tx *store.Tx) error) store.Change {
	t.Helper()
	change, err := db.Writer().Apply(t.Context(), fn)
	if err != nil {
		t.Fatal(err)
	}
	return change
}

// told is one run as a test tells it.
type told struct {
	id, name, status string
	ago              time.Duration // since its start
	params, tags     map[string]string
	metrics          map[string][]float64 // one point a second from the start, steps from 0
}

func (r told) put(tx *store.Tx) error {
	started := noon.Add(-r.ago)
	run := store.Run{ID: r.id, NativeID: "native-" + r.id, Source: "mlruns", Format: "mlflow-fs", Experiment: "e1", Name: r.name, Status: r.status}
	run.Started = started
	if r.status != "running" {
		run.Ended = started.Add(time.Minute)
	}
	if err := tx.PutRun(run); err != nil {
		return err
	}
	for k, v := range r.params {
		if err := tx.PutParam(r.id, store.KV{Key: k, Value: v}); err != nil {
			return err
		}
	}
	for k, v := range r.tags {
		if err := tx.PutTag(r.id, store.KV{Key: k, Value: v}); err != nil {
			return err
		}
	}
	for k, values := range r.metrics {
		p := store.Points{Values: values}
		for i := range values {
			p.Steps = append(p.Steps, int64(i))
			p.Times = append(p.Times, started.Add(time.Duration(i)*time.Second).UnixMicro())
		}
		if err := tx.AppendPoints(r.id, k, false, p); err != nil {
			return err
		}
	}
	return nil
}

func putRuns(t testing.TB, db *store.DB, runs ...told) store.Change {
	t.Helper()
	return apply(t, db, func(tx *store.Tx) error {
		if err := tx.PutExperiment(store.Experiment{ID: "e1", NativeID: "1", Name: "late", Source: "mlruns", Format: "mlflow-fs"}); err != nil {
			return err
		}
		for _, r := range runs {
			if err := r.put(tx); err != nil {
				return err
			}
		}
		return nil
	})
}
