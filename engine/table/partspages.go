package table

import (
	"context"
)

// partsPager reads pages from one file at a time.
type partsPager struct {
	source Source
	file   int
}

func (p *partsPager) close() error {
	if p.source == nil {
		return nil
	}
	src := p.source
	p.source = nil
	return src.Close()
}

// Rows reads a page of rows, which may begin in one file and end in another. Files that don't know their rows are counted once.
func (p *parts) Rows(ctx context.Context, from int64, n int) (*Batch, error) {
	out := &Batch{First: from, Columns: make([]Column, len(p.union))}
	for i := range p.union {
		out.Columns[i].Storage = p.union[i].Storage
	}
	skip := from
	for i := 0; i < len(p.files) && out.N < n && from >= 0; i++ {
		if err := p.count(ctx, i); err != nil {
			return nil, err
		}
		f := &p.files[i]
		if skip >= f.rows {
			skip -= f.rows
			continue
		}
		src, err := p.page(ctx, i)
		if err != nil {
			return nil, err
		}
		in, err := src.Rows(ctx, skip, int(min(int64(n-out.N), f.rows-skip)))
		if err != nil {
			return nil, err
		}
		fitted := in
		if !f.same {
			fitted = &Batch{}
			f.convert(fitted, in, p.union)
		}
		out.Append(fitted, 0, fitted.N)
		skip = 0
	}
	return out, nil
}

// page is the file's own source for pages.
func (p *parts) page(ctx context.Context, i int) (Source, error) {
	if p.pages.source != nil && p.pages.file == i {
		return p.pages.source, nil
	}
	if err := p.pages.close(); err != nil {
		return nil, err
	}
	s, err := p.file(ctx, i, nil)
	if err != nil {
		return nil, err
	}
	p.Lock()
	delete(p.sources, s) // it is the pager's
	p.Unlock()
	p.pages = partsPager{s.Source, i}
	return s.Source, nil
}

// count finds out how many rows a file has, by its first column.
func (p *parts) count(ctx context.Context, i int) error {
	f := &p.files[i]
	if f.rows >= 0 {
		return nil
	}
	opts := p.opts
	opts.Progress = nil
	if len(f.schema) > 0 {
		opts.Columns = []string{f.schema[0].Name}
	}
	src, err := p.open(ctx, f.path, opts)
	if err != nil {
		return err
	}
	defer src.Close()
	var rows int64
	if err := Scan(ctx, src, func(b *Batch) error { rows += int64(b.N); return nil }); err != nil {
		return err
	}
	f.rows = rows
	return nil
}
