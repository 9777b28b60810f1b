package data

import (
	"context"
	"fmt"
	"strings"

	"pace/engine/profile"
	"pace/engine/report"
	"pace/store"
	"pace/tui/pane"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

// dataset is one dataset: its overview, variables, alerts, rows and notes.
type dataset struct {
	gen       int
	path      string
	detail    report.DatasetDetail
	profile   *profile.Profile
	page      report.Rows
	loading   string // why there is nothing to see yet
	tab       int
	tables    [tabs]widget.Table
	cache     pane.Cache
	headCache pane.Cache
	filled    int // how often what is shown has been replaced
	frame     pane.Frame
}

// The tabs of a dataset.
const (
	tabVariables = iota
	tabAlerts
	tabRows
	tabNotes
	tabs
)

func newDataset(path string) *dataset {
	d := &dataset{path: path, loading: "reading " + path}
	for i := range d.tables {
		d.tables[i].Focus = true
	}
	return d
}

// Title is the dataset's path in the breadcrumb.
func (d *dataset) Title() string { return d.path }

// Line is the command that prints it.
func (d *dataset) Line() string { return "pace profile " + draw.Quote(d.path) }

// Update takes one event.
func (d *dataset) Update(e pane.Event) []pane.Effect {
	d.gen++
	switch e := e.(type) {
	case pane.Started:
		d.frame.W, d.frame.H = e.W, e.H
		return []pane.Effect{d.load()}
	case pane.Changed:
		if e.Dataset(d.path) || e.Said() || e.Results {
			return []pane.Effect{d.load()}
		}
	case pane.Loaded:
		return d.loaded(e)
	case pane.Moved:
		return d.moved(e)
	case pane.Clicked:
		return d.clicked(e)
	case pane.Typed:
		if e.Slot == "note" && e.Done {
			return d.say(e.Text)
		}
	}
	return nil
}

func (d *dataset) load() pane.Effect {
	path := d.path
	return pane.Load{Slot: "dataset", Run: func(ctx context.Context, src pane.Source) (any, error) {
		v, err := report.LoadDataset(ctx, src.Reader, draw.Options(src), path)
		return v, err
	}}
}

func (d *dataset) loaded(e pane.Loaded) []pane.Effect {
	if e.Err != nil {
		d.loading = e.Err.Error()
		return nil
	}
	switch v := e.Value.(type) {
	case report.DatasetDetail:
		d.detail = v
		if v.Profile == nil && d.profile == nil {
			return []pane.Effect{pane.Ask{Slot: "profile", Request: report.ProfileRequest{Path: d.path}}}
		}
		if v.Profile != nil {
			d.profile = v.Profile
		}
		d.fill()
		return d.fetch()
	case *report.Profiled:
		d.profile = v.Profile
		d.fill()
		return d.fetch()
	case report.Profiled:
		d.profile = v.Profile
		d.fill()
		return d.fetch()
	case report.Rows:
		d.page = v
		d.tables[tabRows].Touch()
	}
	return nil
}

// pageSize is how many rows are fetched around what is seen.
const pageSize = 200

// fetch asks for the rows around the cursor unless they are there.
func (d *dataset) fetch() []pane.Effect {
	t := &d.tables[tabRows]
	if d.tab != tabRows || d.profile == nil {
		return nil
	}
	from, to := int64(t.Top), int64(t.Top+d.frame.H)
	have := d.page.From <= from && d.page.From+int64(len(d.page.Cells)) >= min(to, int64(t.Rows))
	if have && len(d.page.Cells) > 0 {
		return nil
	}
	start := max(0, min(from, int64(t.Row))-pageSize/4)
	return []pane.Effect{pane.Ask{Slot: "rows", Request: report.RowsPage{Dataset: d.path, From: start, N: pageSize}}}
}

func (d *dataset) moved(e pane.Moved) []pane.Effect {
	switch e.Motion {
	case pane.NextTab, pane.NextPart:
		d.tab = (d.tab + 1) % tabs
	case pane.PrevTab, pane.PrevPart:
		d.tab = (d.tab + tabs - 1) % tabs
	default:
		draw.Step(&d.tables[d.tab], e)
	}
	if d.tab == tabRows {
		// The table settles its top when it is drawn; rows are fetched for where the cursor will be.
		t := &d.tables[tabRows]
		t.Top = max(0, min(t.Top, t.Row), t.Row-d.frame.H+1)
	}
	return d.fetch()
}

func (d *dataset) clicked(e pane.Clicked) []pane.Effect {
	head := len(d.head(draw.Look(d.frame), d.frame.W))
	if e.Y == head {
		_, zones := draw.Look(d.frame).Tabs(d.tabNames(), d.tab, d.frame.W)
		for i, name := range d.tabNames() {
			if widget.ZoneAt(zones, e.X) == name {
				d.tab = i
			}
		}
		return d.fetch()
	}
	if row, _, ok := d.tables[d.tab].At(e.X, e.Y-head-1); ok && row >= 0 {
		d.tables[d.tab].Row = row
		if e.Double {
			return d.open()
		}
	}
	return nil
}

// Verbs are what can be done with a dataset.
func (d *dataset) Verbs() []pane.Verb {
	off := ""
	if d.variable() == nil {
		off = "go to a variable first"
	}
	return []pane.Verb{
		{ID: "open", Footer: 1, Off: off, Run: d.open},
		{ID: "note", Footer: 2, Run: func() []pane.Effect {
			return []pane.Effect{pane.Prompt{Slot: "note", Label: "note", Hint: "what should be remembered about this dataset", History: "note"}}
		}, Words: d.say},
		{ID: "copy", Run: func() []pane.Effect { return []pane.Effect{pane.Copy{What: "path", Text: d.path}} }},
	}
}

// variable is the variable that the cursor is on, also through an alert about it; nil where there is none.
func (d *dataset) variable() *profile.Variable {
	if d.profile == nil {
		return nil
	}
	row := d.tables[d.tab].Row
	switch {
	case d.tab == tabVariables && row < len(d.profile.Variables):
		return &d.profile.Variables[row]
	case d.tab == tabAlerts && row < len(d.profile.Alerts):
		return d.profile.Variable(d.profile.Alerts[row].Column)
	case d.tab == tabRows && d.tables[d.tab].Col < len(d.page.Columns):
		return d.profile.Variable(d.page.Columns[d.tables[d.tab].Col].Name)
	}
	return nil
}

func (d *dataset) open() []pane.Effect {
	v := d.variable()
	if v == nil {
		return nil
	}
	return []pane.Effect{pane.Push{Layer: newVariable(d.path, d.profile, v.Name)}}
}

func (d *dataset) say(text string) []pane.Effect {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	return []pane.Effect{
		pane.Do{Edits: []store.Edit{{Kind: store.EditNote, Subject: "data:" + d.path, Text: text}}, Said: "noted"},
		pane.Ran{Line: "pace note " + draw.Quote("data:"+d.path) + " " + draw.Quote(text)},
	}
}

func (d *dataset) tabNames() []string {
	if d.profile == nil {
		return []string{"variables", "alerts", "rows", "notes"}
	}
	return []string{
		fmt.Sprintf("variables %d", len(d.profile.Variables)), fmt.Sprintf("alerts %d", len(d.profile.Alerts)),
		"rows", fmt.Sprintf("notes %d", len(d.detail.Notes)),
	}
}
