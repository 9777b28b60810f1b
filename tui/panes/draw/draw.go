// Package draw is what panes share when they draw what package report knows: looks, marks of states, moves in
// tables and texts, charts of curves. It must not know any one pane.
package draw

import (
	"strings"
	"time"

	"pace/engine/report"
	"pace/themes"
	"pace/tui/pane"
	"pace/tui/widget"
)

// Look is how widgets draw in a frame.
func Look(f pane.Frame) widget.Look {
	g, _ := widget.GlyphsFor(f.Glyphs, func(string) string { return "" })
	return widget.Look{Theme: f.Theme, Glyphs: g}
}

// Zone is the zone in which a frame shows times.
func Zone(f pane.Frame) *time.Location {
	if f.Zone == nil {
		return time.UTC
	}
	return f.Zone
}

// When writes a moment as the frame shows it, in at most w columns.
func When(f pane.Frame, t time.Time, w int) string {
	if t.IsZero() {
		return ""
	}
	return widget.When(t.In(Zone(f)), f.Now.In(Zone(f)), w)
}

// Options are what package report needs to know of a load.
func Options(src pane.Source) report.Options {
	return report.Options{
		Moment:  report.Moment{Now: src.Now, Zone: src.Zone},
		Project: src.Root, Primary: src.PrimaryMetric, Direction: src.PrimaryDirection,
	}
}

// Step moves in a table.
func Step(t *widget.Table, e pane.Moved) {
	switch e.Motion {
	case pane.Up:
		t.Move(-e.Count)
	case pane.Down:
		t.Move(e.Count)
	case pane.Left:
		t.MoveColumn(-1)
	case pane.Right:
		t.MoveColumn(1)
	case pane.Top:
		t.First()
	case pane.Bottom:
		t.Last()
	case pane.PageUp:
		t.Page(-1)
	case pane.PageDown:
		t.Page(1)
	}
}

// Scroll is the first line that is seen after a movement, in a text of so many lines.
func Scroll(top int, e pane.Moved, lines int) int {
	const page = 10
	switch e.Motion {
	case pane.Up:
		top -= e.Count
	case pane.Down:
		top += e.Count
	case pane.PageUp:
		top -= page
	case pane.PageDown:
		top += page
	case pane.Top:
		top = 0
	case pane.Bottom:
		top = lines - page
	}
	return max(0, min(top, lines-1))
}

// State maps a run's word to how a state is drawn.
func State(word string) widget.State {
	switch word {
	case "finished":
		return widget.StateOK
	case "running", "live":
		return widget.StateLive
	case "failed":
		return widget.StateFailed
	case "killed", "deleted":
		return widget.StateKilled
	case "queued":
		return widget.StateQueued
	case "stale":
		return widget.StateStale
	case "missing":
		return widget.StateWarn
	}
	return widget.StateUnknown
}

// Level maps how much something matters to how a state is drawn.
func Level(l report.Level) widget.State {
	switch l {
	case report.Error:
		return widget.StateFailed
	case report.Warn:
		return widget.StateWarn
	case report.OK:
		return widget.StateOK
	}
	return widget.StateUnknown
}

// Better says which way a metric is better, and when that is only a guess: "higher is better (guessed)"; "" where
// nobody knows.
func Better(direction string, guessed bool) string {
	word := map[string]string{"min": "lower is better", "max": "higher is better"}[direction]
	if guessed && word != "" {
		word += " (guessed)"
	}
	return word
}

// Fact is a line of details.
func Fact(key, text string) widget.Pair {
	return widget.Pair{Key: key, Cell: widget.Text(themes.Fg, text)}
}

// Heading is a line of details that heads the next ones.
func Heading(text string) widget.Pair { return widget.Pair{Cell: widget.Text(themes.Header, text)} }

// Put places lines in a part of a frame.
func Put(c *widget.Canvas, at pane.Rect, lines []string) { c.Put(at.X, at.Y, at.W, lines) }

// Inside says whether a click is in a part of the frame.
func Inside(r pane.Rect, e pane.Clicked) bool {
	return e.X >= r.X && e.X < r.X+r.W && e.Y >= r.Y && e.Y < r.Y+r.H
}

// Quote writes a text as one word of a shell.
func Quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// Plural is a count with its noun: "1 run", "3 runs".
func Plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return widget.Count(int64(n), 12) + " " + one + "s"
}
