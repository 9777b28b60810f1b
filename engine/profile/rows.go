package profile

import (
	"math"
	"slices"

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

// duplicated is what the set of rows tells.
type duplicated struct {
	copies      int64 // extra ones
	copiesError int64 // standard error, 0 when exact
	groups      int64
	groupsError int64
	largest     []group // more than are shown, so that those with known rows can be preferred
}

const rankedGroups = 1 << 14

// duplicates counts the extra copies and the groups of equal rows.
func (s *rowSet) duplicates() (d duplicated) {
	var keys, scratch []uint64
	var best []group
	floor := int64(0)
	for _, shelf := range s.shelves {
		keys = keys[:0]
		for _, block := range shelf {
			keys = append(keys, block...)
		}
		scratch = stats.SortKeys(keys, scratch)
		for i := 0; i < len(keys); {
			j := i + 1
			for j < len(keys) && keys[j] == keys[i] {
				j++
			}
			if n := int64(j - i); n > 1 {
				d.copies += n - 1
				d.groups++
				if n > floor {
					best = append(best, group{keys[i], n})
				}
			}
			i = j
			if len(best) >= 2*rankedGroups {
				slices.SortFunc(best, largerGroup)
				best = best[:rankedGroups]
				floor = best[rankedGroups-1].count
			}
		}
	}
	slices.SortFunc(best, largerGroup)
	d.largest = best[:min(len(best), rankedGroups)]
	if s.bits > 0 {
		scale := math.Ldexp(1, int(s.bits))
		d.copiesError, d.groupsError = scaled(&d.copies, scale), scaled(&d.groups, scale)
	}
	return d
}

// scaled brings a count of the kept rows to all rows and returns its standard error.
func scaled(n *int64, scale float64) int64 {
	stdErr := math.Sqrt(float64(max(*n, 1))) * scale
	*n = int64(float64(*n) * scale)
	return int64(math.Ceil(stdErr))
}
