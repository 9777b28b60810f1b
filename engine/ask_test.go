package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pace/engine/ingest"
	"pace/engine/jobs"
	"pace/engine/report"
	"pace/engine/tables"
	"pace/store"
)

func TestAskRowsAndProfile(t *testing.T) {
	p := newProject(t)
	p.write("data/a.csv", "x,y\n1,a\n2,b\n4,\n")
	opt := p.options()
	opt.Tables, opt.Jobs = tables.All(), jobs.All("")
	e, err := Open(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if _, err := e.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	d, _, err := e.Reader().Dataset(t.Context(), "data/a.csv")
	if err != nil || d.Rows != 3 {
		t.Fatalf("dataset = %+v, %v", d, err)
	}
	a, err := e.Ask(t.Context(), report.RowsPage{Dataset: "data/a.csv", From: 1, N: 10})
	rows, ok := a.(report.Rows)
	if err != nil || !ok || len(rows.Cells) != 2 || rows.Total != 3 || rows.Cells[0][1].Text != "b" || !rows.Cells[1][1].Missing {
		t.Fatalf("rows = %+v, %v", a, err)
	}
	a, err = e.Ask(t.Context(), report.ProfileRequest{Path: "data/a.csv"})
	prof, ok := a.(report.Profiled)
	if err != nil || !ok || !prof.Stored || prof.Profile.Rows != 3 {
		t.Fatalf("profile = %+v, %v", a, err)
	}
	// The open table notices that the file grew.
	p.add("data/a.csv", "8,c\n")
	a, err = e.Ask(t.Context(), report.RowsPage{Dataset: "data/a.csv", From: 3, N: 1})
	if rows, _ := a.(report.Rows); err != nil || len(rows.Cells) != 1 || rows.Cells[0][0].Text != "8" {
		t.Fatalf("rows = %+v, %v", a, err)
	}
	if _, err := e.Ask(t.Context(), report.RowsPage{Dataset: "none.csv", N: 1}); err == nil {
		t.Fatal("rows of no file")
	}
}

func TestAskArtifacts(t *testing.T) {
	p := newProject(t)
	p.write("art/model/conf.json", `{"a": 1}`)
	p.write("art/note.txt", "hello")
	p.write("secret.txt", "no")
	if err := os.Symlink(p.abs("secret.txt"), p.abs("art/link.txt")); err != nil {
		t.Fatal(err)
	}
	e := p.open()
	defer e.Close()
	put := func(name, dir string) string {
		id := ingest.RunID(name)
		_, err := e.leads().Writer().Apply(t.Context(), func(tx *store.Tx) error {
			return tx.PutRun(store.Run{ID: id, Name: name, Source: "x", ArtifactDir: dir})
		})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	here, away := put("here", p.abs("art")), put("away", "s3://bucket/art")
	a, err := e.Ask(t.Context(), report.ArtifactList{Run: here})
	list, _ := a.(report.Artifacts)
	var paths []string
	for _, f := range list.Files {
		paths = append(paths, f.Path)
	}
	if err != nil || strings.Join(paths, " ") != "link.txt model model/conf.json note.txt" {
		t.Fatalf("artifacts = %v, %v", paths, err)
	}
	a, err = e.Ask(t.Context(), report.ArtifactHead{Run: here, Path: "model/conf.json"})
	if h, _ := a.(report.ArtifactBytes); err != nil || string(h.Head) != `{"a": 1}` || h.Kind != "json" {
		t.Fatalf("head = %+v, %v", a, err)
	}
	a, err = e.Ask(t.Context(), report.ArtifactHead{Run: here, Path: "note.txt", Limit: 2})
	if h, _ := a.(report.ArtifactBytes); err != nil || string(h.Head) != "he" || h.Bytes != 5 || h.Kind != "text" {
		t.Fatalf("head = %+v, %v", a, err)
	}
	for _, out := range []string{"../secret.txt", "link.txt", filepath.ToSlash(p.abs("secret.txt")), "model"} {
		if a, err := e.Ask(t.Context(), report.ArtifactHead{Run: here, Path: out}); err == nil {
			t.Errorf("head of %s = %+v", out, a)
		}
	}
	a, err = e.Ask(t.Context(), report.ArtifactList{Run: away})
	if list, _ := a.(report.Artifacts); err != nil || list.Reason == "" {
		t.Fatalf("artifacts = %+v, %v", a, err)
	}
	if _, err := e.Ask(t.Context(), report.ArtifactList{Run: "nobody"}); err == nil {
		t.Fatal("artifacts of no run")
	}
}
