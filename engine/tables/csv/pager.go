package csv

import (
	"context"
	"errors"
	"fmt"
	"io"

	"pace/engine/table"
)

// mark is a row whose place in the text is known.
type mark struct {
	row    int64
	offset int64
}

// pager reads rows at random from its own handle; marks grow as far as someone has looked. A compressed text is read again from
// its start when someone looks back.
type pager struct {
	*source
	marks []mark
	at    int64 // offset of carry in the text
	row   int64 // row at carry
}

// Rows reads n rows for a screen.
func (s *source) Rows(ctx context.Context, from int64, n int) (*table.Batch, error) {
	if s.pages == nil {
		p, err := newPager(s)
		if err != nil {
			return nil, fmt.Errorf("page rows: %w", err)
		}
		s.pages = p
	}
	b, err := s.pages.page(ctx, from, n)
	if err != nil {
		return nil, fmt.Errorf("page rows: %w", err)
	}
	return b, nil
}

func newPager(s *source) (*pager, error) {
	opts := s.opts
	opts.Progress = nil
	own, err := newSource(s.path, opts)
	if err != nil {
		return nil, err
	}
	start := int64(own.skip + own.header)
	return &pager{source: own, at: start, marks: []mark{{0, start}}}, nil
}

const pageBlock = 256 << 10

// page goes to the last mark before the row, walks forward, and gathers what is wanted.
func (p *pager) page(ctx context.Context, from int64, n int) (*table.Batch, error) {
	out := &table.Batch{First: from, Columns: make([]table.Column, len(p.schema))}
	if n <= 0 || from < 0 {
		return out, nil
	}
	if err := p.seek(from); err != nil {
		return nil, err
	}
	ps := newParser(p.dialect, p.source.keep, len(p.schema))
	var b table.Batch
	for out.N < n {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		data, line, err := p.block(pageBlock)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		ps.reset(data, line)
		for at := 0; at < ps.size; {
			at = ps.fill(&b, at)
			gather(out, &b, p.row, from, n)
			p.row += int64(b.N)
		}
		p.at += int64(len(data))
		if last := p.marks[len(p.marks)-1]; p.row > last.row {
			p.marks = append(p.marks, mark{p.row, p.at})
		}
	}
	return out, nil
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
	fresh, err := openFile(p.path)
	if err != nil {
		return err
	}
	if fresh.compression == "" {
		_, err = fresh.File.Seek(best.offset, io.SeekStart)
	} else {
		_, err = io.CopyN(io.Discard, fresh.text, best.offset)
	}
	if err != nil {
		fresh.Close()
		return err
	}
	p.file.Close()
	p.file, p.carry, p.ended = fresh, p.carry[:0], false
	p.at, p.row = best.offset, best.row
	return nil
}

// gather copies the wanted rows of b, whose first row has this number, behind those of out.
func gather(out, b *table.Batch, first, from int64, n int) {
	lo := max(from+int64(out.N)-first, 0)
	hi := min(int64(b.N), from+int64(n)-first)
	if lo >= hi {
		return
	}
	for c := range out.Columns {
		src, dst := &b.Columns[c], &out.Columns[c]
		dst.Storage = src.Storage
		for i := int(lo); i < int(hi); i++ {
			dst.Start = append(dst.Start, uint32(len(dst.Data)))
			dst.Data = append(dst.Data, src.Bytes(i)...)
			dst.End = append(dst.End, uint32(len(dst.Data)))
		}
	}
	for _, issue := range b.Issues {
		if issue.Row >= lo && issue.Row < hi {
			issue.Row += first - from
			out.Issues = append(out.Issues, issue)
		}
	}
	out.N += int(hi - lo)
}
