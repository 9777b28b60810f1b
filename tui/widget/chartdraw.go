package widget

import (
	"math"
	"sort"

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
	labels := make([]string, p.h)
	wide := 0
	for _, v := range p.y.ticks {
		text := p.y.label(v)
		labels[p.row(v)/p.dy] = text
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
