package stats

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// Distribution answers what Values has counted: exactly from a table or from the sorted keys, else from sketches. It is a frozen
// view; adding to the Values afterwards does not change it.
type Distribution struct {
	n      int64
	keys   []uint64 // in order; distinct when cum is set
	cum    []int64  // cum[i] values are <= keys[i]; nil when every key stands for one value
	log    *LogLinear
	top    *counter
	sk     *sketch
	number bool
	wide   bool // keys (and those of top) are of integers
}

// Distribution sorts what was counted so far.
func (v *Values) Distribution() *Distribution {
	d := &Distribution{n: v.n, top: v.counts, number: v.ordered, sk: v.sk, wide: v.wide}
	switch {
	case v.sk != nil:
		d.log = v.sk.log
		d.keys = v.sk.rows.sorted()
	case v.over:
		d.keys = make([]uint64, 0, v.n)
		for _, b := range v.blocks {
			d.keys = append(d.keys, b...)
		}
		SortKeys(d.keys, nil)
	default:
		v.eachCount(func(k uint64, _ int64) { d.keys = append(d.keys, k) })
		slices.Sort(d.keys)
		d.cum = make([]int64, len(d.keys))
		var sum int64
		for i, k := range d.keys {
			sum += v.counts.counts[v.counts.slot(k)]
			d.cum[i] = sum
		}
	}
	return d
}

// N is the number of values behind the distribution.
func (d *Distribution) N() int64 { return d.n }

// Exact tells whether every answer is exact (the most frequent values have a bound of their own, see Top).
func (d *Distribution) Exact() bool { return d.sk == nil }

// at is the number of a key of the distribution.
func (d *Distribution) at(key uint64) float64 {
	if d.wide && d.sk == nil {
		return float64(integerOf(key))
	}
	return FromSortableBits(key)
}

// Number is a counted value as a number, and as an integer when it is one that float64 can't hold.
func (d *Distribution) Number(k KeyCount) (x float64, wide int64, isWide bool) {
	if d.wide {
		n := integerOf(k.Key)
		return float64(n), n, IsWide(n)
	}
	return FromSortableBits(k.Key), 0, false
}

// Distinct is the number of different values and its relative standard error, 0 when exact.
func (d *Distribution) Distinct() (n int64, relErr float64) {
	if d.sk != nil {
		return min(int64(math.Round(d.sk.hll.Estimate())), d.n), HLLError
	}
	if d.cum != nil || len(d.keys) == 0 {
		return int64(len(d.keys)), 0
	}
	d.eachRun(func(uint64, int64) { n++ })
	return n, 0
}

// Unique is the number of values seen exactly once and its standard error, 0 when exact.
func (d *Distribution) Unique() (n int64, stdErr float64) {
	if d.sk != nil {
		share, m := d.sk.hashes.onceShare()
		distinct, rel := d.Distinct()
		u := share * float64(distinct)
		spread := math.Sqrt(share*(1-share)/float64(max(m, 1))) * float64(distinct)
		return int64(math.Round(u)), math.Hypot(spread, rel*u)
	}
	d.eachRun(func(_ uint64, c int64) {
		if c == 1 {
			n++
		}
	})
	return n, 0
}

// eachRun calls f for every different key with its count, in order of keys.
func (d *Distribution) eachRun(f func(key uint64, count int64)) {
	if d.cum != nil {
		var before int64
		for i, k := range d.keys {
			f(k, d.cum[i]-before)
			before = d.cum[i]
		}
		return
	}
	for i := 0; i < len(d.keys); {
		j := i + 1
		for j < len(d.keys) && d.keys[j] == d.keys[i] {
			j++
		}
		f(d.keys[i], int64(j-i))
		i = j
	}
}

// Top lists the k most frequent values; every count is low by at most bound (0: exact). Of a column with more distinct values
// than are followed it names only those that are frequent for certain, so none when all are rare.
func (d *Distribution) Top(k int) (top []KeyCount, bound int64) {
	if d.cum != nil {
		return d.top.top(k), 0
	}
	if d.sk != nil {
		top = d.top.top(k)
		return slices.DeleteFunc(top, func(c KeyCount) bool { return c.Count <= d.top.err }), d.top.err
	}
	if k < 1 {
		return nil, 0
	}
	var floor int64
	if !d.number {
		floor = d.top.err
	}
	d.eachRun(func(key uint64, n int64) {
		if n <= floor {
			return
		}
		kc := KeyCount{Key: key, Count: n}
		if !d.number {
			i := d.top.slot(key)
			if d.top.counts[i] == 0 {
				return
			}
			kc.Text = string(d.top.text(i))
		}
		if top = append(top, kc); len(top) >= 4*k {
			slices.SortFunc(top, byCount)
			top = top[:k]
			floor = max(floor, top[k-1].Count)
		}
	})
	slices.SortFunc(top, byCount)
	return top[:min(k, len(top))], 0
}

// value returns the key of 0-based rank; only without sketches.
func (d *Distribution) value(rank int64) uint64 {
	if d.cum == nil {
		return d.keys[rank]
	}
	return d.keys[sort.Search(len(d.cum), func(i int) bool { return d.cum[i] > rank })]
}

// Quantile is the p-quantile by linear interpolation between order statistics (numpy's and pandas' default). From sketches it
// lies in the bucket of the true order statistic (relative value error 2*LogLinearError at most) and its rank error has
// the bound RankError.
func (d *Distribution) Quantile(p float64) float64 {
	if d.n == 0 {
		return math.NaN()
	}
	pos := p * float64(d.n-1)
	lo := int64(math.Floor(pos))
	if d.sk != nil {
		return d.sketched(int64(math.Round(pos)))
	}
	a := d.at(d.value(lo))
	frac := pos - float64(lo)
	if frac == 0 {
		return a
	}
	b := d.at(d.value(lo + 1))
	if frac >= 0.5 {
		return b - (b-a)*(1-frac)
	}
	return a + (b-a)*frac
}

// sketched finds the bucket by the full counts and the place in it by the sampled rows.
func (d *Distribution) sketched(rank int64) float64 {
	b := d.log.at(rank)
	i := sort.Search(len(d.keys), func(i int) bool { return d.keys[i] >= b.lo })
	j := sort.Search(len(d.keys), func(i int) bool { return d.keys[i] > b.hi })
	if i == j {
		if b.lo == SortableBits(0) {
			return 0 // nearer to the denormals' bucket than any of them
		}
		return FromSortableBits(b.lo + (b.hi-b.lo)/2)
	}
	at := (float64(rank-b.before) + 0.5) / float64(b.count) * float64(j-i)
	return FromSortableBits(d.keys[min(i+int(at), j-1)])
}

// RankError bounds the rank error of Quantile as a share of n (3.5 standard errors of the row sample); 0 when exact.
func (d *Distribution) RankError() float64 {
	if d.sk == nil {
		return 0
	}
	return 3.5 * 0.5 / math.Sqrt(float64(max(len(d.keys), 1)))
}

// MAD is the median absolute deviation from the median; from the row sample when sketched.
func (d *Distribution) MAD() float64 {
	mid := d.Quantile(0.5)
	if d.n == 0 || math.IsNaN(mid) || math.IsInf(mid, 0) {
		return math.NaN()
	}
	if d.cum == nil {
		return d.spreadFrom(mid)
	}
	devs := make([]weighted, 0, len(d.keys))
	d.eachRun(func(k uint64, n int64) {
		devs = append(devs, weighted{math.Abs(d.at(k) - mid), n})
	})
	return weightedMedian(devs)
}

// spreadFrom is the median of the distances from mid, found by walking outwards over the sorted keys.
func (d *Distribution) spreadFrom(mid float64) float64 {
	n := len(d.keys)
	right := sort.Search(n, func(i int) bool { return d.at(d.keys[i]) >= mid })
	left := right - 1
	var before, last float64
	for range n/2 + 1 {
		before = last
		down, up := math.Inf(1), math.Inf(1)
		if left >= 0 {
			down = mid - d.at(d.keys[left])
		}
		if right < n {
			up = d.at(d.keys[right]) - mid
		}
		if down <= up {
			last = down
			left--
		} else {
			last = up
			right++
		}
	}
	if n%2 == 0 {
		return (before + last) / 2
	}
	return last
}

type weighted struct {
	x float64
	n int64
}

func weightedMedian(ws []weighted) float64 {
	slices.SortFunc(ws, func(a, b weighted) int { return cmp.Compare(a.x, b.x) })
	var total, seen int64
	for _, w := range ws {
		total += w.n
	}
	lo, hi := (total-1)/2, total/2
	var a, b float64
	for _, w := range ws {
		if seen <= lo && lo < seen+w.n {
			a = w.x
		}
		if seen <= hi && hi < seen+w.n {
			b = w.x
		}
		seen += w.n
	}
	return (a + b) / 2
}

// Histogram counts the finite values between consecutive edges (the last bin includes its upper edge), as numpy does; scaled
// from the row sample when sketched.
func (d *Distribution) Histogram(edges []float64) []int64 {
	counts := make([]int64, max(len(edges)-1, 0))
	if len(counts) == 0 {
		return counts
	}
	d.eachRun(func(k uint64, n int64) {
		if i := Bin(edges, d.at(k)); i >= 0 {
			counts[i] += n
		}
	})
	if d.sk != nil && len(d.keys) > 0 {
		scale := float64(d.n) / float64(len(d.keys))
		for i, c := range counts {
			counts[i] = int64(math.Round(float64(c) * scale))
		}
	}
	return counts
}
