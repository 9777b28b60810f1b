package widget

import "pace/themes"

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
	Spot
	memo tableMemo
}

// Spot is where a table stands: the current row and column, the first visible
// row, and the first column after the frozen one.
type Spot struct{ Row, Col, Top, Pan int }

// Touch says that cells have changed.
func (t *Table) Touch() { t.memo.gen++ }

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
