package profile_test

import (
	"os"
	"path/filepath"
	"testing"

	job "pace/engine/jobs/profile"
	"pace/engine/profile"
	"pace/engine/report"
	"pace/store"
)

func TestProfileOfADataset(t *testing.T) {
	root := t.TempDir()
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(root, "a.csv"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("x,y\n1,a\n2,b\n4,\n")
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "pace.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	put := func(d store.Dataset) store.Change {
		c, err := db.Writer().Apply(t.Context(), func(tx *store.Tx) error { return tx.PutDataset(d) })
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	put(store.Dataset{Path: "huge.csv", Format: "csv", Bytes: job.MaxBytes + 1, Rows: -1, Columns: -1})
	put(store.Dataset{Path: "gone.csv", Format: "csv", Missing: true, Rows: -1, Columns: -1})
	put(store.Dataset{Path: "b.csv", Format: "csv", Bytes: 99, Rows: -1, Columns: -1})
	c := put(store.Dataset{Path: "a.csv", Format: "csv", Bytes: 16, Rows: -1, Columns: -1})

	stale, err := job.Stale(t.Context(), db.Reader(), store.Change{All: true})
	if err != nil || len(stale) != 2 || stale[0] != "a.csv" || stale[1] != "b.csv" {
		t.Fatalf("stale = %v, %v", stale, err)
	}
	done, err := job.Runner("1.2").Run(t.Context(), db.Reader(), root, "a.csv", func(string, int64, int64) {})
	if err != nil || done == nil {
		t.Fatalf("run: %v", err)
	}
	if _, err := db.Writer().Apply(t.Context(), done); err != nil {
		t.Fatal(err)
	}
	if stale, err = job.Stale(t.Context(), db.Reader(), c); err != nil || len(stale) != 0 {
		t.Fatalf("stale = %v, %v", stale, err)
	}
	d, _, err := db.Reader().Dataset(t.Context(), "a.csv")
	if err != nil || d.Rows != 3 || d.Columns != 2 || d.Version == "" {
		t.Fatalf("dataset = %+v, %v", d, err)
	}
	res, ok, err := db.Reader().Result(t.Context(), report.ProfileKind, d.Version, report.ProfileRequest{}.Params(), profile.Version)
	if err != nil || !ok {
		t.Fatalf("result: %v, %v", ok, err)
	}
	if p, err := profile.Decode(res.Bytes); err != nil || p.Rows != 3 || p.MissingCells != 1 {
		t.Fatalf("profile = %+v, %v", p, err)
	} else if p.Reproduction.Pace != "1.2" || p.Reproduction.Command != "pace profile a.csv" {
		t.Fatalf("reproduction = %+v", p.Reproduction)
	}
	// Renamed content is known.
	if err := os.Rename(filepath.Join(root, "a.csv"), filepath.Join(root, "b.csv")); err != nil {
		t.Fatal(err)
	}
	if _, err := job.Runner("1.2").Run(t.Context(), db.Reader(), root, "a.csv", nil); !os.IsNotExist(err) {
		t.Fatalf("run of a missing file: %v", err)
	}
	if done, err = job.Runner("1.2").Run(t.Context(), db.Reader(), root, "b.csv", nil); err != nil || done == nil {
		t.Fatalf("run of known content: %v", err)
	}
}
