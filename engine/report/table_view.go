package report

import (
	"cmp"
	"context"
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"pace/engine/query"
	"pace/engine/stats"
	"pace/store"
)

// ViewQuery asks for rows of a Table. A nil or empty Filter is every run; without Sort the newest comes first. Runs that
// a tool marked deleted, and runs that somebody archived, come only when they are asked for.
type ViewQuery struct {
	Filter            *query.Expr
	Sort              []query.Key
	Deleted, Archived bool
	Now               time.Time // zero: the Table's own
}

// View is the rows that a filter leaves, in order. What it looks at is loaded first.
func (t *Table) View(ctx context.Context, r *store.Reader, q ViewQuery) ([]int32, error) {
	t.work.Lock()
	defer t.work.Unlock()
	var n need
	n.filter(q.Filter, t.keys)
	for _, k := range q.Sort {
		n.field(k.Field)
	}
	if err := t.ensure(ctx, r, n); err != nil {
		return nil, err
	}
	return t.sorted(ctx, t.filtered(q), q)
}

func (t *Table) moment(now time.Time) Moment {
	m := t.opts.Moment
	if !now.IsZero() {
		m.Now = now
	}
	return m
}

// filtered walks the rows in their own order. work is held, so nothing moves.
func (t *Table) filtered(q ViewQuery) []int32 {
	row := &tableRow{t: t, now: t.moment(q.Now)}
	all := q.Filter == nil || q.Filter.Empty()
	out := make([]int32, 0, len(t.rows.order))
	for _, i := range t.rows.order {
		run := &t.rows.runs[i]
		if run.Deleted && !q.Deleted {
			continue
		}
		if !q.Archived && len(t.rows.said) > 0 && t.rows.said[run.ID].archived {
			continue
		}
		row.row = i
		if all || q.Filter.Match(row) {
			out = append(out, i)
		}
	}
	return out
}

// sortRow is a row with its first key, so that most comparisons stay in one cache line.
type sortRow struct {
	key uint64
	pos int32 // in the rows' own order, which breaks ties
	row int32
}

func (t *Table) sorted(ctx context.Context, rows []int32, q ViewQuery) ([]int32, error) {
	if len(q.Sort) == 0 {
		return rows, nil
	}
	keys := make([][]uint64, len(q.Sort))
	for i, k := range q.Sort {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		keys[i] = t.sortKeys(rows, k, t.moment(q.Now))
	}
	list := make([]sortRow, len(rows))
	for i, row := range rows {
		list[i] = sortRow{key: keys[0][i], pos: int32(i), row: row}
	}
	slices.SortFunc(list, func(a, b sortRow) int {
		if c := cmp.Compare(a.key, b.key); c != 0 {
			return c
		}
		for _, more := range keys[1:] {
			if c := cmp.Compare(more[a.pos], more[b.pos]); c != 0 {
				return c
			}
		}
		return cmp.Compare(a.pos, b.pos)
	})
	out := make([]int32, len(list))
	for i, e := range list {
		out[i] = e.row
	}
	return out, nil
}

// In both directions rows without the value come last and NaN just before them, as in MLflow.
const (
	keyAbsent = math.MaxUint64
	keyNaN    = math.MaxUint64 - 1
	keyTexts  = uint64(1) << 32 // above every code of a text
)

// sortKeys gives each row a number whose order is the key's order.
func (t *Table) sortKeys(rows []int32, k query.Key, now Moment) []uint64 {
	out := make([]uint64, len(rows))
	row := &tableRow{t: t, now: now}
	switch {
	case k.Field.Kind == query.Metric && (k.Field.Agg != "" || !aggregated(k.Field.Key)):
		t.metricKeys(out, rows, k)
	case k.Field.Kind == query.Param && t.cols.params[k.Field.Key] != nil:
		codeKeys(out, rows, t.cols.params[k.Field.Key], k)
	case k.Field.Kind == query.Tag && t.cols.tags[k.Field.Key] != nil:
		codeKeys(out, rows, t.cols.tags[k.Field.Key], k)
	case k.Field.Kind == query.Attr && textAttr(k.Field.Key):
		c := newTextColumn(len(t.rows.runs))
		for _, i := range rows {
			row.row = i
			if v, ok := row.Attr(k.Field.Key); ok {
				c.set(i, v.Str+strings.Join(v.List, "\x00"))
			}
		}
		codeKeys(out, rows, c, k)
	default:
		t.otherKeys(out, rows, k, row)
	}
	return out
}

// aggregated says whether a key may mean another key's aggregate, which is decided row by row.
func aggregated(key string) bool {
	i := strings.LastIndexByte(key, '.')
	return i > 0 && slices.Contains(query.Aggregates[:], key[i+1:])
}

func textAttr(name string) bool {
	return name != "start_time" && name != "end_time" && name != "duration"
}

func (t *Table) metricKeys(out []uint64, rows []int32, k query.Key) {
	c := t.cols.metrics[k.Field.Key]
	direction, _ := t.dirs.Of(k.Field.Key)
	var values []float64
	if c != nil {
		values = c.values(k.Field.Agg, direction)
	}
	for i, row := range rows {
		if values == nil || !c.have[row] {
			out[i] = keyAbsent
			continue
		}
		out[i] = numberKey(values[row], k.Desc)
	}
}

func numberKey(v float64, desc bool) uint64 {
	if math.IsNaN(v) {
		return keyNaN
	}
	bits := stats.SortableBits(v)
	if desc {
		return ^bits
	}
	return bits
}

// otherKeys serves what is a number of an attribute, or only known row by row.
func (t *Table) otherKeys(out []uint64, rows []int32, k query.Key, row *tableRow) {
	if k.Field.Kind == query.Attr {
		for i, r := range rows {
			row.row = r
			out[i] = keyAbsent
			if v, ok := row.Attr(k.Field.Key); ok {
				out[i] = numberKey(v.Num, k.Desc)
			}
		}
		return
	}
	order := make([]int32, len(rows))
	for i := range order {
		order[i] = int32(i)
	}
	a, b := &tableRow{t: t, now: row.now}, &tableRow{t: t, now: row.now}
	compare := func(x, y int32) int {
		a.row, b.row = rows[x], rows[y]
		return k.Compare(a, b)
	}
	slices.SortStableFunc(order, compare)
	rank := uint64(0)
	for i, at := range order {
		if i > 0 && compare(order[i-1], at) != 0 {
			rank++
		}
		out[at] = rank
	}
}

// codeKeys ranks the texts that occur once, then looks each row's rank up.
func codeKeys(out []uint64, rows []int32, c *textColumn, k query.Key) {
	order, compare := sortTexts(c, k.Field)
	ranks := make([]uint64, len(c.texts))
	ranks[0] = keyAbsent
	rank := uint64(0)
	for i, t := range order {
		if i > 0 && compare(order[i-1], t) != 0 {
			rank++
		}
		switch {
		case t.class == classNaN:
			ranks[t.code] = keyNaN
		case k.Desc:
			ranks[t.code] = keyTexts - rank
		default:
			ranks[t.code] = rank
		}
	}
	for i, row := range rows {
		out[i] = ranks[c.codes[row]]
	}
}

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
