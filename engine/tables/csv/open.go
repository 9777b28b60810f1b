// Package csv reads delimited text (CSV, TSV and kin, plain or compressed with gzip or zstd) as a table source.
// It must not know what the values mean beyond telling a header from data, nor who reads them.
package csv

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"pace/engine/table"
)

// Format is delimited text.
var Format = table.Format{Name: "csv", Claim: claim, Open: open}

func claim(path string, _ []byte) bool {
	name := strings.ToLower(filepath.Base(path))
	for _, packed := range []string{".gz", ".zst"} {
		name = strings.TrimSuffix(name, packed)
	}
	switch filepath.Ext(name) {
	case ".csv", ".tsv", ".tab", ".psv":
		return true
	}
	return false
}

const (
	headSize      = 256 << 10
	blockSize     = 4 << 20
	defaultRecord = 64 << 20
	maxColumns    = 1 << 17
	zstdWindow    = 128 << 20
)

var (
	errTooManyColumns = fmt.Errorf("more than %d columns", maxColumns)
	errNoHeader       = errors.New("no header: the file is empty")
	errUTF16          = errors.New("text is UTF-16: convert it to UTF-8")
)

// file is an opened file with its decompressor.
type file struct {
	*os.File
	text        io.Reader
	compression string
	read        int64 // bytes read of the file itself
	close       func()
}

// Read counts what the decompressor or the block reader takes from the file.
func (f *file) Read(b []byte) (int, error) {
	n, err := f.File.Read(b)
	f.read += int64(n)
	return n, err
}

// fill reads text until b is full or the text has ended.
func (f *file) fill(b []byte) (n int, ended bool, err error) {
	for n < len(b) {
		m, err := f.text.Read(b[n:])
		n += m
		if errors.Is(err, io.EOF) {
			return n, true, nil
		}
		if err != nil {
			return n, false, fmt.Errorf("read text: %w", err)
		}
	}
	return n, false, nil
}

func openFile(path string) (*file, error) {
	raw, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	f := &file{File: raw, close: func() {}}
	f.text = f
	var magic [4]byte
	n, err := io.ReadFull(raw, magic[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		raw.Close()
		return nil, err
	}
	if _, err := raw.Seek(0, io.SeekStart); err != nil {
		raw.Close()
		return nil, err
	}
	switch {
	case n >= 2 && magic[0] == 0x1f && magic[1] == 0x8b:
		f.compression = "gzip"
		f.text, err = gzip.NewReader(f)
	case n == 4 && bytes.Equal(magic[:], []byte{0x28, 0xb5, 0x2f, 0xfd}):
		f.compression = "zstd"
		var z *zstd.Decoder
		if z, err = zstd.NewReader(f, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdWindow)); err == nil {
			f.text, f.close = z, z.Close
		}
	}
	if err != nil {
		raw.Close()
		return nil, fmt.Errorf("decompress: %w", err)
	}
	return f, nil
}

// Close releases the decompressor and the file.
func (f *file) Close() error {
	f.close()
	return f.File.Close()
}

func open(_ context.Context, path string, opts table.Options) (table.Source, error) {
	s, err := newSource(path, opts)
	if err != nil {
		return nil, fmt.Errorf("open table: %w", err)
	}
	return s, nil
}

func newSource(path string, opts table.Options) (*source, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	s := &source{path: path, opts: opts}
	s.file, s.free = f, make(chan []byte, 8)
	s.limit, s.size = opts.MaxRecord, -1
	if s.limit <= 0 {
		s.limit = defaultRecord
	}
	if stat, err := f.Stat(); err == nil {
		s.size = stat.Size()
	}
	if err := s.begin(); err != nil {
		f.Close()
		return nil, &table.Error{Path: path, Row: -1, Err: err}
	}
	return s, nil
}

// begin reads the head, settles the dialect and leaves the rest of the head as the first carry.
func (s *source) begin() error {
	head := make([]byte, headSize)
	n, whole, err := s.file.fill(head)
	if err != nil {
		return err
	}
	head = head[:n]
	if bytes.HasPrefix(head, []byte{0xff, 0xfe}) || bytes.HasPrefix(head, []byte{0xfe, 0xff}) {
		return errUTF16
	}
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		s.skip = 3
		head = head[3:]
	}
	d := sniff(filepath.Base(s.path), head, whole, s.opts)
	for !whole && d.cut(head) < 0 {
		if len(head) > s.limit {
			return fmt.Errorf("the first record is longer than %d bytes", s.limit)
		}
		more := make([]byte, len(head))
		n, whole, err = s.file.fill(more)
		if err != nil {
			return err
		}
		head = append(head, more[:n]...)
	}
	if err := s.settle(d, head, whole); err != nil {
		return err
	}
	s.carry, s.ended = head[s.header:], whole
	s.line = 1 + int64(bytes.Count(head[:s.header], []byte{d.term}))
	return nil
}

// settle makes the schema from the first records.
func (s *source) settle(d dialect, head []byte, whole bool) error {
	records := d.records(head, whole, sniffRecords)
	if len(records) == 0 {
		return errNoHeader
	}
	header := s.opts.Header == table.HeaderYes || s.opts.Header == table.HeaderAuto && hasHeader(records)
	names := make([]string, 0, len(records[0]))
	if header {
		s.header = d.firstRecord(head)
		for _, n := range records[0] {
			names = append(names, string(n))
		}
		if w, _ := modalWidth(records[1:]); w == len(names)+1 {
			names = append([]string{""}, names...) // R writes row names without a header of their own
		}
	}
	if !header {
		w, _ := modalWidth(records)
		names = make([]string, w)
	}
	if len(names) > maxColumns {
		return errTooManyColumns
	}
	s.dialect, s.hasHeader = d, header
	return s.choose(names)
}

// choose keeps the wanted columns.
func (s *source) choose(names []string) error {
	wanted := map[string]bool{}
	for _, c := range s.opts.Columns {
		wanted[c] = true
	}
	for i, n := range names {
		if n == "" {
			n = fmt.Sprintf("Unnamed: %d", i)
		}
		if len(wanted) > 0 && !wanted[n] {
			s.keep = append(s.keep, -1)
			continue
		}
		s.keep = append(s.keep, len(s.schema))
		s.schema = append(s.schema, table.Field{Name: n, Storage: table.Raw})
	}
	for _, c := range s.opts.Columns {
		if s.schema.Index(c) < 0 {
			return fmt.Errorf("no column %q", c)
		}
	}
	return nil
}

// firstRecord is the offset after the first record that is not blank.
func (d *dialect) firstRecord(head []byte) int {
	p := newParser(*d, nil, 0)
	p.rows = 1
	p.reset(slices.Clip(head), 1)
	var b table.Batch
	return p.fill(&b, 0)
}
