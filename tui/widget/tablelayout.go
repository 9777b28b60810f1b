package widget

import "bytes"

// layout decides which columns stand where, panning until the current one can
// be seen, and returns a number that differs whenever the places do.
func (t *Table) layout(look Look, w int) uint64 {
	m := &t.memo
	if len(m.widths) != len(t.Columns) {
		m.widths = make([]measure, len(t.Columns))
	}
	if t.Col > 0 && t.Col < t.Pan {
		t.Pan = t.Col
	}
	for {
		t.place(look, w)
		last := m.slots[len(m.slots)-1]
		whole := last.col != t.Col || last.w >= t.width(look, last.col) || len(m.slots) <= 2
		if t.Col == 0 || t.Pan >= t.Col || last.col >= t.Col && whole {
			break
		}
		t.Pan++
	}
	hash := uint64(14695981039346656037)
	for _, s := range m.slots {
		for _, v := range [...]int{s.col, s.x, s.w, m.widths[s.col].frac} {
			hash = (hash ^ uint64(v)) * 1099511628211
		}
	}
	return hash
}

// place fills the slots from the frozen column and those from Pan on. The last
// one may be narrower than it wants: words get an ellipsis and numbers are
// written shorter, but under its least width a column is left out.
func (t *Table) place(look Look, w int) {
	m := &t.memo
	m.slots = m.slots[:0]
	x := t.gutter()
	frozen := t.width(look, 0)
	if len(t.Columns) > 1 {
		frozen = min(frozen, max(t.Columns[0].Min, (w-x)*45/100))
	}
	frozen = clamp(frozen, 0, max(0, w-x))
	m.slots = append(m.slots, slot{0, x, frozen})
	x += frozen + columnGap
	grow := -1
	for c := t.Pan; c < len(t.Columns); c++ {
		want := t.width(look, c)
		have := min(want, w-x)
		if have < want && have < max(t.Columns[c].Min, 6) {
			break
		}
		if t.Columns[c].Grow {
			grow = len(m.slots)
		}
		m.slots = append(m.slots, slot{c, x, have})
		x += have + columnGap
	}
	if t.Columns[0].Grow {
		grow = 0
		if full := t.width(look, 0); full > frozen {
			t.widen(0, min(full-frozen, w-x+columnGap))
			x += min(full-frozen, max(0, w-x+columnGap))
		}
	}
	if grow >= 0 {
		t.widen(grow, w-x+columnGap)
	}
}

// widen gives a slot more columns and moves those after it.
func (t *Table) widen(at, by int) {
	if by <= 0 {
		return
	}
	slots := t.memo.slots
	slots[at].w += by
	for i := at + 1; i < len(slots); i++ {
		slots[i].x += by
	}
}

// width is what a column wants, after looking at the visible rows not looked at
// before. It never shrinks.
func (t *Table) width(look Look, c int) int {
	m := &t.memo.widths[c]
	col := t.Columns[c]
	if m.any == 0 {
		m.any = max(Width(Clean(col.Title))+titleExtra, 1)
	}
	from, to := t.Top, min(t.Top+max(1, t.memo.height), t.Rows)
	for row := from; row < to; row++ {
		if row < m.from || row >= m.to {
			t.look(m, row, c)
		}
	}
	m.from, m.to = from, to
	n := max(m.any, m.whole+m.frac, col.Min)
	if col.Max > 0 {
		n = min(n, max(col.Max, col.Min))
	}
	return n
}

// look takes one cell into the measure.
func (t *Table) look(m *measure, row, c int) {
	cell := t.Cell(row, c)
	if cell.Span > 0 {
		return
	}
	if cell.Kind == KindText {
		n := len(cell.Text)
		if n > m.any {
			m.any = max(m.any, Width(Clean(cell.Text)))
		}
		return
	}
	b := AppendFormat(t.memo.buf[:0], cell.Kind, cell.Value, NoLimit)
	t.memo.buf = b
	whole, frac, plain := split(b)
	if t.Columns[c].Align != AlignPoint || !plain {
		m.any = max(m.any, len(b))
		return
	}
	m.whole, m.frac = max(m.whole, whole), max(m.frac, frac)
}

// split finds the parts of a plain decimal; the point belongs to the second.
// Anything else (3e-4, 1.2M, nan) is not plain.
func split(b []byte) (whole, frac int, plain bool) {
	for _, ch := range b {
		if (ch < '0' || ch > '9') && ch != '.' && ch != '-' && ch != '+' && ch != ',' {
			return 0, 0, false
		}
	}
	if i := bytes.IndexByte(b, '.'); i >= 0 {
		return i, len(b) - i, true
	}
	return len(b), 0, true
}
