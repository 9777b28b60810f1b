package runs

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"pace/engine/query"
	"pace/engine/report"
	"pace/themes"
	"pace/tui/pane"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

// column is a column of the table: one of the report's, or one that is computed on the screen.
type column struct {
	report.Column
	kind columnKind
}

type columnKind uint8

const (
	plain columnKind = iota
	delta            // the primary metric against the baseline
	spark            // the primary metric over its steps
)

// sparkWidth is how many cells a curve in a row has.
const sparkWidth = 10

func (l *list) setColumns(in []report.Column) {
	l.data.columns = l.data.columns[:0]
	for _, c := range in {
		l.data.columns = append(l.data.columns, column{Column: c})
		if c.Primary {
			l.data.columns = append(l.data.columns, column{Column: c, kind: delta}, column{Column: c, kind: spark})
		}
	}
	l.layColumns()
}

// shown are the columns that are drawn now.
func (l *list) shown() []column {
	var out []column
	for _, c := range l.data.columns {
		if l.data.hidden[c.name()] || (c.kind == delta && l.marks.baseline == "") {
			continue
		}
		out = append(out, c)
	}
	if pane.SizeOf(l.frame.W, l.frame.H+2) == pane.S && !l.data.chosen {
		slices.SortStableFunc(out, func(a, b column) int { return cmp.Compare(a.rank(), b.rank()) })
	}
	return out
}

// rank orders the columns where only a few are seen: what the run is and how good, how long it took and when,
// then the rest.
func (c column) rank() int {
	switch {
	case c.Field.Kind == query.Attr && c.Kind != report.DurationColumn && c.Kind != report.TimeColumn && c.Field.Key != "run_name" && c.Kind != report.StateColumn:
		return 3
	case c.Kind == report.DurationColumn, c.Kind == report.TimeColumn:
		return 1
	case c.Field.Kind == query.Attr || c.Primary:
		return 0
	}
	return 2
}

func (c column) name() string {
	switch c.kind {
	case delta:
		return "d " + c.Title
	case spark:
		return c.Title + " over steps"
	}
	return c.Title
}

func (l *list) layColumns() {
	at := l.shownAt(l.table.Col).name()
	l.data.seen = l.shown()
	l.table.Columns = l.table.Columns[:0]
	for _, c := range l.data.seen {
		w := widget.Column{Title: strings.ToUpper(c.name()), Order: l.orderOf(c)}
		switch {
		case c.kind == spark:
			w.Title, w.Min, w.Max = "CURVE", sparkWidth, sparkWidth
		case c.kind == delta, c.Kind == report.NumberColumn:
			w.Align, w.Min, w.Max = widget.AlignPoint, 6, 14
		case c.Kind == report.DurationColumn:
			w.Align = widget.AlignRight
		case c.Field.Kind == query.Attr && c.Field.Key == "run_name":
			w.Min, w.Max = 10, 32
		default:
			w.Max = 22
		}
		if at != "" && c.name() == at {
			l.table.Col = len(l.table.Columns)
		}
		l.table.Columns = append(l.table.Columns, w)
	}
	l.table.Reset()
}

// loadable are the report's columns that the screen shows.
func (l *list) loadable() []report.Column {
	var out []report.Column
	for _, c := range l.shown() {
		if c.kind == plain {
			out = append(out, c.Column)
		}
	}
	return out
}

func (l *list) cell(row, col int) widget.Cell {
	c := l.shownAt(col)
	at := l.data.rows[row]
	switch c.kind {
	case delta:
		return l.deltaCell(at, c)
	case spark:
		return l.sparkCell(at)
	}
	v := l.data.runs.Cell(at, c.Column, l.frame.Now)
	if !v.Have {
		return widget.Text(themes.Dim, "")
	}
	switch c.Kind {
	case report.NumberColumn:
		return widget.Value(themes.Fg, widget.KindNum, v.Num)
	case report.DurationColumn:
		return widget.Value(themes.Fg, widget.KindDuration, v.Num/1000)
	case report.TimeColumn:
		return widget.Text(themes.Fg, widget.When(time.UnixMilli(int64(v.Num)).In(draw.Zone(l.frame)), l.frame.Now.In(draw.Zone(l.frame)), 16))
	case report.StateColumn:
		s := draw.State(v.Text)
		role := s.Role()
		if s == widget.StateOK {
			role = themes.Fg // what went well needs no colour
		}
		return widget.Text(role, l.style.Glyph(s)+" "+v.Text)
	}
	return widget.Text(themes.Fg, v.Text)
}

// shownAt is a column of the screen.
func (l *list) shownAt(col int) column {
	if col < 0 || col >= len(l.data.seen) {
		return column{}
	}
	return l.data.seen[col]
}

func (l *list) deltaCell(at int32, c column) widget.Cell {
	base, ok := l.data.runs.Row(l.marks.baseline)
	if !ok {
		return widget.Text(themes.Dim, "")
	}
	if base == at {
		return widget.Text(themes.Dim, "base")
	}
	a, b := l.data.runs.Cell(at, c.Column, l.frame.Now), l.data.runs.Cell(base, c.Column, l.frame.Now)
	if !a.Have || !b.Have {
		return widget.Text(themes.Dim, "")
	}
	d := a.Num - b.Num
	role := themes.Fg
	switch better := d > 0; {
	case d == 0 || math.IsNaN(d) || c.Direction == "":
	case better == (c.Direction == "max"):
		role = themes.OK
	default:
		role = themes.Warn
	}
	return widget.Value(role, widget.KindDelta, d)
}

func (l *list) sparkCell(at int32) widget.Cell {
	values := l.data.sparks[l.data.runs.ID(at)]
	if len(values) == 0 {
		return widget.Text(themes.Dim, "")
	}
	return widget.Text(themes.Accent, l.style.Spark(values, sparkWidth))
}

func (l *list) gutter(row int) (string, themes.Role) {
	id := l.data.runs.ID(l.data.rows[row])
	switch {
	case id == l.marks.baseline:
		return l.style.Glyphs.Text.Up, themes.Accent
	case l.marks.has(id):
		return l.style.Glyphs.Text.Mark, themes.Accent
	}
	return " ", themes.Fg
}

// order is how a column of the screen is sorted.
func (l *list) order(col int) widget.Order { return l.orderOf(l.shownAt(col)) }

func (l *list) orderOf(c column) widget.Order {
	if c.kind != plain || len(l.ask.sort) == 0 || l.ask.sort[0].Field != c.Field {
		return widget.OrderNone
	}
	if l.ask.sort[0].Desc {
		return widget.OrderDown
	}
	return widget.OrderUp
}

func (l *list) sortBy(up bool) []pane.Effect {
	c := l.shownAt(l.table.Col)
	if c.kind == spark || c.Title == "" {
		return []pane.Effect{pane.Toast{Level: "info", Text: "this column has no order"}}
	}
	l.ask.sort = []query.Key{{Field: c.Field, Desc: !up}}
	l.layColumns()
	l.touch()
	return append(l.view(), pane.Ran{Line: l.Line()})
}

func sortText(keys []query.Key) string {
	var parts []string
	for _, k := range keys {
		text := fieldText(k.Field)
		if k.Desc {
			text = "-" + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ",")
}

// fieldText is a field as the filter language writes it.
func fieldText(f query.Field) string {
	key := f.Key
	if strings.ContainsAny(key, " -/()'\"=<>!,") {
		key = "`" + key + "`"
	}
	switch f.Kind {
	case query.Metric:
		if f.Agg != "" && f.Agg != "last" {
			key += "." + f.Agg
		}
		return "metrics." + key
	case query.Param:
		return "params." + key
	case query.Tag:
		return "tags." + key
	}
	return "attributes." + key
}
