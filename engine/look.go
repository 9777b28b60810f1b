package engine

import (
	"time"

	"pace/store"
)

// scanNews is what the scan said and the store does not have yet.
type scanNews struct {
	newData  []store.Dataset
	problems []store.Problem
	cleared  []string // sources whose problems are over
	gone     []string // paths whose files are gone
	back     []string // paths whose files came back
	marks    map[string]string
}

func (n *scanNews) empty() bool {
	return len(n.newData)+len(n.problems)+len(n.cleared)+len(n.gone)+len(n.back)+len(n.marks) == 0
}

func (n *scanNews) tell(tx *store.Tx) error {
	for _, d := range n.newData {
		if err := tx.PutDataset(d); err != nil {
			return err
		}
	}
	for _, s := range n.cleared {
		if err := tx.ClearProblems(s); err != nil {
			return err
		}
	}
	for _, p := range n.problems {
		if err := tx.PutProblem(p); err != nil {
			return err
		}
	}
	for _, p := range n.gone {
		if err := tx.MarkMissing(p, true); err != nil {
			return err
		}
	}
	for _, p := range n.back {
		if err := tx.MarkMissing(p, false); err != nil {
			return err
		}
	}
	for k, v := range n.marks {
		if err := tx.PutMeta(k, v); err != nil {
			return err
		}
	}
	return nil
}

// take hears what one folder holds.
func (l *loop) take(f found) {
	if l.scanNews.empty() && len(l.ready) == 0 {
		l.since = time.Now()
	}
	if f.end == nil {
		l.saw(f)
	}
	switch {
	case f.problem != nil:
		f.problem.Source = folderOf(f.dir)
		f.problem.Since = time.Now()
		if !l.dirs[f.dir] {
			l.problems = append(l.problems, *f.problem)
			l.dirs[f.dir] = true
		}
	case f.end == nil && l.dirs[f.dir]:
		delete(l.dirs, f.dir)
		l.cleared = append(l.cleared, folderOf(f.dir))
	}
	for _, c := range f.claims {
		u := l.find(c.path, c.format.Name)
		if u == nil {
			u = l.add(c.path, c.format)
			l.bulk = append(l.bulk, u)
		} else if u.missing && exists(l.root, u.path) {
			l.due(u, time.Now())
		}
		u.pass = l.pass
	}
	for _, d := range f.data {
		l.dataset(d)
	}
}

// dataset notes a table file. What a job found out about it stays while the file is the same.
func (l *loop) dataset(d store.Dataset) {
	old, ok := l.data[d.Path]
	l.seenData[d.Path] = l.pass
	if ok && old.Bytes == d.Bytes && old.Modified.Equal(d.Modified) && !old.Missing && old.Format == d.Format {
		return
	}
	l.data[d.Path] = d
	l.newData = append(l.newData, d)
}

// endPass finds what the walk did not: units and datasets whose files are gone.
func (l *loop) endPass(p passed) {
	unread := func(path string) bool {
		for _, dir := range p.failed {
			if below(dir, path) {
				return true
			}
		}
		return false
	}
	for path, units := range l.units {
		for _, u := range units {
			if u.pass == l.pass || u.missing || u.busy || unread(path) {
				continue
			}
			u.missing = true
			l.gone = append(l.gone, path)
		}
	}
	for path, d := range l.data {
		if l.seenData[path] == l.pass || d.Missing || unread(path) {
			continue
		}
		d.Missing = true
		l.data[path] = d
		l.gone = append(l.gone, path)
	}
	for path := range l.before {
		if len(l.units[path]) == 0 {
			l.cleared = append(l.cleared, troubleOf(path))
		}
	}
	clear(l.before)
	l.unsee()
	if !l.passed {
		l.marks = map[string]string{metaScanned: time.Now().UTC().Format(time.RFC3339)}
	}
	l.since = time.Now()
	l.pass++
	l.newSights = true // what lives may have changed
	l.passed = true
	l.stats.passed(p)
}
