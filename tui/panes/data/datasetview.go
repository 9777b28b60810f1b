package data

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"pace/engine/profile"
	"pace/themes"
	"pace/tui/pane"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

// View draws the dataset: the figures of the whole, then the tab.
func (d *dataset) View(f pane.Frame) []string {
	if f.Serial != d.frame.Serial || f.W != d.frame.W {
		for i := range d.tables {
			d.tables[i].Touch()
		}
		if d.profile != nil && f.W != d.frame.W {
			d.frame = f
			d.fillVariables()
		}
	}
	d.frame = f
	return d.cache.Lines(d.gen, f, false, func() []string { return d.draw(f) })
}

func (d *dataset) draw(f pane.Frame) []string {
	look := draw.Look(f)
	if d.profile == nil {
		lines := widget.Blank(f.W, f.H)
		if f.H > 0 {
			lines = append([]string{look.NewLine(f.W).Gap(1).Put(themes.Dim, d.loading).String()}, lines[1:]...)
		}
		return lines
	}
	lines := slices.Clone(d.headCache.Lines(d.filled, f, false, func() []string { return d.head(look, f.W) }))
	tabs, _ := look.Tabs(d.tabNames(), d.tab, f.W)
	lines = append(lines, tabs)
	return append(lines, d.tables[d.tab].Lines(look, f.W, f.H-len(lines))...)
}

// head is the framework's dataset page: observations, variables, missing cells, duplicate rows, sizes,
// types, and what to look at.
func (d *dataset) head(look widget.Look, w int) []string {
	p := d.profile
	if p == nil {
		return nil
	}
	fact := func(n *widget.Line, name, value string) {
		if n.Room() > widget.Width(name)+widget.Width(value)+2 {
			n.Put(themes.Dim, name).Gap(2).Put(themes.Strong, value).Gap(4)
		}
	}
	first := look.NewLine(w)
	first.Gap(1)
	rows := widget.Count(p.Rows, 12)
	if p.RowsError > 0 {
		rows = "about " + rows
	}
	first.Put(themes.Strong, rows+" rows × "+widget.Count(int64(p.Columns), 8)).Gap(4)
	fact(first, "Alerts", d.alertWord())
	fact(first, "Size", widget.Bytes(p.Source.Bytes, 9))
	fact(first, "Version", d.version())
	how := "exact"
	if len(p.Approx) > 0 {
		how = "approximate where marked"
	}
	if pane.SizeOf(d.frame.W, d.frame.H+2) != pane.S {
		first.Right(themes.Dim, how+", "+widget.Num(float64(p.Reproduction.ElapsedMS)/1000, 6)+" s ")
	}
	second := look.NewLine(w)
	second.Gap(1)
	fact(second, "Missing", widget.Count(p.MissingCells, 12)+", "+widget.Percent(p.MissingCellsShare, 7))
	fact(second, "Duplicate rows", widget.Count(p.DuplicateRows, 12)+", "+widget.Percent(p.DuplicateRowsShare, 7))
	fact(second, "In memory", widget.Memory(p.MemoryBytes, 10))
	fact(second, "Record", widget.Memory(int64(math.Round(p.AvgRecordBytes)), 8))
	return []string{first.String(), second.String(), d.types(look, w), look.Rule("", w)}
}

func (d *dataset) types(look widget.Look, w int) string {
	n := look.NewLine(w)
	n.Gap(1)
	type count struct {
		name string
		n    int
	}
	var counts []count
	for t, c := range d.profile.Types {
		counts = append(counts, count{string(t), c})
	}
	slices.SortFunc(counts, func(a, b count) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.name, b.name)) })
	for _, c := range counts {
		n.Put(themes.Fg, fmt.Sprintf("%d %s", c.n, c.name)).Gap(3)
	}
	if d.detail.UsedBy > 0 {
		n.Right(themes.Dim, "read by "+draw.Plural(d.detail.UsedBy, "run")+" ")
	}
	return n.String()
}

func (d *dataset) version() string {
	v := d.profile.Source.Version
	return v[:min(8, len(v))]
}

func (d *dataset) alertWord() string {
	bad, warn := 0, 0
	for _, a := range d.profile.Alerts {
		switch a.Severity {
		case profile.SevereError:
			bad++
		case profile.SevereWarn:
			warn++
		}
	}
	look := draw.Look(d.frame)
	return fmt.Sprintf("%s %d  %s %d  · %d", look.Glyph(widget.StateFailed), bad, look.Glyph(widget.StateWarn), warn, len(d.profile.Alerts)-bad-warn)
}

func (d *dataset) fill() {
	if d.profile == nil {
		return
	}
	d.filled++
	d.fillVariables()
	d.fillAlerts()
	d.fillRows()
	d.fillNotes()
}

// barWidth is how many cells a variable's distribution has in its row.
const barWidth = 16

func (d *dataset) fillVariables() {
	t := &d.tables[tabVariables]
	number := func(title string) widget.Column {
		return widget.Column{Title: title, Align: widget.AlignPoint, Min: 7, Max: 9}
	}
	columns := []widget.Column{
		{Title: "VARIABLE", Min: 10, Max: 24}, {Title: "TYPE"}, {Title: "MISSING", Align: widget.AlignRight},
		{Title: "DISTINCT", Align: widget.AlignRight}, number("MEAN"), number("STD"),
	}
	wide := d.frame.W >= wideVariables
	if wide {
		columns = append(columns, number("MIN"), number("MEDIAN"), number("MAX"))
	}
	columns = append(columns, widget.Column{Title: "DISTRIBUTION", Min: barWidth, Max: barWidth}, widget.Column{Title: "ALERT", Max: 40})
	t.Columns = columns
	vs := d.profile.Variables
	t.Rows = len(vs)
	t.Cell = func(row, col int) widget.Cell { return d.variableCell(&vs[row], col, wide) }
	t.Reset()
}

// wideVariables is the width from which on min, median and max stand beside mean and std.
const wideVariables = 120

func (d *dataset) variableCell(v *profile.Variable, col int, wide bool) widget.Cell {
	switch col {
	case 0:
		return widget.Text(themes.Strong, v.Name)
	case 1:
		return widget.Text(themes.Dim, typeWord(string(v.Type)))
	case 2:
		if v.Missing == 0 {
			return widget.Text(themes.Dim, "0")
		}
		return widget.Value(themes.Fg, widget.KindPercent, v.MissingShare)
	case 3:
		return widget.Value(themes.Fg, widget.KindCount, float64(v.Distinct))
	}
	numbers := 2
	if wide {
		numbers = 5
	}
	if col -= 4; col < numbers {
		return d.figure(v, col, numbers)
	}
	if col == numbers {
		return widget.Text(themes.Accent, d.bars(v))
	}
	return d.alertOf(v)
}

// typeWord is a variable's type as a column has room for it.
func typeWord(t string) string {
	short := map[string]string{"numeric": "num", "categorical": "cat", "boolean": "bool", "datetime": "time"}
	if s := short[t]; s != "" {
		return s
	}
	return t
}

// figure is mean, std, min, median or max. A variable without numbers shows its commonest values over all of
// these columns instead.
func (d *dataset) figure(v *profile.Variable, i, columns int) widget.Cell {
	if v.Moments == nil {
		if i > 0 {
			return widget.Text(themes.Dim, "")
		}
		return widget.Cell{Text: topTexts(v, columns), Role: themes.Dim, Span: columns - 1}
	}
	switch i {
	case 0:
		return widget.Value(themes.Fg, widget.KindNum, float64(v.Mean))
	case 1:
		return widget.Value(themes.Dim, widget.KindNum, float64(v.Std))
	case 3:
		if v.Quantiles != nil {
			return widget.Value(themes.Fg, widget.KindNum, float64(v.Quantiles.P50))
		}
	case 2:
		if v.Min != nil {
			return widget.Value(themes.Dim, widget.KindNum, float64(v.Min.Number))
		}
	case 4:
		if v.Max != nil {
			return widget.Value(themes.Dim, widget.KindNum, float64(v.Max.Number))
		}
	}
	return widget.Text(themes.Dim, "")
}

// topTexts are as many of the commonest values as some columns have room for.
func topTexts(v *profile.Variable, columns int) string {
	room := columns*9 - 2
	out := ""
	for i := range v.Top {
		next := topText(v, i)
		if out != "" {
			next = "  " + next
		}
		if out != "" && widget.Width(widget.Clean(out+next)) > room {
			break
		}
		out += next
	}
	return out
}

func topText(v *profile.Variable, i int) string {
	share := ""
	if v.Count > 0 {
		share = " " + widget.Percent(float64(v.Top[i].Count)/float64(v.Count), 5)
	}
	return valueText(v.Top[i].Value) + share
}

func valueText(v profile.Value) string {
	if v.IsText {
		return v.Text
	}
	return widget.Num(float64(v.Number), 12)
}

// bars are the histogram of a numeric variable, or the counts of a categorical one's commonest values.
func (d *dataset) bars(v *profile.Variable) string {
	var counts []float64
	if v.Histogram != nil {
		counts = rebin(v.Histogram.Counts, barWidth)
	} else {
		for _, t := range v.Top[:min(len(v.Top), barWidth)] {
			counts = append(counts, float64(t.Count))
		}
	}
	if len(counts) == 0 {
		return ""
	}
	return draw.Look(d.frame).SparkRange(counts, barWidth, 0, math.NaN())
}

// rebin sums neighbouring bins so that at most n are left.
func rebin(counts []int64, n int) []float64 {
	n = min(n, len(counts))
	out := make([]float64, n)
	for i, c := range counts {
		out[i*n/len(counts)] += float64(c)
	}
	return out
}

// alertOf is the gravest alert about a variable, and how many more there are.
func (d *dataset) alertOf(v *profile.Variable) widget.Cell {
	worst, n := profile.Alert{}, 0
	for _, a := range d.profile.Alerts {
		if a.Column != v.Name {
			continue
		}
		if n == 0 || gravity(a.Severity) > gravity(worst.Severity) {
			worst = a
		}
		n++
	}
	if n == 0 {
		return widget.Text(themes.Dim, "")
	}
	text := d.alertMark(worst.Severity) + " " + worst.ID
	if n > 1 {
		text += fmt.Sprintf(" +%d", n-1)
	}
	return widget.Text(severity(worst.Severity).Role(), text)
}

func (d *dataset) alertMark(s profile.Severity) string {
	if state := severity(s); state != widget.StateUnknown {
		return draw.Look(d.frame).Glyph(state)
	}
	return "·"
}

func gravity(s profile.Severity) int {
	switch s {
	case profile.SevereError:
		return 2
	case profile.SevereWarn:
		return 1
	}
	return 0
}

func severity(s profile.Severity) widget.State {
	switch s {
	case profile.SevereError:
		return widget.StateFailed
	case profile.SevereWarn:
		return widget.StateWarn
	}
	return widget.StateUnknown
}

func (d *dataset) fillAlerts() {
	t := &d.tables[tabAlerts]
	t.Columns = []widget.Column{{Title: "ALERT", Min: 16}, {Title: "VARIABLE", Max: 28}, {Title: "WHAT", Grow: true}}
	alerts := d.profile.Alerts
	t.Rows, t.Empty = len(alerts), "nothing is wrong with this dataset as far as its profile tells"
	t.Cell = func(row, col int) widget.Cell {
		a := alerts[row]
		switch col {
		case 0:
			return widget.Text(severity(a.Severity).Role(), d.alertMark(a.Severity)+" "+a.ID)
		case 1:
			return widget.Text(themes.Strong, a.Column)
		}
		return widget.Text(themes.Fg, a.Message)
	}
	t.Reset()
}

func (d *dataset) fillRows() {
	t := &d.tables[tabRows]
	t.Columns = []widget.Column{{Title: "ROW", Align: widget.AlignRight}}
	for _, v := range d.profile.Variables {
		c := widget.Column{Title: v.Name, Max: 32}
		if v.Moments != nil {
			c.Align = widget.AlignPoint
		}
		t.Columns = append(t.Columns, c)
	}
	t.Rows, t.Empty = int(d.profile.Rows), "the dataset has no rows"
	t.Cell = func(row, col int) widget.Cell {
		if col == 0 {
			return widget.Value(themes.Dim, widget.KindCount, float64(row))
		}
		at := int64(row) - d.page.From
		if at < 0 || at >= int64(len(d.page.Cells)) || col-1 >= len(d.page.Cells[at]) {
			return widget.Text(themes.Faint, "")
		}
		c := d.page.Cells[at][col-1]
		switch {
		case c.Bad != "":
			return widget.Text(themes.Err, c.Text)
		case c.Missing:
			return widget.Text(themes.Dim, draw.Look(d.frame).Glyphs.Text.None)
		}
		return widget.Text(themes.Fg, c.Text)
	}
	t.Reset()
}

func (d *dataset) fillNotes() {
	t := &d.tables[tabNotes]
	t.Columns = []widget.Column{{Title: "WHO", Min: 6, Max: 22}, {Title: "WHEN"}, {Title: "NOTE", Grow: true}}
	notes := d.detail.Notes
	t.Rows, t.Empty = len(notes), "nobody said anything yet; e writes a note"
	t.Cell = func(row, col int) widget.Cell {
		n := notes[row]
		return []widget.Cell{widget.Text(themes.Fg, n.Actor), widget.Text(themes.Dim, draw.When(d.frame, n.Time.Time, 16)), widget.Text(themes.Fg, n.Text)}[col]
	}
	t.Reset()
}
