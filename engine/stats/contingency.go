package stats

import "math"

// Contingency counts pairs of codes: Counts[a*B+b]. Codes are below A and B; a negative code is a missing value, and its pair is
// not counted. The zero value is empty; Reset makes it ready.
type Contingency struct {
	A, B   int
	N      int64
	Counts []int64
	rows   []int64
	cols   []int64
}

// Reset empties the table and gives it a size.
func (c *Contingency) Reset(a, b int) {
	c.A, c.B, c.N = a, b, 0
	c.Counts = zeroed(c.Counts, a*b)
}

func zeroed(s []int64, n int) []int64 {
	if cap(s) < n {
		return make([]int64, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// Add counts the pairs of two columns of codes.
func (c *Contingency) Add(a, b []int32) {
	b = b[:len(a)]
	for i, x := range a {
		if y := b[i]; x >= 0 && y >= 0 {
			c.Counts[int(x)*c.B+int(y)]++
			c.N++
		}
	}
}

func (c *Contingency) margins() {
	c.rows, c.cols = zeroed(c.rows, c.A), zeroed(c.cols, c.B)
	for i := range c.A {
		for j, n := range c.Counts[i*c.B : (i+1)*c.B] {
			c.rows[i] += n
			c.cols[j] += n
		}
	}
}

func levels(counts []int64) (k int) {
	for _, n := range counts {
		if n > 0 {
			k++
		}
	}
	return k
}

// CramersV is Cramér's V with the bias correction of Bergsma (Journal of the Korean Statistical Society 42, 2013), without Yates'
// continuity correction: 0 for independent columns, 1 for columns that tell each other. NaN when one side does not vary.
func (c *Contingency) CramersV() float64 {
	c.margins()
	r, k := float64(levels(c.rows)), float64(levels(c.cols))
	n := float64(c.N)
	if r < 2 || k < 2 {
		return math.NaN()
	}
	phi := c.chi2() / n
	phi = max(0, phi-(k-1)*(r-1)/(n-1))
	r -= (r - 1) * (r - 1) / (n - 1)
	k -= (k - 1) * (k - 1) / (n - 1)
	if least := min(r, k) - 1; least > 0 {
		return min(math.Sqrt(phi/least), 1)
	}
	return math.NaN()
}

// chi2 is Pearson's statistic; margins are known.
func (c *Contingency) chi2() float64 {
	n := float64(c.N)
	var sum float64
	for i, r := range c.rows {
		if r == 0 {
			continue
		}
		for j, k := range c.cols {
			if k == 0 {
				continue
			}
			expected := float64(r) * float64(k) / n
			d := float64(c.Counts[i*c.B+j]) - expected
			sum += d * d / expected
		}
	}
	return sum
}

// ChiSquared is Pearson's statistic for independence, and its degrees of freedom.
func (c *Contingency) ChiSquared() (chi2 float64, freedom int) {
	c.margins()
	return c.chi2(), max(levels(c.rows)-1, 0) * max(levels(c.cols)-1, 0)
}

// Entropies are those of both sides and of the pairs in nats, with how many cells of each were met.
type Entropies struct {
	A, B, Pair    float64
	KA, KB, KPair int
	N             int64
}

// Entropies are the plug-in estimates.
func (c *Contingency) Entropies() Entropies {
	c.margins()
	e := Entropies{KA: levels(c.rows), KB: levels(c.cols), KPair: levels(c.Counts), N: c.N}
	e.A, e.B, e.Pair = Entropy(c.rows), Entropy(c.cols), Entropy(c.Counts)
	return e
}

// Entropy is the plug-in entropy of counts in nats; 0 when there are none.
func Entropy(counts []int64) float64 {
	var n, sum float64
	for _, c := range counts {
		if c > 1 {
			x := float64(c)
			sum += x * math.Log(x)
		}
		n += float64(c)
	}
	if n == 0 {
		return 0
	}
	return max(math.Log(n)-sum/n, 0)
}

// MutualInformation of both sides in nats.
func (e Entropies) MutualInformation() float64 { return max(e.A+e.B-e.Pair, 0) }

// Corrected adds (k-1)/2n to each entropy: Miller, "Note on the bias of information estimates" (1955).
func (e Entropies) Corrected() Entropies {
	if e.N > 0 {
		by := 1 / (2 * float64(e.N))
		e.A += float64(e.KA-1) * by
		e.B += float64(e.KB-1) * by
		e.Pair += float64(e.KPair-1) * by
	}
	return e
}

// NMI is the mutual information divided by the mean of both entropies (scikit-learn's normalized_mutual_info_score), at most 1;
// NaN when one side does not vary.
func (e Entropies) NMI() float64 {
	if e.KA < 2 || e.KB < 2 {
		return math.NaN()
	}
	return min(e.MutualInformation()/((e.A+e.B)/2), 1)
}

// TheilsU is the uncertainty coefficient U(A|B): the share of A's entropy that B explains. NaN when A does not vary.
func (e Entropies) TheilsU() float64 {
	if e.KA < 2 {
		return math.NaN()
	}
	return min(e.MutualInformation()/e.A, 1)
}

// Swap exchanges both sides.
func (e Entropies) Swap() Entropies {
	e.A, e.B, e.KA, e.KB = e.B, e.A, e.KB, e.KA
	return e
}

// CorrelationRatio is eta: the root of the share of the variance of y that the groups of codes explain, over rows in which
// neither is missing (a negative code, a NaN); n says how many. NaN when y or the groups do not vary.
func CorrelationRatio(codes []int32, groups int, y []float64) (eta float64, n int) {
	type group struct{ n, mean, m2 float64 }
	each := make([]group, groups)
	y = y[:len(codes)]
	for i, c := range codes {
		v := y[i]
		if c < 0 || v != v {
			continue
		}
		g := &each[c]
		g.n++
		d := v - g.mean
		g.mean += d / g.n
		g.m2 += d * (v - g.mean)
	}
	var all, within, met float64
	var mean float64
	for _, g := range each {
		if g.n == 0 {
			continue
		}
		met++
		all += g.n
		within += g.m2
		mean += (g.mean - mean) * g.n / all
	}
	var between float64
	for _, g := range each {
		between += g.n * (g.mean - mean) * (g.mean - mean)
	}
	total := between + within
	if met < 2 || !(total > 0) || math.IsInf(total, 0) {
		return math.NaN(), int(all)
	}
	return math.Sqrt(min(between/total, 1)), int(all)
}

// InformationError is the half-width of the 95 % interval of the mutual information of sampled pairs, in nats, by the delta
// method (Basharin, Theory of Probability and its Applications 4, 1959).
func (c *Contingency) InformationError() float64 {
	c.margins()
	n := float64(c.N)
	var mean, square float64
	for i, r := range c.rows {
		for j, k := range c.cols {
			if m := float64(c.Counts[i*c.B+j]); m > 0 {
				l := math.Log(m * n / (float64(r) * float64(k)))
				mean += m / n * l
				square += m / n * l * l
			}
		}
	}
	if n == 0 {
		return 0
	}
	return 1.959963984540054 * math.Sqrt(max(square-mean*mean, 0)/n)
}
