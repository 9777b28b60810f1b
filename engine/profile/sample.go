package profile

import (
	"cmp"
	"math"
	"slices"

	"pace/engine/table"
)

// sample keeps some rows whole, the same rows for all columns: those whose name hashes below a threshold that halves when there
// are too many. Which rows are kept depends only on the rows, not on their order or on the cut into parts.
type sample struct {
	ids     []uint64
	rows    []placed // text is empty
	columns []sampled
	bits    uint
	cap     int
	picked  []uint32 // rows of the batch that are kept
}

// sampled is one column of the kept rows: numbers (NaN is missing or of another type), or hashes of texts (0 is missing).
type sampled struct {
	numbers []float64
	hashes  []uint64
	text    bool // hashes are kept
}

const (
	sampleRows   = 100_000
	sampleCells  = 4_000_000
	sampleLeast  = 2000
	missingHash  = 0
	replacedHash = 1 // a text whose hash is that of a missing one
)

func newSample(kinds []table.Type) sample {
	rows := min(sampleRows, max(sampleCells/max(len(kinds), 1), sampleLeast))
	s := sample{cap: rows, columns: make([]sampled, len(kinds))}
	for i, k := range kinds {
		s.columns[i].text = k != table.Numeric && k != table.Datetime && k != table.Boolean
	}
	return s
}

// pick chooses the rows of a batch by their names, and makes room when there are too many.
func (s *sample) pick(part int, first int64, ids []uint64) {
	for {
		s.picked = s.picked[:0]
		limit := ^uint64(0) >> s.bits
		for i, id := range ids {
			if id <= limit {
				s.picked = append(s.picked, uint32(i))
			}
		}
		if len(s.ids)+len(s.picked) <= s.cap {
			break
		}
		s.halve(s.bits + 1)
	}
	for _, i := range s.picked {
		s.ids = append(s.ids, ids[i])
		s.rows = append(s.rows, placed{part: int64(part), row: first + int64(i)})
	}
}

// take adds the picked rows of a column of the batch: at names the rows that have a value, in order, and vals or hashes holds
// those; a missing value is NaN or the hash 0.
func (s *sample) take(column int, at []int64, vals []float64, hashes []uint64) {
	c := &s.columns[column]
	p := 0
	for _, i := range s.picked {
		for p < len(at) && at[p] < int64(i) {
			p++
		}
		has := p < len(at) && at[p] == int64(i)
		switch {
		case c.text && has:
			c.hashes = append(c.hashes, max(hashes[p], replacedHash))
		case c.text:
			c.hashes = append(c.hashes, missingHash)
		case has:
			c.numbers = append(c.numbers, vals[p])
		default:
			c.numbers = append(c.numbers, math.NaN())
		}
	}
}

func (s *sample) halve(bits uint) {
	s.bits = bits
	keep := make([]int, 0, len(s.ids)/2)
	for i, id := range s.ids {
		if id <= ^uint64(0)>>bits {
			keep = append(keep, i)
		}
	}
	s.arrange(keep)
}

// arrange leaves the rows at the places of keep, in that order.
func (s *sample) arrange(keep []int) {
	s.ids, s.rows = gatherAt(s.ids, keep), gatherAt(s.rows, keep)
	for i := range s.columns {
		c := &s.columns[i]
		c.numbers, c.hashes = gatherAt(c.numbers, keep), gatherAt(c.hashes, keep)
	}
}

func gatherAt[T any](xs []T, at []int) []T {
	if len(xs) == 0 {
		return nil // not kept of this column
	}
	out := make([]T, len(at))
	for i, j := range at {
		out[i] = xs[j]
	}
	return out
}

// merge takes the rows of another worker.
func (s *sample) merge(o *sample) {
	bits := max(s.bits, o.bits)
	for _, side := range []*sample{s, o} {
		if side.bits < bits {
			side.halve(bits)
		}
	}
	s.ids, s.rows = append(s.ids, o.ids...), append(s.rows, o.rows...)
	for i := range s.columns {
		c, d := &s.columns[i], &o.columns[i]
		c.numbers, c.hashes = append(c.numbers, d.numbers...), append(c.hashes, d.hashes...)
	}
	for len(s.ids) > s.cap {
		s.halve(s.bits + 1)
	}
}

// sort puts the rows in the order of the dataset, which makes figures of them the same whatever the workers were.
func (s *sample) sort() {
	order := make([]int, len(s.ids))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(s.rows[a].part, s.rows[b].part), cmp.Compare(s.rows[a].row, s.rows[b].row))
	})
	s.arrange(order)
}

// whole tells whether every row was kept.
func (s *sample) whole() bool { return s.bits == 0 }
