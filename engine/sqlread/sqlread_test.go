package sqlread

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// make builds a database as its own tool would.
func build(t testing.TB, path string, stmts ...string) *sql.DB {
	t.Helper()
	w, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	w.SetMaxOpenConns(1)
	t.Cleanup(func() { w.Close() })
	for _, s := range stmts {
		if _, err := w.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	return w
}

const schema = `CREATE TABLE metrics (key TEXT NOT NULL, value REAL, step BIGINT, PRIMARY KEY (key, step))`

func open(t testing.TB, path string) *DB {
	t.Helper()
	db, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func count(t testing.TB, db *DB) (n int) {
	t.Helper()
	if _, err := db.Each(t.Context(), Query{SQL: "SELECT count(*) FROM metrics"}, func(scan func(...any) error) error { return scan(&n) }); err != nil {
		t.Fatal(err)
	}
	return n
}

// folder is every file with its bytes, to show that looking changed nothing.
func folder(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(e.Name(), "-shm") {
			b = nil // readers leave their marks in the shared index, which is what it is for
		}
		out[e.Name()] = b
	}
	return out
}

func TestSchemaAndRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b%?#.db")
	raw := filepath.Join(t.TempDir(), "x.db")
	w := build(t, raw, schema, `CREATE TABLE "odd ""name" (a, b INTEGER PRIMARY KEY)`, `CREATE VIEW v AS SELECT 1`)
	for i := range 100 {
		w.Exec("INSERT INTO metrics VALUES ('loss', ?, ?)", float64(i)/2, i)
	}
	w.Close()
	os.Rename(raw, path)
	before := folder(t, filepath.Dir(path))
	db := open(t, path)
	tables, err := db.Tables(t.Context())
	want := map[string]Table{
		"metrics":   {"metrics", []Column{{"key", "TEXT", 1}, {"value", "REAL", 0}, {"step", "BIGINT", 2}}},
		`odd "name`: {`odd "name`, []Column{{"a", "", 0}, {"b", "INTEGER", 1}}},
	}
	if err != nil || !reflect.DeepEqual(tables, want) || !tables["metrics"].Has("key", "step") || tables["metrics"].Has("is_nan") {
		t.Errorf("tables %+v %v", tables, err)
	}
	if id, err := db.MaxRowID(t.Context(), "metrics"); id != 100 || err != nil {
		t.Errorf("max rowid %d %v", id, err)
	}
	if id, err := db.MaxRowID(t.Context(), `odd "name`); id != 0 || err != nil {
		t.Errorf("max rowid of an empty table %d %v", id, err)
	}
	var steps []int
	for last, more := -1, true; more; {
		more, err = db.Each(t.Context(), Query{SQL: "SELECT step FROM metrics WHERE step > ? ORDER BY step", Args: []any{last}, Rows: 7}, func(scan func(...any) error) error {
			defer func() { steps = append(steps, last) }()
			return scan(&last)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(steps) != 100 || !slices.IsSorted(steps) || steps[99] != 99 {
		t.Errorf("steps %v", steps)
	}
	for _, s := range []string{"DELETE FROM metrics", "CREATE TABLE x (a)", "PRAGMA user_version = 5"} {
		db.Each(t.Context(), Query{SQL: s}, func(func(...any) error) error { return nil })
	}
	if n := count(t, db); n != 100 {
		t.Errorf("%d rows after trying to write", n)
	}
	if !reflect.DeepEqual(folder(t, filepath.Dir(path)), before) {
		t.Error("looking changed the folder")
	}
}

func TestStampAndDataVersion(t *testing.T) {
	for _, mode := range []string{"delete", "wal"} {
		path := filepath.Join(t.TempDir(), "x.db")
		w := build(t, path, "PRAGMA journal_mode = "+mode, schema)
		w.Exec("INSERT INTO metrics VALUES ('a', 1, 0)")
		db := open(t, path)
		s1, err1 := StampOf(path)
		v1, err2 := db.DataVersion(t.Context())
		s2, _ := StampOf(path)
		v2, _ := db.DataVersion(t.Context())
		if err := errors.Join(err1, err2); err != nil || s1 != s2 || v1 != v2 {
			t.Errorf("%s: %+v %+v %d %d %v", mode, s1, s2, v1, v2, err)
		}
		if _, err := w.Exec("INSERT INTO metrics VALUES ('a', 1, 1)"); err != nil {
			t.Fatal(err)
		}
		s3, _ := StampOf(path)
		v3, _ := db.DataVersion(t.Context())
		if s3 == s1 || v3 == v1 || count(t, db) != 2 {
			t.Errorf("%s: a commit was not seen: %+v %d", mode, s3, v3)
		}
	}
}

// TestTheWriterNeverFails: a writer with a tenth of MLflow's patience (busy_timeout 20 s) writes while the table is
// tailed as fast as that goes; it meets no error, and each row is seen once.
func TestTheWriterNeverFails(t *testing.T) {
	for _, mode := range []string{"delete", "wal"} {
		t.Run(mode, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.db")
			w := build(t, path, "PRAGMA busy_timeout = 2000", "PRAGMA synchronous = OFF", "PRAGMA journal_mode = "+mode, schema)
			ctx, stop := context.WithCancel(t.Context())
			wrote := make(chan error, 1)
			total := 0
			go func() {
				for i := 0; ctx.Err() == nil; i++ {
					if _, err := w.Exec("INSERT INTO metrics VALUES ('loss', 1, ?)", i); err != nil {
						wrote <- err
						return
					}
					total = i + 1
				}
				wrote <- nil
			}()
			last, looks, seen := int64(0), 0, 0
			for end := time.Now().Add(700 * time.Millisecond); time.Now().Before(end); looks++ {
				seen += look(t, path, &last)
			}
			stop()
			if err := <-wrote; err != nil {
				t.Fatalf("the writer failed after %d rows: %v", total, err)
			}
			seen += look(t, path, &last)
			if seen != total || looks == 0 || total == 0 {
				t.Errorf("wrote %d, saw %d in %d looks", total, seen, looks)
			}
		})
	}
}

// look tails the table as a format does, and opens the file anew each time.
func look(t *testing.T, path string, last *int64) (n int) {
	t.Helper()
	db, err := Open(t.Context(), path, Options{Busy: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for more := true; more; {
		more, err = db.Each(t.Context(), Query{SQL: "SELECT rowid FROM metrics WHERE rowid > ? ORDER BY rowid", Args: []any{*last}, Rows: 500}, func(scan func(...any) error) error {
			n++
			return scan(last)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func TestALockedFileIsBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	w := build(t, path, schema)
	conn, _ := w.Conn(t.Context())
	if _, err := conn.ExecContext(t.Context(), "BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), path, Options{Busy: 10 * time.Millisecond})
	var e *Error
	if !errors.Is(err, ErrBusy) || !errors.As(err, &e) || !e.Temporary() || e.Hint() == "" {
		t.Errorf("got %v", err)
	}
	conn.ExecContext(t.Context(), "COMMIT")
	conn.Close()
	open(t, path)
}

// TestKilledWriters leaves files as a killed writer does: the committed rows are read, nothing beside them changes.
func TestKilledWriters(t *testing.T) {
	if path := os.Getenv("SQLREAD_VICTIM"); path != "" {
		w := build(t, path, "PRAGMA journal_mode = "+os.Getenv("SQLREAD_MODE"), "PRAGMA cache_size = 2", schema)
		w.Exec("INSERT INTO metrics VALUES ('committed', 1, 0)")
		w.Exec("BEGIN")
		for i := range 3000 { // more than the cache holds: pages reach the disk before the commit
			w.Exec("INSERT INTO metrics VALUES (?, 1, ?)", strings.Repeat("x", 200), i)
		}
		fmt.Println("ready")
		time.Sleep(time.Minute)
	}
	for _, mode := range []string{"delete", "wal", "wal without shm"} {
		t.Run(mode, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "x.db")
			cmd := exec.Command(os.Args[0], "-test.run=^TestKilledWriters$")
			journal, _, noShm := strings.Cut(mode, " ")
			cmd.Env = append(os.Environ(), "SQLREAD_VICTIM="+path, "SQLREAD_MODE="+journal)
			out, _ := cmd.StdoutPipe()
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			out.Read(make([]byte, 10))
			cmd.Process.Kill()
			cmd.Wait()
			if noShm {
				os.Remove(path + "-shm")
			}
			before := folder(t, dir)
			db := open(t, path)
			if n := count(t, db); n != 1 {
				t.Errorf("%d rows, want the one that was committed", n)
			}
			want := map[string]Mode{"delete": Copy, "wal": Live, "wal without shm": Copy}[mode]
			if db.Mode() != want {
				t.Errorf("mode %s, want %s", db.Mode(), want)
			}
			aside := db.dir
			db.Close()
			if _, err := os.Stat(aside); aside != "" && err == nil {
				t.Error("the copy is still there")
			}
			if after := folder(t, dir); !reflect.DeepEqual(after, before) {
				t.Errorf("looking changed the folder: %d files before, %d after", len(before), len(after))
			}
			if want == Copy {
				if _, err := Open(t.Context(), path, Options{MaxCopy: 1}); !errors.Is(err, ErrTooBig) {
					t.Errorf("got %v, want too big", err)
				}
			}
		})
	}
}

func TestAQuietWALFileIsReadWithoutMakingFiles(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.db")
	w := build(t, path, "PRAGMA journal_mode = wal", schema, "INSERT INTO metrics VALUES ('a', 1, 0)")
	w.Close()
	before := folder(t, dir)
	db := open(t, path)
	if count(t, db) != 1 || db.Mode() != Still || db.Moved() || !reflect.DeepEqual(folder(t, dir), before) {
		t.Errorf("mode %s, moved %v, files %d, were %d", db.Mode(), db.Moved(), len(folder(t, dir)), len(before))
	}
	build(t, path, "INSERT INTO metrics VALUES ('a', 1, 1)").Close()
	if !db.Moved() {
		t.Error("a write was not noticed")
	}
}

func TestWhatIsNoDatabase(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.db")
	build(t, good, schema).Close()
	raw, _ := os.ReadFile(good)
	newer := bytes.Clone(raw)
	newer[18], newer[19] = 3, 3
	format := bytes.Clone(raw)
	binary.BigEndian.PutUint32(format[44:], 5)
	damaged := append(bytes.Clone(raw[:100]), bytes.Repeat([]byte{0xEE}, len(raw)-100)...)
	for name, tt := range map[string]struct {
		bytes []byte
		want  error
	}{
		"empty":     {nil, ErrEmpty},
		"short":     {raw[:50], ErrNotDatabase},
		"encrypted": {bytes.Repeat([]byte{0xA5, 0x3C, 0x77}, 2048), ErrNotDatabase},
		"newer":     {newer, ErrNewer},
		"format":    {format, ErrNewer},
		"damaged":   {damaged, ErrCorrupt},
		"cut":       {raw[:len(raw)/2+17], ErrCorrupt},
	} {
		path := filepath.Join(dir, name)
		os.WriteFile(path, tt.bytes, 0o644)
		db, err := Open(t.Context(), path, Options{})
		if err == nil {
			_, err = db.Tables(t.Context())
			db.Close()
		}
		var e *Error
		if !errors.Is(err, tt.want) || !errors.As(err, &e) || e.Hint() == "" || e.Path != path {
			t.Errorf("%s: got %v, want %v", name, err, tt.want)
		}
	}
	if _, err := Open(t.Context(), filepath.Join(dir, "none"), Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestTruncationAtEveryPlace(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.db")
	build(t, good, schema, `WITH RECURSIVE c(x) AS (SELECT 0 UNION ALL SELECT x+1 FROM c WHERE x < 299)
		INSERT INTO metrics SELECT 'loss', 1, x FROM c`).Close()
	raw, _ := os.ReadFile(good)
	path := filepath.Join(dir, "cut.db")
	for n := 0; n < len(raw); n += 211 {
		os.WriteFile(path, raw[:n], 0o644)
		db, err := Open(t.Context(), path, Options{})
		if err != nil {
			continue
		}
		rows := 0
		_, err = db.Each(t.Context(), Query{SQL: "SELECT step FROM metrics"}, func(func(...any) error) error { rows++; return nil })
		if err == nil && rows == 300 && n < len(raw)-4096 {
			t.Errorf("%d of %d bytes held all rows", n, len(raw))
		}
		db.Close()
	}
}

func TestCancelAndSlowQueries(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	build(t, path, schema)
	db := open(t, path)
	forever := "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT count(*) FROM c"
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(30*time.Millisecond, cancel)
	if _, err := db.Each(ctx, Query{SQL: forever}, func(func(...any) error) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	more, err := db.Each(t.Context(), Query{SQL: "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT x FROM c", Rows: 1 << 30, Time: time.Millisecond},
		func(func(...any) error) error { return nil })
	if !more || err != nil {
		t.Errorf("endless rows: more %v, %v", more, err)
	}
}

func FuzzOpen(f *testing.F) {
	path := filepath.Join(f.TempDir(), "x.db")
	build(f, path, schema, "INSERT INTO metrics VALUES ('a', 1, 0)").Close()
	raw, _ := os.ReadFile(path)
	f.Add(raw)
	f.Add(raw[:4096])
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(t.TempDir(), "f.db")
		if err := os.WriteFile(path, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		db, err := Open(t.Context(), path, Options{})
		if err != nil {
			return
		}
		defer db.Close()
		tables, err := db.Tables(t.Context())
		if err != nil {
			return
		}
		for name := range tables {
			db.Each(t.Context(), Query{SQL: "SELECT * FROM " + Quote(name), Rows: 100}, func(func(...any) error) error { return nil })
		}
	})
}

func BenchmarkLook(b *testing.B) {
	path := filepath.Join(b.TempDir(), "x.db")
	w := build(b, path, schema)
	tx, _ := w.Begin()
	for i := range 100_000 {
		tx.Exec("INSERT INTO metrics VALUES ('loss', 1, ?)", i)
	}
	tx.Commit()
	for b.Loop() {
		db, err := Open(b.Context(), path, Options{})
		if err != nil {
			b.Fatal(err)
		}
		var k string
		var v float64
		var s int64
		db.Each(b.Context(), Query{SQL: "SELECT key, value, step FROM metrics WHERE rowid > ?", Args: []any{99_000}}, func(scan func(...any) error) error {
			return scan(&k, &v, &s)
		})
		db.Close()
	}
}

// TestFlippedBytes reads files with a few changed bytes: whatever they say, reading ends with rows or an *Error.
func TestFlippedBytes(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.db")
	build(t, good, schema, `WITH RECURSIVE c(x) AS (SELECT 0 UNION ALL SELECT x+1 FROM c WHERE x < 299)
		INSERT INTO metrics SELECT 'loss', 1, x FROM c`).Close()
	raw, _ := os.ReadFile(good)
	r := rand.New(rand.NewPCG(1, 2))
	path := filepath.Join(dir, "bad.db")
	refused := 0
	for range 200 {
		bad := bytes.Clone(raw)
		for range 1 + r.IntN(20) {
			bad[r.IntN(len(bad))] = byte(r.Uint32())
		}
		os.WriteFile(path, bad, 0o644)
		db, err := Open(t.Context(), path, Options{})
		if err == nil {
			_, err = db.Tables(t.Context())
			if err == nil {
				_, err = db.Each(t.Context(), Query{SQL: "SELECT * FROM metrics"}, func(func(...any) error) error { return nil })
			}
			db.Close()
		}
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("%T %v", err, err)
		}
		if err != nil {
			refused++
		}
	}
	if refused == 0 {
		t.Error("no change was noticed")
	}
}
