// Package arrow reads Arrow IPC files (Feather version 2) and streams as a table source, a window of each buffer in memory.
// It must not know what is computed from the rows, nor write Arrow.
package arrow

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"pace/engine/table"
)

// Format is Arrow's interprocess format, in a file or a stream.
var Format = table.Format{Name: "arrow", Claim: claim, Open: open}

var magic = []byte("ARROW1")

func claim(path string, head []byte) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".arrow", ".arrows", ".feather", ".ipc":
		return true
	}
	return bytes.HasPrefix(head, magic)
}

const maxMetadata = 256 << 20

var (
	errShort  = errors.New("not a whole Arrow file")
	errOldest = errors.New("this is Feather version 1: write it again as version 2")
	errEndian = errors.New("numbers are big-endian")
)

// block is the place of a message: its metadata, and the body behind it.
type block struct {
	meta, body   int64
	metaN, bodyN int64
}

// source is an opened file.
type source struct {
	path   string
	opts   table.Options
	raw    *os.File
	size   int64
	schema table.Schema
	fields []*node
	keep   []bool
	layout
	next  int
	dicts dictionaries
}

// layout is where the messages are.
type layout struct {
	batches []block
	seen    []int // how many dictionary messages come before each batch
	words   []block
	ranks   []int64 // rows before each batch, and at the end
}

// dictionaries are the ones that have been read.
type dictionaries struct {
	sync.Mutex
	read map[[2]int64]*table.Column // by identity and the number of messages that count
}

func open(_ context.Context, path string, opts table.Options) (table.Source, error) {
	raw, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open table: %w", err)
	}
	s := &source{path: path, opts: opts, raw: raw}
	if err := parse(s.begin); err != nil {
		raw.Close()
		return nil, fmt.Errorf("open table: %w", &table.Error{Path: path, Row: -1, Err: err})
	}
	return s, nil
}

func (s *source) begin() error {
	stat, err := s.raw.Stat()
	if err != nil {
		return err
	}
	s.size = stat.Size()
	s.dicts.read = map[[2]int64]*table.Column{}
	var head [8]byte
	if _, err := s.raw.ReadAt(head[:], 0); err != nil {
		return errShort
	}
	switch {
	case bytes.HasPrefix(head[:], magic):
		err = s.footer()
	case bytes.HasPrefix(head[:], []byte("FEA1")):
		err = errOldest
	default:
		err = s.walk()
	}
	if err != nil {
		return err
	}
	if err := s.choose(); err != nil {
		return err
	}
	return s.count()
}

// read is n bytes of the file, which must have them.
func (s *source) read(at, n int64) ([]byte, error) {
	if at < 0 || n < 0 || n > s.size-at {
		return nil, errShort
	}
	b := make([]byte, n)
	if _, err := s.raw.ReadAt(b, at); err != nil {
		return nil, err
	}
	return b, nil
}

// footer finds schema and messages of a file (File.fbs).
func (s *source) footer() error {
	tail, err := s.read(s.size-10, 10)
	if err != nil || !bytes.Equal(tail[4:], magic) {
		return errShort
	}
	n := int64(binary.LittleEndian.Uint32(tail))
	if n > maxMetadata {
		return fmt.Errorf("%w: footer of %d bytes", errShort, n)
	}
	b, err := s.read(s.size-10-n, n)
	if err != nil {
		return fmt.Errorf("%w: footer of %d bytes", errShort, n)
	}
	f := root(b)
	if err := s.begun(f.object(1)); err != nil {
		return err
	}
	s.words, s.batches = blocks(f, 2), blocks(f, 3)
	for range s.batches {
		s.seen = append(s.seen, len(s.words))
	}
	return nil
}

func blocks(f object, n int) (out []block) {
	pos, length := f.vector(n, 24)
	for i := range length {
		at := pos + 24*i
		b := block{meta: f.i64(at), metaN: int64(f.i32(at + 8)), bodyN: f.i64(at + 16)}
		b.body = b.meta + b.metaN
		out = append(out, b)
	}
	return out
}

// walk finds schema and messages of a stream, one after the other.
func (s *source) walk() error {
	for at := int64(0); at+8 <= s.size; {
		head, err := s.read(at, 8)
		if err != nil {
			return err
		}
		b := block{meta: at, metaN: int64(binary.LittleEndian.Uint32(head[4:])) + 8}
		if binary.LittleEndian.Uint32(head) != 0xffffffff {
			b.metaN = int64(binary.LittleEndian.Uint32(head)) + 4 // before version 0.15
		}
		if b.metaN <= 8 {
			break
		}
		m, err := s.message(b)
		if err != nil {
			return err
		}
		b.body, b.bodyN = at+b.metaN, m.long(3)
		if b.bodyN < 0 || b.bodyN > s.size-b.body {
			return errShort
		}
		if err := s.place(m, b); err != nil {
			return err
		}
		at = b.body + b.bodyN
	}
	if s.fields == nil {
		return errShort
	}
	return nil
}

// Kinds of messages (Message.fbs).
const (
	headerSchema     = 1
	headerDictionary = 2
	headerBatch      = 3
)

// place files a message of a stream.
func (s *source) place(m object, b block) error {
	switch m.byte(1) {
	case headerSchema:
		if s.fields != nil {
			return errMetadata
		}
		return s.begun(m.object(2))
	case headerDictionary:
		s.words = append(s.words, b)
	case headerBatch:
		s.batches, s.seen = append(s.batches, b), append(s.seen, len(s.words))
	}
	return nil
}

// message reads the metadata of a block.
func (s *source) message(b block) (object, error) {
	if b.metaN > maxMetadata || b.metaN < 8 {
		return object{}, fmt.Errorf("%w: metadata of %d bytes", errShort, b.metaN)
	}
	raw, err := s.read(b.meta, b.metaN)
	if err != nil {
		return object{}, err
	}
	if binary.LittleEndian.Uint32(raw) == 0xffffffff {
		return root(raw[8:]), nil
	}
	return root(raw[4:]), nil
}

// begun reads the schema.
func (s *source) begun(o object) error {
	if o.short(0, 0) != 0 {
		return errEndian
	}
	fields := o.objects(1)
	if len(fields) > maxColumns {
		return fmt.Errorf("more than %d columns", maxColumns)
	}
	s.fields = []*node{}
	for _, f := range fields {
		n, err := newNode(f, 0)
		if err != nil {
			return err
		}
		s.fields = append(s.fields, n)
	}
	return nil
}

// choose keeps the wanted columns.
func (s *source) choose() error {
	for _, n := range s.fields {
		wanted := len(s.opts.Columns) == 0 || slices.Contains(s.opts.Columns, n.Name)
		s.keep = append(s.keep, wanted)
		if wanted {
			s.schema = append(s.schema, n.Field)
		}
	}
	for _, c := range s.opts.Columns {
		if s.schema.Index(c) < 0 {
			return fmt.Errorf("no column %q", c)
		}
	}
	return nil
}

// count adds up the rows that the batches claim. Columns of nulls need no bytes, so that a claim is bounded by the file's size.
func (s *source) count() error {
	var total int64
	s.ranks = []int64{0}
	for i, b := range s.batches {
		m, err := s.message(b)
		if err != nil {
			return fmt.Errorf("batch %d: %w", i, err)
		}
		n := m.object(2).long(0)
		if n < 0 || n > 1<<20+64*s.size || m.byte(1) != headerBatch {
			return fmt.Errorf("batch %d: %w: %d rows", i, errMetadata, n)
		}
		total += n
		s.ranks = append(s.ranks, total)
	}
	return nil
}

// Schema is the top-level fields.
func (s *source) Schema() table.Schema { return s.schema }

// Info has the rows that the batches claim.
func (s *source) Info() table.Info {
	return table.Info{Format: Format.Name, Bytes: s.size, Rows: s.ranks[len(s.ranks)-1]}
}

// Close closes the file.
func (s *source) Close() error { return s.raw.Close() }

// Next gives out the next batch of the file.
func (s *source) Next(ctx context.Context) (table.Part, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if s.next >= len(s.batches) {
		return nil, io.EOF
	}
	b := s.batches[s.next]
	if s.opts.Progress != nil {
		s.opts.Progress(min(b.body+b.bodyN, s.size), s.size)
	}
	s.next++
	return &part{s, s.next - 1}, nil
}
