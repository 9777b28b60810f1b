package engine

import (
	"slices"

	"pace/engine/ingest"
)

// batch is what one Read said, in order, held until the writer takes it. It is an ingest.Sink; one
// goroutine fills it.
type batch struct {
	said   []saying
	points int
	open   map[seriesKey]int // where in said the points of a series are gathered
}

// saying is a fact or, where the record is nil, a stretch of points.
type saying struct {
	fact   ingest.Record
	points ingest.Points
}

type seriesKey struct {
	run, series       string
	system, unordered bool
}

// Put takes one fact. A fact that takes points back ends the stretches before it: what follows must stay
// behind it.
func (b *batch) Put(r ingest.Record) error {
	switch r.(type) {
	case ingest.Reset, ingest.RunGone:
		clear(b.open)
	}
	b.said = append(b.said, saying{fact: r})
	return nil
}

// Points takes a copy of new points and joins them to the stretch of their series, so that a format may
// say them one by one and change series with each.
func (b *batch) Points(p ingest.Points) error {
	if len(p.Values) == 0 {
		return nil
	}
	b.points += len(p.Values)
	key := seriesKey{p.Run, p.Series, p.System, p.Unordered}
	if i, ok := b.open[key]; ok {
		q := &b.said[i].points
		q.Steps = append(q.Steps, p.Steps...)
		q.Times = append(q.Times, p.Times...)
		q.Values = append(q.Values, p.Values...)
		return nil
	}
	if b.open == nil {
		b.open = map[seriesKey]int{}
	}
	b.open[key] = len(b.said)
	p.Steps, p.Times, p.Values = slices.Clone(p.Steps), slices.Clone(p.Times), slices.Clone(p.Values)
	b.said = append(b.said, saying{points: p})
	return nil
}
