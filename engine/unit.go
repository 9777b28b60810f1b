package engine

import (
	"container/heap"
	"time"

	"pace/engine/ingest"
)

// How often a unit is looked at, where no event says that it changed.
const (
	pollHot   = 200 * time.Millisecond // it changed within hotFor and events don't come
	pollWarm  = time.Second            // it changed within hotFor, or a run in it runs
	pollRest  = 10 * time.Second       // anything else, or slower where there are many
	hotFor    = time.Minute
	runFor    = 15 * time.Minute       // a running run that said nothing for so long is at rest
	readApart = 100 * time.Millisecond // between two reads of one unit
)

// unit is what the loop knows of one claimed file or folder. Only the loop touches it.
type unit struct {
	path   string
	format *ingest.Format
	// stamp is what the last read saw. It says nothing where whole is false.
	stamp  string
	stored bool // the store has a source for it
	whole  bool // the last read reached the end
	pass   int  // the last pass that found it
	unitTurn
	unitTrouble
}

// unitTurn is when a unit is looked at next.
type unitTurn struct {
	busy    bool // at a worker, or waiting for the writer
	again   bool // marked while it was busy
	due     time.Time
	slot    int           // in the queue; -1 outside
	read    time.Time     // when it was last read
	changed time.Time     // when it last said something new
	class   int           // 0 lives, 1 rests
	load    float64       // share of a core that looking at it costs
	running bool          // a run in it runs
	cost    time.Duration // of looking at it when nothing changed
	// cursor goes on where a limit ended the last read; nil asks the store.
	cursor []byte
}

// unitTrouble is what went wrong with a unit.
type unitTrouble struct {
	missing bool
	fails   int
	torn    time.Time // since when its last record has been half written
	halves  int       // reads in which it stayed so
	said    bool      // the trouble stands in the store as a Problem
}

// rhythm is how long a unit that did not change rests until it is looked at again.
func (u *unit) rhythm(now time.Time, events bool) time.Duration {
	quiet := now.Sub(u.changed)
	switch {
	case quiet < hotFor && !events:
		return pollHot
	case quiet < hotFor, u.running && quiet < runFor:
		return pollWarm
	}
	return pollRest
}

// queue holds the waiting units, the one that is due first at the top.
type queue []*unit

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }
func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].slot, q[j].slot = i, j
}

// Push is for container/heap.
func (q *queue) Push(x any) {
	u := x.(*unit)
	u.slot = len(*q)
	*q = append(*q, u)
}

// Pop is for container/heap.
func (q *queue) Pop() any {
	last := len(*q) - 1
	u := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	u.slot = -1
	return u
}

// set puts a unit where its new due time belongs.
func (q *queue) set(u *unit, due time.Time) {
	u.due = due
	if u.slot < 0 {
		heap.Push(q, u)
		return
	}
	heap.Fix(q, u.slot)
}

// sooner moves a unit forward, never back.
func (q *queue) sooner(u *unit, due time.Time) {
	if u.slot < 0 || due.Before(u.due) {
		q.set(u, due)
	}
}

// next takes the unit that is due; nil where none is.
func (q *queue) next(now time.Time) *unit {
	if len(*q) == 0 || (*q)[0].due.After(now) {
		return nil
	}
	return heap.Pop(q).(*unit)
}
