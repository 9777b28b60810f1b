// Package data is the Data screen: the datasets of a project, one dataset, one variable. It must not know
// file formats or how a profile is computed.
package data

import (
	"context"
	"strings"

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
		ID: "data", Title: "Data", Key: "2",
		New: func() pane.Pane { return newList() },
		Open: func(ref string) pane.Pane {
			if path, ok := strings.CutPrefix(ref, "data:"); ok {
				return newDataset(path)
			}
			return nil
		},
		Wants: func(ch store.Change) bool { return ch.AnyDataset() || ch.Results },
	}
}

// list is the table of datasets.
type list struct {
	gen    int
	all    []report.DatasetHead
	shown  []int
	filter string
	table  widget.Table
	cache  pane.Cache
	frame  pane.Frame
}

func newList() *list {
	l := &list{}
	l.table.Focus = true
	l.table.Cell = l.cell
	l.table.Empty = "looking for datasets"
	l.table.Columns = []widget.Column{
		{Title: "DATASET", Min: 16, Max: 60}, {Title: "ROWS", Align: widget.AlignRight}, {Title: "COLUMNS", Align: widget.AlignRight},
		{Title: "SIZE", Align: widget.AlignRight}, {Title: "MISSING", Align: widget.AlignRight}, {Title: "DUPLICATES", Align: widget.AlignRight},
		{Title: "ALERTS", Min: 12}, {Title: "RUNS", Align: widget.AlignRight}, {Title: "MODIFIED"},
	}
	return l
}

// Title is the list's word.
func (l *list) Title() string { return "datasets" }

// Line is the command that prints it.
func (l *list) Line() string { return "pace --report --only data" }

// Count says how many datasets there are.
func (l *list) Count() string {
	if len(l.shown) == len(l.all) {
		return draw.Plural(len(l.all), "dataset")
	}
	return widget.Count(int64(len(l.shown)), 9) + " of " + draw.Plural(len(l.all), "dataset")
}

// Leave closes the filter.
func (l *list) Leave() bool {
	if l.filter == "" {
		return false
	}
	l.narrow("")
	return true
}

// Update takes one event.
func (l *list) Update(e pane.Event) []pane.Effect {
	l.gen++
	switch e := e.(type) {
	case pane.Started:
		l.frame.W, l.frame.H = e.W, e.H
		return l.load()
	case pane.Changed:
		if e.AnyDataset() || e.Results || e.AnyRun() {
			return l.load()
		}
	case pane.Loaded:
		if e.Err == nil {
			l.all = e.Value.([]report.DatasetHead)
			l.narrow(l.filter)
		}
	case pane.Moved:
		draw.Step(&l.table, e)
	case pane.Typed:
		if e.Cancelled {
			l.narrow("")
		} else {
			l.narrow(e.Text)
		}
	case pane.Clicked:
		if row, _, ok := l.table.At(e.X, e.Y); ok && row >= 0 {
			l.table.Row = row
			if e.Double {
				return l.open()
			}
		}
	}
	return nil
}

func (l *list) load() []pane.Effect {
	return []pane.Effect{pane.Load{Slot: "datasets", Run: func(ctx context.Context, src pane.Source) (any, error) {
		heads, err := report.LoadDatasets(ctx, src.Reader, draw.Options(src))
		return heads, err
	}}}
}

// narrow shows the datasets whose path has every word of the filter; the cursor stays on its dataset.
func (l *list) narrow(filter string) {
	at := ""
	if l.table.Row < len(l.shown) && l.shown[l.table.Row] < len(l.all) {
		at = l.all[l.shown[l.table.Row]].Path
	}
	l.filter = filter
	l.shown = l.shown[:0]
	for i, d := range l.all {
		fits := true
		for _, word := range strings.Fields(strings.ToLower(filter)) {
			fits = fits && strings.Contains(strings.ToLower(d.Path), word)
		}
		if fits {
			if d.Path == at {
				l.table.Row = len(l.shown)
			}
			l.shown = append(l.shown, i)
		}
	}
	l.table.Rows = len(l.shown)
	l.table.Empty = "no datasets here: pace reads CSV, TSV and Parquet, also .gz and .zst"
	if filter != "" {
		l.table.Empty = "no dataset fits the filter; esc clears it"
	}
	l.table.Reset()
}

func (l *list) cell(row, col int) widget.Cell {
	d := l.all[l.shown[row]]
	count := func(n int64, known bool) widget.Cell {
		if !known {
			return widget.Text(themes.Dim, "")
		}
		return widget.Value(themes.Fg, widget.KindCount, float64(n))
	}
	switch col {
	case 0:
		return widget.Text(themes.Strong, d.Path)
	case 1:
		return count(d.Rows, d.Rows >= 0)
	case 2:
		return count(d.Columns, d.Columns >= 0)
	case 3:
		return widget.Value(themes.Fg, widget.KindBytes, float64(d.Bytes))
	case 4:
		if !d.Profiled {
			return widget.Text(themes.Dim, "")
		}
		return widget.Value(themes.Fg, widget.KindPercent, float64(d.MissingShare))
	case 5:
		return count(d.Duplicates, d.Profiled)
	case 6:
		return l.alerts(d)
	case 7:
		return count(int64(d.UsedBy), d.UsedBy > 0)
	}
	return widget.Text(themes.Dim, draw.When(l.frame, d.Modified.Time, 16))
}

// alerts say the worst first, as a mark and a word.
func (l *list) alerts(d report.DatasetHead) widget.Cell {
	look := draw.Look(l.frame)
	switch {
	case d.Missing:
		return widget.Text(themes.Warn, look.Glyph(widget.StateWarn)+" file is gone")
	case !d.Profiled:
		return widget.Text(themes.Dim, "not read yet")
	case d.Errors > 0:
		return widget.Text(themes.Err, look.Glyph(widget.StateFailed)+" "+draw.Plural(d.Errors, "error"))
	case d.Warnings > 0:
		return widget.Text(themes.Warn, look.Glyph(widget.StateWarn)+" "+draw.Plural(d.Warnings, "warning"))
	}
	return widget.Text(themes.OK, look.Glyph(widget.StateOK)+" fine")
}

// Verbs are what can be done in the list.
func (l *list) Verbs() []pane.Verb {
	off := ""
	if len(l.shown) == 0 {
		off = "there is no dataset here"
	}
	return []pane.Verb{
		{ID: "open", Footer: 1, Off: off, Run: l.open},
		{ID: "filter", Footer: 2, Run: func() []pane.Effect {
			return []pane.Effect{pane.Prompt{Slot: "filter", Label: "/", Text: l.filter, Hint: "words of a path", History: "data"}}
		}},
		{ID: "copy", Off: off, Run: func() []pane.Effect {
			return []pane.Effect{pane.Copy{What: "path", Text: l.all[l.shown[l.table.Row]].Path}}
		}},
	}
}

func (l *list) open() []pane.Effect {
	if l.table.Row >= len(l.shown) {
		return nil
	}
	path := l.all[l.shown[l.table.Row]].Path
	return []pane.Effect{pane.Push{Layer: newDataset(path)}, pane.Ran{Line: "pace profile " + draw.Quote(path)}}
}

// View draws the list.
func (l *list) View(f pane.Frame) []string {
	if f.Serial != l.frame.Serial {
		l.table.Touch()
	}
	l.frame = f
	return l.cache.Lines(l.gen, f, false, func() []string { return l.table.Lines(draw.Look(f), f.W, f.H) })
}
