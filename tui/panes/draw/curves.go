package draw

import (
	"math"
	"slices"

	"pace/engine/report"
	"pace/tui/pane"
	"pace/tui/widget"
)

// Curves are charts over one or several runs, one chart a metric, with what a person can do to them. The
// first one is the one that decides; the others follow its window, crosshair and scale.
type Curves struct {
	Chart  widget.Chart
	others []widget.Chart
	axis   report.Axis
	smooth float64
	width  int // dot columns that the curves were asked for
}

// axes are the x axes in the order in which a key goes through them.
var axes = []report.Axis{report.AxisStep, report.AxisShare, report.AxisElapsed, report.AxisTime, report.AxisIndex}

// smoothings are the weights of the past that a key goes through.
var smoothings = []float64{0, 0.6, 0.9, 0.99}

// Query asks for one metric as the chart wants it now; the window is part of it, so that zooming in shows
// more, not bigger.
func (c *Curves) Query(key string) report.SeriesQuery {
	return report.SeriesQuery{Key: key, Width: c.width, Axis: c.axis, From: c.Chart.View.From, To: c.Chart.View.To, Smooth: c.smooth}
}

// Fit remembers how many dot columns the chart has room for.
func (c *Curves) Fit(cells int) { c.width = max(2*cells, 40) }

// Panel is what one chart shows: the series of one metric, one a run.
type Panel struct {
	Key    string
	Series []report.Series
}

// Set puts loaded series into the charts, under the runs' names.
func (c *Curves) Set(panels []Panel, names []string) {
	if len(panels) == 0 {
		panels = []Panel{{}}
	}
	c.fill(&c.Chart, panels[0], names)
	for len(c.others) < len(panels)-1 {
		c.others = append(c.others, widget.Chart{})
	}
	c.others = c.others[:len(panels)-1]
	for i := range c.others {
		c.fill(&c.others[i], panels[i+1], names)
	}
}

func (c *Curves) fill(chart *widget.Chart, p Panel, names []string) {
	chart.Title = p.Key
	chart.Curves = chart.Curves[:0]
	chart.Main = 0
	for i, s := range p.Series {
		if len(s.Curve.Columns) == 0 {
			continue
		}
		curve := widget.Curve{Name: names[i], Buckets: buckets(s.Curve), Sum: summary(s)}
		if len(s.Smooth.Columns) > 0 {
			curve.Raw, curve.Buckets = curve.Buckets, buckets(s.Smooth)
		}
		chart.Curves = append(chart.Curves, curve)
		chart.Axis = axisOf(s.Axis)
	}
	chart.Touch()
}

// The sizes of small multiples: two columns from this width on, and no chart higher than an eye compares.
const (
	twoColumns = 76
	maxChart   = 22
)

// Lines draws the first chart, or all of them as small multiples where there are several.
func (c *Curves) Lines(look widget.Look, w, h int) []string {
	n := 1 + len(c.others)
	if n == 1 {
		return c.Chart.Lines(look, w, h)
	}
	columns := 1
	if w >= twoColumns && n > 3 {
		columns = 2
	}
	rows := (n + columns - 1) / columns
	high, wide := min(h/rows, maxChart), (w-2*(columns-1))/columns
	canvas := widget.Canvas{W: w, H: h}
	for column := range columns {
		for row := range rows {
			i := row*columns + column
			if i < n {
				canvas.Put(column*(wide+2), row*high, wide, c.chart(i).Lines(look, wide, high-1))
			}
		}
	}
	return canvas.Lines()
}

// chart is the i-th chart, following the first.
func (c *Curves) chart(i int) *widget.Chart {
	if i == 0 {
		return &c.Chart
	}
	o := &c.others[i-1]
	o.View, o.Cross, o.Log, o.Empty = c.Chart.View, c.Chart.Cross, c.Chart.Log, c.Chart.Empty
	return o
}

// buckets are the columns of a curve that hold something.
func buckets(c report.Curve) []widget.Bucket {
	out := make([]widget.Bucket, 0, len(c.Columns))
	step := (c.To - c.From) / float64(max(1, len(c.Columns)))
	for i, col := range c.Columns {
		var flags widget.Flags
		if col.NaN {
			flags |= widget.HasNaN
		}
		if col.Up {
			flags |= widget.HasUp
		}
		if col.Down {
			flags |= widget.HasDown
		}
		if col.N == 0 && flags == 0 {
			continue
		}
		out = append(out, widget.Bucket{X: c.From + (float64(i)+0.5)*step, Min: col.Min, Max: col.Max, Last: col.Last, Flags: flags})
	}
	// The ends stand where the series has its first and last point, not in the middle of a column.
	if len(out) > 0 {
		out[0].X = math.Min(out[0].X, c.From)
		out[len(out)-1].X = math.Max(out[len(out)-1].X, c.To)
	}
	return out
}

func summary(s report.Series) widget.Summary {
	return widget.Summary{
		Last: float64(s.Last), Min: float64(s.Min), Max: float64(s.Max),
		MinAt: stepAt(s.MinStep), MaxAt: stepAt(s.MaxStep), N: s.Metric.Points, NaNs: s.NaN,
	}
}

func stepAt(s report.Step) float64 {
	if !s.Known() {
		return math.NaN()
	}
	return float64(s)
}

func axisOf(a report.Axis) widget.Axis {
	switch a {
	case report.AxisTime:
		return widget.Axis{Kind: widget.AxisWall, Name: "time"}
	case report.AxisElapsed:
		return widget.Axis{Kind: widget.AxisElapsed, Name: "elapsed"}
	case report.AxisShare:
		return widget.Axis{Kind: widget.AxisNumber, Name: "share of steps"}
	case report.AxisIndex:
		return widget.Axis{Kind: widget.AxisStep, Name: "point"}
	}
	return widget.Axis{Kind: widget.AxisStep, Name: "step"}
}

// Move reads along the crosshair while it is on.
func (c *Curves) Move(m pane.Motion) bool {
	switch {
	case !c.Chart.Cross.On:
		return false
	case m == pane.Left:
		c.Chart.MoveCross(-1)
	case m == pane.Right:
		c.Chart.MoveCross(1)
	default:
		return false
	}
	return true
}

// Verbs are the chart's keys. redraw is called when only the drawing changed, reload when curves must be
// asked for again.
func (c *Curves) Verbs(redraw func(), reload func() []pane.Effect) []pane.Verb {
	off := ""
	if len(c.Chart.Curves) == 0 {
		off = "there is no curve here"
	}
	drawn := func(do func()) func() []pane.Effect {
		return func() []pane.Effect { do(); redraw(); return nil }
	}
	asked := func(do func()) func() []pane.Effect {
		return func() []pane.Effect { do(); redraw(); return reload() }
	}
	return []pane.Verb{
		{ID: "crosshair", Off: off, Run: drawn(c.toggleCross)},
		{ID: "zoom-in", Off: off, Run: asked(func() { c.Chart.Zoom(0.5) })},
		{ID: "zoom-out", Off: off, Run: asked(func() { c.Chart.Zoom(2) })},
		{ID: "fit", Off: off, Run: asked(c.Chart.Fit)},
		{ID: "axis", Off: off, Run: asked(func() {
			c.axis = axes[(slices.Index(axes, c.axisNow())+1)%len(axes)]
			c.Chart.Fit()
			c.Chart.Cross.On = false
		})},
		{ID: "smooth", Off: off, Run: asked(func() {
			c.smooth = smoothings[(slices.Index(smoothings, c.smooth)+1)%len(smoothings)]
		})},
		{ID: "log", Off: off, Run: drawn(func() { c.Chart.Log = !c.Chart.Log })},
	}
}

func (c *Curves) axisNow() report.Axis {
	if c.axis == "" {
		return report.AxisStep
	}
	return c.axis
}

func (c *Curves) toggleCross() {
	if c.Chart.Cross.On {
		c.Chart.Cross.On = false
		return
	}
	c.Chart.MoveCross(0)
}
