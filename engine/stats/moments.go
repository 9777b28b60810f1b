package stats

import "math"

// Moments holds the count, mean and central moment sums to the fourth order, merged by the formulas of Chan, Golub and
// LeVeque (1979) and Pébay (2008, SAND2008-6212). Infinities follow pandas: the mean becomes infinite or NaN, the rest NaN.
type Moments struct {
	N              int64
	Shift, Off     float64 // the mean is Shift + Off; Shift is some finite value of the data, so that Off keeps its digits
	M2, M3, M4     float64
	Total, TotalLo float64 // sum and its Neumaier compensation
}

// Add folds a batch of values without NaN into m: two passes over the batch, so it should fit the cache.
func (m *Moments) Add(xs []float64) {
	if len(xs) == 0 {
		return
	}
	b := Moments{N: int64(len(xs))}
	if !math.IsInf(xs[0], 0) {
		b.Shift = xs[0]
	}
	var off float64
	for _, x := range xs {
		b.Total += x
		off += x - b.Shift
	}
	b.Off = off / float64(len(xs))
	for _, x := range xs {
		d := (x - b.Shift) - b.Off
		d2 := d * d
		b.M2 += d2
		b.M3 += d2 * d
		b.M4 += d2 * d2
	}
	m.Merge(b)
}

// Merge folds another part into m.
func (m *Moments) Merge(o Moments) {
	if o.N == 0 {
		return
	}
	if m.N == 0 {
		*m = o
		return
	}
	na, nb := float64(m.N), float64(o.N)
	n := na + nb
	d := (o.Shift - m.Shift) + (o.Off - m.Off)
	dn := d / n
	t := d * dn * na * nb
	m4 := m.M4 + o.M4 + t*dn*dn*(na*na-na*nb+nb*nb) + 6*dn*dn*(na*na*o.M2+nb*nb*m.M2) + 4*dn*(na*o.M3-nb*m.M3)
	m3 := m.M3 + o.M3 + t*dn*(na-nb) + 3*dn*(na*o.M2-nb*m.M2)
	m.M2 += o.M2 + t
	m.M3, m.M4 = m3, m4
	m.Off += dn * nb
	m.N += o.N
	m.addTotal(o.Total)
	m.TotalLo += o.TotalLo
}

func (m *Moments) addTotal(x float64) {
	t := m.Total + x
	if math.Abs(m.Total) >= math.Abs(x) {
		m.TotalLo += (m.Total - t) + x
	} else {
		m.TotalLo += (x - t) + m.Total
	}
	m.Total = t
}

// Mean is the arithmetic mean; NaN without values.
func (m Moments) Mean() float64 {
	if m.N == 0 {
		return math.NaN()
	}
	if math.IsNaN(m.Off) || math.IsInf(m.Off, 0) {
		return m.Sum() / float64(m.N)
	}
	return m.Shift + m.Off
}

// Sum is the total of all values, compensated.
func (m Moments) Sum() float64 {
	if math.IsInf(m.Total, 0) || math.IsNaN(m.TotalLo) {
		return m.Total
	}
	return m.Total + m.TotalLo
}

// Variance is the sample variance (n-1); NaN below two values.
func (m Moments) Variance() float64 {
	if m.N < 2 {
		return math.NaN()
	}
	return m.M2 / float64(m.N-1)
}

// Std is the sample standard deviation (n-1); NaN below two values.
func (m Moments) Std() float64 { return math.Sqrt(m.Variance()) }

// Skewness is the unbiased sample skewness (adjusted Fisher-Pearson, as pandas): NaN below three values and for constants.
func (m Moments) Skewness() float64 {
	n := float64(m.N)
	if m.N < 3 {
		return math.NaN()
	}
	if m.flat() {
		return math.NaN()
	}
	return n * math.Sqrt(n-1) / (n - 2) * m.M3 / (m.M2 * math.Sqrt(m.M2))
}

// Kurtosis is the unbiased excess kurtosis (Fisher, as pandas): NaN below four values and for constants.
func (m Moments) Kurtosis() float64 {
	n := float64(m.N)
	if m.N < 4 {
		return math.NaN()
	}
	if m.flat() {
		return math.NaN()
	}
	adj := 3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3))
	return n*(n+1)*(n-1)/((n-2)*(n-3))*m.M4/(m.M2*m.M2) - adj
}

// flat tells a constant from a small spread: M2 is then rounding noise of the mean.
func (m Moments) flat() bool {
	noise := m.Off * 1e-15
	return m.M2 <= noise*noise*float64(m.N)
}
