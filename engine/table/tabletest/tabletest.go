// Package tabletest holds what every table format must keep: parts, pages and columns agree, and no bytes make it panic.
// It must not know any particular format.
package tabletest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pace/engine/table"
)

// maxBroken bounds how many damaged copies of one sample are tried: every byte of a small one, fewer of a large one.
func maxBroken(size int) int {
	switch {
	case size > 20_000:
		return 20
	case size > 300:
		return 30
	}
	return 300
}

// Conform runs the suite for a format over files that it must be able to read.
func Conform(t *testing.T, f table.Format, samples []string) {
	t.Helper()
	if len(samples) == 0 {
		t.Fatalf("%s: no sample", f.Name)
	}
	for _, path := range samples {
		t.Run(filepath.Base(path), func(t *testing.T) {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !f.Claim(path, raw[:min(len(raw), 4096)]) {
				t.Errorf("%s does not claim it", f.Name)
			}
			rows := serial(t, f, path, table.Options{})
			parallel(t, f, path, rows)
			pages(t, f, path, rows)
			columns(t, f, path, rows)
			cancelled(t, f, path)
			broken(t, f, path, raw)
		})
	}
}

// open opens a sample that must open.
func open(t *testing.T, f table.Format, path string, o table.Options) table.Source {
	t.Helper()
	src, err := f.Open(context.Background(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	if info := src.Info(); info.Format != f.Name {
		t.Errorf("source is of format %q", info.Format)
	}
	return src
}

// text is row i of a batch, cell by cell.
func text(b *table.Batch, i int) []string {
	cells := make([]string, len(b.Columns))
	for c := range b.Columns {
		col := &b.Columns[c]
		cells[c] = fmt.Sprintf("%t %s", col.Missing(i), col.AppendText(nil, i))
	}
	return cells
}

// serial reads everything in order and checks the row numbers.
func serial(t *testing.T, f table.Format, path string, o table.Options) (rows [][]string) {
	t.Helper()
	src := open(t, f, path, o)
	err := table.Scan(context.Background(), src, func(b *table.Batch) error {
		if b.First != int64(len(rows)) {
			t.Errorf("batch begins at row %d, want %d", b.First, len(rows))
		}
		for i := range b.N {
			rows = append(rows, text(b, i))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := src.Next(context.Background()); !errors.Is(err, io.EOF) {
		t.Errorf("after the end: %v, want io.EOF", err)
	}
	return rows
}

// parallel reads with several workers: the same rows, part by part.
func parallel(t *testing.T, f table.Format, path string, want [][]string) {
	t.Helper()
	var each [3]map[int][][]string
	for i := range each {
		each[i] = map[int][][]string{}
	}
	err := table.ScanParallel(context.Background(), open(t, f, path, table.Options{}), len(each), func(w, part int, b *table.Batch) error {
		if b.First != int64(len(each[w][part])) {
			return fmt.Errorf("batch of part %d begins at row %d, want %d", part, b.First, len(each[w][part]))
		}
		for i := range b.N {
			each[w][part] = append(each[w][part], text(b, i))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	var rows [][]string
	for part := 0; ; part++ {
		got, ok := each[part%len(each)][part]
		if !ok {
			break
		}
		rows = append(rows, got...)
	}
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("%d rows in parallel differ from %d in order", len(rows), len(want))
	}
}

// pages reads pages here and there.
func pages(t *testing.T, f table.Format, path string, want [][]string) {
	t.Helper()
	src := open(t, f, path, table.Options{})
	rng := rand.New(rand.NewPCG(1, uint64(len(want))))
	for range 30 {
		from, n := rng.IntN(len(want)+3), 1+rng.IntN(40)
		b, err := src.Rows(context.Background(), int64(from), n)
		if err != nil {
			t.Fatal(err)
		}
		var got [][]string
		for i := range b.N {
			got = append(got, text(b, i))
		}
		lo := min(from, len(want))
		if page := want[lo:min(lo+n, len(want))]; fmt.Sprint(got) != fmt.Sprint(page) {
			t.Fatalf("rows %d+%d are %q, want %q", from, n, got, page)
		}
	}
}

// columns reads one column alone.
func columns(t *testing.T, f table.Format, path string, want [][]string) {
	t.Helper()
	schema := open(t, f, path, table.Options{}).Schema()
	last := len(schema) - 1
	for i, row := range serial(t, f, path, table.Options{Columns: []string{schema[last].Name}}) {
		if len(row) != 1 || row[0] != want[i][last] {
			t.Fatalf("row %d of column %q alone is %q, want %q", i, schema[last].Name, row, want[i][last])
		}
	}
	if src, err := f.Open(context.Background(), path, table.Options{Columns: []string{"no such column"}}); err == nil {
		src.Close()
		t.Error("a column that is not there is no error")
	}
}

// cancelled asks with a context that has ended.
func cancelled(t *testing.T, f table.Format, path string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	src := open(t, f, path, table.Options{})
	cancel()
	if _, err := src.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("next part under a cancelled context: %v", err)
	}
}

// broken reads copies that are cut short or have a byte changed: an error or fewer rows, never a panic.
func broken(t *testing.T, f table.Format, path string, raw []byte) {
	t.Helper()
	dir := t.TempDir()
	rng := rand.New(rand.NewPCG(2, uint64(len(raw))))
	var cuts []int
	for n := 0; n < len(raw); n += max(1, len(raw)/maxBroken(len(raw))) {
		cuts = append(cuts, n)
	}
	damaged := filepath.Join(dir, filepath.Base(path))
	for _, n := range cuts {
		try(t, f, damaged, raw[:n])
	}
	for range min(maxBroken(len(raw)), 60) {
		wrong := slices.Clone(raw)
		for range 1 + rng.IntN(3) {
			wrong[rng.IntN(len(wrong))] = byte(rng.Uint32())
		}
		try(t, f, damaged, wrong)
	}
	try(t, f, damaged, bytes.Repeat([]byte{0xff}, 5000))
}

// try reads whatever it can.
func try(t *testing.T, f table.Format, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	src, err := f.Open(ctx, path, table.Options{MaxRecord: 1 << 20})
	if err != nil {
		return
	}
	defer src.Close()
	for range 1000 {
		part, err := src.Next(ctx)
		if err != nil {
			break
		}
		var b table.Batch
		err = part.Decode(ctx, &b, func(b *table.Batch) error {
			for i := range b.N {
				text(b, i)
			}
			return nil
		})
		if err != nil {
			break
		}
	}
	if _, err := src.Rows(ctx, 3, 5); err != nil && err.Error() == "" {
		t.Error("an error without a word")
	}
}
