package csv

import (
	"bytes"
	"slices"

	"pace/engine/table"
	"pace/engine/table/text"
)

// delimiters that are tried, the likelier first.
var delimiters = [...]byte{',', '\t', ';', '|'}

const sniffRecords = 200

// sniff settles the dialect from the first bytes of the text.
func sniff(name string, head []byte, whole bool, opts table.Options) dialect {
	d := dialect{delim: opts.Delimiter, term: '\n', quote: '"'}
	if !bytes.ContainsRune(head, '\n') && bytes.ContainsRune(head, '\r') {
		d.term = '\r'
	}
	if d.delim == 0 {
		d.delim = bestDelimiter(name, d, head, whole)
	}
	if singleQuoted(d, head) {
		d.quote = '\''
	}
	return d
}

// bestDelimiter is the one that gives the most records the same number of fields, more than one of them.
func bestDelimiter(name string, d dialect, head []byte, whole bool) byte {
	best, bestScore := delimiters[0], 0.0
	wanted := byte(',')
	if ext := text.Ext(name, nil); ext == ".tsv" || ext == ".tab" {
		wanted, best = '\t', '\t'
	}
	for _, c := range delimiters {
		d.delim = c
		records := d.records(head, whole, sniffRecords)
		width, same := modalWidth(records)
		if width < 2 || len(records) == 0 {
			continue
		}
		score := float64(same) / float64(len(records))
		if score > 0.8 {
			score += min(float64(width), 50) / 1000
		}
		if c == wanted {
			score += 0.1
		}
		if score > bestScore {
			best, bestScore = c, score
		}
	}
	return best
}

func modalWidth(records [][][]byte) (width, count int) {
	seen := map[int]int{}
	for _, r := range records {
		seen[len(r)]++
		if n := seen[len(r)]; n > count || n == count && len(r) > width {
			width, count = len(r), n
		}
	}
	return width, count
}

// records splits the first few records; the last one only when it is known to be whole.
func (d *dialect) records(head []byte, whole bool, limit int) [][][]byte {
	if !whole {
		if n := d.cut(head); n >= 0 {
			head = head[:n]
		}
	}
	p := parser{dialect: *d}
	p.Reset(slices.Clip(head), 1) // fields that are rewritten must not land in the rest of the head
	var out [][][]byte
	var ignored table.Batch
	for at := 0; at < p.size && len(out) < limit; {
		if n := p.blank(at); n > 0 {
			at += n
			continue
		}
		var record [][]byte
		for {
			lo, hi, next := at, 0, 0
			if d.quote != 0 && at < p.size && p.data[at] == d.quote {
				lo, hi, next = p.quoted(&ignored, 0, at)
			} else {
				next = p.fieldEnd(p.data[:p.size], at)
				hi = next
				if p.endOfRecord(next) && hi > lo && p.data[hi-1] == '\r' {
					hi--
				}
			}
			record = append(record, p.data[lo:hi])
			at = next + 1
			if p.endOfRecord(next) {
				break
			}
		}
		out = append(out, record)
	}
	return out
}

// singleQuoted tells whether most records hold a field in single quotes and none in double ones.
func singleQuoted(d dialect, head []byte) bool {
	if bytes.IndexByte(head, '"') >= 0 {
		return false
	}
	d.quote = 0
	records := d.records(head, false, sniffRecords)
	with := 0
	for _, r := range records {
		for _, f := range r {
			if len(f) >= 2 && f[0] == '\'' && f[len(f)-1] == '\'' {
				with++
				break
			}
		}
	}
	return len(records) > 1 && with*2 > len(records)
}

// hasHeader tells whether the first record names the columns: it does unless every column of numbers begins with a number
// there. Consecutive integers (years) are taken for names.
func hasHeader(records [][][]byte) bool {
	if len(records) < 2 {
		return true
	}
	first := records[0]
	numeric, named := 0, 0
	var years []float64
	for i, cell := range first {
		if !numericColumn(records[1:], i) {
			continue
		}
		numeric++
		f, integer, ok := table.ParseNumber(cell)
		if !ok {
			named++
			continue
		}
		if integer {
			years = append(years, f)
		}
	}
	if numeric == 0 || named > 0 {
		return true
	}
	if len(years) == numeric && len(years) > 1 {
		for i := range years[1:] {
			if years[i+1] != years[i]+1 {
				return false
			}
		}
		return years[0] > 1000
	}
	return false
}

func numericColumn(records [][][]byte, i int) bool {
	numbers, texts := 0, 0
	for _, r := range records {
		if i >= len(r) || table.IsMissing(r[i]) {
			continue
		}
		if _, ok := table.ParseFloat(r[i]); ok {
			numbers++
		} else {
			texts++
		}
	}
	return numbers > 0 && texts*10 <= numbers
}
