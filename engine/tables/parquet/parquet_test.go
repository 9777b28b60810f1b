package parquet

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pace/engine/table"
)

const fixtures = "../../../testdata/formats/table"

// FuzzOpen reads anything that calls itself Parquet: an error or rows, never a panic.
func FuzzOpen(f *testing.F) {
	for _, name := range []string{"encodings.parquet", "no_rows.parquet"} {
		raw, err := os.ReadFile(filepath.Join(fixtures, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
		f.Add(raw[:len(raw)/2])
	}
	f.Add([]byte("PAR1\xff\xff\xff\x7fPAR1"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(t.TempDir(), "x.parquet")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		src, err := open(context.Background(), path, table.Options{})
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

func TestLyingFooterLength(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(fixtures, "encodings.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	binary.LittleEndian.PutUint32(raw[len(raw)-8:], math.MaxUint32)
	path := filepath.Join(t.TempDir(), "x.parquet")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(context.Background(), path, table.Options{}); err == nil || !strings.Contains(err.Error(), "footer of 4294967295 bytes") {
		t.Errorf("error %v", err)
	}
}

func TestNestedText(t *testing.T) {
	src, err := open(context.Background(), filepath.Join(fixtures, "types_zstd.parquet"), table.Options{Columns: []string{"list", "struct", "structs"}})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	b, err := src.Rows(context.Background(), 0, 8)
	if err != nil {
		t.Fatal(err)
	}
	// rows of testdata/make/table_parquet.py: list(range(r % 4)), {x: r/2, y: r}, [{x: 1, y: r}] * (r % 3)
	for row, want := range map[int][3]string{1: {"[0]", "{x: 0.5, y: 1}", "{x: [1], y: [1]}"}, 3: {"[0, 1, 2]", "{x: 1.5, y: 3}", "{x: [], y: []}"},
		2: {"[0, 1]", "{x: 1, y: 2}", "{x: [1, 1], y: [2, 2]}"}} {
		for c, w := range want {
			if got := string(b.Columns[c].Bytes(row)); got != w {
				t.Errorf("row %d column %d is %q, want %q", row, c, got, w)
			}
		}
	}
}

// Levels come as indexes of one dictionary for each row group; words, whose dictionary has overflowed, come as indexes at first.
func TestDictionaryStaysOne(t *testing.T) {
	src, err := open(context.Background(), filepath.Join(fixtures, "row_groups.parquet"), table.Options{Columns: []string{"level", "word"}})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	dicts, own, row := map[uint64]int{}, 0, 0
	err = table.Scan(context.Background(), src, func(b *table.Batch) error {
		level, word := &b.Columns[0], &b.Columns[1]
		dicts[level.Dict] = len(level.Start)
		if len(level.IDs) != b.N {
			t.Errorf("row %d: %d indexes for %d rows", row, len(level.IDs), b.N)
		}
		if word.IDs == nil {
			own++
		}
		for i := range b.N { // as in testdata/make/table_parquet.py
			want := fmt.Sprintf("w%d", row)
			if row < 7000 {
				want = fmt.Sprintf("w%d", row%3000)
			}
			if got := string(word.Bytes(i)); got != want {
				return fmt.Errorf("row %d is %q, want %q", row, got, want)
			}
			if want := fmt.Sprintf("level %d", row*row%7); level.Missing(i) != (row%97 == 0) || !level.Missing(i) && string(level.Bytes(i)) != want {
				return fmt.Errorf("row %d is %q, want %q", row, level.Bytes(i), want)
			}
			row++
		}
		return nil
	})
	if err != nil || row != 14_000 {
		t.Errorf("%d rows: %v", row, err)
	}
	if len(dicts) != 3 || dicts[0] > 0 || own == 0 {
		t.Errorf("dictionaries %v, %d batches of words without", dicts, own)
	}
}

func BenchmarkScan(b *testing.B) {
	path := filepath.Join(fixtures, "row_groups.parquet")
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
	}
	b.ReportMetric(14_000*5*float64(b.N)/b.Elapsed().Seconds(), "cells/s")
}
