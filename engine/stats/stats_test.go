package stats

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

type golden struct {
	Name             string
	Values           []float64
	Sum, Mean, Var   float64
	Skew, Kurt       *float64
	Mad              float64
	Quantiles        []float64
	Distinct, Unique int64
	Edges            []float64
	Counts           []int64
}

func near(a, b, rel float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= rel*math.Max(math.Abs(a), math.Abs(b))+1e-12
}

func orNaN(p *float64) float64 {
	if p == nil {
		return math.NaN()
	}
	return *p
}

func keysOf(xs []float64) []uint64 {
	keys := make([]uint64, len(xs))
	for i, x := range xs {
		keys[i] = SortableBits(x)
	}
	return keys
}

func rowsOf(from, n int) []uint64 {
	rows := make([]uint64, n)
	for i := range rows {
		rows[i] = Mix(uint64(from+i) + 1)
	}
	return rows
}

// The expected values were computed with pandas (testdata/pandas.json says which).
func TestPandas(t *testing.T) {
	raw, err := os.ReadFile("testdata/pandas.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Sets []golden }
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	for _, g := range doc.Sets {
		for _, limits := range []Limits{DefaultLimits(), {Distinct: 2, Tracked: 4, Values: 1000}} {
			var m Moments
			v := NewNumbers(limits)
			for i := 0; i < len(g.Values); i += 7 {
				part := g.Values[i:min(i+7, len(g.Values))]
				m.Add(part)
				v.AddNumbers(keysOf(part), rowsOf(i, len(part)))
			}
			d := v.Distribution()
			check := func(what string, got, want, rel float64) {
				if !near(got, want, rel) {
					t.Errorf("%s %s = %v, want %v", g.Name, what, got, want)
				}
			}
			check("sum", m.Sum(), g.Sum, 1e-14)
			check("mean", m.Mean(), g.Mean, 1e-14)
			check("variance", m.Variance(), g.Var, 1e-9)
			check("skewness", m.Skewness(), orNaN(g.Skew), 1e-6)
			check("kurtosis", m.Kurtosis(), orNaN(g.Kurt), 1e-6)
			check("mad", d.MAD(), g.Mad, 1e-12)
			for i, p := range []float64{0, .01, .05, .25, .5, .75, .95, .99, 1} {
				check(fmt.Sprint("quantile ", p), d.Quantile(p), g.Quantiles[i], 1e-14)
			}
			if n, _ := d.Distinct(); n != g.Distinct {
				t.Errorf("%s distinct = %d, want %d", g.Name, n, g.Distinct)
			}
			if n, _ := d.Unique(); n != g.Unique {
				t.Errorf("%s unique = %d, want %d", g.Name, n, g.Unique)
			}
			edges := Edges(g.Quantiles[0], g.Quantiles[8], 10)
			if got := d.Histogram(edges); !slices.Equal(got, g.Counts) {
				t.Errorf("%s histogram = %v, want %v", g.Name, got, g.Counts)
			}
			for i, e := range edges {
				check("edge", e, g.Edges[i], 1e-14)
			}
		}
	}
}

func TestMomentsMergeLaw(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		xs := make([]float64, 3+rng.IntN(200))
		for i := range xs {
			xs[i] = math.Exp(rng.NormFloat64()) * 100
		}
		var whole, left, right Moments
		whole.Add(xs)
		cut := rng.IntN(len(xs))
		left.Add(xs[:cut])
		right.Add(xs[cut:])
		a, b := left, right
		a.Merge(right)
		b.Merge(left)
		for _, m := range []Moments{a, b} {
			if m.N != whole.N || !near(m.Mean(), whole.Mean(), 1e-12) || !near(m.M2, whole.M2, 1e-10) ||
				!near(m.M3, whole.M3, 1e-8) || !near(m.M4, whole.M4, 1e-8) || !near(m.Sum(), whole.Sum(), 1e-13) {
				t.Fatalf("merged %+v, whole %+v", m, whole)
			}
		}
	}
}

func TestMomentsInfinite(t *testing.T) {
	var m Moments
	m.Add([]float64{1, math.Inf(1), 3})
	if !math.IsInf(m.Mean(), 1) || !math.IsInf(m.Sum(), 1) || !math.IsNaN(m.Std()) || !math.IsNaN(m.Skewness()) {
		t.Errorf("with +Inf: mean %v sum %v std %v skewness %v", m.Mean(), m.Sum(), m.Std(), m.Skewness())
	}
}

func TestSortableBits(t *testing.T) {
	xs := []float64{math.Inf(-1), -1e300, -1.5, -5e-324, 0, 5e-324, 1, 1.0000001, 1e300, math.Inf(1), math.NaN()}
	for i, x := range xs {
		if y := FromSortableBits(SortableBits(x)); y != x && !(x != x && y != y) {
			t.Errorf("round trip of %v gives %v", x, y)
		}
		if i > 0 && SortableBits(xs[i-1]) >= SortableBits(x) {
			t.Errorf("%v not before %v", xs[i-1], x)
		}
	}
	if SortableBits(math.Copysign(0, -1)) != SortableBits(0) {
		t.Error("-0 and +0 differ")
	}
}

func TestSortKeys(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for n := range 300 {
		keys := make([]uint64, n)
		for i := range keys {
			keys[i] = rng.Uint64() >> rng.IntN(64)
		}
		want := slices.Clone(keys)
		slices.Sort(want)
		SortKeys(keys, nil)
		if !slices.Equal(keys, want) {
			t.Fatalf("n=%d not sorted", n)
		}
	}
}

func TestEnvelopeKeepsSpikes(t *testing.T) {
	n := 100_003
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = float64(i), math.Sin(float64(i)/1000)
	}
	y[31_337], y[77_777] = 50, -60
	y[10], y[20], y[30] = math.NaN(), math.Inf(1), math.Inf(-1)
	e := MakeEnvelope(x, y, 97)
	lo, hi, ok := e.Range()
	if !ok || lo != -60 || hi != 50 {
		t.Errorf("range %v..%v", lo, hi)
	}
	if e.Bands[0].Marks != HasNaN|HasPosInf|HasNegInf {
		t.Errorf("marks %b", e.Bands[0].Marks)
	}
	total := 0
	for c, b := range e.Bands {
		total += b.N
		if b.Min > b.Mean || b.Mean > b.Max {
			t.Errorf("band %d: %+v", c, b)
		}
	}
	if total != n-3 {
		t.Errorf("%d points in bands, want %d", total, n-3)
	}
	if e := MakeEnvelope([]float64{5}, []float64{2}, 10); e.Bands[0].N != 1 {
		t.Errorf("one point: %+v", e.Bands)
	}
	if e := MakeEnvelope(nil, nil, 10); len(e.Bands) != 0 {
		t.Errorf("no point: %+v", e.Bands)
	}
}

// Closed form: weight 0.5 over 0, 1: (0.25*0+0.5*1)/0.75.
func TestSmooth(t *testing.T) {
	got := Smooth([]float64{0, 1, math.NaN(), 1}, 0.5)
	want := []float64{0, 0.5 / 0.75, math.NaN(), 0.75 / 0.875}
	for i := range want {
		if !near(got[i], want[i], 1e-15) {
			t.Errorf("smoothed %v, want %v", got, want)
		}
	}
	if got := Smooth([]float64{4, 4, 4}, 0.9); !slices.Equal(got, []float64{4, 4, 4}) {
		t.Errorf("constant series moved: %v", got)
	}
}
