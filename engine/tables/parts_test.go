package tables

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pace/engine/table"
	"pace/engine/table/tabletest"
)

// folder writes files below a new folder.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func rows(t testing.TB, src table.Source) (out []string) {
	t.Helper()
	err := table.Scan(t.Context(), src, func(b *table.Batch) error {
		if b.First != int64(len(out)) {
			t.Errorf("batch begins at row %d, want %d", b.First, len(out))
		}
		out = append(out, texts(b)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func texts(b *table.Batch) (out []string) {
	for i := range b.N {
		var row []string
		for c := range b.Columns {
			cell := string(b.Columns[c].AppendText(nil, i))
			if b.Columns[c].Missing(i) {
				cell = "-"
			}
			row = append(row, cell)
		}
		out = append(out, strings.Join(row, " "))
	}
	return out
}

func TestPartsAreOneDataset(t *testing.T) {
	dir := folder(t, map[string]string{"part-2.csv": "a,b\n1,x\n2,y\n", "part-10.csv": "b,c\nz,7\n", "deep/part-1.csv": "a,b,c\n0,w,5\n", "_SUCCESS": "",
		".hidden.csv": "q\n1\n", "notes.md": "#"})
	for path, want := range map[string]string{dir: "0 w 5|1 x -|2 y -|- z 7", filepath.Join(dir, "part-*.csv"): "1 x -|2 y -|- z 7"} {
		src, err := Open(t.Context(), path, table.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(rows(t, src), "|"); got != want {
			t.Errorf("%s: rows %q, want %q", path, got, want)
		}
		all := strings.Split(want, "|")
		for from := range len(all) + 1 {
			b, err := src.Rows(t.Context(), int64(from), 2)
			if got := fmt.Sprint(texts(b)); err != nil || got != fmt.Sprint(all[from:min(from+2, len(all))]) {
				t.Errorf("%s: rows from %d are %s (%v)", path, from, got, err)
			}
		}
		if err := src.Close(); err != nil {
			t.Error(err)
		}
	}
	src, err := Open(t.Context(), dir, table.Options{Columns: []string{"c"}})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if got := fmt.Sprint(rows(t, src)); got != "[5 - - 7]" {
		t.Errorf("column c is %s", got)
	}
	if _, err := Open(t.Context(), dir, table.Options{Columns: []string{"d"}}); err == nil || !strings.Contains(err.Error(), `no column "d"`) {
		t.Errorf("error %v", err)
	}
}

// The suite holds for parts of every format: the same file three times is a dataset with three times its rows.
func TestPartsConform(t *testing.T) {
	for _, name := range []string{"flights.csv.gz", "types_zstd.parquet", "ragged.jsonl", "types_plain.arrow", "weather.db"} {
		f, err := Find(filepath.Join(fixtures, name))
		if err != nil {
			t.Fatal(err)
		}
		tabletest.Conform(t, table.Format{Name: f.Name, Claim: f.Claim, Open: func(ctx context.Context, path string, o table.Options) (table.Source, error) {
			return table.Parts(ctx, f.Open, []string{path, path, path}, o)
		}}, []string{filepath.Join(fixtures, name)})
	}
}

func TestPartsOfSeveralStorages(t *testing.T) {
	paths := []string{filepath.Join(fixtures, "types_zstd.parquet"), filepath.Join(fixtures, "iris.csv"), filepath.Join(fixtures, "types_plain.arrow")}
	src, err := table.Parts(t.Context(), openFile, paths, table.Options{Columns: []string{"i32", "at_us", "target"}})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	if got := rows(t, src); len(got) != 120+150+120 || got[1] != "1 2024-01-01T19:30:15.00025Z -" || got[120] != "- - 0" || got[271] != got[1] {
		t.Errorf("%d rows: %q, %q, %q", len(got), got[1], got[120], got[271])
	}
}

func TestExpandRefuses(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"several formats": {"a.csv": "a\n1\n", "b.jsonl": "{\"a\":1}\n"}, "a table of Delta": {"a.csv": "a\n", "_delta_log/0.json": "{}"},
		"a table of Iceberg": {"data/a.csv": "a\n", "metadata/v1.metadata.json": "{}"}, "no known table format": {"a.md": ""},
	} {
		if _, _, err := Expand(folder(t, files)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, ok, err := Expand(filepath.Join(t.TempDir(), "x*.csv")); !ok || !errors.Is(err, ErrUnknown) {
		t.Errorf("an empty glob: %v", err)
	}
}

func TestSeries(t *testing.T) {
	got := Series([]string{"2013-07-02.jsonl", "2013-07-10.jsonl", "2013-07-01.jsonl", "iris.csv", "wine.csv", "v1.csv", "v2.csv", "p[1].csv", "p[2].csv", "p[10].csv"})
	want := `map[*-*-*.jsonl:[2013-07-01.jsonl 2013-07-02.jsonl 2013-07-10.jsonl] p\[*].csv:[p[1].csv p[2].csv p[10].csv]]`
	if fmt.Sprint(got) != want {
		t.Errorf("series %v, want %s", got, want)
	}
}

func TestSpool(t *testing.T) {
	for content, want := range map[string]string{"a,b\n1,2\n": "csv", `{"a":1}`: "jsonl", `[{"a":1}]`: "json", "{\"a\":1}\n{\"a\":2}\n": "jsonl"} {
		path, remove, err := Spool(t.Context(), strings.NewReader(content), 100)
		if err != nil {
			t.Fatal(err)
		}
		src, err := Open(t.Context(), path, table.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := src.Info().Format; got != want || len(rows(t, src)) == 0 {
			t.Errorf("%q is %s, want %s", content, got, want)
		}
		if err := errors.Join(src.Close(), remove()); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s is left: %v", path, err)
		}
	}
	for _, size := range []int{101, 3 << 20} {
		if _, _, err := Spool(t.Context(), bytes.NewReader(make([]byte, size)), 100); !errors.Is(err, ErrTooLong) {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}
