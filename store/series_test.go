package store_test

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"testing"

	"pace/store"
	"pace/store/storetest"
)

var nan = math.NaN()

func appendAll(t *testing.T, db *store.DB, key string, ps ...store.Points) (store.SeriesPoints, store.Summary) {
	t.Helper()
	for _, p := range ps {
		storetest.Apply(t, db, func(tx *store.Tx) error {
			return errors.Join(tx.PutRun(store.Run{ID: "r"}), tx.AppendPoints("r", key, false, p))
		})
	}
	s, ok, err := db.Reader().Series(t.Context(), "r", key)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	for _, sum := range must[[]store.Summary](t)(db.Reader().Summaries(t.Context(), "r")) {
		if sum.Key == key {
			return s, sum
		}
	}
	t.Fatal("no summary of", key)
	return s, store.Summary{}
}

// TestLatestOfUnorderedSeries expects what Python's max over (step, timestamp, value) gives, which is how
// MLflow's FileStore chooses; NaN compares as false both ways, so there the first stays.
func TestLatestOfUnorderedSeries(t *testing.T) {
	for i, c := range []struct {
		steps, times []int64
		values       []float64
		want         int
	}{
		{[]int64{3, 1, 2}, []int64{1, 2, 3}, []float64{1, 2, 3}, 0},
		{[]int64{1, 1, 1}, []int64{2, 3, 1}, []float64{1, 2, 3}, 1},
		{[]int64{1, 1, 1}, []int64{1, 1, 1}, []float64{1, 3, 2}, 1},
		{[]int64{1, 1, 1}, []int64{1, 1, 1}, []float64{nan, 3, 9}, 0},
		{[]int64{1, 1, 1}, []int64{1, 1, 1}, []float64{3, nan, 2}, 0},
		{[]int64{1, 2, 1}, []int64{1, 1, 1}, []float64{3, nan, 2}, 1},
		{[]int64{1, 1, 1}, []int64{1, 1, 1}, []float64{math.Inf(-1), 0, math.Inf(1)}, 2},
		{[]int64{store.NoStep, -5, store.NoStep}, []int64{9, 1, store.NoTime}, []float64{1, 2, 3}, 1},
	} {
		p := store.Points{Steps: c.steps, Times: c.times, Values: c.values, Unordered: true}
		key := fmt.Sprint("whole", i)
		db := storetest.Open(t)
		_, whole := appendAll(t, db, key, p)
		_, split := appendAll(t, db, key+"split", cut(p, 0, 1), cut(p, 1, 2), cut(p, 2, 3))
		for _, s := range []store.Summary{whole, split} {
			want := store.Point{Step: c.steps[c.want], Time: c.times[c.want], Value: c.values[c.want]}
			if fmt.Sprint(s.Last) != fmt.Sprint(want) || s.Segments != 1 {
				t.Errorf("case %d: latest is %v of %d segments, want %v", i, s.Last, s.Segments, want)
			}
		}
	}
}

func cut(p store.Points, i, j int) store.Points {
	return store.Points{Steps: p.Steps[i:j], Times: p.Times[i:j], Values: p.Values[i:j], Unordered: p.Unordered}
}

func TestRestartsOpenSegments(t *testing.T) {
	none := store.NoStep
	steps := []int64{1, 2, 2, 3, 1, 2, none, 1, 0, none, none}
	want := []int32{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2}
	p := storetest.Curve(len(steps), noon, func(s int) float64 { return float64(s) })
	p.Steps = steps
	whole, sum := appendAll(t, storetest.Open(t), "m", p)
	if sum.Segments != 3 || !reflect.DeepEqual(whole.Segment, want) || sum.Last.Value != 10 {
		t.Errorf("segments %v of %+v", whole.Segment, sum)
	}
	var single []store.Points
	for i := range steps {
		single = append(single, cut(p, i, i+1))
	}
	if split, _ := appendAll(t, storetest.Open(t), "m", single...); !reflect.DeepEqual(split, whole) {
		t.Errorf("split gives\n%+v\nwhole\n%+v", split, whole)
	}
	p.Unordered = true
	if s, sum := appendAll(t, storetest.Open(t), "m", p); s.Segment != nil || sum.Segments != 1 {
		t.Errorf("unordered series has segments: %+v", sum)
	}
}

func TestSummaryLeavesOutWhatIsNotFinite(t *testing.T) {
	p := storetest.Curve(6, noon, func(s int) float64 {
		return []float64{nan, math.Inf(1), 2, -3, math.Inf(-1), nan}[s]
	})
	_, s := appendAll(t, storetest.Open(t), "m", p)
	if s.N != 6 || s.NaN != 2 || s.Inf != 2 || s.Sum != -1 || s.Min.Value != -3 || s.Min.Step != 3 ||
		s.Max.Value != 2 || s.Max.Step != 2 || !math.IsNaN(s.First.Value) || !math.IsNaN(s.Last.Value) {
		t.Errorf("summary is %+v", s)
	}
	_, s = appendAll(t, storetest.Open(t), "m", storetest.Curve(2, noon, func(int) float64 { return nan }))
	if !math.IsNaN(s.Min.Value) || !math.IsNaN(s.Max.Value) || s.Min.Step != store.NoStep || s.Sum != 0 {
		t.Errorf("summary without a finite value is %+v", s)
	}
}

// TestAnySplitEqualsOneRead appends one series in pieces of many sizes, around the chunks' ends too.
func TestAnySplitEqualsOneRead(t *testing.T) {
	p := storetest.Curve(5000, noon, func(s int) float64 { return math.Sin(float64(s)) })
	whole, _ := appendAll(t, storetest.Open(t), "m", p)
	check(t, "points", whole.Points, p)
	for _, size := range []int{1, 7, 1023, 1024, 1025, 2048, 4999} {
		db := storetest.Open(t)
		for i := 0; i < 5000; {
			storetest.Apply(t, db, func(tx *store.Tx) error {
				for k := 0; k < 100 && i < 5000; k++ { // a hundred calls a transaction
					j := min(i+size, 5000)
					if err := tx.AppendPoints("r", "m", false, cut(p, i, j)); err != nil {
						return err
					}
					i = j
				}
				return nil
			})
		}
		got, ok, err := db.Reader().Series(t.Context(), "r", "m")
		if err != nil || !ok || !reflect.DeepEqual(got, whole) {
			t.Errorf("pieces of %d: %v %v %+v", size, ok, err, got.Summary)
		}
	}
}

// TestMoreSeriesThanFitInMemory makes a transaction write its open tails midway and go on.
func TestMoreSeriesThanFitInMemory(t *testing.T) {
	db := storetest.Open(t)
	p := storetest.Curve(900, noon, func(s int) float64 { return float64(s) })
	storetest.Apply(t, db, func(tx *store.Tx) error {
		for _, half := range []store.Points{cut(p, 0, 450), cut(p, 450, 900)} {
			for i := range 700 {
				if err := tx.AppendPoints("r", fmt.Sprint("k", i), true, half); err != nil {
					return err
				}
			}
		}
		return nil
	})
	keys := must[[]store.KeyCount](t)(db.Reader().MetricKeys(t.Context()))
	if len(keys) != 700 || keys[3].Runs != 1 || !keys[3].System {
		t.Fatalf("%d keys, %+v", len(keys), keys[3])
	}
	for i := range 700 {
		s, ok, err := db.Reader().Series(t.Context(), "r", fmt.Sprint("k", i))
		if err != nil || !ok || !reflect.DeepEqual(s.Points, p) {
			t.Fatal(i, ok, err, len(s.Values))
		}
	}
}

func TestResetSeries(t *testing.T) {
	db, ctx := storetest.Open(t), t.Context()
	p := storetest.Curve(3000, noon, func(s int) float64 { return float64(s) })
	other := storetest.Curve(10, noon, func(int) float64 { return 7 })
	storetest.Apply(t, db, func(tx *store.Tx) error {
		return errors.Join(tx.PutRun(store.Run{ID: "r"}), tx.AppendPoints("r", "a", false, p), tx.AppendPoints("r", "b", true, p),
			tx.ResetSeries("r", "a"), tx.AppendPoints("r", "a", false, other), tx.ResetSeries("none", ""), tx.ResetSeries("r", "none"))
	})
	a, _, _ := db.Reader().Series(ctx, "r", "a")
	b, _, _ := db.Reader().Series(ctx, "r", "b")
	if !reflect.DeepEqual(a.Points, other) || !reflect.DeepEqual(b.Points, p) {
		t.Errorf("a has %d points, b %d", len(a.Values), len(b.Values))
	}
	change := storetest.Apply(t, db, func(tx *store.Tx) error { return tx.ResetSeries("r", "") })
	if keys := must[[]store.KeyCount](t)(db.Reader().MetricKeys(ctx)); len(keys) != 0 || !change.Run("r") {
		t.Errorf("left: %v, change %+v", keys, change)
	}
}
