package store

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// The ways of packing a list of integers; FORMAT.md, "Integers".
const (
	intRuns  = 0 // stride and count, repeated
	intDelta = 1 // difference to the one before
	intDod   = 2 // difference of differences
)

var (
	errShort   = errors.New("ends early")
	errInts    = errors.New("integers are malformed")
	errFloats  = errors.New("values are malformed")
	errHeader  = errors.New("header is malformed")
	errTrailer = errors.New("bytes follow the end")
)

func zigzag(v int64) uint64   { return uint64(v<<1) ^ uint64(v>>63) }
func unzigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }

// varintLen is the length of a zigzag varint in bytes.
func varintLen(v int64) int { return (9*bits.Len64(zigzag(v)) + 64) / 64 }

func appendVarint(dst []byte, v int64) []byte { return binary.AppendUvarint(dst, zigzag(v)) }

// readVarint is the zigzag varint at src[at:]; next is 0 where there is none.
func readVarint(src []byte, at int) (v int64, next int) {
	u, next := readUvarint(src, at)
	return unzigzag(u), next
}

func readUvarint(src []byte, at int) (u uint64, next int) {
	for shift := 0; at < len(src) && shift < 64; shift += 7 {
		b := src[at]
		at++
		if b < 0x80 {
			if shift == 63 && b > 1 {
				return 0, 0
			}
			return u | uint64(b)<<shift, at
		}
		u |= uint64(b&0x7f) << shift
	}
	return 0, 0
}

// appendInts packs xs (at least one) in whichever way is shortest. Differences wrap, so every int64 comes
// back exactly.
func appendInts(dst []byte, xs []int64) []byte {
	mode := shortestInts(xs)
	dst = append(dst, mode)
	dst = appendVarint(dst, xs[0])
	switch mode {
	case intRuns:
		return appendRuns(dst, xs)
	case intDelta:
		for i := 1; i < len(xs); i++ {
			dst = appendVarint(dst, xs[i]-xs[i-1])
		}
	case intDod:
		var last int64
		for i := 1; i < len(xs); i++ {
			d := xs[i] - xs[i-1]
			dst = appendVarint(dst, d-last)
			last = d
		}
	}
	return dst
}

func shortestInts(xs []int64) byte {
	var runs, delta, dod, count int
	var last int64
	for i := 1; i < len(xs); i++ {
		d := xs[i] - xs[i-1]
		if i == 1 || d != last {
			runs += varintLen(d) + varintLen(int64(count))
			count = 0
		}
		count++
		delta += varintLen(d)
		dod += varintLen(d - last)
		last = d
	}
	switch {
	case runs <= delta && runs <= dod:
		return intRuns
	case delta <= dod:
		return intDelta
	}
	return intDod
}

func appendRuns(dst []byte, xs []int64) []byte {
	for i := 1; i < len(xs); {
		stride, j := xs[i]-xs[i-1], i+1
		for j < len(xs) && xs[j]-xs[j-1] == stride {
			j++
		}
		dst = appendVarint(dst, stride)
		dst = binary.AppendUvarint(dst, uint64(j-i))
		i = j
	}
	return dst
}

// readInts unpacks len(dst) integers (at least one) from src[at:] and says where they end.
func readInts(src []byte, at int, dst []int64) (next int, err error) {
	if at >= len(src) {
		return 0, errShort
	}
	mode := src[at]
	v, at := readVarint(src, at+1)
	if at == 0 {
		return 0, errInts
	}
	dst[0] = v
	switch mode {
	case intRuns:
		return readRuns(src, at, dst)
	case intDelta:
		return readDeltas(src, at, dst)
	case intDod:
		return readDods(src, at, dst)
	}
	return 0, errInts
}

func readRuns(src []byte, at int, dst []int64) (int, error) {
	v := dst[0]
	for i := 1; i < len(dst); {
		stride, next := readVarint(src, at)
		if next == 0 {
			return 0, errInts
		}
		count, next := readUvarint(src, next)
		if next == 0 || count == 0 || count > uint64(len(dst)-i) {
			return 0, errInts
		}
		run := dst[i : i+int(count)]
		for j := range run {
			v += stride
			run[j] = v
		}
		i += int(count)
		at = next
	}
	return at, nil
}

func readDeltas(src []byte, at int, dst []int64) (int, error) {
	v := dst[0]
	for i := 1; i < len(dst); i++ {
		d, next := readVarint(src, at)
		if next == 0 {
			return 0, errInts
		}
		v += d
		dst[i], at = v, next
	}
	return at, nil
}

func readDods(src []byte, at int, dst []int64) (int, error) {
	v, d := dst[0], int64(0)
	for i := 1; i < len(dst); i++ {
		dd, next := readVarint(src, at)
		if next == 0 {
			return 0, errInts
		}
		d += dd
		v += d
		dst[i], at = v, next
	}
	return at, nil
}
