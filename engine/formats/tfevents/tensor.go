package tfevents

import (
	"encoding/binary"
	"math"
)

// dtype is tensorflow.DataType (tensorflow/core/framework/types.proto), the numeric ones.
type dtype uint64

const (
	dtFloat  dtype = 1
	dtDouble dtype = 2
	dtInt32  dtype = 3
	dtUint8  dtype = 4
	dtInt16  dtype = 5
	dtInt8   dtype = 6
	dtInt64  dtype = 9
	dtBool   dtype = 10
	dtBF16   dtype = 14
	dtUint16 dtype = 17
	dtHalf   dtype = 19
	dtUint32 dtype = 22
	dtUint64 dtype = 23
)

// tensorScalar answers the one number of a TensorProto, false where it holds none, several, or text. A
// number lies in tensor_content as the machine has it, or in the list of its kind.
func tensorScalar(msg []byte) (float64, bool) {
	var (
		kind    dtype
		content []byte
		listed  walker // the field that holds the value
		lists   int
	)
	w := walker{rest: msg}
	for w.next() {
		switch {
		case w.is(1, wireVarint):
			kind = dtype(w.n)
		case w.is(2, wireBytes):
			if !single(w.b) {
				return 0, false
			}
		case w.is(4, wireBytes):
			content = w.b
		case w.num >= 5 && w.num <= 17 && w.num != 8:
			listed = w
			lists++
		}
	}
	switch {
	case w.bad || lists > 1 || width(kind) == 0:
		return 0, false
	case len(content) > 0:
		if len(content) != width(kind) {
			return 0, false
		}
		return element(kind, little(content)), true
	case lists == 0:
		return 0, true // a message leaves a zero out
	}
	return listedNumber(kind, listed)
}

// single is true for the shape of a scalar, or of one element.
func single(shape []byte) bool {
	w := walker{rest: shape}
	for w.next() {
		if !w.is(2, wireBytes) {
			continue
		}
		size := uint64(0)
		d := walker{rest: w.b}
		for d.next() {
			if d.is(1, wireVarint) {
				size = d.n
			}
		}
		if size != 1 {
			return false
		}
	}
	return !w.bad
}

// listedNumber reads the only number of a repeated field, packed or not. Halves lie in a list of int32.
func listedNumber(kind dtype, w walker) (float64, bool) {
	n := w.n
	if w.wire == wireBytes {
		in := walker{rest: w.b}
		switch w.num {
		case 5, 6:
			if len(w.b) != width(kind) {
				return 0, false
			}
			n = little(w.b)
		default:
			var ok bool
			if n, ok = in.varint(); !ok || len(in.rest) > 0 {
				return 0, false
			}
		}
	}
	field := map[dtype]uint64{dtFloat: 5, dtDouble: 6, dtInt64: 10, dtBool: 11, dtBF16: 13, dtHalf: 13, dtUint32: 16, dtUint64: 17}[kind]
	if field == 0 {
		field = 7 // int_val serves the short integers too
	}
	return element(kind, n), w.num == field
}

func little(b []byte) uint64 {
	var wide [8]byte
	copy(wide[:], b)
	return binary.LittleEndian.Uint64(wide[:])
}

// width is the bytes of one element, 0 for what is no number.
func width(kind dtype) int {
	switch kind {
	case dtDouble, dtInt64, dtUint64:
		return 8
	case dtFloat, dtInt32, dtUint32:
		return 4
	case dtInt16, dtUint16, dtHalf, dtBF16:
		return 2
	case dtUint8, dtInt8, dtBool:
		return 1
	}
	return 0
}

// element reads the low bits of n as the kind has them.
func element(kind dtype, n uint64) float64 {
	switch kind {
	case dtFloat:
		return float64(math.Float32frombits(uint32(n)))
	case dtDouble:
		return math.Float64frombits(n)
	case dtInt64:
		return float64(int64(n))
	case dtInt32:
		return float64(int32(n))
	case dtInt16:
		return float64(int16(n))
	case dtInt8:
		return float64(int8(n))
	case dtBF16:
		return float64(math.Float32frombits(uint32(n) << 16))
	case dtHalf:
		return half(uint16(n))
	case dtUint32:
		return float64(uint32(n))
	case dtUint16:
		return float64(uint16(n))
	case dtUint8:
		return float64(uint8(n))
	case dtBool:
		return float64(n & 1)
	}
	return float64(n)
}

// half widens an IEEE 754 binary16.
func half(h uint16) float64 {
	sign, exp, frac := 1.0, int(h>>10&31), float64(h&1023)
	if h>>15 == 1 {
		sign = -1
	}
	switch {
	case exp == 31 && frac == 0:
		return math.Inf(int(sign))
	case exp == 31:
		return math.NaN()
	case exp == 0:
		return sign * math.Ldexp(frac, -24)
	}
	return sign * math.Ldexp(1024+frac, exp-25)
}
