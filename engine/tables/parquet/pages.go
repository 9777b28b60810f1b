package parquet

import (
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"

	"pace/engine/table"
)

// typedPage is a page of a flat column whose values are taken as they lie, without boxing them.
type typedPage struct {
	levels  []byte // definition level of each row, nil when none is missing
	rows    int
	row, at int     // rows and values taken
	ids     []int32 // of the dictionary's values; nil when the page has its own
	values  values
}

// values are those of a page or a dictionary: the slice of its kind.
type values struct {
	kind    parquet.Kind
	int32s  []int32
	int64s  []int64
	floats  []float32
	doubles []float64
	data    []byte
	offsets []uint32
	dict    uint64 // what tells the dictionary from others, 0 for a page's own values
	ends    []uint32
}

func (p *typedPage) left() int { return p.rows - p.row }

var errIndex = errors.New("index outside the dictionary")

// plain tells whether the leaf's values can be taken as they lie.
func (l *leafType) plain() bool {
	if l.maxRep > 0 {
		return false
	}
	switch l.kind {
	case parquet.Int32, parquet.Int64:
		return l.storage == table.Int || l.storage == table.Time
	case parquet.Float, parquet.Double:
		return true
	case parquet.ByteArray:
		_, decimals := l.logical.(*format.DecimalType)
		return l.storage == table.String && !decimals
	}
	return false
}

// typed looks at a page; nil when its values must be read one by one.
func (r *leafReader) typed(page parquet.Page) *typedPage {
	p := &typedPage{levels: page.DefinitionLevels(), rows: int(page.NumValues())}
	present := p.rows
	if len(p.levels) > 0 {
		if present = 0; len(p.levels) != p.rows {
			return nil
		}
		for _, l := range p.levels {
			present += int(l & 1)
		}
	}
	data := page.Data()
	if dict := page.Dictionary(); dict != nil {
		p.ids = data.Int32()
		if r.dict.ends == nil {
			inside := dict.Page()
			r.dict = sliced(inside.Data(), r.leaf.kind)
			r.dict.dict = r.number
		}
		p.values = r.dict
		if len(p.ids) != present {
			return nil
		}
		return p
	}
	if p.values = sliced(data, r.leaf.kind); p.values.count() != present {
		return nil
	}
	return p
}

func (v *values) count() int {
	return max(len(v.int32s), len(v.int64s), len(v.floats), len(v.doubles), len(v.ends))
}

// sliced takes values apart by their kind; offsets of texts must not fall, nor leave the text.
func sliced(data encoding.Values, kind parquet.Kind) (v values) {
	v.kind = kind
	switch kind {
	case parquet.Int32:
		v.int32s = data.Int32()
	case parquet.Int64:
		v.int64s = data.Int64()
	case parquet.Float:
		v.floats = data.Float()
	case parquet.Double:
		v.doubles = data.Double()
	case parquet.ByteArray:
		v.data, v.offsets = data.ByteArray()
		v.ends = []uint32{}
		if len(v.offsets) > 0 {
			v.ends = v.offsets[1:]
		}
		for i, end := range v.ends {
			if end < v.offsets[i] || int(end) > len(v.data) {
				panic(errIndex)
			}
		}
	}
	return v
}

// take appends up to n rows of the page to col, the first as row number i, and tells how many.
func (c *columnReader) take(p *typedPage, col *table.Column, i, n int) (int, error) {
	n = min(n, p.left())
	l, v := &c.field.leaves[0], &p.values
	unsigned := false
	if t, ok := l.logical.(*format.IntType); ok {
		unsigned = !t.IsSigned
	}
	whole := func(x int64) int64 { return x }
	if col.Storage == table.Time {
		whole = l.micros
	}
	at := span{col, i, n}
	switch {
	case v.kind == parquet.Int32 && unsigned:
		col.Ints = gather(p, col.Ints, v.int32s, at, func(x int32) int64 { return int64(uint32(x)) })
	case v.kind == parquet.Int32:
		col.Ints = gather(p, col.Ints, v.int32s, at, func(x int32) int64 { return whole(int64(x)) })
	case v.kind == parquet.Int64:
		col.Ints = gather(p, col.Ints, v.int64s, at, whole)
	case v.kind == parquet.Float:
		col.Floats = gather(p, col.Floats, v.floats, at, func(x float32) float64 { return float64(x) })
	case v.kind == parquet.Double:
		col.Floats = gather(p, col.Floats, v.doubles, at, func(x float64) float64 { return x })
	default:
		return n, c.texts(p, col, i, n)
	}
	return n, nil
}

// span is n rows of a column from row i on.
type span struct {
	col  *table.Column
	i, n int
}

// gather appends rows whose values are numbers.
func gather[T any, U int64 | float64](p *typedPage, dst []U, from []T, s span, as func(T) U) []U {
	for k := range s.n {
		if p.absent() {
			s.col.SetNull(s.i + k)
			dst = append(dst, 0)
			continue
		}
		j := p.at
		if p.ids != nil {
			j = int(p.ids[j])
		}
		dst = append(dst, as(from[j]))
		p.at++
	}
	return dst
}

// absent goes to the next row and tells whether it has no value.
func (p *typedPage) absent() bool {
	p.row++
	return len(p.levels) > 0 && p.levels[p.row-1] == 0
}

// texts appends rows whose values are texts: as indexes while the whole batch has one dictionary, else one by one.
func (c *columnReader) texts(p *typedPage, col *table.Column, i, n int) error {
	v := &p.values
	if p.ids != nil && len(v.ends) > 0 && (i == 0 || col.IDs != nil && col.Dict == v.dict) {
		if i == 0 {
			c.own, *col = *col, table.Column{Storage: col.Storage, Nulls: col.Nulls, IDs: c.ids[:0], Dict: v.dict,
				Data: v.data, Start: v.offsets[:len(v.ends)], End: v.ends}
		}
		err := p.indexes(col, i, n)
		c.ids = col.IDs
		return err
	}
	if col.IDs != nil {
		c.resolve(col, i)
	}
	for k := range n {
		col.Start = append(col.Start, uint32(len(col.Data)))
		if p.absent() {
			col.SetNull(i + k)
		} else {
			j := p.at
			if p.ids != nil {
				j = int(p.ids[j])
			}
			col.Data = append(col.Data, v.data[v.offsets[j]:v.ends[j]]...)
			p.at++
		}
		if col.End = append(col.End, uint32(len(col.Data))); len(col.Data) > maxText {
			return fmt.Errorf("column %q: texts of one batch exceed %d bytes", c.field.Name, maxText)
		}
	}
	return nil
}

// indexes appends rows as indexes of their dictionary.
func (p *typedPage) indexes(col *table.Column, i, n int) error {
	for k := range n {
		if p.absent() {
			col.SetNull(i + k)
			col.IDs = append(col.IDs, 0)
			continue
		}
		id := uint32(p.ids[p.at])
		if int(id) >= len(p.values.ends) {
			return errIndex
		}
		col.IDs = append(col.IDs, id)
		p.at++
	}
	return nil
}

// resolve writes out the i texts of a batch that another page continues without their dictionary.
func (c *columnReader) resolve(col *table.Column, i int) {
	out := table.Column{Storage: col.Storage, Data: c.own.Data[:0], Start: c.own.Start[:0], End: c.own.End[:0]}
	for k := range i {
		if col.Nulls.Has(k) {
			out.AppendMissing(k)
			continue
		}
		out.AppendValue(col, k)
	}
	*col = out
}
