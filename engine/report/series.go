package report

import (
	"context"
	"fmt"
	"math"

	"pace/engine/stats"
	"pace/store"
)

// PointValue is one point of a series. Segment counts the restarts before it, from 0.
type PointValue struct {
	Segment int32 `json:"segment"`
	Step    Step  `json:"step"`
	Time    Time  `json:"time"`
	Value   Float `json:"value"`
}

// KeyPoints are all points of one series in the order in which they arrived.
type KeyPoints struct {
	Key    string
	Points []PointValue
}

// SeriesPoints are series in order of their keys. JSON writes them as one object.
type SeriesPoints []KeyPoints

// MarshalJSON writes {"key":[{...},...],...}.
func (s SeriesPoints) MarshalJSON() ([]byte, error) {
	var w objectWriter
	for _, e := range s {
		points := e.Points
		if points == nil {
			points = []PointValue{}
		}
		if err := w.add(e.Key, points); err != nil {
			return nil, err
		}
	}
	return w.bytes(), nil
}

// Axis is what a curve's x is.
type Axis string

// The axes. AxisStep falls back to AxisIndex where a series has no steps, AxisTime and AxisElapsed where it has no
// times; Series.Axis says which one it became.
const (
	AxisStep    Axis = "step"
	AxisIndex   Axis = "index"   // 0, 1, 2 in order of arrival
	AxisTime    Axis = "time"    // seconds since 1970 UTC
	AxisElapsed Axis = "elapsed" // seconds since the run started, or since the first point
	AxisShare   Axis = "share"   // 0 to 1 over the series' own steps
)

// SeriesQuery asks for one series as a curve.
type SeriesQuery struct {
	Run, Key string
	Width    int  // columns of the curve (dot columns, not cells); 0 for no curve, at most MaxCurve
	Axis     Axis // "" is AxisStep
	// From and To bound x; both 0 is everything.
	From, To float64
	Smooth   float64 // weight of the past, 0 (none) to 0.999: debiased exponential moving average over the full series
	Points   bool    // also every point, at full resolution
}

// MaxCurve is the most columns that a curve has.
const MaxCurve = 8192

// Series is one series: its numbers, its curve for a width, and its points where they were asked for.
type Series struct {
	Run string
	Metric
	Axis     Axis
	From, To float64      // of x, as far as the curve reaches
	Curve    Curve        // the raw values
	Smooth   Curve        // smoothed before it was decimated; no columns where no smoothing was asked for
	Points   []PointValue // only with SeriesQuery.Points
}

// Curve is a series decimated to a width: a one-point spike in a million points is still in it.
type Curve struct {
	// From and To are x at the left edge of the first and the right edge of the last column.
	From, To float64
	// Low and High are the least and greatest finite value over all columns; NaN where there is none.
	Low, High float64
	Columns   []CurveColumn
}

// CurveColumn is what falls into one column of a curve. Min, Max, First and Last are of finite values, and NaN where
// the column has none: then it is a gap if NaN is set, and else simply between two points.
type CurveColumn struct {
	Min, Max    float64
	First, Last float64
	N           int  // finite values
	NaN         bool // a NaN is here
	Up, Down    bool // +Inf, -Inf is here: an arrow on the edge row
}

// LoadSeries reads one series as a curve of a width, smoothed before it is decimated, and its points where they are
// asked for. It wraps ErrNotFound.
func LoadSeries(ctx context.Context, r *store.Reader, opts Options, q SeriesQuery) (Series, error) {
	sp, ok, err := r.Series(ctx, q.Run, q.Key)
	if err != nil {
		return Series{}, fmt.Errorf("load series %s of run %s: %w", q.Key, q.Run, err)
	}
	if !ok {
		return Series{}, fmt.Errorf("load series %s of run %s: %w", q.Key, q.Run, ErrNotFound)
	}
	dirs, err := LoadDirections(ctx, r, opts)
	if err != nil {
		return Series{}, err
	}
	started := store.NoTime
	if q.Axis == AxisElapsed {
		if run, ok, err := r.Run(ctx, q.Run); err == nil && ok && !run.Started.IsZero() {
			started = run.Started.UnixMicro()
		}
	}
	return makeSeries(sp, dirs, q, started), nil
}

// makeSeries is LoadSeries once everything is in memory.
func makeSeries(sp store.SeriesPoints, dirs Directions, q SeriesQuery, started int64) Series {
	out := Series{Run: q.Run, Metric: dirs.metric(sp.Summary)}
	x, axis := xValues(sp, q.Axis, started)
	out.Axis = axis
	width := min(q.Width, MaxCurve)
	from, to := q.From, q.To
	if from == 0 && to == 0 {
		e := stats.MakeEnvelope(x, sp.Values, width)
		from, to = e.X0, e.X1
		out.Curve = newCurve(e)
	} else if width > 0 {
		out.Curve = newCurve(stats.EnvelopeIn(x, sp.Values, from, to, width))
	}
	if from <= to { // not the inverted range of a series without a finite x
		out.From, out.To = from, to
	}
	if q.Smooth > 0 && width > 0 && from <= to {
		smooth := stats.Smooth(sp.Values, min(q.Smooth, 0.999))
		out.Smooth = newCurve(stats.EnvelopeIn(x, smooth, from, to, width))
	}
	if q.Points {
		out.Points = pointValues(sp)
	}
	return out
}

func newCurve(e stats.Envelope) Curve {
	c := Curve{From: e.X0, To: e.X1, Low: math.NaN(), High: math.NaN(), Columns: make([]CurveColumn, len(e.Bands))}
	if low, high, ok := e.Range(); ok {
		c.Low, c.High = low, high
	}
	for i, b := range e.Bands {
		col := CurveColumn{
			Min: b.Min, Max: b.Max, First: b.First, Last: b.Last, N: b.N,
			NaN: b.Marks&stats.HasNaN != 0, Up: b.Marks&stats.HasPosInf != 0, Down: b.Marks&stats.HasNegInf != 0,
		}
		if b.N == 0 {
			col.Min, col.Max, col.First, col.Last = math.NaN(), math.NaN(), math.NaN(), math.NaN()
		}
		c.Columns[i] = col
	}
	return c
}

// xValues is each point's x on an axis, and the axis that it became.
func xValues(sp store.SeriesPoints, axis Axis, started int64) ([]float64, Axis) {
	x := make([]float64, len(sp.Values))
	switch axis {
	case AxisTime, AxisElapsed:
		if first, ok := firstKnown(sp.Times, store.NoTime); ok {
			origin := int64(0)
			if axis == AxisElapsed {
				origin = first
				if started != store.NoTime {
					origin = started
				}
			}
			fill(x, sp.Times, store.NoTime, func(t int64) float64 { return float64(t-origin) / 1e6 })
			return x, axis
		}
	case AxisIndex:
	default:
		if _, ok := firstKnown(sp.Steps, store.NoStep); ok {
			fill(x, sp.Steps, store.NoStep, func(s int64) float64 { return float64(s) })
			if axis == AxisShare {
				share(x)
				return x, AxisShare
			}
			return x, AxisStep
		}
	}
	for i := range x {
		x[i] = float64(i)
	}
	if axis == AxisShare {
		share(x)
		return x, AxisShare
	}
	return x, AxisIndex
}

func firstKnown(values []int64, absent int64) (int64, bool) {
	for _, v := range values {
		if v != absent {
			return v, true
		}
	}
	return 0, false
}

// fill maps known values; an unknown one gets NaN, which no curve shows.
func fill(x []float64, values []int64, absent int64, f func(int64) float64) {
	for i, v := range values {
		x[i] = math.NaN()
		if v != absent {
			x[i] = f(v)
		}
	}
}

// share scales to 0..1 over the finite range.
func share(x []float64) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range x {
		if !math.IsNaN(v) {
			low, high = math.Min(low, v), math.Max(high, v)
		}
	}
	for i := range x {
		x[i] = (x[i] - low) / math.Max(high-low, math.SmallestNonzeroFloat64)
	}
}

func pointValues(sp store.SeriesPoints) []PointValue {
	out := make([]PointValue, len(sp.Values))
	for i, v := range sp.Values {
		p := PointValue{Step: Step(store.NoStep), Value: Float(v)}
		if i < len(sp.Steps) {
			p.Step = Step(sp.Steps[i])
		}
		if i < len(sp.Times) {
			p.Time = pointTime(sp.Times[i])
		}
		if i < len(sp.Segment) {
			p.Segment = sp.Segment[i]
		}
		out[i] = p
	}
	return out
}

func loadAllPoints(ctx context.Context, r *store.Reader, summaries []store.Summary) (SeriesPoints, error) {
	out := make(SeriesPoints, 0, len(summaries))
	for _, s := range summaries {
		sp, ok, err := r.Series(ctx, s.Run, s.Key)
		if err != nil {
			return nil, fmt.Errorf("load series %s of run %s: %w", s.Key, s.Run, err)
		}
		if ok {
			out = append(out, KeyPoints{Key: s.Key, Points: pointValues(sp)})
		}
	}
	return out, nil
}

// LoadCurves reads one metric of several runs as curves of one width over one range of x, in the order of ids. A run
// without the metric has no columns.
func LoadCurves(ctx context.Context, r *store.Reader, opts Options, ids []string, q SeriesQuery) ([]Series, error) {
	dirs, err := LoadDirections(ctx, r, opts)
	if err != nil {
		return nil, err
	}
	found := make([]store.SeriesPoints, len(ids))
	from, to := math.Inf(1), math.Inf(-1)
	for i, id := range ids {
		sp, ok, err := r.Series(ctx, id, q.Key)
		if err != nil {
			return nil, fmt.Errorf("load series %s of run %s: %w", q.Key, id, err)
		}
		if !ok {
			continue
		}
		found[i] = sp
		x, _ := xValues(sp, q.Axis, store.NoTime)
		if e := stats.MakeEnvelope(x, sp.Values, 0); e.X0 <= e.X1 {
			from, to = math.Min(from, e.X0), math.Max(to, e.X1)
		}
	}
	if q.From == 0 && q.To == 0 && from <= to {
		q.From, q.To = from, to
	}
	out := make([]Series, len(ids))
	for i, sp := range found {
		q.Run = ids[i]
		out[i] = Series{Run: ids[i], Metric: Metric{Key: q.Key}}
		if len(sp.Values) > 0 {
			out[i] = makeSeries(sp, dirs, q, store.NoTime)
		}
	}
	return out, nil
}
