package text

import (
	"context"
	"errors"
	"fmt"
	"io"

	"pace/engine/table"
)

// mark is a row whose place in the text is known.
type mark struct {
	row, offset, line int64
}

// pager reads rows at random from its own handle; marks grow as far as someone has looked. A compressed text is read again from
// its start when someone looks back.
type pager struct {
	layout *Layout
	reader *Reader
	stream
	splitter Splitter
	marks    []mark
	mark     // where carry begins
}

// Rows reads n rows from row `from` on for a screen.
func (s *Records) Rows(ctx context.Context, from int64, n int) (*table.Batch, error) {
	out := &table.Batch{First: from, Columns: make([]table.Column, len(s.Layout.Schema))}
	if n <= 0 || from < 0 {
		return out, nil
	}
	if s.pages == nil {
		start := mark{0, s.Start, s.Line}
		own, err := OpenAt(s.Path, start.offset)
		if err != nil {
			return nil, fmt.Errorf("page rows: %w", err)
		}
		s.pages = &pager{layout: &s.Layout, reader: own, splitter: s.New(), marks: []mark{start}, mark: start,
			stream: stream{line: start.line}}
	}
	if err := s.pages.page(ctx, out, from, n); err != nil {
		return nil, fmt.Errorf("page rows: %w", err)
	}
	return out, nil
}

const pageBlock = 256 << 10

// page goes to the last mark before the row, walks forward, and gathers what is wanted.
func (p *pager) page(ctx context.Context, out *table.Batch, from int64, n int) error {
	if err := p.seek(from); err != nil {
		return err
	}
	var b table.Batch
	for out.N < n {
		if err := ctx.Err(); err != nil {
			return err
		}
		line := p.stream.line
		data, err := p.block(p.reader, p.layout, nil, pageBlock)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		p.splitter.Reset(data, line)
		for at := 0; at < len(data); {
			at = p.splitter.Fill(&b, at)
			if b.N == 0 {
				break
			}
			gather(out, &b, p.row, from, n)
			p.row += int64(b.N)
		}
		p.offset += int64(len(data))
		if last := p.marks[len(p.marks)-1]; p.row > last.row {
			p.marks = append(p.marks, mark{p.row, p.offset, p.stream.line})
		}
	}
	return nil
}

// seek moves the stream to the last mark at or before the row.
func (p *pager) seek(row int64) error {
	best := p.marks[0]
	for _, m := range p.marks {
		if m.row <= row && m.row >= best.row {
			best = m
		}
	}
	if p.row <= row && p.row >= best.row {
		return nil
	}
	fresh, err := OpenAt(p.layout.Path, best.offset)
	if err != nil {
		return err
	}
	p.reader.Close()
	p.reader, p.mark = fresh, best
	p.stream = stream{carry: p.carry[:0], line: best.line}
	return nil
}

// gather copies the wanted rows of b, whose first row has this number, behind those of out.
func gather(out, b *table.Batch, first, from int64, n int) {
	lo := max(from+int64(out.N)-first, 0)
	hi := min(int64(b.N), from+int64(n)-first)
	if lo >= hi {
		return
	}
	out.Append(b, int(lo), int(hi))
}
