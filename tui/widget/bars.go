package widget

import (
	"math"
	"strings"

	"pace/themes"
)

// Bar is one row of a bar list.
type Bar struct {
	Label string
	Value float64
	Role  themes.Role
}

// Bars draws one horizontal bar a row, label before and value behind, over the
// range of all of them and zero; bars below zero go left from it. More bars
// than rows end in a count of the rest.
func (l Look) Bars(bars []Bar, k Kind, w, h int) []string {
	if w <= 0 || h <= 0 {
		return Blank(w, h)
	}
	lo, hi, names, values := 0.0, 0.0, 0, 0
	for i := range bars {
		if v := bars[i].Value; finite(v) {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
		names = max(names, Width(Clean(bars[i].Label)))
		values = max(values, len(Format(k, bars[i].Value, 9)))
	}
	names = min(names, w*2/5)
	values = min(values, max(0, w-names-1))
	room := max(0, w-names-values-2)
	lines := make([]string, 0, h)
	for i := range bars {
		n := l.NewLine(w)
		if rest := len(bars) - i; len(lines) == h-1 && rest > 1 {
			lines = append(lines, n.Put(themes.Dim, Count(int64(rest), w-5)+" more").String())
			break
		}
		n.Cell(themes.Fg, bars[i].Label, names, AlignLeft).Gap(1)
		n.bar(bars[i].Role, bars[i].Value, lo, hi, room)
		n.Gap(1).Cell(themes.Strong, Format(k, bars[i].Value, values), values, AlignRight)
		lines = append(lines, n.String())
	}
	return pad(lines, w, h)
}

// bar adds a bar of w columns for v in lo..hi, growing from zero.
func (n *Line) bar(r themes.Role, v, lo, hi float64, w int) {
	w = min(w, n.Room())
	if w <= 0 {
		return
	}
	if !finite(v) || lo == hi {
		n.Gap(w)
		return
	}
	cells := func(v float64) float64 { return (v/2 - lo/2) / (hi/2 - lo/2) * float64(w) }
	zero := int(math.Round(cells(0)))
	if v < 0 {
		from := min(int(math.Round(cells(v))), zero)
		n.Gap(from).fill(r, n.look.Glyphs.Eighths[7], zero-from).Gap(w - zero)
		return
	}
	eighths := int(math.Round((cells(v) - cells(0)) * 8))
	eighths = clamp(eighths, 0, (w-zero)*8)
	if v > 0 {
		eighths = max(eighths, min(1, (w-zero)*8))
	}
	end := n.used + w
	full := eighths / 8
	n.Gap(zero).fill(r, n.look.Glyphs.Parts[7], full)
	if part := eighths % 8; part > 0 {
		n.raw(r, n.look.Glyphs.Parts[part-1], 1)
	}
	n.To(end)
}

// Progress is how far a task is. A Total of zero is not known yet.
type Progress struct {
	Noun        string
	Done, Total float64
	// Rate is per second; zero is not known.
	Rate float64
	Kind Kind
}

// Gauge draws a bar with count, share, rate and time left in one line. What
// does not fit is left out whole, the bar last.
func (l Look) Gauge(p Progress, w int) string {
	k := p.Kind
	if k == KindText {
		k = KindCount
	}
	var parts []string
	count := Format(k, p.Done, 12)
	if p.Total > 0 {
		count += "/" + Format(k, p.Total, 12)
	}
	parts = append(parts, count)
	if p.Total > 0 {
		parts = append(parts, Percent(math.Min(1, math.Floor(p.Done/p.Total*100)/100), 6))
	}
	if p.Rate > 0 {
		parts = append(parts, Format(k, math.Round(p.Rate), 9)+"/s")
		if left := (p.Total - p.Done) / p.Rate; p.Total > 0 && left > 0 {
			parts = append(parts, Format(KindDuration, math.Ceil(left), 9)+" left")
		}
	}
	n := l.NewLine(w)
	if p.Noun != "" {
		n.Put(themes.Fg, p.Noun).Gap(2)
	}
	text := 0
	for i, s := range parts {
		if text+len(s)+2 > n.Room() {
			parts = parts[:i]
			break
		}
		text += len(s) + 2
	}
	if bar := min(30, n.Room()-text); bar >= 6 && p.Total > 0 {
		end := n.used + bar
		n.bar(themes.Accent, math.Min(p.Done, p.Total), 0, p.Total, bar)
		// The part not done is a faint rule instead of nothing, so that the
		// end can be seen.
		n.rest(end)
		n.Gap(2)
	}
	for _, s := range parts {
		n.Put(themes.Dim, s).Gap(2)
	}
	return n.String()
}

// rest turns the spaces a bar left before column end into a faint rule.
func (n *Line) rest(end int) {
	blank := 0
	open, shut := n.look.Theme.On(n.surface, themes.Fg).Open(), n.look.Theme.On(n.surface, themes.Fg).Close()
	tail := len(n.buf) - len(shut)
	for tail-blank > 0 && n.buf[tail-blank-1] == ' ' {
		blank++
	}
	if blank == 0 || n.used != end || string(n.buf[tail:]) != shut {
		return
	}
	n.buf = n.buf[:tail-blank-len(open)]
	n.used -= blank
	n.Rule(themes.Faint, blank)
}

// Spark draws values as a row of eighth blocks, w columns wide at most, over
// their own range. More values than columns are merged so that the farthest
// from the middle of the range stays: a spike is never lost. NaN is a gap;
// infinities stand at the ends of the range. Fewer values take fewer columns.
func (l Look) Spark(values []float64, w int) string {
	return l.SparkRange(values, w, math.NaN(), math.NaN())
}

// SparkRange is Spark over a given range; a NaN bound is taken from the values.
func (l Look) SparkRange(values []float64, w int, lo, hi float64) string {
	if w <= 0 || len(values) == 0 {
		return ""
	}
	vlo, vhi := finiteRange(values)
	if math.IsNaN(lo) {
		lo = vlo
	}
	if math.IsNaN(hi) {
		hi = vhi
	}
	var b strings.Builder
	b.Grow(3 * w)
	n := min(w, len(values))
	for i := range n {
		v := farthest(values[i*len(values)/n:max(i*len(values)/n+1, (i+1)*len(values)/n)], lo/2+hi/2)
		if math.IsNaN(v) {
			b.WriteByte(' ')
			continue
		}
		b.WriteString(l.Glyphs.Eighths[eighth(v, lo, hi)])
	}
	return b.String()
}

// eighth is the bar for v in lo..hi. A flat line stands in the middle.
func eighth(v, lo, hi float64) int {
	if hi <= lo {
		return 3
	}
	// Halves keep a range as wide as the numbers themselves from overflowing.
	share := (v/2 - lo/2) / (hi/2 - lo/2)
	return clamp(int(share*7+.5), 0, 7)
}

// farthest is the value farthest from mid, or NaN when there is none.
func farthest(values []float64, mid float64) float64 {
	best, at := math.Inf(-1), math.NaN()
	for _, v := range values {
		if d := math.Abs(v - mid); d > best {
			best, at = d, v
		}
	}
	return at
}

// finiteRange is the range of the finite values, 0..0 when there are none.
func finiteRange(values []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
	}
	if lo > hi {
		return 0, 0
	}
	return lo, hi
}
