// Package stats holds mergeable accumulators, sketches and chart decimation over plain float64 and uint64 slices.
// It must not know tables, files, the store or the screen: numbers in, numbers out, no goroutine and no clock.
//
// Every accumulator is a monoid: the zero value is empty, Merge is associative and its result does not depend on
// the order of the parts (up to floating-point rounding for moments). So a file may be cut anywhere.
package stats

import "math"

// SortableBits maps a float64 to a uint64 whose unsigned order is the numeric order; -0 becomes +0 and every NaN the same
// key above +Inf. It is the key under which values are counted.
func SortableBits(x float64) uint64 {
	if x == 0 {
		x = 0
	}
	if x != x {
		return math.MaxUint64
	}
	b := math.Float64bits(x)
	if b>>63 != 0 {
		return ^b
	}
	return b | 1<<63
}

// FromSortableBits is the inverse of SortableBits.
func FromSortableBits(k uint64) float64 {
	if k == math.MaxUint64 {
		return math.NaN()
	}
	if k>>63 != 0 {
		return math.Float64frombits(k &^ (1 << 63))
	}
	return math.Float64frombits(^k)
}

// Mix scrambles a key into a hash (the finaliser of MurmurHash3, Austin Appleby, public domain). It is a bijection, so equal
// hashes mean equal keys.
func Mix(k uint64) uint64 {
	k ^= k >> 33
	k *= 0xff51afd7ed558ccd
	k ^= k >> 33
	k *= 0xc4ceb9fe1a85ec53
	k ^= k >> 33
	return k
}
