package profile

import (
	"cmp"
	"slices"

	"pace/engine/stats"
)

// Duplicates says how the copies of rows go together.
type Duplicates struct {
	Groups      int64 `json:"groups"`                 // different rows that stand more than once
	GroupsError int64 `json:"groups_error,omitempty"` // standard error
	// Largest lists the groups with the most rows; of a large dataset some have no row numbers.
	Largest []DuplicateGroup `json:"largest"`
}

// DuplicateGroup is rows that are all the same.
type DuplicateGroup struct {
	Count int64   `json:"count"`          // how many there are, the first one included
	Rows  []int64 `json:"rows,omitempty"` // the first ones, from 0
}

const (
	shownGroups    = 20
	shownGroupRows = 5
	tracedRows     = 1 << 16
)

// traces keeps the places of the rows whose hash falls under a threshold that halves when there are too many: all copies of a
// row are kept or none.
type traces struct {
	hashes []uint64
	places []placed
	bits   uint
}

func (t *traces) add(part int, first int64, hashes []uint64) {
	limit := ^uint64(0) >> t.bits
	for i, h := range hashes {
		// The low bits: the high ones choose which rows the set of all hashes keeps.
		if stats.Mix(h) > limit {
			continue
		}
		t.hashes = append(t.hashes, h)
		t.places = append(t.places, placed{part: int64(part), row: first + int64(i)})
		if len(t.hashes) > tracedRows {
			t.halve(t.bits + 1)
			limit = ^uint64(0) >> t.bits
		}
	}
}

func (t *traces) halve(bits uint) {
	t.bits = bits
	n := 0
	for i, h := range t.hashes {
		if stats.Mix(h) <= ^uint64(0)>>bits {
			t.hashes[n], t.places[n] = h, t.places[i]
			n++
		}
	}
	t.hashes, t.places = t.hashes[:n], t.places[:n]
}

func (t *traces) merge(o *traces) {
	bits := max(t.bits, o.bits)
	t.halve(bits)
	o.halve(bits)
	t.hashes, t.places = append(t.hashes, o.hashes...), append(t.places, o.places...)
	for len(t.hashes) > tracedRows {
		t.halve(t.bits + 1)
	}
}

// group is a row's hash and how often it was met.
type group struct {
	hash  uint64
	count int64
}

func largerGroup(a, b group) int {
	return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.hash, b.hash))
}

// groupRows finds the places of the groups' rows.
func (g *gathered) groupRows(groups []group) [][]int64 {
	at := map[uint64]int{}
	for i, x := range groups {
		at[x.hash] = i
	}
	out := make([][]int64, len(groups))
	for i, h := range g.traces.hashes {
		if j, ok := at[h]; ok {
			out[j] = append(out[j], g.row(g.traces.places[i]))
		}
	}
	for i := range out {
		slices.Sort(out[i])
	}
	return out
}

// duplicates lists the largest groups, of equal ones those first whose rows are known, in order of their first row.
func (g *gathered) duplicates(found duplicated) *Duplicates {
	if found.groups == 0 {
		return nil
	}
	d := &Duplicates{Groups: found.groups, GroupsError: found.groupsError, Largest: []DuplicateGroup{}}
	rows := g.groupRows(found.largest)
	for i, x := range found.largest {
		d.Largest = append(d.Largest, DuplicateGroup{Count: x.count, Rows: rows[i]})
	}
	slices.SortStableFunc(d.Largest, func(a, b DuplicateGroup) int {
		known := cmp.Compare(min(len(b.Rows), 1), min(len(a.Rows), 1))
		return cmp.Or(cmp.Compare(b.Count, a.Count), known, slices.Compare(a.Rows, b.Rows))
	})
	d.Largest = d.Largest[:min(len(d.Largest), shownGroups)]
	for i := range d.Largest {
		d.Largest[i].Rows = d.Largest[i].Rows[:min(len(d.Largest[i].Rows), shownGroupRows)]
	}
	return d
}
