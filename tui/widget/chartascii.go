package widget

import (
	"math"

	"github.com/guptarohit/asciigraph"
)

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
