package profile

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sync"

	"pace/engine/stats"
	"pace/engine/table"
)

// Correlation is one method's values for pairs of variables, over the rows of the sample.
type Correlation struct {
	Pairs []Pair `json:"pairs"`
	Rows  int64  `json:"rows,omitempty"` // rows they were computed from
	// Sampled tells that these are not all rows of the dataset: each pair then has an error.
	Sampled bool `json:"sampled,omitempty"`
	// PairsTotal is set when only the strongest pairs are listed; ColumnsLeftOut when there are too many columns for all pairs.
	PairsTotal     int `json:"pairs_total,omitempty"`
	ColumnsLeftOut int `json:"columns_left_out,omitempty"`
}

// Pair is the correlation of two variables over N rows in which both have a value. Of Theil's U it is U(A|B): what B tells of
// A. Error is the half-width of the 95 % interval when the rows were sampled.
type Pair struct {
	A     string  `json:"a"`
	B     string  `json:"b"`
	Value Float   `json:"value"`
	N     int64   `json:"n,omitempty"`
	Error float64 `json:"error,omitempty"`
}

// The methods of Profile.Correlations.
const (
	Pearson  = "pearson"   // numeric with numeric
	Spearman = "spearman"  // numeric with numeric, by ranks
	CramersV = "cramers_v" // categorical with categorical, bias-corrected
	TheilsU  = "theils_u"  // categorical with categorical, both directions
	Eta      = "eta"       // A categorical, B numeric: correlation ratio
	NMI      = "nmi"       // all, numbers in bins; Miller-Madow corrected
)

const (
	correlatedColumns = 200
	correlatedPairs   = 2000 // listed of each method
	correlatedCells   = 60_000_000
	correlatedLevels  = 100
	nmiBins           = 16
)

// add keeps a pair that has a value.
func (c *Correlation) add(p Pair) {
	if p.Value == p.Value {
		c.Pairs = append(c.Pairs, p)
	}
}

// feature is a column made ready for correlations.
type feature struct {
	name    string
	numbers []float64 // nil for a categorical one
	order   []uint32
	ranks   []float64
	codes   []int32 // levels, or bins of the numbers
	levels  int
	full    bool // no row is missing
	ordered bool // a datetime: NMI only
}

// correlations of all methods that have a pair.
func (g *gathered) correlations(p *Profile) map[string]Correlation {
	rows := len(g.sample.ids)
	chosen := g.chosen(p)
	left := max(len(chosen)-correlatedColumns, 0)
	chosen = chosen[:len(chosen)-left]
	if len(chosen) < 2 || rows < 2 {
		return nil
	}
	pairs := len(chosen) * (len(chosen) - 1) / 2
	rows = min(rows, max(correlatedCells/pairs, 1000))
	features := make([]*feature, len(chosen))
	inParallel(len(chosen), func(int) func(int) {
		return func(i int) { features[i] = g.feature(&p.Variables[chosen[i]], chosen[i], rows) }
	})
	features = slices.DeleteFunc(features, func(f *feature) bool { return f == nil })
	sampled := int64(rows) < g.total
	found := make([]map[string][]Pair, len(features))
	inParallel(len(features), func(int) func(int) {
		w := newCorrelator(rows, sampled)
		return func(i int) { found[i] = w.row(features, i) }
	})
	out := map[string]Correlation{}
	for _, method := range []string{Pearson, Spearman, CramersV, TheilsU, Eta, NMI} {
		c := Correlation{Rows: int64(rows), Sampled: sampled, ColumnsLeftOut: left}
		for _, f := range found {
			for _, pair := range f[method] {
				c.add(pair)
			}
		}
		if len(c.Pairs) > correlatedPairs {
			c.PairsTotal = len(c.Pairs)
			slices.SortStableFunc(c.Pairs, func(a, b Pair) int {
				return cmp.Compare(math.Abs(float64(b.Value)), math.Abs(float64(a.Value)))
			})
			c.Pairs = c.Pairs[:correlatedPairs]
		}
		if len(c.Pairs) > 0 {
			out[method] = c
		}
	}
	return out
}

// inParallel calls a function for 0..n-1 on all processors and returns when all is done; each goroutine makes its own.
func inParallel(n int, worker func(w int) func(i int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			f := worker(w)
			for i := w; i < n; i += workers {
				f(i)
			}
		})
	}
	group.Wait()
}

// chosen lists the columns that correlations are asked of.
func (g *gathered) chosen(p *Profile) (columns []int) {
	for i := range p.Variables {
		v := &p.Variables[i]
		switch {
		case v.Distinct < 2, v.Type == table.List, v.Type == table.Struct:
		case v.Type == table.Text, v.Type == table.Categorical && v.Distinct > 2*correlatedLevels:
		default:
			columns = append(columns, i)
		}
	}
	return columns
}

// feature reads a column of the sample; nil when it has too many levels there or does not vary.
func (g *gathered) feature(v *Variable, column, rows int) *feature {
	f := &feature{name: v.Name, full: true}
	s := &g.sample.columns[column]
	if s.text || v.Type == table.Boolean {
		f.codes, f.levels = s.codes(rows)
		if f.levels < 2 || f.levels > correlatedLevels {
			return nil
		}
		return f
	}
	f.numbers = s.numbers[:rows]
	f.ordered = v.Type == table.Datetime
	f.order = stats.Order(f.numbers)
	f.full = len(f.order) == rows
	f.ranks = make([]float64, rows)
	stats.Ranks(f.ranks, f.numbers, nil, f.order)
	f.codes, f.levels = bins(f.numbers, f.ranks, f.order)
	if f.levels < 2 {
		return nil
	}
	return f
}

// codes numbers the levels of a sampled column in the order of their appearance; -1 is missing.
func (s *sampled) codes(rows int) (codes []int32, levels int) {
	codes = make([]int32, rows)
	seen := map[uint64]int32{}
	for i := range codes {
		var key uint64
		missing := false
		if s.text {
			key = s.hashes[i]
			missing = key == missingHash
		} else {
			key = stats.SortableBits(s.numbers[i])
			missing = s.numbers[i] != s.numbers[i]
		}
		if missing {
			codes[i] = -1
			continue
		}
		c, ok := seen[key]
		if !ok {
			if len(seen) > correlatedLevels {
				return codes, len(seen)
			}
			c = int32(len(seen))
			seen[key] = c
		}
		codes[i] = c
	}
	return codes, len(seen)
}

// bins cuts numbers into levels: their own when there are few, else by rank into parts of equal size.
func bins(x, ranks []float64, order []uint32) (codes []int32, levels int) {
	codes = make([]int32, len(x))
	for i := range codes {
		codes[i] = -1
	}
	distinct := 0
	for i, at := range order {
		if i == 0 || x[at] != x[order[i-1]] {
			distinct++
		}
	}
	level, last := int32(-1), -1
	for i, at := range order {
		bin := int((ranks[at] - 0.5) * nmiBins / float64(len(order)))
		if distinct <= nmiBins {
			if i == 0 || x[at] != x[order[i-1]] {
				level++
			}
		} else if bin != last {
			level++
			last = bin
		}
		codes[at] = level
	}
	return codes, int(level + 1)
}

// correlator computes the pairs of one feature after another.
type correlator struct {
	sampled bool
	table   stats.Contingency
	a, b    []float64
}

func newCorrelator(rows int, sampled bool) *correlator {
	return &correlator{sampled: sampled, a: make([]float64, rows), b: make([]float64, rows)}
}

// row is the pairs of feature i with those after it.
func (w *correlator) row(features []*feature, i int) map[string][]Pair {
	found := map[string][]Pair{}
	x := features[i]
	keep := func(method string, a, b *feature, value float64, n int64, half float64) {
		p := Pair{A: a.name, B: b.name, Value: Float(value), N: n}
		if w.sampled && value == value {
			p.Error = half
		}
		found[method] = append(found[method], p)
	}
	for _, y := range features[i+1:] {
		w.table.Reset(x.levels, y.levels)
		w.table.Add(x.codes, y.codes)
		e := w.table.Entropies()
		fixed := e.Corrected()
		n := e.N
		keep(NMI, x, y, fixed.NMI(), n, w.table.InformationError()/((e.A+e.B)/2))
		switch {
		case x.ordered || y.ordered:
		case x.numbers != nil && y.numbers != nil:
			r, n := stats.Pearson(x.numbers, y.numbers)
			keep(Pearson, x, y, r, int64(n), stats.CorrelationError(r, n))
			r = w.spearman(x, y)
			keep(Spearman, x, y, r, int64(n), stats.CorrelationError(r, n))
		case x.numbers == nil && y.numbers == nil:
			v := w.table.CramersV()
			keep(CramersV, x, y, v, n, stats.CorrelationError(v, int(n)))
			keep(TheilsU, x, y, e.TheilsU(), n, w.table.InformationError()/e.A)
			keep(TheilsU, y, x, e.Swap().TheilsU(), n, w.table.InformationError()/e.B)
		default:
			c, v := x, y
			if c.numbers != nil {
				c, v = y, x
			}
			eta, n := stats.CorrelationRatio(c.codes, c.levels, v.numbers)
			keep(Eta, c, v, eta, int64(n), stats.CorrelationError(eta, n))
		}
	}
	return found
}

// spearman ranks among the rows that both have.
func (w *correlator) spearman(x, y *feature) float64 {
	a, b := x.ranks, y.ranks
	if !y.full {
		stats.Ranks(w.a, x.numbers, y.numbers, x.order)
		a = w.a
	}
	if !x.full {
		stats.Ranks(w.b, y.numbers, x.numbers, y.order)
		b = w.b
	}
	r, _ := stats.Pearson(a, b)
	return r
}
