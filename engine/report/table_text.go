package report

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"

	"pace/engine/query"
	"pace/engine/stats"
)

// sortText is a text with its place in query's order: numbers by value, then other texts by bytes, then NaN.
type sortText struct {
	key   uint64 // of a number its sortable bits, of a text its first eight bytes
	text  string
	code  uint32
	class uint8
}

const (
	classNumber = iota
	classText
	classNaN
)

func newSortText(s string, code uint32, numbers bool) sortText {
	if numbers {
		if v, ok := sortNumber(s); ok {
			if math.IsNaN(v) {
				return sortText{code: code, class: classNaN}
			}
			return sortText{key: stats.SortableBits(v), code: code, class: classNumber}
		}
	}
	var head [8]byte
	copy(head[:], s)
	return sortText{key: binary.BigEndian.Uint64(head[:]), text: s, code: code, class: classText}
}

// sortNumber reads what query takes for a number: decimal, nan and infinities, no hexadecimal, no underscores.
func sortNumber(s string) (float64, bool) {
	if s == "" || len(s) > 64 || !strings.ContainsRune("0123456789+-.nNiI", rune(s[0])) {
		return 0, false
	}
	switch strings.ToLower(strings.TrimLeft(s, "+-")) {
	case "nan":
		return math.NaN(), true
	case "inf", "infinity":
		if s[0] == '-' {
			return math.Inf(-1), true
		}
		return math.Inf(1), true
	}
	for i := range len(s) {
		if !strings.ContainsRune("0123456789+-.eE", rune(s[i])) {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil || math.IsInf(v, 0)
}

func (t sortText) compare(o sortText) int {
	if c := cmp.Compare(t.class, o.class); c != 0 {
		return c
	}
	if c := cmp.Compare(t.key, o.key); c != 0 {
		return c
	}
	return cmp.Compare(t.text, o.text)
}

// sortTexts orders the texts that occur in a column as a key does. An attribute's numbers are texts, and a status has
// the language's own order.
func sortTexts(c *textColumn, f query.Field) ([]sortText, func(a, b sortText) int) {
	order := make([]sortText, 0, len(c.texts)-1)
	for code := 1; code < len(c.texts); code++ {
		order = append(order, newSortText(c.texts[code], uint32(code), f.Kind != query.Attr))
	}
	compare := sortText.compare
	if f.Kind == query.Attr && f.Key == "status" {
		key := query.Key{Field: f}
		compare = func(a, b sortText) int { return key.Compare(textRow(a.text), textRow(b.text)) }
	}
	slices.SortFunc(order, compare)
	return order, compare
}

// textRow is a row whose every attribute is one text.
type textRow string

// Attr is the text.
func (r textRow) Attr(string) (query.Value, bool) { return query.Text(string(r)), true }

// Metric has none.
func (textRow) Metric(string, string) (float64, bool) { return 0, false }

// Param is the text.
func (r textRow) Param(string) (string, bool) { return string(r), true }

// Tag is the text.
func (r textRow) Tag(string) (string, bool) { return string(r), true }

// Words is the text.
func (r textRow) Words(yield func(string) bool) { yield(string(r)) }
