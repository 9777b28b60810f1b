package profile

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/zeebo/xxh3"

	"pace/engine/stats"
)

// patterns counts which columns are missing together, row by row.
type patterns struct {
	stride        int    // bytes of a row's set
	sets          []byte // of the batch: bit c of row i is column c
	values        *stats.Values
	rows          int64 // rows with a missing value
	hashes, names []uint64
	lo, hi        []uint32
}

const (
	patternColumns = 2048 // further columns take no part
	patternLimit   = 4096 // patterns that are counted exactly
)

func newPatterns(columns int) patterns {
	stride := (min(columns, patternColumns) + 63) / 64 * 8
	return patterns{stride: stride, values: stats.NewTexts(stats.Limits{Distinct: patternLimit, Tracked: 1024})}
}

func (p *patterns) start(rows int) {
	n := rows * p.stride
	p.sets = slices.Grow(p.sets[:0], n)[:n]
	clear(p.sets)
}

func (p *patterns) mark(row, column int) {
	if column < patternColumns {
		p.sets[row*p.stride+column>>3] |= 1 << (column & 7)
	}
}

var noneMissing [patternColumns / 8]byte

// end counts the sets of the batch.
func (p *patterns) end(names []uint64) {
	p.hashes, p.names, p.lo, p.hi = p.hashes[:0], p.names[:0], p.lo[:0], p.hi[:0]
	for i := range len(p.sets) / max(p.stride, 1) {
		set := p.sets[i*p.stride : (i+1)*p.stride]
		var h uint64
		if p.stride == 8 {
			if h = binary.LittleEndian.Uint64(set); h == 0 {
				continue
			}
			h = stats.Mix(h)
		} else {
			if string(set) == string(noneMissing[:p.stride]) {
				continue
			}
			h = xxh3.Hash(set)
		}
		p.hashes, p.names = append(p.hashes, h), append(p.names, names[i])
		p.lo, p.hi = append(p.lo, uint32(i*p.stride)), append(p.hi, uint32((i+1)*p.stride))
	}
	p.rows += int64(len(p.hashes))
	p.values.AddTexts(p.hashes, p.names, p.sets, p.lo, p.hi)
}

func (p *patterns) merge(o *patterns) {
	p.rows += o.rows
	p.values.Merge(o.values)
}

// Missing says where values are missing together.
type Missing struct {
	CompleteRows  int64            `json:"complete_rows"`            // rows with a value in every column
	EmptyRows     int64            `json:"empty_rows"`               // rows with no value at all
	Patterns      []MissingPattern `json:"patterns"`                 // the commonest, rows without a missing value left out
	PatternCount  int64            `json:"pattern_count"`            // how many different ones there are
	PatternsError int64            `json:"patterns_error,omitempty"` // every count of rows is low by at most this many
	// Correlation is that of two columns' being missing (Pearson of the indicators), for the columns with some but not all values.
	Correlation *Correlation `json:"correlation,omitempty"`
}

// MissingPattern is a set of columns and the rows in which just these are missing.
type MissingPattern struct {
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
	Share   float64  `json:"share"`
}

const (
	shownPatterns  = 20
	nullityColumns = 60
)

// missing describes the patterns, and how the columns' gaps go together.
func (g *gathered) missing(p *Profile) *Missing {
	if p.MissingCells == 0 {
		return nil
	}
	d := g.absent.values.Distribution()
	m := &Missing{CompleteRows: g.total - g.absent.rows, Patterns: []MissingPattern{}}
	m.PatternCount, _ = d.Distinct()
	top, bound := d.Top(patternLimit)
	m.PatternsError = bound
	for i, t := range top {
		columns := setColumns(t.Text)
		if len(columns) == len(g.columns) {
			m.EmptyRows = t.Count
		}
		if i < shownPatterns {
			mp := MissingPattern{Rows: t.Count, Share: float64(t.Count) / float64(g.total)}
			for _, c := range columns {
				mp.Columns = append(mp.Columns, g.schema[c].Name)
			}
			m.Patterns = append(m.Patterns, mp)
		}
	}
	if bound > 0 {
		p.Approx = append(p.Approx, "missing.patterns")
	}
	m.Correlation = g.nullity(p, top, bound)
	return m
}

func setColumns(set string) (columns []int) {
	for i := range len(set) * 8 {
		if set[i>>3]>>(i&7)&1 != 0 {
			columns = append(columns, i)
		}
	}
	return columns
}

// nullity correlates the gaps of the columns by the counted patterns, exactly unless there are too many patterns.
func (g *gathered) nullity(p *Profile, top []stats.KeyCount, bound int64) *Correlation {
	var chosen []int
	for i := range min(len(p.Variables), patternColumns) {
		if v := &p.Variables[i]; v.Missing > 0 && v.Missing < p.Rows {
			chosen = append(chosen, i)
		}
	}
	if len(chosen) < 2 || bound > 0 {
		return nil
	}
	slices.SortStableFunc(chosen, func(a, b int) int { return int(p.Variables[b].Missing - p.Variables[a].Missing) })
	chosen = chosen[:min(len(chosen), nullityColumns)]
	slices.Sort(chosen)
	both := make([][]int64, len(chosen))
	for i := range both {
		both[i] = make([]int64, len(chosen))
	}
	for _, t := range top {
		for i, a := range chosen {
			if t.Text[a>>3]>>(a&7)&1 == 0 {
				continue
			}
			for j := i + 1; j < len(chosen); j++ {
				if b := chosen[j]; t.Text[b>>3]>>(b&7)&1 != 0 {
					both[i][j] += t.Count
				}
			}
		}
	}
	out := &Correlation{Rows: p.Rows, Pairs: []Pair{}}
	n := float64(p.Rows)
	for i, a := range chosen {
		for j := i + 1; j < len(chosen); j++ {
			x, y := &p.Variables[a], &p.Variables[chosen[j]]
			ma, mb := float64(x.Missing), float64(y.Missing)
			r := (n*float64(both[i][j]) - ma*mb) / math.Sqrt(ma*(n-ma)) / math.Sqrt(mb*(n-mb))
			out.add(Pair{A: x.Name, B: y.Name, Value: Float(min(max(r, -1), 1)), N: p.Rows})
		}
	}
	return out
}
