// Package runs is the Runs screen: one table over every tool's runs, one run, and runs side by side. It must
// not know formats, SQL or the engine: it draws what package report decides.
package runs

import (
	"context"
	"strings"
	"time"

	"pace/engine/query"
	"pace/engine/report"
	"pace/store"
	"pace/tui/pane"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

// Spec is the screen's entry in the list of screens.
func Spec() pane.Spec {
	return pane.Spec{
		ID: "runs", Title: "Runs", Key: "3",
		New: func() pane.Pane { return newList() },
		Open: func(ref string) pane.Pane {
			if id, ok := strings.CutPrefix(ref, "run:"); ok {
				return newDetail(id, "")
			}
			return nil
		},
		Wants: func(ch store.Change) bool { return ch.AnyRun() || ch.Said() },
	}
}

// list is the table of runs with the current run beside it.
type list struct {
	gen   int
	data  data
	ask   ask
	marks marks
	table widget.Table
	peek  peek
	part  int // 0 list, 1 detail, 2 chart: what has the keys
	cache pane.Cache
	frame pane.Frame
	style widget.Look
}

// data is what was loaded.
type data struct {
	runs    *report.Table
	rows    []int32
	columns []column
	seen    []column        // what is drawn now
	hidden  map[string]bool // columns that the person took away, by title
	chosen  bool            // the person chose the columns: their order stays
	sparks  map[string][]float64
	pending store.Change // what the table has not been told yet
}

// ask is which runs are wanted, and in which order.
type ask struct {
	filter string // as it stands in the prompt
	good   string // the last filter that could be read
	expr   *query.Expr
	sort   []query.Key
	put    bool   // show what was deleted or archived too
	typing bool   // the prompt is open
	metric string // chosen to decide, while its direction is asked for
}

// marks are the runs that a person marked, in the order of marking.
type marks struct {
	ids      []string
	anchor   int // row where a range began, -1 for none
	baseline string
}

func newList() *list {
	l := &list{marks: marks{anchor: -1}}
	l.data.hidden = map[string]bool{}
	l.data.sparks = map[string][]float64{}
	l.table.Cell = l.cell
	l.table.Gutter = l.gutter
	l.table.Focus, l.table.Sorts = true, true
	l.table.Empty = "no runs yet"
	return l
}

// Title is the list's word in the breadcrumb.
func (l *list) Title() string { return "runs" }

// Count says how many runs the filter leaves.
func (l *list) Count() string {
	if l.data.runs == nil {
		return ""
	}
	total := l.data.runs.Len()
	if len(l.data.rows) == total {
		return draw.Plural(total, "run")
	}
	return widget.Count(int64(len(l.data.rows)), 12) + " of " + draw.Plural(total, "run")
}

// Line is the command that prints this list.
func (l *list) Line() string {
	line := "pace runs"
	if l.ask.good != "" {
		line += " --filter " + draw.Quote(l.ask.good)
	}
	if len(l.ask.sort) > 0 {
		line += " --sort " + draw.Quote(sortText(l.ask.sort))
	}
	return line
}

// Live says that running runs show how long they have run.
func (l *list) Live() bool { return l.peek.detail != nil && l.peek.detail.Moves() }

// Leave closes the filter, then the marks.
func (l *list) Leave() bool {
	switch {
	case l.part != 0:
		l.part = 0
	case l.marks.anchor >= 0:
		l.marks.anchor = -1
	case l.ask.good != "" || l.ask.filter != "":
		l.ask.filter, l.ask.good, l.ask.expr = "", "", nil
	case len(l.marks.ids) > 0:
		l.marks.ids = nil
	default:
		return false
	}
	l.touch()
	return true
}

func (l *list) touch() {
	l.gen++
	l.table.Touch()
	l.table.Focus = l.part == 0
}

// Update takes one event.
func (l *list) Update(e pane.Event) []pane.Effect {
	switch e := e.(type) {
	case pane.Started:
		l.frame.W, l.frame.H = e.W, e.H
		return []pane.Effect{l.loadTable()}
	case pane.Resized:
		l.frame.W, l.frame.H = e.W, e.H
		l.layColumns()
		l.touch()
		return l.look()
	case pane.Shown:
		return l.view()
	case pane.Changed:
		return l.changed(e.Change)
	case pane.Loaded:
		return l.loaded(e)
	case pane.Moved:
		return l.moved(e)
	case pane.Clicked:
		return l.clicked(e)
	case pane.Typed:
		return l.typed(e)
	case pane.Chose:
		return l.chose(e)
	case pane.Ticked:
		l.gen++
	}
	return nil
}

// loaded table, with the columns that it starts with.
type start struct {
	runs    *report.Table
	columns []report.Column
}

func (l *list) loadTable() pane.Effect {
	return pane.Load{Slot: "table", Run: func(ctx context.Context, src pane.Source) (any, error) {
		t, err := report.LoadTable(ctx, src.Reader, draw.Options(src))
		if err != nil {
			return nil, err
		}
		columns, err := t.DefaultColumns(ctx, src.Reader)
		return start{t, columns}, err
	}}
}

// view asks for the rows of the current filter and order.
func (l *list) view() []pane.Effect {
	if l.data.runs == nil {
		return nil
	}
	t, q, ch := l.data.runs, report.ViewQuery{Filter: l.ask.expr, Sort: l.ask.sort, Deleted: l.ask.put, Archived: l.ask.put}, l.data.pending
	columns := l.loadable()
	return []pane.Effect{pane.Load{Slot: "rows", Run: func(ctx context.Context, src pane.Source) (any, error) {
		q.Now = src.Now
		if !ch.Empty() {
			if err := t.Refresh(ctx, src.Reader, ch); err != nil {
				return nil, err
			}
		}
		if err := t.Load(ctx, src.Reader, columns); err != nil {
			return nil, err
		}
		return t.View(ctx, src.Reader, q)
	}}}
}

// changed brings in what is new without reading the rest again. Columns are chosen anew while there was
// nothing to choose from.
func (l *list) changed(ch store.Change) []pane.Effect {
	if !ch.AnyRun() && !ch.Said() {
		return nil
	}
	if l.data.runs == nil || l.data.runs.Len() == 0 || l.data.runs.Primary() == "" {
		return []pane.Effect{l.loadTable()}
	}
	// A newer load drops an older one and with it what that would have told the table.
	l.data.pending = l.data.pending.Merge(ch)
	return l.view()
}

func (l *list) loaded(e pane.Loaded) []pane.Effect {
	l.touch()
	if e.Err != nil {
		return nil
	}
	switch v := e.Value.(type) {
	case start:
		l.data.runs = v.runs
		l.setColumns(v.columns)
		l.table.Reset()
		return l.view()
	case []int32:
		l.data.pending = store.Change{}
		return l.setRows(v)
	case peeked:
		if v.detail.ID == l.current() {
			l.peek.take(v)
		}
	case map[string][]float64:
		for id, values := range v {
			l.data.sparks[id] = values
		}
	}
	return nil
}

// setRows keeps the cursor on its run when the order changes.
func (l *list) setRows(rows []int32) []pane.Effect {
	id := l.current()
	l.data.rows = rows
	l.table.Rows = len(rows)
	l.table.Empty = "no runs yet: pace reads mlruns/, mlflow.db, event files and metrics in CSV or JSON"
	if l.data.runs.Len() > 0 {
		l.table.Empty = "no run fits the filter; esc clears it"
	}
	for i, row := range rows {
		if id != "" && l.data.runs.ID(row) == id {
			l.table.Row = i
			break
		}
	}
	if l.table.Row >= len(rows) {
		l.table.Last()
	}
	return l.look()
}

// current is the id of the run under the cursor; "" where there is none.
func (l *list) current() string {
	if l.data.runs == nil || l.table.Row < 0 || l.table.Row >= len(l.data.rows) {
		return ""
	}
	return l.data.runs.ID(l.data.rows[l.table.Row])
}

func (l *list) moved(e pane.Moved) []pane.Effect {
	if l.part != 0 && e.Motion != pane.NextPart && e.Motion != pane.PrevPart {
		l.peek.move(e, l.part)
		l.gen++
		return nil
	}
	before := l.table.Row
	switch e.Motion {
	case pane.Up:
		l.table.Move(-e.Count)
	case pane.Down:
		l.table.Move(e.Count)
	case pane.Left:
		l.table.MoveColumn(-1)
	case pane.Right:
		l.table.MoveColumn(1)
	case pane.Top:
		l.table.First()
	case pane.Bottom:
		l.table.Last()
	case pane.PageUp:
		l.table.Page(-1)
	case pane.PageDown:
		l.table.Page(1)
	case pane.NextPart, pane.PrevPart:
		l.part = (l.part + map[pane.Motion]int{pane.NextPart: 1, pane.PrevPart: 2}[e.Motion]) % 3
		l.touch()
		return nil
	}
	l.gen++
	if l.table.Row == before {
		return nil
	}
	if l.marks.anchor >= 0 {
		l.markRange()
	}
	return l.look()
}

func (l *list) clicked(e pane.Clicked) []pane.Effect {
	parts := pane.Lay(l.frame, l.part)
	if !draw.Inside(parts.List, e) {
		return nil
	}
	row, col, ok := l.table.At(e.X-parts.List.X, e.Y-parts.List.Y)
	if !ok {
		return nil
	}
	l.touch()
	if row < 0 {
		l.table.Col = col
		return l.sortBy(l.order(col) != widget.OrderDown)
	}
	l.table.Row, l.table.Col = row, col
	if e.Double {
		return l.open()
	}
	return l.look()
}

func (l *list) open() []pane.Effect {
	id := l.current()
	if id == "" {
		return nil
	}
	return []pane.Effect{
		pane.Push{Layer: newDetail(id, l.data.runs.Head(l.data.rows[l.table.Row], time.Time{}).Title())},
		pane.Ran{Line: "pace show " + id},
	}
}
