package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pace/engine/table"
)

// base makes a database with statements.
func base(t testing.TB, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "my#base.db")
	db, err := sql.Open("sqlite", "file:"+strings.ReplaceAll(path, "#", "%23"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	return path
}

func scan(t testing.TB, path string, o table.Options) (rows []string, src table.Source) {
	t.Helper()
	src, err := open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	err = table.Scan(t.Context(), src, func(b *table.Batch) error {
		for i := range b.N {
			var row []string
			for c := range b.Columns {
				row = append(row, string(b.Columns[c].AppendText(nil, i)))
			}
			rows = append(rows, strings.Join(row, "|"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows, src
}

func TestTables(t *testing.T) {
	path := base(t, "CREATE TABLE b (rowid TEXT, x REAL, at DATETIME)", "CREATE TABLE a (n INTEGER PRIMARY KEY)", "CREATE VIEW v AS SELECT * FROM a",
		"INSERT INTO b VALUES ('z', 1.5, '2024-01-02 03:04:05'), ('00501', 2, NULL), ('k', 9007199254740993, '2024-01-03')")
	names, err := Tables(t.Context(), path)
	if err != nil || fmt.Sprint(names) != "[a b]" {
		t.Errorf("tables %v (%v)", names, err)
	}
	rows, src := scan(t, path+"#b", table.Options{})
	if got, want := strings.Join(rows, "\n"), "z|1.5|2024-01-02 03:04:05\n00501|2|\nk|9.007199254740992e+15|2024-01-03"; got != want {
		t.Errorf("rows %q, want %q", got, want)
	}
	if got := fmt.Sprint(src.Schema()); got != "[{rowid string  TEXT} {x raw  REAL} {at raw  DATETIME}]" {
		t.Errorf("schema %s", got)
	}
	for inside, want := range map[string]string{"": "2 tables: name one with # behind the path: a, b", "#v": `no table "v"`, "#c": `no table "c"`} {
		if _, err := open(t.Context(), path+inside, table.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", inside, err, want)
		}
	}
	if rows, _ := scan(t, path+"#a", table.Options{}); len(rows) != 0 {
		t.Errorf("an empty table has rows %q", rows)
	}
}

func TestToolsDatabasesAreNoData(t *testing.T) {
	for _, file := range []string{"current.db", "old.db"} {
		path := "../../../testdata/formats/mlflowdb/" + file
		if names, err := Tables(t.Context(), path); err != nil || len(names) > 0 {
			t.Errorf("%s: %v (%v)", file, names, err)
		}
		if _, err := open(t.Context(), path, table.Options{}); err == nil || !strings.Contains(err.Error(), "no table of data") {
			t.Errorf("%s: %v", file, err)
		}
	}
	optuna := base(t, "CREATE TABLE studies (study_id INTEGER)", "CREATE TABLE trials (trial_id INTEGER)", "CREATE TABLE trial_params (p REAL)")
	if names, err := Tables(t.Context(), optuna); err != nil || len(names) > 0 {
		t.Errorf("Optuna's: %v (%v)", names, err)
	}
}

// Pages far inside a long table are reached by marks, with holes in the rowids.
func TestPagesOfALongTable(t *testing.T) {
	path := base(t, "CREATE TABLE t (n INTEGER)", fmt.Sprintf("WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < %d) INSERT INTO t SELECT n FROM c", 3*stride),
		"DELETE FROM t WHERE n % 3 = 1")
	src, err := open(t.Context(), path, table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	kept := 2*stride + 1
	for _, from := range []int{kept - 2, 0, stride, stride - 1, kept - 1, kept, kept + stride, 7} {
		b, err := src.Rows(context.Background(), int64(from), 3)
		if err != nil || b.N != min(3, max(0, kept-from)) {
			t.Fatalf("%d rows from %d on (%v)", b.N, from, err)
		}
		for i := range b.N {
			k := from + i
			if got, want := string(b.Columns[0].Bytes(i)), fmt.Sprint(k/2*3+k%2*2); got != want {
				t.Errorf("row %d is %s, want %s", k, got, want)
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	raw, err := os.ReadFile("../../../testdata/formats/table/keyed.sqlite")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add(raw[:4096])
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(t.TempDir(), "x.db")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		src, err := open(t.Context(), path, table.Options{})
		if err != nil {
			return
		}
		defer src.Close()
		rows := 0
		err = table.Scan(t.Context(), src, func(b *table.Batch) error {
			if rows += b.N; rows > 1<<16 {
				return context.Canceled
			}
			return nil
		})
		if err != nil && err.Error() == "" {
			t.Error("an error without a word")
		}
	})
}

func BenchmarkScan(b *testing.B) {
	path := base(b, "CREATE TABLE t (n INTEGER, x REAL, s TEXT)", "WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < 50000) INSERT INTO t SELECT n, n / 7.0, 'row ' || n FROM c")
	for b.Loop() {
		if rows, _ := scan(b, path, table.Options{}); len(rows) != 50_001 {
			b.Fatal(len(rows))
		}
	}
	b.ReportMetric(50_001*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
