package mlflowdb

import (
	"maps"
	"slices"
	"time"

	"pace/engine/ingest"
)

// sweep finds what changed in place: rows of runs, tags, and what was deleted for good. Rows after the marks
// are left to the next turn.
func (r *reader) sweep() error {
	began := time.Now()
	changed, err := r.sweepRuns()
	if err != nil {
		return err
	}
	tagged, err := r.sweepTags()
	if err != nil {
		return err
	}
	changed = append(changed, tagged...)
	slices.Sort(changed)
	if err := r.sayAgain(slices.Compact(changed)); err != nil {
		return err
	}
	r.swept, r.cost = time.Now().UnixNano(), int64(time.Since(began))
	return nil
}

// sweepRuns answers the runs whose rows changed, and says which are gone.
func (r *reader) sweepRuns() (changed []string, err error) {
	there := make(map[string]bool, len(r.runs))
	stray := false
	for at, n := int64(0), rows; n == rows; {
		n = 0
		err := r.each("SELECT runs.rowid, "+r.has.runColumns()+" FROM runs WHERE rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?",
			func(scan func(...any) error) error {
				var w runRow
				if err := w.scan(scan, false); err != nil {
					return err
				}
				n, at = n+1, w.rowid
				there[w.id] = true
				s := r.runs[w.id]
				stray = stray || s == nil
				if s != nil && s.row != w.digest() {
					changed = append(changed, w.id)
				}
				return nil
			}, at, r.run, rows)
		if err != nil {
			return nil, err
		}
	}
	if stray { // a rowid was given out anew: nothing after any mark is certain
		r.again()
		r.more = true
		return nil, nil
	}
	for _, id := range slices.Sorted(maps.Keys(r.runs)) {
		if there[id] {
			continue
		}
		if err := r.sink.Put(ingest.RunGone{Run: r.runs[id].key}); err != nil {
			return nil, err
		}
		delete(r.runs, id)
		r.param, r.input, r.more = 0, 0, true // their rowids may be given out anew
	}
	return changed, nil
}

// tagSum is what a sweep finds of a run's tags.
type tagSum struct {
	sum  uint64
	keys []int
}

// sweepTags says the tags of each run whose tags are not those that were said, and answers those runs.
func (r *reader) sweepTags() (changed []string, err error) {
	sums := make(map[string]*tagSum, len(r.runs))
	for at, n := int64(0), rows; n == rows; {
		found, err := r.pairs("tags", "tags.rowid > ? AND tags.rowid <= ? ORDER BY tags.rowid LIMIT ?", at, r.tag, rows)
		if err != nil {
			return nil, err
		}
		n = len(found)
		for _, p := range found {
			at = p.rowid
			s := sums[p.run]
			if s == nil {
				s = &tagSum{}
				sums[p.run] = s
			}
			s.sum += digest(p.key, p.value)
			s.keys = append(s.keys, r.keyAt(p.key))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.runs)) {
		now, was := sums[id], r.runs[id]
		if now == nil {
			now = &tagSum{}
		}
		if now.sum == was.tags {
			continue
		}
		changed = append(changed, id)
		if err := r.retag(id, was, now); err != nil {
			return nil, err
		}
	}
	return changed, nil
}

// retag says all tags of a run, and those that it no longer has. Its header may be made of them: until that is
// said again, no row is the one that was said.
func (r *reader) retag(id string, was *runState, now *tagSum) error {
	found, err := r.pairs("tags", "tags.run_uuid = ? AND tags.rowid <= ?", id, r.tag)
	if err != nil {
		return err
	}
	slices.Sort(now.keys)
	for _, k := range was.tagKeys {
		if _, found := slices.BinarySearch(now.keys, k); !found {
			if err := r.sink.Put(ingest.TagGone{Run: was.key, Key: r.keys[k]}); err != nil {
				return err
			}
		}
	}
	was.tags, was.tagKeys, was.row = now.sum, now.keys, 0
	for _, p := range found {
		if err := r.sink.Put(ingest.Tag{Run: was.key, Key: p.key, Value: p.value}); err != nil {
			return err
		}
	}
	return nil
}
