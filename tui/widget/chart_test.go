package widget

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// buckets is an envelope of n points of f over 0..n-1, as stats hands it over.
func buckets(n, columns int, f func(int) float64) []Bucket {
	out := make([]Bucket, 0, columns)
	for c := range columns {
		b := Bucket{Min: math.NaN(), Max: math.NaN(), Last: math.NaN()}
		for i := c * n / columns; i < (c+1)*n/columns; i++ {
			v := f(i)
			b.X = float64(i)
			switch {
			case math.IsNaN(v):
				b.Flags |= HasNaN
			case math.IsInf(v, 1):
				b.Flags |= HasUp
			case math.IsInf(v, -1):
				b.Flags |= HasDown
			default:
				b.Min, b.Max, b.Last = fmin(b.Min, v), fmax(b.Max, v), v
			}
		}
		out = append(out, b)
	}
	return out
}

func fmin(a, b float64) float64 {
	if math.IsNaN(a) || b < a {
		return b
	}
	return a
}

func fmax(a, b float64) float64 {
	if math.IsNaN(a) || b > a {
		return b
	}
	return a
}

func curve(name string, n int, f func(int) float64) Curve {
	c := Curve{Name: name, Buckets: buckets(n, min(n, 400), f), Sum: Summary{Min: math.NaN(), Max: math.NaN(), N: int64(n)}}
	for i := range n {
		v := f(i)
		if math.IsNaN(v) {
			c.Sum.NaNs++
			continue
		}
		c.Sum.Last = v
		if m := fmin(c.Sum.Min, v); m != c.Sum.Min {
			c.Sum.Min, c.Sum.MinAt = m, float64(i)
		}
		if m := fmax(c.Sum.Max, v); m != c.Sum.Max {
			c.Sum.Max, c.Sum.MaxAt = m, float64(i)
		}
	}
	return c
}

func rising(i int) float64 { return .83 - .1*math.Exp(-float64(i)/30) }

func slower(i int) float64 { return .80 - .08*math.Exp(-float64(i)/60) }

func glyphSets() []*Glyphs { return []*Glyphs{Braille(), Block(), ASCII()} }

func TestChartKeepsItsSize(t *testing.T) {
	for _, g := range glyphSets() {
		look := testLook(t, g)
		for w := 0; w < 110; w += 1 + w/30 {
			for _, h := range []int{0, 1, 2, 3, 4, 5, 6, 9, 24} {
				for _, log := range []bool{false, true} {
					c := Chart{Title: "a rather long title", Log: log, Curves: []Curve{curve("xgb-deep-7", 500, rising), curve("größe 日本", 500, slower), curve("", 1, rising)}}
					checkSize(t, g.Name+" chart", c.Lines(look, w, h), w, h)
					c.Cross = Crosshair{On: true, X: 250}
					checkSize(t, g.Name+" chart", c.Lines(look, w, h), w, h)
				}
			}
		}
	}
}

// ink is the rows of the plot, from the top, that have something in them.
func ink(lines []string, left, right int) (rows []int) {
	for y := 1; y < len(lines)-1; y++ {
		runes := []rune(lines[y])
		if strings.Trim(string(runes[left:right]), " ⠀") != "" {
			rows = append(rows, y-1)
		}
	}
	return rows
}

func TestOneStepSpikeIsVisible(t *testing.T) {
	for _, g := range glyphSets() {
		look := testLook(t, g)
		for at := 0; at < 50_000; at += 4_999 {
			spike := func(i int) float64 {
				if i == at {
					return 100
				}
				return 1
			}
			c := Chart{Curves: []Curve{curve("", 50_000, spike)}}
			lines := c.Lines(look, 80, 12)
			p := c.memo.plot
			top, bottom := p.row(100)/p.dy, p.row(1)/p.dy
			rows := ink(lines, p.left, p.left+p.w)
			if bottom-top < 6 || len(rows) != bottom-top+1 || rows[0] != top {
				t.Errorf("%s: a spike at %d inks rows %v, want %d to %d\n%s", g.Name, at, rows, top, bottom, strings.Join(lines, "\n"))
			}
		}
	}
}

func TestNaNIsAGapAndInfinityAnArrow(t *testing.T) {
	for _, g := range glyphSets() {
		look := testLook(t, g)
		c := Chart{Curves: []Curve{curve("", 400, func(i int) float64 {
			switch {
			case i == 350:
				return math.Inf(1)
			case i == 380:
				return math.Inf(-1)
			case i >= 150 && i < 250:
				return math.NaN()
			}
			return float64(i)
		})}}
		lines := c.Lines(look, 108, 12)
		p := c.memo.plot
		if rows := ink(lines, p.left+p.column(160), p.left+p.column(240)); len(rows) > 0 {
			t.Errorf("%s: the gap has ink on rows %v\n%s", g.Name, rows, strings.Join(lines, "\n"))
		}
		up, down := "↑", "↓"
		if g.Dots == DotsASCII {
			up, down = "^", "v"
		}
		if !strings.Contains(lines[1], up) || !strings.Contains(lines[10], down) {
			t.Errorf("%s: no arrows\n%s", g.Name, strings.Join(lines, "\n"))
		}
		if !strings.Contains(lines[0], "nan 100") {
			t.Errorf("%s: the header does not count the gap: %q", g.Name, lines[0])
		}
	}
}

func TestEmptyBucketIsBridged(t *testing.T) {
	for _, g := range glyphSets() {
		look := testLook(t, g)
		line := buckets(400, 400, func(i int) float64 { return float64(i) })
		for i := 100; i < 300; i++ {
			line[i].Min, line[i].Max, line[i].Last = math.NaN(), math.NaN(), math.NaN()
		}
		c := Chart{Curves: []Curve{{Buckets: line}}}
		lines := c.Lines(look, 108, 12)
		p := c.memo.plot
		if rows := ink(lines, p.left+p.column(190), p.left+p.column(210)); len(rows) == 0 {
			t.Errorf("%s: no line over columns without points\n%s", g.Name, strings.Join(lines, "\n"))
		}
	}
}

func TestAtLeastThreeDistinctTicks(t *testing.T) {
	for _, log := range []bool{false, true} {
		for _, r := range [][2]float64{{0, 1}, {.7, .91}, {-5, 5}, {1, 1}, {0, 0}, {1e-9, 2e-9}, {1e6, 3.3e6}, {99.5, 100}, {1e20, 5e20}, {-1e308, 1e308}, {1e-300, 1e300}, {12345, 12346}, {3, 3.0001}, {5e-324, 1}} {
			if log && r[0] <= 0 {
				continue
			}
			for rows := 3; rows < 40; rows++ {
				s := newScale(r[0], r[1], rows, log)
				p := plot{h: rows, dx: 2, dy: 4, y: s}
				seen, labels := map[int]bool{}, map[string]bool{}
				for _, v := range s.ticks {
					seen[p.row(v)/4] = true
					labels[s.label(v)] = true
				}
				if len(seen) < 3 {
					t.Errorf("log=%v %v in %d rows: ticks %v on %d rows", log, r, rows, s.ticks, len(seen))
				}
				if len(labels) != len(s.ticks) {
					t.Errorf("log=%v %v in %d rows: labels %v of %v", log, r, rows, labels, s.ticks)
				}
				if s.lo > s.mapped(r[0]) || s.hi < s.mapped(r[1]) {
					t.Errorf("log=%v %v in %d rows: range %v..%v", log, r, rows, s.lo, s.hi)
				}
			}
		}
	}
}

func TestStepTicksAreWhole(t *testing.T) {
	for _, to := range []float64{1, 2, 3, 7, 50, 499, 500, 123456, 1e9} {
		p := plot{w: 60, dx: 2, from: 0, to: to}
		ticks := Axis{}.xTicks(&p)
		if len(ticks) < 2 {
			t.Errorf("0..%v: ticks %v", to, ticks)
		}
		seen := map[string]bool{}
		for _, tick := range ticks {
			if strings.Contains(tick.label, ".") && to < 1e6 || seen[tick.label] {
				t.Errorf("0..%v: ticks %v", to, ticks)
			}
			seen[tick.label] = true
		}
	}
}

func TestZoomAndCrosshair(t *testing.T) {
	look := testLook(t, Braille())
	c := Chart{Curves: []Curve{curve("a", 501, func(i int) float64 { return float64(i) })}}
	c.Lines(look, 100, 12)
	c.MoveCross(0)
	c.MoveCross(-1)
	if !c.Cross.On || c.Cross.X >= 500 || c.Cross.X < 480 {
		t.Errorf("one column left of the end is %v", c.Cross)
	}
	for range 300 {
		c.MoveCross(-1)
	}
	if c.Cross.X < 0 || c.Cross.X > 6 {
		t.Errorf("the left end is %v", c.Cross.X)
	}
	c.Cross.X = 250
	c.Zoom(.5)
	if c.View != (Window{From: 125, To: 375}) {
		t.Errorf("zoomed to %v", c.View)
	}
	if lines := c.Lines(look, 100, 12); !strings.HasPrefix(ansi.Strip(lines[0]), " step 250  250 ") {
		t.Errorf("header %q", lines[0])
	}
	c.Zoom(2)
	if c.View != (Window{}) {
		t.Errorf("zoomed out to %v", c.View)
	}
}

func TestChartDrawsAgainOnlyWhenTouched(t *testing.T) {
	look := colorLook(t)
	c := Chart{Curves: []Curve{curve("a", 500, rising)}}
	first := c.Lines(look, 66, 17)
	if n := testing.AllocsPerRun(50, func() { c.Lines(look, 66, 17) }); n != 0 {
		t.Errorf("%v allocations for an unchanged chart", n)
	}
	c.Curves[0].Buckets = buckets(500, 400, slower)
	c.Touch()
	if again := c.Lines(look, 66, 17); strings.Join(again, "") == strings.Join(first, "") {
		t.Error("touching did not draw the new curve")
	}
}

func FuzzChart(f *testing.F) {
	f.Add(uint8(80), uint8(24), 1.0, 2.0, 3.0, uint8(0), "name")
	f.Add(uint8(200), uint8(9), math.Inf(1), math.NaN(), -1e308, uint8(255), "\x1b[2J")
	f.Add(uint8(50), uint8(9), 5e-324, 1e308, -1e308, uint8(6), "日本")
	f.Fuzz(func(t *testing.T, w, h uint8, a, b, d float64, mode uint8, name string) {
		look := testLook(t, glyphSets()[mode%3])
		c := Chart{Title: name, Log: mode&4 != 0, Axis: Axis{Kind: AxisKind(mode >> 3 & 3)}, Main: int(mode >> 5 & 3)}
		c.Cross = Crosshair{On: mode&128 != 0, X: b}
		values := []float64{a, b, d, a / 2, b / 3, d * 2, 0}
		for k := range 3 {
			c.Curves = append(c.Curves, Curve{Name: name, Buckets: buckets(7+k, 7, func(i int) float64 { return values[(i+k)%7] }), Raw: buckets(9, 9, func(i int) float64 { return values[i%7] })})
		}
		if finite(d) {
			c.Curves[2].Buckets[3].X = d
		}
		checkSize(t, "chart", c.Lines(look, int(w), int(h)), int(w), int(h))
		c.Zoom(.3)
		c.MoveCross(-3)
		checkSize(t, "chart", c.Lines(look, int(w), int(h)), int(w), int(h))
	})
}

// benchCharts is a screen of 200x60: six charts of 50,000 points each.
func benchCharts() []*Chart {
	charts := make([]*Chart, 6)
	for i := range charts {
		noisy := func(j int) float64 { return rising(j/100) + .01*math.Sin(float64(j*7919*(i+1))) }
		charts[i] = &Chart{Title: fmt.Sprintf("metric %d", i), Curves: []Curve{curve("run", 50_000, noisy)}}
	}
	return charts
}

func TestSentence(t *testing.T) {
	c := Chart{Title: "auc", Curves: []Curve{
		{Name: "xgb\x1b[m-7", Sum: Summary{Last: .8131, Min: .71, Max: .82, MinAt: 0, MaxAt: 480, N: 501}},
		{Name: "enet", Sum: Summary{Last: math.NaN(), N: 12, NaNs: 12}},
	}}
	want := []string{
		"auc of xgb-7: last .8131, least .71 at step 0, most .82 at step 480, 501 points.",
		"auc of enet: 12 points, none of them a number.",
	}
	for i, got := range c.Sentences() {
		if got != want[i] {
			t.Errorf("%q, want %q", got, want[i])
		}
	}
}

func BenchmarkSixCharts(b *testing.B) {
	look := colorLook(b)
	charts := benchCharts()
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range charts {
			c.Touch()
			c.Lines(look, 66, 30)
		}
	}
}

func BenchmarkSixChartsUnchanged(b *testing.B) {
	look := colorLook(b)
	charts := benchCharts()
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range charts {
			c.Lines(look, 66, 30)
		}
	}
}
