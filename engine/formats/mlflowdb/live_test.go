package mlflowdb

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"pace/engine/ingest"
	"pace/engine/ingest/ingesttest"
	"pace/engine/sqlread"
)

// copied is a copy of a sample that MLflow wrote, and a second connection that writes to it.
func copied(t testing.TB, name string) (ingest.Source, *sql.DB) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(samples, name))
	if err != nil {
		t.Fatal(err)
	}
	src := ingest.Source{Root: t.TempDir(), Path: "mlflow.db"}
	if err := os.WriteFile(src.Abs(), text, 0o644); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(src.Abs())+"?_pragma=busy_timeout(20000)&_pragma=synchronous(off)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return src, db
}

func exec(t testing.TB, db *sql.DB, text string, args ...any) {
	t.Helper()
	if _, err := db.Exec(text, args...); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// TestFollows changes a database in every way that MLflow does, and a few that only people do, and compares
// reading on with reading anew.
func TestFollows(t *testing.T) {
	src, db := copied(t, "current.db")
	var id string
	if err := db.QueryRow("SELECT run_uuid FROM metrics GROUP BY run_uuid ORDER BY count(*) DESC LIMIT 1").Scan(&id); err != nil {
		t.Fatal(err)
	}
	s := ingesttest.NewState()
	cursor := ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: src}, s).Cursor
	const point = "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)"
	steps := []struct {
		name string
		do   func()
	}{
		{"points", func() {
			exec(t, db, "BEGIN")
			defer exec(t, db, "COMMIT")
			for i := range 3000 {
				exec(t, db, point, "loss", float64(i), 1700000000000+i, id, i+100, 0)
			}
		}},
		{"nan and infinities", func() {
			exec(t, db, point, "odd", 0, 1, id, 0, 1)
			exec(t, db, point, "odd", math.MaxFloat64, 2, id, 1, 0)
			exec(t, db, point, "odd", -math.MaxFloat64, 3, id, 2, 0)
		}},
		{"a new run", func() {
			exec(t, db, "INSERT INTO runs (run_uuid, name, status, start_time, lifecycle_stage, experiment_id, artifact_uri) VALUES ('new', 'n', 'RUNNING', 5, 'active', 1, 's3://b')")
			exec(t, db, "INSERT INTO tags VALUES ('mlflow.parentRunId', ?, 'new')", id)
			exec(t, db, "INSERT INTO params VALUES ('lr', '0.1', 'new')")
			exec(t, db, point, "loss", 0.5, 5, "new", 1, 0)
		}},
		{"a run ends", func() { exec(t, db, "UPDATE runs SET status = 'FINISHED', end_time = 9 WHERE run_uuid = 'new'") }},
		{"a tag changes", func() { exec(t, db, "UPDATE tags SET value = 'other' WHERE key = 'team'") }},
		{"a run is renamed", func() { exec(t, db, "UPDATE tags SET value = 'renamed' WHERE key = 'mlflow.runName'") }},
		{"a tag goes", func() { exec(t, db, "DELETE FROM tags WHERE key = 'team'") }},
		{"a run is deleted", func() { exec(t, db, "UPDATE runs SET lifecycle_stage = 'deleted' WHERE run_uuid = ?", id) }},
		{"an experiment is renamed", func() { exec(t, db, "UPDATE experiments SET name = 'another name' WHERE experiment_id = 1") }},
		{"a run is deleted for good", func() {
			for _, table := range []string{"metrics", "latest_metrics", "params", "tags", "runs"} {
				exec(t, db, "DELETE FROM "+table+" WHERE run_uuid = 'new'")
			}
		}},
		{"rowids are given out anew", func() {
			exec(t, db, "INSERT INTO runs (run_uuid, name, status, start_time, lifecycle_stage, experiment_id) VALUES ('newer', 'n', 'KILLED', 5, 'active', 1)")
			exec(t, db, "INSERT INTO params VALUES ('lr', '0.2', 'newer')")
			exec(t, db, point, "loss", 0.25, 5, "newer", 1, 0)
		}},
		{"a migration writes metrics anew", func() {
			exec(t, db, "CREATE TABLE m AS SELECT * FROM metrics ORDER BY value")
			exec(t, db, "DROP TABLE metrics")
			exec(t, db, "ALTER TABLE m RENAME TO metrics")
			exec(t, db, "UPDATE alembic_version SET version_num = 'later'")
		}},
		{"vacuum", func() { exec(t, db, "VACUUM") }},
		{"a column comes", func() { exec(t, db, "ALTER TABLE runs ADD COLUMN novelty TEXT DEFAULT 'x'") }},
		{"a run moves to another experiment", func() { exec(t, db, "UPDATE runs SET experiment_id = 2 WHERE run_uuid = ?", id) }},
	}
	for _, step := range steps {
		step.do()
		cursor = settle(t, src, cursor, s)
		fresh := ingesttest.NewState()
		ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: src}, fresh)
		if d := fresh.Diff(s); d != "" {
			t.Fatalf("%s: reading on differs from reading anew:\n%s", step.name, d)
		}
	}
}

// settle reads on as the engine does, and then once more as after the next age, when every sweep is due.
func settle(t *testing.T, src ingest.Source, cursor []byte, s *ingesttest.State) []byte {
	t.Helper()
	for range 3 {
		c, ok := openCursor(cursor)
		if !ok {
			t.Fatal("a cursor does not come back")
		}
		c.swept = 0
		cursor = ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: src, Cursor: c.bytes(), Limits: ingest.Limits{Points: 1000}}, s).Cursor
	}
	return cursor
}

func TestReplacedByAnotherDatabase(t *testing.T) {
	src, db := copied(t, "old.db")
	db.Close()
	s := ingesttest.NewState()
	cursor := ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: src}, s).Cursor
	text, _ := os.ReadFile(filepath.Join(samples, "current.db"))
	if err := os.WriteFile(src.Abs()+"~", text, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(src.Abs()+"~", src.Abs()); err != nil {
		t.Fatal(err)
	}
	settle(t, src, cursor, s)
	fresh := ingesttest.NewState()
	ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: src}, fresh)
	for id := range s.Facts { // experiments are never taken back
		if _, ok := fresh.Facts[id]; !ok && !strings.HasPrefix(id, "experiment ") {
			t.Errorf("%s: still there", id)
		}
	}
	for id, points := range fresh.Series {
		if len(s.Series[id]) != len(points) {
			t.Errorf("%v: %d points, want %d", id, len(s.Series[id]), len(points))
		}
	}
}

func TestLockedIsRetried(t *testing.T) {
	src, db := copied(t, "current.db")
	exec(t, db, "BEGIN EXCLUSIVE")
	_, err := read(t.Context(), src, nil, ingesttest.NewState(), ingest.Limits{})
	if !errors.Is(err, sqlread.ErrBusy) {
		t.Fatalf("got %v, want %v", err, sqlread.ErrBusy)
	}
	exec(t, db, "COMMIT")
	ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: src}, ingesttest.NewState())
}

// TestWriterIsNeverFailed writes points one by one, as a training job does, while every one is followed; the
// writer waits for nobody.
func TestWriterIsNeverFailed(t *testing.T) {
	src, db := copied(t, "current.db")
	exec(t, db, "PRAGMA busy_timeout = 1000")
	s := ingesttest.NewState()
	cursor := ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: src}, s).Cursor
	var id string
	if err := db.QueryRow("SELECT run_uuid FROM runs LIMIT 1").Scan(&id); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	const n = 200
	go func() {
		for i := range n {
			if _, err := db.Exec("INSERT INTO metrics VALUES ('live', ?, ?, ?, ?, 0)", float64(i), i, id, i); err != nil {
				done <- fmt.Errorf("point %d: %w", i, err)
				return
			}
		}
		done <- nil
	}()
	for writing := true; writing; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			writing = false
		default:
		}
		turn := ingesttest.NewState() // what is said before an error is not taken
		maps.Copy(turn.Facts, s.Facts)
		if res, err := read(t.Context(), src, cursor, turn, ingest.Limits{}); err == nil {
			cursor = res.Cursor
			maps.Copy(s.Facts, turn.Facts)
			for id, points := range turn.Series {
				s.Series[id] = append(s.Series[id], points...)
			}
		} else if !errors.Is(err, sqlread.ErrBusy) {
			t.Fatal(err)
		}
	}
	ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: src, Cursor: cursor}, s)
	live := 0
	for key, points := range s.Series {
		if key.Series == "live" {
			live += len(points)
		}
	}
	if live != n {
		t.Fatalf("%d points, %d were written", live, n)
	}
}

func TestForeignTables(t *testing.T) {
	src, db := copied(t, "current.db")
	exec(t, db, "ALTER TABLE metrics RENAME COLUMN run_uuid TO run_key")
	s := ingesttest.NewState()
	res := ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: src}, s)
	if len(s.Problems) != 1 {
		t.Fatalf("problems %v", s.Problems)
	}
	ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: src, Cursor: res.Cursor}, s)
	if s.Records != 1 {
		t.Fatalf("said %d times", s.Records)
	}
	exec(t, db, "ALTER TABLE metrics RENAME COLUMN run_key TO run_uuid")
	ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: src, Cursor: res.Cursor}, s)
	if len(s.Series) == 0 {
		t.Fatal("readable again, and nothing is said")
	}
}

func TestClaims(t *testing.T) {
	src, db := copied(t, "current.db")
	db.Close()
	other, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(src.Root, "optuna.db")))
	if err != nil {
		t.Fatal(err)
	}
	exec(t, other, "CREATE TABLE alembic_version (version_num TEXT)")
	exec(t, other, "CREATE TABLE experiments (x TEXT)")
	other.Close()
	for name, text := range map[string]string{"empty.db": "", "text.db": "SQLite format 4", "torn.db": magic + strings.Repeat("\xff", 200), "mlflow": "x"} {
		if err := os.WriteFile(filepath.Join(src.Root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(src.Root, "dir.db"), 0o755); err != nil {
		t.Fatal(err)
	}
	units := ingesttest.Claims(t, src.Root, Format())
	if len(units) != 1 || units[0].Path != "mlflow.db" || !units[0].Owns {
		t.Fatalf("%v", units)
	}
}

func TestStampAges(t *testing.T) {
	src, db := copied(t, "old.db")
	db.Close()
	seen := map[string]bool{}
	for _, age := range []time.Duration{0, 3 * time.Second, 20 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour} {
		at := time.Now().Add(-age)
		if err := os.Chtimes(src.Abs(), at, at); err != nil {
			t.Fatal(err)
		}
		s, err := stamp(t.Context(), src)
		if err != nil {
			t.Fatal(err)
		}
		seen[s[strings.LastIndex(s, " ")+1:]] = true
	}
	if len(seen) != len(ages)+1 {
		t.Fatalf("ages %v", seen)
	}
}

func FuzzTableNames(f *testing.F) {
	for _, name := range []string{"current.db", "old.db"} {
		text, err := os.ReadFile(filepath.Join(samples, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text[:16384]))
	}
	f.Fuzz(func(t *testing.T, text string) { tableNames(strings.NewReader(text)) })
}

func FuzzCursor(f *testing.F) {
	c := newCursor()
	c.keys = []string{"team"}
	c.runs["a"] = &runState{experiment: "1", tagKeys: []int{0}}
	f.Add(c.bytes())
	f.Fuzz(func(t *testing.T, cursor []byte) {
		c, ok := openCursor(cursor)
		if again, same := openCursor(c.bytes()); ok && (!same || len(again.runs) != len(c.runs)) {
			t.Fatalf("%+v came back as %+v", c, again)
		}
	})
}
