package store

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// The ways of packing a list of float64; FORMAT.md, "Values".
const (
	floatSingle  = 0 // float32, where every value round-trips
	floatXOR     = 1 // difference of bits to the one before, without its zero bytes
	floatDecimal = 2 // integers over a power of ten
)

// maxDecimals is the greatest power of ten tried. Powers up to 10^22 are exact in a float64.
const maxDecimals = 15

// powers are the powers of ten as float64.
var powers = [maxDecimals + 1]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// appendFloats packs vs (at least one) so that every bit comes back, NaN payloads and -0 included.
// ints is room for len(vs) integers.
func appendFloats(dst []byte, vs []float64, ints []int64) []byte {
	start := len(dst)
	if e, ok := decimals(vs, ints); ok {
		dst = append(dst, floatDecimal, byte(e))
		dst = appendInts(dst, ints)
	}
	decimal := len(dst) - start
	if decimal > 0 && decimal <= 3*len(vs)+8 {
		return dst
	}
	if singles(vs) {
		if decimal > 0 && decimal <= 1+4*len(vs) {
			return dst
		}
		dst = append(dst[:start], floatSingle)
		for _, v := range vs {
			dst = binary.LittleEndian.AppendUint32(dst, narrow(math.Float64bits(v)))
		}
		return dst
	}
	dst = appendXOR(append(dst, floatXOR), vs)
	if xor := len(dst) - start - decimal; decimal > 0 && decimal <= xor {
		return dst[:start+decimal]
	}
	return append(dst[:start], dst[start+decimal:]...)
}

// readFloats unpacks len(dst) values (at least one) from src[at:] and says where they end. ints is room for
// as many integers.
func readFloats(src []byte, at int, dst []float64, ints []int64) (next int, err error) {
	if at >= len(src) {
		return 0, errShort
	}
	switch src[at] {
	case floatSingle:
		return readSingles(src, at+1, dst)
	case floatXOR:
		return readXOR(src, at+1, dst)
	case floatDecimal:
		return readDecimals(src, at+1, dst, ints)
	}
	return 0, errFloats
}

// decimals says whether every value is an integer over one power of ten, bit for bit, and fills ints.
func decimals(vs []float64, ints []int64) (exponent int, ok bool) {
	e := 0
	for i, v := range vs {
		n, fits := decimal(v, e)
		for !fits && e < maxDecimals {
			e++
			n, fits = decimal(v, e)
		}
		if !fits {
			return 0, false
		}
		ints[i] = n
	}
	for i, v := range vs {
		n, fits := decimal(v, e)
		if !fits {
			return 0, false
		}
		ints[i] = n
	}
	return e, true
}

func decimal(v float64, e int) (int64, bool) {
	scaled := v * powers[e]
	if !(math.Abs(scaled) < 1<<53) {
		return 0, false
	}
	n := int64(math.RoundToEven(scaled))
	return n, math.Float64bits(float64(n)/powers[e]) == math.Float64bits(v)
}

func readDecimals(src []byte, at int, dst []float64, ints []int64) (int, error) {
	if at >= len(src) || src[at] > maxDecimals {
		return 0, errFloats
	}
	p := powers[src[at]]
	ints = ints[:len(dst)]
	at, err := readInts(src, at+1, ints)
	if err != nil {
		return 0, err
	}
	for i, n := range ints {
		dst[i] = float64(n) / p
	}
	return at, nil
}

// singles says whether every value is a float32, bit for bit.
func singles(vs []float64) bool {
	for _, v := range vs {
		b := math.Float64bits(v)
		if b != widen(narrow(b)) {
			return false
		}
	}
	return true
}

const (
	expMask  = 0x7ff << 52
	fracMask = 1<<52 - 1
)

// narrow turns the bits of a float64 into those of a float32. NaNs go by their bits: hardware would quiet
// or renew them differently from machine to machine.
func narrow(b uint64) uint32 {
	if b&expMask == expMask && b&fracMask != 0 {
		return uint32(b>>32)&(1<<31) | 0x7f800000 | uint32(b&fracMask>>29)
	}
	return math.Float32bits(float32(math.Float64frombits(b)))
}

// widen undoes narrow.
func widen(b uint32) uint64 {
	if b&0x7f800000 == 0x7f800000 {
		return uint64(b&(1<<31))<<32 | expMask | uint64(b&(1<<23-1))<<29
	}
	return math.Float64bits(float64(math.Float32frombits(b)))
}

func readSingles(src []byte, at int, dst []float64) (int, error) {
	if len(src)-at < 4*len(dst) {
		return 0, errShort
	}
	for i := range dst {
		dst[i] = math.Float64frombits(widen(binary.LittleEndian.Uint32(src[at+4*i:])))
	}
	return at + 4*len(dst), nil
}

// How the nibbles of floatXOR speak of a difference of 8 bytes: its leading zero bytes, or that it is zero, or
// tailed plus its leading zero bytes where the last three are zero too, as they are between float32 values.
const (
	nibbleZero   = 8
	nibbleTailed = 9
	tailBytes    = 3
)

// nibbleBytes is how many bytes of the difference are written.
var nibbleBytes = [16]uint8{8, 7, 6, 5, 4, 3, 2, 1, 0, 5, 4, 3, 2, 1, 0, 0}

// appendXOR packs differences of bits to the value before (0 before the first): a nibble for each, then the
// bytes that are not zero.
func appendXOR(dst []byte, vs []float64) []byte {
	at := len(dst)
	dst = append(dst, make([]byte, (len(vs)+1)/2)...)
	prev := uint64(0)
	for i, v := range vs {
		b := math.Float64bits(v)
		x := b ^ prev
		prev = b
		nibble := bits.LeadingZeros64(x) / 8
		if x != 0 && x&(1<<(8*tailBytes)-1) == 0 {
			nibble += nibbleTailed
			x >>= 8 * tailBytes
		}
		dst[at+i/2] |= byte(nibble) << (i % 2 * 4)
		n := int(nibbleBytes[nibble])
		dst = binary.LittleEndian.AppendUint64(dst, x)
		dst = dst[:len(dst)-8+n]
	}
	return dst
}

func readXOR(src []byte, at int, dst []float64) (int, error) {
	nibbles := (len(dst) + 1) / 2
	if len(src)-at < nibbles {
		return 0, errShort
	}
	control := src[at : at+nibbles]
	at += nibbles
	prev := uint64(0)
	for i := range dst {
		nibble := control[i/2] >> (i % 2 * 4) & 15
		n := int(nibbleBytes[nibble])
		var x uint64
		if len(src)-at >= 8 {
			x = binary.LittleEndian.Uint64(src[at:]) & (1<<(8*n) - 1)
		} else if len(src)-at >= n {
			for j := n; j > 0; j-- {
				x = x<<8 | uint64(src[at+j-1])
			}
		} else {
			return 0, errShort
		}
		if nibble >= nibbleTailed {
			x <<= 8 * tailBytes
		}
		at += n
		prev ^= x
		dst[i] = math.Float64frombits(prev)
	}
	return at, nil
}
