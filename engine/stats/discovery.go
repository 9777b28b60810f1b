package stats

import (
	"math"
	"slices"
)

// BenjaminiHochberg tells which hypotheses are rejected when the share of false rejections is to stay at q (Benjamini and
// Hochberg, Journal of the Royal Statistical Society B 57, 1995). A NaN is never rejected.
func BenjaminiHochberg(p []float64, q float64) []bool {
	order := make([]int, 0, len(p))
	for i, x := range p {
		if x == x {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	rejected := make([]bool, len(p))
	for k := len(order); k > 0; k-- {
		if p[order[k-1]] <= q*float64(k)/float64(len(order)) {
			for _, i := range order[:k] {
				rejected[i] = true
			}
			break
		}
	}
	return rejected
}

// Wilson is the 95 % interval of a share: k of n (Wilson, Journal of the American Statistical Association 22, 1927). 0 and 1 when n
// is 0.
func Wilson(k, n int64) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	const z = 1.959963984540054
	size, p := float64(n), float64(k)/float64(n)
	mid := (p + z*z/(2*size)) / (1 + z*z/size)
	half := z / (1 + z*z/size) * math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	return max(mid-half, 0), min(mid+half, 1)
}
