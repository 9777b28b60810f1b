package ingesttest

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pace/engine/ingest"
)

// Claims walks a project as the scan does and answers the units that a format claims, in walking order.
func Claims(t testing.TB, root string, f ingest.Format) []ingest.Unit {
	t.Helper()
	var units []ingest.Unit
	var walk func(rel string)
	walk = func(rel string) {
		entries, err := os.ReadDir(filepath.Join(root, rel))
		if err != nil {
			t.Fatal(err)
		}
		owned := map[string]bool{}
		for _, u := range f.Claim(ingest.Dir{Root: root, Path: rel, Entries: entries}) {
			units = append(units, u)
			owned[u.Path] = u.Owns
		}
		if owned[rel] {
			return
		}
		for _, e := range entries {
			if sub := filepath.ToSlash(filepath.Join(rel, e.Name())); e.IsDir() && !owned[sub] {
				walk(sub)
			}
		}
	}
	walk(".")
	return units
}

// ReadAll reads every unit of a project to its end, in turns under the limits, into one state.
func ReadAll(t testing.TB, root string, f ingest.Format, lim ingest.Limits) *State {
	t.Helper()
	s := NewState()
	for _, u := range Claims(t, root, f) {
		ReadUnit(t, f, From{ingest.Source{Root: root, Path: u.Path}, nil, lim}, s)
	}
	return s
}

// maxTurns bounds the turns of one unit: a format that says More for ever fails instead of hanging.
const maxTurns = 20_000

// From says what is read, where it starts, and how much at a turn.
type From struct {
	ingest.Source
	Cursor []byte
	Limits ingest.Limits
}

// ReadUnit reads a unit to its end and answers the last result.
func ReadUnit(t testing.TB, f ingest.Format, from From, s *State) ingest.Result {
	t.Helper()
	cursor := from.Cursor
	for range maxTurns {
		res, err := f.Read(t.Context(), from.Source, cursor, s, from.Limits)
		if err != nil {
			t.Fatalf("read %s: %v", from.Path, err)
		}
		if !res.More {
			return res
		}
		cursor = res.Cursor
	}
	t.Fatalf("read %s: %d turns under %+v and still more", from.Path, maxTurns, from.Limits)
	return ingest.Result{}
}

// Copy copies a sample into a fresh folder and answers it.
func Copy(t testing.TB, sample string) string {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(sample)); err != nil {
		t.Fatal(err)
	}
	return root
}

// filesOf lists the files of a unit, relative to the root.
func filesOf(t testing.TB, root string, u ingest.Unit) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(filepath.Join(root, filepath.FromSlash(u.Path)), func(p string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			rel, _ := filepath.Rel(root, p)
			files = append(files, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(files, strings.Compare)
	return files
}
