package arrow

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"pace/engine/table"
)

// read appends rows [from, from+n) of the batch to a column that is empty.
func (v *vec) read(col *table.Column, from int64, n int) error {
	col.Storage = v.Storage
	if from > v.rows-int64(n) {
		return fmt.Errorf("%w: fewer values than rows", errMetadata)
	}
	if err := v.missing(col, from, n); err != nil || n == 0 {
		return err
	}
	if v.dict != nil {
		return v.indexes(col, from, n)
	}
	switch v.kind {
	case typeNull:
		for i := range n {
			col.SetNull(i)
			col.Floats = append(col.Floats, 0)
		}
		return nil
	case typeBool:
		bits, err := v.buffers[1].bytes(from/8, (from+int64(n)+7)/8-from/8)
		for i := 0; i < n && err == nil; i++ {
			k := int(from%8) + i
			col.Bools = append(col.Bools, bits[k>>3]>>(k&7)&1 != 0)
		}
		return err
	case typeBinary, typeUtf8, typeLargeBinary, typeLargeUtf8:
		return v.texts(col, from, n)
	case typeBinaryView, typeUtf8View:
		return v.views(col, from, n)
	case typeList, typeLargeList, typeMap, typeFixedSizeList, typeStruct:
		return v.nested(col, from, n)
	}
	return v.fixed(col, from, n)
}

// missing reads the validity bits.
func (v *vec) missing(col *table.Column, from int64, n int) error {
	if !v.nulls || v.kind == typeNull || v.buffers[0].n == 0 {
		return nil
	}
	bits, err := v.buffers[0].bytes(from/8, (from+int64(n)+7)/8-from/8)
	for i := 0; i < n && err == nil; i++ {
		if k := int(from%8) + i; bits[k>>3]>>(k&7)&1 == 0 {
			col.SetNull(i)
		}
	}
	return err
}

// fixed reads values of a fixed size.
func (v *vec) fixed(col *table.Column, from int64, n int) error {
	w := int64(v.width)
	b, err := v.buffers[1].bytes(from*w, int64(n)*w)
	if err != nil {
		return err
	}
	switch v.Storage {
	case table.Int:
		for i := range n {
			col.Ints = append(col.Ints, integer(b[i*v.width:], v.width, v.unsigned))
		}
	case table.Time:
		for i := range n {
			col.Ints = append(col.Ints, v.micros(integer(b[i*v.width:], v.width, false)))
		}
	case table.Float:
		for i := range n {
			col.Floats = append(col.Floats, v.float(b[i*v.width:(i+1)*v.width]))
		}
	default:
		at := uint32(len(col.Data))
		col.Data = append(col.Data, b...)
		for range n {
			col.Start, col.End = append(col.Start, at), append(col.End, at+uint32(v.width))
			at += uint32(v.width)
		}
	}
	return nil
}

func integer(b []byte, width int, unsigned bool) int64 {
	switch width {
	case 1:
		if unsigned {
			return int64(b[0])
		}
		return int64(int8(b[0]))
	case 2:
		x := binary.LittleEndian.Uint16(b)
		if unsigned {
			return int64(x)
		}
		return int64(int16(x))
	case 4:
		x := binary.LittleEndian.Uint32(b)
		if unsigned {
			return int64(x)
		}
		return int64(int32(x))
	}
	return int64(binary.LittleEndian.Uint64(b))
}

// micros brings an integer time to microseconds; nanoseconds are rounded down.
func (v *vec) micros(x int64) int64 {
	if v.scale >= 1 {
		return x * int64(v.scale)
	}
	q := x / 1000
	if x%1000 < 0 {
		q--
	}
	return q
}

func (v *vec) float(b []byte) float64 {
	switch {
	case v.kind == typeDecimal:
		big := slices.Clone(b)
		slices.Reverse(big)
		return table.Decimal(big, v.scale)
	case v.kind == typeInt:
		return float64(binary.LittleEndian.Uint64(b))
	case len(b) == 2:
		return table.Half(binary.LittleEndian.Uint16(b))
	case len(b) == 4:
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

// offsets reads n+1 offsets that never fall; they are counted from the first.
func (v *vec) offsets(from int64, n int) (first int64, ends []int64, err error) {
	w := int64(v.width)
	b, err := v.buffers[1].bytes(from*w, int64(n+1)*w)
	if err != nil {
		return 0, nil, err
	}
	first = integer(b, v.width, false)
	last := first
	for i := 1; i <= n; i++ {
		x := integer(b[i*v.width:], v.width, false)
		if x < last || x-first > maxWindow {
			return 0, nil, errMetadata
		}
		ends, last = append(ends, x-first), x
	}
	return first, ends, nil
}

func (v *vec) texts(col *table.Column, from int64, n int) error {
	first, ends, err := v.offsets(from, n)
	if err != nil {
		return err
	}
	b, err := v.buffers[2].bytes(first, ends[n-1])
	if err != nil {
		return err
	}
	base, at := uint32(len(col.Data)), int64(0)
	col.Data = append(col.Data, b...)
	for _, end := range ends {
		col.Start, col.End = append(col.Start, base+uint32(at)), append(col.End, base+uint32(end))
		at = end
	}
	return nil
}

// views reads texts of 12 bytes at most from their view, longer ones from the buffer it names.
func (v *vec) views(col *table.Column, from int64, n int) error {
	b, err := v.buffers[1].bytes(from*16, int64(n)*16)
	if err != nil {
		return err
	}
	for i := range n {
		view := b[i*16 : i*16+16]
		size := int64(int32(binary.LittleEndian.Uint32(view)))
		text := view[4:]
		switch {
		case col.Nulls.Has(i):
			text = nil
		case size < 0 || size > 12 && int(binary.LittleEndian.Uint32(view[8:])) >= len(v.variadic):
			return errMetadata
		case size <= 12:
			text = text[:size]
		default:
			all, err := v.variadic[binary.LittleEndian.Uint32(view[8:])].whole()
			at := int64(binary.LittleEndian.Uint32(view[12:]))
			if err != nil {
				return err
			}
			if at > int64(len(all))-size {
				return errMetadata
			}
			text = all[at : at+size]
		}
		if len(col.Data)+len(text) > maxWindow {
			return fmt.Errorf("texts of one batch exceed %d bytes", maxWindow)
		}
		col.Start = append(col.Start, uint32(len(col.Data)))
		col.Data = append(col.Data, text...)
		col.End = append(col.End, uint32(len(col.Data)))
	}
	return nil
}

// indexes reads a column that is encoded by a dictionary: texts stay there, other values are looked up.
func (v *vec) indexes(col *table.Column, from int64, n int) error {
	e := v.node.dict
	b, err := v.buffers[1].bytes(from*int64(e.width), int64(n*e.width))
	if err != nil {
		return err
	}
	size := max(len(v.dict.Start), len(v.dict.Ints), len(v.dict.Floats), len(v.dict.Bools))
	spare := col.IDs
	*col = table.Column{Storage: col.Storage, Nulls: col.Nulls, Ints: col.Ints, Floats: col.Floats, Bools: col.Bools}
	if len(v.dict.Start) > 0 {
		col.Data, col.Start, col.End, col.Dict = v.dict.Data, v.dict.Start, v.dict.End, v.dict.Dict
		if col.IDs = spare[:0]; col.IDs == nil {
			col.IDs = make([]uint32, 0, n)
		}
	}
	for i := range n {
		id := integer(b[i*e.width:], e.width, e.unsigned)
		switch {
		case col.Nulls.Has(i) && col.IDs == nil:
			col.AppendMissing(i)
			continue
		case col.Nulls.Has(i):
			id = 0
		case id < 0 || id >= int64(size):
			return fmt.Errorf("%w: index %d in a dictionary of %d", errMetadata, id, size)
		case v.dict.Nulls.Has(int(id)):
			col.SetNull(i)
		}
		if col.IDs != nil {
			col.IDs = append(col.IDs, uint32(id))
			continue
		}
		col.AppendValue(v.dict, int(id))
	}
	return nil
}
