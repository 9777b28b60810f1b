package widget

import (
	"math"
	"strconv"
	"time"
)

// scale maps values to 0..1 and knows its ticks, from low to high.
type scale struct {
	lo, hi float64 // in mapped units: logarithms where log is set
	log    bool
	ticks  []float64 // in values
	step   float64   // between ticks; 0 when they are not evenly spaced
}

func (s *scale) mapped(v float64) float64 {
	if s.log {
		return math.Log10(v)
	}
	return v
}

// share is where v stands between lo and hi. Halves keep a range as wide as the
// numbers themselves from overflowing.
func (s *scale) share(v float64) float64 {
	v = s.mapped(v)
	return (v/2 - s.lo/2) / (s.hi/2 - s.lo/2)
}

// newScale finds a range around lo..hi that starts and ends on a tick, with at
// least three ticks (two where there are but two rows) and a row for each.
func newScale(lo, hi float64, rows int, log bool) scale {
	if log {
		return logScale(lo, hi, rows)
	}
	if lo == hi {
		half := math.Abs(lo) * .1
		if half == 0 || math.IsInf(lo+half, 0) || lo+half == lo {
			half = math.Max(1, math.Abs(lo)/2)
		}
		lo, hi = lo-half, hi+half
	}
	s := evenScale(lo, hi, rows)
	if len(s.ticks) == 0 {
		s = scale{lo: lo, hi: hi, ticks: []float64{lo, lo/2 + hi/2, hi}}
	}
	return s
}

// evenScale finds the step of 1, 2, 2.5 or 5 times a power of ten and the
// number of rows between ticks that waste least of the range. The range starts
// on a tick and ends on a row, so that ticks stand at even distances. No ticks
// come back where floats are too coarse for that.
func evenScale(lo, hi float64, rows int) scale {
	span := hi/2 - lo/2 // halved: the whole may overflow
	if math.IsInf(span*8, 0) || span < math.Max(math.Abs(lo), math.Abs(hi))*1e-12 {
		return scale{}
	}
	var best scale
	from, count, cost := 0.0, 0, math.Inf(1)
	power := math.Floor(math.Log10(span * 2))
	for p := power - 2; p <= power+1; p++ {
		for _, m := range [...]float64{1, 2, 2.5, 5} {
			step := m * math.Pow(10, p)
			first := math.Floor(lo/step + 1e-9)
			if step == 0 || !finite(first) {
				continue
			}
			for apart := 1; apart <= 6 && (rows-1)/apart >= min(2, rows-1); apart++ {
				n := (rows-1)/apart + 1
				reach := first*step + step*float64(rows-1)/float64(apart)
				if n > 8 || reach < hi-step*1e-9 || apart == 1 && rows > 5 {
					continue
				}
				// Too few ticks are harder to read than a little space unused.
				if c := (reach/2-lo/2)/span - .03*float64(min(n, 6)); c < cost {
					cost, best = c, scale{lo: math.Min(lo, first*step), hi: math.Max(hi, reach), step: step}
					from, count = first, n
				}
			}
		}
	}
	best.ticks = make([]float64, count)
	for i := range best.ticks {
		best.ticks[i] = (from + float64(i)) * best.step
	}
	return best
}

// logScale has its ticks on powers of ten, or where these are fewer than three
// on 1, 2 and 5 times them, or evenly where even these are too few.
func logScale(lo, hi float64, rows int) scale {
	if lo == hi {
		lo, hi = lo/2, math.Min(hi*2, math.MaxFloat64)
		if lo == 0 {
			lo = hi / 2
		}
	}
	decades := math.Log10(hi) - math.Log10(lo)
	if decades >= 1.7 {
		if s := decadeScale(lo, hi, rows); len(s.ticks) >= 3 {
			return s
		}
	}
	if s := halvesScale(lo, hi); len(s.ticks) >= 3 && len(s.ticks) <= rows {
		return s
	}
	s := newScale(lo, hi, rows, false)
	if s.lo > 0 && decades < .5 {
		s.lo, s.hi, s.log = math.Log10(s.lo), math.Log10(s.hi), true
		return s
	}
	s = scale{lo: math.Log10(lo), hi: math.Log10(hi), log: true}
	s.ticks = []float64{lo, math.Pow(10, s.lo/2+s.hi/2), hi}
	return s
}

func decadeScale(lo, hi float64, rows int) scale {
	a, b := math.Floor(math.Log10(lo)+1e-9), math.Min(308, math.Ceil(math.Log10(hi)-1e-9))
	s := scale{lo: math.Min(a, math.Log10(lo)), hi: math.Max(b, math.Log10(hi)), log: true}
	by := math.Max(1, math.Ceil((b-a)/math.Max(2, math.Min(6, float64(rows)/2))))
	for p := a; p <= b; p += by {
		if v := math.Pow(10, p); v > 0 {
			s.ticks = append(s.ticks, v)
		}
	}
	return s
}

// halvesScale covers lo..hi with 1, 2 and 5 times powers of ten.
func halvesScale(lo, hi float64) scale {
	s := scale{log: true}
	below, top := 0.0, 0.0
	for p := math.Floor(math.Log10(lo)) - 1; p <= math.Ceil(math.Log10(hi))+1; p++ {
		for _, m := range [...]float64{1, 2, 5} {
			v := m * math.Pow(10, p)
			switch {
			case v == 0 || math.IsInf(v, 0):
			case v <= lo:
				below = v
			case top < hi:
				s.ticks, top = append(s.ticks, v), v
			}
		}
	}
	if below == 0 || top < hi {
		return scale{}
	}
	s.ticks = append([]float64{below}, s.ticks...)
	s.lo, s.hi = math.Log10(below), math.Log10(top)
	return s
}

// label writes a tick so that neighbours differ.
func (s *scale) label(v float64) string {
	if s.step == 0 {
		return Num(v, 9)
	}
	if math.Abs(v) < s.step/2 {
		return "0"
	}
	top := math.Max(math.Abs(s.ticks[0]), math.Abs(s.ticks[len(s.ticks)-1]))
	switch {
	case top >= 1e5 && top < 1e15:
		group := min(int(math.Log10(top)+1e-9)/3, 4)
		unit := math.Pow10(3 * group)
		return tidy(v/unit, s.step/unit) + " kMGT"[group:group+1]
	case top >= 1e15 || s.step < 1e-5:
		e := int(math.Floor(math.Log10(top) + 1e-9))
		unit := math.Pow(10, float64(e))
		return tidy(v/unit, s.step/unit) + "e" + strconv.Itoa(e)
	}
	return tidy(v, s.step)
}

// tidy writes v with the decimals its step needs, no zero before the point.
func tidy(v, step float64) string {
	places := 0
	for s := step; places < 12 && math.Abs(s-math.Round(s)) > 1e-6*s; places++ {
		s *= 10
	}
	text := strconv.FormatFloat(v, 'f', places, 64)
	switch {
	case len(text) > 2 && text[:2] == "0.":
		return text[1:]
	case len(text) > 3 && text[:3] == "-0.":
		return "-" + text[2:]
	}
	return text
}

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
