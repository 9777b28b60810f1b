package query

import (
	"cmp"
	"math"
	"strings"
)

// Key is one sort key.
type Key struct {
	Field Field
	Desc  bool
}

// ParseSort reads sort keys in MLflow's order_by form (`metrics.auc DESC`, `attributes.start_time`), or short:
// `-auc`; several with commas between. The error is always a *SyntaxError.
func ParseSort(src string, opts Options) ([]Key, error) {
	p := &parser{src: src, opts: opts, count: new(int)}
	if len(src) > maxSource {
		return nil, p.fail(maxSource, len(src)-maxSource, "the sort is too long")
	}
	var keys []Key
	for p.spaces(); !p.end(); p.spaces() {
		k, err := p.sortKey()
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
		p.spaces()
		if p.end() {
			break
		}
		if p.peek() != ',' {
			return nil, p.fail(p.pos, 1, "sort keys have commas between them; behind one stands ASC, DESC or nothing")
		}
		p.pos++
	}
	return keys, nil
}

func (p *parser) sortKey() (Key, error) {
	var k Key
	if p.peek() == '-' {
		k.Desc = true
		p.pos++
	}
	f, err := p.field()
	if err != nil {
		return k, err
	}
	k.Field = f
	p.spaces()
	if p.keyword("DESC") {
		k.Desc = !k.Desc
	} else {
		p.keyword("ASC")
	}
	return k, nil
}

// ParseField reads one field name, as for a column.
func ParseField(src string, opts Options) (Field, error) {
	p := &parser{src: strings.TrimSpace(src), opts: opts, count: new(int)}
	f, err := p.field()
	if err != nil {
		return Field{}, err
	}
	if !p.end() {
		return Field{}, p.fail(p.pos, len(p.src)-p.pos, "this is more than one name")
	}
	return f, nil
}

func (p *parser) field() (Field, error) {
	n, err := p.name()
	if err != nil {
		return Field{}, err
	}
	if n.len == 0 {
		return Field{}, p.fail(n.pos, 1, "a name is missing here, as in metrics.auc")
	}
	f, serr := p.resolve(n)
	if serr != nil {
		return Field{}, serr
	}
	return f, nil
}

// String writes the key so that ParseSort reads it back.
func (k Key) String() string {
	if k.Desc {
		return k.Field.String() + " DESC"
	}
	return k.Field.String()
}

// Compare orders two rows by the key. In both directions rows without the value come last and NaN just before them,
// as in MLflow; texts that are numbers are ordered as numbers, before the others.
func (k Key) Compare(a, b Row) int {
	va, ra := k.ranked(a)
	vb, rb := k.ranked(b)
	if c := cmp.Compare(max(ra, rankText), max(rb, rankText)); c != 0 {
		return c
	}
	if ra >= rankNaN {
		return 0
	}
	c := cmp.Compare(ra, rb)
	if c == 0 {
		c = compareValues(va, vb, ra)
	}
	if k.Desc {
		return -c
	}
	return c
}

const (
	rankNumber = iota
	rankText
	rankNaN
	rankMissing
)

func (k Key) ranked(r Row) (Value, int) {
	v, ok := k.Field.Value(r)
	if !ok {
		return v, rankMissing
	}
	if k.Field.Kind == Attr && k.Field.Key == "status" {
		return Text(nativeStatus(v.Str)), rankText
	}
	switch v.kind {
	case isList:
		return Text(strings.Join(v.List, "\x00")), rankText
	case isText:
		f, ok := parseNumber(v.Str)
		if !ok || k.Field.Kind == Attr {
			return v, rankText
		}
		v.Num = f
	}
	if math.IsNaN(v.Num) {
		return v, rankNaN
	}
	return v, rankNumber
}

func compareValues(a, b Value, rank int) int {
	if rank == rankNumber {
		return cmp.Compare(a.Num, b.Num)
	}
	return cmp.Compare(a.Str, b.Str)
}

// nativeStatus is MLflow's word, whose order its own sort shows.
func nativeStatus(s string) string {
	for _, w := range statusWords {
		if w.pace == s {
			return w.mlflow
		}
	}
	return s
}
