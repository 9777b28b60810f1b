package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"database/sql"

	"pace/store"
	"pace/store/storetest"
)

// raw changes a database behind the store's back.
func raw(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(s, err)
		}
	}
}

func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pace.db")
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Fill(t, db, 3, 10)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpenAgainKeepsEverything(t *testing.T) {
	db, err := store.Open(t.Context(), filled(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if runs, err := db.Reader().Runs(t.Context()); err != nil || len(runs) != 3 || db.Rebuilt() != nil {
		t.Errorf("%d runs, %v, rebuilt %v", len(runs), err, db.Rebuilt())
	}
}

func TestOpenMovesAsideWhatItCannotUse(t *testing.T) {
	cases := map[string]struct {
		harm  func(path string)
		cause error
	}{
		"newer":   {func(path string) { raw(t, path, "PRAGMA user_version = 99") }, store.ErrNewer},
		"garbage": {func(path string) { write(t, path, strings.Repeat("not a database ", 1000)) }, store.ErrDamaged},
		"damaged": {func(path string) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			write(t, path, string(data[:100])+strings.Repeat("\xff", 20_000))
		}, store.ErrDamaged},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := filled(t)
			c.harm(path)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			db, err := store.Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			rebuilt := db.Rebuilt()
			if rebuilt == nil || !errors.Is(rebuilt.Cause, c.cause) {
				t.Fatalf("rebuilt is %+v", rebuilt)
			}
			if after, err := os.ReadFile(rebuilt.Aside); err != nil || string(after) != string(before) {
				t.Errorf("the file aside is not the one that was there: %v", err)
			}
			if runs, err := db.Reader().Runs(t.Context()); err != nil || len(runs) != 0 {
				t.Errorf("new index holds %d runs, %v", len(runs), err)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func wantCause(t *testing.T, err, cause error) {
	t.Helper()
	var told *store.Error
	if !errors.Is(err, cause) || !errors.As(err, &told) || told.Hint == "" {
		t.Errorf("error is %v, want %v with a hint", err, cause)
	}
}

func TestOpenRefusesAnotherProgramsDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mlflow.db")
	raw(t, path, "CREATE TABLE runs (x)")
	before, _ := os.ReadFile(path)
	_, err := store.Open(t.Context(), path)
	wantCause(t, err, store.ErrForeign)
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Error("the other program's file was changed")
	}
	_, err = store.OpenReader(t.Context(), path)
	wantCause(t, err, store.ErrForeign)
}

func TestOpenInAFolderThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "")
	if _, err := store.Open(t.Context(), filepath.Join(file, "pace.db")); err == nil {
		t.Error("opened below a file")
	}
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("permissions don't bind this user")
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(t.Context(), filepath.Join(dir, "pace.db"))
	wantCause(t, err, store.ErrReadOnly)
}

func TestApplyOnAFullDisk(t *testing.T) {
	db := storetest.Open(t)
	// SQLite's own limit gives the error of a full disk.
	fill := func(tx *store.Tx) error {
		for i := range 1000 {
			if err := tx.PutMeta(strings.Repeat("x", i), strings.Repeat("y", 10_000)); err != nil {
				return err
			}
		}
		return nil
	}
	store.LimitPages(t, db, 200)
	_, err := db.Writer().Apply(t.Context(), fill)
	wantCause(t, err, store.ErrFull)
	storetest.Apply(t, db, func(tx *store.Tx) error { return tx.PutMeta("small", "still works") })
}

func TestApplyOnALockedIndex(t *testing.T) {
	path := filled(t)
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	store.Impatient(t, db)
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	if _, err := other.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	_, err = db.Writer().Apply(t.Context(), func(tx *store.Tx) error { return tx.PutMeta("k", "v") })
	wantCause(t, err, store.ErrLocked)
	if _, err := other.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	storetest.Apply(t, db, func(tx *store.Tx) error { return tx.PutMeta("k", "v") })
}

func TestReaderCannotWriteAndWaitsForNoOneInVain(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path := filepath.Join(t.TempDir(), "none.db")
	_, err := store.OpenReader(ctx, path)
	wantCause(t, err, store.ErrNotReady)
	if _, err := os.Stat(path); err == nil {
		t.Error("a reader created the index")
	}
}

// TestReleasedVersionsOpen opens an index that each released version of the schema left.
func TestReleasedVersionsOpen(t *testing.T) {
	files, err := filepath.Glob("testdata/v*.db")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "pace.db")
		write(t, path, string(data))
		db, err := store.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if db.Rebuilt() != nil {
			t.Errorf("%s was moved aside: %v", file, db.Rebuilt().Cause)
		}
		s, ok, err := db.Reader().Series(t.Context(), storetest.RunID(2), "loss")
		if err != nil || !ok || len(s.Values) != 1500 || s.Values[9] != 0.1+2 || s.Times[9] != s.Times[0]+9_000_000 {
			t.Errorf("%s: series %v %v", file, ok, err)
		}
		if params, err := db.Reader().Params(t.Context(), storetest.RunID(2)); err != nil || len(params) != 1 || params[0].Value != "0.002" {
			t.Errorf("%s: params %v %v", file, params, err)
		}
	}
}
