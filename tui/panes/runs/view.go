package runs

import (
	"pace/themes"
	"pace/tui/pane"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

// View draws the list, and beside it the current run where there is room.
func (l *list) View(f pane.Frame) []string {
	if f.Serial != l.frame.Serial || l.style.Theme == nil {
		l.style = draw.Look(f)
		l.table.Touch()
	}
	l.frame = f
	return l.cache.Lines(l.gen, f, l.Live(), func() []string { return l.draw(f) })
}

func (l *list) draw(f pane.Frame) []string {
	look := l.style
	foot := l.filterLine(look, f.W)
	if foot != "" {
		f.H--
	}
	parts := pane.Lay(f, l.part)
	c := widget.Canvas{W: f.W, H: f.H}
	if !parts.List.Empty() {
		draw.Put(&c, parts.List, l.table.Lines(look, parts.List.W, parts.List.H))
	}
	if !parts.Chart.Empty() {
		chart := &l.peek.curves.Chart
		chart.Empty = "no curve: this run has no metric with steps"
		draw.Put(&c, parts.Chart, chart.Lines(look, parts.Chart.W, parts.Chart.H))
	}
	if !parts.Detail.Empty() {
		draw.Put(&c, parts.Detail, look.Pairs(l.peek.facts(f), l.peek.top, parts.Detail.W, parts.Detail.H))
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
		right += "   " + draw.Plural(len(l.marks.ids), "run") + " marked"
	}
	n.Right(themes.Dim, right+" ")
	return n.String()
}
