package widget

import (
	"math"
	"strings"
)

// Spark draws values as a row of eighth blocks, w columns wide at most, over
// their own range. More values than columns are merged so that the farthest
// from the middle of the range stays: a spike is never lost. NaN is a gap;
// infinities stand at the ends of the range. Fewer values take fewer columns.
func (l Look) Spark(values []float64, w int) string {
	return l.SparkRange(values, w, math.NaN(), math.NaN())
}

// SparkRange is Spark over a given range; a NaN bound is taken from the values.
func (l Look) SparkRange(values []float64, w int, lo, hi float64) string {
	if w <= 0 || len(values) == 0 {
		return ""
	}
	vlo, vhi := finiteRange(values)
	if math.IsNaN(lo) {
		lo = vlo
	}
	if math.IsNaN(hi) {
		hi = vhi
	}
	var b strings.Builder
	b.Grow(3 * w)
	n := min(w, len(values))
	for i := range n {
		v := farthest(values[i*len(values)/n:max(i*len(values)/n+1, (i+1)*len(values)/n)], lo/2+hi/2)
		if math.IsNaN(v) {
			b.WriteByte(' ')
			continue
		}
		b.WriteString(l.Glyphs.Eighths[eighth(v, lo, hi)])
	}
	return b.String()
}

// eighth is the bar for v in lo..hi. A flat line stands in the middle.
func eighth(v, lo, hi float64) int {
	if hi <= lo {
		return 3
	}
	// Halves keep a range as wide as the numbers themselves from overflowing.
	share := (v/2 - lo/2) / (hi/2 - lo/2)
	return clamp(int(share*7+.5), 0, 7)
}

// farthest is the value farthest from mid, or NaN when there is none.
func farthest(values []float64, mid float64) float64 {
	best, at := math.Inf(-1), math.NaN()
	for _, v := range values {
		if d := math.Abs(v - mid); d > best {
			best, at = d, v
		}
	}
	return at
}

// finiteRange is the range of the finite values, 0..0 when there are none.
func finiteRange(values []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
	}
	if lo > hi {
		return 0, 0
	}
	return lo, hi
}
