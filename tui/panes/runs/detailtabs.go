package runs

import (
	"fmt"
	"strings"

	"pace/engine/report"
	"pace/themes"
	"pace/tui/pane"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

// noteRow is one line of the notes: a note, or an answer below it.
type noteRow struct {
	root     string // id of the note that began it
	note     report.Note
	depth    int
	resolved bool
}

func (d *detail) noteRows() []noteRow {
	var out []noteRow
	for _, n := range d.run.Notes {
		out = append(out, noteRow{root: n.ID, note: n, resolved: n.Resolved})
		for _, a := range n.Answers {
			out = append(out, noteRow{root: n.ID, note: a, depth: 1, resolved: n.Resolved})
		}
	}
	return out
}

func (d *detail) tabNames() []string {
	if d.run == nil {
		return []string{"metrics", "params", "tags", "data", "files", "notes"}
	}
	return []string{
		fmt.Sprintf("metrics %d", len(d.run.Metrics)), fmt.Sprintf("params %d", len(d.run.Params)),
		fmt.Sprintf("tags %d", len(d.run.Tags)), fmt.Sprintf("data %d", len(d.run.Datasets)),
		fmt.Sprintf("files %d", len(d.files.Files)), fmt.Sprintf("notes %d", len(d.run.Notes)),
	}
}

// fill gives the tables what was loaded.
func (d *detail) fill() {
	if d.run == nil {
		return
	}
	d.fillMetrics(&d.tables[tabMetrics])
	fillKVs(&d.tables[tabParams], "PARAM", d.run.Params, "the run recorded no params")
	fillKVs(&d.tables[tabTags], "TAG", d.run.Tags, "the run has no tags")
	d.fillData(&d.tables[tabData])
	d.fillFiles(&d.tables[tabArtifacts])
	d.fillNotes(&d.tables[tabNotes])
	for i := range d.tables {
		d.tables[i].Touch()
	}
}

func (d *detail) fillMetrics(t *widget.Table) {
	number := func(title string) widget.Column {
		return widget.Column{Title: title, Align: widget.AlignPoint, Min: 6, Max: 12}
	}
	t.Columns = []widget.Column{
		{Title: "METRIC", Min: 10, Max: 30}, number("LAST"), number("BEST"), {Title: "BETTER"}, number("MIN"), number("MAX"),
		{Title: "STEP", Align: widget.AlignRight}, {Title: "POINTS", Align: widget.AlignRight},
	}
	ms := d.run.Metrics
	t.Rows, t.Empty = len(ms), "the run recorded no metrics"
	t.Cell = func(row, col int) widget.Cell {
		m := ms[row]
		switch col {
		case 0:
			role := themes.Fg
			if m.Key == d.run.Primary {
				role = themes.Strong
			}
			return widget.Text(role, m.Key)
		case 1:
			return widget.Value(themes.Strong, widget.KindNum, float64(m.Last))
		case 2:
			if m.Best == nil {
				return widget.Text(themes.Dim, "")
			}
			return widget.Value(themes.Fg, widget.KindNum, float64(*m.Best))
		case 3:
			return widget.Text(themes.Dim, strings.Replace(draw.Better(m.Direction, m.Guessed), " is better", "", 1))
		case 4:
			return widget.Value(themes.Dim, widget.KindNum, float64(m.Min))
		case 5:
			return widget.Value(themes.Dim, widget.KindNum, float64(m.Max))
		case 6:
			if !m.LastStep.Known() {
				return widget.Text(themes.Dim, "")
			}
			return widget.Value(themes.Dim, widget.KindCount, float64(m.LastStep))
		}
		return widget.Value(themes.Dim, widget.KindCount, float64(m.Points))
	}
}

func fillKVs(t *widget.Table, title string, kvs report.KVs, empty string) {
	t.Columns = []widget.Column{{Title: title, Min: 10, Max: 40}, {Title: "VALUE", Grow: true}}
	t.Rows, t.Empty = len(kvs), empty
	t.Cell = func(row, col int) widget.Cell {
		if col == 0 {
			return widget.Text(themes.Fg, kvs[row].Key)
		}
		return widget.Text(themes.Strong, kvs[row].Value)
	}
}

func (d *detail) fillData(t *widget.Table) {
	t.Columns = []widget.Column{{Title: "DATASET", Min: 10, Max: 30}, {Title: "DIGEST", Max: 16}, {Title: "CONTEXT", Max: 14}, {Title: "FROM", Grow: true}}
	in := d.run.Datasets
	t.Rows, t.Empty = len(in), "the run recorded no datasets"
	t.Cell = func(row, col int) widget.Cell {
		r := in[row]
		return widget.Text([]themes.Role{themes.Strong, themes.Fg, themes.Dim, themes.Dim}[col],
			[]string{r.Name, r.Digest, r.Context, r.Location}[col])
	}
}

func (d *detail) fillFiles(t *widget.Table) {
	t.Columns = []widget.Column{{Title: "FILE", Min: 16, Max: 60}, {Title: "SIZE", Align: widget.AlignRight}, {Title: "MODIFIED"}}
	files := d.files.Files
	t.Rows = len(files)
	t.Empty = "the run wrote no files"
	if d.files.Reason != "" {
		t.Empty = d.files.Reason
	}
	t.Cell = func(row, col int) widget.Cell {
		f := files[row]
		switch {
		case col == 0 && f.Dir:
			return widget.Text(themes.Dim, f.Path+"/")
		case col == 0:
			return widget.Text(themes.Fg, f.Path)
		case f.Dir:
			return widget.Text(themes.Dim, "")
		case col == 1:
			return widget.Value(themes.Fg, widget.KindBytes, float64(f.Bytes))
		}
		return widget.Text(themes.Dim, widget.When(f.Modified.In(draw.Zone(d.frame)), d.frame.Now.In(draw.Zone(d.frame)), 16))
	}
}

func (d *detail) fillNotes(t *widget.Table) {
	t.Columns = []widget.Column{{Title: "WHO", Min: 6, Max: 22}, {Title: "WHEN"}, {Title: "NOTE", Grow: true}}
	rows := d.noteRows()
	t.Rows, t.Empty = len(rows), "nobody said anything yet; e writes a note"
	t.Cell = func(row, col int) widget.Cell {
		n := rows[row]
		role := themes.Fg
		if n.resolved {
			role = themes.Dim
		}
		switch col {
		case 0:
			return widget.Text(role, n.note.Actor)
		case 1:
			return widget.Text(themes.Dim, widget.When(n.note.Time.In(draw.Zone(d.frame)), d.frame.Now.In(draw.Zone(d.frame)), 16))
		}
		text := n.note.Text
		if n.depth > 0 {
			text = "  > " + text
		} else if n.resolved {
			text = "(resolved) " + text
		}
		return widget.Text(role, text)
	}
}

// View draws the run.
func (d *detail) View(f pane.Frame) []string {
	if f.Serial != d.frame.Serial || f.W != d.frame.W {
		for i := range d.tables {
			d.tables[i].Touch()
		}
	}
	d.frame = f
	return d.cache.Lines(d.gen, f, d.Live(), func() []string { return d.draw(f) })
}

func (d *detail) draw(f pane.Frame) []string {
	look := draw.Look(f)
	parts := pane.LayOwn(f, d.part)
	c := widget.Canvas{W: f.W, H: f.H}
	if at := parts.List; !at.Empty() {
		tabs, _ := look.Tabs(d.tabNames(), d.tab, at.W)
		t := &d.tables[d.tab]
		t.Focus = d.part == 0
		c.Put(at.X, at.Y, at.W, append([]string{tabs}, t.Lines(look, at.W, at.H-1)...))
	}
	if at := parts.Chart; !at.Empty() {
		d.curves.Chart.Empty = "no curve: this run has no metric with steps"
		draw.Put(&c, at, d.curves.Chart.Lines(look, at.W, at.H))
	}
	if at := parts.Detail; !at.Empty() {
		draw.Put(&c, at, look.Pairs(d.facts(f), d.top, at.W, at.H))
	}
	return c.Lines()
}
