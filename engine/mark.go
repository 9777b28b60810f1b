package engine

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pace/engine/watch"
)

const (
	visitApart   = 150 * time.Millisecond // between two looks at the folders that events name
	watchApart   = 150 * time.Millisecond // between two choices of what is watched, longer where choosing takes long
	watchShare   = 0.02                   // of one core, for choosing
	watchSettles = 20 * time.Millisecond  // from asking for a folder's changes until they are told
	maxWatched   = 8000                   // folders
	maxTree      = 200                    // folders of one living unit
)

// sights is what the loop watches and wants looked at again.
type sights struct {
	watch     watch.Watcher   // nil where nothing is watched
	walked    map[string]int  // folders to the last pass that saw them
	owned     map[string]bool // units that are read as a whole
	watched   map[string]bool // folders whose changes are told
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
		if known && !l.watched[p] && isFolder(l.abs(p)) {
			l.newSights = true // a living unit has a new folder
		}
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
	l.newSights = false
	dirs := l.toWatch(now)
	abs := make([]string, len(dirs))
	for i, dir := range dirs {
		abs[i] = l.abs(dir)
	}
	l.watch.Watch(abs)
	st := l.watch.Status()
	l.events = st.Events > 0 && st.Polled == 0
	l.lookAgain(dirs, time.Now())
	l.watchAt = time.Now().Add(max(watchApart, time.Duration(float64(time.Since(now))/watchShare)))
}

// toWatch are the folders to watch, the most important ones first.
func (l *loop) toWatch(now time.Time) []string {
	dirs := slices.AppendSeq(make([]string, 0, len(l.walked)), maps.Keys(l.walked))
	var rest []string
	for at := range l.owned {
		live := false
		for _, u := range l.units[at] {
			live = live || u.rhythm(now, true) != pollRest
		}
		if live {
			dirs = append(dirs, l.folders(at)...)
		} else if len(l.units[at]) > 0 && !strings.Contains(path.Base(at), ".") {
			rest = append(rest, at)
		}
	}
	dirs = append(dirs, rest...)
	return dirs[:min(len(dirs), maxWatched)]
}

// lookAgain has the folders looked at that are watched from now on: what came since the last look and before that was
// told by nobody. The first time the walk does it.
func (l *loop) lookAgain(dirs []string, now time.Time) {
	first := l.watched == nil
	watched := make(map[string]bool, len(dirs))
	for _, dir := range dirs {
		watched[dir] = true
		if first || l.watched[dir] {
			continue
		}
		if l.markUnits(dir, now.Add(watchSettles)); l.walked[dir] > 0 {
			l.revisit(dir, now.Add(watchSettles))
		}
	}
	l.watched = watched
}

func (l *loop) abs(rel string) string { return filepath.Join(l.root, filepath.FromSlash(rel)) }

func isFolder(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.IsDir()
}

// folders are the folder and those below it, nothing where it is a file.
func (l *loop) folders(at string) []string {
	var out []string
	root := l.abs(at)
	_ = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || len(out) >= maxTree:
			return fs.SkipAll
		case d.IsDir():
			out = append(out, path.Join(at, filepath.ToSlash(strings.TrimPrefix(p, root))))
		}
		return nil
	})
	return out
}
