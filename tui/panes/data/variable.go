package data

import (
	"fmt"
	"sort"
	"strings"

	"pace/engine/profile"
	"pace/themes"
	"pace/tui/pane"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

// variable is one column of a dataset: its distribution, its statistics, its commonest values, what is
// wrong with it.
type variable struct {
	gen     int
	dataset string
	profile *profile.Profile
	name    string
	part    int
	top     int
	cache   pane.Cache
	frame   pane.Frame
}

func newVariable(dataset string, p *profile.Profile, name string) *variable {
	return &variable{dataset: dataset, profile: p, name: name}
}

// Title is the variable's name in the breadcrumb.
func (v *variable) Title() string { return v.name }

// Line is the command that prints it.
func (v *variable) Line() string {
	return "pace profile " + draw.Quote(v.dataset) + " --columns " + draw.Quote(v.name)
}

// Update takes one event.
func (v *variable) Update(e pane.Event) []pane.Effect {
	v.gen++
	if e, ok := e.(pane.Moved); ok {
		switch e.Motion {
		case pane.NextPart, pane.PrevPart:
			v.part = 1 - v.part
		case pane.NextTab, pane.Right:
			v.turn(1)
		case pane.PrevTab, pane.Left:
			v.turn(-1)
		default:
			v.top = draw.Scroll(v.top, e, len(v.facts()))
		}
	}
	return nil
}

// turn goes to the next variable or the one before.
func (v *variable) turn(by int) {
	for i := range v.profile.Variables {
		if v.profile.Variables[i].Name == v.name {
			n := len(v.profile.Variables)
			v.name, v.top = v.profile.Variables[(i+by+n)%n].Name, 0
			return
		}
	}
}

// Verbs are what can be done with a variable.
func (v *variable) Verbs() []pane.Verb {
	return []pane.Verb{
		{ID: "data.next", Keys: []string{"J"}, Short: "next variable", Long: "the next variable (also l and })", Footer: 1, Run: func() []pane.Effect { v.turn(1); v.gen++; return nil }},
		{ID: "data.previous", Keys: []string{"K"}, Short: "previous variable", Long: "the variable before (also h and {)", Run: func() []pane.Effect { v.turn(-1); v.gen++; return nil }},
		{ID: "copy", Run: func() []pane.Effect { return []pane.Effect{pane.Copy{What: "command", Text: v.Line()}} }},
	}
}

// View draws the variable: its distribution beside its figures.
func (v *variable) View(f pane.Frame) []string {
	v.frame = f
	return v.cache.Lines(v.gen, f, false, func() []string { return v.draw(f) })
}

func (v *variable) draw(f pane.Frame) []string {
	look := draw.Look(f)
	x := v.profile.Variable(v.name)
	if x == nil {
		return widget.Blank(f.W, f.H)
	}
	if pane.SizeOf(f.W, f.H+2) == pane.S {
		h := min(f.H/2, 10)
		lines := v.picture(look, x, f.W, h)
		return append(lines, look.Pairs(v.facts(), v.top, f.W, f.H-h)...)
	}
	left := f.W * 45 / 100
	c := widget.Canvas{W: f.W, H: f.H}
	c.Put(0, 0, left, look.Pairs(v.facts(), v.top, left, f.H))
	c.Put(left+2, 0, f.W-left-2, v.picture(look, x, f.W-left-2, min(f.H, 24)))
	return c.Lines()
}

// picture is a histogram of numbers or times, or bars of the commonest values.
func (v *variable) picture(look widget.Look, x *profile.Variable, w, h int) []string {
	if x.Histogram != nil {
		g := widget.Histogram{}
		for _, e := range x.Histogram.Edges {
			g.Edges = append(g.Edges, float64(e))
		}
		for _, c := range x.Histogram.Counts {
			g.Counts = append(g.Counts, float64(c))
		}
		return g.Lines(look, w, h)
	}
	var bars []widget.Bar
	for _, t := range x.Top {
		bars = append(bars, widget.Bar{Label: valueText(t.Value), Value: float64(t.Count), Role: themes.Accent})
	}
	return look.Bars(bars, widget.KindCount, w, h)
}

func (v *variable) facts() []widget.Pair {
	x := v.profile.Variable(v.name)
	if x == nil {
		return nil
	}
	approx := map[string]bool{}
	for _, a := range x.Approx {
		approx[a] = true
	}
	num := func(key, field string, n float64, kind widget.Kind) widget.Pair {
		if approx[field] {
			key += " (about)"
		}
		return widget.Pair{Key: key, Cell: widget.Value(themes.Fg, kind, n)}
	}
	pairs := []widget.Pair{draw.Fact("type", string(x.Type)), draw.Fact("storage", x.Storage), draw.Fact("role", x.Role)}
	for _, a := range v.profile.Alerts {
		if a.Column == x.Name {
			pairs = append(pairs, widget.Pair{Key: "alert", Cell: widget.Text(severity(a.Severity).Role(), a.Message)})
		}
	}
	pairs = append(pairs, draw.Heading("counts"),
		num("count", "count", float64(x.Count), widget.KindCount),
		draw.Fact("missing", widget.Count(x.Missing, 12)+", "+widget.Percent(x.MissingShare, 7)),
		num("distinct", "distinct", float64(x.Distinct), widget.KindCount),
		num("unique", "unique", float64(x.Unique), widget.KindCount))
	if x.ErrorCount > 0 {
		pairs = append(pairs, draw.Fact("not "+string(x.Type), widget.Count(x.ErrorCount, 12)+errorRows(x)))
	}
	pairs = append(pairs, missingFacts(x)...)
	pairs = append(pairs, momentFacts(x, num)...)
	if x.Lengths != nil {
		pairs = append(pairs, draw.Heading("lengths in characters"),
			draw.Fact("min, mean, max", fmt.Sprintf("%d, %s, %d", x.Lengths.Min, widget.Num(x.Lengths.Mean, 8), x.Lengths.Max)))
	}
	if len(x.Top) > 0 {
		pairs = append(pairs, draw.Heading("commonest values"))
	}
	for _, t := range x.Top {
		pairs = append(pairs, draw.Fact(valueText(t.Value), widget.Count(t.Count, 12)))
	}
	return pairs
}

// errorRows name the first rows that can't be read as the variable's type.
func errorRows(x *profile.Variable) string {
	var rows []string
	for _, e := range x.Errors[:min(len(x.Errors), 3)] {
		rows = append(rows, fmt.Sprintf("row %d %q", e.Row, e.Value))
	}
	if len(rows) == 0 {
		return ""
	}
	return ": " + strings.Join(rows, ", ")
}

func missingFacts(x *profile.Variable) []widget.Pair {
	var spellings []string
	for s := range x.MissingTokens {
		spellings = append(spellings, s)
	}
	sort.Strings(spellings)
	var pairs []widget.Pair
	for _, s := range spellings {
		pairs = append(pairs, draw.Fact(fmt.Sprintf("missing as %q", s), widget.Count(x.MissingTokens[s], 12)))
	}
	return pairs
}

func momentFacts(x *profile.Variable, num func(string, string, float64, widget.Kind) widget.Pair) []widget.Pair {
	m := x.Moments
	if m == nil {
		return nil
	}
	pairs := []widget.Pair{draw.Heading("numbers")}
	add := func(key string, v profile.Float) {
		pairs = append(pairs, num(key, key, float64(v), widget.KindNum))
	}
	if x.Min != nil && x.Max != nil {
		pairs = append(pairs, draw.Fact("min", valueText(*x.Min)), draw.Fact("max", valueText(*x.Max)))
	}
	add("mean", m.Mean)
	add("std", m.Std)
	add("skewness", m.Skewness)
	add("kurtosis", m.Kurtosis)
	add("sum", m.Sum)
	pairs = append(pairs, num("zeros", "zeros", float64(m.Zeros), widget.KindCount),
		num("negatives", "negatives", float64(m.Negatives), widget.KindCount),
		num("infinite", "infinite", float64(m.Infinite), widget.KindCount))
	if q := m.Quantiles; q != nil {
		pairs = append(pairs, draw.Heading("quantiles"))
		for _, e := range []struct {
			name string
			v    profile.Float
		}{{"5 %", q.P05}, {"25 %", q.P25}, {"50 %", q.P50}, {"75 %", q.P75}, {"95 %", q.P95}} {
			pairs = append(pairs, num(e.name, "quantiles", float64(e.v), widget.KindNum))
		}
		add("iqr", m.IQR)
		add("mad", m.MAD)
	}
	if m.Monotonic != "" && m.Monotonic != "none" {
		pairs = append(pairs, draw.Fact("order", m.Monotonic))
	}
	return pairs
}
