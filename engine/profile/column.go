package profile

import (
	"cmp"
	"math"
	"slices"

	"pace/engine/stats"
	"pace/engine/table"
)

// column gathers one column in one worker. Merge brings workers together; what depends on the order of rows is kept by part.
type column struct {
	field table.Field
	kind  table.Type // as planned
	count int64
	missing,
	bad int64
	tokens  map[string]int64
	errors  []placed
	numbers numbers
	texts   texts
	values  *stats.Values
	runs    []run
	places
	memos []memo
}

// places is what is kept of rows to show them.
type places struct {
	examples textSample
	empty    []placed // the first missing
	infinite []placed
	unit     int // place among units, of datetime columns
	future   int64
	now      float64
}

// placed is a cell that is not of the planned type.
type placed struct {
	part, row int64
	text      string
}

// numbers is what a numeric or datetime column adds up.
type numbers struct {
	moments                    stats.Moments
	min, max                   float64 // over all values, infinities included
	finMin, finMax             float64
	zeros, negatives, infinite int64
	padded, fractions          int64
}

// texts is what a text column adds up.
type texts struct {
	bytes, chars, words int64
	minLen, maxLen      int64
	census              census
}

// run is the order within one part.
type run struct {
	part           int
	first, last    float64
	up, down, flat int64   // steps that go up, that go down, that are level
	back           []int64 // rows of the part that the first steps down lead to
}

func newColumn(f table.Field, kind table.Type, o Options, limits stats.Limits) *column {
	c := &column{field: f, kind: kind}
	c.numbers.min, c.numbers.max = math.Inf(1), math.Inf(-1)
	c.numbers.finMin, c.numbers.finMax = math.Inf(1), math.Inf(-1)
	c.texts.minLen = math.MaxInt64
	c.unit, c.now = len(units())-1, float64(o.started.UnixMicro())
	c.examples.cap = max(min(examples, limits.Distinct/4), 256)
	if kind == table.Categorical {
		limits.Distinct = min(limits.Distinct, 20_000)
		c.values = stats.NewTexts(limits)
		c.memos = make([]memo, memoSize)
	} else {
		c.values = stats.NewNumbers(limits)
	}
	return c
}

const keptErrors = 10

func (c *column) complain(part, row int64, text []byte) {
	c.bad++
	if len(c.errors) < keptErrors {
		c.errors = append(c.errors, placed{part, row, string(text[:min(len(text), 256)])})
	}
}

const keptTokens = 32

func (c *column) miss(token []byte) {
	c.missing++
	if n, ok := c.tokens[string(token)]; ok {
		c.tokens[string(token)] = n + 1
		return
	}
	if c.tokens == nil {
		c.tokens = map[string]int64{}
	}
	if len(c.tokens) < keptTokens {
		c.tokens[string(token)] = 1
	}
}

// merge adds what another worker gathered and uses it up.
func (c *column) merge(o *column) {
	c.count += o.count
	c.missing += o.missing
	c.bad += o.bad
	for t, n := range o.tokens {
		if c.tokens == nil {
			c.tokens = map[string]int64{}
		}
		c.tokens[t] += n
	}
	c.errors = firsts(c.errors, o.errors, keptErrors)
	c.empty = firsts(c.empty, o.empty, shownRows)
	c.infinite = firsts(c.infinite, o.infinite, shownRows)
	c.examples.merge(&o.examples)
	c.unit = min(c.unit, o.unit)
	c.future += o.future
	c.numbers.merge(&o.numbers)
	c.texts.merge(&o.texts)
	c.values.Merge(o.values)
	c.runs = append(c.runs, o.runs...)
}

// firsts joins places of two workers and keeps the first.
func firsts(a, b []placed, most int) []placed {
	a = append(a, b...)
	slices.SortFunc(a, func(a, b placed) int { return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.row, b.row)) })
	return a[:min(len(a), most)]
}

func (n *numbers) merge(o *numbers) {
	n.moments.Merge(o.moments)
	n.min, n.max = math.Min(n.min, o.min), math.Max(n.max, o.max)
	n.finMin, n.finMax = math.Min(n.finMin, o.finMin), math.Max(n.finMax, o.finMax)
	n.zeros += o.zeros
	n.negatives += o.negatives
	n.infinite += o.infinite
	n.padded += o.padded
	n.fractions += o.fractions
}

func (t *texts) merge(o *texts) {
	t.bytes += o.bytes
	t.chars += o.chars
	t.words += o.words
	t.minLen, t.maxLen = min(t.minLen, o.minLen), max(t.maxLen, o.maxLen)
	t.census.values += o.census.values
	t.census.numbers += o.census.numbers
	t.census.integers += o.census.integers
	t.census.padded += o.census.padded
	t.census.times += o.census.times
	t.census.bools += o.census.bools
}

// addRange folds a batch of values into minimum, maximum, signs and the order of the part; rows are those of the part.
func (c *column) addRange(part int, first int64, xs []float64, rows []int64) {
	if len(xs) == 0 {
		return
	}
	n := &c.numbers
	last := len(c.runs) - 1
	if last < 0 || c.runs[last].part != part {
		c.runs = append(c.runs, run{part: part, first: xs[0], last: xs[0]})
		last++
	} else {
		c.runs[last].step(c.runs[last].last, xs[0])
	}
	r := &c.runs[last]
	lo, hi, prev := n.min, n.max, xs[0]
	var zeros, negatives, infinite, up, down int64
	for _, x := range xs {
		lo, hi = min(lo, x), max(hi, x)
		if x == 0 {
			zeros++
		}
		if x < 0 {
			negatives++
		}
		if x-x != 0 {
			infinite++
		}
		if x > prev {
			up++
		}
		if x < prev {
			down++
		}
		prev = x
	}
	if down > 0 && c.kind == table.Datetime && len(r.back) < keptErrors {
		r.keepBack(first, xs, rows)
	}
	r.up, r.down, r.flat, r.last = r.up+up, r.down+down, r.flat+int64(len(xs))-1-up-down, prev
	n.min, n.max = lo, hi
	n.zeros += zeros
	n.negatives += negatives
	n.infinite += infinite
	if infinite > 0 {
		c.keepInfinite(int64(part), first, xs, rows)
	}
	if math.IsInf(lo, 0) || math.IsInf(hi, 0) {
		n.finite(xs)
	} else {
		n.finMin, n.finMax = math.Min(n.finMin, lo), math.Max(n.finMax, hi)
	}
}

func (r *run) keepBack(first int64, xs []float64, rows []int64) {
	for i := 1; i < len(xs) && len(r.back) < keptErrors; i++ {
		if xs[i] < xs[i-1] {
			r.back = append(r.back, first+rows[i])
		}
	}
}

func (c *column) keepInfinite(part, first int64, xs []float64, rows []int64) {
	for i, x := range xs {
		if x-x != 0 && len(c.infinite) < shownRows {
			c.infinite = append(c.infinite, placed{part: part, row: first + rows[i]})
		}
	}
}

// addTimes folds a batch of stamps.
func (c *column) addTimes(micros []float64) {
	c.unit = coarsest(c.unit, micros)
	if c.numbers.max <= c.now {
		return
	}
	for _, x := range micros {
		if x > c.now {
			c.future++
		}
	}
}

func (n *numbers) finite(xs []float64) {
	for _, x := range xs {
		if x-x == 0 {
			n.finMin, n.finMax = min(n.finMin, x), max(n.finMax, x)
		}
	}
}

func (r *run) step(a, b float64) {
	switch {
	case b > a:
		r.up++
	case b < a:
		r.down++
	default:
		r.flat++
	}
}
