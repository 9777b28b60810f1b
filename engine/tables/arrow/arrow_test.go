package arrow

import (
	"context"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pace/engine/table"
)

const fixtures = "../../../testdata/formats/table"

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(fixtures, name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func openBytes(t testing.TB, raw []byte) (table.Source, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.arrow")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(context.Background(), path, table.Options{})
}

// FuzzOpen reads anything that calls itself Arrow: an error or rows, never a panic.
func FuzzOpen(f *testing.F) {
	for _, name := range []string{"dictionary.arrows", "types_zstd.arrow"} {
		raw := fixture(f, name)
		f.Add(raw)
		f.Add(raw[:len(raw)/2])
	}
	f.Add([]byte("ARROW1\x00\x00\xff\xff\xff\x7fARROW1"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		src, err := openBytes(t, raw)
		if err != nil {
			return
		}
		defer src.Close()
		rows := 0
		err = table.Scan(context.Background(), src, func(b *table.Batch) error {
			if rows += b.N; rows > 1<<20 {
				return context.Canceled
			}
			return nil
		})
		if err != nil && err.Error() == "" {
			t.Error("an error without a word")
		}
	})
}

func TestLyingLengths(t *testing.T) {
	raw := fixture(t, "types_plain.arrow")
	binary.LittleEndian.PutUint32(raw[len(raw)-10:], math.MaxUint32)
	if _, err := openBytes(t, raw); err == nil || !strings.Contains(err.Error(), "footer of 4294967295 bytes") {
		t.Errorf("error %v", err)
	}
	stream := fixture(t, "dictionary.arrows")
	binary.LittleEndian.PutUint32(stream[4:], math.MaxInt32)
	if _, err := openBytes(t, stream); err == nil || !strings.Contains(err.Error(), "metadata of 2147483655 bytes") {
		t.Errorf("error %v", err)
	}
	if _, err := openBytes(t, []byte("FEA1\x00\x00\x00\x00FEA1")); err == nil || !strings.Contains(err.Error(), "Feather version 1") {
		t.Errorf("error %v", err)
	}
	for _, codec := range []int{0, 1} {
		bomb := binary.LittleEndian.AppendUint64(nil, 1<<62)
		if _, err := decompress(append(bomb, make([]byte, 100)...), codec); err == nil || !strings.Contains(err.Error(), "buffer of 4611686018427387904 bytes") {
			t.Errorf("error %v", err)
		}
	}
}

// The texts are rows of testdata/make/table_arrow.py and table_parquet.py.
func TestNestedText(t *testing.T) {
	names := []string{"list", "struct", "structs", "pair", "map", "big", "colour"}
	for _, file := range []string{"types_plain.arrow", "types_lz4.feather", "types_zstd.arrow"} {
		src, err := open(context.Background(), filepath.Join(fixtures, file), table.Options{Columns: names})
		if err != nil {
			t.Fatal(err)
		}
		b, err := src.Rows(context.Background(), 48, 60)
		if err != nil {
			t.Fatal(err)
		}
		for row, want := range map[int][]string{
			53: {"[0]", "{x: 26.5, y: 53}", "[{x: 1, y: 53}, {x: 1, y: 53}]", "[53, 54]", "[{key: a, value: 53}, {key: b, value: null}]", "[x53, x53]", "blue"},
			75: {"[0, 1, 2]", "{x: 37.5, y: 75}", "[]", "[75, 76]", "[{key: a, value: 75}, {key: b, value: null}]", "[]", "red"},
			72: {"", "", "[]", "", "[{key: a, value: 72}, {key: b, value: null}]", "[]", "red"},
		} {
			for c, name := range names {
				col := &b.Columns[src.Schema().Index(name)]
				if got := string(col.AppendText(nil, row-48)); got != want[c] || col.Missing(row-48) != (want[c] == "") {
					t.Errorf("%s: row %d of %s is %q, want %q", file, row, name, got, want[c])
				}
			}
		}
		src.Close()
	}
}

func TestDictionaryStaysOne(t *testing.T) {
	src, err := open(context.Background(), filepath.Join(fixtures, "types_plain.arrow"), table.Options{Columns: []string{"colour"}})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	err = table.Scan(context.Background(), src, func(b *table.Batch) error {
		if c := &b.Columns[0]; len(c.IDs) != b.N || len(c.Start) != 3 {
			t.Errorf("%d ids for %d rows, %d texts", len(c.IDs), b.N, len(c.Start))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func BenchmarkScan(b *testing.B) {
	path := filepath.Join(fixtures, "rows.arrow")
	for b.Loop() {
		src, err := open(b.Context(), path, table.Options{})
		if err != nil {
			b.Fatal(err)
		}
		rows := 0
		if err := table.Scan(b.Context(), src, func(batch *table.Batch) error { rows += batch.N; return nil }); err != nil || rows != 14_000 {
			b.Fatal(rows, err)
		}
		src.Close()
		b.SetBytes(int64(rows) * 5 * 8)
	}
}
