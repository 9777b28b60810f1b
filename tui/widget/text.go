package widget

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"pace/themes"
)

// Prose is a text that scrolls: wrapped at words, or with Raw set line by line
// and panned sideways.
type Prose struct {
	Text string
	Raw  bool
	Role themes.Role
	Top  int
	Left int
	memo proseMemo
}

type proseMemo struct {
	text string
	w    int
	raw  bool
	rows []string
}

// Rows is how many rows the text takes at a width.
func (p *Prose) Rows(w int) int {
	p.flow(w)
	return len(p.memo.rows)
}

func (p *Prose) flow(w int) {
	m := &p.memo
	if m.rows != nil && m.text == p.Text && m.w == w && m.raw == p.Raw {
		return
	}
	m.text, m.w, m.raw, m.rows = p.Text, w, p.Raw, m.rows[:0]
	for line := range strings.Lines(p.Text) {
		line = Clean(strings.ReplaceAll(strings.TrimRight(line, "\r\n"), "\t", "    "))
		if p.Raw {
			m.rows = append(m.rows, line)
		} else {
			m.rows = append(m.rows, wrap(line, w)...)
		}
	}
}

// Lines draws the visible rows.
func (p *Prose) Lines(look Look, w, h int) []string {
	if w <= 0 || h <= 0 {
		return Blank(w, h)
	}
	p.flow(w)
	p.Top = clamp(p.Top, 0, max(0, len(p.memo.rows)-h))
	p.Left = max(0, p.Left)
	lines := make([]string, 0, h)
	for i := p.Top; i < len(p.memo.rows) && len(lines) < h; i++ {
		row := p.memo.rows[i]
		if p.Raw && p.Left > 0 {
			row = ansi.TruncateLeft(row, p.Left, look.Glyphs.Text.Left)
		}
		lines = append(lines, look.NewLine(w).Put(p.Role, row).String())
	}
	return pad(lines, w, h)
}

// wrap breaks a clean line at spaces into rows of at most w columns; a word
// longer than a row is broken where the row ends.
func wrap(s string, w int) []string {
	if w <= 0 {
		return nil
	}
	if Width(s) <= w {
		return []string{s}
	}
	var rows []string
	row, used := "", 0
	for _, word := range strings.SplitAfter(s, " ") {
		bare := strings.TrimRight(word, " ")
		n := Width(bare)
		if used > 0 && used+n > w {
			rows = append(rows, strings.TrimRight(row, " "))
			row, used = "", 0
		}
		if used == 0 && n == 0 && len(rows) > 0 {
			continue // spaces at a break belong to it
		}
		for n > w {
			head := ansi.Truncate(bare, w, "")
			if head == "" {
				// A rune wider than the row cannot be shown at all.
				_, size := utf8.DecodeRuneInString(bare)
				head, bare = "", bare[size:]
			} else {
				bare = bare[len(head):]
			}
			rows = append(rows, head)
			word, n = bare+word[len(strings.TrimRight(word, " ")):], Width(bare)
		}
		row += word
		used += Width(word)
	}
	return append(rows, strings.TrimRight(row, " "))
}

// Pair is one line of details: a name and its value.
type Pair struct {
	Key string
	Cell
}

// Pairs draws details: names in one column, values in the other, from the
// top-th pair on.
func (l Look) Pairs(pairs []Pair, top, w, h int) []string {
	if w <= 0 || h <= 0 {
		return Blank(w, h)
	}
	keys := 0
	for i := range pairs {
		keys = max(keys, Width(Clean(pairs[i].Key)))
	}
	keys = min(keys, max(8, w*2/5))
	lines := make([]string, 0, h)
	for i := clamp(top, 0, max(0, len(pairs)-h)); i < len(pairs) && len(lines) < h; i++ {
		p := &pairs[i]
		n := l.NewLine(w).Gap(1).Cell(themes.Dim, p.Key, keys, AlignLeft).Gap(2)
		text := p.Text
		if p.Kind != KindText {
			text = Format(p.Kind, p.Value, n.Room())
		}
		lines = append(lines, n.Put(p.Role, text).String())
	}
	return pad(lines, w, h)
}
