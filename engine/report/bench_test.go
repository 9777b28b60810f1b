package report

import (
	"fmt"
	"testing"
	"time"

	"pace/store"
)

// manyRuns fills a store with n finished runs of five metrics and five params, one still running.
func manyRuns(b *testing.B, n int) *store.DB {
	b.Helper()
	db := openStore(b)
	apply(b, db, func(tx *store.Tx) error {
		for i := range n {
			r := told{id: fmt.Sprintf("run%06d", i), name: fmt.Sprintf("name-%d", i), status: "finished", ago: time.Duration(i) * time.Minute}
			if i == 0 {
				r.status, r.ago = "running", time.Second
			}
			r.params, r.metrics = map[string]string{}, map[string][]float64{}
			for k := range 5 {
				r.params[fmt.Sprintf("p%d", k)] = fmt.Sprint(i * k % 97)
				r.metrics[fmt.Sprintf("m%d", k)] = []float64{1, float64(i*k%1009) / 1009}
			}
			if err := r.put(tx); err != nil {
				return err
			}
		}
		return nil
	})
	return db
}

func BenchmarkLoad10kRuns(b *testing.B) {
	db := manyRuns(b, 10_000)
	b.Run("table with default columns", func(b *testing.B) {
		for b.Loop() {
			table, err := LoadTable(b.Context(), db.Reader(), options())
			if err == nil {
				_, err = table.DefaultColumns(b.Context(), db.Reader())
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("overview", func(b *testing.B) {
		for b.Loop() {
			if _, err := LoadOverview(b.Context(), db.Reader(), options(), OverviewQuery{Width: 40}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("counts of the header", func(b *testing.B) {
		for b.Loop() {
			if _, err := LoadCounts(b.Context(), db.Reader(), options()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("every run in full", func(b *testing.B) {
		for b.Loop() {
			if _, err := LoadRuns(b.Context(), db.Reader(), options(), RunsQuery{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	table, err := LoadTable(b.Context(), db.Reader(), options())
	if err != nil {
		b.Fatal(err)
	}
	if _, err := table.DefaultColumns(b.Context(), db.Reader()); err != nil {
		b.Fatal(err)
	}
	b.Run("refresh of one run", func(b *testing.B) {
		for b.Loop() {
			if err := table.Refresh(b.Context(), db.Reader(), store.Change{Runs: map[string]bool{"run000000": true}}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
