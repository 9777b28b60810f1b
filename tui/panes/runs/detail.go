package runs

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pace/engine/report"
	"pace/store"
	"pace/themes"
	"pace/tui/pane"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

// detail is one run: what it measured, was given, read and wrote, and what was said about it.
type detail struct {
	gen    int
	id     string
	name   string
	root   string
	run    *report.RunDetail
	files  report.Artifacts
	tab    int
	tables [tabs]widget.Table
	curves draw.Curves
	part   int // 0 the tab's content, 1 the facts, 2 the chart
	top    int // first fact that is seen
	cache  pane.Cache
	frame  pane.Frame
	answer string // id of the note that is answered
}

// The tabs of a run.
const (
	tabMetrics = iota
	tabParams
	tabTags
	tabData
	tabArtifacts
	tabNotes
	tabs
)

func newDetail(id, name string) *detail {
	d := &detail{id: id, name: name}
	for i := range d.tables {
		d.tables[i].Focus = true
	}
	return d
}

// Title is the run's name in the breadcrumb.
func (d *detail) Title() string {
	if d.run != nil {
		return d.run.RunHead.Title()
	}
	if d.name != "" {
		return d.name
	}
	return d.id
}

// Line is the command that prints this run.
func (d *detail) Line() string { return "pace show " + d.id }

// Live says that a running run shows how long it has run.
func (d *detail) Live() bool { return d.run != nil && d.run.Moves() }

// Leave gives the keys back to the tab's content.
func (d *detail) Leave() bool {
	if d.part == 0 {
		return false
	}
	d.part = 0
	d.gen++
	return true
}

// Update takes one event.
func (d *detail) Update(e pane.Event) []pane.Effect {
	d.gen++
	switch e := e.(type) {
	case pane.Started:
		d.frame.W, d.frame.H = e.W, e.H
		return []pane.Effect{d.load(), pane.Ask{Slot: "files", Request: report.ArtifactList{Run: d.id}}}
	case pane.Resized:
		d.frame.W, d.frame.H = e.W, e.H
		return d.loadCurve()
	case pane.Changed:
		if e.Run(d.id) || e.Said() {
			return []pane.Effect{d.load()}
		}
	case pane.Loaded:
		return d.loaded(e)
	case pane.Moved:
		return d.moved(e)
	case pane.Clicked:
		return d.clicked(e)
	case pane.Typed:
		return d.typed(e)
	case pane.Chose:
		return d.chose(e)
	}
	return nil
}

func (d *detail) load() pane.Effect {
	id := d.id
	return pane.Load{Slot: "run", Run: func(ctx context.Context, src pane.Source) (any, error) {
		run, err := report.LoadRun(ctx, src.Reader, draw.Options(src), report.RunQuery{ID: id})
		return loadedRun{run, src.Root}, err
	}}
}

// loadedRun is a run and the folder that its paths are shown relative to.
type loadedRun struct {
	report.RunDetail
	root string
}

func (d *detail) loaded(e pane.Loaded) []pane.Effect {
	if e.Err != nil {
		return nil
	}
	switch v := e.Value.(type) {
	case loadedRun:
		first := d.run == nil
		d.run, d.root = &v.RunDetail, v.root
		d.fill()
		if first {
			for i, m := range v.Metrics {
				if m.Key == v.Primary {
					d.tables[tabMetrics].Row = i
				}
			}
		}
		return d.loadCurve()
	case report.Artifacts:
		d.files = v
		d.fill()
	case []report.Series:
		d.curves.Set([]draw.Panel{{Key: d.metric(), Series: v}}, []string{d.Title()})
	}
	return nil
}

// metric is the key of the series that is drawn.
func (d *detail) metric() string {
	if d.run == nil || len(d.run.Metrics) == 0 {
		return ""
	}
	return d.run.Metrics[min(d.tables[tabMetrics].Row, len(d.run.Metrics)-1)].Key
}

func (d *detail) loadCurve() []pane.Effect { return d.loadCurveAfter(0) }

// loadCurveAfter waits until the cursor rests on a metric.
func (d *detail) loadCurveAfter(rest time.Duration) []pane.Effect {
	key := d.metric()
	if key == "" {
		return nil
	}
	parts := pane.LayOwn(d.frame, d.part)
	if parts.Size == pane.S {
		parts.Chart.W = d.frame.W
	}
	d.curves.Fit(parts.Chart.W)
	q, id := d.curves.Query(key), d.id
	return []pane.Effect{pane.Load{Slot: "curve", Rest: rest, Run: func(ctx context.Context, src pane.Source) (any, error) {
		return report.LoadCurves(ctx, src.Reader, draw.Options(src), []string{id}, q)
	}}}
}

func (d *detail) moved(e pane.Moved) []pane.Effect {
	switch e.Motion {
	case pane.NextPart:
		d.part = (d.part + 1) % 3
		return nil
	case pane.PrevPart:
		d.part = (d.part + 2) % 3
		return nil
	case pane.NextTab:
		d.tab = (d.tab + 1) % tabs
		return nil
	case pane.PrevTab:
		d.tab = (d.tab + tabs - 1) % tabs
		return nil
	}
	switch d.part {
	case 1:
		d.top = draw.Scroll(d.top, e, len(d.facts(d.frame)))
		return nil
	case 2:
		d.curves.Move(e.Motion)
		return nil
	}
	before := d.metric()
	draw.Step(&d.tables[d.tab], e)
	if d.metric() != before {
		d.curves.Chart.Fit()
		return d.loadCurveAfter(restBefore)
	}
	return nil
}

func (d *detail) clicked(e pane.Clicked) []pane.Effect {
	parts := pane.LayOwn(d.frame, d.part)
	if !draw.Inside(parts.List, e) {
		return nil
	}
	if e.Y == parts.List.Y {
		_, zones := draw.Look(d.frame).Tabs(d.tabNames(), d.tab, parts.List.W)
		for i, name := range d.tabNames() {
			if widget.ZoneAt(zones, e.X) == name {
				d.tab = i
			}
		}
		return nil
	}
	t := &d.tables[d.tab]
	if row, _, ok := t.At(e.X, e.Y-1); ok && row >= 0 {
		t.Row = row
		if e.Double {
			return d.open()
		}
		return d.loadCurve()
	}
	return nil
}

// Verbs are what can be done with one run.
func (d *detail) Verbs() []pane.Verb {
	vs := []pane.Verb{
		{ID: "open", Footer: 1, Off: d.openOff(), Run: d.open},
		{ID: "note", Footer: 2, Run: func() []pane.Effect {
			d.answer = ""
			return []pane.Effect{pane.Prompt{Slot: "note", Label: "note", Hint: "what should be remembered about this run", History: "note"}}
		}, Words: d.say},
		{ID: "runs.answer", Keys: []string{"r"}, Short: "answer", Long: "answer this note", Off: d.noteOff(), Run: d.promptAnswer},
		{ID: "accept", Short: "resolve", Long: "resolve this note, or open it again", Off: d.noteOff(), Run: d.resolve},
		{ID: "copy", Run: d.menuCopy},
		{ID: "browse", Off: d.fileOff(), Run: d.browse},
	}
	return append(vs, d.curves.Verbs(func() { d.gen++ }, d.loadCurve)...)
}

func (d *detail) openOff() string {
	switch d.tab {
	case tabArtifacts:
		return d.fileOff()
	case tabMetrics:
		return "the curve stands beside the metrics; tab goes there"
	}
	return "there is nothing behind this row"
}

func (d *detail) fileOff() string {
	if d.tab != tabArtifacts || d.tables[tabArtifacts].Row >= len(d.files.Files) {
		return "go to a file in the tab files first"
	}
	return ""
}

func (d *detail) noteOff() string {
	if d.tab != tabNotes || d.run == nil || d.tables[tabNotes].Row >= len(d.noteRows()) {
		return "go to a note in the tab notes first"
	}
	return ""
}

func (d *detail) open() []pane.Effect {
	if d.fileOff() != "" {
		return nil
	}
	f := d.files.Files[d.tables[tabArtifacts].Row]
	if f.Dir {
		return []pane.Effect{pane.Toast{Level: "info", Text: f.Path + " is a folder; its files stand below it"}}
	}
	return []pane.Effect{pane.Push{Layer: newArtifact(d.id, f)}}
}

func (d *detail) browse() []pane.Effect {
	return []pane.Effect{pane.OpenPath{Path: d.files.Dir + "/" + d.files.Files[d.tables[tabArtifacts].Row].Path}}
}

func (d *detail) say(text string) []pane.Effect {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	if d.answer != "" {
		return []pane.Effect{
			pane.Do{Edits: []store.Edit{{Kind: store.EditAnswer, Subject: "run:" + d.id, Event: d.answer, Text: text}}, Said: "answered"},
			pane.Ran{Line: "pace note --answer " + d.answer + " " + draw.Quote(text)},
		}
	}
	return []pane.Effect{
		pane.Do{Edits: []store.Edit{{Kind: store.EditNote, Subject: "run:" + d.id, Text: text}}, Said: "noted"},
		pane.Ran{Line: "pace note run:" + d.id + " " + draw.Quote(text)},
	}
}

func (d *detail) promptAnswer() []pane.Effect {
	d.answer = d.noteRows()[d.tables[tabNotes].Row].root
	return []pane.Effect{pane.Prompt{Slot: "note", Label: "answer", History: "note"}}
}

func (d *detail) resolve() []pane.Effect {
	n := d.noteRows()[d.tables[tabNotes].Row]
	kind, said := store.EditResolve, "resolved"
	if n.resolved {
		kind, said = store.EditReopen, "opened again"
	}
	return []pane.Effect{
		pane.Do{Edits: []store.Edit{{Kind: kind, Subject: "run:" + d.id, Event: n.root}}, Said: said},
		pane.Ran{Line: fmt.Sprintf("pace note --%s %s", kind, n.root)},
	}
}

func (d *detail) typed(e pane.Typed) []pane.Effect {
	if e.Slot != "note" || !e.Done {
		return nil
	}
	return d.say(e.Text)
}

func (d *detail) menuCopy() []pane.Effect {
	items := []pane.Item{
		{ID: "id", Label: "run id", Detail: d.id, Key: "i"},
		{ID: "row", Label: "this row", Key: "r"},
		{ID: "command", Label: "command", Detail: d.Line(), Key: "c"},
	}
	return []pane.Effect{pane.Menu{Slot: "copy", Title: "copy", Items: items}}
}

func (d *detail) chose(e pane.Chose) []pane.Effect {
	if e.Cancelled || e.Slot != "copy" {
		return nil
	}
	switch e.IDs[0] {
	case "id":
		return []pane.Effect{pane.Copy{What: "run id", Text: d.id}}
	case "command":
		return []pane.Effect{pane.Copy{What: "command", Text: d.Line()}}
	}
	t := &d.tables[d.tab]
	if t.Row >= t.Rows {
		return nil
	}
	var cells []string
	for c := range t.Columns {
		cell := t.Cell(t.Row, c)
		if cell.Kind != widget.KindText {
			cell.Text = exactNumber(cell.Value)
		}
		cells = append(cells, cell.Text)
	}
	return []pane.Effect{pane.Copy{What: "row", Text: strings.Join(cells, "\t")}}
}

// facts stand beside the tabs: what the run is, where its code and files are, what is odd about it.
func (d *detail) facts(f pane.Frame) []widget.Pair {
	if d.run == nil {
		return nil
	}
	pairs := headFacts(d.run.RunHead, f)
	add := func(key, text string) {
		if text != "" {
			pairs = append(pairs, widget.Pair{Key: key, Cell: widget.Text(themes.Fg, text), Middle: strings.Contains(text, "/")})
		}
	}
	add("command", d.run.Command)
	add("host", d.run.Host)
	add("native id", d.run.NativeID)
	add("source", d.run.Path)
	add("artifacts", strings.TrimPrefix(d.files.Dir, d.root+"/"))
	for _, m := range d.run.LoggedModels {
		add("model", m.Name+" "+m.Status)
	}
	for _, x := range d.run.Findings {
		role := themes.Warn
		if x.Level == report.Error {
			role = themes.Err
		}
		pairs = append(pairs, widget.Pair{Key: string(x.Level), Cell: widget.Text(role, x.Message)})
	}
	return pairs
}
