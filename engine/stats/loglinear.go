package stats

import "math"

const (
	llShift = 44 // keep sign, exponent and 8 bits of mantissa
	llPage  = 256
)

// LogLinearError bounds the relative error of a value answered by LogLinear: half a bucket of 2^-8.
const LogLinearError = 1.0 / 512

// LogLinear counts values in buckets of 1/256 relative width, straight from the bits of the float. A quantile's true order
// statistic lies in the bucket that is answered, always; memory is 2 KiB for each power of two met. The zero value is empty.
type LogLinear struct {
	n     int64
	pages [4096]*[llPage]int64
}

// Add counts the sortable keys of values.
func (l *LogLinear) Add(keys []uint64) {
	l.n += int64(len(keys))
	for _, k := range keys {
		p := l.pages[k>>52]
		if p == nil {
			p = new([llPage]int64)
			l.pages[k>>52] = p
		}
		p[k>>llShift&(llPage-1)]++
	}
}

// Merge adds another sketch's counts.
func (l *LogLinear) Merge(o *LogLinear) {
	l.n += o.n
	for i, p := range o.pages {
		if p == nil {
			continue
		}
		if l.pages[i] == nil {
			l.pages[i] = new([llPage]int64)
		}
		for j, c := range p {
			l.pages[i][j] += c
		}
	}
}

// bucket is a range of keys [lo, hi] that holds count values, before of which are smaller.
type bucket struct {
	lo, hi uint64
	count  int64
	before int64
}

// at finds the bucket with the value of 0-based rank.
func (l *LogLinear) at(rank int64) bucket {
	var before int64
	for i, p := range l.pages {
		if p == nil {
			continue
		}
		for j, c := range p {
			if c > 0 && before+c > rank {
				lo := uint64(i)<<52 | uint64(j)<<llShift
				return bucket{lo: lo, hi: lo | (1<<llShift - 1), count: c, before: before}
			}
			before += c
		}
	}
	return bucket{lo: math.MaxUint64, hi: math.MaxUint64, before: before}
}

// Rank bounds how many values are smaller than x: at least lo, at most hi.
func (l *LogLinear) Rank(x float64) (lo, hi int64) {
	k := SortableBits(x)
	for i, p := range l.pages {
		if p == nil || i > int(k>>52) {
			continue
		}
		for j, c := range p {
			b := uint64(i)<<52 | uint64(j)<<llShift
			switch {
			case b|(1<<llShift-1) < k:
				lo, hi = lo+c, hi+c
			case b < k:
				hi += c
			}
		}
	}
	return lo, hi
}
