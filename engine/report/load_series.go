package report

import (
	"context"
	"fmt"
	"math"

	"pace/engine/stats"
	"pace/store"
)

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
