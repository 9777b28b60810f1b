package runs

import (
	"time"

	"pace/themes"
	"pace/tui/pane"
	"pace/tui/widget"
)

// lookOf is how widgets draw in a frame.
func lookOf(f pane.Frame) widget.Look {
	g, _ := widget.GlyphsFor(f.Glyphs, func(string) string { return "" })
	return widget.Look{Theme: f.Theme, Glyphs: g}
}

func zoneOf(f pane.Frame) *time.Location {
	if f.Zone == nil {
		return time.UTC
	}
	return f.Zone
}

// View draws the list, and beside it the current run where there is room.
func (l *list) View(f pane.Frame) []string {
	if f.Serial != l.frame.Serial || l.style.Theme == nil {
		l.style = lookOf(f)
		l.table.Touch()
	}
	l.frame = f
	return l.cache.Lines(l.gen, f, l.Live(), func() []string { return l.draw(f) })
}

// lookOf is the look of the frame drawn last.
func (l *list) lookOf() widget.Look { return l.style }

func (l *list) draw(f pane.Frame) []string {
	look := l.style
	foot := l.filterLine(look, f.W)
	if foot != "" {
		f.H--
	}
	parts := pane.Lay(f, l.part)
	c := widget.Canvas{W: f.W, H: f.H}
	if !parts.List.Empty() {
		put(&c, parts.List, l.table.Lines(look, parts.List.W, parts.List.H))
	}
	if !parts.Chart.Empty() {
		chart := &l.peek.curves.chart
		chart.Empty = "no curve: this run has no metric with steps"
		put(&c, parts.Chart, chart.Lines(look, parts.Chart.W, parts.Chart.H))
	}
	if !parts.Detail.Empty() {
		put(&c, parts.Detail, look.Pairs(l.peek.facts(f), l.peek.top, parts.Detail.W, parts.Detail.H))
	}
	lines := c.Lines()
	if foot != "" {
		lines = append(lines, foot)
	}
	return lines
}

// filterLine keeps an active filter in sight.
func (l *list) filterLine(look widget.Look, w int) string {
	if l.ask.good == "" && l.ask.filter == "" && len(l.marks.ids) == 0 && !l.ask.put {
		return ""
	}
	n := look.NewLine(w)
	n.Gap(1)
	if l.ask.good != "" {
		n.Put(themes.Accent, "/ ").Put(themes.Fg, l.ask.good)
	}
	right := ""
	if l.ask.good != "" {
		right = widget.Count(int64(len(l.data.rows)), 12) + " match"
	}
	if l.ask.put {
		right += "   with what was put away"
	}
	if len(l.marks.ids) > 0 {
		right += "   " + plural(len(l.marks.ids), "run") + " marked"
	}
	n.Right(themes.Dim, right+" ")
	return n.String()
}

func put(c *widget.Canvas, at pane.Rect, lines []string) { c.Put(at.X, at.Y, at.W, lines) }
