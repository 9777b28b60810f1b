package engine

import (
	"context"
	"strings"
	"time"

	"pace/engine/ingest"
	"pace/store"
)

// The bounds of one transaction and of what is under way at once.
const (
	applyPoints = 150_000
	applyUnits  = 256
	applyEvery  = 100 * time.Millisecond // between two transactions while much is read
	atWork      = 6                      // units at the workers
	quickTries  = 3                      // of a unit in trouble, before it is called a Problem
	pollShare   = 0.01                   // of one core, for each of what lives and what rests
)

// loop turns marks into reads and reads into transactions. One goroutine runs it and owns all its state.
type loop struct {
	root   string
	writer *store.Writer
	events bool // file events come, so polling is only the net below them
	units  map[string][]*unit
	queue  queue
	bulk   []*unit // units that were never read to their end, in the order in which they were found
	loopWork
	loopLook
	sights
	raise    func(store.Change)
	progress func(done, total int)
}

// loopWork is what is under way.
type loopWork struct {
	tasks  chan task
	outs   chan *outcome
	busy   int
	ready  []*outcome // read, not yet written
	points int        // in ready
	since  time.Time  // the oldest of ready
	held   time.Time  // no transaction before: the index is in trouble
	load   [2]float64 // share of a core that polling costs: what lives, what rests
}

// loopLook is what the scan said.
type loopLook struct {
	scanNews
	pass     int
	passed   bool // one pass ended
	data     map[string]store.Dataset
	seenData map[string]int  // the last pass that found a dataset
	dirs     map[string]bool // folders with a problem
	before   map[string]bool // paths of units whose trouble an earlier engine told
	stats    *tally
}

// run works until ctx ends or, where once is set, until nothing is left to read.
func (l *loop) run(ctx context.Context, in inputs, once bool) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		now := time.Now()
		l.dispatch(now)
		if l.full(now) {
			if err := l.flush(ctx, once); err != nil {
				return err
			}
			l.progress(len(l.units)-len(l.bulk)-l.busy, len(l.units)-l.busy)
			continue
		}
		if once && l.passed && l.quiet(now) {
			return nil
		}
		l.rewatch(now)
		timer.Reset(l.wait(now))
		visits, dirs := l.visits(in.visits, now)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case f := <-in.found:
			if l.take(f); f.end != nil {
				l.endPass(*f.end)
			}
		case paths := <-in.marks:
			l.mark(paths, time.Now())
		case visits <- dirs:
			l.toVisit = nil
		case o := <-l.outs:
			l.collect(o)
		case <-timer.C:
		}
	}
}

// inputs are where the loop hears from.
type inputs struct {
	found <-chan found
	marks <-chan []string
	// visits asks for another look at folders; nil where nobody walks while the loop runs.
	visits chan<- []string
}

// start begins with what the store knows, so that what ran when the last engine ended is looked at first.
func (l *loop) start(ctx context.Context, r *store.Reader, formats []ingest.Format) error {
	sources, err := r.Sources(ctx)
	if err != nil {
		return err
	}
	live := map[string]time.Time{}
	err = r.EachRun(ctx, func(run *store.Run) error {
		if run.Status == string(ingest.Running) {
			live[run.Source] = latest(live[run.Source], latest(run.Active, run.Started))
		}
		return nil
	})
	if err != nil {
		return err
	}
	data, err := r.Datasets(ctx)
	if err != nil {
		return err
	}
	problems, err := r.Problems(ctx)
	if err != nil {
		return err
	}
	for _, d := range data {
		l.data[d.Path] = d
	}
	for _, p := range problems {
		if path, ok := strings.CutPrefix(p.Source, troubleOf("")); ok {
			l.before[path] = true
		} else if dir, ok := strings.CutPrefix(p.Source, folderOf("")); ok {
			l.dirs[dir] = true
		}
	}
	l.recall(sources, live, formats)
	return nil
}

// add makes a unit that nobody knew.
func (l *loop) add(path string, f *ingest.Format) *unit {
	u := &unit{path: path, format: f}
	u.slot, u.said = -1, l.before[path]
	l.units[path] = append(l.units[path], u)
	return u
}

func (l *loop) find(path, format string) *unit {
	for _, u := range l.units[path] {
		if u.format.Name == format {
			return u
		}
	}
	return nil
}

// due has a unit looked at as soon as its last read is long enough ago.
func (l *loop) due(u *unit, now time.Time) {
	if u.busy {
		u.again = true
		return
	}
	if at := u.read.Add(readApart); at.After(now) {
		now = at
	}
	l.queue.sooner(u, now)
}

// dispatch hands what is due to the workers, what lives before what is read for the first time.
func (l *loop) dispatch(now time.Time) {
	for l.busy < atWork && l.points < applyPoints && !now.Before(l.held) {
		u := l.queue.next(now)
		if u == nil && len(l.bulk) > 0 {
			u, l.bulk = l.bulk[0], l.bulk[1:]
		}
		if u == nil {
			return
		}
		t := task{unit: u, cursor: u.cursor, stored: u.stored, limits: liveLimits}
		if u.whole {
			t.stamp = u.stamp
		} else {
			t.limits = bulkLimits
		}
		u.busy, u.again = true, false
		l.busy++
		l.tasks <- t
	}
}

// full says whether it is time to write: much was read, or it has waited, or nothing else comes.
func (l *loop) full(now time.Time) bool {
	if now.Before(l.held) || len(l.ready) == 0 && l.scanNews.empty() {
		return false
	}
	return l.points >= applyPoints || len(l.ready) >= applyUnits || l.busy == 0 || now.Sub(l.since) >= applyEvery
}

// quiet says whether nothing is left: nothing at work and nobody about to be tried again.
func (l *loop) quiet(now time.Time) bool {
	if l.busy > 0 || len(l.ready) > 0 || len(l.bulk) > 0 || !l.scanNews.empty() {
		return false
	}
	for _, u := range l.queue {
		if !u.due.After(now) || u.fails > 0 && u.fails < quickTries {
			return false
		}
	}
	return true
}

func (l *loop) wait(now time.Time) time.Duration {
	wait := time.Minute
	if len(l.queue) > 0 && l.busy < atWork {
		wait = l.queue[0].due.Sub(now)
	}
	if len(l.ready) > 0 || !l.scanNews.empty() {
		wait = min(wait, max(l.since.Add(applyEvery).Sub(now), l.held.Sub(now)))
	}
	if len(l.toVisit) > 0 {
		wait = min(wait, l.visitAt.Sub(now))
	}
	if l.watch != nil && l.newSights && l.passed {
		wait = min(wait, l.watchAt.Sub(now))
	}
	return max(wait, 0)
}

// collect takes what a worker brought back.
func (l *loop) collect(o *outcome) {
	u := o.unit
	l.busy--
	u.read = time.Now()
	if o.same || o.err != nil {
		if o.same && u.missing {
			l.back = append(l.back, u.path)
			u.missing = false
		}
		if o.same {
			if u.cost == 0 {
				u.cost = o.cost
			}
			u.cost = (u.cost*3 + o.cost) / 4
			l.stillTorn(u, u.read)
		} else {
			l.fail(o)
		}
		l.rest(u)
		return
	}
	if len(l.ready) == 0 {
		l.since = u.read
	}
	l.ready = append(l.ready, o)
	l.points += o.said.points
}

// rest puts a unit back where it waits for its next turn.
func (l *loop) rest(u *unit) {
	now := time.Now()
	u.busy = false
	switch {
	case u.again:
		u.again = false
		l.due(u, now)
	case u.fails > 0:
		l.queue.set(u, now.Add(backOff(u.fails)))
	case u.cursor != nil: // a limit ended the read
		if u.whole {
			l.due(u, now)
		} else {
			l.bulk = append(l.bulk, u)
		}
	default:
		l.queue.set(u, now.Add(l.pause(u, now)))
	}
}

// pause is how long a unit rests, such that all looking at units stays a small share of a core.
func (l *loop) pause(u *unit, now time.Time) time.Duration {
	rhythm := u.rhythm(now, l.events)
	class := 0
	if rhythm == pollRest {
		class = 1
	}
	l.load[u.class] -= u.load
	u.class, u.load = class, float64(u.cost)/float64(rhythm)
	l.load[class] += u.load
	if over := l.load[class] / pollShare; over > 1 {
		rhythm = time.Duration(float64(rhythm) * over)
	}
	if !u.torn.IsZero() {
		rhythm = min(rhythm, time.Second)
	}
	return rhythm
}

// backOff is the time after which a unit in trouble is tried again.
func backOff(fails int) time.Duration {
	return min(200*time.Millisecond<<min(fails-1, 10), time.Minute)
}
