package store_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pace/store"
	"pace/store/storetest"
)

// noisy is what a training loop logs: a falling loss with noise, about a second apart.
func noisy(n int, seed uint64) store.Points {
	rng := rand.New(rand.NewPCG(seed, 1))
	at := storetest.Start.UnixMicro()
	p := storetest.Curve(n, storetest.Start, func(s int) float64 { return math.Exp(-float64(s)/1e4) + 0.1*rng.NormFloat64() })
	for i := range p.Times {
		at += 1_000_000 + rng.Int64N(20_000)
		p.Times[i] = at
	}
	return p
}

func single(p store.Points) store.Points {
	for i, v := range p.Values {
		p.Values[i] = float64(float32(v))
	}
	return p
}

func rounded(p store.Points) store.Points {
	for i, v := range p.Values {
		p.Values[i] = math.Round(v*1e4) / 1e4
		p.Times[i] -= p.Times[i] % 1000
	}
	return p
}

func part(p store.Points, i, j int) store.Points {
	return store.Points{Steps: p.Steps[i:j], Times: p.Times[i:j], Values: p.Values[i:j]}
}

func perPoint(b *testing.B, points int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(points), "ns/point")
}

// BenchmarkAppend writes whole transactions of ten series in batches of 1,000 points.
func BenchmarkAppend(b *testing.B) {
	for _, c := range []struct {
		name string
		p    store.Points
	}{{"float64", noisy(100_000, 1)}, {"float32", single(noisy(100_000, 1))}, {"decimal", rounded(noisy(100_000, 1))}} {
		b.Run(c.name, func(b *testing.B) {
			db := storetest.Open(b)
			points := 0
			for i := 0; b.Loop(); i++ {
				storetest.Apply(b, db, func(tx *store.Tx) error {
					for j := 0; j < 100_000; j += 1000 {
						if err := tx.AppendPoints(storetest.RunID(i), fmt.Sprint("k", j/10_000), false, part(c.p, j, j+1000)); err != nil {
							return err
						}
					}
					return nil
				})
				points += 100_000
			}
			perPoint(b, points)
		})
	}
}

// BenchmarkAppendSmallSeries writes a hundred runs of 30 series of 200 points, a point a call, as a folder of
// MLflow files is read.
func BenchmarkAppendSmallSeries(b *testing.B) {
	p := noisy(200, 2)
	db := storetest.Open(b)
	points := 0
	for i := 0; b.Loop(); i++ {
		storetest.Apply(b, db, func(tx *store.Tx) error {
			for run := range 100 {
				id := storetest.RunID(i*100 + run)
				for k := range 30 {
					key := fmt.Sprint("metric", k)
					for j := range 200 {
						if err := tx.AppendPoints(id, key, false, part(p, j, j+1)); err != nil {
							return err
						}
					}
				}
			}
			return nil
		})
		points += 100 * 30 * 200
	}
	perPoint(b, points)
}

// BenchmarkAppendInterleaved writes a point to each of 30,000 series in turn.
func BenchmarkAppendInterleaved(b *testing.B) {
	p := noisy(64, 2)
	keys := make([]string, 30)
	for k := range keys {
		keys[k] = fmt.Sprint("metric", k)
	}
	db := storetest.Open(b)
	points := 0
	for b.Loop() {
		storetest.Apply(b, db, func(tx *store.Tx) error {
			for j := range 8 {
				for run := range 1000 {
					for _, key := range keys {
						if err := tx.AppendPoints(storetest.RunID(run), key, false, part(p, j, j+1)); err != nil {
							return err
						}
					}
				}
			}
			return nil
		})
		points += 8 * 30_000
	}
	perPoint(b, points)
}

// BenchmarkAppendLive is what a run that is watched costs each second: a point to each of 20 series.
func BenchmarkAppendLive(b *testing.B) {
	db := storetest.Open(b)
	p := noisy(100_000, 3)
	for i := 0; b.Loop(); i++ {
		j := i % 100_000
		storetest.Apply(b, db, func(tx *store.Tx) error {
			for k := range 20 {
				if err := tx.AppendPoints("run", fmt.Sprint("k", k), false, part(p, j, j+1)); err != nil {
					return err
				}
			}
			return tx.PutSource(store.Source{Path: "mlruns", Format: "mlflow-fs", Cursor: []byte("cursor")})
		})
	}
}

func BenchmarkSeries(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		for _, kind := range []string{"float64", "float32", "decimal"} {
			b.Run(fmt.Sprint(kind, "/", n), func(b *testing.B) {
				p := noisy(n, 4)
				switch kind {
				case "float32":
					p = single(p)
				case "decimal":
					p = rounded(p)
				}
				db := storetest.Open(b)
				storetest.Apply(b, db, func(tx *store.Tx) error { return tx.AppendPoints("r", "k", false, p) })
				for b.Loop() {
					s, ok, err := db.Reader().Series(b.Context(), "r", "k")
					if err != nil || !ok || len(s.Values) != n {
						b.Fatal(len(s.Values), ok, err)
					}
				}
			})
		}
	}
}

const manyRuns = 100_000

func fillMany(b *testing.B, db *store.DB) {
	dirty := false
	for from := 0; from < manyRuns; from += 1000 {
		storetest.Apply(b, db, func(tx *store.Tx) error {
			for i := from; i < from+1000; i++ {
				if err := fillOne(tx, i, &dirty); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func fillOne(tx *store.Tx, i int, dirty *bool) error {
	id := storetest.RunID(i)
	start := storetest.Start.Add(time.Duration(i*7919%manyRuns) * time.Second)
	err := tx.PutRun(store.Run{
		ID: id, NativeID: "0123456789abcdef0123456789abcdef" + id, Source: "mlruns", Format: "mlflow-fs", Experiment: fmt.Sprint("exp", i%10),
		Name: "brave-fox-" + id, Status: "finished", Native: "FINISHED", ArtifactDir: "file:///home/ada/mlruns/1/" + id + "/artifacts",
		Span:   store.Span{Started: start, Ended: start.Add(time.Minute), Active: start},
		Origin: store.Origin{User: "ada", Host: "node1", Command: "train.py", Commit: fmt.Sprintf("%040d", i/10), Dirty: dirty},
	})
	if err != nil {
		return err
	}
	for k := range 10 {
		if err := tx.PutParam(id, store.KV{Key: fmt.Sprint("param", k), Value: fmt.Sprint(i * k)}); err != nil {
			return err
		}
	}
	p := storetest.Curve(1, start, func(int) float64 { return float64(i*31%manyRuns) / 7 })
	for k := range 10 {
		if err := tx.AppendPoints(id, fmt.Sprint("metric", k), false, p); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkManyRuns asks an index of 100,000 runs with ten params and ten metrics each.
func BenchmarkManyRuns(b *testing.B) {
	db := storetest.Open(b)
	start := time.Now()
	fillMany(b, db)
	b.Logf("filled in %v", time.Since(start))
	r, ctx := db.Reader(), b.Context()
	b.Run("Runs", func(b *testing.B) {
		for b.Loop() {
			if runs, err := r.Runs(ctx); err != nil || len(runs) != manyRuns {
				b.Fatal(len(runs), err)
			}
		}
	})
	b.Run("TopRuns", func(b *testing.B) {
		for b.Loop() {
			if best, err := r.TopRuns(ctx, "metric5", true, 50); err != nil || len(best) != 50 {
				b.Fatal(len(best), err)
			}
		}
	})
	b.Run("MetricColumn", func(b *testing.B) {
		for b.Loop() {
			n := 0
			err := r.MetricColumn(ctx, "metric5", func(string, store.Summary) error { n++; return nil })
			if err != nil || n != manyRuns {
				b.Fatal(n, err)
			}
		}
	})
	b.Run("ParamColumn", func(b *testing.B) {
		for b.Loop() {
			n := 0
			err := r.ParamColumn(ctx, "param5", func(string, string) error { n++; return nil })
			if err != nil || n != manyRuns {
				b.Fatal(n, err)
			}
		}
	})
	b.Run("MetricKeys", func(b *testing.B) {
		for b.Loop() {
			if keys, err := r.MetricKeys(ctx); err != nil || len(keys) != 10 {
				b.Fatal(keys, err)
			}
		}
	})
	b.Run("Summaries", func(b *testing.B) {
		for b.Loop() {
			if all, err := r.Summaries(ctx, storetest.RunID(777)); err != nil || len(all) != 10 {
				b.Fatal(len(all), err)
			}
		}
	})
	b.Run("Params", func(b *testing.B) {
		for b.Loop() {
			if all, err := r.Params(ctx, storetest.RunID(777)); err != nil || len(all) != 10 {
				b.Fatal(len(all), err)
			}
		}
	})
}
