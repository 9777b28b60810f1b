package widget

import (
	"math"

	"github.com/guptarohit/asciigraph"

	"pace/themes"
)

// cell is one character of the plot: dots of one curve, or a glyph over them.
type cell struct {
	bits  uint8
	role  themes.Role
	glyph string
}

// plot is the place curves are drawn in.
type plot struct {
	left, w, h int // columns before it, and its size in cells
	dx, dy     int // dots in a cell
	from, to   float64
	y          scale
}

// column is the cell column of x, which may lie outside.
func (p *plot) column(x float64) int { return p.dot(x) / max(1, p.dx) }

// dot is the dot column of x, which may lie outside (but not far).
func (p *plot) dot(x float64) int {
	n := p.w*p.dx - 1
	if p.to <= p.from {
		return n / 2
	}
	share := (x/2 - p.from/2) / (p.to/2 - p.from/2)
	return int(math.Floor(math.Max(-1, math.Min(2, share))*float64(n) + .5))
}

// x is the middle of a cell column.
func (p *plot) x(column int) float64 {
	n := float64(max(1, p.w*p.dx-1))
	share := math.Min(1, (float64(column*p.dx)+float64(p.dx-1)/2)/n)
	return p.from + (p.to-p.from)*share
}

// row is the dot row of a value, from the top, within the plot.
func (p *plot) row(v float64) int {
	n := p.h*p.dy - 1
	share := p.y.share(v)
	if math.IsNaN(share) {
		return n
	}
	return clamp(int(float64(n)*(1-math.Max(-1, math.Min(2, share)))+.5), 0, n)
}

// raster draws one set of buckets into the cells.
type raster struct {
	p     *plot
	cells []cell
	role  themes.Role
	join  bool
	last  int // dot row of the last point, when there is one to join to
	at    int // its dot column
	open  bool
}

// braille bits by dot row and column within a cell (Unicode's numbering).
func brailleBit(x, y int) uint8 {
	if y == 3 {
		return 0x40 << x
	}
	return 1 << (y + 3*x)
}

// dots sets the dots of a column from row y0 to y1.
func (r *raster) dots(x, y0, y1 int) {
	if x < 0 || x >= r.p.w*r.p.dx {
		return
	}
	if y0 > y1 {
		y0, y1 = y1, y0
	}
	for y := y0; y <= y1; y++ {
		c := &r.cells[y/r.p.dy*r.p.w+x/r.p.dx]
		if c.role == themes.Faint && r.role != themes.Faint {
			c.bits = 0
		}
		c.role = r.role
		if r.p.dy == 4 {
			c.bits |= brailleBit(x%2, y%4)
		} else {
			c.bits |= 1 << (y % 2)
		}
	}
}

// draw puts the buckets' envelope into the cells. Buckets that fall in the same
// dot column merge; columns between two buckets are bridged by a line, except
// across NaN and back in X.
func (r *raster) draw(buckets []Bucket) {
	r.open = false
	for i := range buckets {
		b := &buckets[i]
		r.arrows(b)
		if math.IsNaN(b.Min) || !finite(b.X) || r.p.y.log && b.Max <= 0 {
			r.open = r.open && math.IsNaN(b.Min) && b.Flags == 0
			continue
		}
		low := b.Min
		if r.p.y.log && low <= 0 {
			low = b.Max
		}
		x, top, bottom := r.p.dot(b.X), r.p.row(b.Max), r.p.row(low)
		if r.open && r.join && x >= r.at {
			r.bridge(x, clamp(r.last, top, bottom))
		}
		r.dots(x, top, bottom)
		r.at, r.open = x, b.Flags&HasNaN == 0
		r.last = bottom
		if !r.p.y.log || b.Last > 0 {
			r.last = r.p.row(b.Last)
		}
	}
}

// bridge joins the last point to row y in column x.
func (r *raster) bridge(x, y int) {
	if x == r.at {
		r.dots(x, r.last, y)
		return
	}
	slope := float64(y-r.last) / float64(x-r.at)
	before := r.last
	for i := r.at + 1; i <= x; i++ {
		row := r.last + int(math.Round(slope*float64(i-r.at)))
		from := before
		switch {
		case row > before:
			from++
		case row < before:
			from--
		}
		r.dots(i, from, row)
		before = row
	}
}

// arrows marks infinities on the edge rows.
func (r *raster) arrows(b *Bucket) {
	if b.Flags&(HasUp|HasDown) == 0 || !finite(b.X) {
		return
	}
	x := r.p.dot(b.X)
	if x < 0 || x >= r.p.w*r.p.dx {
		return
	}
	up, down := "↑", "↓"
	if r.p.dy == 1 {
		up, down = "^", "v"
	}
	x /= r.p.dx
	if b.Flags&HasUp != 0 {
		r.cells[x] = cell{role: r.role, glyph: up}
	}
	if b.Flags&HasDown != 0 {
		r.cells[(r.p.h-1)*r.p.w+x] = cell{role: r.role, glyph: down}
	}
}

// graph draws the buckets with asciigraph. It only ever sees one value per
// column, already in rows and finite: alone it loses spikes and panics on
// infinities.
func (r *raster) graph(buckets []Bucket) {
	for i := range buckets {
		r.arrows(&buckets[i])
	}
	values, some := r.columns(buckets)
	if !some {
		return
	}
	text := asciigraph.Plot(values, asciigraph.Height(r.p.h-1), asciigraph.LowerBound(0), asciigraph.UpperBound(float64(r.p.h-1)),
		asciigraph.YAxisValueFormatter(func(float64) string { return "" }),
		asciigraph.SeriesChars(asciigraph.CharSet{
			Horizontal: "-", VerticalLine: "|", ArcDownRight: ".", ArcDownLeft: ".", ArcUpRight: "'", ArcUpLeft: "'",
			EndCap: "-", StartCap: "-", UpRight: "'", DownHorizontal: "-",
		}))
	x, y := -1, 0
	for _, ch := range text {
		switch {
		case ch == '\n':
			x, y = -1, y+1
		case x < 0 && (ch == '┤' || ch == '┼'):
			x = 0
		case x >= 0:
			if ch != ' ' && x < r.p.w && y < r.p.h {
				r.cells[y*r.p.w+x] = cell{role: r.role, glyph: glyphASCII(ch)}
			}
			x++
		}
	}
}

func glyphASCII(ch rune) string {
	const all = "-|.'"
	for i := range all {
		if rune(all[i]) == ch {
			return all[i : i+1]
		}
	}
	return "*"
}

// pair is the envelope of two neighbouring columns, in rows from the bottom.
type pair struct {
	low, high, last float64
	x               int
	some, gap       bool
}

// columns is one value per plot column and one more. Two columns share an
// envelope and show both its ends, the one nearer to its last point second.
func (r *raster) columns(buckets []Bucket) (values []float64, some bool) {
	values = make([]float64, r.p.w+1)
	for i := range values {
		values[i] = math.NaN()
	}
	before, gap := -1, true
	for i, p := range r.pairs(buckets) {
		gap = gap || p.gap
		if !p.some {
			continue
		}
		some = true
		x, first, second := p.x, p.last, p.last
		if p.high-p.low >= 1 {
			x, first, second = 2*i, p.low, p.high
			if p.last-p.low < p.high-p.last {
				first, second = p.high, p.low
			}
		}
		for j := before + 1; j < x && before >= 0 && !gap; j++ {
			values[j] = values[before] + (first-values[before])*float64(j-before)/float64(x-before)
		}
		values[x] = first
		before, gap = min(x+1, r.p.w), false
		values[before] = second
	}
	return values, some
}

func (r *raster) pairs(buckets []Bucket) []pair {
	out := make([]pair, r.p.w/2+1)
	rows := float64(r.p.h - 1)
	gap := false
	for i := range buckets {
		b := &buckets[i]
		if math.IsNaN(b.Min) || !finite(b.X) || r.p.y.log && b.Min <= 0 {
			gap = gap || !math.IsNaN(b.Min) || b.Flags != 0
			continue
		}
		x := r.p.dot(b.X)
		if x < 0 || x >= r.p.w {
			continue
		}
		p := &out[x/2]
		low, high := rows-float64(r.p.row(b.Min)), rows-float64(r.p.row(b.Max))
		if !p.some {
			*p = pair{low: low, high: high, x: x, some: true, gap: gap}
		}
		p.low, p.high, p.last = math.Min(p.low, low), math.Max(p.high, high), rows-float64(r.p.row(b.Last))
		gap = b.Flags&HasNaN != 0
	}
	return out
}
