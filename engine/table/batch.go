package table

import (
	"math/bits"
	"strconv"
	"time"
)

// Bitmap is a set of row numbers of a batch.
type Bitmap []uint64

// Has tells whether row i is in the set; rows past its end are not.
func (b Bitmap) Has(i int) bool { return i>>6 < len(b) && b[i>>6]>>(i&63)&1 != 0 }

// Set adds row i.
func (b Bitmap) Set(i int) { b[i>>6] |= 1 << (i & 63) }

// Count is the size of the set.
func (b Bitmap) Count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// Column is the values of one column of a batch, in the slices its Storage names. A missing row has any value.
type Column struct {
	Storage Storage
	Nulls   Bitmap // rows that the format itself marks as missing; nil when none. Raw text has none: see IsMissing
	Ints    []int64
	Floats  []float64
	Bools   []bool
	// Raw, String and Nested: the text of row i is Data[Start[i]:End[i]], or that of Dict entry IDs[i] when IDs is not nil
	// (then Start and End are those of the dictionary).
	Data       []byte
	Start, End []uint32
	IDs        []uint32
	// Dict tells dictionaries apart while a source is open: columns of the same number have the same Data, Start and End, so that
	// what is computed of a dictionary's texts holds for all of its batches. 0 when IDs is nil.
	Dict uint64
}

// Bytes is the text of row i of a Raw, String or Nested column; it is valid until the batch is filled again.
func (c *Column) Bytes(i int) []byte {
	if c.IDs != nil {
		i = int(c.IDs[i])
	}
	return c.Data[c.Start[i]:c.End[i]]
}

// SetNull marks row i as missing, whatever the length of Nulls.
func (c *Column) SetNull(i int) {
	for len(c.Nulls) <= i>>6 {
		c.Nulls = append(c.Nulls, 0)
	}
	c.Nulls.Set(i)
}

// AppendMissing appends row i, which has no value.
func (c *Column) AppendMissing(i int) {
	c.SetNull(i)
	switch c.Storage {
	case Int, Time:
		c.Ints = append(c.Ints, 0)
	case Float:
		c.Floats = append(c.Floats, 0)
	case Bool:
		c.Bools = append(c.Bools, false)
	default:
		c.Start, c.End = append(c.Start, uint32(len(c.Data))), append(c.End, uint32(len(c.Data)))
	}
}

// AppendValue appends row i of a column of the same storage, which has a value there.
func (c *Column) AppendValue(from *Column, i int) {
	switch c.Storage {
	case Int, Time:
		c.Ints = append(c.Ints, from.Ints[i])
	case Float:
		c.Floats = append(c.Floats, from.Floats[i])
	case Bool:
		c.Bools = append(c.Bools, from.Bools[i])
	default:
		c.Start = append(c.Start, uint32(len(c.Data)))
		c.Data = append(c.Data, from.Bytes(i)...)
		c.End = append(c.End, uint32(len(c.Data)))
	}
}

// Missing tells whether row i has no value: marked so by the format, a NA spelling in raw text, or a NaN.
func (c *Column) Missing(i int) bool {
	if c.Nulls.Has(i) {
		return true
	}
	switch c.Storage {
	case Raw:
		return IsMissing(c.Bytes(i))
	case Float:
		return c.Floats[i] != c.Floats[i]
	}
	return false
}

// Float is row i as a number: text is parsed, false is 0, time is in microseconds. ok is false when it is missing or no number.
func (c *Column) Float(i int) (v float64, ok bool) {
	if c.Nulls.Has(i) {
		return 0, false
	}
	switch c.Storage {
	case Int, Time:
		return float64(c.Ints[i]), true
	case Float:
		return c.Floats[i], c.Floats[i] == c.Floats[i]
	case Bool:
		if c.Bools[i] {
			return 1, true
		}
		return 0, true
	case Raw, String:
		return ParseFloat(c.Bytes(i))
	}
	return 0, false
}

// AppendText appends row i as a person would read it, nothing when missing by the format; raw text comes as it stands.
func (c *Column) AppendText(dst []byte, i int) []byte {
	if c.Nulls.Has(i) {
		return dst
	}
	switch c.Storage {
	case Int:
		return strconv.AppendInt(dst, c.Ints[i], 10)
	case Float:
		return strconv.AppendFloat(dst, c.Floats[i], 'g', -1, 64)
	case Bool:
		return strconv.AppendBool(dst, c.Bools[i])
	case Time:
		return FormatTime(dst, c.Ints[i])
	}
	return append(dst, c.Bytes(i)...)
}

// FormatTime appends microseconds since 1970 as RFC 3339 in UTC.
func FormatTime(dst []byte, micros int64) []byte {
	return time.UnixMicro(micros).UTC().AppendFormat(dst, time.RFC3339Nano)
}

// Issue is something wrong with one record that was read nevertheless.
type Issue struct {
	Row    int64 // row within the batch
	Line   int64 // 1-based line of the file, 0 when the format has none
	Reason string
}

// Batch is some thousand rows in columns. First is the number of its first row: within the part when a Part yields it, within
// the dataset from Scan and Rows.
type Batch struct {
	First   int64
	N       int
	Columns []Column
	// Issues are the first records of the batch that did not fit (ragged, unclosed quote); Bad counts all of them.
	Issues []Issue
	Bad    int
	// Scratch belongs to the format that fills the batch.
	Scratch any
}

// MaxIssues bounds Batch.Issues.
const MaxIssues = 16

// Complain counts a bad record and keeps the first few.
func (b *Batch) Complain(row, line int64, reason string) {
	b.Bad++
	if len(b.Issues) < MaxIssues {
		b.Issues = append(b.Issues, Issue{Row: row, Line: line, Reason: reason})
	}
}

// Append copies rows [lo, hi) of another batch with the same columns behind those of b, dictionaries resolved, with what is said
// of them. b has no dictionaries itself.
func (b *Batch) Append(from *Batch, lo, hi int) {
	for c := range b.Columns {
		src, dst := &from.Columns[c], &b.Columns[c]
		dst.Storage = src.Storage
		for i := lo; i < hi; i++ {
			if src.Nulls.Has(i) {
				dst.AppendMissing(b.N + i - lo)
				continue
			}
			dst.AppendValue(src, i)
		}
	}
	for _, issue := range from.Issues {
		if issue.Row >= int64(lo) && issue.Row < int64(hi) {
			issue.Row += int64(b.N - lo)
			b.Complain(issue.Row, issue.Line, issue.Reason)
		}
	}
	b.N += hi - lo
}
