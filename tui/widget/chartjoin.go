package widget

import (
	"math"
	"strconv"

	"pace/themes"
)

// join turns the cells into lines. All of them are parts of one string, so that
// a chart costs a handful of allocations whatever its size.
func (c *Chart) join(look Look, head string, labels []string, w int) []string {
	p := &c.memo.plot
	m := &c.memo
	m.buf, m.ends = m.buf[:0], m.ends[:0]
	var ends []end
	side := w - p.left - p.w
	if side > 0 {
		ends = c.lineEnds()
	}
	for y := range p.h {
		m.buf = appendSpaces(m.buf, p.left-2-len(labels[y]))
		m.buf = look.Style(themes.Dim).Append(m.buf, labels[y])
		m.buf = append(m.buf, ' ')
		rule := look.Glyphs.Rules.Upright
		if labels[y] != "" {
			rule = look.Glyphs.Rules.YTick
		}
		m.buf = look.Style(themes.Border).Append(m.buf, rule)
		m.buf = c.cells(m.buf, look, m.cells[y*p.w:(y+1)*p.w])
		if side > 0 {
			m.buf = c.side(m.buf, look, ends, y, side)
		}
		m.ends = append(m.ends, len(m.buf))
	}
	m.buf = c.axis(m.buf, look, w)
	m.ends = append(m.ends, len(m.buf))
	all := string(m.buf)
	lines := make([]string, 0, len(m.ends)+1)
	lines = append(lines, head)
	from := 0
	for _, to := range m.ends {
		lines = append(lines, all[from:to])
		from = to
	}
	return lines
}

// cells writes one row of the plot, one style for each run of a role.
func (c *Chart) cells(b []byte, look Look, row []cell) []byte {
	open := themes.Style{}
	for i := range row {
		at := &row[i]
		blank := at.bits == 0 && at.glyph == ""
		style := look.Style(at.role)
		if blank {
			style = themes.Style{}
		}
		if style != open {
			b = append(b, open.Close()...)
			b = append(b, style.Open()...)
			open = style
		}
		switch {
		case blank:
			b = append(b, ' ')
		case at.glyph != "":
			b = append(b, at.glyph...)
		case c.memo.plot.dy == 2:
			b = append(b, [...]string{" ", "▀", "▄", "█"}[at.bits&3]...)
		default:
			b = append(b, 0xe2, 0xa0|at.bits>>6, 0x80|at.bits&0x3f)
		}
	}
	return append(b, open.Close()...)
}

// side writes the name of the curve that ends on row y: letter, name, last.
func (c *Chart) side(b []byte, look Look, ends []end, y, w int) []byte {
	n := c.line(look, w).Gap(1)
	for _, e := range ends {
		if e.row != y {
			continue
		}
		if e.hidden > 0 {
			n.Put(themes.Dim, "+"+strconv.Itoa(e.hidden)+" more")
			break
		}
		curve := &c.Curves[e.curve]
		last := Num(curve.Sum.Last, 7)
		n.Put(themes.Series(e.curve), Letter(e.curve)).Gap(1)
		name := look.Fit(Clean(curve.Name), n.Room()-len(last)-1)
		role := themes.Fg
		if e.curve == c.Main {
			role = themes.Strong
		}
		n.Put(role, name).Gap(1)
		if n.Room() >= len(last) {
			n.Put(themes.Dim, last)
		}
	}
	n.Gap(n.Room())
	return append(b, n.buf...)
}

// line is an empty line in memory used before.
func (c *Chart) line(look Look, w int) *Line {
	n := &c.memo.line
	n.look = look
	n.Reset(w, themes.Page)
	return n
}

// axis writes the bottom rule with its labels in it.
func (c *Chart) axis(b []byte, look Look, w int) []byte {
	p := &c.memo.plot
	corner := "└"
	if look.Glyphs.Dots == DotsASCII {
		corner = "+"
	}
	n := c.line(look, w).Gap(p.left-1).raw(themes.Border, corner, 1)
	n.width = p.left + p.w
	for _, t := range c.Axis.xTicks(p) {
		n.Rule(themes.Border, p.left+t.at-n.used)
		if n.Room() >= len(t.label) {
			n.Put(themes.Dim, t.label)
		}
	}
	n.Rule(themes.Border, n.Room())
	n.width = w
	if c.Axis.Name != "" {
		n.Gap(1)
		if n.Room() >= Width(Clean(c.Axis.Name)) {
			n.Put(themes.Dim, c.Axis.Name)
		}
	}
	n.Gap(n.Room())
	return append(b, n.buf...)
}

// header says last, min, max and n of the main curve, or with a crosshair where
// it stands and what each curve is there. Parts that do not fit are left out
// whole, from the end.
func (c *Chart) header(look Look, w int) string {
	n := c.line(look, w)
	if c.Title != "" {
		n.Gap(1).Put(themes.Strong, look.Fit(Clean(c.Title), max(w-12, w/2))).Gap(1)
	}
	if c.Cross.On {
		return c.reading(n)
	}
	if c.Main < 0 || c.Main >= len(c.Curves) {
		return n.String()
	}
	s := &c.Curves[c.Main].Sum
	if len(c.Curves) > 1 {
		n.part(themes.Series(c.Main), Letter(c.Main), "")
	}
	_ = n.fact("last ", KindNum, s.Last, "") && c.extreme(n, "min ", s.Min, s.MinAt) && c.extreme(n, "max ", s.Max, s.MaxAt) &&
		n.fact("n ", KindCount, float64(s.N), "")
	if s.NaNs > 0 {
		n.part(themes.Warn, "nan ", Count(s.NaNs, NoLimit))
	}
	if c.Log {
		n.part(themes.Dim, "log", "")
	}
	return n.String()
}

// extreme is a value and, where it is known, its place.
func (c *Chart) extreme(n *Line, word string, v, at float64) bool {
	if !finite(at) {
		return n.fact(word, KindNum, v, "")
	}
	return n.fact(word, KindNum, v, c.Axis.place(at))
}

// fact is part for a number and, behind an @, its place.
func (n *Line) fact(word string, k Kind, v float64, place string) bool {
	b := AppendFormat(n.num[:0], k, v, 16)
	if place != "" {
		b = append(append(b, '@'), place...)
	}
	n.num = b
	if n.Room() < 1+len(word)+len(b) {
		return false
	}
	n.Gap(1).raw(themes.Dim, word, len(word)).bytes(themes.Fg, b).Gap(1)
	return true
}

// reading is the header of a chart with a crosshair.
func (c *Chart) reading(n *Line) string {
	n.part(themes.Accent, c.axisName()+" ", c.Axis.place(c.Cross.X))
	for i := range c.Curves {
		value := "-"
		if b := nearest(c.Curves[i].Buckets, c.Cross.X); b != nil {
			value = Num(b.Last, 9)
			if b.Min != b.Max {
				value += " (" + Num(b.Min, 9) + ".." + Num(b.Max, 9) + ")"
			}
		}
		if len(c.Curves) > 1 {
			value = " " + value
			if n.Room() < len(value)+3 {
				break
			}
			n.part(themes.Series(i), Letter(i), "")
			n.Put(themes.Fg, value)
			continue
		}
		n.part(themes.Fg, "", value)
	}
	return n.String()
}

// nearest is the bucket closest to x, nil when there is none.
func nearest(buckets []Bucket, x float64) *Bucket {
	var best *Bucket
	far := math.Inf(1)
	for i := range buckets {
		if d := math.Abs(buckets[i].X - x); d < far {
			best, far = &buckets[i], d
		}
	}
	return best
}

// part adds a dim word and its value two columns on, or nothing when both do
// not fit.
func (n *Line) part(r themes.Role, word, value string) bool {
	word = Clean(word)
	if n.Room() < 1+Width(word)+Width(value) {
		return false
	}
	n.Gap(1)
	if value == "" {
		n.Put(r, word)
	} else {
		n.Put(themes.Dim, word).Put(r, value)
	}
	n.Gap(1)
	return true
}
