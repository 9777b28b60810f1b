package store_test

import (
	"errors"
	"testing"
	"time"

	"pace/store"
	"pace/store/storetest"
)

func TestSourcesAndProblems(t *testing.T) {
	db, ctx := storetest.Open(t), t.Context()
	src := store.Source{Path: "mlruns", Format: "f", Stamp: "s", Cursor: []byte{0, 1}, Seen: noon}
	prob := store.Problem{Source: "mlruns", Path: "mlruns/x", Place: "line 1", Message: odd, Hint: "h", Since: noon}
	put := func(tx *store.Tx) error { return errors.Join(tx.PutSource(src), tx.PutProblem(prob)) }
	if c := storetest.Apply(t, db, put); !c.Sources {
		t.Error("a new source is no change")
	}
	src.Cursor, prob.Since = []byte{2}, noon.Add(time.Hour)
	if c := storetest.Apply(t, db, put); !c.Empty() {
		t.Errorf("a moved cursor is a change: %+v", c)
	}
	prob.Since = noon
	r := db.Reader()
	check(t, "sources", must[[]store.Source](t)(r.Sources(ctx)), []store.Source{src})
	check(t, "problems", must[[]store.Problem](t)(r.Problems(ctx)), []store.Problem{prob})
	if got, ok, err := r.Source(ctx, "mlruns", "f"); !ok || err != nil || got.Stamp != "s" {
		t.Errorf("source %+v %v %v", got, ok, err)
	}
	if _, ok, err := r.Source(ctx, "mlruns", "other"); ok || err != nil {
		t.Error("unknown source", ok, err)
	}
	storetest.Apply(t, db, func(tx *store.Tx) error { return tx.ClearProblems("mlruns") })
	if left := must[[]store.Problem](t)(r.Problems(ctx)); len(left) != 0 {
		t.Errorf("problems left: %v", left)
	}
}

func TestMarkMissing(t *testing.T) {
	db, ctx := storetest.Open(t), t.Context()
	storetest.Fill(t, db, 2, 1)
	storetest.Apply(t, db, func(tx *store.Tx) error {
		return errors.Join(tx.PutSource(store.Source{Path: "mlruns", Format: "f"}), tx.PutDataset(store.Dataset{Path: "mlruns"}))
	})
	for _, missing := range []bool{true, false} {
		mark := func(tx *store.Tx) error { return tx.MarkMissing("mlruns", missing) }
		c := storetest.Apply(t, db, mark)
		if !c.Sources || len(c.Runs) != 2 || !c.Dataset("mlruns") {
			t.Errorf("change is %+v", c)
		}
		if c := storetest.Apply(t, db, mark); !c.Empty() {
			t.Errorf("marking again changes %+v", c)
		}
		run, _, err := db.Reader().Run(ctx, storetest.RunID(0))
		data, _, err2 := db.Reader().Dataset(ctx, "mlruns")
		if err != nil || err2 != nil || run.Missing != missing || data.Missing != missing {
			t.Errorf("missing %v: run %v, dataset %v", missing, run.Missing, data.Missing)
		}
	}
}

func TestDataAndResultsComeBack(t *testing.T) {
	db, ctx := storetest.Open(t), t.Context()
	data := store.Dataset{Path: "d.csv", Format: "csv", Bytes: 1 << 40, Modified: noon, Version: "v", Rows: -1, Columns: 3}
	result := store.Result{Kind: "profile", Content: "c", Params: "p", Algorithm: 2, Bytes: []byte{1, 0, 2}, Computed: noon}
	task := store.Task{Noun: "profile d.csv", Unit: "rows", Done: 5, Total: 9, Started: noon, Updated: noon}
	input := store.Input{Run: "r", Name: "n", Digest: "d", Context: "training", SourceType: "local", Location: "l", Schema: odd, Profile: "{}"}
	bare := store.Input{Run: "r", Name: "o"}
	model := store.LoggedModel{Run: "r", ID: "m", Name: "n", Type: "t", Status: "READY", ArtifactDir: "a", Created: noon}
	put := func(tx *store.Tx) error {
		return errors.Join(tx.PutRun(store.Run{ID: "r"}), tx.PutDataset(data), tx.PutInput(input), tx.PutInput(bare), tx.PutLoggedModel(model))
	}
	storetest.Apply(t, db, put)
	if c := storetest.Apply(t, db, put); !c.Empty() {
		t.Errorf("telling again changes %+v", c)
	}
	c := storetest.Apply(t, db, func(tx *store.Tx) error { return errors.Join(tx.PutResult(result), tx.PutTask(task)) })
	if !c.Results || !c.Tasks {
		t.Errorf("change is %+v", c)
	}
	r := db.Reader()
	check(t, "datasets", must[[]store.Dataset](t)(r.Datasets(ctx)), []store.Dataset{data})
	check(t, "inputs", must[[]store.Input](t)(r.Inputs(ctx, "r")), []store.Input{input, bare})
	check(t, "all inputs", must[[]store.Input](t)(r.AllInputs(ctx)), []store.Input{input, bare})
	check(t, "models", must[[]store.LoggedModel](t)(r.LoggedModels(ctx, "r")), []store.LoggedModel{model})
	check(t, "tasks", must[[]store.Task](t)(r.Tasks(ctx)), []store.Task{task})
	got, ok, err := r.Result(ctx, "profile", "c", "p", 2)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	check(t, "result", got, result)
	if _, ok, err := r.Result(ctx, "profile", "c", "p", 3); ok || err != nil {
		t.Error("result of another algorithm", ok, err)
	}
	storetest.Apply(t, db, func(tx *store.Tx) error { return errors.Join(tx.DropTask(task.Noun), tx.DeleteRun("r")) })
	if left := must[[]store.Task](t)(r.Tasks(ctx)); len(left) != 0 {
		t.Errorf("tasks left: %v", left)
	}
	if left := must[[]store.Input](t)(r.AllInputs(ctx)); len(left) != 0 {
		t.Errorf("inputs left: %v", left)
	}
}

func TestProjectionIsReplaced(t *testing.T) {
	db, ctx := storetest.Open(t), t.Context()
	events := []store.Event{
		{ID: "1", Actor: "a", Clone: "c", Time: noon, Clock: 1, Kind: "note", Subject: "run:r", Body: []byte("{}")},
		{ID: "2", Actor: "b", Clone: "d", Time: noon, Clock: 2, Kind: "tag", Subject: "run:s", Body: []byte("{}")},
	}
	notes := []store.Note{{ID: "1", Subject: "run:r", Actor: "a", Text: odd, Time: noon, Edited: noon, ReplyTo: "0", Resolved: true, ResolvedBy: "b"}}
	marks := []store.Mark{{Subject: "run:s", Kind: "tag", Key: "k", Value: "v", Actor: "b", Time: noon}}
	project := func(touched ...string) store.Change {
		return storetest.Apply(t, db, func(tx *store.Tx) error {
			set := map[string]bool{}
			for _, s := range touched {
				set[s] = true
			}
			return tx.ReplaceProjection(events, notes, marks, set)
		})
	}
	project("run:r")
	if c := project("run:r", "run:s"); len(c.Subjects) != 2 || !c.Said() {
		t.Errorf("change is %+v", c)
	}
	r := db.Reader()
	check(t, "newest event", must[[]store.Event](t)(r.Events(ctx, 1)), events[1:])
	if all := must[[]store.Event](t)(r.Events(ctx, 0)); len(all) != 2 {
		t.Errorf("events: %v", all)
	}
	check(t, "notes", must[[]store.Note](t)(r.Notes(ctx, "run:r")), notes)
	check(t, "all notes", must[[]store.Note](t)(r.Notes(ctx, "")), notes)
	if none := must[[]store.Note](t)(r.Notes(ctx, "run:x")); len(none) != 0 {
		t.Errorf("notes of another subject: %v", none)
	}
	check(t, "marks", must[[]store.Mark](t)(r.Marks(ctx, "tag")), marks)
	if none := must[[]store.Mark](t)(r.Marks(ctx, "pin")); len(none) != 0 {
		t.Errorf("pins: %v", none)
	}
}
