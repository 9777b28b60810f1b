package widget

import (
	"bytes"

	"pace/themes"
)

// Order is how a column is sorted.
type Order uint8

// The orders.
const (
	OrderNone Order = iota
	OrderUp
	OrderDown
)

// Column is one column of a table. Widths are in terminal columns; zero means
// no bound. A table only widens its columns, until Reset.
type Column struct {
	Title    string
	Align    Align
	Min, Max int
	Order    Order
	// Grow gives the column what is left of the line.
	Grow bool
}

// Cell is one value. With KindText the text is shown, else the value, written
// anew for whatever width the column has. Span lets a text run on over that
// many columns to the right, as far as these are wide; it widens none.
type Cell struct {
	Text  string
	Value float64
	Kind  Kind
	Role  themes.Role
	Span  int
}

// Text is a cell of words.
func Text(r themes.Role, s string) Cell { return Cell{Text: s, Role: r} }

// Value is a cell of a number.
func Value(r themes.Role, k Kind, v float64) Cell { return Cell{Value: v, Kind: k, Role: r} }

// Table draws the visible part of any number of rows. The first column stays
// when the others pan. Fill the exported fields, change them at will, and call
// Touch when what Cell or Gutter return has changed: rows drawn before are
// reused until then.
type Table struct {
	Columns []Column
	Rows    int
	// Cell returns one value; it is only called for what can be seen.
	Cell func(row, col int) Cell
	// Gutter returns the mark before a row (one column wide); nil for none.
	Gutter func(row int) (glyph string, r themes.Role)
	// Empty is said in place of rows when there are none.
	Empty string
	Focus bool
	// Sorts keeps room for the mark of an order beside every title.
	Sorts bool
	Spot
	memo tableMemo
}

// Spot is where a table stands: the current row and column, the first visible
// row, and the first column after the frozen one.
type Spot struct{ Row, Col, Top, Pan int }

// Touch says that cells have changed.
func (t *Table) Touch() {
	t.memo.gen++
	// The same rows may need more room now; what was given stays.
	for i := range t.memo.widths {
		t.memo.widths[i].from, t.memo.widths[i].to = 0, 0
	}
}

// Reset says that the rows are others altogether: widths start anew.
func (t *Table) Reset() {
	t.memo.widths = nil
	t.memo.gen++
}

// Move moves the current row.
func (t *Table) Move(rows int) { t.Row = clamp(t.Row+rows, 0, t.Rows-1) }

// Page moves by parts of the height last drawn: 2 is a full page down, -1 half
// a page up.
func (t *Table) Page(halves int) { t.Move(halves * max(1, t.memo.height/2)) }

// First and Last go to the ends.
func (t *Table) First() { t.Row = 0 }

// Last goes to the last row.
func (t *Table) Last() { t.Row = max(0, t.Rows-1) }

// MoveColumn moves the current column; the table pans so that it can be seen.
func (t *Table) MoveColumn(cols int) { t.Col = clamp(t.Col+cols, 0, len(t.Columns)-1) }

// At is the cell under a point of the last drawing. Row -1 is the header.
func (t *Table) At(x, y int) (row, col int, ok bool) {
	row = t.Top + y - 1
	if y < 0 || y > 0 && (row >= t.Rows || y > t.memo.height) {
		return 0, 0, false
	}
	if y == 0 {
		row = -1
	}
	for _, s := range t.memo.slots {
		if x >= s.x && x < s.x+s.w {
			return row, s.col, true
		}
	}
	return row, 0, row >= 0
}

func clamp(v, lo, hi int) int { return max(lo, min(v, hi)) }

// slot is where a visible column stands.
type slot struct{ col, x, w int }

// measure is what is known of a column's contents: the widest text, the widest
// parts before and after the decimal point, and the rows looked at last.
type measure struct{ any, whole, frac, from, to int }

// tableMemo keeps what a cursor move can reuse.
type tableMemo struct {
	gen    uint64
	height int
	widths []measure
	slots  []slot
	key    tableKey
	lines  []string
	next   []string
	top    int
	row    int
	head   string
	line   Line
	buf    []byte
}

// tableKey names everything a drawn row depends on besides its number and
// whether it is the current one.
type tableKey struct {
	gen    uint64
	w      int
	layout uint64
	col    int
	focus  bool
}

const (
	columnGap  = 2
	titleExtra = 2 // a space and the sort mark
)

// Lines draws the table: a header, then rows.
func (t *Table) Lines(look Look, w, h int) []string {
	if h <= 0 || w <= 0 || len(t.Columns) == 0 {
		return Blank(w, h)
	}
	t.memo.height = h - 1
	t.settle()
	layout := t.layout(look, w)
	m := &t.memo
	key := tableKey{m.gen, w, layout, t.Col, t.Focus}
	if key != m.key || !look.same(m.line.look) {
		m.key, m.lines = key, m.lines[:0]
		m.head = t.header(look, w)
	}
	m.line.look = look
	out := append(m.next[:0], m.head)
	for y := range m.height {
		row := t.Top + y
		if row >= t.Rows {
			break
		}
		out = append(out, t.reuse(row, w))
	}
	drawn := len(out)
	if t.Rows == 0 && h > 1 && t.Empty != "" {
		out = append(out, look.NewLine(w).Gap(t.gutter()).Put(themes.Dim, t.Empty).String())
	}
	m.next, m.lines = m.lines, out[:drawn]
	m.top, m.row = t.Top, t.Row
	return pad(append([]string(nil), out...), w, h)
}

// reuse returns the row as drawn last time when nothing about it changed.
func (t *Table) reuse(row, w int) string {
	m := &t.memo
	at := row - m.top + 1
	if at >= 1 && at < len(m.lines) && (row == t.Row) == (row == m.row) {
		return m.lines[at]
	}
	return t.draw(row, w)
}

// settle brings cursor and scroll position into range.
func (t *Table) settle() {
	t.Row = clamp(t.Row, 0, max(0, t.Rows-1))
	t.Col = clamp(t.Col, 0, len(t.Columns)-1)
	n := max(1, t.memo.height)
	t.Top = clamp(t.Top, t.Row-n+1, t.Row)
	t.Top = clamp(t.Top, 0, max(0, t.Rows-n))
	t.Pan = clamp(t.Pan, 1, max(1, len(t.Columns)-1))
}

func (t *Table) gutter() int {
	if t.Gutter == nil {
		return 2
	}
	return 3
}

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
		m.any = max(Width(Clean(col.Title)), 1)
		if t.Sorts {
			m.any += titleExtra
		}
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

// header draws the titles; the current column's is in the accent colour.
func (t *Table) header(look Look, w int) string {
	n := look.NewLine(w)
	for i, s := range t.memo.slots {
		col := t.Columns[s.col]
		title := Clean(col.Title)
		mark := ""
		switch col.Order {
		case OrderUp:
			mark = " " + look.Glyphs.Text.Up
		case OrderDown:
			mark = " " + look.Glyphs.Text.Down
		}
		room := s.w - Width(mark)
		if room < 1 {
			mark, room = "", s.w
		}
		title = look.Fit(title, room)
		role := themes.Header
		if s.col == t.Col && t.Focus {
			role = themes.Accent
		}
		n.To(s.x)
		if i == 1 && t.Pan > 1 {
			n.used, n.buf = n.used-columnGap, n.buf[:len(n.buf)-columnGap]
			n.Put(themes.Dim, look.Glyphs.Text.Left).Gap(1)
		}
		if col.Align != AlignLeft {
			n.Gap(s.w - Width(title) - Width(mark))
		}
		n.Put(role, title).Put(themes.Accent, mark)
		n.To(s.x + s.w)
	}
	if last := t.memo.slots[len(t.memo.slots)-1]; last.col < len(t.Columns)-1 && len(t.Columns) > 1 {
		n.Right(themes.Dim, look.Glyphs.Text.Right)
	}
	return n.String()
}

// draw draws one row. The current one is set off in its first column only: a terminal at the end of a slow line
// pays for every cell that changes.
func (t *Table) draw(row, w int) string {
	n := &t.memo.line
	surface := themes.Page
	if row == t.Row {
		surface = themes.Rest
		if t.Focus {
			surface = themes.Cursor
		}
	}
	n.Reset(w, surface)
	if row == t.Row {
		n.Put(themes.Focus, n.look.Glyphs.Text.Cursor)
	} else {
		n.Gap(1)
	}
	if t.Gutter != nil {
		glyph, role := t.Gutter(row)
		n.Cell(role, glyph, 1, AlignLeft)
	}
	slots := t.memo.slots
	for i := 0; i < len(slots); i++ {
		s := slots[i]
		n.To(s.x)
		if i > 0 {
			n.On(themes.Page)
		}
		cell := t.Cell(row, s.col)
		if cell.Span > 0 {
			i = min(i+cell.Span, len(slots)-1)
			n.Cell(cell.Role, cell.Text, slots[i].x+slots[i].w-s.x, AlignLeft)
			continue
		}
		t.cell(n, cell, s)
	}
	return n.String()
}

func (t *Table) cell(n *Line, cell Cell, s slot) {
	align := t.Columns[s.col].Align
	if cell.Kind == KindText {
		n.Cell(cell.Role, cell.Text, s.w, align)
		return
	}
	b := AppendFormat(t.memo.buf[:0], cell.Kind, cell.Value, s.w)
	t.memo.buf = b
	after := 0
	if align == AlignPoint {
		if whole, frac, plain := split(b); plain {
			after = max(0, t.memo.widths[s.col].frac-frac)
			if whole+frac+after > s.w {
				after = s.w - whole - frac
			}
		}
	}
	if align != AlignLeft {
		n.Gap(s.w - len(b) - after)
	}
	n.bytes(cell.Role, b)
	n.To(s.x + s.w)
}
