package parquet

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"strconv"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"pace/engine/table"
)

// field is a top-level field: how its values become a column.
type field struct {
	table.Field
	optional bool
	leaves   []leafType
}

// leafType is a leaf column and what its values mean.
type leafType struct {
	index   int
	name    string
	storage table.Storage
	scale   float64 // numbers are divided by it (decimals), times multiplied (to microseconds)
	logical format.LogicalTypeValue
	kind    parquet.Kind
	maxRep  int
}

func newField(c *parquet.Column) field {
	f := field{optional: c.Optional()}
	f.Name = c.Name()
	if c.Leaf() && !c.Repeated() {
		leaf := newLeaf(c, "")
		f.leaves = []leafType{leaf}
		f.Storage, f.Native = leaf.storage, c.Type().String()
		return f
	}
	f.Storage, f.Type, f.Native = table.Nested, table.Struct, "GROUP"
	if t := c.Type().LogicalType(); c.Repeated() || t != nil && isList(t.Value) {
		f.Type, f.Native = table.List, "LIST"
	}
	f.gather(c, "", 0)
	return f
}

func isList(v format.LogicalTypeValue) bool {
	_, ok := v.(*format.ListType)
	return ok
}

// maxDepth bounds the nesting that is followed.
const maxDepth = 64

func (f *field) gather(c *parquet.Column, path string, depth int) {
	if c.Leaf() {
		f.leaves = append(f.leaves, newLeaf(c, path))
		return
	}
	if depth > maxDepth {
		return
	}
	for _, child := range c.Columns() {
		name := path
		switch child.Name() {
		case "list", "element", "item", "array", "bag", "key_value":
		default:
			if name != "" {
				name += "."
			}
			name += child.Name()
		}
		f.gather(child, name, depth+1)
	}
}

func newLeaf(c *parquet.Column, name string) leafType {
	l := leafType{index: c.Index(), name: name, kind: c.Type().Kind(), maxRep: c.MaxRepetitionLevel(), scale: 1}
	if t := c.Type().LogicalType(); t != nil {
		l.logical = t.Value
	}
	switch l.kind {
	case parquet.Boolean:
		l.storage = table.Bool
	case parquet.Int32, parquet.Int64:
		l.storage = table.Int
	case parquet.Float, parquet.Double:
		l.storage = table.Float
	case parquet.Int96:
		l.storage = table.Time
	default:
		l.storage = table.String
	}
	switch t := l.logical.(type) {
	case *format.DateType:
		l.storage, l.scale = table.Time, 86400e6
	case *format.TimestampType:
		l.storage, l.scale = table.Time, unit(t.Unit)
	case *format.DecimalType:
		l.storage, l.scale = table.Float, math.Pow10(int(t.Scale))
	case *format.Float16Type:
		l.storage = table.Float
	case *format.IntType:
		if !t.IsSigned && t.BitWidth == 64 {
			l.storage = table.Float
		}
	case *format.NullType:
		l.storage = table.Float
	}
	return l
}

// unit is how many microseconds one tick is.
func unit(u format.TimeUnit) float64 {
	switch u.Value.(type) {
	case *format.MilliSeconds:
		return 1000
	case *format.NanoSeconds:
		return 0.001
	}
	return 1
}

// micros brings an integer time to microseconds.
func (l *leafType) micros(v int64) int64 {
	if l.scale < 1 {
		return floorDiv(v, 1000)
	}
	return v * int64(l.scale)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func (l *leafType) integer(v parquet.Value) int64 {
	if t, ok := l.logical.(*format.IntType); ok && !t.IsSigned && l.kind == parquet.Int32 {
		return int64(v.Uint32())
	}
	if l.kind == parquet.Int32 {
		return int64(v.Int32())
	}
	return v.Int64()
}

// float is a value of Float storage.
func (l *leafType) float(v parquet.Value) float64 {
	switch l.kind {
	case parquet.Float:
		return float64(v.Float())
	case parquet.Double:
		return v.Double()
	case parquet.Int32, parquet.Int64:
		if _, ok := l.logical.(*format.IntType); ok {
			return float64(v.Uint64())
		}
		return float64(l.integer(v)) / l.scale
	}
	b := v.ByteArray()
	if _, ok := l.logical.(*format.Float16Type); ok && len(b) == 2 {
		return table.Half(binary.LittleEndian.Uint16(b))
	}
	return table.Decimal(b, l.scale)
}

// julianEpoch is 1970-01-01 as a Julian day number.
const julianEpoch = 2440588

// time is a value of Time storage in microseconds.
func (l *leafType) time(v parquet.Value) int64 {
	if l.kind != parquet.Int96 {
		return l.micros(l.integer(v))
	}
	t := v.Int96()
	nanos := int64(t[1])<<32 | int64(t[0])
	return (int64(t[2])-julianEpoch)*86400e6 + nanos/1000
}

// appendText writes a value of String storage, or any value of a nested field.
func (l *leafType) appendText(dst []byte, v parquet.Value) []byte {
	switch l.storage {
	case table.Bool:
		return strconv.AppendBool(dst, v.Boolean())
	case table.Int:
		return strconv.AppendInt(dst, l.integer(v), 10)
	case table.Float:
		return strconv.AppendFloat(dst, l.float(v), 'g', -1, 64)
	case table.Time:
		return table.FormatTime(dst, l.time(v))
	}
	b := v.ByteArray()
	if _, ok := l.logical.(*format.UUIDType); ok && len(b) == 16 {
		h := hex.EncodeToString(b)
		return append(dst, h[:8]+"-"+h[8:12]+"-"+h[12:16]+"-"+h[16:20]+"-"+h[20:]...)
	}
	return append(dst, b...)
}
