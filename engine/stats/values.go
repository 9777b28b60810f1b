package stats

// Limits says how far Values stays exact: while it has at most Distinct different values, or at most Values values in all.
// Tracked is how many of the most frequent values are followed after that (their counts are low by at most n/Tracked).
// Sample bounds the row sample behind the quantiles of a sketch (8,192 at least).
type Limits struct {
	Distinct, Tracked, Sample int
	Values                    int64
}

// DefaultLimits are the product's promise: exact to 100,000 distinct values or 1,000,000 values.
func DefaultLimits() Limits {
	return Limits{Distinct: 100_000, Tracked: 2048, Sample: 1 << 18, Values: 1_000_000}
}

// Values counts the values of one column: distinct, seen once, most frequent and, for ordered keys, quantiles and histogram. It
// begins with an exact table; past Limits.Distinct it keeps the keys themselves; past Limits.Values as well it keeps sketches.
type Values struct {
	limits  Limits
	ordered bool
	n       int64
	counts  *counter
	over    bool       // more than Limits.Distinct distinct values were seen; counts follows the frequent ones (of numbers, once sketched)
	blocks  [][]uint64 // every key, while over and not sketched
	sk      *sketch
	scratch []uint64
	passed  []uint32
	keyMode
}

// keyMode says how numbers are keyed, see AddIntegers.
type keyMode struct{ wide, fraction bool }

type sketch struct {
	log    *LogLinear
	hll    HLL
	rows   rowSample
	hashes hashSample
	sieve  sieve
}

// NewNumbers counts sortable keys (SortableBits).
func NewNumbers(l Limits) *Values {
	return &Values{limits: l, ordered: true, counts: newCounter(false)}
}

// NewTexts counts hashes of texts and keeps the first 256 bytes of the frequent ones.
func NewTexts(l Limits) *Values { return &Values{limits: l, counts: newCounter(true)} }

// N is the number of values seen.
func (v *Values) N() int64 { return v.n }

// Exact tells whether distinct, unique and quantiles are exact.
func (v *Values) Exact() bool { return v.sk == nil }

// AddNumbers counts a batch; rows holds one hash for each value that names its row, the same whatever the cut of the file.
func (v *Values) AddNumbers(keys, rows []uint64) { v.addKeys(v.fit(keys), rows) }

func (v *Values) addKeys(keys, rows []uint64) {
	v.n += int64(len(keys))
	switch {
	case v.sk != nil:
		v.follow(keys)
	case !v.over: // while all keys are kept, they can be counted at any time
		for _, k := range keys {
			v.counts.add(k, 1)
		}
	}
	v.spill(keys, rows)
}

// follow counts the keys that may be frequent.
func (v *Values) follow(keys []uint64) {
	for _, i := range v.sieve(keys) {
		if v.counts.add(keys[i], 1) >= 0 {
			v.bound()
		}
	}
}

// sieve is the places of the keys that may be frequent.
func (v *Values) sieve(keys []uint64) []uint32 {
	var lost int64
	v.passed, lost = v.sk.sieve.pass(keys, v.passed[:0])
	v.counts.err += lost
	return v.passed
}

// AddTexts counts a batch of hashes whose texts are data[start[i]:end[i]].
func (v *Values) AddTexts(hashes, rows []uint64, data []byte, start, end []uint32) {
	v.n += int64(len(hashes))
	if v.sk == nil {
		for i, h := range hashes {
			v.addText(h, data[start[i]:end[i]])
		}
	} else {
		for _, i := range v.sieve(hashes) {
			v.addText(hashes[i], data[start[i]:end[i]])
		}
	}
	v.spill(hashes, rows)
}

func (v *Values) addText(hash uint64, text []byte) {
	if j := v.counts.add(hash, 1); j >= 0 {
		v.counts.setText(j, text)
		v.bound()
	}
}

// spill follows a batch that was just counted into the stage the limits ask for.
func (v *Values) spill(keys, rows []uint64) {
	switch {
	case v.sk != nil:
		v.sketch(keys, rows)
	case v.over:
		v.keep(keys)
	case v.counts.used > v.limits.Distinct:
		v.overflow()
	}
	if v.over && v.sk == nil && v.n > v.limits.Values {
		v.toSketch()
	}
}

// bound keeps the summary of frequent values small.
func (v *Values) bound() {
	if v.over && v.counts.used >= 2*v.limits.Tracked {
		v.counts.prune(v.limits.Tracked)
	}
}

const keyBlock = 1 << 13

func (v *Values) keep(keys []uint64) {
	for len(keys) > 0 {
		last := len(v.blocks) - 1
		if last < 0 || len(v.blocks[last]) == cap(v.blocks[last]) {
			v.blocks = append(v.blocks, make([]uint64, 0, keyBlock))
			last++
		}
		b := v.blocks[last]
		n := min(len(keys), cap(b)-len(b))
		v.blocks[last] = append(b, keys[:n]...)
		keys = keys[n:]
	}
}

// overflow writes the table out as keys and goes on with the frequent values only.
func (v *Values) overflow() {
	v.over = true
	if v.n > v.limits.Values {
		v.newSketch()
	}
	buf := make([]uint64, 0, keyBlock)
	blocks := uint64(0)
	flush := func() {
		if v.sk != nil {
			v.sketch(buf, syntheticRows(buf, blocks))
		} else {
			v.keep(buf)
		}
		buf = buf[:0]
		blocks++
	}
	v.eachCount(func(key uint64, n int64) {
		for range n {
			if len(buf) == cap(buf) {
				flush()
			}
			buf = append(buf, key)
		}
	})
	flush()
	if v.ordered && v.sk == nil {
		v.counts = newCounter(false)
		return
	}
	v.bound()
	v.counts.shrink(8 * v.limits.Tracked)
}

func (v *Values) eachCount(f func(key uint64, n int64)) {
	for i, n := range v.counts.counts {
		if n > 0 {
			f(v.counts.keys[i], n)
		}
	}
}

// hash scrambles keys; an integer that is a float64 has the same hash under both kinds of key.
func (v *Values) hash(keys []uint64) []uint64 {
	v.scratch = v.scratch[:0]
	for _, k := range keys {
		if v.wide {
			if f := toFloatKey(k); toIntegerKey(f) == k {
				k = f
			}
		}
		v.scratch = append(v.scratch, Mix(k))
	}
	return v.scratch
}

func (v *Values) sketch(keys, rows []uint64) {
	hashes := v.hash(keys)
	v.sk.hll.Add(hashes)
	v.sk.hashes.add(hashes)
	if !v.ordered {
		return
	}
	if v.wide {
		floats := make([]uint64, len(keys))
		for i, k := range keys {
			floats[i] = toFloatKey(k)
		}
		keys = floats
	}
	v.sk.log.Add(keys)
	v.sk.rows.add(keys, rows)
}

func (v *Values) newSketch() {
	v.sk = &sketch{}
	v.sk.rows.cap = max(v.limits.Sample, 1<<13)
	v.sk.hashes.cap = max(4*v.limits.Tracked, 512)
	if v.ordered {
		v.sk.log = &LogLinear{}
	}
}

// toSketch gives up the kept keys for a sketch of them.
func (v *Values) toSketch() {
	if v.sk != nil {
		return
	}
	v.newSketch()
	for i, b := range v.blocks {
		v.sketch(b, syntheticRows(b, uint64(i)))
		if v.ordered {
			v.follow(b)
		}
	}
	v.blocks = nil
}

// syntheticRows names rows that were kept without their names.
func syntheticRows(keys []uint64, block uint64) []uint64 {
	rows := make([]uint64, len(keys))
	for i, k := range keys {
		rows[i] = Mix(k ^ Mix(block<<20+uint64(i)))
	}
	return rows
}

// Merge adds the values of o, which is used up by it.
func (v *Values) Merge(o *Values) {
	v.agree(o)
	if !v.over && !o.over {
		v.n += o.n
		v.counts.merge(o.counts)
		if v.counts.used > v.limits.Distinct {
			v.overflow()
		}
		return
	}
	for _, w := range []*Values{v, o} {
		if !w.over {
			w.overflow()
		}
	}
	v.n += o.n
	exact := v.sk == nil && o.sk == nil && v.n <= v.limits.Values
	if !exact {
		v.toSketch()
		o.toSketch()
	}
	v.counts.merge(o.counts)
	v.bound()
	if exact {
		v.blocks = append(v.blocks, o.blocks...)
		return
	}
	v.sk.hll.Merge(&o.sk.hll)
	v.sk.hashes.merge(&o.sk.hashes)
	if v.ordered {
		v.sk.log.Merge(o.sk.log)
		v.sk.rows.merge(&o.sk.rows)
	}
}
