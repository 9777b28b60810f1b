package arrow

import (
	"fmt"

	"pace/engine/table"
)

// nested writes lists and structs as text: [1, 2] and {x: 0.5, y: 1}; a map is a list of its entries.
func (v *vec) nested(col *table.Column, from int64, n int) error {
	if v.kind == typeStruct {
		return v.structs(col, from, n)
	}
	first, ends, err := from*int64(v.width), make([]int64, n), error(nil)
	if v.kind == typeFixedSizeList {
		for i := range ends {
			ends[i] = int64(i+1) * int64(v.width)
		}
	} else if first, ends, err = v.offsets(from, n); err != nil {
		return err
	}
	total := ends[n-1]
	if total > maxWindow/16 {
		return fmt.Errorf("lists of %d values", total)
	}
	var values table.Column
	if err := v.children[0].read(&values, first, int(total)); err != nil {
		return err
	}
	at := int64(0)
	for i, end := range ends {
		col.Start = append(col.Start, uint32(len(col.Data)))
		if !col.Nulls.Has(i) {
			col.Data = append(col.Data, '[')
			for k := at; k < end; k++ {
				if k > at {
					col.Data = append(col.Data, ", "...)
				}
				col.Data = appendValue(col.Data, &values, int(k))
			}
			col.Data = append(col.Data, ']')
		}
		at = end
		if err := finish(col); err != nil {
			return err
		}
	}
	return nil
}

func (v *vec) structs(col *table.Column, from int64, n int) error {
	values := make([]table.Column, len(v.children))
	for c, child := range v.children {
		if err := child.read(&values[c], from, n); err != nil {
			return err
		}
	}
	for i := range n {
		col.Start = append(col.Start, uint32(len(col.Data)))
		if !col.Nulls.Has(i) {
			col.Data = append(col.Data, '{')
			for c, child := range v.children {
				if c > 0 {
					col.Data = append(col.Data, ", "...)
				}
				col.Data = append(append(col.Data, child.Name...), ": "...)
				col.Data = appendValue(col.Data, &values[c], i)
			}
			col.Data = append(col.Data, '}')
		}
		if err := finish(col); err != nil {
			return err
		}
	}
	return nil
}

func finish(col *table.Column) error {
	if len(col.Data) > maxWindow {
		return fmt.Errorf("texts of one batch exceed %d bytes", maxWindow)
	}
	col.End = append(col.End, uint32(len(col.Data)))
	return nil
}

func appendValue(dst []byte, values *table.Column, i int) []byte {
	if values.Nulls.Has(i) {
		return append(dst, "null"...)
	}
	return values.AppendText(dst, i)
}
