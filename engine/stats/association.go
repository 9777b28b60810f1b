package stats

import (
	"math"
	"slices"
)

// Pearson is the product-moment correlation of the pairs in which neither value is NaN (as pandas' DataFrame.corr), and how
// many pairs there are. It is NaN for fewer than two pairs and when one side does not vary.
func Pearson(x, y []float64) (r float64, n int) {
	y = y[:len(x)]
	var sx, sy float64
	for i, a := range x {
		if b := y[i]; a == a && b == b {
			n++
			sx += a
			sy += b
		}
	}
	mx, my := sx/float64(n), sy/float64(n)
	var sxx, syy, sxy float64
	for i, a := range x {
		if b := y[i]; a == a && b == b {
			da, db := a-mx, b-my
			sxx += da * da
			syy += db * db
			sxy += da * db
		}
	}
	return correlation(sxx, syy, sxy, n), n
}

func correlation(sxx, syy, sxy float64, n int) float64 {
	scale := math.Sqrt(sxx) * math.Sqrt(syy)
	if n < 2 || !(scale > 0) || math.IsInf(scale, 0) {
		return math.NaN()
	}
	return min(max(sxy/scale, -1), 1)
}

// Order lists the places of the values of x that are not NaN, by value and then by place.
func Order(x []float64) []uint32 {
	order := make([]uint32, 0, len(x))
	for i, v := range x {
		if v == v {
			order = append(order, uint32(i))
		}
	}
	slices.SortFunc(order, func(a, b uint32) int {
		switch {
		case x[a] < x[b]:
			return -1
		case x[a] > x[b]:
			return 1
		}
		return int(a) - int(b)
	})
	return order
}

// Ranks writes the average rank (from 1) of each value to dst, NaN for a NaN; order is that of Order. Places for which keep
// is NaN take no part; nil keeps all.
func Ranks(dst, x, keep []float64, order []uint32) {
	for i := range dst {
		dst[i] = math.NaN()
	}
	var tied []uint32
	rank := 0
	flush := func() {
		mean := float64(rank) + float64(len(tied)+1)/2
		for _, i := range tied {
			dst[i] = mean
		}
		rank += len(tied)
		tied = tied[:0]
	}
	for _, i := range order {
		if keep != nil && keep[i] != keep[i] {
			continue
		}
		if len(tied) > 0 && x[tied[0]] != x[i] {
			flush()
		}
		tied = append(tied, i)
	}
	flush()
}

// CorrelationError is the half-width of the 95 % interval of a correlation of n sampled pairs, by Fisher's transform
// (Biometrika 10, 1915): the larger of both sides. 1 for fewer than four pairs.
func CorrelationError(r float64, n int) float64 {
	if n < 4 || r != r {
		return 1
	}
	z := math.Atanh(min(max(r, -1), 1))
	if math.IsInf(z, 0) {
		return 0
	}
	d := 1.959963984540054 / math.Sqrt(float64(n-3))
	return math.Max(math.Tanh(z+d)-r, r-math.Tanh(z-d))
}
