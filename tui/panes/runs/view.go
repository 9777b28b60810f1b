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
	f.H--
	parts := pane.Lay(f, l.part)
	c := widget.Canvas{W: f.W, H: f.H}
	if !parts.List.Empty() {
		draw.Put(&c, parts.List, l.table.Lines(look, parts.List.W, parts.List.H))
	}
	if !parts.Chart.Empty() {
		l.peek.curves.Chart.Empty = "no curve: this run has no metric with steps"
		draw.Put(&c, parts.Chart, l.peek.curves.Lines(look, parts.Chart.W, parts.Chart.H))
	}
	if !parts.Detail.Empty() {
		draw.Put(&c, parts.Detail, l.peek.lines(look, f, l.Live(), parts.Detail))
	}
	return append(c.Lines(), l.footLine(look, f.W))
}

// footLine keeps in sight what is filtered and marked, or says what decides.
func (l *list) footLine(look widget.Look, w int) string {
	n := look.NewLine(w)
	n.Gap(1)
	if l.data.runs == nil {
		return n.String()
	}
	right := ""
	add := func(text string) {
		if right != "" {
			right += "   "
		}
		right += text
	}
	if l.ask.good != "" {
		add(widget.Count(int64(len(l.data.rows)), 12) + " match")
	}
	if l.ask.put {
		add("with what was put away")
	}
	if len(l.marks.ids) > 0 {
		add(draw.Plural(len(l.marks.ids), "run") + " marked")
	}
	room := w - widget.Width(right) - 3
	switch key := l.data.runs.Primary(); {
	case l.ask.good != "" && !(l.ask.typing && l.ask.filter == l.ask.good):
		n.Put(themes.Accent, "/ ").Put(themes.Fg, look.Fit(widget.Clean(l.ask.good), room-2))
	case l.ask.good == "" && key != "":
		better := draw.Better(l.data.runs.Directions().Of(key))
		if better == "" {
			better = "nobody knows whether less or more is better; m says so"
		}
		n.Put(themes.Dim, look.Fit(widget.Clean(key)+" decides: "+better, room))
	}
	return n.Right(themes.Dim, right+" ").String()
}
