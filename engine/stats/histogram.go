package stats

import (
	"math"
	"sort"
)

// Edges cuts [lo, hi] into n bins of equal width, as numpy.linspace; a point becomes [x-0.5, x+0.5], as numpy.histogram does.
func Edges(lo, hi float64, n int) []float64 {
	if n < 1 || math.IsNaN(lo) || math.IsInf(lo, 0) || math.IsInf(hi, 0) || lo > hi {
		return nil
	}
	if lo == hi {
		lo, hi = lo-0.5, hi+0.5
	}
	edges := make([]float64, n+1)
	step := (hi - lo) / float64(n)
	if math.IsInf(step, 0) {
		step = hi/float64(n) - lo/float64(n)
	}
	for i := range edges {
		edges[i] = float64(i)*step + lo
	}
	edges[n] = hi
	return edges
}

// Bin finds the bin of x among edges: [e0,e1) [e1,e2) ... [en-1,en]; -1 outside or NaN.
func Bin(edges []float64, x float64) int {
	last := len(edges) - 1
	if !(x >= edges[0] && x <= edges[last]) {
		return -1
	}
	i := int((x - edges[0]) / (edges[last] - edges[0]) * float64(last))
	if i < 0 || i >= last || x < edges[i] || x >= edges[i+1] {
		i = sort.Search(last, func(i int) bool { return edges[i+1] > x })
		i = min(i, last-1)
	}
	return i
}
