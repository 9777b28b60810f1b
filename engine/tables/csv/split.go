package csv

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"pace/engine/table"
)

// dialect is what the splitter must know, settled before the first record.
//
// An opening quote stands at the start of a field. In quotes a doubled quote is one, everything else is literal. What follows
// the closing quote up to the next delimiter is literal too, and so is a quote inside an unquoted field. These are the rules of
// pandas' C parser; on well-formed input they are RFC 4180.
type dialect struct {
	delim, term byte
	quote       byte // 0: no quoting
}

const (
	ones = 0x0101010101010101
	low7 = 0x7f7f7f7f7f7f7f7f
)

// zeroBytes marks the zero bytes of x with their high bit, exactly.
func zeroBytes(x uint64) uint64 { return ^((x&low7 + low7) | x | low7) }

// fieldEnd finds the first delimiter or terminator at or after i; len(data) when there is none.
func (d *dialect) fieldEnd(data []byte, i int) int {
	dm, tm := ones*uint64(d.delim), ones*uint64(d.term)
	for ; i+8 <= len(data); i += 8 {
		w := binary.LittleEndian.Uint64(data[i:])
		if m := zeroBytes(w^dm) | zeroBytes(w^tm); m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
	}
	for ; i < len(data); i++ {
		if c := data[i]; c == d.delim || c == d.term {
			break
		}
	}
	return i
}

// quotedEnd finds the closing quote of a field whose opening quote is at i; len(data) when it is never closed. doubled tells
// whether the field has doubled quotes.
func (d *dialect) quotedEnd(data []byte, i int) (end int, doubled bool) {
	qm := ones * uint64(d.quote)
	for i++; ; {
		i = nextByte(data, i, d.quote, qm)
		if i+1 >= len(data) || data[i+1] != d.quote {
			return min(i, len(data)), doubled
		}
		doubled = true
		i += 2
	}
}

// nextByte is the place of the next c at or after i, len(data) when there is none: near ones by words, far ones by
// bytes.IndexByte.
func nextByte(data []byte, i int, c byte, mask uint64) int {
	for near := min(len(data), i+32); i+8 <= near; i += 8 {
		if m := zeroBytes(binary.LittleEndian.Uint64(data[i:]) ^ mask); m != 0 {
			return i + bits.TrailingZeros64(m)>>3
		}
	}
	if i >= len(data) {
		return len(data)
	}
	if j := bytes.IndexByte(data[i:], c); j >= 0 {
		return i + j
	}
	return len(data)
}

// cut finds the offset just past the last record end in data, which begins at a record; -1 when no record ends. It jumps from
// quote to quote and is exact for every input.
func (d *dialect) cut(data []byte) int {
	last := -1
	gap := 0 // where the text outside quotes began
	qm := ones * uint64(d.quote)
	for i := 0; d.quote != 0; {
		if i = nextByte(data, i, d.quote, qm); i >= len(data) {
			break
		}
		if i > 0 && data[i-1] != d.delim && data[i-1] != d.term {
			i++ // a quote inside an unquoted field
			continue
		}
		if i > gap+1 || i > gap && data[gap] == d.term {
			if k := bytes.LastIndexByte(data[gap:i], d.term); k >= 0 {
				last = gap + k + 1
			}
		}
		end, _ := d.quotedEnd(data, i)
		if end == len(data) {
			return last
		}
		i = end + 1
		gap = i
	}
	if k := bytes.LastIndexByte(data[gap:], d.term); k >= 0 {
		last = gap + k + 1
	}
	return last
}

// parser fills the columns of a batch from the text of whole records.
type parser struct {
	dialect
	width int   // fields of a record
	keep  []int // column of the batch for field i, -1 to drop it
	cols  int   // columns of the batch
	rows  int   // rows of a full batch
	// spans of the batch being filled, column after column
	start, end []uint32
	data       []byte // the part's text and, behind it, fields that had to be rewritten
	size       int    // length of the part's text
	line       int64  // line of the file at which data begins
}

const batchCells = 1 << 16

// newParser prepares buffers for one goroutine.
func newParser(d dialect, keep []int, cols int) *parser {
	p := &parser{dialect: d, width: len(keep), keep: keep, cols: cols}
	p.rows = min(max(batchCells/max(cols, 1), 16), 4096)
	p.start, p.end = make([]uint32, cols*p.rows), make([]uint32, cols*p.rows)
	return p
}

// Reset begins a new part; data must have been cut at a record end or at the end of the file.
func (p *parser) Reset(data []byte, line int64) { p.data, p.size, p.line = data, len(data), line }

// Fill splits records from offset at on into b, a batch full at most, and returns the offset after them.
func (p *parser) Fill(b *table.Batch, at int) int {
	b.Issues, b.Bad = b.Issues[:0], 0
	row := 0
	text := p.data[:p.size]
	for at < p.size && row < p.rows {
		if n := p.blank(at); n > 0 {
			at += n
			continue
		}
		begin, field := at, 0
		for {
			lo, hi, next := at, 0, 0
			if p.quote != 0 && at < p.size && text[at] == p.quote {
				lo, hi, next = p.quoted(b, row, at)
			} else {
				next = p.fieldEnd(text, at)
				hi = next
				if p.endOfRecord(next) && hi > lo && text[hi-1] == '\r' {
					hi--
				}
			}
			if field < p.width {
				if c := p.keep[field]; c >= 0 {
					p.start[c*p.rows+row], p.end[c*p.rows+row] = uint32(lo), uint32(hi)
				}
			}
			field++
			at = next + 1
			if p.endOfRecord(next) {
				break
			}
		}
		if field != p.width {
			p.ragged(b, row, field, begin)
		}
		row++
	}
	p.publish(b, row)
	return min(at, p.size)
}

func (p *parser) endOfRecord(next int) bool { return next >= p.size || p.data[next] == p.term }

// blank tells how long an empty line at this offset is, 0 when it is none.
func (p *parser) blank(at int) int {
	switch c := p.data[at]; {
	case c == p.term:
		return 1
	case c == '\r' && p.endOfRecord(at+1):
		return 2
	}
	return 0
}

// quoted reads a field whose opening quote is at this offset.
func (p *parser) quoted(b *table.Batch, row, at int) (lo, hi, next int) {
	text := p.data[:p.size]
	end, doubled := p.quotedEnd(text, at)
	if end == p.size {
		p.complain(b, row, at, "quote is never closed")
	}
	after := min(end+1, p.size)
	if next = after; next < p.size && text[next] != p.delim && text[next] != p.term {
		next = p.fieldEnd(text, next)
	}
	tail := text[after:next]
	if n := len(tail); n > 0 && p.endOfRecord(next) && tail[n-1] == '\r' {
		tail = tail[:n-1]
	}
	if !doubled && len(tail) == 0 {
		return at + 1, end, next
	}
	lo = len(p.data)
	for inner := text[at+1 : end]; ; {
		j := bytes.IndexByte(inner, p.quote)
		if j < 0 {
			p.data = append(p.data, inner...)
			break
		}
		p.data = append(p.data, inner[:j+1]...)
		inner = inner[min(j+2, len(inner)):]
	}
	p.data = append(p.data, tail...)
	return lo, len(p.data), next
}

// ragged completes a short record with empty fields and reports it and a long one.
func (p *parser) ragged(b *table.Batch, row, fields, begin int) {
	for i := fields; i < p.width; i++ {
		if c := p.keep[i]; c >= 0 {
			p.start[c*p.rows+row], p.end[c*p.rows+row] = 0, 0
		}
	}
	if fields < p.width {
		p.complain(b, row, begin, "too few fields")
		return
	}
	p.complain(b, row, begin, "too many fields")
}

func (p *parser) complain(b *table.Batch, row, offset int, reason string) {
	var line int64
	if len(b.Issues) < table.MaxIssues {
		line = p.line + int64(bytes.Count(p.data[:offset], []byte{p.term}))
	}
	b.Complain(int64(row), line, reason)
}

// publish points the batch's columns at the spans.
func (p *parser) publish(b *table.Batch, rows int) {
	b.N = rows
	if cap(b.Columns) < p.cols {
		b.Columns = make([]table.Column, p.cols)
	}
	b.Columns = b.Columns[:p.cols]
	for c := range b.Columns {
		at := c * p.rows
		b.Columns[c] = table.Column{Storage: table.Raw, Data: p.data, Start: p.start[at : at+rows], End: p.end[at : at+rows]}
	}
}
