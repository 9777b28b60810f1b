package widget

import (
	"math"

	"pace/themes"
)

// Histogram draws counts over bins as eighth-block bars with labelled edges.
// Edges has one more value than Counts. With Over, a second set over the same
// bins, both are drawn as shares of their own sum, the second as a line across
// the bars, so that the two can be told apart without colour.
type Histogram struct {
	Edges  []float64
	Counts []float64
	Over   []float64
	// Names tell the two apart in the legend; only used with Over.
	Names [2]string
	// Edge is how edges are written; KindText means KindNum.
	Edge Kind
}

// Lines draws the histogram: a legend when there are two, bars, the edges. One
// line is bars alone.
func (g *Histogram) Lines(look Look, w, h int) []string {
	if w <= 0 || h <= 0 {
		return Blank(w, h)
	}
	if len(g.Counts) == 0 || len(g.Edges) != len(g.Counts)+1 {
		return pad([]string{look.NewLine(w).Gap(1).Put(themes.Dim, "no values").String()}, w, h)
	}
	if h == 1 {
		return []string{look.NewLine(w).Put(themes.Series0, look.SparkRange(g.Counts, w, 0, math.NaN())).String()}
	}
	var lines []string
	two := len(g.Over) == len(g.Counts)
	if two && h > 2 {
		lines = append(lines, g.legend(look, w))
	}
	rows := h - 1 - len(lines)
	b, top := g.heights(two)
	label := Num(top, 6)
	if two {
		label = Percent(top, 6)
	}
	left := len(label) + 2
	if w < left+len(g.Counts) && w < 2*left {
		left, label = 0, ""
	}
	b.at, b.rows = spread(w-left, len(g.Counts)), rows
	for y := range rows {
		n := look.NewLine(w)
		if left > 0 {
			text := ""
			if y == 0 {
				text = label
			}
			n.Cell(themes.Dim, text, left-2, AlignRight).Gap(1).raw(themes.Border, look.Glyphs.Rules.Upright, 1)
		}
		b.row(n, rows-1-y)
		lines = append(lines, n.String())
	}
	return pad(append(lines, g.edges(look, w, left, b.at)), w, h)
}

// bins are bars ready to draw: heights as shares of the highest, and the first
// column of each.
type bins struct {
	a, b []float64
	at   []int
	rows int
}

// heights scales the counts to the highest bar, whose own value is top.
func (g *Histogram) heights(two bool) (out bins, top float64) {
	scale := func(values []float64, share bool) []float64 {
		out, sum := make([]float64, len(values)), 1.0
		if share {
			sum = 0
			for _, v := range values {
				if finite(v) && v > 0 {
					sum += v
				}
			}
		}
		for i, v := range values {
			if finite(v) && v > 0 && sum > 0 {
				out[i] = v / sum
			}
			top = math.Max(top, out[i])
		}
		return out
	}
	out.a = scale(g.Counts, two)
	if two {
		out.b = scale(g.Over, true)
	}
	for _, heights := range [...][]float64{out.a, out.b} {
		for i := range heights {
			if top > 0 {
				heights[i] /= top
			}
		}
	}
	return out, top
}

// spread gives each bin its columns; with more bins than columns several share
// one. It returns the first column of each bin and the end.
func spread(w, bins int) []int {
	at := make([]int, bins+1)
	each := w / bins
	for i := range at {
		if each > 0 {
			at[i] = i * each
		} else {
			at[i] = i * w / bins
		}
	}
	return at
}

// row draws one row of bars; level counts rows from the bottom.
func (b *bins) row(n *Line, level int) {
	for i := 0; i < len(b.a); {
		bar, line, end := b.shared(i)
		wide := b.at[end] - b.at[i]
		i = end
		if wide <= 0 {
			continue
		}
		solid := wide
		if wide > 2 {
			solid = wide - 1
		}
		glyph, role := barGlyph(n.look, bar*float64(b.rows)-float64(level)), themes.Series0
		if over := line * float64(b.rows); over > float64(level) && over <= float64(level+1) {
			glyph, role = n.look.Glyphs.Rules.Across, themes.Series0+1
		}
		if glyph == "" {
			n.Gap(wide)
			continue
		}
		solid = min(solid, n.Room())
		n.fill(role, glyph, solid).Gap(wide - solid)
	}
}

// shared is the highest of the bins that share bin i's column, and the first
// bin after them.
func (b *bins) shared(i int) (bar, line float64, end int) {
	for end = i; end < len(b.a) && b.at[end] == b.at[i]; end++ {
		bar = math.Max(bar, b.a[end])
		if b.b != nil {
			line = math.Max(line, b.b[end])
		}
	}
	return bar, line, end
}

// barGlyph is a cell filled from below; anything above nothing shows.
func barGlyph(look Look, fill float64) string {
	switch {
	case fill <= 0:
		return ""
	case fill >= 1:
		return look.Glyphs.Eighths[7]
	}
	return look.Glyphs.Eighths[clamp(int(math.Round(fill*8))-1, 0, 7)]
}

// edges writes first, last and, where there is room, some edges between, each
// under the edge it names.
func (g *Histogram) edges(look Look, w, left int, at []int) string {
	kind := g.Edge
	if kind == KindText {
		kind = KindNum
	}
	n := look.NewLine(w).Gap(left)
	last := Format(kind, g.Edges[len(g.Edges)-1], 9)
	stop := max(left, min(w, left+at[len(at)-1])-len(last))
	free := left
	for i := range len(at) - 1 {
		text := Format(kind, g.Edges[i], 9)
		x := left + at[i]
		if x >= free && x+len(text)+2 <= stop {
			n.To(x).Put(themes.Dim, text)
			free = x + len(text) + 4
		}
	}
	if stop >= n.used && w-stop >= len(last) {
		n.To(stop).Put(themes.Dim, last)
	}
	return n.String()
}

func (g *Histogram) legend(look Look, w int) string {
	n := look.NewLine(w).Gap(1)
	n.raw(themes.Series0, look.Glyphs.Eighths[7], 1).Gap(1).Put(themes.Fg, g.Names[0])
	if n.Room() > 6 {
		n.Gap(3).raw(themes.Series0+1, look.Glyphs.Rules.Across, 1).Gap(1).Put(themes.Fg, g.Names[1])
	}
	return n.String()
}
