package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"pace/engine/ingest"
	"pace/store"
)

// The bounds of a walk. What lies beyond one is a Problem, and the rest goes on.
const (
	maxDepth   = 40        // folders below the root
	maxEntries = 200_000   // in one folder
	maxFolders = 1_000_000 // in one pass
)

// fullEvery is how many passes apart every folder is read again, though its mtime says that no name in
// it came or went: a file that no format knew while it was empty may have been written since.
const fullEvery = 8

// claim is one unit that a format named.
type claim struct {
	format *ingest.Format
	path   string
}

// found is what one folder holds.
type found struct {
	dir    string
	claims []claim
	owned  []string // what the claims keep to themselves
	data   []store.Dataset
	subs   []string
	// problem says why the folder, or a part of it, can't be read.
	problem *store.Problem
	mtime   time.Time // of the folder when it was read; zero where that proves nothing
	end     *passed   // set in the last of a pass, which holds nothing else
}

// passed says that a walk over everything ended.
type passed struct {
	failed  []string // folders that could not be read: what lies below them is not missing
	folders int
	took    time.Duration
}

// scanner walks the project. One goroutine uses it.
type scanner struct {
	root    string
	folders []string // where walks begin: "." and what pace.yaml adds
	formats []ingest.Format
	table   func(ingest.Dir, string) string          // name of the table format of a file, "" for none
	skip    func(dir, name string, folder bool) bool // what is ignored
	visited func(found)                              // told about every folder that was looked at
	hurry   <-chan []string                          // folders that are looked at before the walk goes on

	known  map[string]found  // folders as they were last read
	owned  map[string]bool   // units that are read as a whole
	linked map[string]string // targets of followed links to their places
	passes int
}

// pass walks everything and tells visited about it, folder by folder.
func (s *scanner) pass(ctx context.Context, t *throttle) (passed, error) {
	began := time.Now()
	full := s.passes%fullEvery == 0
	s.passes++
	s.linked, s.owned = map[string]string{}, map[string]bool{}
	seen := make(map[string]bool, len(s.known))
	end := passed{}
	queue := append([]string(nil), s.folders...)
	for len(queue) > 0 && len(seen) < maxFolders {
		dir := queue[0]
		queue = queue[1:]
		if seen[dir] || s.owned[dir] {
			continue
		}
		seen[dir] = true
		if err := s.attend(ctx); err != nil {
			return end, err
		}
		f, err := s.look(ctx, dir, full, t)
		if err != nil {
			return end, err
		}
		if f.problem != nil {
			end.failed = append(end.failed, dir)
		}
		s.visited(f)
		queue = append(queue, f.subs...)
	}
	if len(queue) > 0 {
		end.failed = append(end.failed, queue...)
		s.visited(found{dir: ".", problem: &store.Problem{Source: ".", Path: ".", Place: "walk",
			Message: fmt.Sprintf("walk project: more than %d folders", maxFolders),
			Hint:    "name folders to leave out in .paceignore"}})
	}
	for dir := range s.known {
		if !seen[dir] {
			delete(s.known, dir)
		}
	}
	end.folders, end.took = len(seen), time.Since(began)
	return end, nil
}

// attend looks at the folders that somebody is in a hurry for.
func (s *scanner) attend(ctx context.Context) error {
	for {
		select {
		case dirs := <-s.hurry:
			if err := s.visit(ctx, dirs); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// visit looks at some folders again, and at everything below those that are new.
func (s *scanner) visit(ctx context.Context, dirs []string) error {
	t := &throttle{}
	for len(dirs) > 0 {
		dir := dirs[0]
		dirs = dirs[1:]
		f, err := s.look(ctx, dir, true, t)
		if err != nil {
			return err
		}
		s.visited(f)
		for _, sub := range f.subs {
			if _, ok := s.known[sub]; !ok {
				dirs = append(dirs, sub)
			}
		}
	}
	return nil
}

// look reads one folder, or takes what it held when its mtime proves that nothing came or went.
func (s *scanner) look(ctx context.Context, dir string, full bool, t *throttle) (found, error) {
	if err := t.turn(ctx); err != nil {
		return found{}, err
	}
	old, again := s.known[dir]
	if again && !full && !old.mtime.IsZero() {
		if info, err := os.Stat(s.abs(dir)); err == nil && info.ModTime().Equal(old.mtime) {
			s.own(old.owned)
			return s.refresh(old), nil
		}
	}
	f := s.list(dir)
	s.known[dir] = f
	return f, nil
}

// refresh looks at the datasets of a folder whose names are unchanged: their bytes may have changed.
func (s *scanner) refresh(f found) found {
	data := make([]store.Dataset, 0, len(f.data))
	for _, d := range f.data {
		info, err := os.Stat(s.abs(d.Path))
		if err != nil {
			continue
		}
		d.Bytes, d.Modified = info.Size(), info.ModTime().Truncate(time.Microsecond)
		data = append(data, d)
	}
	f.data = data
	return f
}

func (s *scanner) own(paths []string) {
	for _, p := range paths {
		s.owned[p] = true
	}
}

func (s *scanner) abs(rel string) string { return filepath.Join(s.root, filepath.FromSlash(rel)) }

// list reads one folder and offers it to the formats, in their order, and what is left to the tables.
func (s *scanner) list(dir string) found {
	f := found{dir: dir}
	before, statErr := os.Stat(s.abs(dir))
	entries, err := s.entries(dir)
	if err != nil {
		f.problem = folderProblem(dir, err)
	}
	d := ingest.Dir{Root: s.root, Path: dir, Entries: entries}
	for i := range s.formats {
		for _, u := range s.formats[i].Claim(d) {
			f.claims = append(f.claims, claim{format: &s.formats[i], path: u.Path})
			if u.Owns {
				f.owned = append(f.owned, u.Path)
			}
		}
		s.own(f.owned)
		if s.owned[dir] {
			return s.dated(f, before, statErr)
		}
		d.Entries = without(d, s.owned)
	}
	s.rest(d, &f)
	return s.dated(f, before, statErr)
}

// dated notes the folder's mtime where it can prove later that the names are the same: a folder written
// within the clock's grain may be written again without a new mtime.
func (s *scanner) dated(f found, before os.FileInfo, err error) found {
	if err == nil && f.problem == nil && time.Since(before.ModTime()) > 2*time.Second {
		f.mtime = before.ModTime()
	}
	return f
}

// rest takes what no format owns: the folders to walk, and the table files.
func (s *scanner) rest(d ingest.Dir, f *found) {
	deep := depth(d.Path) >= maxDepth
	for _, e := range d.Entries {
		name := d.Join(e.Name())
		if e.IsDir() {
			if !deep {
				f.subs = append(f.subs, name)
			}
			continue
		}
		format := s.table(d, e.Name())
		if format == "" {
			continue
		}
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		f.data = append(f.data, store.Dataset{Path: name, Format: format, Bytes: info.Size(),
			Modified: info.ModTime().Truncate(time.Microsecond), Rows: -1, Columns: -1})
	}
	if deep && f.problem == nil {
		f.problem = &store.Problem{Source: d.Path, Path: d.Path, Place: "walk",
			Message: fmt.Sprintf("walk folder: deeper than %d folders", maxDepth), Hint: "what lies below is left out"}
	}
}

// entries lists a folder without what is ignored; links stand as what they lead to.
func (s *scanner) entries(dir string) ([]fs.DirEntry, error) {
	h, err := os.Open(s.abs(dir))
	if err != nil {
		return nil, err
	}
	defer h.Close()
	all, err := h.ReadDir(maxEntries + 1)
	if len(all) > maxEntries {
		all, err = all[:maxEntries], fmt.Errorf("more than %d entries", maxEntries)
	} else if errors.Is(err, errEnd) {
		err = nil
	}
	sortEntries(all) // which of two links is followed must not depend on the disk
	out := all[:0]
	for _, e := range all {
		if e.Type()&fs.ModeSymlink != 0 {
			if e = s.follow(dir, e); e == nil {
				continue
			}
		}
		if !s.skip(dir, e.Name(), e.IsDir()) {
			out = append(out, e)
		}
	}
	return out, err
}

// follow says what a link leads to; nil where it is broken, or where the walk passes by anyway: inside
// the project, above it, or in a folder that another link led to already.
func (s *scanner) follow(dir string, e fs.DirEntry) fs.DirEntry {
	place := path.Join(dir, e.Name())
	info, err := os.Stat(s.abs(place))
	if err != nil {
		return nil
	}
	if !info.IsDir() {
		return fs.FileInfoToDirEntry(info)
	}
	target, err := filepath.EvalSymlinks(s.abs(place))
	if err != nil {
		return nil
	}
	for _, f := range s.folders {
		start, err := filepath.EvalSymlinks(s.abs(f))
		if err == nil && (within(start, target) || within(target, start)) {
			return nil
		}
	}
	for other, at := range s.linked {
		if at != place && (within(other, target) || within(target, other)) {
			return nil
		}
	}
	s.linked[target] = place
	return fs.FileInfoToDirEntry(info)
}

func folderProblem(dir string, err error) *store.Problem {
	p := &store.Problem{Source: dir, Path: dir, Place: "folder", Message: fmt.Sprintf("read folder: %v", cause(err))}
	switch {
	case errors.Is(err, fs.ErrPermission):
		p.Hint = "give this user the right to read it, or name it in .paceignore"
	case errors.Is(err, fs.ErrNotExist):
		p.Hint = "it vanished while it was read, or pace.yaml names a folder that isn't there"
	default:
		p.Hint = "the rest of the project is read"
	}
	return p
}
