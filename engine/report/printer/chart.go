package printer

import (
	"math"
	"strings"

	"github.com/guptarohit/asciigraph"

	"pace/engine/report"
)

// The size of a chart in text: rows, and the columns that the labels of its axis take.
const (
	chartRows   = 10
	chartLabels = 12
	// MaxLines is how many curves one chart shows.
	MaxLines = 5
)

// ChartWidth is the columns that curves need for a style, so that they are decimated to what is drawn.
func ChartWidth(s Style) int { return max(20, s.width()-chartLabels-2) }

// newChart makes a chart of series; nil where none has a finite value.
func newChart(caption string, series []report.Series, names []string) *chart {
	c := &chart{caption: caption, from: math.Inf(1), to: math.Inf(-1)}
	for i, s := range series {
		if len(c.lines) == MaxLines || len(s.Curve.Columns) == 0 || math.IsNaN(s.Curve.Low) {
			continue
		}
		c.lines = append(c.lines, line{name: report.Clean(names[i]) + "  " + report.FormatNumber(float64(s.Last)), y: columnValues(s.Curve)})
		c.from, c.to = math.Min(c.from, s.Curve.From), math.Max(c.to, s.Curve.To)
		c.unit = string(s.Axis)
	}
	if len(c.lines) == 0 {
		return nil
	}
	return c
}

// columnValues is one finite value a column, or NaN at the ends where there is none: the extreme that is further from the
// column's other end, so that a spike of one point stays; columns between two points lie on the line between them.
func columnValues(c report.Curve) []float64 {
	y := make([]float64, len(c.Columns))
	before := -1
	for i, col := range c.Columns {
		y[i] = math.NaN()
		if col.N == 0 {
			continue
		}
		y[i] = col.Max
		middle := col.First/2 + col.Last/2
		if middle/2-col.Min/2 > col.Max/2-middle/2 {
			y[i] = col.Min
		}
		if before >= 0 {
			for j := before + 1; j < i; j++ {
				share := float64(j-before) / float64(i-before)
				y[j] = y[before]*(1-share) + y[i]*share
			}
		}
		before = i
	}
	return y
}

// letters tell lines apart without colour.
const letters = "abcdefgh"

// span is the range of values over all lines.
func (c chart) span() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, l := range c.lines {
		for _, v := range l.y {
			if !math.IsNaN(v) {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	return low, high
}

// place is where a value stands between low and high, 0 to 1, also where high-low is beyond a float64.
func place(v, low, high float64) float64 {
	if high == low {
		return 0
	}
	return (v/2 - low/2) / (high/2 - low/2)
}

// textChart draws with asciigraph. It gets places between 0 and 1, finite or a gap, because it multiplies values until
// they are no index any more (v0.10.0 panics on 1e300 and on 1e18 +- 1).
func textChart(c chart, s Style) []string {
	cols := ChartWidth(s)
	low, high := c.span()
	data := make([][]float64, len(c.lines))
	for i, l := range c.lines {
		for _, v := range l.y[:min(len(l.y), cols)] {
			data[i] = append(data[i], place(v, low, high))
		}
	}
	label := func(at float64) string { return report.FormatNumber(low*(1-at) + high*at) }
	opts := []asciigraph.Option{asciigraph.Height(chartRows), asciigraph.Offset(2), asciigraph.YAxisValueFormatter(label)}
	switch {
	case len(c.lines) > 1:
		sets := make([]asciigraph.CharSet, len(c.lines))
		for i := range sets {
			sets[i] = asciigraph.CreateCharSet(letters[i : i+1])
		}
		opts = append(opts, asciigraph.SeriesChars(sets...))
	case s.ASCII:
		opts = append(opts, asciigraph.SeriesChars(asciigraph.CreateCharSet("*")))
	}
	plot := asciigraph.PlotMany(data, opts...)
	lines := []string{"  " + c.caption}
	for _, l := range strings.Split(plot, "\n") {
		lines = append(lines, "  "+l)
	}
	axis := c.unit + " " + report.FormatNumber(c.from) + " to " + report.FormatNumber(c.to)
	lines = append(lines, "  "+axis)
	for i, l := range c.lines {
		sign := ""
		if len(c.lines) > 1 {
			sign = letters[i:i+1] + "  "
		}
		lines = append(lines, "  "+sign+l.name)
	}
	return lines
}
