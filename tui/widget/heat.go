package widget

import (
	"math"

	"pace/themes"
)

// Heat is a matrix drawn in shades, with a legend in its last line. Values
// below zero have shapes of their own. Cells wide enough show the number too.
type Heat struct {
	Rows, Cols []string
	At         func(row, col int) float64
	// Lo and Hi are the ends of the scale; when equal they come from what is
	// visible.
	Lo, Hi float64
	// Top and Left scroll; Row and Col are the cursor, with Focus.
	Top, Left, Row, Col int
	Focus               bool
}

// Lines draws the matrix: column names, rows, legend.
func (m *Heat) Lines(look Look, w, h int) []string {
	if w <= 0 || h <= 0 {
		return Blank(w, h)
	}
	names := 0
	for _, s := range m.Rows {
		names = max(names, Width(Clean(s)))
	}
	names = min(names, w/3)
	each := 6
	if len(m.Cols) > 0 {
		each = clamp((w-names-1)/len(m.Cols), 3, 10)
	}
	rows, cols := clamp(h-2, 0, len(m.Rows)), clamp((w-names-1)/each, 0, len(m.Cols))
	m.Row, m.Col = clamp(m.Row, 0, max(0, len(m.Rows)-1)), clamp(m.Col, 0, max(0, len(m.Cols)-1))
	m.Top = clamp(clamp(m.Top, m.Row-max(rows, 1)+1, m.Row), 0, max(0, len(m.Rows)-rows))
	m.Left = clamp(clamp(m.Left, m.Col-max(cols, 1)+1, m.Col), 0, max(0, len(m.Cols)-cols))
	lo, hi := m.scale(rows, cols)
	head := look.NewLine(w).Gap(names + 1)
	for c := m.Left; c < m.Left+cols; c++ {
		role := themes.Header
		if m.Focus && c == m.Col {
			role = themes.Accent
		}
		head.Cell(role, m.Cols[c], each-1, AlignRight).Gap(1)
	}
	lines := []string{head.String()}
	for r := m.Top; r < m.Top+rows; r++ {
		n := look.NewLine(w)
		role := themes.Fg
		if m.Focus && r == m.Row {
			role = themes.Accent
		}
		n.Cell(role, m.Rows[r], names, AlignLeft).Gap(1)
		for c := m.Left; c < m.Left+cols; c++ {
			glyph, role := shade(look, m.At(r, c), lo, hi)
			n.shaded(role, glyph, m.At(r, c), each)
			mark := " "
			if m.Focus && r == m.Row && c == m.Col {
				mark = look.Glyphs.Text.Left
			}
			n.Put(themes.Accent, mark)
		}
		lines = append(lines, n.String())
	}
	if len(lines) < h {
		lines = append(lines, m.legend(look, w, names+1, lo, hi))
	}
	return pad(lines, w, h)
}

func (m *Heat) scale(rows, cols int) (lo, hi float64) {
	if m.Lo != m.Hi {
		return m.Lo, m.Hi
	}
	var seen []float64
	for r := m.Top; r < m.Top+rows; r++ {
		for c := m.Left; c < m.Left+cols; c++ {
			seen = append(seen, m.At(r, c))
		}
	}
	return finiteRange(seen)
}

// shade is the glyph and colour of a value: four steps from zero (or from lo,
// when all are above) to the farther end of the scale.
func shade(look Look, v, lo, hi float64) (string, themes.Role) {
	if !finite(v) {
		return " ", themes.Faint
	}
	if lo >= 0 {
		return look.Glyphs.Heat[step(v-lo, hi-lo)], themes.Heat0 + themes.Role(step(v-lo, hi-lo))
	}
	far := math.Max(-lo, hi)
	if v < 0 {
		return look.Glyphs.Cold[step(-v, far)], themes.Cold0 + themes.Role(step(-v, far))
	}
	return look.Glyphs.Heat[step(v, far)], themes.Heat0 + themes.Role(step(v, far))
}

func step(v, of float64) int {
	if !(of > 0) {
		return 0
	}
	return clamp(int(math.Min(1, v/of)*4), 0, 3)
}

// shaded adds one cell of the matrix, its number behind the shade where it fits.
func (n *Line) shaded(r themes.Role, glyph string, v float64, each int) {
	if !finite(v) {
		n.Cell(themes.Dim, n.look.Glyphs.Text.None, each-1, AlignRight)
		return
	}
	number := ""
	if each >= 6 {
		number = Format(KindNum, math.Round(v*100)/100, each-2)
	}
	wide := min(each-1-len(number), n.Room())
	n.fill(r, glyph, wide).Put(themes.Fg, number)
}

// legend names how far from zero each step reaches.
func (m *Heat) legend(look Look, w, left int, lo, hi float64) string {
	n := look.NewLine(w).Gap(left)
	far := math.Max(-lo, hi)
	add := func(glyph string, role themes.Role, v float64) {
		text := Num(v, 7)
		if n.Room() >= 2+len(text) {
			n.raw(role, glyph, 1).Gap(1).Put(themes.Dim, text).Gap(2)
		}
	}
	if lo < 0 {
		for i := 3; i >= 0; i-- {
			add(look.Glyphs.Cold[i], themes.Cold0+themes.Role(i), -far*float64(i+1)/4)
		}
		lo, hi = 0, far
	}
	for i := range 4 {
		add(look.Glyphs.Heat[i], themes.Heat0+themes.Role(i), lo+(hi-lo)*float64(i+1)/4)
	}
	return n.String()
}
