package sqlite

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"pace/engine/sqlread"
	"pace/engine/table"
)

const partRows = 4096

// part is rows that have been read.
type part struct{ batch table.Batch }

// Decode gives the rows out.
func (p *part) Decode(_ context.Context, b *table.Batch, yield func(*table.Batch) error) error {
	*b = p.batch
	return yield(b)
}

// Next reads the next part. A table that is written to meanwhile is read as each part finds it.
func (s *source) Next(ctx context.Context) (table.Part, error) {
	p := &part{batch: table.Batch{Columns: make([]table.Column, len(s.schema))}}
	n, err := s.stream.rows(ctx, &s.query, partRows, 0, func(values []any) error { return s.add(&p.batch, values) })
	if err != nil {
		return nil, s.wrap(s.stream.row, err)
	}
	if n == 0 {
		return nil, io.EOF
	}
	if s.opts.Progress != nil {
		s.opts.Progress(s.stream.row, -1)
	}
	return p, nil
}

func (s *source) wrap(row int64, err error) error {
	return &table.Error{Path: s.path, Row: row, Err: err}
}

// maxText bounds the text of a column in one part.
const maxText = 1 << 30

// add appends a row.
func (s *source) add(b *table.Batch, values []any) error {
	for i, v := range values {
		col := &b.Columns[i]
		col.Storage = s.schema[i].Storage
		if v == nil {
			col.AppendMissing(b.N)
			continue
		}
		col.Start = append(col.Start, uint32(len(col.Data)))
		if col.Data = appendValue(col.Data, v); len(col.Data) > maxText {
			return fmt.Errorf("column %q: texts of one part exceed %d bytes", s.schema[i].Name, maxText)
		}
		col.End = append(col.End, uint32(len(col.Data)))
	}
	b.N++
	return nil
}

func appendValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case float64:
		return strconv.AppendFloat(dst, v, 'g', -1, 64)
	case string:
		return append(dst, v...)
	case []byte:
		return append(dst, v...)
	case bool:
		return strconv.AppendBool(dst, v)
	case time.Time:
		return v.UTC().AppendFormat(dst, time.RFC3339Nano)
	}
	return fmt.Append(dst, v)
}

// pager reads rows at random; marks grow as far as someone has looked.
type pager struct {
	db    *sqlread.DB
	marks []cursor
}

// stride is how many rows lie between two marks.
const stride = 50_000

// Rows reads a page of rows.
func (s *source) Rows(ctx context.Context, from int64, n int) (*table.Batch, error) {
	out := &table.Batch{First: from, Columns: make([]table.Column, len(s.schema))}
	if from < 0 || n <= 0 {
		return out, nil
	}
	if s.pages.db == nil {
		file, _ := table.Split(s.path)
		db, err := sqlread.Open(ctx, file, sqlread.Options{})
		if err != nil {
			return nil, s.wrap(from, err)
		}
		s.pages = pager{db: db, marks: []cursor{{db: db}}}
	}
	c, ok, err := s.seek(ctx, from)
	if err != nil || !ok {
		return out, err
	}
	for out.N < n {
		skip := int(from + int64(out.N) - c.row)
		read, err := c.rows(ctx, &s.query, min(n-out.N, partRows), skip, func(values []any) error { return s.add(out, values) })
		if err != nil {
			return nil, s.wrap(from, err)
		}
		if read == 0 {
			break
		}
	}
	return out, nil
}

// seek is the last mark at or before a row, made where there was none; ok is false when the table ends before.
func (s *source) seek(ctx context.Context, row int64) (c cursor, ok bool, err error) {
	p := &s.pages
	for {
		c = p.marks[min(int(row/stride), len(p.marks)-1)]
		if c.row+stride > row {
			return c, true, nil
		}
		n, err := c.rows(ctx, &query{name: s.name, key: s.key, most: s.most}, 1, stride-1, func([]any) error { return nil })
		if err != nil {
			return c, false, s.wrap(row, err)
		}
		if n == 0 {
			return c, false, nil
		}
		p.marks = append(p.marks, c)
	}
}
