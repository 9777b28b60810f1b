package text

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"pace/engine/table"
)

// BlockSize is about how much text a part holds.
const BlockSize = 4 << 20

// DefaultLimit is the longest record in bytes unless Options.MaxRecord says otherwise.
const DefaultLimit = 64 << 20

// Splitter fills batches from the text of whole records; each goroutine has its own.
type Splitter interface {
	// Reset begins a new text; line is the line of the file at which it begins.
	Reset(text []byte, line int64)
	// Fill splits records from an offset on into b, a batch full at most, and returns the offset after them.
	Fill(b *table.Batch, at int) int
}

// Layout is what a format has settled when it has looked at the head of its text.
type Layout struct {
	Path     string
	Schema   table.Schema
	Start    int64 // offset of the first record in the text
	Line     int64 // line of the file there
	Limit    int   // longest record in bytes
	Progress func(done, total int64)
	Shape
}

// Shape is what a record looks like.
type Shape struct {
	// Cut is the offset just past the last whole record of a text that begins at one, -1 when none ends in it; done tells that
	// what follows is no record any more, to the end of the file.
	Cut  func(text []byte) (end int, done bool)
	Term byte // what ends a line
	New  func() Splitter
}

// Records streams parts of some 4 MiB that end at a record's end, and reads pages.
type Records struct {
	Layout
	reader *Reader
	stream
	free  chan []byte
	pages *pager
}

// stream is how far the reading has come.
type stream struct {
	carry []byte // text read and not yet given out; it begins at a record
	line  int64  // line of the file at which carry begins
	ended bool
}

// NewRecords goes on where a format has stopped: carry is what was read of the first record and behind it, ended tells that it
// is all there is. The reader is closed with the records.
func NewRecords(r *Reader, l Layout, carry []byte, ended bool) *Records {
	if l.Limit <= 0 {
		l.Limit = DefaultLimit
	}
	return &Records{Layout: l, reader: r, stream: stream{carry: carry, line: l.Line, ended: ended}, free: make(chan []byte, 8)}
}

// Fields is the schema.
func (s *Records) Fields() table.Schema { return s.Layout.Schema }

// Reader is the text, for what its file says of itself.
func (s *Records) Reader() *Reader { return s.reader }

// Close releases the file and the pager's.
func (s *Records) Close() error {
	var err error
	if s.pages != nil {
		err = s.pages.reader.Close()
	}
	return errors.Join(err, s.reader.Close())
}

// Next cuts the next part.
func (s *Records) Next(ctx context.Context) (table.Part, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	line := s.line
	data, err := s.stream.block(s.reader, &s.Layout, s.buffer(), BlockSize)
	if err != nil {
		if !errors.Is(err, io.EOF) {
			return nil, &table.Error{Path: s.Path, Row: -1, Line: line, Err: err}
		}
		return nil, err
	}
	if s.Progress != nil {
		s.Progress(s.reader.Done(), s.reader.Size)
	}
	return &part{records: s, data: data, line: line}, nil
}

// block returns whole records of about size bytes in buf's memory; io.EOF after the last.
func (s *stream) block(r *Reader, l *Layout, buf []byte, size int) ([]byte, error) {
	buf = append(buf, s.carry...)
	s.carry = s.carry[:0]
	for {
		if !s.ended && len(buf) < size {
			have := len(buf)
			if cap(buf) < size {
				buf = append(make([]byte, 0, size+size/8), buf...)
			}
			n, ended, err := r.Fill(buf[have:size])
			if err != nil {
				return nil, err
			}
			s.ended, buf = ended, buf[:have+n]
		}
		if s.ended {
			if len(buf) == 0 {
				return nil, io.EOF
			}
			s.line += int64(bytes.Count(buf, []byte{l.Term}))
			return buf, nil
		}
		end, done := l.Cut(buf)
		if done {
			s.ended, buf = true, buf[:max(end, 0)]
			continue
		}
		if end >= 0 {
			s.carry = append(s.carry[:0], buf[end:]...)
			s.line += int64(bytes.Count(buf[:end], []byte{l.Term}))
			return buf[:end], nil
		}
		if len(buf) >= l.Limit {
			return nil, fmt.Errorf("record is longer than %d bytes (is a quote left open?)", l.Limit)
		}
		size = min(2*len(buf), l.Limit)
	}
}

func (s *Records) buffer() []byte {
	select {
	case b := <-s.free:
		return b[:0]
	default:
		return nil
	}
}

// part is the text of some records.
type part struct {
	records *Records
	data    []byte
	line    int64
}

// scratch is a splitter that a goroutine keeps from part to part.
type scratch struct {
	owner *Records
	Splitter
}

// Decode splits the part batch by batch; the text goes back for reuse at the end.
func (p *part) Decode(ctx context.Context, b *table.Batch, yield func(*table.Batch) error) error {
	sc, ok := b.Scratch.(*scratch)
	if !ok || sc.owner != p.records {
		sc = &scratch{p.records, p.records.New()}
		b.Scratch = sc
	}
	sc.Reset(p.data, p.line)
	var row int64
	for at := 0; at < len(p.data); {
		at = sc.Fill(b, at)
		if b.N == 0 {
			break
		}
		b.First = row
		row += int64(b.N)
		if err := yield(b); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	select {
	case p.records.free <- p.data:
	default:
	}
	p.data = nil
	return nil
}
