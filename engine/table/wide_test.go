package table

import (
	"math"
	"testing"
)

// The halves are from the table of examples in the Wikipedia article on the half-precision format.
func TestHalf(t *testing.T) {
	for bits, want := range map[uint16]float64{0x3c00: 1, 0xc000: -2, 0x7bff: 65504, 0x0001: math.Ldexp(1, -24), 0x03ff: math.Ldexp(1023, -24), 0x3555: 0.333251953125, 0xfc00: math.Inf(-1)} {
		if got := Half(bits); got != want {
			t.Errorf("%#x is %v, want %v", bits, got, want)
		}
	}
	if !math.IsNaN(Half(0x7e00)) {
		t.Error("0x7e00 is a NaN")
	}
}

func TestDecimal(t *testing.T) {
	for _, c := range []struct {
		bytes []byte
		want  float64
	}{{[]byte{0x7b}, 1.23}, {[]byte{0xff, 0x85}, -1.23}, {[]byte{0x00}, 0}, {[]byte{0x00, 0xff}, 2.55}} {
		if got := Decimal(c.bytes, 100); got != c.want {
			t.Errorf("%x is %v, want %v", c.bytes, got, c.want)
		}
	}
}
