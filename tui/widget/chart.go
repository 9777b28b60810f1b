package widget

import (
	"math"
	"slices"
	"strings"
	"time"
)

// Bucket is the envelope of the points that fall in one column of a decimated
// series: their extremes, the last one and where it stood. Min, Max and Last
// are finite, or all NaN when no point of the bucket was: with a flag that is a
// gap, without one the line goes on to the next bucket.
type Bucket struct {
	X              float64
	Min, Max, Last float64
	Flags          Flags
}

// Flags say which points of a bucket were not finite.
type Flags uint8

// The flags.
const (
	HasNaN  Flags = 1 << iota
	HasUp         // +Inf
	HasDown       // -Inf
)

// Summary is what heads a chart; it comes from the full series.
type Summary struct {
	Last, Min, Max, MinAt, MaxAt float64
	N, NaNs                      int64
}

// Curve is one series of a chart. Buckets run along X, in any number: about two
// to four for each column of the screen lose nothing, fewer are joined by lines. A step
// back in X starts a new segment. Raw, if given, is drawn as faint dots behind:
// the series before it was smoothed.
type Curve struct {
	Name    string
	Buckets []Bucket
	Raw     []Bucket
	Sum     Summary
}

// AxisKind is what X counts.
type AxisKind uint8

// The kinds of X.
const (
	// AxisStep is whole steps: ticks fall on integers only.
	AxisStep AxisKind = iota
	// AxisNumber is any number.
	AxisNumber
	// AxisElapsed is seconds since a start.
	AxisElapsed
	// AxisWall is seconds since 1970, shown in Axis.Zone.
	AxisWall
)

// Axis is the horizontal axis. Name stands before the crosshair's place; Zone
// is for AxisWall, nil meaning UTC.
type Axis struct {
	Kind AxisKind
	Name string
	Zone *time.Location
}

// Window is the part of X to show; equal ends show all.
type Window struct{ From, To float64 }

// Crosshair is a vertical line that reads every curve where it stands.
type Crosshair struct {
	On bool
	X  float64
}

// Chart draws curves over one X. Main is the curve on top, whose numbers stand
// in the header. Call Touch when Curves have changed inside; lines drawn before
// are reused until then.
type Chart struct {
	Title  string
	Curves []Curve
	Axis   Axis
	View   Window
	Log    bool
	Main   int
	// Empty is said when there is nothing to draw.
	Empty string
	Cross Crosshair
	memo  chartMemo
}

// chartMemo keeps what a second drawing can reuse.
type chartMemo struct {
	gen   uint64
	look  Look
	key   chartKey
	lines []string
	plot  plot
	cells []cell
	buf   []byte
	ends  []int
	line  Line
	ticks []xTick // of the horizontal axis, for tickKey
	tickKey
	rowMemo
}

type chartKey struct {
	gen       uint64
	w, h, n   int
	view      Window
	log       bool
	main      int
	cross     Crosshair
	title     string
	axis      Axis
	firstData *Curve
}

// rowMemo are the labels of the rows, and what they were written for.
type rowMemo struct {
	labels []string
	values []float64
	lo, hi float64
	step   float64
	dots   int
}

// Touch says that the curves have changed.
func (c *Chart) Touch() { c.memo.gen++ }

// Letter is the mark of the i-th curve: A to Z, then a to z, then again.
func Letter(i int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	i %= len(letters)
	return letters[i : i+1]
}

// MoveCross moves the crosshair by columns of the last drawing, switching it on
// at the right end if it was off.
func (c *Chart) MoveCross(columns int) {
	p := c.memo.plot
	if !c.Cross.On {
		c.Cross = Crosshair{On: true, X: p.to}
		return
	}
	at := clamp(p.column(c.Cross.X)+columns, 0, max(0, p.w-1))
	c.Cross.X = p.x(at)
}

// PointAt puts the crosshair at a column of the widget, for the mouse.
func (c *Chart) PointAt(x int) {
	p := c.memo.plot
	if x >= p.left && x < p.left+p.w {
		c.Cross = Crosshair{On: true, X: p.x(x - p.left)}
	}
}

// Zoom narrows (factor under 1) or widens the window around the crosshair, or
// around its middle. A window as wide as the data is all of it.
func (c *Chart) Zoom(factor float64) {
	from, to := c.window()
	all := Chart{Curves: c.Curves}
	allFrom, allTo := all.window()
	mid := from/2 + to/2
	if c.Cross.On && c.Cross.X >= from && c.Cross.X <= to {
		mid = c.Cross.X
	}
	left, right := math.Max(allFrom, mid-(mid-from)*factor), math.Min(allTo, mid+(to-mid)*factor)
	if left <= allFrom && right >= allTo {
		c.View = Window{}
		return
	}
	if right > left && !math.IsInf(right-left, 0) {
		c.View = Window{From: left, To: right}
	}
}

// Fit shows all of X.
func (c *Chart) Fit() { c.View = Window{} }

// window is the range of X shown.
func (c *Chart) window() (from, to float64) {
	if c.View.From < c.View.To {
		return c.View.From, c.View.To
	}
	from, to = math.Inf(1), math.Inf(-1)
	for i := range c.Curves {
		for _, buckets := range [...][]Bucket{c.Curves[i].Buckets, c.Curves[i].Raw} {
			for j := range buckets {
				if x := buckets[j].X; finite(x) {
					from, to = math.Min(from, x), math.Max(to, x)
				}
			}
		}
	}
	if from > to {
		return 0, 0
	}
	return from, to
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// values is the range of Y in the window; ok is false when nothing finite (on
// a logarithmic scale: positive) is there.
func (c *Chart) values(from, to float64) (lo, hi float64, ok bool) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for i := range c.Curves {
		for _, buckets := range [...][]Bucket{c.Curves[i].Buckets, c.Curves[i].Raw} {
			for j := range buckets {
				b := &buckets[j]
				if b.X < from || b.X > to || !finite(b.Min) || !finite(b.Max) {
					continue
				}
				if !c.Log || b.Min > 0 {
					lo = math.Min(lo, b.Min)
				} else if b.Max > 0 {
					lo = math.Min(lo, b.Max)
				}
				if !c.Log || b.Max > 0 {
					hi = math.Max(hi, b.Max)
				}
			}
		}
	}
	return lo, hi, lo <= hi
}

// Sentences says what the chart shows, one sentence a curve, for a screen
// reader or a plain printer.
func (c *Chart) Sentences() []string {
	out := make([]string, 0, len(c.Curves))
	for i := range c.Curves {
		s := &c.Curves[i].Sum
		var b strings.Builder
		b.WriteString(Clean(c.Title))
		if name := Clean(c.Curves[i].Name); name != "" {
			if b.Len() > 0 {
				b.WriteString(" of ")
			}
			b.WriteString(name)
		}
		if b.Len() > 0 {
			b.WriteString(": ")
		}
		points := Count(s.N, NoLimit) + " points"
		if s.NaNs >= s.N {
			out = append(out, b.String()+points+", none of them a number.")
			continue
		}
		b.WriteString("last " + Num(s.Last, NoLimit))
		b.WriteString(", least " + Num(s.Min, NoLimit) + c.where(s.MinAt))
		b.WriteString(", most " + Num(s.Max, NoLimit) + c.where(s.MaxAt) + ", " + points)
		if s.NaNs > 0 {
			b.WriteString(", " + Count(s.NaNs, NoLimit) + " not a number")
		}
		out = append(out, b.String()+".")
	}
	return out
}

// where is a place on the axis in words, "" when it is not known.
func (c *Chart) where(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return " at " + c.axisName() + " " + c.Axis.place(x)
}

// axisName is what X counts.
func (c *Chart) axisName() string {
	switch {
	case c.Axis.Name != "":
		return Clean(c.Axis.Name)
	case c.Axis.Kind == AxisStep:
		return "step"
	}
	return "x"
}

// rowLabels are the ticks' labels by row. A growing curve mostly stays within its range: what was written
// for the same ticks is used again.
func (c *Chart) rowLabels(p *plot) []string {
	m := &c.memo
	if r := &m.rowMemo; len(r.labels) == p.h && r.dots == p.dy && r.step == p.y.step && r.lo == p.y.lo && r.hi == p.y.hi && slices.Equal(r.values, p.y.ticks) {
		return r.labels
	}
	labels := make([]string, p.h)
	for _, v := range p.y.ticks {
		labels[p.row(v)/p.dy] = p.y.label(v)
	}
	m.rowMemo = rowMemo{labels: labels, values: p.y.ticks, lo: p.y.lo, hi: p.y.hi, step: p.y.step, dots: p.dy}
	return labels
}

// columnTicks are the horizontal axis' ticks, kept while the window is the same.
func (c *Chart) columnTicks(p *plot) []xTick {
	m := &c.memo
	key := tickKey{axis: c.Axis, from: p.from, to: p.to, w: p.w}
	if m.ticks == nil || key != m.tickKey {
		m.ticks, m.tickKey = c.Axis.xTicks(p), key
	}
	return m.ticks
}

// tickKey names what the ticks of the horizontal axis depend on.
type tickKey struct {
	axis     Axis
	from, to float64
	w        int
}
