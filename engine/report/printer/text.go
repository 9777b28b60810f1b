package printer

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rivo/uniseg"
)

// writeText lays a page out for a terminal or a log: no escape sequence, no line wider than the style's width but where
// one word alone is wider.
func writeText(w io.Writer, p *page, s Style) error {
	out := &textWriter{w: bufio.NewWriter(w), style: s}
	if p.title != "" {
		out.line(p.title)
	}
	for i, b := range p.blocks {
		if _, head := b.(heading); head && (i > 0 || p.title != "") {
			out.line("")
		}
		out.block(b)
	}
	return out.w.Flush()
}

type textWriter struct {
	w     *bufio.Writer
	style Style
}

func (t *textWriter) line(s string) {
	s = strings.TrimRight(s, " ")
	if t.style.ASCII {
		s = ascii(s)
	}
	t.w.WriteString(s)
	t.w.WriteByte('\n')
}

func (t *textWriter) block(b block) {
	switch b := b.(type) {
	case heading:
		t.line(strings.ToUpper(string(b)))
	case para:
		for _, l := range wrap(string(b), t.style.width()) {
			t.line(l)
		}
	case facts:
		t.facts(b)
	case items:
		t.items(b)
	case grid:
		for _, l := range textGrid(b, t.style.width()) {
			t.line(l)
		}
	case chart:
		for _, l := range textChart(b, t.style) {
			t.line(l)
		}
	}
}

func (t *textWriter) facts(fs facts) {
	wide := 0
	for _, f := range fs {
		wide = max(wide, width(f.label))
	}
	wide = min(wide, max(20, t.style.width()/2))
	for _, f := range fs {
		for i, l := range wrap(f.value, max(20, t.style.width()-wide-4)) {
			label := cut(f.label, wide)
			if i > 0 {
				label = ""
			}
			t.line("  " + pad(label, wide, false) + "  " + l)
		}
	}
}

func (t *textWriter) items(list items) {
	for _, it := range list {
		for i, l := range wrap(it.text, t.style.width()-4) {
			sign := it.sign
			if i > 0 {
				sign = " "
			}
			t.line("  " + pad(sign, 1, false) + " " + l)
		}
		if it.more != "" {
			for _, l := range wrap(it.more, t.style.width()-6) {
				t.line("      " + l)
			}
		}
	}
}

// width counts terminal columns.
func width(s string) int { return uniseg.StringWidth(s) }

func pad(s string, to int, right bool) string {
	gap := strings.Repeat(" ", max(0, to-width(s)))
	if right {
		return gap + s
	}
	return s + gap
}

// cut shortens a text to a width with an ellipsis.
func cut(s string, to int) string {
	if width(s) <= to {
		return s
	}
	var b strings.Builder
	used := 0
	g := uniseg.NewGraphemes(s)
	for g.Next() {
		if used+g.Width() > to-1 {
			break
		}
		used += g.Width()
		b.WriteString(g.Str())
	}
	return b.String() + "…"
}

// wrap breaks a text into lines at spaces; its own line ends stay.
func wrap(s string, to int) []string {
	var out []string
	for _, para := range strings.Split(s, "\n") {
		line := ""
		for _, word := range strings.Fields(para) {
			switch {
			case line == "":
				line = word
			case width(line)+1+width(word) <= to:
				line += " " + word
			default:
				out = append(out, line)
				line = word
			}
		}
		out = append(out, line)
	}
	return out
}

const gap = 2 // between two columns

// textGrid fits a table into a width: texts give way first, to twelve columns; then the last columns stay out, and a
// line says how many.
func textGrid(g grid, total int) []string {
	widths := g.fit(total)
	lines := make([]string, 0, len(g.rows)+2)
	lines = append(lines, gridLine(g.head, widths, g.right))
	for _, row := range g.rows {
		lines = append(lines, gridLine(row, widths, g.right))
	}
	shown := len(widths)
	if left := len(g.head) - shown; left > 0 {
		lines = append(lines, fmt.Sprintf("  %d more columns do not fit: %s", left, cut(strings.Join(g.head[shown:], ", "), max(20, total-32))))
	}
	return lines
}

// fit is the width of each column that is shown, two at least.
func (g *grid) fit(total int) []int {
	full := make([]int, len(g.head))
	for i, h := range g.head {
		full[i] = width(h)
		for _, row := range g.rows {
			full[i] = max(full[i], width(row[i]))
		}
	}
	for {
		widths := slices.Clone(full)
		g.shrink(widths, total)
		if len(full) <= 2 || sum(widths) <= total {
			return widths
		}
		full = full[:len(full)-1]
	}
}

func sum(widths []int) int {
	n := 2
	for _, w := range widths {
		n += w + gap
	}
	return n - gap
}

// leastText is how far a column of texts gives way.
const leastText = 12

// shrink takes from the widest column that can give until the table fits or none can.
func (g *grid) shrink(widths []int, total int) {
	for sum(widths) > total {
		widest := -1
		for i, w := range widths {
			least := leastText
			if g.right[i] {
				least = g.least
			}
			if least > 0 && w > least && (widest < 0 || w > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		widths[widest]--
	}
}

func gridLine(cells []string, widths []int, right []bool) string {
	var b strings.Builder
	b.WriteString("  ")
	for i, w := range widths {
		if i > 0 {
			b.WriteString(strings.Repeat(" ", gap))
		}
		b.WriteString(pad(cut(cells[i], w), w, right[i]))
	}
	return b.String()
}

var asciiSigns = strings.NewReplacer("…", "~", "—", "-", "−", "-", "·", ".", "✕", "x", "▲", "!", "●", "*", "✎", "#", "→", "->", "±", "+-", "×", "x",
	"▁", ".", "▂", ":", "▃", "-", "▄", "=", "▅", "+", "▆", "*", "▇", "#", "█", "@", "┤", "|", "┼", "+")

// ascii replaces what a terminal without UTF-8 can't show.
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0x7e {
			return '?'
		}
		return r
	}, asciiSigns.Replace(s))
}
