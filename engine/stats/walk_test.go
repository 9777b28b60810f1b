package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestWalkEqualsCounting compares Below, Ends and EachNumber with the sorted values, with a table and with kept keys.
func TestWalkEqualsCounting(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	for _, limits := range []Limits{DefaultLimits(), {Distinct: 10, Tracked: 8, Values: 10_000}} {
		xs := make([]float64, 3000)
		keys := make([]uint64, len(xs))
		for i := range xs {
			xs[i] = float64(rng.IntN(200) - 100)
			keys[i] = SortableBits(xs[i])
		}
		v := NewNumbers(limits)
		v.AddNumbers(keys, rowsOf(0, len(keys)))
		d := v.Distribution()
		slices.Sort(xs)
		for range 100 {
			x := float64(rng.IntN(220)-110) / 2
			less, notMore := d.Below(x)
			i, _ := slices.BinarySearch(xs, x)
			j, _ := slices.BinarySearch(xs, math.Nextafter(x, math.Inf(1)))
			if less != int64(i) || notMore != int64(j) {
				t.Fatalf("below %v: %d and %d, want %d and %d", x, less, notMore, i, j)
			}
		}
		var all []float64
		d.EachNumber(func(x float64, n int64) {
			for range n {
				all = append(all, x)
			}
		})
		if !slices.Equal(all, xs) {
			t.Error("the values are not those that were added")
		}
		low, high := d.Ends(3)
		if len(low) != 3 || len(high) != 3 || d.at(low[0].Key) != xs[0] || d.at(high[0].Key) != xs[len(xs)-1] || d.at(low[1].Key) <= xs[0] {
			t.Errorf("ends %v %v", low, high)
		}
		_, upTo := d.Below(xs[0])
		if low[0].Count != upTo {
			t.Errorf("the smallest stands %d times, want %d", low[0].Count, upTo)
		}
	}
}

// TestSievedTopBounds cuts skewed numbers into parts of any size and holds that every count is low by the bound at most.
func TestSievedTopBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	zipf := rand.NewZipf(rng, 1.1, 1, 1_000_000)
	limits := Limits{Distinct: 500, Tracked: 500, Values: 3000}
	for range 3 {
		truth := map[uint64]int64{}
		parts := []*Values{NewNumbers(limits), NewNumbers(limits), NewNumbers(limits)}
		const n = 150_000
		for i := 0; i < n; {
			keys := make([]uint64, 1+rng.IntN(4000))
			for j := range keys {
				keys[j] = SortableBits(float64(zipf.Uint64()))
				truth[keys[j]]++
			}
			parts[rng.IntN(3)].AddNumbers(keys, rowsOf(i, len(keys)))
			i += len(keys)
		}
		parts[1].Merge(parts[2])
		parts[0].Merge(parts[1])
		top, bound := parts[0].Distribution().Top(20)
		if len(top) < 10 || bound <= 0 || bound > 3*n/int64(limits.Tracked) {
			t.Fatalf("%d values, bound %d", len(top), bound)
		}
		for _, k := range top {
			if want := truth[k.Key]; k.Count > want || k.Count+bound < want {
				t.Errorf("%d (+%d), want %d", k.Count, bound, want)
			}
		}
	}
}

func TestBenjaminiHochberg(t *testing.T) {
	// The example of the paper's section 3.2: 15 p-values, four are rejected at 0.05.
	p := []float64{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0}
	rejected := BenjaminiHochberg(append(p, math.NaN()), 0.05)
	for i, r := range rejected {
		if r != (i < 4) {
			t.Errorf("hypothesis %d: %v", i, r)
		}
	}
}

func TestWilson(t *testing.T) {
	// statsmodels' proportion_confint(k, n, method="wilson")
	for _, w := range []struct {
		k, n      int64
		low, high float64
	}{{0, 10, 0, 0.2775327998628892}, {5, 10, 0.236593090512564, 0.763406909487436}, {77, 1500, 0.041267385200304804, 0.06369145729927139}} {
		low, high := Wilson(w.k, w.n)
		within(t, "low", low, w.low, 1e-9)
		within(t, "high", high, w.high, 1e-9)
	}
}

// TestDetrend: what is left of a line is nothing.
func TestDetrend(t *testing.T) {
	x := make([]float64, 100)
	for i := range x {
		x[i] = 3 - 0.25*float64(i)
	}
	for _, v := range Detrend(x) {
		within(t, "rest", v, 0, 1e-12)
	}
}
