package overview

import (
	"fmt"

	"pace/themes"
	"pace/tui/pane"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

// headRows are the rows above the lists: the counts, and a blank one.
const headRows = 2

// View draws the tower.
func (t *tower) View(f pane.Frame) []string {
	t.frame = f
	return t.cache.Lines(t.gen, f, false, func() []string { return t.draw(f) })
}

func (t *tower) draw(f pane.Frame) []string {
	look := draw.Look(f)
	switch {
	case t.problem != "" && t.facts == nil:
		return t.say(look, f, t.problem, themes.Err)
	case t.facts == nil:
		return t.say(look, f, "reading what is known about this project", themes.Dim)
	case t.facts.Empty != "":
		return t.empty(look, f)
	}
	c := widget.Canvas{W: f.W, H: f.H}
	c.Put(0, 0, f.W, []string{t.counts(look, f.W)})
	if len(t.columns) == 1 {
		t.listTop[0] = headRows
		c.Put(0, headRows, f.W, t.list(look, 0, f.W, f.H-headRows))
		return c.Lines()
	}
	left := f.W * 54 / 100
	right := f.W - left - 3
	t.split = left + 3
	t.listTop = [2]int{headRows, headRows}
	c.Put(0, headRows, left, t.list(look, 0, left, f.H-headRows))
	chart := 0
	if len(t.curves.Chart.Curves) > 0 {
		chart = min((f.H-headRows)*2/5, 20)
		c.Put(t.split, headRows, right, t.curves.Lines(look, right, chart))
		t.listTop[1] += chart + 1
	}
	c.Put(t.split, t.listTop[1], right, t.list(look, 1, right, f.H-t.listTop[1]))
	return c.Lines()
}

// say is a screen with one sentence.
func (t *tower) say(look widget.Look, f pane.Frame, text string, role themes.Role) []string {
	lines := []string{widget.Blank(f.W, 1)[0], look.NewLine(f.W).Gap(2).Put(role, text).String()}
	return append(lines, widget.Blank(f.W, max(0, f.H-2))...)[:f.H]
}

// counts say in one line how much there is.
func (t *tower) counts(look widget.Look, w int) string {
	n := look.NewLine(w)
	n.Gap(1)
	part := func(count int, word string, role themes.Role) {
		if count == 0 {
			return
		}
		n.Put(role, draw.Plural(count, word)).Gap(3)
	}
	c := t.facts.Counts
	part(c.Runs, "run", themes.Strong)
	part(c.Datasets, "dataset", themes.Strong)
	part(c.Experiments, "experiment", themes.Dim)
	if c.Live > 0 {
		n.Put(themes.Live, fmt.Sprintf("%s %d live", look.Glyph(widget.StateLive), c.Live)).Gap(3)
	}
	part(c.Unresolved, "open note", themes.Dim)
	if len(t.facts.Needs) == 0 {
		n.Put(themes.OK, look.Glyph(widget.StateOK)+" nothing needs you")
	}
	return n.String()
}

// list draws one column of lines, scrolled so that its cursor is seen.
func (t *tower) list(look widget.Look, c, w, h int) []string {
	lines := t.columns[c]
	if h <= 0 {
		return nil
	}
	top := t.scrolled(c, h)
	titles := 0
	for _, i := range lines {
		if l := &t.lines[i]; l.sign == "" {
			titles = max(titles, min(widget.Width(widget.Clean(l.title)), w*2/5, 32))
		}
	}
	line, blank := look.NewLine(w), widget.Blank(w, 1)[0]
	out := make([]string, 0, h)
	t.seen[c] = t.seen[c][:0]
	for at := top; at < len(lines) && len(out) < h; at++ {
		// A blank row stands before every section but the first that is seen.
		if t.lines[lines[at]].section != "" && len(out) > 0 {
			if len(out) >= h-2 {
				break
			}
			out = append(out, blank)
			t.seen[c] = append(t.seen[c], -1)
		}
		t.seen[c] = append(t.seen[c], at)
		out = append(out, t.row(look, w, &t.lines[lines[at]], rowPlace{here: c == t.column && at == t.at, titles: titles, line: line}))
	}
	return append(out, widget.Blank(w, max(0, h-len(out)))...)
}

// scrolled is the first line of a column that is seen. Blank rows between sections take room too.
func (t *tower) scrolled(c, h int) int {
	lines := t.columns[c]
	if c == t.column {
		t.tops[c] = min(t.tops[c], max(0, t.at-1))
		for t.rowsBetween(c, t.tops[c], t.at) > h && t.tops[c] < t.at {
			t.tops[c]++
		}
	}
	t.tops[c] = max(0, min(t.tops[c], len(lines)-1))
	return t.tops[c]
}

func (t *tower) rowsBetween(c, from, to int) int {
	n := 0
	for i := from; i <= to && i < len(t.columns[c]); i++ {
		n++
		if i > from && t.lines[t.columns[c][i]].section != "" {
			n++
		}
	}
	return n
}

// rowPlace is where a row stands.
type rowPlace struct {
	here   bool
	titles int // columns of the titles
	line   *widget.Line
}

// minText is how many columns a text needs to say anything once it is cut.
const minText = 6

// curveWidth is how many cells a curve in a row has.
const curveWidth = 12

func (t *tower) row(look widget.Look, w int, l *line, p rowPlace) string {
	n := p.line
	n.Reset(w, themes.Page)
	if l.section != "" {
		return n.Gap(1).Put(themes.Header, l.section).String()
	}
	surface := themes.Page
	if p.here {
		surface = themes.Cursor
		n.Put(themes.Accent, look.Glyphs.Text.Cursor)
	}
	n.To(2)
	when := ""
	if !l.time.IsZero() {
		when = draw.When(t.frame, l.time.Time, 11)
	}
	if l.sign != "" {
		n.Put(themes.Accent, l.sign).Gap(1).On(surface)
		n.Put(themes.Fg, look.Fit(widget.Clean(l.title), n.Room()-widget.Width(when)-3)).On(themes.Page)
		return n.Right(themes.Dim, when+" ").String()
	}
	n.Put(l.state.Role(), look.Glyph(l.state)).Gap(1).On(surface)
	end := w - n.Room() + p.titles
	n.Put(themes.Strong, look.Fit(widget.Clean(l.title), p.titles)).On(themes.Page).To(end).Gap(2)
	if l.value.Have {
		n.Cell(themes.Strong, widget.Num(l.value.Num, 8), 8, widget.AlignRight).Gap(2)
	} else if l.measured {
		n.Gap(10)
	}
	if len(l.curve) > 0 && n.Room() > curveWidth+14 {
		n.Cell(themes.Accent, look.Spark(l.curve, curveWidth), curveWidth, widget.AlignLeft).Gap(2)
	}
	if room := n.Room() - widget.Width(when) - 2; room >= minText || widget.Width(widget.Clean(l.text)) <= room {
		n.Put(l.role, look.Fit(widget.Clean(l.text), room))
	}
	return n.Right(themes.Dim, when+" ").String()
}

// empty says what pace looks for, and what to try.
func (t *tower) empty(look widget.Look, f pane.Frame) []string {
	p := widget.Prose{Text: "\n" + t.facts.Empty + "\n\n" + emptyText}
	c := widget.Canvas{W: f.W, H: f.H}
	w := min(f.W-4, 96)
	c.Put(2, 0, w, p.Lines(look, w, f.H))
	return c.Lines()
}

const emptyText = `pace reads what tools leave in a folder, as it is:
  runs: mlruns/ and mlflow.db of MLflow, TensorBoard event files, metrics in CSV, JSONL and JSON
  datasets: CSV, TSV and Parquet, also .gz and .zst

It keeps watching: what appears here appears on this screen. Three things to try:
  pace demo             a real project to look around in
  pace ~/your/project   another folder
  pace doctor           what pace sees here, and what it can't read`
