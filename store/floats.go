package store

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// The ways of packing a list of float64; FORMAT.md, "Values".
const (
	floatSingle  = 0 // float32, where every value round-trips
	floatXOR     = 1 // difference of bits to the one before, packed
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

// appendXOR packs as Facebook's Gorilla does (Pelkonen et al., VLDB 2015, 4.1.2), with a 6 bit count of
// leading zeros: bit 0 for a repeated value; 10 and the bits inside the last window; 11, leading zeros,
// length - 1 and the bits of a new window.
func appendXOR(dst []byte, vs []float64) []byte {
	w := bitWriter{dst: dst}
	prev := math.Float64bits(vs[0])
	w.write(prev, 64)
	lead, trail := 65, 0
	for _, v := range vs[1:] {
		b := math.Float64bits(v)
		x := b ^ prev
		prev = b
		if x == 0 {
			w.write(0, 1)
			continue
		}
		l, t := bits.LeadingZeros64(x), bits.TrailingZeros64(x)
		if l >= lead && t >= trail {
			w.write(2, 2)
			w.write(x>>trail, 64-lead-trail)
			continue
		}
		lead, trail = l, t
		n := 64 - l - t
		w.write(3<<12|uint64(l)<<6|uint64(n-1), 14)
		w.write(x>>t, n)
	}
	return w.close()
}

func readXOR(src []byte, at int, dst []float64) (int, error) {
	r := bitReader{src: src, at: at}
	prev := r.read(64)
	dst[0] = math.Float64frombits(prev)
	n, trail := 0, 0
	for i := 1; i < len(dst); i++ {
		if r.read(1) != 0 {
			if r.read(1) != 0 {
				head := int(r.read(12))
				n = head&63 + 1
				trail = 64 - head>>6 - n
				if trail < 0 {
					return 0, errFloats
				}
			}
			if n == 0 {
				return 0, errFloats
			}
			prev ^= r.read(n) << trail
		}
		dst[i] = math.Float64frombits(prev)
	}
	if r.short {
		return 0, errShort
	}
	return r.at - r.have>>3, nil
}

// bitWriter appends bits, most significant first, padded with zeros to a whole byte.
type bitWriter struct {
	dst  []byte
	acc  uint64 // the low free bits are unused
	used int    // bits in acc, under 64
}

func (w *bitWriter) write(v uint64, n int) {
	room := 64 - w.used
	if n < room {
		w.acc |= v << (room - n)
		w.used += n
		return
	}
	rest := n - room
	w.dst = binary.BigEndian.AppendUint64(w.dst, w.acc|v>>rest)
	w.acc, w.used = 0, rest
	if rest > 0 {
		w.acc = v << (64 - rest)
	}
}

func (w *bitWriter) close() []byte {
	for ; w.used > 0; w.used -= 8 {
		w.dst = append(w.dst, byte(w.acc>>56))
		w.acc <<= 8
	}
	return w.dst
}

// bitReader undoes bitWriter. Past the end it reads zeros and sets short.
type bitReader struct {
	src   []byte
	at    int    // the first byte that is not in have
	acc   uint64 // have bits at the top; what stands below them, if anything, is what follows in src
	have  int
	short bool
}

func (r *bitReader) read(n int) uint64 {
	if n > 56 {
		high := r.read(n - 32)
		return high<<32 | r.read(32)
	}
	if r.have < n {
		r.fill()
	}
	v := r.acc >> (64 - n)
	r.acc <<= n
	r.have -= n
	if r.have < 0 {
		r.short, r.have, r.acc = true, 0, 0
	}
	return v
}

// fill tops acc up to at least 57 bits, or to the end of src.
func (r *bitReader) fill() {
	if len(r.src)-r.at >= 8 {
		r.acc |= binary.BigEndian.Uint64(r.src[r.at:]) >> r.have
		n := (63 - r.have) >> 3
		r.at += n
		r.have += n << 3
		return
	}
	for r.have <= 56 && r.at < len(r.src) {
		r.acc |= uint64(r.src[r.at]) << (56 - r.have)
		r.at++
		r.have += 8
	}
}
