package runs

import (
	"context"
	"time"

	"pace/engine/report"
	"pace/themes"
	"pace/tui/pane"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

// peek is what stands beside the list: the run under the cursor, and the curves of it and the marked ones.
type peek struct {
	id     string
	detail *report.RunDetail
	curves draw.Curves
	top    int // first line of the detail that is seen
	cache  pane.Cache
	gen    int
}

// peeked is what was loaded for it.
type peeked struct {
	detail report.RunDetail
	panels []draw.Panel
	names  []string
}

// restBefore is how long the cursor rests on a row before its details are read: a hand that moves on costs
// nothing.
const restBefore = 60 * time.Millisecond

// look asks for what the cursor is on, and for the curves of the rows that are seen.
func (l *list) look() []pane.Effect {
	id := l.current()
	if id == "" {
		l.peek = peek{curves: l.peek.curves, gen: l.peek.gen + 1}
		l.peek.curves.Set(nil, nil)
		return nil
	}
	parts := pane.Lay(l.frame, l.part)
	if parts.Size == pane.S {
		parts.Chart.W = l.frame.W
	}
	l.peek.curves.Fit(parts.Chart.W)
	charts := 1
	if parts.Size == pane.L && l.frame.Zoom == 0 {
		charts = maxPanels
	}
	ids, names := l.overlay(id)
	q, key := l.peek.curves.Query(""), l.data.runs.Primary()
	effects := []pane.Effect{pane.Load{Slot: "peek", Rest: restBefore, Run: func(ctx context.Context, src pane.Source) (any, error) {
		d, err := report.LoadRun(ctx, src.Reader, draw.Options(src), report.RunQuery{ID: id})
		if err != nil {
			return nil, err
		}
		out := peeked{detail: d, names: names}
		if _, ok := d.Metrics.Get(key); !ok && len(ids) == 1 {
			key = d.Primary
		}
		out.panels, err = loadPanels(ctx, src, panelKeys(d, key, charts), ids, q)
		return out, err
	}}}
	return append(effects, l.loadSparks()...)
}

// overlay are the runs whose curves are drawn: the current one first, then the marked ones.
func (l *list) overlay(id string) (ids, names []string) {
	ids = []string{id}
	for _, m := range l.marks.ids {
		if m != id && len(ids) < maxCompared {
			ids = append(ids, m)
		}
	}
	for _, each := range ids {
		name := each
		if row, ok := l.data.runs.Row(each); ok {
			name = l.data.runs.Head(row, time.Time{}).Title()
		}
		names = append(names, name)
	}
	return ids, names
}

// loadSparks asks for the little curves of the visible rows that have none yet, or that still grow.
func (l *list) loadSparks() []pane.Effect {
	key := l.data.runs.Primary()
	if key == "" || l.data.hidden[key+" over steps"] {
		return nil
	}
	var ids []string
	for i := l.table.Top; i < min(l.table.Top+l.frame.H, len(l.data.rows)); i++ {
		h := l.data.runs.Head(l.data.rows[i], time.Time{})
		if _, have := l.data.sparks[h.ID]; !have || h.Moves() {
			ids = append(ids, h.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return []pane.Effect{pane.Load{Slot: "sparks", Rest: restBefore, Run: func(ctx context.Context, src pane.Source) (any, error) {
		out := map[string][]float64{}
		for _, id := range ids {
			s, err := report.LoadSeries(ctx, src.Reader, draw.Options(src), report.SeriesQuery{Run: id, Key: key, Width: 4 * sparkWidth})
			if report.IsNotFound(err) {
				out[id] = nil
				continue
			}
			if err != nil {
				return nil, err
			}
			for _, c := range s.Curve.Columns {
				if c.N > 0 {
					out[id] = append(out[id], c.Last)
				}
			}
		}
		return out, nil
	}}}
}

// maxPanels is how many small multiples are drawn side by side.
const maxPanels = 6

// panelKeys are the metrics that get a chart: the one that decides, then those of the run that have a curve.
func panelKeys(d report.RunDetail, first string, most int) []string {
	var keys []string
	if first != "" {
		keys = append(keys, first)
	}
	for _, m := range d.Metrics {
		if m.Key != first && !m.System && m.Points > 1 && len(keys) < most {
			keys = append(keys, m.Key)
		}
	}
	return keys
}

func loadPanels(ctx context.Context, src pane.Source, keys, ids []string, q report.SeriesQuery) ([]draw.Panel, error) {
	var out []draw.Panel
	for _, key := range keys {
		q.Key = key
		series, err := report.LoadCurves(ctx, src.Reader, draw.Options(src), ids, q)
		if err != nil {
			return nil, err
		}
		out = append(out, draw.Panel{Key: key, Series: series})
	}
	return out, nil
}

// take shows what was loaded, unless the cursor has gone on since.
func (p *peek) take(v peeked) {
	p.id = v.detail.ID
	p.detail = &v.detail
	p.gen++
	p.curves.Set(v.panels, v.names)
}

func (p *peek) move(e pane.Moved, part int) {
	p.gen++
	if part == 2 {
		p.curves.Move(e.Motion)
		return
	}
	p.top = draw.Scroll(p.top, e, len(p.facts(pane.Frame{})))
}

func (p *peek) verbs(l *list) []pane.Verb {
	return p.curves.Verbs(func() { l.gen++ }, l.look)
}

// lines draw the detail; they stay while the cursor is on its way.
func (p *peek) lines(look widget.Look, f pane.Frame, live bool, at pane.Rect) []string {
	f.W, f.H = at.W, at.H
	return p.cache.Lines(p.gen, f, live, func() []string { return look.Pairs(p.facts(f), p.top, at.W, at.H) })
}

// facts are the detail's lines: what the run is, then what it measured, then what it was given.
func (p *peek) facts(f pane.Frame) []widget.Pair {
	d := p.detail
	if d == nil {
		return nil
	}
	pairs := headFacts(d.RunHead, f)
	if m, ok := d.Metrics.Get(d.Primary); ok && m.Direction != "" {
		pairs = append(pairs, draw.Fact("decides", m.Key+", "+draw.Better(m.Direction, m.Guessed)))
	}
	if len(d.Metrics) > 0 {
		pairs = append(pairs, draw.Heading("metrics"))
	}
	for _, m := range d.Metrics {
		if !m.System {
			pairs = append(pairs, widget.Pair{Key: m.Key, Cell: widget.Value(themes.Fg, widget.KindNum, float64(m.Last))})
		}
	}
	if len(d.Params) > 0 {
		pairs = append(pairs, draw.Heading("params"))
	}
	for _, kv := range d.Params {
		pairs = append(pairs, widget.Pair{Key: kv.Key, Cell: widget.Text(themes.Fg, kv.Value)})
	}
	if len(d.Notes) > 0 {
		pairs = append(pairs, draw.Heading("notes"))
	}
	for _, n := range d.Notes {
		pairs = append(pairs, widget.Pair{Key: n.Actor, Cell: widget.Text(themes.Fg, n.Text)})
	}
	return pairs
}

// headFacts say what a run is: state, times, who, code.
func headFacts(h report.RunHead, f pane.Frame) []widget.Pair {
	look := draw.Look(f)
	s := draw.State(h.State())
	fact := func(key, text string) widget.Pair { return widget.Pair{Key: key, Cell: widget.Text(themes.Fg, text)} }
	pairs := []widget.Pair{{Key: "state", Cell: widget.Text(s.Role(), look.Glyph(s)+" "+h.State())}}
	if !h.Started.IsZero() {
		pairs = append(pairs, fact("started", widget.When(h.Started.In(draw.Zone(f)), f.Now.In(draw.Zone(f)), 24)))
	}
	if h.DurationMS != nil {
		pairs = append(pairs, widget.Pair{Key: "duration", Cell: widget.Value(themes.Fg, widget.KindDuration, float64(*h.DurationMS)/1000)})
	}
	for _, kv := range [][2]string{{"experiment", h.Experiment}, {"told by", h.Source}, {"user", h.User}, {"commit", gitText(h.Git)}, {"id", h.ID}} {
		if kv[1] != "" {
			pairs = append(pairs, fact(kv[0], kv[1]))
		}
	}
	return pairs
}

func gitText(g report.Git) string {
	if g.Commit == "" {
		return ""
	}
	text := g.Commit[:min(len(g.Commit), shortCommit)]
	if g.Branch != "" {
		text += " on " + g.Branch
	}
	if g.Dirty != nil && *g.Dirty {
		text += ", changed"
	}
	return text
}
