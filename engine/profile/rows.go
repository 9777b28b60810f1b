package profile

import (
	"math"

	"pace/engine/stats"
)

// rowSet keeps 64-bit hashes of rows to count the extra copies. Past its limit it keeps those of a share of the rows, chosen by
// the hash, so that all copies of a row are kept or none.
type rowSet struct {
	shelves [64][][]uint64 // by the low bits of the hash, in blocks
	kept    int64
	bits    uint // kept rows have this many leading zero bits
	limit   int64
}

const (
	rowLimit = 32 << 20
	rowBlock = 1 << 10
)

func (s *rowSet) add(hashes []uint64) {
	limit := ^uint64(0) >> s.bits
	for _, h := range hashes {
		if h > limit {
			continue
		}
		s.put(h)
	}
	for s.kept > s.limit {
		s.halve(s.bits + 1)
	}
}

func (s *rowSet) put(h uint64) {
	shelf := &s.shelves[h&63]
	last := len(*shelf) - 1
	if last < 0 || len((*shelf)[last]) == rowBlock {
		*shelf = append(*shelf, make([]uint64, 0, rowBlock))
		last++
	}
	(*shelf)[last] = append((*shelf)[last], h)
	s.kept++
}

func (s *rowSet) halve(bits uint) {
	old := s.shelves
	s.shelves, s.kept, s.bits = [64][][]uint64{}, 0, bits
	for _, shelf := range old {
		for _, block := range shelf {
			for _, h := range block {
				if h <= ^uint64(0)>>bits {
					s.put(h)
				}
			}
		}
	}
}

// merge takes the blocks of o.
func (s *rowSet) merge(o *rowSet) {
	bits := max(s.bits, o.bits)
	if s.bits < bits {
		s.halve(bits)
	}
	if o.bits < bits {
		o.halve(bits)
	}
	for i := range s.shelves {
		s.shelves[i] = append(s.shelves[i], o.shelves[i]...)
	}
	s.kept += o.kept
	for s.kept > s.limit {
		s.halve(s.bits + 1)
	}
}

// duplicates is the number of extra copies and its standard error, 0 when exact.
func (s *rowSet) duplicates() (n int64, stdErr float64) {
	var keys, scratch []uint64
	for _, shelf := range s.shelves {
		keys = keys[:0]
		for _, block := range shelf {
			keys = append(keys, block...)
		}
		scratch = stats.SortKeys(keys, scratch)
		for i := 1; i < len(keys); i++ {
			if keys[i] == keys[i-1] {
				n++
			}
		}
	}
	if s.bits == 0 {
		return n, 0
	}
	scale := math.Ldexp(1, int(s.bits))
	return int64(float64(n) * scale), math.Sqrt(float64(max(n, 1))) * scale
}
