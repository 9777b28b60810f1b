package metricsfile

import (
	"bytes"
	"encoding/json"
	"errors"
)

// What can be wrong with JSON: the rest is missing, or it is none.
var (
	errEnd     = errors.New("unexpected end")
	errSyntax  = errors.New("not JSON")
	errTooDeep = errors.New("nested too deep")
	errTooMany = errors.New("too many values")
)

const (
	maxDepth = 32
	maxCells = 500_000 // in one object
	maxKey   = 1 << 10
)

// kind is what a value of a JSON object is.
type kind uint8

const (
	isNumber kind = iota
	isText
	isOther // true, false, null
)

// cell is one scalar of a JSON object, with the path that leads to it: keys joined by "/".
type cell struct {
	from, to int // of the path in object.paths
	kind     kind
	listed   bool // one of a list of numbers
	number   float64
	text     []byte // as it is written, without its quotes
}

// object is a JSON object laid flat. It is used again for the next one.
type object struct {
	cells  []cell
	paths  []byte
	key    []byte // the scanner's, kept for its length
	nested int    // objects inside lists, whose values are left out
	scalar int    // numbers outside lists
}

func (o *object) path(c *cell) []byte { return o.paths[c.from:c.to] }

// scanner reads JSON as Python writes it: NaN, Infinity and -Infinity bare, which encoding/json refuses.
type scanner struct {
	b     []byte
	at    int
	key   []byte // the path so far
	depth int
	lists int
	out   *object
}

// scanObject reads one object from the start of b and answers how many bytes it takes.
func scanObject(b []byte, out *object) (int, error) {
	out.cells, out.paths, out.nested, out.scalar = out.cells[:0], out.paths[:0], 0, 0
	s := scanner{b: b, key: out.key[:0], out: out}
	if s.space(); s.at == len(b) {
		return s.at, errEnd
	}
	if b[s.at] != '{' {
		return s.at, errSyntax
	}
	err := s.value()
	out.key = s.key
	return s.at, err
}

func (s *scanner) space() {
	for s.at < len(s.b) {
		switch s.b[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// peek is the next byte that is no space.
func (s *scanner) peek() (byte, error) {
	if s.space(); s.at == len(s.b) {
		return 0, errEnd
	}
	return s.b[s.at], nil
}

func (s *scanner) value() error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	switch c {
	case '{':
		if s.lists > 0 {
			s.out.nested++
		}
		return s.inside('}')
	case '[':
		s.lists++
		err := s.inside(']')
		s.lists--
		return err
	case '"':
		text, err := s.text()
		if err != nil {
			return err
		}
		return s.add(cell{kind: isText, text: text})
	}
	return s.bare()
}

// inside reads what stands between brackets, parted by commas.
func (s *scanner) inside(end byte) error {
	s.at++
	if s.depth++; s.depth > maxDepth {
		return errTooDeep
	}
	if c, err := s.peek(); err != nil || c == end {
		s.at++
		s.depth--
		return err
	}
	for {
		var err error
		if end == '}' {
			err = s.member()
		} else {
			err = s.value()
		}
		if err != nil {
			return err
		}
		c, err := s.peek()
		if err != nil {
			return err
		}
		s.at++
		switch c {
		case end:
			s.depth--
			return nil
		case ',':
		default:
			return errSyntax
		}
	}
}

func (s *scanner) member() error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	if c != '"' {
		return errSyntax
	}
	name, err := s.text()
	if err != nil {
		return err
	}
	if c, err = s.peek(); err != nil {
		return err
	}
	if c != ':' {
		return errSyntax
	}
	s.at++
	long := len(s.key)
	if s.depth > 1 {
		s.key = append(s.key, '/')
	}
	if s.key = append(s.key, plain(name)...); len(s.key) > maxKey {
		return errTooMany
	}
	err = s.value()
	s.key = s.key[:long]
	return err
}

// plain takes the escapes out of a string.
func plain(text []byte) []byte {
	for _, c := range text {
		if c == '\\' {
			var out string
			if json.Unmarshal(append(append([]byte{'"'}, text...), '"'), &out) == nil {
				return []byte(out)
			}
			break
		}
	}
	return text
}

// text reads a string and answers what stands between its quotes.
func (s *scanner) text() ([]byte, error) {
	s.at++
	from := s.at
	for ; s.at < len(s.b); s.at++ {
		switch c := s.b[s.at]; {
		case c == '"':
			s.at++
			return s.b[from : s.at-1], nil
		case c == '\\':
			s.at++
		case c < ' ':
			return nil, errSyntax
		}
	}
	s.at = len(s.b)
	return nil, errEnd
}

// bare reads a number or a word.
func (s *scanner) bare() error {
	from := s.at
loop:
	for ; s.at < len(s.b); s.at++ {
		switch s.b[s.at] {
		case ',', '}', ']', ' ', '\t', '\n', '\r', ':', '"', '{', '[':
			break loop
		}
	}
	if s.at == len(s.b) {
		return errEnd
	}
	word := s.b[from:s.at]
	switch string(word) {
	case "true", "false", "null":
		return s.add(cell{kind: isOther})
	}
	v, ok := parseNumber(word)
	if !ok {
		return errSyntax
	}
	return s.add(cell{kind: isNumber, number: v})
}

// add keeps a value. Of those in lists only the numbers of a plain list are kept, under the list's path.
func (s *scanner) add(c cell) error {
	if c.listed = s.lists > 0; c.listed && (s.lists > 1 || c.kind != isNumber || s.out.nested > 0) {
		return nil
	}
	if len(s.out.cells) >= maxCells {
		return errTooMany
	}
	if n := len(s.out.cells); c.listed && n > 0 && s.out.cells[n-1].listed && bytes.Equal(s.out.path(&s.out.cells[n-1]), s.key) {
		c.from, c.to = s.out.cells[n-1].from, s.out.cells[n-1].to
		s.out.cells = append(s.out.cells, c)
		return nil
	}
	if c.kind == isNumber && !c.listed {
		s.out.scalar++
	}
	c.from = len(s.out.paths)
	s.out.paths = append(s.out.paths, s.key...)
	c.to = len(s.out.paths)
	s.out.cells = append(s.out.cells, c)
	return nil
}
