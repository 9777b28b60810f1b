package printer

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"math"
	"strings"
)

// style is all there is beside the content: no script, no font and no picture is loaded from anywhere.
const style = `:root{color-scheme:light dark;--line:#8884;--dim:#777}
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem;border-bottom:1px solid var(--line)}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.2rem .8rem .2rem 0;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}
.n{text-align:right}dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dt{color:var(--dim)}dd{margin:0}
ul{list-style:none;padding-left:0}small{color:var(--dim);display:block}
svg{width:100%;height:auto;max-height:20rem}svg text{font-size:12px;fill:currentColor}`

// writeHTML writes one file that needs nothing else, light or dark as the reader's system is.
func writeHTML(w io.Writer, p *page) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"+
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n<h1>%[1]s</h1>\n",
		html.EscapeString(p.title), style)
	for _, b := range p.blocks {
		htmlBlock(out, b)
	}
	out.WriteString("</body>\n</html>\n")
	return out.Flush()
}

func htmlBlock(out *bufio.Writer, b block) {
	switch b := b.(type) {
	case heading:
		fmt.Fprintf(out, "<h2>%s</h2>\n", html.EscapeString(string(b)))
	case para:
		fmt.Fprintf(out, "<p>%s</p>\n", strings.ReplaceAll(html.EscapeString(string(b)), "\n", "<br>"))
	case facts:
		out.WriteString("<dl>\n")
		for _, f := range b {
			fmt.Fprintf(out, "<dt>%s</dt><dd>%s</dd>\n", html.EscapeString(f.label), html.EscapeString(f.value))
		}
		out.WriteString("</dl>\n")
	case items:
		out.WriteString("<ul>\n")
		for _, it := range b {
			fmt.Fprintf(out, "<li>%s %s", html.EscapeString(it.sign), html.EscapeString(it.text))
			if it.more != "" {
				fmt.Fprintf(out, "<small>%s</small>", html.EscapeString(it.more))
			}
			out.WriteString("</li>\n")
		}
		out.WriteString("</ul>\n")
	case grid:
		htmlGrid(out, b)
	case chart:
		htmlChart(out, b)
	}
}

func htmlGrid(out *bufio.Writer, g grid) {
	row := func(tag string, cells []string) {
		out.WriteString("<tr>")
		for i, c := range cells {
			class := ""
			if g.right[i] {
				class = ` class="n"`
			}
			fmt.Fprintf(out, "<%s%s>%s</%[1]s>", tag, class, html.EscapeString(c))
		}
		out.WriteString("</tr>\n")
	}
	out.WriteString("<div class=\"scroll\"><table>\n<thead>")
	row("th", g.head)
	out.WriteString("</thead>\n<tbody>\n")
	for _, r := range g.rows {
		row("td", r)
	}
	out.WriteString("</tbody>\n</table></div>\n")
}

// The drawing area of a chart in SVG units, and its colours (Okabe and Ito), which dashes tell apart too.
const svgWide, svgHigh = 760.0, 240.0

var svgStrokes = [...]struct{ colour, dash string }{
	{"#0072b2", ""}, {"#d55e00", "6 3"}, {"#009e73", "2 3"}, {"#cc79a7", "8 3 2 3"}, {"#e69f00", "12 4"},
}

func htmlChart(out *bufio.Writer, c chart) {
	low, high := c.span()
	fmt.Fprintf(out, "<figure><figcaption>%s</figcaption>\n<svg viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"%[1]s\">\n",
		html.EscapeString(c.caption), svgWide+40, svgHigh+40+16*float64(len(c.lines)))
	for i, l := range c.lines {
		s := svgStrokes[i%len(svgStrokes)]
		fmt.Fprintf(out, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" stroke-dasharray=\"%s\" points=\"%s\"/>\n", s.colour, s.dash, svgPoints(l.y, low, high))
		y := svgHigh + 36 + 16*float64(i)
		fmt.Fprintf(out, "<line x1=\"10\" x2=\"40\" y1=\"%g\" y2=\"%g\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/><text x=\"48\" y=\"%g\">%s</text>\n",
			y-4, y-4, s.colour, s.dash, y, html.EscapeString(l.name))
	}
	fmt.Fprintf(out, "<text x=\"10\" y=\"12\">%s</text><text x=\"10\" y=\"%g\">%s</text><text x=\"%g\" y=\"%g\" text-anchor=\"end\">%s %s to %s</text>\n</svg></figure>\n",
		number(high), svgHigh, number(low), svgWide+30, svgHigh+16, html.EscapeString(c.unit), number(c.from), number(c.to))
}

// svgPoints is a polyline; values that are not there are left out.
func svgPoints(y []float64, low, high float64) string {
	var b strings.Builder
	for i, v := range y {
		if math.IsNaN(v) {
			continue
		}
		x := 10 + svgWide*float64(i)/math.Max(1, float64(len(y)-1))
		fmt.Fprintf(&b, "%.1f,%.1f ", x, 14+(svgHigh-20)*(1-place(v, low, high)))
	}
	return strings.TrimSpace(b.String())
}
