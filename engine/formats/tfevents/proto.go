package tfevents

import (
	"encoding/binary"
	"math"
)

// The wire types of protocol buffers that event files use.
const (
	wireVarint = 0
	wire64     = 1
	wireBytes  = 2
	wire32     = 5
)

// walker goes over the fields of one message, flat: the caller walks into fields that are messages.
type walker struct {
	rest []byte
	num  uint64 // the field's number
	wire uint8
	n    uint64 // the value of a varint, 64-bit or 32-bit field
	b    []byte // the value of a field of bytes
	bad  bool   // the message is malformed from here on
}

// next moves to the next field, false at the end or where the bytes are no field.
func (w *walker) next() bool {
	if len(w.rest) == 0 {
		return false
	}
	key, ok := w.varint()
	if !ok || key>>3 == 0 || key>>3 > math.MaxInt32 {
		return w.fail()
	}
	w.num, w.wire = key>>3, uint8(key&7)
	w.b = nil
	switch w.wire {
	case wireVarint:
		w.n, ok = w.varint()
	case wire64:
		if ok = len(w.rest) >= 8; ok {
			w.n, w.rest = binary.LittleEndian.Uint64(w.rest), w.rest[8:]
		}
	case wireBytes:
		var size uint64
		if size, ok = w.varint(); ok && size <= uint64(len(w.rest)) {
			w.b, w.rest = w.rest[:size:size], w.rest[size:]
		} else {
			ok = false
		}
	case wire32:
		if ok = len(w.rest) >= 4; ok {
			w.n, w.rest = uint64(binary.LittleEndian.Uint32(w.rest)), w.rest[4:]
		}
	default:
		ok = false
	}
	return ok || w.fail()
}

func (w *walker) fail() bool {
	w.bad, w.rest = true, nil
	return false
}

func (w *walker) varint() (uint64, bool) {
	if len(w.rest) > 0 && w.rest[0] < 0x80 {
		v := uint64(w.rest[0])
		w.rest = w.rest[1:]
		return v, true
	}
	v, n := binary.Uvarint(w.rest)
	if n <= 0 {
		return 0, false
	}
	w.rest = w.rest[n:]
	return v, true
}

// is tells the field that the walker stands at.
func (w *walker) is(num uint64, wire uint8) bool { return w.num == num && w.wire == wire }

// find answers the first field of bytes with this number.
func find(msg []byte, num uint64) []byte {
	for w := (walker{rest: msg}); w.next(); {
		if w.is(num, wireBytes) {
			return w.b
		}
	}
	return nil
}
