package arrow

import (
	"encoding/binary"
	"errors"
)

// errMetadata says that a flatbuffer points outside itself.
var errMetadata = errors.New("corrupt metadata")

// buffer is a flatbuffer (google.github.io/flatbuffers, "Internals"). What points outside it panics with errMetadata, which
// parse catches.
type buffer []byte

func (b buffer) at(pos, n int) []byte {
	if pos < 0 || n < 0 || pos > len(b)-n {
		panic(errMetadata)
	}
	return b[pos : pos+n]
}

func (b buffer) u8(pos int) uint8   { return b.at(pos, 1)[0] }
func (b buffer) i16(pos int) int    { return int(int16(binary.LittleEndian.Uint16(b.at(pos, 2)))) }
func (b buffer) i32(pos int) int    { return int(int32(binary.LittleEndian.Uint32(b.at(pos, 4)))) }
func (b buffer) i64(pos int) int64  { return int64(binary.LittleEndian.Uint64(b.at(pos, 8))) }
func (b buffer) follow(pos int) int { return pos + b.i32(pos) }

// object is a table in a flatbuffer; the zero object is one that is absent and has no fields.
type object struct {
	buffer
	pos int
}

// root is the table at the beginning.
func root(b []byte) object { return object{b, buffer(b).follow(0)} }

// field is the place of a field's value, 0 when it has its default.
func (o object) field(n int) int {
	if o.buffer == nil {
		return 0
	}
	vtable := o.pos - o.i32(o.pos)
	if 4+2*n+2 > o.i16(vtable) {
		return 0
	}
	if off := o.i16(vtable + 4 + 2*n); off != 0 {
		return o.pos + off
	}
	return 0
}

func (o object) bool(n int) bool { return o.byte(n) != 0 }

func (o object) byte(n int) uint8 {
	if p := o.field(n); p != 0 {
		return o.u8(p)
	}
	return 0
}

func (o object) short(n, standard int) int {
	if p := o.field(n); p != 0 {
		return o.i16(p)
	}
	return standard
}

func (o object) int(n, standard int) int {
	if p := o.field(n); p != 0 {
		return o.i32(p)
	}
	return standard
}

func (o object) long(n int) int64 {
	if p := o.field(n); p != 0 {
		return o.i64(p)
	}
	return 0
}

func (o object) object(n int) object {
	if p := o.field(n); p != 0 {
		return object{o.buffer, o.follow(p)}
	}
	return object{}
}

func (o object) string(n int) string {
	p := o.field(n)
	if p == 0 {
		return ""
	}
	p = o.follow(p)
	return string(o.at(p+4, o.i32(p)))
}

// vector is the place and length of a vector whose elements have a size in bytes.
func (o object) vector(n, size int) (pos, length int) {
	p := o.field(n)
	if p == 0 {
		return 0, 0
	}
	p = o.follow(p)
	length = o.i32(p)
	if length < 0 || length > len(o.buffer)/size {
		panic(errMetadata)
	}
	o.at(p+4, length*size)
	return p + 4, length
}

// objects are the tables of a vector.
func (o object) objects(n int) []object {
	pos, length := o.vector(n, 4)
	out := make([]object, length)
	for i := range out {
		out[i] = object{o.buffer, o.follow(pos + 4*i)}
	}
	return out
}

// parse calls f and turns what it meets outside the buffer into an error.
func parse(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(error)
			if !ok || !errors.Is(e, errMetadata) {
				panic(r)
			}
			err = errMetadata
		}
	}()
	return f()
}
