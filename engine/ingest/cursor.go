package ingest

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
)

// ErrCursor says that a cursor was written by another version, or is no cursor at all. A format answers it
// with Reset and the unit's content from the start.
var ErrCursor = errors.New("read cursor: not one of this version")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// CursorWriter spells a cursor: a version byte, varints and length-prefixed strings, and a CRC-32C at the
// end.
type CursorWriter struct{ buf []byte }

// NewCursor starts a cursor of a format's version.
func NewCursor(version byte) *CursorWriter { return &CursorWriter{buf: []byte{version}} }

// Int appends a signed number.
func (w *CursorWriter) Int(v int64) { w.buf = binary.AppendVarint(w.buf, v) }

// Uint appends an unsigned number.
func (w *CursorWriter) Uint(v uint64) { w.buf = binary.AppendUvarint(w.buf, v) }

// Text appends a string of any bytes.
func (w *CursorWriter) Text(s string) {
	w.buf = append(binary.AppendUvarint(w.buf, uint64(len(s))), s...)
}

// Flag appends a truth value.
func (w *CursorWriter) Flag(v bool) {
	if v {
		w.buf = append(w.buf, 1)
		return
	}
	w.buf = append(w.buf, 0)
}

// Bytes ends the cursor with its checksum.
func (w *CursorWriter) Bytes() []byte {
	return binary.LittleEndian.AppendUint32(w.buf, crc32.Checksum(w.buf, castagnoli))
}

// CursorReader reads back what a CursorWriter wrote. After the first fault every value is zero and Err
// answers ErrCursor, so that a format looks at the error once, at the end.
type CursorReader struct {
	rest []byte
	err  error
}

// OpenCursor checks a cursor's version and checksum.
func OpenCursor(version byte, cursor []byte) *CursorReader {
	n := len(cursor) - 4
	if n < 1 || cursor[0] != version ||
		crc32.Checksum(cursor[:n], castagnoli) != binary.LittleEndian.Uint32(cursor[n:]) {
		return &CursorReader{err: ErrCursor}
	}
	return &CursorReader{rest: cursor[1:n]}
}

// Int reads a signed number.
func (r *CursorReader) Int() int64 {
	v, n := binary.Varint(r.rest)
	if !r.skip(n) {
		return 0
	}
	return v
}

// Uint reads an unsigned number.
func (r *CursorReader) Uint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if !r.skip(n) {
		return 0
	}
	return v
}

// Count reads a number of items that follow, each at least one byte long, so that a forged count can't
// make its reader allocate more than the cursor is long.
func (r *CursorReader) Count() int {
	v := r.Uint()
	if v > uint64(len(r.rest)) || v > math.MaxInt32 {
		r.err = ErrCursor
		return 0
	}
	return int(v)
}

// Text reads a string.
func (r *CursorReader) Text() string {
	n := r.Count()
	if r.err != nil {
		return ""
	}
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}

// Flag reads a truth value.
func (r *CursorReader) Flag() bool {
	if len(r.rest) == 0 {
		r.err = ErrCursor
	}
	if r.err != nil {
		return false
	}
	v := r.rest[0]
	r.rest = r.rest[1:]
	return v == 1
}

// Err answers ErrCursor when anything read so far was not there.
func (r *CursorReader) Err() error { return r.err }

func (r *CursorReader) skip(n int) bool {
	if n <= 0 {
		r.err = ErrCursor
	}
	if r.err != nil {
		r.rest = nil
		return false
	}
	r.rest = r.rest[n:]
	return true
}
