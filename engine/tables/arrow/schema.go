package arrow

import (
	"fmt"
	"math"
	"strings"

	"pace/engine/table"
)

// Types of Schema.fbs in the Arrow repository.
const (
	typeNull            = 1
	typeInt             = 2
	typeFloat           = 3
	typeBinary          = 4
	typeUtf8            = 5
	typeBool            = 6
	typeDecimal         = 7
	typeDate            = 8
	typeTime            = 9
	typeTimestamp       = 10
	typeInterval        = 11
	typeList            = 12
	typeStruct          = 13
	typeUnion           = 14
	typeFixedSizeBinary = 15
	typeFixedSizeList   = 16
	typeMap             = 17
	typeDuration        = 18
	typeLargeBinary     = 19
	typeLargeUtf8       = 20
	typeLargeList       = 21
	typeRunEndEncoded   = 22
	typeBinaryView      = 23
	typeUtf8View        = 24
)

var typeNames = [...]string{"none", "null", "int", "float", "binary", "utf8", "bool", "decimal", "date", "time", "timestamp", "interval", "list", "struct",
	"union", "fixed binary", "fixed list", "map", "duration", "large binary", "large utf8", "large list", "run-end encoded", "binary view", "utf8 view", "list view", "large list view"}

// node is a field, or a field of a field, and how its values lie in buffers.
type node struct {
	table.Field
	kind     uint8
	width    int // bytes of a value; of an offset for texts and lists; values of a list of fixed size
	unsigned bool
	scale    float64 // decimals are divided by it, times multiplied to microseconds
	children []*node
	dict     *dictEncoding
}

// dictEncoding says where the values of a dictionary-encoded field are.
type dictEncoding struct {
	id       int64
	width    int
	unsigned bool
}

const (
	maxDepth   = 64
	maxColumns = 1 << 17
)

// newNode reads a Field table.
func newNode(f object, depth int) (*node, error) {
	n := &node{kind: f.byte(2), scale: 1}
	n.Name = f.string(0)
	if depth > maxDepth {
		return nil, fmt.Errorf("column %q: nested too deep", n.Name)
	}
	if int(n.kind) < len(typeNames) {
		n.Native = typeNames[n.kind]
	}
	for _, c := range f.objects(5) {
		child, err := newNode(c, depth+1)
		if err != nil {
			return nil, err
		}
		n.children = append(n.children, child)
	}
	if err := n.settle(f.object(3)); err != nil {
		return nil, fmt.Errorf("column %q: %w", n.Name, err)
	}
	if f.field(4) != 0 {
		d := f.object(4)
		n.dict = &dictEncoding{id: d.long(0), width: 4}
		if d.field(1) != 0 {
			n.dict.width, n.dict.unsigned = d.object(1).int(0, 0)/8, !d.object(1).bool(1)
		}
		if !wordSize(n.dict.width) {
			return nil, fmt.Errorf("column %q: indexes of %d bytes", n.Name, n.dict.width)
		}
	}
	return n, nil
}

func wordSize(w int) bool { return w == 1 || w == 2 || w == 4 || w == 8 }

// settle decides the storage by the type table.
func (n *node) settle(t object) error {
	n.Storage = table.String
	switch n.kind {
	case typeNull:
		n.Storage = table.Float
	case typeInt:
		n.Storage, n.width, n.unsigned = table.Int, t.int(0, 0)/8, !t.bool(1)
		n.Native = fmt.Sprintf("%s%d", [...]string{"int", "uint"}[btoi(n.unsigned)], 8*n.width)
		if n.unsigned && n.width == 8 {
			n.Storage = table.Float
		}
	case typeFloat:
		n.Storage, n.width = table.Float, 2<<min(uint(t.short(0, 0)), 3)
		n.Native = fmt.Sprintf("float%d", 8*n.width)
	case typeBool:
		n.Storage = table.Bool
	case typeDecimal:
		n.Storage, n.width, n.scale = table.Float, t.int(2, 128)/8, math.Pow10(t.int(1, 0))
		n.Native = fmt.Sprintf("decimal(%d,%d)", t.int(0, 0), t.int(1, 0))
	case typeDate, typeTimestamp:
		n.time(t)
	case typeTime, typeDuration:
		n.Storage, n.width = table.Int, 8
		if n.kind == typeTime {
			n.width = t.int(1, 32) / 8
		}
	case typeBinary, typeUtf8:
		n.width = 4
	case typeLargeBinary, typeLargeUtf8:
		n.width = 8
	case typeBinaryView, typeUtf8View:
		n.width = 16
	case typeFixedSizeBinary:
		n.width = t.int(0, 0)
	default:
		return n.nested(t)
	}
	if n.width < 0 || n.Storage != table.String && n.kind != typeNull && n.kind != typeBool && !wordSize(n.width) && n.kind != typeDecimal {
		return fmt.Errorf("%s of %d bytes", n.Native, n.width)
	}
	return nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// time reads the unit of a date or timestamp.
func (n *node) time(t object) {
	n.Storage, n.width = table.Time, 8
	if n.kind == typeDate {
		n.scale = 1000
		if t.short(0, 1) == 0 {
			n.width, n.scale = 4, 86400e6
		}
		return
	}
	n.scale = [...]float64{1e6, 1e3, 1, 1e-3}[t.short(0, 0)&3]
	if zone := t.string(1); zone != "" {
		n.Native += " " + zone
	}
}

// nested settles lists and structs.
func (n *node) nested(t object) error {
	n.Storage, n.Type = table.Nested, table.List
	switch n.kind {
	case typeList, typeMap:
		n.width = 4
	case typeLargeList:
		n.width = 8
	case typeFixedSizeList:
		n.width = t.int(0, 0)
	case typeStruct:
		n.Type = table.Struct
		return nil
	default:
		return fmt.Errorf("type %s is not read", strings.TrimSpace(n.Native+" "+fmt.Sprint(n.kind)))
	}
	if len(n.children) != 1 || n.width < 0 {
		return errMetadata
	}
	return nil
}
