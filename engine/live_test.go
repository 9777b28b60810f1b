package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"pace/engine/ingest"
	"pace/store"
)

func TestLiveAppendIsRead(t *testing.T) {
	for _, mode := range []string{"events", "polling"} {
		t.Run(mode, func(t *testing.T) {
			p := newProject(t)
			p.write("runs/a.lines", "run k running\n")
			opt := p.options()
			opt.NoEvents = mode == "polling"
			e := p.runningWith(opt)
			feed := e.Subscribe()
			defer feed.Close()
			id := ingest.RunID("k")
			until(t, "run", func() bool { return runs(t, e.Reader())[id].Name == "k" })
			feed.Take()
			var want []float64
			for i := range 5 {
				p.add("runs/a.lines", fmt.Sprintf("loss %d %d\n", i, i))
				want = append(want, float64(i))
				until(t, "point", func() bool { return slices.Equal(values(t, e.Reader(), id, "loss"), want) })
			}
			until(t, "notice", func() bool { return feed.Take().Run(id) })
			p.write("runs/new/b.lines", "run k2 running\n")
			until(t, "new run", func() bool { return runs(t, e.Reader())[ingest.RunID("k2")].Name == "k2" })
			if err := os.RemoveAll(p.abs("runs/new")); err != nil {
				t.Fatal(err)
			}
			until(t, "missing run", func() bool { return runs(t, e.Reader())[ingest.RunID("k2")].Missing })
		})
	}
}

func TestHalfALineWaits(t *testing.T) {
	p := newProject(t)
	p.write("a.lines", "run k running\nloss 0 1\nloss 1 2")
	e := p.running()
	id := ingest.RunID("k")
	until(t, "first point", func() bool { return slices.Equal(values(t, e.Reader(), id, "loss"), []float64{1}) })
	p.add("a.lines", "5\n")
	until(t, "second point", func() bool { return slices.Equal(values(t, e.Reader(), id, "loss"), []float64{1, 25}) })
}

func TestDatasetsAreFollowed(t *testing.T) {
	p := newProject(t)
	p.write("data/x.tbl", "1")
	e := p.running()
	size := func() int64 {
		d, _, err := e.Reader().Dataset(t.Context(), "data/x.tbl")
		if err != nil {
			t.Fatal(err)
		}
		return d.Bytes
	}
	until(t, "dataset", func() bool { return size() == 1 })
	p.add("data/x.tbl", "23")
	until(t, "grown dataset", func() bool { return size() == 3 })
}

func TestTwoEngines(t *testing.T) {
	p := newProject(t)
	p.write("a.lines", "run k running\nloss 0 1\n")
	first := p.open()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- first.Run(ctx) }()
	id := ingest.RunID("k")
	until(t, "run", func() bool { return runs(t, first.Reader())[id].Name == "k" })

	second := p.running()
	if role := second.Stats().Role; role != "reader" {
		t.Fatalf("role = %s", role)
	}
	feed := second.Subscribe()
	defer feed.Close()
	p.add("a.lines", "loss 1 2\n")
	until(t, "point in the reader", func() bool { return slices.Equal(values(t, second.Reader(), id, "loss"), []float64{1, 2}) })
	until(t, "notice in the reader", func() bool { return feed.Take().Run(id) })

	// A report beside a running pace holds what was written just before.
	p.add("a.lines", "loss 2 2.5\n")
	p.once(func(r *store.Reader) {
		if got := values(t, r, id, "loss"); !slices.Equal(got, []float64{1, 2, 2.5}) {
			t.Fatalf("loss = %v", got)
		}
	})

	// What the reader says is in its own index soon.
	note, err := second.Do(t.Context(), store.Edit{Kind: store.EditNote, Subject: "run:" + id, Text: "hm", Actor: "bob"})
	if err != nil {
		t.Fatal(err)
	}
	until(t, "note", func() bool {
		notes, err := second.Reader().Notes(t.Context(), "run:"+id)
		return err == nil && len(notes) == 1 && notes[0].ID == note && notes[0].Actor == "bob"
	})

	stop()
	if err := errors.Join(<-done, first.Close()); err != nil {
		t.Fatal(err)
	}
	until(t, "takeover", func() bool { return second.Stats().Role == "engine" })
	p.add("a.lines", "loss 3 3\n")
	until(t, "point after takeover", func() bool {
		return slices.Equal(values(t, second.Reader(), id, "loss"), []float64{1, 2, 2.5, 3})
	})
}

func TestSayUndoRedo(t *testing.T) {
	p := newProject(t)
	e := p.open()
	defer e.Close()
	if _, err := e.Do(t.Context(), store.Edit{Kind: store.EditUndo}); !errors.Is(err, errNothing) {
		t.Fatalf("undo of nothing: %v", err)
	}
	say := func(edit store.Edit) {
		t.Helper()
		if _, err := e.Do(t.Context(), edit); err != nil {
			t.Fatal(err)
		}
	}
	tags := func() int {
		t.Helper()
		marks, err := e.Reader().Marks(t.Context(), "tag")
		if err != nil {
			t.Fatal(err)
		}
		return len(marks)
	}
	feed := e.Subscribe()
	defer feed.Close()
	say(store.Edit{Kind: store.EditTag, Subject: "run:x", Key: "good", Value: "yes"})
	if !feed.Take().Subjects["run:x"] || tags() != 1 {
		t.Fatalf("tag: %d", tags())
	}
	say(store.Edit{Kind: store.EditUndo})
	if !feed.Take().Subjects["run:x"] || tags() != 0 {
		t.Fatalf("undo: %d", tags())
	}
	say(store.Edit{Kind: store.EditRedo})
	if tags() != 1 {
		t.Fatalf("redo: %d", tags())
	}
	// The index is only an index.
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	p.index += ".fresh"
	p.once(func(r *store.Reader) {
		marks, err := r.Marks(t.Context(), "tag")
		if err != nil || len(marks) != 1 || marks[0].Actor != "ann" {
			t.Fatalf("marks = %+v, %v", marks, err)
		}
	})
}

func TestFeedMerges(t *testing.T) {
	var s feeds
	f := s.subscribe()
	for i := range 10 {
		s.raise(store.Change{Runs: map[string]bool{fmt.Sprint(i): true}})
	}
	<-f.Wake()
	if c := f.Take(); len(c.Runs) != 10 {
		t.Fatalf("%d runs", len(c.Runs))
	}
	select {
	case <-f.Wake():
		t.Fatal("woken for nothing")
	default:
	}
	f.Close()
	s.raise(store.Change{All: true})
	if !f.Take().Empty() {
		t.Fatal("a closed feed was told")
	}
}

// TestFoldersThatComeOneByOne makes each folder while the one above is not yet watched, or just about to be, as a
// tool does that makes its store. What comes meanwhile must not wait for the next walk.
func TestFoldersThatComeOneByOne(t *testing.T) {
	p := newProject(t)
	e := p.running()
	until(t, "second walk", func() bool { return e.Stats().Passes == 2 })
	for _, dir := range []string{"store", "store/one", "store/one/two", "store/one/two/three"} {
		time.Sleep(30 * time.Millisecond)
		if err := os.Mkdir(p.abs(dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(30 * time.Millisecond)
	p.write("store/one/two/three/a.lines", "run k running\n")
	until(t, "run", func() bool { return runs(t, e.Reader())[ingest.RunID("k")].Name == "k" })
	if n := e.Stats().Passes; n != 2 {
		t.Fatalf("it waited for walk %d", n)
	}
}
