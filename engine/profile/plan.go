package profile

import (
	"pace/engine/table"
)

// census counts what the texts of a column look like. Nothing is decided before it is complete.
type census struct {
	values, numbers, integers, padded, times, bools int64
}

// maybe tells whether a number, a time or a truth value can begin with b.
func maybe(b byte) bool {
	switch b {
	case '+', '-', '.', ' ', '\t', 'i', 'I', 't', 'T', 'f', 'F':
		return true
	}
	return b-'0' <= 9
}

// What a text looks like, as bits.
const (
	likeNumber uint8 = 1 << iota
	likeInteger
	likePadded
	likeTime
	likeBool
)

// classify tells what a text that is not missing looks like.
func classify(b []byte) (kind uint8) {
	if !maybe(b[0]) {
		return 0
	}
	if _, integer, ok := table.ParseNumber(b); ok {
		kind = likeNumber
		if integer {
			kind |= likeInteger
		}
		if table.ZeroPadded(b) {
			kind |= likePadded
		}
		return kind
	}
	if _, ok := table.ParseTime(b); ok {
		return likeTime
	}
	if _, ok := table.ParseBool(b); ok {
		return likeBool
	}
	return 0
}

// count adds a text of a kind.
func (c *census) count(kind uint8) {
	c.values++
	if kind == 0 {
		return
	}
	c.numbers += int64(kind & likeNumber)
	c.integers += int64(kind & likeInteger / likeInteger)
	c.padded += int64(kind & likePadded / likePadded)
	c.times += int64(kind & likeTime / likeTime)
	c.bools += int64(kind & likeBool / likeBool)
}

// minority is the share of values that may be of another type before the column is text.
const minority = 0.10

// decide is the type of a column of raw text: the narrowest one that holds all but a tenth of its values. Digits with leading
// zeros (one in a thousand suffices) are codes.
func (c *census) decide() table.Type {
	most := float64(c.values) * (1 - minority)
	switch {
	case c.values == 0:
		return table.Numeric // as pandas: a column without values is float64
	case c.bools == c.values:
		return table.Boolean
	case float64(c.numbers) >= most && c.padded*1000 < c.values:
		return table.Numeric
	case float64(c.times) >= most:
		return table.Datetime
	}
	return table.Categorical
}

const planRows = 5000

// plan guesses the types from the first rows; the pass checks the guess.
func plan(schema table.Schema, head *table.Batch) []table.Type {
	types := make([]table.Type, len(schema))
	for i, f := range schema {
		if f.Storage != table.Raw {
			types[i] = declared(f)
			continue
		}
		var c census
		col := &head.Columns[i]
		for row := range head.N {
			if !col.Missing(row) {
				c.count(classify(col.Bytes(row)))
			}
		}
		types[i] = c.decide()
	}
	return types
}

// declared is the type of a column whose format has types.
func declared(f table.Field) table.Type {
	if f.Type != "" && f.Type != table.Text {
		return f.Type
	}
	switch f.Storage {
	case table.Int, table.Float:
		return table.Numeric
	case table.Bool:
		return table.Boolean
	case table.Time:
		return table.Datetime
	case table.Nested:
		return table.Struct
	}
	return table.Categorical
}
