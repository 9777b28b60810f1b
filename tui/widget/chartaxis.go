package widget

import (
	"math"
	"strconv"
	"time"
)

// xTick is a tick of the horizontal axis: its column in the plot and label.
type xTick struct {
	at    int
	label string
}

// xTicks places as many ticks as fit with three columns of air between labels.
func (a Axis) xTicks(p *plot) []xTick {
	if p.w < 8 || p.from >= p.to {
		if p.w > 0 && p.from == p.to {
			return []xTick{{at: p.w / 2, label: a.label(p.from, 1)}}
		}
		return nil
	}
	for _, step := range a.steps(p.to - p.from) {
		if ticks, ok := a.ticksEvery(p, step); ok {
			return ticks
		}
	}
	return nil
}

func (a Axis) ticksEvery(p *plot, step float64) ([]xTick, bool) {
	first, last := math.Ceil(p.from/step-1e-9), math.Floor(p.to/step+1e-9)
	// Most steps are too fine: the last label, the widest as a rule, tells so
	// without writing them all.
	if n := last - first; n > float64(p.w)/4 || n < 0 || n*float64(len(a.label(last*step, step))+3) > float64(p.w) {
		return nil, false
	}
	ticks := make([]xTick, 0, int(last-first)+1)
	free := 0
	for i := first; i <= last; i++ {
		t := xTick{at: p.column(i * step), label: a.label(i*step, step)}
		t.at = clamp(t.at-len(t.label)/2, 0, p.w-len(t.label))
		if t.at < free {
			return nil, false
		}
		free = t.at + len(t.label) + 3
		ticks = append(ticks, t)
	}
	return ticks, true
}

// steps are the distances to try, finest first. Steps are whole, times fall on
// whole minutes, hours and days.
func (a Axis) steps(span float64) []float64 {
	out := make([]float64, 0, 32)
	if (a.Kind == AxisElapsed || a.Kind == AxisWall) && span >= 1 {
		for _, s := range [...]float64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400} {
			if s >= span/64 && s <= span {
				out = append(out, s)
			}
		}
		if span < 86400*2 {
			return out
		}
		return decimalSteps(out, span/86400, 86400, 0)
	}
	if a.Kind != AxisStep {
		return decimalSteps(out, span, 1, 0)
	}
	if out = decimalSteps(out, span, 1, 1); len(out) == 0 {
		out = append(out, 1)
	}
	return out
}

// decimalSteps appends 1, 2 and 5 times powers of ten, from least to span, in
// units.
func decimalSteps(out []float64, span, unit, least float64) []float64 {
	power := math.Floor(math.Log10(span)) - 2
	for p := power; p <= power+3; p++ {
		for _, m := range [...]float64{1, 2, 5} {
			if s := m * math.Pow(10, p); s > 0 && s >= least && s <= span*1.0001 && !math.IsInf(s*unit, 0) {
				out = append(out, s*unit)
			}
		}
	}
	return out
}

// label writes a place on the axis; step is the distance to its neighbour.
func (a Axis) label(x, step float64) string {
	switch a.Kind {
	case AxisStep:
		if math.Abs(x) < 1e6 {
			return strconv.Itoa(int(math.Round(x)))
		}
		return Num(math.Round(x), NoLimit)
	case AxisElapsed:
		return Format(KindDuration, x, NoLimit)
	case AxisWall:
		return a.clock(x, step)
	}
	return Num(x, NoLimit)
}

func (a Axis) clock(x, step float64) string {
	if math.Abs(x) > 1e11 {
		return Num(x, NoLimit)
	}
	zone := a.Zone
	if zone == nil {
		zone = time.UTC
	}
	at := time.Unix(int64(x), 0).In(zone)
	switch {
	case step >= 86400*300:
		return at.Format("2006-01")
	case step >= 86400:
		return at.Format("01-02")
	case step >= 60:
		return at.Format("15:04")
	}
	return at.Format("15:04:05")
}

// place writes the crosshair's position in full.
func (a Axis) place(x float64) string {
	switch a.Kind {
	case AxisStep:
		return strconv.FormatFloat(math.Round(x), 'f', 0, 64)
	case AxisWall:
		if math.Abs(x) > 1e11 {
			break
		}
		zone := a.Zone
		if zone == nil {
			zone = time.UTC
		}
		return time.Unix(int64(x), 0).In(zone).Format("01-02 15:04:05")
	case AxisElapsed:
		return Format(KindDuration, x, NoLimit)
	}
	return Num(x, NoLimit)
}
