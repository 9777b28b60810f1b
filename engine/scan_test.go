package engine

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pace/engine/ingest"
	"pace/store"
)

// walk is what a first pass over the project finds: its claims and datasets.
func walk(t *testing.T, opt Options) (paths []string, problems []store.Problem) {
	t.Helper()
	e, err := Open(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	s := e.scanner(t.Context(), nil)
	s.visited = func(f found) {
		for _, c := range f.claims {
			paths = append(paths, c.path)
		}
		for _, d := range f.data {
			paths = append(paths, d.Path)
		}
		if f.problem != nil {
			problems = append(problems, *f.problem)
		}
	}
	if _, err := s.pass(t.Context(), &throttle{}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(paths)
	return paths, problems
}

func TestWalkFollowsLinksOnce(t *testing.T) {
	p := newProject(t)
	away := t.TempDir()
	p.write("a/r.lines", "")
	link := func(to, at string) {
		if err := os.Symlink(to, at); err != nil {
			t.Skip(err)
		}
	}
	if err := os.WriteFile(filepath.Join(away, "x.tbl"), []byte("1"), 0o644); err != nil {
		t.Fatal(err)
	}
	link(p.root, p.abs("a/up"))                            // a loop
	link(p.abs("a"), p.abs("again"))                       // inside: walked anyway
	link(away, p.abs("data"))                              // outside: followed
	link(away, p.abs("data2"))                             // a second time: not
	link(p.abs("nowhere"), p.abs("broken"))                // broken
	link(p.abs("a/r.lines"), p.abs("other.lines"))         // a file is what it leads to
	link(filepath.Join(away), filepath.Join(away, "self")) // a loop outside
	got, problems := walk(t, p.options())
	if want := []string{"a/r.lines", "data/x.tbl", "other.lines"}; !slices.Equal(got, want) || len(problems) > 0 {
		t.Fatalf("found %v, want %v; %v", got, want, problems)
	}
}

func TestWalkLeavesOutAndAdds(t *testing.T) {
	p := newProject(t)
	away := t.TempDir()
	p.write("a/r.lines", "")
	p.write("old/r.lines", "")
	p.write("node_modules/m/r.lines", "")
	p.write(".paceignore", "old/\n")
	p.write("skip.tbl", "")
	if err := os.WriteFile(filepath.Join(away, "x.lines"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	opt := p.options()
	opt.Folders = []string{away, filepath.Join(away, "none"), "a"}
	opt.Ignore = []string{"skip.*"}
	got, problems := walk(t, opt)
	rel, err := filepath.Rel(p.root, away)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{filepath.ToSlash(rel) + "/x.lines", "a/r.lines"}; !slices.Equal(got, want) {
		t.Fatalf("found %v, want %v", got, want)
	}
	if len(problems) != 1 || !strings.HasSuffix(problems[0].Path, "/none") || problems[0].Hint == "" {
		t.Fatalf("problems = %+v", problems)
	}
}

func TestOwnedFolderIsNotWalked(t *testing.T) {
	p := newProject(t)
	p.write("store/whole/inner/r.lines", "")
	p.write("store/whole/x.tbl", "")
	p.write("r.lines", "")
	p.write("r.tbl", "")
	opt := p.options()
	owner := ingest.Format{Name: "owner", Claim: func(d ingest.Dir) []ingest.Unit {
		switch d.Path {
		case ".": // from afar, and a file that the lines would take
			return []ingest.Unit{{Path: "store/whole", Owns: true}, {Path: "r.tbl", Owns: true}}
		}
		return nil
	}}
	opt.Formats = append([]ingest.Format{owner}, opt.Formats...)
	got, _ := walk(t, opt)
	if want := []string{"r.lines", "r.tbl", "store/whole"}; !slices.Equal(got, want) {
		t.Fatalf("found %v, want %v", got, want)
	}
}

func TestIndexFallsBack(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	p := newProject(t)
	p.write("a.lines", "run k finished\n")
	p.write("file", "")
	p.index = p.abs("file/pace.db") // no folder can be made there
	p.once(func(r *store.Reader) {
		if len(runs(t, r)) != 1 {
			t.Fatal("nothing was read")
		}
		if list := problems(t, r); len(list) != 1 || list[0].Source != "index" || list[0].Hint == "" {
			t.Fatalf("problems = %+v", list)
		}
	})
	first, second := p.open(), p.open()
	defer first.Close()
	defer second.Close()
	if a, b := first.Stats(), second.Stats(); a.Index != b.Index || a.Role != "engine" || b.Role != "reader" || a.Note == "" {
		t.Fatalf("%+v and %+v", a, b)
	}
}

func TestOnceLeavesAFullDisk(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	p := newProject(t)
	p.write("a.lines", "run k finished\n")
	e := p.open()
	defer e.Close()
	if _, err := e.Do(t.Context(), store.Edit{Kind: store.EditNote, Subject: "run:x", Text: "hm"}); err != nil {
		t.Fatal(err)
	}
	if !e.spare(t.Context(), store.ErrFull) {
		t.Fatal("no spare index")
	}
	stats, err := e.Once(t.Context())
	if err != nil || stats.Index == p.index || !strings.Contains(stats.Note, "full") {
		t.Fatalf("%+v, %v", stats, err)
	}
	notes, err := e.Reader().Notes(t.Context(), "")
	if err != nil || len(notes) != 1 || len(runs(t, e.Reader())) != 1 {
		t.Fatalf("notes = %v, %v", notes, err)
	}
	if e.spare(t.Context(), store.ErrFull) {
		t.Fatal("a spare of the spare")
	}
}
