package runs

import (
	"strconv"
	"strings"
	"time"

	"pace/engine/query"
	"pace/engine/report"
	"pace/store"
	"pace/tui/pane"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

func (l *list) menuColumns() []pane.Effect {
	if l.data.runs == nil {
		return nil
	}
	menu := pane.Menu{Slot: "columns", Title: "columns", Multi: true}
	have := map[string]bool{}
	for _, c := range l.data.columns {
		if c.kind == delta {
			continue
		}
		have[fieldText(c.Field)] = true
		menu.Items = append(menu.Items, pane.Item{ID: columnID(c), Label: c.name(), Detail: columnDetail(c), On: !l.data.hidden[c.name()]})
	}
	metrics, params, tags := l.data.runs.Keys()
	add := func(kind query.Kind, word string, keys []store.KeyCount) {
		for _, k := range keys {
			f := query.Field{Kind: kind, Key: k.Key}
			if kind == query.Metric {
				f.Agg = "last"
			}
			if !have[fieldText(f)] {
				menu.Items = append(menu.Items, pane.Item{ID: fieldText(f), Label: k.Key, Detail: word + " of " + draw.Plural(k.Runs, "run")})
			}
		}
	}
	add(query.Metric, "metric", metrics)
	add(query.Param, "param", params)
	add(query.Tag, "tag", tags)
	for _, a := range query.Attributes {
		f := query.Field{Kind: query.Attr, Key: a.Name}
		if !have[fieldText(f)] && a.Form != query.Many {
			menu.Items = append(menu.Items, pane.Item{ID: fieldText(f), Label: l.data.runs.Column(f).Title, Detail: "attribute"})
		}
	}
	return []pane.Effect{menu}
}

func columnID(c column) string {
	if c.kind == spark {
		return "spark " + fieldText(c.Field)
	}
	return fieldText(c.Field)
}

func columnDetail(c column) string {
	switch {
	case c.kind == spark:
		return "curve"
	case c.Field.Kind == query.Metric:
		return "metric"
	case c.Field.Kind == query.Param:
		return "param"
	case c.Field.Kind == query.Tag:
		return "tag"
	}
	return "attribute"
}

func (l *list) chose(e pane.Chose) []pane.Effect {
	if e.Cancelled {
		return nil
	}
	switch e.Slot {
	case "columns":
		return l.choseColumns(e.IDs)
	case "copy":
		return l.choseCopy(e.IDs[0])
	case "metric":
		return l.choseMetric(e.IDs[0])
	case "direction":
		return l.choseDirection(e.IDs[0])
	}
	return nil
}

// choseColumns keeps the columns that stay in their order and puts new ones before the duration.
func (l *list) choseColumns(ids []string) []pane.Effect {
	want := map[string]bool{}
	for _, id := range ids {
		want[id] = true
	}
	for _, c := range l.data.columns {
		if c.kind != delta {
			l.data.hidden[c.name()] = !want[columnID(c)]
			delete(want, columnID(c))
		}
	}
	at := len(l.data.columns)
	for i, c := range l.data.columns {
		if c.Field.Kind == query.Attr && c.Field.Key == "duration" {
			at = i
		}
	}
	var added []column
	for _, id := range ids {
		if f, err := query.ParseField(id, l.queryOptions()); want[id] && err == nil {
			added = append(added, column{Column: l.data.runs.Column(f)})
		}
	}
	l.data.chosen = true
	l.data.columns = append(l.data.columns[:at:at], append(added, l.data.columns[at:]...)...)
	l.layColumns()
	l.touch()
	return l.view()
}

func (l *list) menuMetric() []pane.Effect {
	if l.data.runs == nil {
		return nil
	}
	metrics, _, _ := l.data.runs.Keys()
	if len(metrics) == 0 {
		return []pane.Effect{pane.Toast{Level: "info", Text: "no run has a metric yet"}}
	}
	menu := pane.Menu{Slot: "metric", Title: "which metric decides?"}
	dirs := l.data.runs.Directions()
	for _, k := range metrics {
		word := "no direction known"
		if d, guessed := dirs.Of(k.Key); d != "" {
			word = map[string]string{"min": "lower is better", "max": "higher is better"}[d]
			if guessed {
				word += " (guessed)"
			}
		}
		menu.Items = append(menu.Items, pane.Item{ID: k.Key, Label: k.Key, Detail: word})
	}
	return []pane.Effect{menu}
}

func (l *list) choseMetric(key string) []pane.Effect {
	l.ask.metric = key
	return []pane.Effect{pane.Menu{Slot: "direction", Title: "is " + key + " better when it is", Items: []pane.Item{
		{ID: "max", Label: "higher", Key: "h"}, {ID: "min", Label: "lower", Key: "l"},
	}}}
}

func (l *list) choseDirection(dir string) []pane.Effect {
	return []pane.Effect{
		pane.Do{Edits: []store.Edit{{Kind: store.EditDirection, Subject: "metric:" + l.ask.metric, Key: l.ask.metric, Value: dir}},
			Said: l.ask.metric + " decides, " + map[string]string{"max": "higher", "min": "lower"}[dir] + " is better"},
		l.loadTable(),
	}
}

func (l *list) menuCopy() []pane.Effect {
	return []pane.Effect{pane.Menu{Slot: "copy", Title: "copy", Items: []pane.Item{
		{ID: "id", Label: "run id", Key: "i", Detail: l.current()},
		{ID: "native", Label: "the tool's own id", Key: "n"},
		{ID: "value", Label: "value of this cell", Key: "v"},
		{ID: "row", Label: "row", Key: "r"},
		{ID: "tsv", Label: "what is shown, as TSV", Key: "t"},
		{ID: "markdown", Label: "what is shown, as Markdown", Key: "m"},
		{ID: "command", Label: "command", Key: "c", Detail: l.Line()},
	}}}
}

// maxCopied bounds a table that goes to the clipboard.
const maxCopied = 1000

func (l *list) choseCopy(what string) []pane.Effect {
	row := l.data.rows[l.table.Row]
	switch what {
	case "id":
		return []pane.Effect{pane.Copy{What: "run id", Text: l.current()}}
	case "native":
		return []pane.Effect{pane.Copy{What: "native id", Text: l.data.runs.Head(row, time.Time{}).NativeID}}
	case "value":
		return []pane.Effect{pane.Copy{What: "value", Text: l.exact(row, l.shownAt(l.table.Col))}}
	case "row":
		return []pane.Effect{pane.Copy{What: "row", Text: strings.Join(l.exactRow(row), "\t")}}
	case "command":
		return []pane.Effect{pane.Copy{What: "command", Text: l.Line()}}
	}
	rows := l.data.rows[:min(len(l.data.rows), maxCopied)]
	sep, edge := "\t", ""
	if what == "markdown" {
		sep, edge = " | ", "|"
	}
	var b strings.Builder
	line := func(cells []string) {
		b.WriteString(strings.TrimSpace(edge+" "+strings.Join(cells, sep)+" "+edge) + "\n")
	}
	var head, rule []string
	for _, c := range l.data.seen {
		if c.kind == plain {
			head = append(head, c.Title)
			rule = append(rule, "---")
		}
	}
	line(head)
	if what == "markdown" {
		line(rule)
	}
	for _, r := range rows {
		line(l.exactRow(r))
	}
	return []pane.Effect{pane.Copy{What: widget.Count(int64(len(rows)), 12) + " rows", Text: b.String()}}
}

func (l *list) exactRow(row int32) []string {
	var out []string
	for _, c := range l.data.seen {
		if c.kind == plain {
			out = append(out, l.exact(row, c))
		}
	}
	return out
}

// exact is a cell with every digit.
func (l *list) exact(row int32, c column) string {
	v := l.data.runs.Cell(row, c.Column, l.frame.Now)
	if v.Have && c.Kind == report.NumberColumn {
		return exactNumber(v.Num)
	}
	return v.Text
}

// exactNumber reads back to the same float64.
func exactNumber(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
