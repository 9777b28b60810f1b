package engine

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pace/engine/ingest"
	"pace/store"
)

func TestOnceReadsEverything(t *testing.T) {
	p := newProject(t)
	for i := range 50 {
		p.write(fmt.Sprintf("runs/%d/a.lines", i), fmt.Sprintf("run k%d finished\nloss 0 1\nloss 1 0.5\n", i))
	}
	p.write("data/x.tbl", "12345")
	p.once(func(r *store.Reader) {
		all := runs(t, r)
		if len(all) != 50 {
			t.Fatalf("runs = %d, want 50", len(all))
		}
		for id, run := range all {
			if got := values(t, r, id, "loss"); !slices.Equal(got, []float64{1, 0.5}) {
				t.Fatalf("loss of %s = %v", run.Name, got)
			}
		}
		d, ok, err := r.Dataset(t.Context(), "data/x.tbl")
		if err != nil || !ok || d.Bytes != 5 || d.Rows != -1 {
			t.Fatalf("dataset = %+v, %v, %v", d, ok, err)
		}
	})
	p.add("runs/7/a.lines", "loss 2 0.25\nloss 3")
	for range 2 { // the second time nothing is new
		p.once(func(r *store.Reader) {
			if got := values(t, r, ingest.RunID("k7"), "loss"); !slices.Equal(got, []float64{1, 0.5, 0.25}) {
				t.Fatalf("loss = %v", got)
			}
		})
	}
	if _, err := os.Stat(p.abs(".pace")); !os.IsNotExist(err) {
		t.Fatalf("looking made .pace: %v", err)
	}
}

func TestLimitEndsARead(t *testing.T) {
	p := newProject(t)
	var b strings.Builder
	b.WriteString("run k running\n")
	var want []float64
	for i := range 120_000 {
		fmt.Fprintf(&b, "loss %d %d\n", i, i)
		want = append(want, float64(i))
	}
	p.write("a.lines", b.String())
	p.once(func(r *store.Reader) {
		if got := values(t, r, ingest.RunID("k"), "loss"); !slices.Equal(got, want) {
			t.Fatalf("%d points, want %d", len(got), len(want))
		}
	})
}

func TestMissingStays(t *testing.T) {
	p := newProject(t)
	p.write("a.lines", "run k finished\nloss 0 1\n")
	p.write("x.tbl", "1")
	p.once(nil)
	p.move("a.lines", "../gone.lines")
	p.move("x.tbl", "../gone.tbl")
	p.once(func(r *store.Reader) {
		run := runs(t, r)[ingest.RunID("k")]
		if !run.Missing || !slices.Equal(values(t, r, run.ID, "loss"), []float64{1}) {
			t.Fatalf("run = %+v", run)
		}
		if d, ok, _ := r.Dataset(t.Context(), "x.tbl"); !ok || !d.Missing {
			t.Fatalf("dataset = %+v", d)
		}
	})
	p.move("../gone.lines", "a.lines")
	p.move("../gone.tbl", "x.tbl")
	p.once(func(r *store.Reader) {
		run := runs(t, r)[ingest.RunID("k")]
		if run.Missing || !slices.Equal(values(t, r, run.ID, "loss"), []float64{1}) {
			t.Fatalf("run = %+v", run)
		}
		if d, ok, _ := r.Dataset(t.Context(), "x.tbl"); !ok || d.Missing {
			t.Fatalf("dataset = %+v", d)
		}
	})
}

func TestMovedRunKeepsItsID(t *testing.T) {
	p := newProject(t)
	p.write("old/a.lines", "run k finished\nloss 0 1\n")
	p.once(nil)
	p.move("old", "new")
	p.add("new/a.lines", "loss 1 2\n")
	for range 2 {
		p.once(func(r *store.Reader) {
			all := runs(t, r)
			run := all[ingest.RunID("k")]
			if len(all) != 1 || run.Missing || run.Source != "new/a.lines" {
				t.Fatalf("runs = %+v", all)
			}
			if got := values(t, r, run.ID, "loss"); !slices.Equal(got, []float64{1, 2}) {
				t.Fatalf("loss = %v", got)
			}
		})
	}
	p.move("new", "old") // back again: the old unit must not go on from where it was
	p.once(func(r *store.Reader) {
		all := runs(t, r)
		run := all[ingest.RunID("k")]
		if len(all) != 1 || run.Missing || run.Source != "old/a.lines" {
			t.Fatalf("runs = %+v", all)
		}
		if got := values(t, r, run.ID, "loss"); !slices.Equal(got, []float64{1, 2}) {
			t.Fatalf("loss = %v", got)
		}
	})
}

func TestCopyIsARunOfItsOwn(t *testing.T) {
	p := newProject(t)
	p.write("a/r.lines", "run k finished\nloss 0 1\n")
	p.once(nil)
	p.write("b/r.lines", "run k finished\nloss 0 1\n")
	p.once(nil)
	p.add("b/r.lines", "loss 1 2\n")
	p.once(func(r *store.Reader) {
		all := runs(t, r)
		if len(all) != 2 || all[ingest.RunID("k")].Source != "a/r.lines" {
			t.Fatalf("runs = %+v", all)
		}
		for id, run := range all {
			want := []float64{1}
			if run.Source == "b/r.lines" {
				want = []float64{1, 2}
			}
			if got := values(t, r, id, "loss"); !slices.Equal(got, want) {
				t.Fatalf("loss of %s = %v", run.Source, got)
			}
		}
		list := problems(t, r)
		if len(list) != 1 || list[0].Source != "b/r.lines" || !strings.Contains(list[0].Message, "a/r.lines") {
			t.Fatalf("problems = %+v", list)
		}
	})
}

func TestTroubleLeavesTheRest(t *testing.T) {
	p := newProject(t)
	p.write("bad.lines", "run x running\npanic\n")
	p.write("good.lines", "run k finished\nloss 0 1\nwhat is this now\n")
	p.once(func(r *store.Reader) {
		if got := values(t, r, ingest.RunID("k"), "loss"); !slices.Equal(got, []float64{1}) {
			t.Fatalf("loss = %v", got)
		}
		var paths []string
		for _, pr := range problems(t, r) {
			paths = append(paths, pr.Path)
		}
		slices.Sort(paths)
		if !slices.Equal(paths, []string{"bad.lines", "good.lines"}) {
			t.Fatalf("problems = %+v", problems(t, r))
		}
	})
	p.write("bad.lines", "run x running\nloss 0 3\n")
	p.once(func(r *store.Reader) {
		if got := values(t, r, ingest.RunID("x"), "loss"); !slices.Equal(got, []float64{3}) {
			t.Fatalf("loss = %v", got)
		}
		if list := problems(t, r); len(list) != 1 {
			t.Fatalf("problems = %+v", list)
		}
	})
}

func TestUnreadableFolder(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root reads everything")
	}
	p := newProject(t)
	p.write("a/r.lines", "run a finished\n")
	p.write("b/r.lines", "run b finished\n")
	p.once(nil)
	if err := os.Chmod(p.abs("a"), 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(p.abs("a"), 0o755) })
	p.once(func(r *store.Reader) {
		all := runs(t, r)
		if len(all) != 2 || all[ingest.RunID("a")].Missing {
			t.Fatalf("runs = %+v", all)
		}
		if list := problems(t, r); len(list) == 0 || list[0].Hint == "" {
			t.Fatalf("problems = %+v", list)
		}
	})
}
