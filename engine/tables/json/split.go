package json

import (
	"bytes"
	"fmt"
	"strings"

	"pace/engine/table"
)

// kind is what a value looks like.
type kind uint8

const (
	word kind = iota
	number
	truth
	null
	list
	object
)

// keys are the names of the values in order of their first appearance, and what has been seen under them.
type keys struct {
	names  []string
	quoted [][]byte // the name as it usually stands, in quotes; nil when it can't stand so
	index  map[string]int
	seen   []uint8 // kinds as bits
	plain  []bool  // a word that is no time was seen
}

func (k *keys) add(name string) int {
	k.index[name] = len(k.names)
	k.names, k.seen, k.plain = append(k.names, name), append(k.seen, 0), append(k.plain, false)
	var usual []byte
	if !strings.ContainsAny(name, `"\`) {
		usual = []byte(`"` + name + `"`)
	}
	k.quoted = append(k.quoted, usual)
	return len(k.names) - 1
}

// grammar is where records stand and what they are.
type grammar struct {
	array      bool // records stand in an array, not on lines
	positional bool // a record is an array of values in the order of the keys
}

// parser fills the columns of a batch from the text of whole records. With learn it fills the keys instead.
type parser struct {
	grammar
	*keys
	learn   bool
	keep    []int // column for key i, -1 to drop it
	storage []table.Storage
	rows    int // rows of a full batch
	cells
	data []byte // the part's text and, behind it, strings that had to be rewritten
	size int    // length of the part's text
	line int64  // line of the file at which data begins
}

// cells are the spans of the batch being filled, column after column.
type cells struct {
	start, end []uint32
	nulls      []table.Bitmap
	missing    []int    // nulls of each column
	stamp      []uint32 // the row that a column was last set in
	now        uint32
	set        int // columns set in this row
}

const batchCells = 1 << 16

func newParser(g grammar, k *keys, keep []int, schema table.Schema) *parser {
	cols := len(schema)
	p := &parser{grammar: g, keys: k, keep: keep, rows: min(max(batchCells/max(cols, 1), 16), 4096)}
	p.start, p.end = make([]uint32, cols*p.rows), make([]uint32, cols*p.rows)
	p.nulls, p.missing, p.stamp = make([]table.Bitmap, cols), make([]int, cols), make([]uint32, cols)
	for c := range schema {
		p.nulls[c] = make(table.Bitmap, (p.rows+63)/64)
		p.storage = append(p.storage, schema[c].Storage)
	}
	return p
}

// Reset begins a new part.
func (p *parser) Reset(data []byte, line int64) { p.data, p.size, p.line = data, len(data), line }

// Fill splits records from an offset on into b, a batch full at most, and returns the offset after them.
func (p *parser) Fill(b *table.Batch, at int) int {
	b.Issues, b.Bad = b.Issues[:0], 0
	for c, n := range p.missing {
		if n > 0 {
			clear(p.nulls[c])
			p.missing[c] = 0
		}
	}
	clear(p.stamp)
	p.now = 0
	row := 0
	for ; row < p.rows; row++ {
		if at = p.begin(at); at >= p.size {
			break
		}
		text := p.data[:p.size]
		if !p.array {
			if n := bytes.IndexByte(text[at:], '\n'); n >= 0 {
				text = text[:at+n]
			}
		}
		p.now++
		p.set = 0
		next, reason := p.record(b, row, text, at)
		if p.set < len(p.stamp) && !p.learn {
			p.absent(row)
		}
		if reason != "" {
			p.complain(b, row, at, reason)
		}
		at = p.leave(text, at, next, reason)
	}
	p.publish(b, row)
	return min(at, p.size)
}

// begin is the offset of the next record, the end of the text when there is none.
func (p *parser) begin(at int) int {
	text := p.data[:p.size]
	if !p.array {
		return space(text, at)
	}
	if at, done := p.nextInArray(text, at); !done {
		return at
	}
	return p.size
}

// nextInArray goes to the next record of an array; done tells that the array ends before one.
func (g grammar) nextInArray(text []byte, at int) (next int, done bool) {
	for at < len(text) && (classes[text[at]] == blank || text[at] == ',') {
		at++
	}
	return at, at < len(text) && text[at] == ']'
}

// leave is the offset after a record that began at `at` and was understood up to next.
func (p *parser) leave(text []byte, at, next int, reason string) int {
	if !p.array {
		return len(text) + 1
	}
	if reason == "" {
		return next
	}
	end, _ := skip(text, at)
	return end
}

const broken = "not JSON"

// record reads one record and tells what is wrong with it.
func (p *parser) record(b *table.Batch, row int, text []byte, at int) (next int, reason string) {
	bracket, closing := byte('{'), byte('}')
	if p.positional {
		bracket, closing = '[', ']'
	}
	if text[at] != bracket {
		return at, "not a JSON object"
	}
	i, key, n := space(text, at+1), -1, 0
	if i < len(text) && text[i] == closing {
		return p.finish(text, i+1, n)
	}
	for ; ; n++ {
		if p.positional {
			key = min(n, len(p.names))
		} else if key, i = p.key(b, row, text, i, key+1); i < 0 {
			return at, broken
		}
		if i = p.value(text, i, key, row); i < 0 {
			return at, broken
		}
		if i = space(text, i); i >= len(text) {
			return at, broken
		}
		if text[i] == closing {
			return p.finish(text, i+1, n+1)
		}
		if text[i] != ',' {
			return at, broken
		}
		i = space(text, i+1)
	}
}

// finish looks at what follows a record of n values.
func (p *parser) finish(text []byte, i, n int) (next int, reason string) {
	switch {
	case p.positional && n < len(p.names):
		reason = "too few values"
	case p.positional && n > len(p.names):
		reason = "too many values"
	case !p.array && space(text, i) < len(text):
		reason = "text behind the object"
	}
	return i, reason
}

// key reads a key and its colon; guess is the key that is likely. next is -1 when there is none.
func (p *parser) key(b *table.Batch, row int, text []byte, i, guess int) (key, next int) {
	if guess < len(p.quoted) && len(p.quoted[guess]) > 0 && bytes.HasPrefix(text[i:], p.quoted[guess]) {
		key, i = guess, i+len(p.quoted[guess])
	} else {
		if i >= len(text) || text[i] != '"' {
			return 0, -1
		}
		end, escaped := stringEnd(text, i+1)
		if end == len(text) {
			return 0, -1
		}
		name := text[i+1 : end]
		if escaped {
			name = unquote(nil, name)
		}
		key = p.find(b, row, i, name)
		i = end + 1
	}
	if i = space(text, i); i >= len(text) || text[i] != ':' {
		return 0, -1
	}
	return key, space(text, i+1)
}

// find is the number of a key; that of none when it is new and nothing is learned.
func (p *parser) find(b *table.Batch, row, at int, name []byte) int {
	if key, ok := p.index[string(name)]; ok {
		return key
	}
	if p.learn && len(p.names) <= maxColumns {
		return p.add(string(name))
	}
	if !p.learn {
		reason := "key that is no column"
		if len(b.Issues) < table.MaxIssues {
			reason = fmt.Sprintf("key %q appears too late to be a column", name[:min(len(name), 80)])
		}
		p.complain(b, row, at, reason)
	}
	return len(p.names)
}

// value reads the value at i and returns the offset after it, -1 when it is none.
func (p *parser) value(text []byte, i, key, row int) int {
	if i >= len(text) {
		return -1
	}
	switch classes[text[i]] {
	case quote:
		end, escaped := stringEnd(text, i+1)
		if end == len(text) {
			return -1
		}
		p.put(text, key, row, span{i + 1, end, word, escaped})
		return end + 1
	case bare:
		end := bareEnd(text, i)
		k, ok := bareKind(text[i:end])
		if !ok {
			return -1
		}
		p.put(text, key, row, span{i, end, k, false})
		return end
	case open:
		end, whole := skipNested(text, i)
		if !whole {
			return -1
		}
		k := object
		if text[i] == '[' {
			k = list
		}
		p.put(text, key, row, span{i, end, k, false})
		return end
	}
	return -1
}

// bareKind tells numbers (NaN and infinities, as Python writes them, are some) from literals.
func bareKind(b []byte) (kind, bool) {
	if c := b[0]; c-'0' <= 9 || c == '-' {
		return number, true
	}
	switch string(b) {
	case "null":
		return null, true
	case "true", "false":
		return truth, true
	case "NaN", "Infinity":
		return number, true
	}
	return 0, false
}

// span is where a value stands.
type span struct {
	lo, hi int
	kind
	escaped bool
}

// put keeps a value.
func (p *parser) put(text []byte, key, row int, v span) {
	lo, hi, k := v.lo, v.hi, v.kind
	if key >= len(p.names) {
		return
	}
	if p.learn {
		p.seen[key] |= 1 << k
		if _, isTime := table.ParseTime(text[lo:hi]); k == word && !isTime {
			p.plain[key] = true
		}
		return
	}
	c := p.keep[key]
	if c < 0 {
		return
	}
	if p.stamp[c] != p.now {
		p.stamp[c] = p.now
		p.set++
	} else if p.nulls[c].Has(row) { // of two values under one key the last counts
		p.nulls[c][row>>6] &^= 1 << (row & 63)
	}
	if k == null || k == number && text[lo] == 'N' && p.storage[c] != table.Raw {
		p.null(c, row)
		return
	}
	if v.escaped {
		from := len(p.data)
		p.data = unquote(p.data, text[lo:hi])
		lo, hi = from, len(p.data)
	}
	p.start[c*p.rows+row], p.end[c*p.rows+row] = uint32(lo), uint32(hi)
}

func (p *parser) null(c, row int) {
	p.nulls[c].Set(row)
	p.missing[c]++
	p.start[c*p.rows+row], p.end[c*p.rows+row] = 0, 0
}

// absent makes the columns missing that the row did not name.
func (p *parser) absent(row int) {
	for c, at := range p.stamp {
		if at != p.now {
			p.null(c, row)
		}
	}
}

func (p *parser) complain(b *table.Batch, row, offset int, reason string) {
	var line int64
	if len(b.Issues) < table.MaxIssues {
		line = p.line + int64(bytes.Count(p.data[:offset], []byte{'\n'}))
	}
	b.Complain(int64(row), line, reason)
}

// publish points the batch's columns at the spans.
func (p *parser) publish(b *table.Batch, rows int) {
	cols := len(p.storage)
	b.N = rows
	if cap(b.Columns) < cols {
		b.Columns = make([]table.Column, cols)
	}
	b.Columns = b.Columns[:cols]
	for c := range b.Columns {
		at := c * p.rows
		b.Columns[c] = table.Column{Storage: p.storage[c], Data: p.data, Start: p.start[at : at+rows], End: p.end[at : at+rows]}
		if p.missing[c] > 0 {
			b.Columns[c].Nulls = p.nulls[c]
		}
	}
}
