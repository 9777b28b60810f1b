// Package parquet reads Parquet files as a table source, a row group at a time and a page of each column in memory.
// It must not know what is computed from the rows, nor write Parquet.
package parquet

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/parquet-go/parquet-go"

	"pace/engine/table"
)

// Format is Apache Parquet.
var Format = table.Format{Name: "parquet", Claim: claim, Open: open}

func claim(path string, head []byte) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".parquet", ".pq", ".parq":
		return true
	}
	return bytes.HasPrefix(head, []byte("PAR1"))
}

const (
	maxFooter  = 256 << 20
	maxColumns = 1 << 17
	bufferSize = 256 << 10
)

var errShort = errors.New("not a whole Parquet file")

func open(_ context.Context, path string, opts table.Options) (table.Source, error) {
	raw, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open table: %w", err)
	}
	s := &source{path: path, opts: opts, raw: raw}
	if err := guard(s.begin); err != nil {
		raw.Close()
		return nil, fmt.Errorf("open table: %w", &table.Error{Path: path, Row: -1, Err: err})
	}
	return s, nil
}

// guard turns a panic of the decoder over corrupt bytes into an error.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("corrupt file: %v", r)
		}
	}()
	return f()
}

// source is an opened file. Row counts of the footer are believed only as far as the pages bear them out.
type source struct {
	path   string
	opts   table.Options
	raw    *os.File
	file   *parquet.File
	size   int64
	schema table.Schema
	fields []field
	next   int // row group that Next gives out
	done   int64
}

// checkFooter refuses a footer length that the file can't hold before anyone allocates it.
func (s *source) checkFooter() error {
	var tail [8]byte
	if s.size < 12 {
		return errShort
	}
	if _, err := s.raw.ReadAt(tail[:], s.size-8); err != nil {
		return fmt.Errorf("read footer: %w", err)
	}
	if n := int64(binary.LittleEndian.Uint32(tail[:])); n > s.size-12 || n > maxFooter {
		return fmt.Errorf("%w: footer of %d bytes", errShort, n)
	}
	return nil
}

func (s *source) begin() error {
	stat, err := s.raw.Stat()
	if err != nil {
		return err
	}
	s.size = stat.Size()
	if err := s.checkFooter(); err != nil {
		return err
	}
	s.file, err = parquet.OpenFile(s.raw, s.size, parquet.SkipBloomFilters(true), parquet.ReadBufferSize(bufferSize))
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, c := range s.opts.Columns {
		wanted[c] = true
	}
	for _, c := range s.file.Root().Columns() {
		if len(wanted) > 0 && !wanted[c.Name()] {
			continue
		}
		f := newField(c)
		s.fields = append(s.fields, f)
		s.schema = append(s.schema, f.Field)
	}
	for _, c := range s.opts.Columns {
		if s.schema.Index(c) < 0 {
			return fmt.Errorf("no column %q", c)
		}
	}
	if len(s.schema) > maxColumns {
		return fmt.Errorf("more than %d columns", maxColumns)
	}
	return nil
}

// Schema is the top-level fields; groups and repeated fields are nested.
func (s *source) Schema() table.Schema { return s.schema }

// Info has the footer's row count.
func (s *source) Info() table.Info {
	return table.Info{Format: Format.Name, Bytes: s.size, Rows: s.file.NumRows()}
}

// Close closes the file.
func (s *source) Close() error { return s.raw.Close() }

// Next gives out the next row group.
func (s *source) Next(ctx context.Context) (table.Part, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	groups := s.file.RowGroups()
	if s.next >= len(groups) {
		return nil, io.EOF
	}
	p := &part{source: s, group: s.next}
	if s.opts.Progress != nil {
		for _, c := range s.file.Metadata().RowGroups[s.next].Columns {
			s.done += max(c.MetaData.TotalCompressedSize, 0)
		}
		s.opts.Progress(min(s.done, s.size), s.size)
	}
	s.next++
	return p, nil
}

// part is one row group.
type part struct {
	source *source
	group  int
}

const batchRows = 4096

// Decode reads the row group column by column, a batch at a time.
func (p *part) Decode(ctx context.Context, b *table.Batch, yield func(*table.Batch) error) error {
	var stop error // what yield said comes back as it is
	err := guard(func() error {
		r, err := p.source.reader(p.group, 0)
		if err != nil {
			return err
		}
		defer r.close()
		for row := int64(0); row < r.rows; row += int64(b.N) {
			if err := ctx.Err(); err != nil {
				stop = err
				return nil
			}
			if err := r.fill(b, int(min(batchRows, r.rows-row))); err != nil {
				return err
			}
			b.First = row
			if stop = yield(b); stop != nil {
				return nil
			}
		}
		return r.ended()
	})
	if err != nil {
		return &table.Error{Path: p.source.path, Row: -1, Err: fmt.Errorf("row group %d: %w", p.group, err)}
	}
	return stop
}

// Rows reads a page of rows by seeking in each column.
func (s *source) Rows(ctx context.Context, from int64, n int) (*table.Batch, error) {
	out := &table.Batch{First: from, Columns: make([]table.Column, len(s.fields))}
	if from < 0 || n <= 0 {
		return out, nil
	}
	var first int64
	for g, group := range s.file.RowGroups() {
		rows := group.NumRows()
		if skip := from + int64(out.N) - first; skip < rows && out.N < n {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			err := guard(func() error { return s.page(out, g, skip, int(min(int64(n-out.N), rows-skip))) })
			if err != nil {
				return nil, &table.Error{Path: s.path, Row: from, Err: err}
			}
		}
		first += rows
	}
	return out, nil
}

// page appends n rows of a row group to out.
func (s *source) page(out *table.Batch, group int, skip int64, n int) error {
	r, err := s.reader(group, skip)
	if err != nil {
		return err
	}
	defer r.close()
	var b table.Batch
	if err := r.fill(&b, n); err != nil {
		return err
	}
	out.Append(&b, 0, n)
	return nil
}
