package engine

import (
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"time"

	"pace/engine/watch"
)

const (
	visitApart = 150 * time.Millisecond // between two looks at the folders that events name
	watchApart = time.Second            // between two choices of what is watched
	maxWatched = 8000                   // folders
	maxTree    = 200                    // folders of one living unit
)

// sights is what the loop watches and wants looked at again.
type sights struct {
	watch     watch.Watcher   // nil where nothing is watched
	walked    map[string]int  // folders to the last pass that saw them
	owned     map[string]bool // units that are read as a whole
	newSights bool
	watchAt   time.Time // not before
	toVisit   map[string]bool
	visitAt   time.Time // not before
}

// mark hears which paths may have changed: the units at and around them are due, and where a path is no unit's
// the folder it lies in is looked at again.
func (l *loop) mark(paths []string, now time.Time) {
	for _, p := range paths {
		known := l.markUnits(p, now)
		if _, ok := l.walked[p]; ok {
			l.revisit(p, now)
		} else if !known {
			l.revisit(path.Dir(p), now)
		}
		if !known && !exists(l.root, p) {
			l.markBelow(p, now)
		}
	}
}

// markUnits makes the units at and around a path due. A file beside a SQLite database is the database's.
// known says that one of them is the path's own, so that nobody else has to look at it.
func (l *loop) markUnits(p string, now time.Time) (known bool) {
	for _, end := range []string{"-wal", "-journal", "-shm"} {
		if base := strings.TrimSuffix(p, end); len(l.units[base]) > 0 {
			p = base
		}
	}
	for at := range parents(p) {
		for _, u := range l.units[at] {
			l.due(u, now)
			known = known || at == p && !u.missing || l.owned[at]
		}
	}
	return known
}

// markBelow makes what lies below a folder due that is gone.
func (l *loop) markBelow(dir string, now time.Time) {
	for at, units := range l.units {
		if below(dir, at) {
			for _, u := range units {
				l.due(u, now)
			}
		}
	}
}

// revisit asks for another look at a folder that the walk saw.
func (l *loop) revisit(dir string, now time.Time) {
	if _, ok := l.walked[dir]; !ok {
		return
	}
	if l.toVisit == nil {
		l.toVisit = map[string]bool{}
		l.visitAt = latest(l.visitAt, now)
	}
	l.toVisit[dir] = true
}

// visits is the channel and what to send on it; a nil channel while it is too early.
func (l *loop) visits(to chan<- []string, now time.Time) (chan<- []string, []string) {
	if len(l.toVisit) == 0 || now.Before(l.visitAt) {
		return nil, nil
	}
	dirs := make([]string, 0, len(l.toVisit))
	for dir := range l.toVisit {
		dirs = append(dirs, dir)
	}
	l.visitAt = now.Add(visitApart)
	return to, dirs
}

// saw notes a folder that was looked at.
func (l *loop) saw(f found) {
	if _, ok := l.walked[f.dir]; !ok {
		l.newSights = true
	}
	l.walked[f.dir] = l.pass
	for _, p := range f.owned {
		l.owned[p] = true
	}
}

// unsee forgets the folders that the last pass did not find.
func (l *loop) unsee() {
	for dir, pass := range l.walked {
		if pass != l.pass {
			delete(l.walked, dir)
			l.newSights = true
		}
	}
}

// rewatch chooses what is watched: every folder that was walked, what lies below the units that live and,
// as far as there is room, the folders of those that rest.
func (l *loop) rewatch(now time.Time) {
	if l.watch == nil || !l.newSights || !l.passed || now.Before(l.watchAt) {
		return
	}
	l.newSights, l.watchAt = false, now.Add(watchApart)
	dirs := make([]string, 0, len(l.walked))
	for dir := range l.walked {
		dirs = append(dirs, l.abs(dir))
	}
	var rest []string
	for at := range l.owned {
		live := false
		for _, u := range l.units[at] {
			live = live || u.rhythm(now, true) != pollRest
		}
		if live {
			dirs = append(dirs, folders(l.abs(at))...)
		} else if len(l.units[at]) > 0 && !strings.Contains(path.Base(at), ".") {
			rest = append(rest, l.abs(at))
		}
	}
	dirs = append(dirs, rest...)
	l.watch.Watch(dirs[:min(len(dirs), maxWatched)])
	st := l.watch.Status()
	l.events = st.Events > 0 && st.Polled == 0
}

func (l *loop) abs(rel string) string { return filepath.Join(l.root, filepath.FromSlash(rel)) }

// folders are the folder and those below it, nothing where it is a file.
func folders(dir string) []string {
	var out []string
	_ = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || len(out) >= maxTree:
			return fs.SkipAll
		case d.IsDir():
			out = append(out, p)
		}
		return nil
	})
	return out
}
