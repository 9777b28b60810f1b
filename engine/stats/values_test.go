package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"sort"
	"testing"
)

// answers is everything a Distribution says that must not depend on the cut or the order of the parts.
type answers struct {
	N, Distinct, Unique int64
	Quantiles           []float64
	Top                 []KeyCount
}

func answersOf(d *Distribution, top int) answers {
	a := answers{N: d.N()}
	a.Distinct, _ = d.Distinct()
	a.Unique, _ = d.Unique()
	for p := 0.0; p <= 1; p += 0.05 {
		a.Quantiles = append(a.Quantiles, d.Quantile(p))
	}
	a.Top, _ = d.Top(top)
	return a
}

func TestValuesMergeIsOrderFree(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, limits := range []Limits{{Distinct: 1000, Tracked: 64, Values: 5000}, {Distinct: 20, Tracked: 64, Values: 50_000}, {Distinct: 20, Tracked: 64, Values: 100}} {
		xs := make([]float64, 6000)
		for i := range xs {
			xs[i] = math.Floor(math.Exp(rng.NormFloat64() * 2))
		}
		parts := func() []*Values {
			var vs []*Values
			for i := 0; i < len(xs); i += 1500 {
				v := NewNumbers(limits)
				v.AddNumbers(keysOf(xs[i:i+1500]), rowsOf(i, 1500))
				vs = append(vs, v)
			}
			return vs
		}
		a, b := parts(), parts()
		a[0].Merge(a[1])
		a[0].Merge(a[2])
		a[0].Merge(a[3])
		b[3].Merge(b[1])
		b[2].Merge(b[0])
		b[3].Merge(b[2])
		got, want := answersOf(b[3].Distribution(), 1), answersOf(a[0].Distribution(), 1)
		if a[0].Exact() {
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%+v: merged %+v, other order %+v", limits, got, want)
			}
			continue
		}
		if got.N != want.N || got.Distinct != want.Distinct || got.Unique != want.Unique {
			t.Errorf("%+v: counts %+v, other order %+v", limits, got, want)
		}
	}
}

// Sketch answers are compared with the exact ones of the sorted data.
func TestSketchBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	shapes := map[string]func(i int) float64{
		"lognormal": func(int) float64 { return math.Exp(rng.NormFloat64() * 3) },
		"narrow":    func(int) float64 { return 1000 + rng.Float64() },
		"ascending": func(i int) float64 { return float64(i) - 150_000 },
		"mixed":     func(int) float64 { return rng.NormFloat64() * math.Pow(10, float64(rng.IntN(6))) },
	}
	for name, shape := range shapes {
		const n = 300_000
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = shape(i)
		}
		limits := Limits{Distinct: 1000, Tracked: 256, Sample: 1 << 18, Values: 20_000}
		a, b := NewNumbers(limits), NewNumbers(limits)
		for i := 0; i < n; i += 5000 {
			v := a
			if i/5000%3 == 1 {
				v = b
			}
			v.AddNumbers(keysOf(xs[i:i+5000]), rowsOf(i, 5000))
		}
		a.Merge(b)
		d := a.Distribution()
		slices.Sort(xs)
		if d.Exact() || d.N() != n {
			t.Fatalf("%s: exact %v, n %d", name, d.Exact(), d.N())
		}
		distinct := int64(len(slices.Compact(slices.Clone(xs))))
		if got, rel := d.Distinct(); math.Abs(float64(got-distinct)) > 5*rel*float64(distinct) {
			t.Errorf("%s: distinct %d, want %d", name, got, distinct)
		}
		if got, se := d.Unique(); math.Abs(float64(got)-float64(distinct)) > 5*se+1 {
			t.Errorf("%s: unique %d, want %d within 5 x %v", name, got, distinct, se)
		}
		for p := 0.01; p < 1; p += 0.01 {
			got := d.Quantile(p)
			want := xs[int(math.Round(p*(n-1)))]
			if math.Abs(got-want) > 2*LogLinearError*math.Abs(want)*1.01 {
				t.Errorf("%s: quantile %.2f = %v, want %v", name, p, got, want)
			}
			rank := float64(sort.SearchFloat64s(xs, got)) / n
			if math.Abs(rank-p) > 0.005 {
				t.Errorf("%s: quantile %.2f has rank %.4f", name, p, rank)
			}
		}
	}
}

func TestLogLinearRank(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	var l LogLinear
	xs := make([]float64, 20_000)
	for i := range xs {
		xs[i] = rng.NormFloat64() * 100
	}
	l.Add(keysOf(xs))
	slices.Sort(xs)
	for range 200 {
		x := rng.NormFloat64() * 100
		want := int64(sort.SearchFloat64s(xs, x))
		if lo, hi := l.Rank(x); lo > want || hi < want {
			t.Fatalf("rank of %v in [%d, %d], want %d", x, lo, hi, want)
		}
	}
}

func TestHLLBounds(t *testing.T) {
	for _, n := range []int{0, 1, 100, 5000, 20_000, 200_000, 1_000_000} {
		var a, b, both HLL
		for i := range n {
			h := []uint64{Mix(uint64(i) + 1)}
			both.Add(h)
			if i%3 == 0 {
				a.Add(h)
			} else {
				b.Add(h)
			}
		}
		a.Merge(&b)
		if a.Estimate() != both.Estimate() {
			t.Errorf("n=%d: merged %v, whole %v", n, a.Estimate(), both.Estimate())
		}
		if d := math.Abs(a.Estimate() - float64(n)); d > 5*HLLError*float64(n) {
			t.Errorf("n=%d: estimate %v", n, a.Estimate())
		}
	}
}

func TestTopBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	zipf := rand.NewZipf(rng, 1.1, 1, 1_000_000)
	truth := map[string]int64{}
	limits := Limits{Distinct: 500, Tracked: 500, Values: 1000}
	v := NewTexts(limits)
	const n = 200_000
	for i := 0; i < n; i += 1000 {
		var data []byte
		var hashes []uint64
		var start, end []uint32
		for range 1000 {
			k := zipf.Uint64()
			s := fmt.Sprint("user-", k)
			truth[s]++
			hashes = append(hashes, Mix(k+1))
			start = append(start, uint32(len(data)))
			data = append(data, s...)
			end = append(end, uint32(len(data)))
		}
		v.AddTexts(hashes, rowsOf(i, 1000), data, start, end)
	}
	top, bound := v.Distribution().Top(20)
	if len(top) != 20 || bound <= 0 || bound > n/int64(limits.Tracked) {
		t.Fatalf("%d values, bound %d", len(top), bound)
	}
	for _, kc := range top {
		if want := truth[kc.Text]; kc.Count > want || kc.Count+bound < want {
			t.Errorf("%s: %d (+%d), want %d", kc.Text, kc.Count, bound, want)
		}
	}
}

func BenchmarkEnvelope(b *testing.B) {
	for _, n := range []int{50_000, 1_000_000} {
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i], y[i] = float64(i), math.Sin(float64(i))
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				MakeEnvelope(x, y, 400)
			}
		})
	}
}

func BenchmarkNumbers(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, c := range []struct {
		name     string
		distinct int
	}{{"14", 14}, {"50k", 50_000}, {"all", math.MaxInt32}} {
		keys, rows := make([]uint64, 8192), rowsOf(0, 8192)
		b.Run(c.name, func(b *testing.B) {
			v := NewNumbers(DefaultLimits())
			b.SetBytes(8192)
			for b.Loop() {
				b.StopTimer()
				for i := range keys {
					keys[i] = SortableBits(float64(rng.IntN(c.distinct)))
					rows[i] = rng.Uint64()
				}
				b.StartTimer()
				v.AddNumbers(keys, rows)
			}
		})
	}
}

func BenchmarkMoments(b *testing.B) {
	xs := make([]float64, 8192)
	for i := range xs {
		xs[i] = float64(i)
	}
	var m Moments
	b.SetBytes(8192)
	for b.Loop() {
		m.Add(xs)
	}
}

func TestWideIntegers(t *testing.T) {
	base := int64(1) << 60
	ints := func(from, to int64) (xs []int64) {
		for i := from; i < to; i++ {
			xs = append(xs, base+i)
		}
		return xs
	}
	for _, limits := range []Limits{DefaultLimits(), {Distinct: 10, Tracked: 16, Values: 1000}} {
		a, b := NewNumbers(limits), NewNumbers(limits)
		a.AddNumbers(keysOf([]float64{1, 2, 3}), rowsOf(0, 3))
		a.AddIntegers(ints(0, 100), rowsOf(3, 100))
		b.AddNumbers(keysOf([]float64{3, 4}), rowsOf(103, 2))
		b.Merge(a)
		d := b.Distribution()
		if n, _ := d.Distinct(); n != 104 || d.N() != 105 {
			t.Errorf("%+v: distinct %d of %d, want 104 of 105", limits, n, d.N())
		}
		if top, _ := d.Top(1); len(top) != 1 || top[0].Count != 2 {
			t.Errorf("%+v: top %v", limits, top)
		} else if x, _, wide := d.Number(top[0]); x != 3 || wide {
			t.Errorf("%+v: top is %v", limits, x)
		}
		b.AddNumbers(keysOf([]float64{0.5}), rowsOf(105, 1))
		if n, _ := b.Distribution().Distinct(); n > 10 || n < 5 {
			t.Errorf("%+v: with a fraction %d distinct", limits, n)
		}
	}
}
