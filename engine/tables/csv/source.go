package csv

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"pace/engine/table"
)

// source streams parts of some 4 MiB that end at a record end.
type source struct {
	path   string
	opts   table.Options
	schema table.Schema
	keep   []int
	place
	stream
	pages *pager
}

// place is what was settled about the file at opening.
type place struct {
	dialect
	hasHeader bool
	skip      int // bytes of the byte order mark
	header    int // bytes of the header after the mark
	size      int64
	limit     int
}

// stream is how far the reading has come.
type stream struct {
	file  *file
	carry []byte // text read and not yet given out; it begins at a record
	line  int64  // line of the file at which carry begins
	ended bool
	free  chan []byte
}

// Schema is one raw column for each name.
func (s *source) Schema() table.Schema { return s.schema }

// Info tells the dialect; rows are not known before the end.
func (s *source) Info() table.Info {
	term := "\n"
	if s.term == '\r' {
		term = "\r"
	}
	quote := ""
	if s.quote != 0 {
		quote = string(rune(s.quote))
	}
	return table.Info{Format: Format.Name, Bytes: s.size, Rows: -1, Dialect: &table.Dialect{Delimiter: string(rune(s.delim)), Quote: quote,
		Header: s.hasHeader, Terminator: term, Encoding: "utf-8", Compression: s.file.compression}}
}

// Close releases the file and the pager's.
func (s *source) Close() error {
	var err error
	if s.pages != nil {
		err = s.pages.Close()
	}
	return errors.Join(err, s.file.Close())
}

// Next cuts the next part.
func (s *source) Next(ctx context.Context) (table.Part, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	data, line, err := s.block(blockSize)
	if err != nil {
		if !errors.Is(err, io.EOF) {
			return nil, &table.Error{Path: s.path, Row: -1, Line: line, Err: err}
		}
		return nil, err
	}
	if s.opts.Progress != nil {
		s.opts.Progress(s.file.read, s.size)
	}
	return &part{source: s, data: data, line: line}, nil
}

// block returns whole records of about size bytes and the line they begin at; io.EOF after the last.
func (s *source) block(size int) (data []byte, line int64, err error) {
	line = s.line
	buf := append(s.buffer(), s.carry...)
	s.carry = s.carry[:0]
	for {
		if !s.ended && len(buf) < size {
			buf, err = s.fillTo(buf, size)
			if err != nil {
				return nil, line, err
			}
		}
		if s.ended {
			if len(buf) == 0 {
				return nil, line, io.EOF
			}
			return buf, line, nil
		}
		if end := s.cut(buf); end >= 0 {
			s.carry = append(s.carry[:0], buf[end:]...)
			s.line += int64(bytes.Count(buf[:end], []byte{s.term}))
			return buf[:end], line, nil
		}
		if len(buf) >= s.limit {
			return nil, line, fmt.Errorf("record is longer than %d bytes (is a quote left open?)", s.limit)
		}
		size = min(2*len(buf), s.limit)
	}
}

// fillTo reads until buf has size bytes or the text ends.
func (s *source) fillTo(buf []byte, size int) ([]byte, error) {
	have := len(buf)
	if cap(buf) < size {
		buf = append(make([]byte, 0, size+size/8), buf...)
	}
	n, ended, err := s.file.fill(buf[have:size])
	s.ended = ended
	return buf[:have+n], err
}

func (s *source) buffer() []byte {
	select {
	case b := <-s.free:
		return b[:0]
	default:
		return nil
	}
}

// part is the text of some records.
type part struct {
	source *source
	data   []byte
	line   int64
}

// Decode splits the part batch by batch; the text goes back for reuse at the end.
func (p *part) Decode(ctx context.Context, b *table.Batch, yield func(*table.Batch) error) error {
	s := p.source
	ps, ok := b.Scratch.(*parser)
	if !ok || ps.cols != len(s.schema) || ps.dialect != s.dialect || ps.width != len(s.keep) {
		ps = newParser(s.dialect, s.keep, len(s.schema))
		b.Scratch = ps
	}
	ps.keep = s.keep
	ps.reset(p.data, p.line)
	b.First = 0
	for at := 0; at < ps.size; {
		at = ps.fill(b, at)
		if b.N == 0 {
			break
		}
		if err := yield(b); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		b.First += int64(b.N)
	}
	select {
	case s.free <- ps.data:
	default:
	}
	p.data = nil
	return nil
}
