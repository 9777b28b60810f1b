package stats

import "math"

// Integers beyond 2^53 are not all float64s. A column of integers that holds one is counted under keys of its own, in the order
// of the integers, until a fraction turns up: then it is a column of float64 after all.

// wideInteger is the first integer whose successor is no float64.
const wideInteger = 1 << 53

// IsWide tells whether an integer needs AddIntegers to be told from its neighbours.
func IsWide(x int64) bool { return x > wideInteger || x < -wideInteger }

func integerKey(x int64) uint64    { return uint64(x) ^ 1<<63 }
func integerOf(key uint64) int64   { return int64(key ^ 1<<63) }
func integral(x float64) bool      { return x == math.Trunc(x) && math.Abs(x) < 1<<63 }
func toFloatKey(k uint64) uint64   { return SortableBits(float64(integerOf(k))) }
func toIntegerKey(k uint64) uint64 { return integerKey(int64(FromSortableBits(k))) }

// AddIntegers counts a batch of integers of any size; rows as in AddNumbers.
func (v *Values) AddIntegers(xs []int64, rows []uint64) {
	keys := make([]uint64, len(xs))
	wide := v.widen()
	for i, x := range xs {
		if wide {
			keys[i] = integerKey(x)
		} else {
			keys[i] = SortableBits(float64(x))
		}
	}
	v.addKeys(keys, rows)
}

// widen goes over to keys of integers, unless fractions were counted.
func (v *Values) widen() bool {
	if v.wide || v.fraction {
		return v.wide
	}
	v.eachKey(func(k uint64) {
		v.fraction = v.fraction || !integral(FromSortableBits(k))
	})
	if !v.fraction {
		v.wide = true
		v.rekey(toIntegerKey)
	}
	return v.wide
}

// narrow goes back to keys of float64, for good.
func (v *Values) narrow() {
	if v.wide {
		v.rekey(toFloatKey)
	}
	v.wide, v.fraction = false, true
}

func (v *Values) eachKey(f func(uint64)) {
	v.eachCount(func(k uint64, _ int64) { f(k) })
	for _, b := range v.blocks {
		for _, k := range b {
			f(k)
		}
	}
}

func (v *Values) rekey(to func(uint64) uint64) {
	old := v.counts
	v.counts = newCounter(false)
	v.counts.err = old.err
	for i, n := range old.counts {
		if n > 0 {
			v.counts.add(to(old.keys[i]), n)
		}
	}
	for _, b := range v.blocks {
		for i, k := range b {
			b[i] = to(k)
		}
	}
}

// fit brings a batch of float64 keys to the keys in use.
func (v *Values) fit(keys []uint64) []uint64 {
	if !v.wide {
		return keys
	}
	for _, k := range keys {
		if !integral(FromSortableBits(k)) {
			v.narrow()
			return keys
		}
	}
	out := make([]uint64, len(keys))
	for i, k := range keys {
		out[i] = toIntegerKey(k)
	}
	return out
}

// agree brings two parts to the same keys before they merge.
func (v *Values) agree(o *Values) {
	if v.wide == o.wide {
		return
	}
	if !v.wide && !v.widen() {
		o.narrow()
	}
	if !o.wide && v.wide && !o.widen() {
		v.narrow()
	}
}
