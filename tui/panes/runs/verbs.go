package runs

import (
	"errors"
	"slices"
	"strings"
	"time"

	"pace/engine/query"
	"pace/engine/report"
	"pace/store"
	"pace/tui/pane"
	"pace/tui/panes/draw"
)

// Verbs are what can be done in the list.
func (l *list) Verbs() []pane.Verb {
	none := ""
	if l.current() == "" {
		none = "there is no run here"
	}
	few := none
	if len(l.marks.ids) < 2 {
		few = "mark two runs with space first"
	}
	vs := []pane.Verb{
		{ID: "open", Footer: 1, Off: none, Run: l.open},
		{ID: "mark", Footer: 2, Off: none, Run: l.mark},
		{ID: "compare", Footer: 3, Off: few, Run: l.compare},
		{ID: "filter", Footer: 4, Run: l.promptFilter, Words: l.filterWords},
		{ID: "sort", Footer: 5, Run: func() []pane.Effect { return l.sortBy(true) }},
		{ID: "sort-down", Run: func() []pane.Effect { return l.sortBy(false) }},
		{ID: "columns", Footer: 7, Run: l.menuColumns},
		{ID: "metric", Footer: 8, Run: l.menuMetric},
		{ID: "baseline", Off: none, Run: l.setBaseline},
		{ID: "range", Off: none, Run: l.startRange},
		{ID: "mark-all", Run: l.markAll},
		{ID: "mark-none", Run: func() []pane.Effect { l.marks.ids, l.marks.anchor = nil, -1; l.touch(); return l.look() }},
		{ID: "only", Off: none, Run: func() []pane.Effect { return l.byCell("") }},
		{ID: "without", Off: none, Run: func() []pane.Effect { return l.byCell("-") }},
		{ID: "note", Footer: 6, Off: none, Run: l.promptNote, Words: l.noteWords},
		{ID: "copy", Off: none, Run: l.menuCopy},
		{ID: "runs.tag", Keys: []string{"T"}, Short: "tag", Long: "tag the marked runs, or this one: key=value", Off: none, Run: l.promptTag, Words: l.tagWords},
		{ID: "runs.pin", Keys: []string{"p"}, Short: "pin", Long: "pin or unpin this run", Off: none, Run: l.pin},
		{ID: "runs.archive", Keys: []string{"X"}, Short: "archive", Long: "put the marked runs, or this one, away (nothing is deleted)", Off: none, Run: l.archive},
		{ID: "runs.put-away", Keys: []string{"P"}, Short: "put away", Long: "show or hide what was deleted or archived", Run: l.togglePut},
	}
	return append(vs, l.peek.verbs(l)...)
}

func (m *marks) has(id string) bool { return slices.Contains(m.ids, id) }

func (m *marks) toggle(id string) {
	if i := slices.Index(m.ids, id); i >= 0 {
		m.ids = slices.Delete(m.ids, i, i+1)
		return
	}
	m.ids = append(m.ids, id)
}

func (l *list) mark() []pane.Effect {
	if l.marks.anchor >= 0 {
		l.marks.anchor = -1
		l.touch()
		return nil
	}
	l.marks.toggle(l.current())
	l.table.Move(1)
	l.touch()
	return l.look()
}

func (l *list) startRange() []pane.Effect {
	l.marks.anchor = l.table.Row
	l.markRange()
	return nil
}

func (l *list) markRange() {
	from, to := min(l.marks.anchor, l.table.Row), max(l.marks.anchor, l.table.Row)
	for i := from; i <= to && i < len(l.data.rows); i++ {
		if id := l.data.runs.ID(l.data.rows[i]); !l.marks.has(id) {
			l.marks.ids = append(l.marks.ids, id)
		}
	}
	l.touch()
}

// maxMarked keeps "mark all" from marking more than anyone compares or tags by hand.
const maxMarked = 10_000

func (l *list) markAll() []pane.Effect {
	l.marks.ids = l.marks.ids[:0]
	for _, row := range l.data.rows[:min(len(l.data.rows), maxMarked)] {
		l.marks.ids = append(l.marks.ids, l.data.runs.ID(row))
	}
	l.touch()
	return append(l.look(), pane.Toast{Level: "ok", Text: draw.Plural(len(l.marks.ids), "run") + " marked"})
}

// chosen are the marked runs, or the one under the cursor.
func (l *list) chosen() []string {
	if len(l.marks.ids) > 0 {
		return l.marks.ids
	}
	return []string{l.current()}
}

func (l *list) setBaseline() []pane.Effect {
	if id := l.current(); l.marks.baseline == id {
		l.marks.baseline = ""
	} else {
		l.marks.baseline = id
	}
	l.layColumns()
	l.touch()
	return nil
}

// maxCompared is how many runs fit side by side.
const maxCompared = 8

func (l *list) compare() []pane.Effect {
	ids := l.marks.ids
	if len(ids) > maxCompared {
		return []pane.Effect{pane.Toast{Level: "warn", Text: draw.Plural(len(ids), "run") + " are marked; 8 at most fit side by side", Hint: "U unmarks all"}}
	}
	return []pane.Effect{
		pane.Push{Layer: newCompare(slices.Clone(ids), l.marks.baseline)},
		pane.Ran{Line: "pace compare " + strings.Join(ids, " ")},
	}
}

func (l *list) promptFilter() []pane.Effect {
	l.ask.typing = true
	return []pane.Effect{pane.Prompt{
		Slot: "filter", Label: "/", Text: l.ask.good, History: "runs",
		Hint: "auc>.9 state:running lr<1e-3 -tag:debug ...", Mark: l.markFilter,
	}}
}

func (l *list) queryOptions() query.Options {
	o := query.Options{Now: l.frame.Now, Zone: draw.Zone(l.frame)}
	if l.data.runs != nil {
		o.Names = l.data.runs.Names()
	}
	return o
}

func (l *list) markFilter(text string) (int, int, string) {
	var bad *query.SyntaxError
	if _, err := query.Parse(text, l.queryOptions()); errors.As(err, &bad) {
		return bad.Pos, bad.Len, bad.Msg
	}
	return -1, 0, ""
}

// filterTo makes a filter the current one if it can be read; else the last good result stays.
func (l *list) filterTo(text string) []pane.Effect {
	l.ask.filter = text
	expr, err := query.Parse(text, l.queryOptions())
	if err != nil {
		l.touch()
		return nil
	}
	l.ask.good, l.ask.expr = text, expr
	l.touch()
	return l.view()
}

func (l *list) filterWords(text string) []pane.Effect {
	if _, _, problem := l.markFilter(text); problem != "" {
		return []pane.Effect{pane.Toast{Level: "warn", Text: problem}}
	}
	return append(l.filterTo(text), pane.Ran{Line: l.Line()})
}

func (l *list) typed(e pane.Typed) []pane.Effect {
	switch e.Slot {
	case "filter":
		l.ask.typing = !e.Done && !e.Cancelled
		if e.Cancelled {
			l.ask.filter = l.ask.good
			return l.filterTo(l.ask.good)
		}
		effects := l.filterTo(e.Text)
		if e.Done {
			l.ask.filter = l.ask.good
			effects = append(effects, pane.Ran{Line: l.Line()})
		}
		return effects
	case "note":
		if e.Done {
			return l.noteWords(e.Text)
		}
	case "tag":
		if e.Done {
			return l.tagWords(e.Text)
		}
	}
	return nil
}

// byCell narrows the filter to the value under the cursor, or away from it.
func (l *list) byCell(minus string) []pane.Effect {
	c := l.shownAt(l.table.Col)
	v := l.data.runs.Cell(l.data.rows[l.table.Row], c.Column, l.frame.Now)
	if c.kind != plain || c.Title == "" || c.Kind == report.TimeColumn || c.Kind == report.DurationColumn {
		return []pane.Effect{pane.Toast{Level: "info", Text: "this column has no value to filter by"}}
	}
	term := fieldText(c.Field) + " = " + literal(c, v)
	if !v.Have {
		term = fieldText(c.Field) + " IS NULL"
	}
	if minus != "" {
		term = "NOT (" + term + ")"
	}
	if l.ask.good != "" {
		term = "(" + l.ask.good + ") AND " + term
	}
	return append(l.filterTo(term), pane.Ran{Line: l.Line()})
}

func literal(c column, v report.TableCell) string {
	if c.Kind == report.NumberColumn {
		return exactNumber(v.Num)
	}
	return "'" + strings.ReplaceAll(v.Text, "'", "''") + "'"
}

func (l *list) promptNote() []pane.Effect {
	return []pane.Effect{pane.Prompt{Slot: "note", Label: "note", Hint: "what should be remembered about this run", History: "note"}}
}

func (l *list) noteWords(text string) []pane.Effect {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	id := l.current()
	return []pane.Effect{
		pane.Do{Edits: []store.Edit{{Kind: store.EditNote, Subject: "run:" + id, Text: text}}, Said: "noted"},
		pane.Ran{Line: "pace note run:" + id + " " + draw.Quote(text)},
	}
}

func (l *list) promptTag() []pane.Effect {
	return []pane.Effect{pane.Prompt{Slot: "tag", Label: "tag " + draw.Plural(len(l.chosen()), "run"), Hint: "key=value, or -key to take it away", History: "tag"}}
}

func (l *list) tagWords(text string) []pane.Effect {
	text = strings.TrimSpace(text)
	kind := store.EditTag
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		kind, text = store.EditUntag, rest
	}
	key, value, _ := strings.Cut(text, "=")
	if key == "" {
		return nil
	}
	return l.edit(kind, key, value, "tagged")
}

// edit says the same about every chosen run.
func (l *list) edit(kind store.EditKind, key, value, done string) []pane.Effect {
	ids := l.chosen()
	edits := make([]store.Edit, len(ids))
	for i, id := range ids {
		edits[i] = store.Edit{Kind: kind, Subject: "run:" + id, Key: key, Value: value}
	}
	return []pane.Effect{pane.Do{Edits: edits, Said: done + " " + draw.Plural(len(ids), "run")}}
}

func (l *list) pin() []pane.Effect {
	if l.data.runs.Head(l.data.rows[l.table.Row], time.Time{}).Pinned {
		return l.edit(store.EditUnpin, "", "", "unpinned")
	}
	return l.edit(store.EditPin, "", "", "pinned")
}

func (l *list) archive() []pane.Effect {
	if l.data.runs.Head(l.data.rows[l.table.Row], time.Time{}).Archived {
		return l.edit(store.EditUnarchive, "", "", "brought back")
	}
	return l.edit(store.EditArchive, "", "", "archived")
}

func (l *list) togglePut() []pane.Effect {
	l.ask.put = !l.ask.put
	l.touch()
	return l.view()
}
