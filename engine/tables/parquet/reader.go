package parquet

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"

	"pace/engine/table"
)

// groupReader reads the fields of one row group side by side.
type groupReader struct {
	rows    int64
	columns []columnReader
}

// columnReader reads one field, all of its leaves together.
type columnReader struct {
	field  *field
	leaves []leafReader
	own    table.Column // the batch's own memory, while it shows a dictionary's
	ids    []uint32
}

// leafReader walks the values of one column chunk.
type leafReader struct {
	leaf   *leafType
	number uint64 // of the chunk's dictionary
	pages  parquet.Pages
	page   parquet.Page
	lying  *typedPage // the page, when its values are taken as they lie
	dict   values
	values parquet.ValueReader
	buf    []parquet.Value
	at, n  int
}

const valueBuffer = 512

// reader opens the columns of a row group, at a row of it.
func (s *source) reader(group int, skip int64) (*groupReader, error) {
	g := s.file.RowGroups()[group]
	chunks := g.ColumnChunks()
	r := &groupReader{rows: g.NumRows(), columns: make([]columnReader, len(s.fields))}
	for i := range s.fields {
		f := &s.fields[i]
		r.columns[i].field = f
		for k := range f.leaves {
			leaf := &f.leaves[k]
			if leaf.index < 0 || leaf.index >= len(chunks) {
				r.close()
				return nil, fmt.Errorf("column %q has no chunk", f.Name)
			}
			pages := chunks[leaf.index].Pages()
			r.columns[i].leaves = append(r.columns[i].leaves, leafReader{leaf: leaf, pages: pages,
				number: uint64(group+1)<<32 | uint64(leaf.index+1)})
			if skip > 0 {
				if err := pages.SeekToRow(skip); err != nil {
					r.close()
					return nil, fmt.Errorf("seek in column %q: %w", f.Name, err)
				}
			}
		}
	}
	return r, nil
}

func (r *groupReader) close() {
	for _, c := range r.columns {
		for i := range c.leaves {
			c.leaves[i].release()
			c.leaves[i].pages.Close()
		}
	}
}

// fill reads n rows into b.
func (r *groupReader) fill(b *table.Batch, n int) error {
	b.Issues, b.Bad = b.Issues[:0], 0
	if len(b.Columns) != len(r.columns) {
		b.Columns = make([]table.Column, len(r.columns))
	}
	for i := range r.columns {
		col := &b.Columns[i]
		if col.IDs != nil { // the texts are the dictionary's
			*col = table.Column{Data: r.columns[i].own.Data, Start: r.columns[i].own.Start, End: r.columns[i].own.End}
		}
		*col = table.Column{Ints: col.Ints[:0], Floats: col.Floats[:0], Bools: col.Bools[:0], Data: col.Data[:0],
			Start: col.Start[:0], End: col.End[:0]}
		if err := r.columns[i].read(col, 0, n); err != nil {
			return err
		}
	}
	b.N = n
	return nil
}

// ended checks that no column holds more rows than the footer says.
func (r *groupReader) ended() error {
	for _, c := range r.columns {
		for i := range c.leaves {
			if _, err := c.leaves[i].peek(); !errors.Is(err, io.EOF) {
				if err != nil {
					return err
				}
				return fmt.Errorf("column %q has more rows than the footer says", c.field.Name)
			}
		}
	}
	return nil
}

// maxText bounds the text of a batch's column, whose offsets are 32 bits.
const maxText = 1 << 31

// read appends the next n rows to col, the first of them as row number i.
func (c *columnReader) read(col *table.Column, i, n int) error {
	col.Storage = c.field.Storage
	if col.Storage == table.Nested {
		for k := range n {
			if err := c.nested(col, i+k); err != nil {
				return err
			}
		}
		return nil
	}
	for l := &c.leaves[0]; n > 0; {
		if err := l.ready(); err != nil {
			return c.short(err)
		}
		if l.lying != nil {
			taken, err := c.take(l.lying, col, i, n)
			if err != nil {
				return err
			}
			i, n = i+taken, n-taken
			continue
		}
		if col.IDs != nil {
			c.resolve(col, i)
		}
		values, err := l.take(n)
		if err != nil {
			return c.short(err)
		}
		if err := c.flat(col, i, values); err != nil {
			return err
		}
		i, n = i+len(values), n-len(values)
	}
	return nil
}

// flat appends values of a field that is one leaf.
func (c *columnReader) flat(col *table.Column, i int, values []parquet.Value) error {
	for k := range values {
		if values[k].IsNull() {
			setNull(col, i+k)
		}
	}
	l := &c.field.leaves[0]
	switch col.Storage {
	case table.Bool:
		for _, v := range values {
			col.Bools = append(col.Bools, !v.IsNull() && v.Boolean())
		}
	case table.Int:
		for _, v := range values {
			var x int64
			if !v.IsNull() {
				x = l.integer(v)
			}
			col.Ints = append(col.Ints, x)
		}
	case table.Time:
		for _, v := range values {
			var x int64
			if !v.IsNull() {
				x = l.time(v)
			}
			col.Ints = append(col.Ints, x)
		}
	case table.Float:
		for _, v := range values {
			var x float64
			if !v.IsNull() {
				x = l.float(v)
			}
			col.Floats = append(col.Floats, x)
		}
	default:
		return c.text(col, values)
	}
	return nil
}

func (c *columnReader) text(col *table.Column, values []parquet.Value) error {
	for _, v := range values {
		if len(col.Data) > maxText {
			return fmt.Errorf("column %q: texts of one batch exceed %d bytes", c.field.Name, maxText)
		}
		col.Start = append(col.Start, uint32(len(col.Data)))
		if !v.IsNull() {
			col.Data = c.field.leaves[0].appendText(col.Data, v)
		}
		col.End = append(col.End, uint32(len(col.Data)))
	}
	return nil
}

func setNull(col *table.Column, i int) {
	for len(col.Nulls) <= i>>6 {
		col.Nulls = append(col.Nulls, 0)
	}
	col.Nulls.Set(i)
}

func (c *columnReader) short(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("column %q has fewer rows than the footer says", c.field.Name)
	}
	return fmt.Errorf("column %q: %w", c.field.Name, err)
}

// nested writes one row of all leaves: [1, 2] for a list, {x: 1, y: [2, 3]} for a group.
func (c *columnReader) nested(col *table.Column, i int) error {
	f := c.field
	col.Start = append(col.Start, uint32(len(col.Data)))
	named := len(f.leaves) > 1 || f.leaves[0].name != ""
	begin := len(col.Data)
	if named {
		col.Data = append(col.Data, '{')
	}
	null := false
	for k := range c.leaves {
		l := &f.leaves[k]
		if k > 0 {
			col.Data = append(col.Data, ", "...)
		}
		if named {
			col.Data = append(append(col.Data, l.name...), ": "...)
		}
		var err error
		var absent bool
		if col.Data, absent, err = c.leaves[k].row(col.Data, l); err != nil {
			return c.short(err)
		}
		null = null || absent && f.optional
		if len(col.Data) > maxText {
			return fmt.Errorf("column %q: texts of one batch exceed %d bytes", f.Name, maxText)
		}
	}
	if named {
		col.Data = append(col.Data, '}')
	}
	if null {
		col.Data = col.Data[:begin]
		setNull(col, i)
	}
	col.End = append(col.End, uint32(len(col.Data)))
	return nil
}

// row writes the values of one row of a leaf; absent says that not even the top-level field is there.
func (r *leafReader) row(dst []byte, l *leafType) (out []byte, absent bool, err error) {
	v, err := r.next()
	if err != nil {
		return dst, false, err
	}
	absent = v.DefinitionLevel() == 0
	if l.maxRep == 0 {
		if v.IsNull() {
			return append(dst, "null"...), absent, nil
		}
		return l.appendText(dst, v), absent, nil
	}
	dst = append(dst, '[')
	if !v.IsNull() {
		dst = l.appendText(dst, v)
	}
	for {
		next, err := r.peek()
		if errors.Is(err, io.EOF) || err == nil && next.RepetitionLevel() == 0 {
			return append(dst, ']'), absent, nil
		}
		if err != nil {
			return dst, absent, err
		}
		r.at++
		if next.RepetitionLevel() < l.maxRep {
			dst = append(dst, "], ["...)
		} else {
			dst = append(dst, ", "...)
		}
		if next.IsNull() {
			dst = append(dst, "null"...)
		} else {
			dst = l.appendText(dst, next)
		}
		if len(dst) > maxText {
			return dst, absent, fmt.Errorf("one row exceeds %d bytes", maxText)
		}
	}
}

// next takes the next value; it is valid until the one after it is asked for.
func (r *leafReader) next() (parquet.Value, error) {
	v, err := r.peek()
	r.at++
	return v, err
}

// take takes up to n values at once, one at least.
func (r *leafReader) take(n int) ([]parquet.Value, error) {
	if _, err := r.peek(); err != nil {
		return nil, err
	}
	got := r.buf[r.at:min(r.n, r.at+n)]
	r.at += len(got)
	return got, nil
}

// ready sees to a page that has rows left, io.EOF after the last of the chunk.
func (r *leafReader) ready() error {
	for r.at >= r.n && r.values == nil && (r.lying == nil || r.lying.left() == 0) {
		if err := r.turn(); err != nil {
			return err
		}
	}
	return nil
}

// peek looks at the next value, io.EOF after the last of the chunk.
func (r *leafReader) peek() (parquet.Value, error) {
	for r.at >= r.n {
		if r.lying != nil && r.lying.left() > 0 {
			return parquet.Value{}, nil
		}
		if r.values == nil {
			if err := r.turn(); err != nil {
				return parquet.Value{}, err
			}
		}
		if r.buf == nil {
			r.buf = make([]parquet.Value, valueBuffer)
		}
		n, err := r.values.ReadValues(r.buf)
		r.at, r.n = 0, n
		if errors.Is(err, io.EOF) || n == 0 {
			r.values = nil
		} else if err != nil {
			return parquet.Value{}, err
		}
	}
	return r.buf[r.at], nil
}

// turn goes to the next page.
func (r *leafReader) turn() error {
	r.release()
	page, err := r.pages.ReadPage()
	if err != nil {
		return err
	}
	r.page, r.values, r.lying = page, nil, nil
	if r.leaf.plain() {
		r.lying = r.typed(page)
	}
	if r.lying == nil {
		r.values = page.Values()
	}
	return nil
}

func (r *leafReader) release() {
	if r.page != nil {
		parquet.Release(r.page)
		r.page = nil
	}
}
