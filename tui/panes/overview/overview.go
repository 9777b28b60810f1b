// Package overview is the first screen: what needs somebody, what runs now, what is best and what is new. It
// must not know how any of it was found out.
package overview

import (
	"pace/store"
	"pace/tui/pane"
	"pace/tui/panes/draw"
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
	gen     int
	facts   *facts
	problem string
	pending store.Change // what the table of runs has not been told yet
	lines   []line
	columns [][]int // lines of each column, in order
	spot
	curves draw.Curves
	cache  pane.Cache
	frame  pane.Frame
}

// spot is where the cursor is: a column, and a place in it; tops are the first places seen.
type spot struct {
	column, at int
	moved      bool // by the person: until then it stays at the top
	tops       [2]int
	seen       [2][]int // the line of each row drawn last, -1 for a blank one
	listTop    [2]int   // the row where each list begins
	split      int      // the column of the screen where the second list begins
}

// Title is the screen's word.
func (t *tower) Title() string { return "overview" }

// Line is the command that prints it.
func (t *tower) Line() string { return "pace --report" }

// Update takes one event.
func (t *tower) Update(e pane.Event) []pane.Effect {
	t.gen++
	switch e := e.(type) {
	case pane.Started:
		t.frame.W, t.frame.H = e.W, e.H
		return t.load(store.Change{})
	case pane.Resized:
		before := t.size()
		t.frame.W, t.frame.H = e.W, e.H
		if t.size() != before {
			t.arrange()
		}
		return t.load(store.Change{})
	case pane.Changed:
		if e.AnyRun() || e.AnyDataset() || e.Said() || e.Sources || e.Results {
			return t.load(e.Change)
		}
	case pane.Loaded:
		t.loaded(e)
	case pane.Moved:
		t.move(e)
	case pane.Clicked:
		return t.clicked(e)
	}
	return nil
}

func (t *tower) loaded(e pane.Loaded) {
	if e.Err != nil {
		t.problem = e.Err.Error()
		return
	}
	f := e.Value.(facts)
	t.facts, t.problem, t.pending = &f, "", store.Change{}
	t.arrange()
	t.setCurves()
}

// arrange builds the lines anew and keeps the cursor on what it was on.
func (t *tower) arrange() {
	if t.facts == nil {
		return
	}
	before, _ := t.current()
	t.lines = t.sections()
	t.lay()
	t.column, t.at = 0, 0
	for c, column := range t.columns {
		for at, i := range column {
			if t.spot.moved && t.lines[i].same(before) {
				t.column, t.at = c, at
			}
		}
	}
	if t.column == 0 && len(t.columns[0]) == 0 && len(t.columns) > 1 {
		t.column = 1
	}
	t.settle(1)
}

// current is the line under the cursor.
func (t *tower) current() (line, bool) {
	if t.column >= len(t.columns) || t.at < 0 || t.at >= len(t.columns[t.column]) {
		return line{}, false
	}
	l := t.lines[t.columns[t.column][t.at]]
	return l, l.section == ""
}

func (t *tower) move(e pane.Moved) {
	t.spot.moved = true
	by := 0
	switch e.Motion {
	case pane.Up:
		by = -e.Count
	case pane.Down:
		by = e.Count
	case pane.PageUp:
		by = -t.frame.H / 2
	case pane.PageDown:
		by = t.frame.H / 2
	case pane.Top:
		by = -len(t.lines)
	case pane.Bottom:
		by = len(t.lines)
	case pane.Left, pane.Right, pane.NextPart, pane.PrevPart:
		t.cross()
		return
	default:
		return
	}
	t.at += by
	t.settle(by)
}

// cross goes to the other column.
func (t *tower) cross() {
	other := 1 - t.column
	if len(t.columns) < 2 || len(t.columns[other]) == 0 {
		return
	}
	t.column, t.at = other, t.tops[other]
	t.settle(1)
}

// settle keeps the cursor in range and off the headings, going on in the direction it came from.
func (t *tower) settle(by int) {
	if t.column >= len(t.columns) {
		return
	}
	lines := t.columns[t.column]
	t.at = max(0, min(t.at, len(lines)-1))
	step := 1
	if by < 0 {
		step = -1
	}
	for _, d := range [...]int{step, -step} {
		for i := t.at; i >= 0 && i < len(lines); i += d {
			if t.lines[lines[i]].section == "" {
				t.at = i
				return
			}
		}
	}
}

func (t *tower) clicked(e pane.Clicked) []pane.Effect {
	c := 0
	if len(t.columns) > 1 && e.X >= t.split {
		c = 1
	}
	y := e.Y - t.listTop[c]
	if y < 0 || y >= len(t.seen[c]) || t.seen[c][y] < 0 {
		return nil
	}
	at := t.seen[c][y]
	if t.lines[t.columns[c][at]].section != "" {
		return nil
	}
	t.column, t.at, t.spot.moved = c, at, true
	if e.Double {
		return t.open()
	}
	return nil
}

// Verbs are what can be done here.
func (t *tower) Verbs() []pane.Verb {
	off := "there is nothing to open"
	l, ok := t.current()
	if ok && l.ref != "" {
		off = ""
	}
	vs := []pane.Verb{
		{ID: "open", Footer: 1, Off: off, Run: t.open},
		{ID: "copy", Off: off, Run: func() []pane.Effect {
			return []pane.Effect{pane.Copy{What: "line", Text: l.title + "\t" + l.text}}
		}},
	}
	return append(vs, t.curves.Verbs(func() { t.gen++ }, func() []pane.Effect { return t.load(store.Change{}) })...)
}

func (t *tower) open() []pane.Effect {
	l, ok := t.current()
	if !ok {
		return nil
	}
	return []pane.Effect{pane.Jump{Ref: l.ref}}
}
