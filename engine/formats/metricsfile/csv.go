package metricsfile

import (
	"bytes"
	"errors"
	"fmt"
)

// What can be wrong with a row.
var (
	errQuote = errors.New("a quote is not closed")
	errBytes = errors.New("bytes that are no text")
)

const maxColumns = 1000

// header is the first line of a CSV file, taken apart.
type header struct {
	line  string
	comma byte
	names []string
	step  int // column, -1 where none counts
	clock int // column, -1 where none tells the time
}

// parseHeader takes a header apart; the separator is the one of four that stands in it most often.
func parseHeader(line string) (header, error) {
	h := header{line: line, comma: ',', step: -1, clock: -1}
	most := 0
	for _, c := range []byte(",\t;|") {
		if n := bytes.Count([]byte(line), []byte{c}); n > most {
			h.comma, most = c, n
		}
	}
	cells, err := splitRow([]byte(line), h.comma, nil)
	if err != nil {
		return header{}, err
	}
	step, clock := len(stepNames), len(clockNames)
	for i, c := range cells {
		name := string(c)
		h.names = append(h.names, name)
		if r := rank(stepNames[:], name); r < step {
			step, h.step = r, i
		}
		if r := rank(clockNames[:], name); r < clock {
			clock, h.clock = r, i
		}
	}
	return h, nil
}

// splitRow cuts a line at the separators, quotes minded, spaces around cells trimmed. The cells are appended
// to those given.
func splitRow(line []byte, comma byte, cells [][]byte) ([][]byte, error) {
	for {
		cell, rest, more, err := cutCell(line, comma)
		if err != nil {
			return cells, err
		}
		cells = append(cells, cell)
		if !more {
			return cells, nil
		}
		line = rest
	}
}

func cutCell(line []byte, comma byte) (cell, rest []byte, more bool, err error) {
	if trimmed := bytes.TrimLeft(line, " "); len(trimmed) > 0 && trimmed[0] == '"' {
		return cutQuoted(trimmed, comma)
	}
	cell, rest, more = bytes.Cut(line, []byte{comma})
	for _, c := range cell {
		if c < ' ' && c != '\t' {
			return nil, nil, false, errBytes
		}
	}
	return bytes.TrimSpace(cell), rest, more, nil
}

// cutQuoted takes a cell in quotes, in which two quotes are one.
func cutQuoted(line []byte, comma byte) (cell, rest []byte, more bool, err error) {
	line = line[1:]
	for i := 0; i < len(line); i++ {
		if line[i] != '"' {
			continue
		}
		if i+1 < len(line) && line[i+1] == '"' {
			i++
			continue
		}
		cell = line[:i]
		if bytes.Contains(cell, []byte(`""`)) {
			cell = bytes.ReplaceAll(cell, []byte(`""`), []byte(`"`))
		}
		after := bytes.TrimLeft(line[i+1:], " ")
		if len(after) > 0 && after[0] != comma {
			return nil, nil, false, errQuote
		}
		if len(after) == 0 {
			return cell, nil, false, nil
		}
		return cell, after[1:], true, nil
	}
	return nil, nil, false, errQuote
}

// isHeader tells a header from a row: it names the column that counts and holds no number.
func isHeader(cells [][]byte) bool {
	counts := false
	for _, c := range cells {
		if _, ok := parseNumber(c); ok {
			return false
		}
		counts = counts || rank(stepNames[:], string(c)) < len(stepNames)
	}
	return counts
}

func widthError(got, want int) error { return fmt.Errorf("%d cells, the header has %d", got, want) }
