package profile

import (
	"slices"
	"unicode/utf8"

	"github.com/zeebo/xxh3"

	"pace/engine/stats"
	"pace/engine/table"
)

// worker gathers the batches of its parts, all columns of them.
type worker struct {
	columns  []*column
	rows     rowSet
	sample   sample
	absent   patterns
	traces   traces
	partRows map[int]int64
	issues   []placed
	lines    []int64
	bad      int64
	buffers
}

// buffers are reused from batch to batch.
type buffers struct {
	hashes []uint64 // of the rows of the batch
	ids    []uint64 // a name for each row that does not depend on the cut into batches
	vals   []float64
	ints   []int64 // rows of the batch that vals or keys belong to
	keys   []uint64
	rowIDs []uint64 // ids of the rows in vals
	start  []uint32
	end    []uint32
	here
	wide bool // a value of the batch is beyond the integers that float64 tells apart
}

// here is where the worker is: column, part, first row of the batch.
type here struct {
	at          int
	part, first int64
}

func newWorker(schema table.Schema, types []table.Type, o Options) *worker {
	w := &worker{partRows: map[int]int64{}, sample: newSample(types), absent: newPatterns(len(schema))}
	w.rows.limit = rowLimit
	limits := o.limits(len(schema))
	for i, f := range schema {
		w.columns = append(w.columns, newColumn(f, types[i], o, limits))
	}
	return w
}

// The hash of a missing cell, and what starts a row.
const (
	missingCell = 0x6d697373696e6721
	rowSeed     = 0x726f777365656421
)

// fold adds a cell to the hash of its row.
func fold(h, cell uint64) uint64 {
	h = (h ^ cell) * 0x9e3779b97f4a7c15
	return h ^ h>>32
}

// take gathers a batch.
func (w *worker) take(part int, b *table.Batch) {
	w.partRows[part] += int64(b.N)
	w.part, w.first = int64(part), b.First
	w.hashes, w.ids = w.hashes[:0], w.ids[:0]
	for i := range b.N {
		w.hashes = append(w.hashes, rowSeed)
		w.ids = append(w.ids, stats.Mix(uint64(part)<<40+uint64(b.First)+uint64(i)+1))
	}
	w.sample.pick(part, b.First, w.ids)
	w.absent.start(b.N)
	for i, c := range w.columns {
		col := &b.Columns[i]
		w.at = i
		switch c.kind {
		case table.Numeric, table.Datetime, table.Boolean:
			w.numeric(c, col, part, b)
			w.sample.take(i, w.ints, w.vals, nil)
		case table.List, table.Struct:
			w.nested(c, col, b.N)
			w.sample.take(i, nil, nil, nil)
		default:
			w.text(c, col, b.N)
			w.sample.take(i, w.ints, nil, w.keys)
		}
	}
	w.absent.end(w.ids)
	for i, h := range w.hashes {
		w.hashes[i] = stats.Mix(h)
	}
	w.rows.add(w.hashes)
	w.traces.add(part, b.First, w.hashes)
	w.bad += int64(b.Bad)
	for _, issue := range b.Issues {
		if len(w.issues) < keptErrors {
			w.issues = append(w.issues, placed{int64(part), b.First + issue.Row, issue.Reason})
			w.lines = append(w.lines, issue.Line)
		}
	}
}

// numeric gathers a column of numbers, times or truth values.
func (w *worker) numeric(c *column, col *table.Column, part int, b *table.Batch) {
	w.vals, w.ints, w.keys, w.rowIDs, w.wide = w.vals[:0], w.ints[:0], w.keys[:0], w.rowIDs[:0], false
	switch {
	case col.Storage == table.Raw || col.Storage == table.String:
		w.parse(c, col, part, b)
	default:
		w.typed(c, col, b.N)
	}
	w.keyed()
	c.count += int64(len(w.vals))
	c.addRange(part, b.First, w.vals, w.ints)
	switch c.kind {
	case table.Numeric:
		c.numbers.moments.Add(w.vals)
	case table.Datetime:
		c.addTimes(w.vals)
	}
	ids := w.rowIDs
	if len(ids) != len(w.vals) {
		ids = w.ids
	}
	if w.wide && c.kind == table.Numeric {
		if xs, ok := w.integers(col); ok {
			c.values.AddIntegers(xs, ids)
			return
		}
	}
	c.values.AddNumbers(w.keys, ids)
}

// integers reads the values of the batch again as integers, when all of them are.
func (w *worker) integers(col *table.Column) ([]int64, bool) {
	xs := make([]int64, 0, len(w.ints))
	for _, i := range w.ints {
		if col.Storage == table.Int {
			xs = append(xs, col.Ints[i])
			continue
		}
		x, ok := table.ParseInt(col.Bytes(int(i)))
		if !ok {
			return nil, false
		}
		xs = append(xs, x)
	}
	return xs, true
}

// parse reads the texts of a numeric, datetime or boolean column.
func (w *worker) parse(c *column, col *table.Column, part int, b *table.Batch) {
	data, start, end := col.Data, col.Start, col.End
	for i := range b.N {
		j := i
		if col.IDs != nil {
			j = int(col.IDs[i])
		}
		cell := data[start[j]:end[j]]
		if len(cell) == 0 || col.Nulls.Has(i) {
			w.miss(c, i, nil)
			continue
		}
		var x float64
		var ok bool
		switch c.kind {
		case table.Numeric:
			var integer bool
			x, integer, ok = table.ParseNumber(cell)
			if !integer && ok {
				c.numbers.fractions++
			} else if integer && (x >= 1<<53 || x <= -1<<53) {
				w.wide = true
			} else if cell[0] == '0' && table.ZeroPadded(cell) {
				c.numbers.padded++
			}
		case table.Datetime:
			var micros int64
			micros, ok = table.ParseTime(cell)
			x = float64(micros)
		default:
			var v bool
			if v, ok = table.ParseBool(cell); v {
				x = 1
			}
		}
		if !ok {
			if table.IsMissing(cell) {
				w.miss(c, i, cell)
				continue
			}
			c.complain(int64(part), b.First+int64(i), cell)
			w.hashes[i] = fold(w.hashes[i], xxh3.Hash(cell))
			continue
		}
		w.put(i, x)
	}
	w.pickRows(c, col, b.N)
}

// miss counts a missing cell of row i.
func (w *worker) miss(c *column, i int, token []byte) {
	c.miss(token)
	if len(c.empty) < shownRows {
		c.empty = append(c.empty, placed{part: w.part, row: w.first + int64(i)})
	}
	w.hashes[i] = fold(w.hashes[i], missingCell)
	w.absent.mark(i, w.at)
}

// put keeps one value of row i.
func (w *worker) put(i int, x float64) {
	w.vals = append(w.vals, x)
	w.ints = append(w.ints, int64(i))
}

// keyed makes the keys of vals, and folds them into the hashes of their rows.
func (w *worker) keyed() {
	n := len(w.vals)
	w.keys = slices.Grow(w.keys[:0], n)[:n]
	keys, ints, hashes := w.keys, w.ints[:n], w.hashes
	for j, x := range w.vals {
		key := stats.SortableBits(x)
		keys[j] = key
		i := ints[j]
		hashes[i] = fold(hashes[i], key)
	}
}

// pickRows gathers the names of the rows in vals, which only a sketch asks for.
func (w *worker) pickRows(c *column, _ *table.Column, n int) {
	if c.values.Exact() || len(w.vals) == n {
		return
	}
	for _, i := range w.ints {
		w.rowIDs = append(w.rowIDs, w.ids[i])
	}
}

// typed takes the values of a column that holds numbers, times or truth values already.
func (w *worker) typed(c *column, col *table.Column, n int) {
	for i := range n {
		x, ok := col.Float(i)
		if !ok {
			w.miss(c, i, nil)
			continue
		}
		w.put(i, x)
	}
	if col.Storage == table.Int {
		for _, i := range w.ints {
			w.wide = w.wide || stats.IsWide(col.Ints[i])
		}
	}
	if col.Storage == table.Float {
		for _, x := range w.vals {
			if x != float64(int64(x)) {
				c.numbers.fractions++
			}
		}
	}
	w.pickRows(c, col, n)
}

// text gathers a column of text.
func (w *worker) text(c *column, col *table.Column, n int) {
	w.keys, w.start, w.end, w.rowIDs, w.ints = w.keys[:0], w.start[:0], w.end[:0], w.rowIDs[:0], w.ints[:0]
	t, memos := &c.texts, c.memos
	raw := col.Storage == table.Raw
	for i := range n {
		j := i
		if col.IDs != nil {
			j = int(col.IDs[i])
		}
		lo, hi := col.Start[j], col.End[j]
		cell := col.Data[lo:hi]
		if col.Nulls.Has(i) || raw && table.IsMissing(cell) {
			w.miss(c, i, cell)
			continue
		}
		h := xxh3.Hash(cell)
		w.hashes[i] = fold(w.hashes[i], h)
		w.keys = append(w.keys, h)
		w.start, w.end = append(w.start, lo), append(w.end, hi)
		w.rowIDs = append(w.rowIDs, w.ids[i])
		w.ints = append(w.ints, int64(i))
		m := &memos[h&(memoSize-1)]
		if m.hash != h || m.chars == 0 {
			m.measure(h, cell, raw)
		}
		t.add(m, len(cell))
	}
	c.count += int64(len(w.keys))
	c.values.AddTexts(w.keys, w.rowIDs, col.Data, w.start, w.end)
	c.examples.add(w, col.Data)
}

// memo keeps what was measured of a text for the next time that it comes.
type memo struct {
	hash         uint64
	chars, words uint32
	kind         uint8 // of raw text
}

const memoSize = 256

// measure counts the characters of a text and its words.
func (m *memo) measure(hash uint64, cell []byte, raw bool) {
	spaces, high := 0, byte(0)
	for _, b := range cell {
		if b == ' ' {
			spaces++
		}
		high |= b
	}
	chars := len(cell)
	if high >= utf8.RuneSelf {
		chars = utf8.RuneCount(cell)
	}
	*m = memo{hash: hash, chars: uint32(chars), words: uint32(spaces + 1)}
	if raw {
		m.kind = classify(cell)
	}
}

// add counts a measured text of so many bytes.
func (t *texts) add(m *memo, bytes int) {
	n := int64(m.chars)
	t.bytes += int64(bytes)
	t.chars += n
	t.words += int64(m.words)
	t.minLen, t.maxLen = min(t.minLen, n), max(t.maxLen, n)
	t.census.count(m.kind)
}

// nested counts a list or struct: no statistics, but rows are compared by their text.
func (w *worker) nested(c *column, col *table.Column, n int) {
	for i := range n {
		if col.Nulls.Has(i) {
			w.absent.mark(i, w.at)
			c.missing++
			w.hashes[i] = fold(w.hashes[i], missingCell)
			continue
		}
		cell := col.Bytes(i)
		c.count++
		c.texts.bytes += int64(len(cell))
		w.hashes[i] = fold(w.hashes[i], xxh3.Hash(cell))
	}
}
