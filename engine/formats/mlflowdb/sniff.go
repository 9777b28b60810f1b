package mlflowdb

import (
	"encoding/binary"
	"io"
	"strings"
)

// maxSchemaPages bounds the walk over a schema; MLflow's has some 20 pages.
const maxSchemaPages = 512

// tableNames reads the names of a database's tables from its file as it stands, without a lock
// (sqlite.org/fileformat2.html, sections 1.3, 1.6 and 2.6). A scan asks this of every SQLite file: what is
// torn or damaged has no names, and is asked again by the next scan; whole says that every page of the schema is there.
func tableNames(f io.ReaderAt) (names map[string]bool, whole bool) {
	names = map[string]bool{}
	head := make([]byte, 100)
	if _, err := f.ReadAt(head, 0); err != nil || !strings.HasPrefix(string(head), magic) {
		return names, false
	}
	size := int(binary.BigEndian.Uint16(head[16:]))
	if size == 1 {
		size = 65536
	}
	if size < 512 || size&(size-1) != 0 {
		return names, false
	}
	queue, page := []uint32{1}, make([]byte, size)
	whole = true
	for n := 0; n < len(queue) && n < maxSchemaPages; n++ {
		if queue[n] == 0 {
			continue
		}
		if _, err := f.ReadAt(page, int64(queue[n]-1)*int64(size)); err != nil {
			whole = false
			continue
		}
		at := 0
		if queue[n] == 1 {
			at = 100
		}
		queue = append(queue, schemaPage(page, at, names)...)
	}
	return names, whole
}

// schemaPage takes the names of the tables on a leaf, or answers the children of an inner page.
func schemaPage(page []byte, at int, names map[string]bool) (children []uint32) {
	const inner, leaf = 5, 13
	kind, cells := page[at], int(binary.BigEndian.Uint16(page[at+3:]))
	first := at + 8
	if kind == inner {
		children = append(children, binary.BigEndian.Uint32(page[at+8:]))
		first = at + 12
	}
	for i := 0; i < cells && first+2*i+2 <= len(page); i++ {
		cell := int(binary.BigEndian.Uint16(page[first+2*i:]))
		switch {
		case kind == inner && cell+4 <= len(page):
			children = append(children, binary.BigEndian.Uint32(page[cell:]))
		case kind == leaf && cell < len(page):
			if name, ok := tableName(page[cell:]); ok {
				names[name] = true
			}
		}
	}
	return children
}

// tableName reads type and name, the first two columns of a row of the schema, which stand before any
// overflow. The cell is payload length, rowid, then a record: header length, one serial type a column.
func tableName(cell []byte) (string, bool) {
	_, cell = varint(cell)
	_, cell = varint(cell)
	length, rest := varint(cell)
	kind, rest := varint(rest)
	name, _ := varint(rest)
	if length > uint64(len(cell)) || kind != 13+2*uint64(len("table")) || name < 13 || name%2 == 0 {
		return "", false
	}
	body, n := cell[length:], (name-13)/2
	if uint64(len(body)) < 5+n || string(body[:5]) != "table" {
		return "", false
	}
	return string(body[5 : 5+n]), true
}

// varint reads SQLite's big-endian variable-length integer; 0 where the bytes end too early.
func varint(b []byte) (v uint64, rest []byte) {
	for i := 0; i < len(b) && i < 9; i++ {
		if i == 8 {
			return v<<8 | uint64(b[i]), b[i+1:]
		}
		v = v<<7 | uint64(b[i]&0x7f)
		if b[i] < 0x80 {
			return v, b[i+1:]
		}
	}
	return 0, nil
}
