package widget

import (
	"math"
	"sort"
	"strconv"

	"pace/themes"
)

// Lines draws the chart: a header, the plot with its values on the left and the
// curves' names on the right, and the axis. Where that does not fit it is a
// header over sparklines.
func (c *Chart) Lines(look Look, w, h int) []string {
	if w <= 0 || h <= 0 {
		return Blank(w, h)
	}
	key := chartKey{gen: c.memo.gen, w: w, h: h, n: len(c.Curves), view: c.View, log: c.Log,
		main: c.Main, cross: c.Cross, title: c.Title, axis: c.Axis}
	if len(c.Curves) > 0 {
		key.firstData = &c.Curves[0]
	}
	if c.memo.lines != nil && look.same(c.memo.look) && key == c.memo.key {
		return c.memo.lines
	}
	c.memo.key, c.memo.look = key, look
	c.memo.lines = c.compose(look, w, h)
	return c.memo.lines
}

func (c *Chart) compose(look Look, w, h int) []string {
	from, to := c.window()
	lo, hi, ok := c.values(from, to)
	head := c.header(look, w)
	if !ok {
		c.memo.plot = plot{}
		return c.nothing(look, head, w, h)
	}
	if h < 5 || w < 24 {
		c.memo.plot = plot{}
		return c.small(look, head, w, h)
	}
	p, labels := c.frame(look, w, plot{h: h - 2, from: from, to: to, y: newScale(lo, hi, h-2, c.Log)})
	c.memo.plot = p
	c.fill(look)
	return c.join(look, head, labels, w)
}

// frame measures the labels first; the plot gets what is left.
func (c *Chart) frame(look Look, w int, p plot) (plot, []string) {
	p.dx, p.dy = 2, 4
	switch look.Glyphs.Dots {
	case DotsBlock:
		p.dx, p.dy = 1, 2
	case DotsASCII:
		p.dx, p.dy = 1, 1
	}
	labels := c.rowLabels(&p)
	wide := 0
	for _, text := range labels {
		wide = max(wide, len(text))
	}
	p.left = wide + 3 // a space before, one after, and the tick
	p.w = w - p.left
	if right := c.endWidth(w); right > 0 && p.w-right >= 16 {
		p.w -= right
	}
	return p, labels
}

// endWidth is what the names at the lines' ends take; one curve needs none.
func (c *Chart) endWidth(w int) int {
	if len(c.Curves) < 2 {
		return 0
	}
	wide := 0
	for i := range c.Curves {
		wide = max(wide, Width(Clean(c.Curves[i].Name))+len(Num(c.Curves[i].Sum.Last, 7)))
	}
	return min(wide+4, w/3) // a space, the letter, two spaces between
}

// fill rasters all curves, the main one last so that it lies on top.
func (c *Chart) fill(look Look) {
	p := &c.memo.plot
	n := p.w * p.h
	if cap(c.memo.cells) < n {
		c.memo.cells = make([]cell, n)
	}
	c.memo.cells = c.memo.cells[:n]
	clear(c.memo.cells)
	r := raster{p: p, cells: c.memo.cells}
	for i := range c.Curves {
		r.role = themes.Faint
		if p.dy > 1 {
			r.draw(c.Curves[i].Raw)
		}
	}
	r.join = true
	for _, i := range c.order() {
		r.role = themes.Series(i)
		if p.dy == 1 {
			r.graph(c.Curves[i].Buckets)
		} else {
			r.draw(c.Curves[i].Buckets)
		}
	}
	if len(c.Curves) > 1 {
		for _, i := range c.order() {
			c.letter(i)
		}
	}
	if c.Cross.On {
		c.guide(look)
	}
}

// order is the drawing order: the main curve last.
func (c *Chart) order() []int {
	out := make([]int, 0, len(c.Curves))
	for i := range c.Curves {
		if i != c.Main {
			out = append(out, i)
		}
	}
	if c.Main >= 0 && c.Main < len(c.Curves) {
		out = append(out, c.Main)
	}
	return out
}

// letter writes a curve's mark on its line, each curve's at another place.
func (c *Chart) letter(i int) {
	p := &c.memo.plot
	want := p.w * (2*i + 1) / (2 * len(c.Curves))
	best, far := -1, p.w
	buckets := c.Curves[i].Buckets
	for j := range buckets {
		if b := &buckets[j]; finite(b.Last) && (!p.y.log || b.Last > 0) {
			x := p.column(b.X)
			if d := max(x-want, want-x); x >= 0 && x < p.w && d < far {
				best, far = j, d
			}
		}
	}
	if best < 0 {
		return
	}
	at := p.row(buckets[best].Last)/p.dy*p.w + p.column(buckets[best].X)
	c.memo.cells[at] = cell{role: themes.Series(i), glyph: Letter(i)}
}

// guide draws the crosshair where nothing else is.
func (c *Chart) guide(look Look) {
	p := &c.memo.plot
	x := p.column(c.Cross.X)
	if x < 0 || x >= p.w {
		return
	}
	for y := range p.h {
		if at := &c.memo.cells[y*p.w+x]; at.bits == 0 && at.glyph == "" {
			*at = cell{role: themes.Accent, glyph: look.Glyphs.Rules.Cross}
		}
	}
}

// end is the name of a curve beside the plot.
type end struct{ curve, row, hidden int }

// lineEnds places the names on the rows where their curves end, pushed apart
// where two would meet. When there are more than rows the last row counts the
// rest.
func (c *Chart) lineEnds() []end {
	p := &c.memo.plot
	ends := make([]end, 0, len(c.Curves))
	for i := range c.Curves {
		row := p.h - 1
		for j := len(c.Curves[i].Buckets) - 1; j >= 0; j-- {
			if b := &c.Curves[i].Buckets[j]; finite(b.Last) && b.X >= p.from && b.X <= p.to {
				row = p.row(b.Last) / p.dy
				break
			}
		}
		ends = append(ends, end{curve: i, row: row})
	}
	sort.SliceStable(ends, func(i, j int) bool { return ends[i].row < ends[j].row })
	if n := len(ends) - p.h; n > 0 {
		ends = ends[:p.h]
		ends[p.h-1].hidden = n + 1
	}
	for i := range ends {
		if i > 0 && ends[i].row <= ends[i-1].row {
			ends[i].row = ends[i-1].row + 1
		}
	}
	for i, most := len(ends)-1, p.h-1; i >= 0 && ends[i].row > most; i, most = i-1, most-1 {
		ends[i].row = most
	}
	return ends
}

// small is the chart where it has no room: a header, then one sparkline a row.
func (c *Chart) small(look Look, head string, w, h int) []string {
	lines := []string{head}
	if h == 1 && w >= 8 && len(c.Curves) > 0 {
		lines = lines[:0]
	}
	for _, i := range c.order() {
		if len(lines) == h {
			break
		}
		s := &c.Curves[i]
		last := Num(s.Sum.Last, min(7, w))
		values := make([]float64, 0, len(s.Buckets))
		mid := s.Sum.Min/2 + s.Sum.Max/2
		for j := range s.Buckets {
			b := &s.Buckets[j]
			v := b.Max
			if math.Abs(b.Min-mid) > math.Abs(b.Max-mid) {
				v = b.Min
			}
			values = append(values, v)
		}
		n := look.NewLine(w)
		if len(c.Curves) > 1 {
			n.Put(themes.Series(i), Letter(i)).Gap(1)
		}
		n.Put(themes.Series(i), look.Spark(values, n.Room()-len(last)-1))
		lines = append(lines, n.Right(themes.Fg, last).String())
	}
	return pad(lines, w, h)
}

// nothing says why there is no curve.
func (c *Chart) nothing(look Look, head string, w, h int) []string {
	why := c.Empty
	if why == "" {
		why = "no points yet"
	}
	if c.Log && len(c.Curves) > 0 {
		why = "nothing above zero to show on a logarithmic scale"
	}
	return pad([]string{head, look.NewLine(w).Gap(1).Put(themes.Dim, why).String()}, w, h)
}

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
	for _, t := range c.columnTicks(p) {
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
