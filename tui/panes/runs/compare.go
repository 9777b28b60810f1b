package runs

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pace/engine/report"
	"pace/themes"
	"pace/tui/pane"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

// compare is some runs side by side, against a baseline, showing only what differs.
type compare struct {
	gen    int
	ids    []string
	query  report.CompareQuery
	result *report.Compare
	table  widget.Table
	lines  []compareLine
	curves draw.Curves
	part   int // 0 the table, 2 the chart
	cache  pane.Cache
	frame  pane.Frame
}

func newCompare(ids []string, baseline string) *compare {
	if !slices.Contains(ids, baseline) {
		baseline = ids[0]
	}
	c := &compare{ids: ids, query: report.CompareQuery{IDs: ids, Baseline: baseline}}
	c.table.Focus = true
	c.table.Cell = c.cell
	c.table.Empty = "these runs are the same in everything that was recorded; d shows all"
	return c
}

// Title is the comparison's word in the breadcrumb.
func (c *compare) Title() string { return fmt.Sprintf("compare %d", len(c.ids)) }

// Line is the command that prints it.
func (c *compare) Line() string {
	line := "pace compare " + strings.Join(c.ids, " ")
	if c.query.Baseline != c.ids[0] {
		line += " --baseline " + c.query.Baseline
	}
	if c.query.All {
		line += " --all"
	}
	return line
}

// Count says how much of what was recorded differs.
func (c *compare) Count() string {
	if c.result == nil {
		return ""
	}
	return fmt.Sprintf("%d of %d differ", c.result.Shown, c.result.Total)
}

// Update takes one event.
func (c *compare) Update(e pane.Event) []pane.Effect {
	c.gen++
	switch e := e.(type) {
	case pane.Started:
		c.frame.W, c.frame.H = e.W, e.H
		return c.load()
	case pane.Resized:
		c.frame.W, c.frame.H = e.W, e.H
		return c.load()
	case pane.Changed:
		if slices.ContainsFunc(c.ids, e.Run) || e.Said() {
			return c.load()
		}
	case pane.Loaded:
		if e.Err == nil {
			c.take(e.Value.(compared))
		}
	case pane.Moved:
		return c.moved(e)
	case pane.Chose:
		if !e.Cancelled && e.Slot == "copy" {
			return c.copied(e.IDs[0])
		}
	}
	return nil
}

// minCompared is what a number and its distance from the baseline take.
const minCompared = 18

// shortCommit is how much of a commit's hash names it.
const shortCommit = 10

// compared is what was loaded: the table, and the curves of the metric that is drawn.
type compared struct {
	report.Compare
	series []report.Series
}

func (c *compare) load() []pane.Effect {
	c.curves.Fit(c.frame.W)
	q, s := c.query, c.curves.Query("")
	return []pane.Effect{pane.Load{Slot: "compare", Run: func(ctx context.Context, src pane.Source) (any, error) {
		r, err := report.LoadCompare(ctx, src.Reader, draw.Options(src), q)
		if err != nil || r.Primary == "" {
			return compared{Compare: r}, err
		}
		s.Key = r.Primary
		series, err := report.LoadCurves(ctx, src.Reader, draw.Options(src), q.IDs, s)
		return compared{r, series}, err
	}}}
}

func (c *compare) take(r compared) {
	c.result = &r.Compare
	names := make([]string, len(r.Runs))
	columns := []widget.Column{{Title: "", Min: 12, Max: 30}}
	most := 28
	if pane.SizeOf(c.frame.W, c.frame.H+2) == pane.S {
		most = minCompared
	}
	for i, h := range r.Runs {
		names[i] = h.Title()
		title := names[i]
		if i == r.Baseline {
			title = draw.Look(c.frame).Glyphs.Text.Up + " " + title
		}
		columns = append(columns, widget.Column{Title: title, Align: widget.AlignRight, Min: minCompared, Max: most})
	}
	c.table.Columns = columns
	c.lines = compareLines(c.result)
	c.table.Rows = len(c.lines)
	c.table.Reset()
	c.curves.Set([]draw.Panel{{Key: r.Primary, Series: r.series}}, names)
}

// compareLine is one row: a heading, a metric or something else that was recorded.
type compareLine struct {
	heading string
	metric  *report.CompareNum
	other   *report.CompareRow
}

// compareLines puts what was measured first, then what it was measured on, then what was given.
func compareLines(r *report.Compare) []compareLine {
	var out []compareLine
	if len(r.Metrics) > 0 {
		out = append(out, compareLine{heading: "MEASURED"})
	}
	for i := range r.Metrics {
		out = append(out, compareLine{metric: &r.Metrics[i]})
	}
	for _, group := range [...][2]string{{"data", "DATA"}, {"code", "CODE"}, {"run", "RUN"}, {"param", "PARAMS"}, {"tag", "TAGS"}} {
		first := true
		for i := range r.Rows {
			if r.Rows[i].Group != group[0] {
				continue
			}
			if first {
				out = append(out, compareLine{heading: group[1]})
				first = false
			}
			out = append(out, compareLine{other: &r.Rows[i]})
		}
	}
	return out
}

func (c *compare) cell(row, col int) widget.Cell {
	l := c.lines[row]
	switch {
	case l.heading != "" && col == 0:
		return widget.Text(themes.Header, l.heading)
	case l.heading != "":
		return widget.Text(themes.Dim, "")
	case l.metric != nil && col == 0:
		return widget.Text(themes.Strong, l.metric.Key)
	case l.metric != nil:
		return c.number(*l.metric, l.metric.Values[col-1])
	case col == 0:
		return widget.Text(themes.Fg, l.other.Key)
	}
	v := l.other.Values[col-1]
	if l.other.Group == "code" && l.other.Key == "commit" {
		v.Text = v.Text[:min(len(v.Text), shortCommit)]
	}
	if !v.Have {
		return widget.Text(themes.Dim, draw.Look(c.frame).Glyphs.Text.None)
	}
	role := themes.Fg
	if l.other.Group == "data" && c.result.DataDiffer[col-1] {
		role = themes.Warn
	}
	return widget.Text(role, v.Text)
}

// number is a metric and its distance from the baseline; better and worse are said by colour and sign, the
// best one by a mark too.
func (c *compare) number(m report.CompareNum, v report.CompareOne) widget.Cell {
	if !v.Have {
		return widget.Text(themes.Dim, draw.Look(c.frame).Glyphs.Text.None)
	}
	kind, change := widget.KindNum, widget.Delta(float64(v.Delta), 9)
	if m.Unit == "s" {
		kind = widget.KindDuration
		change = ""
		if v.Percent.Finite() {
			change = fmt.Sprintf("%+.0f %%", float64(v.Percent))
		}
	}
	text := widget.Format(kind, float64(v.Value), 9)
	if v.Verdict != "baseline" {
		text += fmt.Sprintf(" %9s", change)
	} else {
		text += fmt.Sprintf(" %9s", "")
	}
	mark := " "
	if v.Best {
		mark = draw.Look(c.frame).Glyphs.Text.Mark
	}
	role := themes.Fg
	switch v.Verdict {
	case "better":
		role = themes.OK
	case "worse":
		role = themes.Warn
	}
	return widget.Text(role, text+mark)
}

func (c *compare) moved(e pane.Moved) []pane.Effect {
	switch {
	case e.Motion == pane.NextPart || e.Motion == pane.PrevPart:
		c.part = 2 - c.part
		return nil
	case c.part == 2:
		c.curves.Move(e.Motion)
		return nil
	}
	before := c.table.Row
	draw.Step(&c.table, e)
	// On a metric's row its curves are drawn.
	if c.table.Row == before || c.table.Row >= len(c.lines) {
		return nil
	}
	if m := c.lines[c.table.Row].metric; m != nil && m.Unit == "" && m.Key != c.query.Key {
		c.query.Key = m.Key
		c.curves.Chart.Fit()
		return c.load()
	}
	return nil
}

// Verbs are what can be done here.
func (c *compare) Verbs() []pane.Verb {
	off := ""
	if c.table.Col == 0 {
		off = "go to a run's column first"
	}
	vs := []pane.Verb{
		{ID: "differ", Footer: 1, Run: func() []pane.Effect { c.query.All = !c.query.All; return append(c.load(), pane.Ran{Line: c.Line()}) }},
		{ID: "baseline", Footer: 2, Off: off, Run: func() []pane.Effect {
			c.query.Baseline = c.ids[c.table.Col-1]
			return append(c.load(), pane.Ran{Line: c.Line()})
		}},
		{ID: "open", Footer: 3, Off: off, Run: func() []pane.Effect { return []pane.Effect{pane.Push{Layer: newDetail(c.ids[c.table.Col-1], "")}} }},
		{ID: "copy", Run: func() []pane.Effect {
			return []pane.Effect{pane.Menu{Slot: "copy", Title: "copy", Items: []pane.Item{
				{ID: "markdown", Label: "the table, as Markdown", Key: "m"}, {ID: "tsv", Label: "the table, as TSV", Key: "t"},
				{ID: "command", Label: "command", Key: "c", Detail: c.Line()},
			}}}
		}},
	}
	return append(vs, c.curves.Verbs(func() { c.gen++ }, c.load)...)
}

func (c *compare) copied(what string) []pane.Effect {
	if what == "command" || c.result == nil {
		return []pane.Effect{pane.Copy{What: "command", Text: c.Line()}}
	}
	sep, edge := "\t", ""
	if what == "markdown" {
		sep, edge = " | ", "|"
	}
	var b strings.Builder
	line := func(cells []string) {
		b.WriteString(strings.TrimSpace(edge+" "+strings.Join(cells, sep)+" "+edge) + "\n")
	}
	head, rule := []string{""}, []string{"---"}
	for _, h := range c.result.Runs {
		head, rule = append(head, h.Title()), append(rule, "---")
	}
	line(head)
	if what == "markdown" {
		line(rule)
	}
	for row := range c.table.Rows {
		var cells []string
		for col := range c.table.Columns {
			cells = append(cells, strings.Join(strings.Fields(c.cell(row, col).Text), " "))
		}
		line(cells)
	}
	return []pane.Effect{pane.Copy{What: "comparison", Text: b.String()}}
}

// View draws the comparison: what differs, the word on the data, the curves.
func (c *compare) View(f pane.Frame) []string {
	c.frame = f
	return c.cache.Lines(c.gen, f, false, func() []string { return c.draw(f) })
}

func (c *compare) draw(f pane.Frame) []string {
	look := draw.Look(f)
	lines := []string{c.dataLine(look, f.W)}
	if guess := c.guessLine(); guess != "" {
		lines = append(lines, look.NewLine(f.W).Gap(1).Put(themes.Dim, guess).String())
	}
	left := f.H - len(lines)
	chart := left * 2 / 5
	small := pane.SizeOf(f.W, f.H+2) == pane.S
	switch {
	case f.Zoom < 0 || (small && c.part == 0):
		chart = 0
	case f.Zoom > 0 || small:
		chart = left
	}
	if rest := left - chart; rest > 0 {
		c.table.Focus = c.part == 0
		// Short tables leave their room to the chart.
		if need := c.table.Rows + 2; chart > 0 && need < rest {
			chart, rest = left-need, need
		}
		lines = append(lines, c.table.Lines(look, f.W, rest)...)
	}
	if chart > 0 {
		c.curves.Chart.Empty = "no curve: these runs have no metric with steps in common"
		lines = append(lines, c.curves.Chart.Lines(look, f.W, chart)...)
	}
	return lines
}

func (c *compare) dataLine(look widget.Look, w int) string {
	n := look.NewLine(w)
	n.Gap(1)
	if c.result == nil {
		return n.Put(themes.Dim, "reading the runs").String()
	}
	base := "baseline " + c.result.Runs[c.result.Baseline].Title() + " "
	role, text := themes.Dim, c.result.Data
	if !c.result.Comparable {
		role, text = themes.Warn, look.Glyph(widget.StateWarn)+" "+c.result.Data
	}
	return n.Put(role, text).Right(themes.Dim, base).String()
}

// guessLine says which directions are only guessed from a metric's name; "" where none is.
func (c *compare) guessLine() string {
	if c.result == nil {
		return ""
	}
	var words []string
	for _, m := range c.result.Metrics {
		if m.Guessed {
			words = append(words, m.Key+" "+map[string]string{"min": "lower", "max": "higher"}[m.Direction])
		}
	}
	if len(words) == 0 {
		return ""
	}
	return "better is guessed from the name: " + strings.Join(words, ", ") + "; m in Runs sets it"
}
