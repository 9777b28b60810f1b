// Package overview is the first screen: what needs somebody, what runs now, what changed since they last
// looked. It must not know how any of it was found out.
package overview

import (
	"context"
	"fmt"

	"pace/engine/report"
	"pace/store"
	"pace/themes"
	"pace/tui/pane"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

// Spec is the screen's entry in the list of screens.
func Spec() pane.Spec {
	return pane.Spec{
		ID: "overview", Title: "Overview", Key: "1",
		New:   func() pane.Pane { return &tower{} },
		Wants: func(store.Change) bool { return true },
	}
}

// tower is the control tower.
type tower struct {
	gen    int
	facts  *report.Overview
	lines  []line // everything, in the order of a narrow screen
	cursor int    // index into lines
	top    int
	seen   []int // the line of each row drawn last, -1 for a blank one
	curves draw.Curves
	cache  pane.Cache
	frame  pane.Frame
}

// line is one row: a section's heading, or something that can be opened.
type line struct {
	section string // of a heading: its words
	state   widget.State
	sign    string // instead of the state's glyph
	title   string
	text    string
	time    report.Time
	live    *report.Live
	ref     string
}

// Title is the screen's word.
func (t *tower) Title() string { return "overview" }

// Line is the command that prints it.
func (t *tower) Line() string { return "pace --report" }

// Live says that live runs show how long they have run.
func (t *tower) Live() bool { return t.facts != nil && len(t.facts.Live) > 0 }

// Update takes one event.
func (t *tower) Update(e pane.Event) []pane.Effect {
	t.gen++
	switch e := e.(type) {
	case pane.Started:
		t.frame.W, t.frame.H = e.W, e.H
		return t.load()
	case pane.Resized:
		t.frame.W, t.frame.H = e.W, e.H
		return t.load()
	case pane.Changed:
		if e.AnyRun() || e.AnyDataset() || e.Said() || e.Sources || e.Results {
			return t.load()
		}
	case pane.Loaded:
		if e.Err == nil {
			v := e.Value.(report.Overview)
			t.take(&v)
		}
	case pane.Moved:
		t.moved(e)
	case pane.Clicked:
		return t.clicked(e)
	}
	return nil
}

func (t *tower) load() []pane.Effect {
	t.curves.Fit(t.frame.W / 2)
	width := t.curves.Query("").Width
	return []pane.Effect{pane.Load{Slot: "overview", Run: func(ctx context.Context, src pane.Source) (any, error) {
		o, err := report.LoadOverview(ctx, src.Reader, draw.Options(src), report.OverviewQuery{Seen: src.Seen, Width: width})
		return o, err
	}}}
}

// take keeps the cursor on what it was on.
func (t *tower) take(o *report.Overview) {
	at := line{}
	if t.cursor < len(t.lines) {
		at = t.lines[t.cursor]
	}
	t.facts = o
	t.lines = t.lines[:0]
	t.needs(o)
	t.live(o)
	t.news(o)
	t.cursor = 0
	for i, l := range t.lines {
		if l.ref == at.ref && l.title == at.title && l.section == "" && at.title != "" {
			t.cursor = i
		}
	}
	t.settle(1)
	t.setCurves()
}

func (t *tower) needs(o *report.Overview) {
	if len(o.Needs) == 0 {
		return
	}
	t.lines = append(t.lines, line{section: "NEEDS YOU"})
	for _, f := range o.Needs {
		text := f.Message
		if f.Hint != "" {
			text += "; " + f.Hint
		}
		t.lines = append(t.lines, line{state: draw.Level(f.Level), title: f.Title, text: text, time: f.Since, ref: f.Subject})
	}
}

func (t *tower) live(o *report.Overview) {
	if len(o.Live) == 0 {
		return
	}
	t.lines = append(t.lines, line{section: "LIVE"})
	for i := range o.Live {
		l := &o.Live[i]
		t.lines = append(t.lines, line{state: widget.StateLive, title: l.RunHead.Title(), live: l, ref: "run:" + l.ID})
	}
}

func (t *tower) news(o *report.Overview) {
	if len(o.News) == 0 {
		return
	}
	heading := "SINCE YOU LAST LOOKED"
	if !o.Seen.IsZero() {
		heading += ", " + draw.When(t.frame, o.Seen.Time, 20)
	}
	t.lines = append(t.lines, line{section: heading})
	for _, n := range o.News {
		t.lines = append(t.lines, line{sign: n.Sign, text: n.Text, time: n.Time, ref: n.Subject})
	}
}

// setCurves draws the live runs together when they share a metric, else the first one's.
func (t *tower) setCurves() {
	var series []report.Series
	var names []string
	key := ""
	for _, l := range t.facts.Live {
		if len(l.Series.Curve.Columns) == 0 || (key != "" && l.Series.Key != key) {
			continue
		}
		key = l.Series.Key
		series, names = append(series, l.Series), append(names, l.RunHead.Title())
	}
	t.curves.Set(key, series, names)
}

func (t *tower) moved(e pane.Moved) {
	switch e.Motion {
	case pane.Up:
		t.cursor -= e.Count
		t.settle(-1)
	case pane.Down:
		t.cursor += e.Count
		t.settle(1)
	case pane.PageUp:
		t.cursor -= t.frame.H / 2
		t.settle(-1)
	case pane.PageDown:
		t.cursor += t.frame.H / 2
		t.settle(1)
	case pane.Top:
		t.cursor = 0
		t.settle(1)
	case pane.Bottom:
		t.cursor = len(t.lines) - 1
		t.settle(-1)
	}
}

// settle keeps the cursor in range and off the headings, going on in the direction it came from.
func (t *tower) settle(by int) {
	t.cursor = max(0, min(t.cursor, len(t.lines)-1))
	for i := t.cursor; i >= 0 && i < len(t.lines); i += by {
		if t.lines[i].section == "" {
			t.cursor = i
			return
		}
	}
	for i := t.cursor; i >= 0 && i < len(t.lines); i -= by {
		if t.lines[i].section == "" {
			t.cursor = i
			return
		}
	}
}

func (t *tower) clicked(e pane.Clicked) []pane.Effect {
	y := e.Y - headRows
	if y < 0 || y >= len(t.seen) || t.seen[y] < 0 || t.lines[t.seen[y]].section != "" {
		return nil
	}
	t.cursor = t.seen[y]
	if e.Double {
		return t.open()
	}
	return nil
}

// Verbs are what can be done here.
func (t *tower) Verbs() []pane.Verb {
	off := "there is nothing to open"
	if t.cursor < len(t.lines) && t.lines[t.cursor].ref != "" {
		off = ""
	}
	return []pane.Verb{
		{ID: "open", Footer: 1, Off: off, Run: t.open},
		{ID: "copy", Off: off, Run: func() []pane.Effect {
			l := t.lines[t.cursor]
			return []pane.Effect{pane.Copy{What: "line", Text: l.title + "\t" + l.text}}
		}},
	}
}

func (t *tower) open() []pane.Effect { return []pane.Effect{pane.Jump{Ref: t.lines[t.cursor].ref}} }

// headRows are the rows above the list: the counts, and a blank one.
const headRows = 2

// View draws the tower.
func (t *tower) View(f pane.Frame) []string {
	t.frame = f
	return t.cache.Lines(t.gen, f, t.Live(), func() []string { return t.draw(f) })
}

func (t *tower) draw(f pane.Frame) []string {
	look := draw.Look(f)
	if t.facts == nil {
		return widget.Blank(f.W, f.H)
	}
	if len(t.lines) == 0 && t.facts.Counts.Runs+t.facts.Counts.Datasets == 0 {
		return t.empty(look, f)
	}
	c := widget.Canvas{W: f.W, H: f.H}
	w := f.W
	if pane.SizeOf(f.W, f.H+2) != pane.S && len(t.curves.Chart.Curves) > 0 {
		w = f.W * 55 / 100
	}
	c.Put(0, 0, w, []string{t.counts(look, w)})
	c.Put(0, headRows, w, t.list(look, w, f.H-headRows))
	if w < f.W {
		c.Put(w+2, headRows, f.W-w-2, t.curves.Chart.Lines(look, f.W-w-2, min(f.H-headRows, 20)))
	}
	return c.Lines()
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

func (t *tower) list(look widget.Look, w, h int) []string {
	if t.cursor < t.top+1 {
		t.top = max(0, t.cursor-1)
	}
	if t.cursor >= t.top+h {
		t.top = t.cursor - h + 1
	}
	titles := 0
	for _, l := range t.lines {
		titles = max(titles, min(widget.Width(widget.Clean(l.title)), 30))
	}
	out := make([]string, 0, h)
	t.seen = t.seen[:0]
	for i := t.top; i < len(t.lines) && len(out) < h; i++ {
		// A blank row stands before every section but the first that is seen.
		if t.lines[i].section != "" && len(out) > 0 && len(out) < h-1 {
			out = append(out, widget.Blank(w, 1)[0])
			t.seen = append(t.seen, -1)
		}
		t.seen = append(t.seen, i)
		out = append(out, t.row(look, w, i, titles))
	}
	return append(out, widget.Blank(w, max(0, h-len(out)))...)
}

func (t *tower) row(look widget.Look, w, i, titles int) string {
	l := t.lines[i]
	n := look.NewLine(w)
	if l.section != "" {
		return n.Gap(1).Put(themes.Header, l.section).String()
	}
	if i == t.cursor {
		n.Reset(w, themes.Cursor)
		n.Put(themes.Accent, look.Glyphs.Text.Cursor).Gap(1)
	} else {
		n.Gap(2)
	}
	when := ""
	if !l.time.IsZero() {
		when = draw.When(t.frame, l.time.Time, 16)
	}
	switch {
	case l.live != nil:
		return t.liveRow(n, look, l, titles)
	case l.sign != "":
		n.Put(themes.Accent, l.sign).Gap(1)
		n.Put(themes.Fg, look.Fit(widget.Clean(l.text), n.Room()-widget.Width(when)-3))
	default:
		n.Put(l.state.Role(), look.Glyph(l.state)).Gap(1)
		n.Cell(themes.Strong, l.title, titles, widget.AlignLeft).Gap(2)
		n.Put(themes.Fg, look.Fit(widget.Clean(l.text), n.Room()-widget.Width(when)-3))
	}
	return n.Right(themes.Dim, when+" ").String()
}

// liveRow says how a run that runs now goes: its metric, its curve, and how it stands.
func (t *tower) liveRow(n *widget.Line, look widget.Look, l line, titles int) string {
	n.Put(themes.Live, look.Glyph(widget.StateLive)).Gap(1)
	n.Cell(themes.Strong, l.title, titles, widget.AlignLeft).Gap(2)
	s := l.live.Series
	if len(s.Curve.Columns) > 0 {
		n.Put(themes.Dim, s.Key+" ").Put(themes.Strong, widget.Num(float64(s.Last), 8)).Gap(2)
		var values []float64
		for _, c := range s.Curve.Columns {
			if c.N > 0 {
				values = append(values, c.Last)
			}
		}
		n.Put(themes.Accent, look.Spark(values, 12)).Gap(2)
		n.Put(themes.Dim, l.live.Verdict)
	}
	return n.String()
}

// empty says what pace looks for, and what to try.
func (t *tower) empty(look widget.Look, f pane.Frame) []string {
	text := []string{
		"", t.facts.Empty, "",
		"pace reads what tools leave in a folder, as it is:",
		"   runs       mlruns/ and mlflow.db of MLflow, TensorBoard event files, metrics in CSV, JSONL and JSON",
		"   datasets   CSV, TSV and Parquet, also .gz and .zst",
		"",
		"Three things to try:",
		"   pace demo              a real project to look around in",
		"   pace ~/your/project    another folder",
		"   pace doctor            what pace sees here, and what it can't read",
	}
	out := make([]string, 0, f.H)
	for i, s := range text {
		role := themes.Fg
		if i == 1 {
			role = themes.Strong
		}
		if len(out) < f.H {
			out = append(out, look.NewLine(f.W).Gap(2).Put(role, s).String())
		}
	}
	return append(out, widget.Blank(f.W, max(0, f.H-len(out)))...)
}
