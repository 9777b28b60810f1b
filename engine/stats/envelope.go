package stats

import "math"

// Mark is a bit set that says what a chart column holds beside finite values.
type Mark uint8

// The marks of a chart column: a missing value (NaN) between its points, an infinity of either sign.
const (
	HasNaN Mark = 1 << iota
	HasPosInf
	HasNegInf
)

// Band is one chart column: the finite values that fall in it.
type Band struct {
	N           int // finite points
	Min, Max    float64
	First, Last float64
	Mean        float64
	Marks       Mark
}

// Envelope is a series brought to a number of chart columns of equal width in x. No minimum and no maximum is lost.
type Envelope struct {
	X0, X1 float64 // the range of x over the columns
	Bands  []Band
}

// MakeEnvelope decimates points to columns; x must be finite (points with other x are left out) and need not be sorted. Columns
// without points have N 0: a line may be drawn over them, while HasNaN asks for a gap.
func MakeEnvelope(x, y []float64, columns int) Envelope {
	n := min(len(x), len(y))
	lo, hi := finiteRange(x[:n])
	if columns < 1 || lo > hi {
		return Envelope{X0: lo, X1: hi}
	}
	return EnvelopeIn(x, y, lo, hi, columns)
}

// EnvelopeIn is MakeEnvelope over the window lo..hi of x, for zooming; points outside are left out.
func EnvelopeIn(x, y []float64, lo, hi float64, columns int) Envelope {
	n := min(len(x), len(y))
	e := Envelope{X0: lo, X1: hi}
	if columns < 1 || !(lo <= hi) {
		return e
	}
	e.Bands = make([]Band, columns)
	scale := 0.0
	if hi > lo {
		scale = float64(columns) / (hi - lo)
	}
	x, y = x[:n], y[:n]
	for i := 0; i < n; {
		if !(x[i] >= lo && x[i] <= hi) {
			i++
			continue
		}
		c := min(int((x[i]-lo)*scale), columns-1)
		left, right := lo+float64(c)/scale, min(lo+float64(c+1)/scale, hi)
		if scale == 0 {
			left, right = lo, hi
		}
		j := i + 1
		for j < n && x[j] >= left && x[j] < right {
			j++
		}
		e.Bands[c].addAll(y[i:j])
		i = j
	}
	for i := range e.Bands {
		if b := &e.Bands[i]; b.N > 0 {
			b.Mean = min(max(b.Mean/float64(b.N), b.Min), b.Max)
		}
	}
	return e
}

// addAll counts a run of values; Mean holds the sum until the end.
func (b *Band) addAll(ys []float64) {
	var sum float64
	lo, hi, n := math.Inf(1), math.Inf(-1), 0
	for i, v := range ys {
		if v-v != 0 {
			b.mark(v)
			continue
		}
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
		if n == 0 && b.N == 0 {
			b.First = v
		}
		b.Last = ys[i]
		sum += v
		n++
	}
	if n == 0 {
		return
	}
	if b.N == 0 || lo < b.Min {
		b.Min = lo
	}
	if b.N == 0 || hi > b.Max {
		b.Max = hi
	}
	b.Mean += sum
	b.N += n
}

func (b *Band) mark(v float64) {
	switch {
	case v != v:
		b.Marks |= HasNaN
	case v > 0:
		b.Marks |= HasPosInf
	default:
		b.Marks |= HasNegInf
	}
}

// Range is the smallest and largest finite value of the envelope; ok is false when it has none.
func (e Envelope) Range() (lo, hi float64, ok bool) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, b := range e.Bands {
		if b.N > 0 {
			lo, hi = min(lo, b.Min), max(hi, b.Max)
		}
	}
	return lo, hi, lo <= hi
}

func finiteRange(x []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range x {
		if v < lo && v >= -math.MaxFloat64 {
			lo = v
		}
		if v > hi && v <= math.MaxFloat64 {
			hi = v
		}
	}
	return lo, hi
}

// Smooth is TensorBoard's debiased exponential moving average (weight 0: none, towards 1: flat) over the full series, to be
// taken before decimation. Values that are not finite stay as they are and do not move the average; a constant series
// is not changed (plugins/scalar/polymer, smoothing in line-chart data).
func Smooth(y []float64, weight float64) []float64 {
	out := make([]float64, len(y))
	copy(out, y)
	if !(weight > 0) || len(y) == 0 || constant(y) {
		return out
	}
	weight = min(weight, 1)
	var last float64
	left := 1.0 // weight^n
	for i, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		last = last*weight + (1-weight)*v
		out[i] = last
		if left *= weight; left < 1 {
			out[i] = last / (1 - left)
		}
	}
	return out
}

func constant(y []float64) bool {
	for _, v := range y {
		if v != y[0] {
			return false
		}
	}
	return true
}
