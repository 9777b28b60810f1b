package stats

import (
	"math"
	"math/bits"
)

const (
	hllBits = 14
	hllSize = 1 << hllBits
)

// HLL estimates the number of distinct 64-bit hashes with 2^14 dense registers (16 KiB). Estimator: Otmar Ertl, "New
// cardinality estimation algorithms for HyperLogLog sketches" (2017), section 4. The zero value is empty.
type HLL struct{ reg []uint8 }

// HLLError is the relative standard error of an HLL estimate.
const HLLError = 1.04 / 128

// Add inserts hashes (well mixed in all bits).
func (h *HLL) Add(hashes []uint64) {
	if len(hashes) == 0 {
		return
	}
	if h.reg == nil {
		h.reg = make([]uint8, hllSize)
	}
	reg := h.reg[:hllSize]
	for _, x := range hashes {
		r := uint8(bits.LeadingZeros64(x<<hllBits|1<<(hllBits-1))) + 1
		if i := x >> (64 - hllBits); r > reg[i] {
			reg[i] = r
		}
	}
}

// Merge folds another sketch into h: the register-wise maximum.
func (h *HLL) Merge(o *HLL) {
	if o.reg == nil {
		return
	}
	if h.reg == nil {
		h.reg = make([]uint8, hllSize)
	}
	for i, r := range o.reg {
		h.reg[i] = max(h.reg[i], r)
	}
}

// Estimate is the estimated number of distinct hashes.
func (h *HLL) Estimate() float64 {
	if h.reg == nil {
		return 0
	}
	const q = 64 - hllBits
	var hist [q + 2]int
	for _, r := range h.reg {
		hist[min(int(r), q+1)]++
	}
	m := float64(hllSize)
	z := m * ertlTau((m-float64(hist[q+1]))/m)
	for k := q; k >= 1; k-- {
		z = 0.5 * (z + float64(hist[k]))
	}
	z += m * ertlSigma(float64(hist[0])/m)
	return m * m / (2 * math.Ln2 * z)
}

func ertlSigma(x float64) float64 {
	if x == 1 {
		return math.Inf(1)
	}
	y, z := 1.0, x
	for {
		x *= x
		old := z
		z += x * y
		y += y
		if z == old {
			return z
		}
	}
}

func ertlTau(x float64) float64 {
	if x == 0 || x == 1 {
		return 0
	}
	y, z := 1.0, 1-x
	for {
		x = math.Sqrt(x)
		old := z
		y *= 0.5
		z -= (1 - x) * (1 - x) * y
		if z == old {
			return z / 3
		}
	}
}
