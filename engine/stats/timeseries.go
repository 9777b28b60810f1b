package stats

import "math"

// Autocorrelation of a series without NaN at lags 0..lags, divided by n at every lag (statsmodels' acf). nil for a constant.
func Autocorrelation(x []float64, lags int) []float64 {
	mean := 0.0
	for _, v := range x {
		mean += v / float64(len(x))
	}
	var c0 float64
	for _, v := range x {
		c0 += (v - mean) * (v - mean)
	}
	if !(c0 > 0) || math.IsInf(c0, 0) {
		return nil
	}
	out := make([]float64, min(lags, len(x)-1)+1)
	for k := range out {
		var sum float64
		for i, v := range x[k:] {
			sum += (v - mean) * (x[i] - mean)
		}
		out[k] = sum / c0
	}
	return out
}

// Stationarity is the result of the augmented Dickey-Fuller test with a constant: a small P speaks against a unit root. Lags is
// how many differences the Akaike criterion chose, N the observations of the regression.
type Stationarity struct {
	Statistic, P float64
	Lags, N      int
}

// DickeyFuller tests a series without NaN (Said and Dickey, Biometrika 71, 1984; as statsmodels' adfuller with its defaults).
// ok is false for a series that is too short, constant, or fits without error.
func DickeyFuller(x []float64) (s Stationarity, ok bool) {
	n := len(x)
	most := min(int(math.Ceil(12*math.Pow(float64(n)/100, 0.25))), n/2-2)
	if most < 0 || n < 12 {
		return s, false
	}
	d := make([]float64, n-1)
	for i := range d {
		d[i] = x[i+1] - x[i]
	}
	best := math.Inf(1)
	g := newRegression(x, d, most)
	for lags := 0; lags <= most; lags++ {
		if aic, fit := g.akaike(lags); fit && aic < best {
			best, s.Lags = aic, lags
		}
	}
	if math.IsInf(best, 1) {
		return s, false
	}
	g = newRegression(x, d, s.Lags)
	s.N = g.n
	s.Statistic, ok = g.statistic()
	s.P = mackinnon(s.Statistic)
	return s, ok
}

// regression of the differences on a constant, the level before and earlier differences, as normal equations. The constant is
// taken out by centring all columns.
type regression struct {
	n    int
	gram [][]float64 // of level, differences 1..lags
	rhs  []float64
	yy   float64
	u    []float64 // L^-1 rhs; the factor L lies over gram
}

func newRegression(x, d []float64, lags int) *regression {
	k := lags + 1
	r := &regression{n: len(d) - lags, rhs: make([]float64, k)}
	columns := make([][]float64, k)
	columns[0] = centred(x[lags : len(x)-1])
	for j := 1; j < k; j++ {
		columns[j] = centred(d[lags-j : len(d)-j])
	}
	y := centred(d[lags:])
	r.yy = dot(y, y)
	for i, c := range columns {
		row := make([]float64, i+1)
		for j := range row {
			row[j] = dot(c, columns[j])
		}
		r.gram = append(r.gram, row)
		r.rhs[i] = dot(c, y)
	}
	r.factor()
	return r
}

func centred(x []float64) []float64 {
	var mean float64
	for _, v := range x {
		mean += v / float64(len(x))
	}
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = v - mean
	}
	return out
}

func dot(a, b []float64) (sum float64) {
	b = b[:len(a)]
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

// factor writes Cholesky's factor over the Gram matrix and solves for u = L^-1 rhs. The fit of the first k columns then leaves
// yy - sum of the first k squares of u.
func (r *regression) factor() {
	r.u = make([]float64, len(r.rhs))
	for i, row := range r.gram {
		for j := range row {
			sum := row[j] - dot(row[:j], r.gram[j][:j])
			if j < i {
				row[j] = sum / r.gram[j][j]
			} else if sum > 1e-12*row[j] {
				row[j] = math.Sqrt(sum)
			} else {
				row[j] = math.NaN()
			}
		}
		r.u[i] = (r.rhs[i] - dot(row[:i], r.u[:i])) / row[i]
	}
}

func (r *regression) residual(columns int) float64 {
	return r.yy - dot(r.u[:columns], r.u[:columns])
}

// akaike is the criterion of the fit with so many lags; their constant terms count, as in statsmodels.
func (r *regression) akaike(lags int) (float64, bool) {
	ssr := r.residual(lags + 1)
	if !(ssr > 1e-14*r.yy) {
		return 0, false
	}
	n := float64(r.n)
	return n*math.Log(ssr/n) + 2*float64(lags+2), true
}

// statistic is the t value of the level before.
func (r *regression) statistic() (float64, bool) {
	k := len(r.gram)
	free := float64(r.n - k - 1)
	ssr := r.residual(k)
	if free < 1 || !(ssr > 1e-14*r.yy) {
		return 0, false
	}
	// The coefficients solve L' b = u; the first variance is |L^-1 e0|^2.
	b := make([]float64, k)
	for i := k - 1; i >= 0; i-- {
		sum := r.u[i]
		for j := i + 1; j < k; j++ {
			sum -= r.gram[j][i] * b[j]
		}
		b[i] = sum / r.gram[i][i]
	}
	v := make([]float64, k)
	for i := range k {
		sum := -dot(r.gram[i][:i], v[:i])
		if i == 0 {
			sum = 1
		}
		v[i] = sum / r.gram[i][i]
	}
	t := b[0] / math.Sqrt(ssr/free*dot(v, v))
	return t, t == t
}

// mackinnon is the approximate p-value of MacKinnon, "Approximate asymptotic distribution functions for unit-root and
// cointegration tests" (Journal of Business & Economic Statistics 12, 1994), for a constant and one series.
func mackinnon(t float64) float64 {
	switch {
	case t > 2.74:
		return 1
	case t < -18.83:
		return 0
	case t <= -1.61:
		return normalCDF(2.1659 + t*(1.4412+t*0.038269))
	}
	return normalCDF(1.7339 + t*(0.93202+t*(-0.12745-t*0.010368)))
}

func normalCDF(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

// Detrend takes the least-squares line off a series.
func Detrend(x []float64) []float64 {
	n := float64(len(x))
	mid := (n - 1) / 2
	out := centred(x)
	var sxy, sxx float64
	for i, v := range out {
		t := float64(i) - mid
		sxy += t * v
		sxx += t * t
	}
	if sxx > 0 {
		for i := range out {
			out[i] -= sxy / sxx * (float64(i) - mid)
		}
	}
	return out
}
