package tfevents

import (
	"encoding/binary"
	"math"
	"testing"
)

// TestTensorScalar holds the cases to values that IEEE 754 and the types' definitions give.
func TestTensorScalar(t *testing.T) {
	content := func(kind dtype, b ...byte) []byte { return bytesField(varintField(nil, 1, uint64(kind)), 4, b) }
	list := func(kind dtype, field int, v uint64) []byte {
		return varintField(varintField(nil, 1, uint64(kind)), field, v)
	}
	packed := func(kind dtype, field int, v uint64) []byte {
		return bytesField(varintField(nil, 1, uint64(kind)), field, binary.AppendUvarint(nil, v))
	}
	dims := func(msg []byte, sizes ...uint64) []byte {
		var shape []byte
		for _, n := range sizes {
			shape = bytesField(shape, 2, varintField(nil, 1, n))
		}
		return bytesField(msg, 2, shape)
	}
	quarter := binary.LittleEndian.AppendUint32([]byte{5<<3 | wire32}, math.Float32bits(0.25))
	minus := uint64(math.MaxUint64) - 6 // -7
	cases := []struct {
		msg  []byte
		want float64
		ok   bool
	}{
		{content(dtFloat, 0, 0, 0x80, 0x3e), 0.25, true},
		{content(dtDouble, 0, 0, 0, 0, 0, 0, 0xd0, 0x3f), 0.25, true},
		{content(dtInt32, 0xf9, 0xff, 0xff, 0xff), -7, true},
		{content(dtInt64, 0xf9, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), -7, true},
		{content(dtHalf, 0x00, 0x34), 0.25, true},
		{content(dtHalf, 0x00, 0xfc), math.Inf(-1), true},
		{content(dtHalf, 0x01, 0x00), math.Ldexp(1, -24), true},
		{content(dtHalf, 0xff, 0x7b), 65504, true},
		{content(dtBF16, 0x80, 0x3e), 0.25, true},
		{content(dtUint8, 0xff), 255, true},
		{content(dtInt8, 0xff), -1, true},
		{content(dtBool, 1), 1, true},
		{append(varintField(nil, 1, uint64(dtFloat)), quarter...), 0.25, true},
		{bytesField(varintField(nil, 1, uint64(dtFloat)), 5, []byte{0, 0, 0x80, 0x3e}), 0.25, true},
		{bytesField(varintField(nil, 1, uint64(dtDouble)), 6, []byte{0, 0, 0, 0, 0, 0, 0xd0, 0x3f}), 0.25, true},
		{list(dtInt32, 7, minus), -7, true},
		{packed(dtInt32, 7, minus), -7, true},
		{packed(dtInt64, 10, minus), -7, true},
		{packed(dtHalf, 13, 0x3400), 0.25, true},
		{list(dtBF16, 13, 0x3e80), 0.25, true},
		{packed(dtUint64, 17, 9), 9, true},
		{varintField(nil, 1, uint64(dtFloat)), 0, true},
		{dims(content(dtFloat, 0, 0, 0x80, 0x3e)), 0.25, true},
		{dims(content(dtFloat, 0, 0, 0x80, 0x3e), 1, 1), 0.25, true},
		{dims(content(dtFloat, 0, 0, 0x80, 0x3e), 2), 0, false},
		{content(dtFloat, 0, 0, 0x80), 0, false},
		{content(7, 'a'), 0, false},
		{packed(dtInt64, 7, 3), 0, false},
		{bytesField(varintField(nil, 1, uint64(dtInt64)), 10, []byte{1, 2}), 0, false},
		{[]byte{0xff}, 0, false},
	}
	for i, c := range cases {
		if got, ok := tensorScalar(c.msg); ok != c.ok || ok && got != c.want {
			t.Errorf("case %d %x: got %v, %v; want %v, %v", i, c.msg, got, ok, c.want, c.ok)
		}
	}
	if got, ok := tensorScalar(content(dtHalf, 0x01, 0x7c)); !ok || !math.IsNaN(got) {
		t.Errorf("half NaN: %v, %v", got, ok)
	}
}

// TestMasked holds the checksum to the vector that TensorFlow's files begin with: the length 24 of the
// version record of PyTorch and tensorboardX.
func TestMasked(t *testing.T) {
	if got := masked([]byte{24, 0, 0, 0, 0, 0, 0, 0}); got != 0x224b7fa3 {
		t.Errorf("got %#x", got)
	}
}
