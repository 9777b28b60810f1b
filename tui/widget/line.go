package widget

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"pace/themes"
)

// Width is the number of terminal columns of a string; escape sequences in it
// count nothing.
func Width(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return ansi.StringWidth(s)
		}
	}
	return len(s)
}

// Fit cuts a text to at most w columns and says so with an ellipsis.
func (l Look) Fit(s string, w int) string {
	if w <= 0 {
		return ""
	}
	if len(s) <= w && Width(s) <= w || Width(s) <= w {
		return s
	}
	return ansi.Truncate(s, w, l.Glyphs.Text.Ellipsis)
}

// FitMiddle cuts a text in its middle, for paths and ids whose end tells more.
func (l Look) FitMiddle(s string, w int) string {
	n := Width(s)
	if n <= w || w < 5 {
		return l.Fit(s, w)
	}
	head := (w - 1) / 3
	return ansi.Truncate(s, head, "") + l.Glyphs.Text.Ellipsis + ansi.TruncateLeft(s, n-(w-1-head), "")
}

// Align says where a text stands in its columns.
type Align uint8

// The alignments.
const (
	AlignLeft Align = iota
	AlignRight
	// AlignPoint lines up decimal points; texts without one stand as if it
	// followed them.
	AlignPoint
)

// Line builds one line of an exact width. Texts put into it are cleaned and cut
// to the room that is left. The zero value is not usable; see NewLine.
type Line struct {
	look    Look
	surface themes.Surface
	buf     []byte
	num     []byte // a number on its way into buf
	width   int
	used    int
}

// NewLine starts a line of w columns on the plain page.
func (l Look) NewLine(w int) *Line {
	return &Line{look: l, width: max(w, 0), buf: make([]byte, 0, 2*max(w, 0)+64)}
}

// Reset empties the line for another one on a surface, keeping its memory.
func (n *Line) Reset(w int, s themes.Surface) {
	n.buf, n.used, n.width, n.surface = n.buf[:0], 0, max(w, 0), s
}

// On puts what follows on another surface.
func (n *Line) On(s themes.Surface) *Line {
	n.surface = s
	return n
}

// Room is the number of columns left.
func (n *Line) Room() int { return n.width - n.used }

// Put adds a text, cut to the room left.
func (n *Line) Put(r themes.Role, s string) *Line {
	s = n.look.Fit(Clean(s), n.Room())
	return n.raw(r, s, Width(s))
}

// raw adds a text already known to be clean and w columns wide.
func (n *Line) raw(r themes.Role, s string, w int) *Line {
	if w > n.Room() || w == 0 {
		return n
	}
	n.buf = n.look.Theme.On(n.surface, r).Append(n.buf, s)
	n.used += w
	return n
}

// bytes adds plain ASCII already known to fit.
func (n *Line) bytes(r themes.Role, s []byte) *Line {
	if len(s) > n.Room() || len(s) == 0 {
		return n
	}
	st := n.look.Theme.On(n.surface, r)
	n.buf = append(n.buf, st.Open()...)
	n.buf = append(n.buf, s...)
	n.buf = append(n.buf, st.Close()...)
	n.used += len(s)
	return n
}

// Gap adds w spaces, as far as there is room.
func (n *Line) Gap(w int) *Line {
	w = min(w, n.Room())
	if w <= 0 {
		return n
	}
	st := n.look.Theme.On(n.surface, themes.Fg)
	n.buf = append(n.buf, st.Open()...)
	n.buf = appendSpaces(n.buf, w)
	n.buf = append(n.buf, st.Close()...)
	n.used += w
	return n
}

// To moves to column col (from 0); it never goes back.
func (n *Line) To(col int) *Line { return n.Gap(col - n.used) }

// Cell adds a text in exactly w columns.
func (n *Line) Cell(r themes.Role, s string, w int, a Align) *Line {
	w = min(w, n.Room())
	s = n.look.Fit(Clean(s), w)
	have := Width(s)
	if a != AlignLeft {
		n.Gap(w - have)
	}
	n.raw(r, s, have)
	if a == AlignLeft {
		n.Gap(w - have)
	}
	return n
}

// Right puts a text at the right end, one column of air before it. It drops the
// text when there is no room for all of it.
func (n *Line) Right(r themes.Role, s string) *Line {
	s = Clean(s)
	w := Width(s)
	if w >= n.Room() {
		return n
	}
	return n.Gap(n.Room()-w).raw(r, s, w)
}

// Rule fills up to w columns with a horizontal line.
func (n *Line) Rule(r themes.Role, w int) *Line { return n.fill(r, n.look.Glyphs.Rules.Across, w) }

// fill repeats a glyph of one column, as far as there is room.
func (n *Line) fill(r themes.Role, glyph string, w int) *Line {
	w = min(w, n.Room())
	if w <= 0 {
		return n
	}
	st := n.look.Theme.On(n.surface, r)
	n.buf = append(n.buf, st.Open()...)
	for range w {
		n.buf = append(n.buf, glyph...)
	}
	n.buf = append(n.buf, st.Close()...)
	n.used += w
	return n
}

// String is the line, filled with spaces to its width.
func (n *Line) String() string {
	n.Gap(n.Room())
	return string(n.buf)
}

// Blank is h lines of w spaces, the drawing of nothing.
func Blank(w, h int) []string {
	lines := make([]string, max(h, 0))
	blank := spaces(w)
	for i := range lines {
		lines[i] = blank
	}
	return lines
}

// pad makes lines exactly h by cutting the rest or adding blank ones.
func pad(lines []string, w, h int) []string {
	h = max(h, 0)
	if len(lines) >= h {
		return lines[:h]
	}
	blank := spaces(w)
	for len(lines) < h {
		lines = append(lines, blank)
	}
	return lines
}

const blanks = "                                                                                                                                                                                                                                                                "

func spaces(w int) string {
	switch {
	case w <= 0:
		return ""
	case w <= len(blanks):
		return blanks[:w]
	}
	return strings.Repeat(" ", w)
}

func appendSpaces(b []byte, w int) []byte { return append(b, spaces(w)...) }

// Clean makes a string from a file safe to draw: escape sequences, control and
// format characters (bidirectional overrides, zero-width ones) go, line breaks
// and tabs become a space, broken UTF-8 becomes U+FFFD. A clean string is
// returned as it is, without allocation.
func Clean(s string) string {
	i := 0
	for i < len(s) && s[i] >= 0x20 && s[i] < 0x7f {
		i++
	}
	if i == len(s) {
		return s
	}
	for j := i; j < len(s); {
		r, n := utf8.DecodeRuneInString(s[j:])
		if fate(r, n) != keep {
			return scrub(s, j)
		}
		j += n
	}
	return s
}

type verdict uint8

const (
	keep verdict = iota
	drop
	space
	replace
)

func fate(r rune, size int) verdict {
	switch {
	case r >= 0x20 && r < 0x7f:
		return keep
	case r == '\n' || r == '\t' || r == '\r' || r == '\v' || r == '\f' || r == 0x85 || r == 0x2028 || r == 0x2029:
		return space
	case r == utf8.RuneError && size == 1:
		return replace
	case unicode.In(r, unicode.Cc, unicode.Cf):
		return drop
	}
	return keep
}

// scrub copies s, clean up to from, and cleans the rest.
func scrub(s string, from int) string {
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:from])
	for i := from; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == 0x1b || r == 0x9b {
			i += sequence(s[i:], n)
			continue
		}
		switch fate(r, n) {
		case keep:
			b.WriteString(s[i : i+n])
		case space:
			if r == '\r' && strings.HasPrefix(s[i+n:], "\n") {
				break
			}
			b.WriteByte(' ')
		case replace:
			b.WriteRune(utf8.RuneError)
		}
		i += n
	}
	return b.String()
}

// sequence is how many bytes the control sequence at the start of s takes; at
// least n, the introducer's own. A string sequence (OSC, DCS, ...) that never
// ends takes two bytes only: otherwise a name could hide what follows it.
func sequence(s string, n int) int {
	kind := byte('[')
	i := n
	if s[0] == 0x1b {
		if len(s) == 1 {
			return 1
		}
		kind = s[1]
		i = 2
	}
	switch kind {
	case '[':
		for i < len(s) && s[i] >= 0x20 && s[i] < 0x40 {
			i++
		}
		if i < len(s) && s[i] >= 0x40 && s[i] < 0x7f {
			i++
		}
		return i
	case ']', 'P', 'X', '^', '_':
		for j := i; j < len(s); j++ {
			switch {
			case s[j] == 0x07:
				return j + 1
			case s[j] == 0x1b && j+1 < len(s) && s[j+1] == '\\':
				return j + 2
			}
		}
		return 2
	}
	if kind >= 0x20 && kind < 0x7f {
		return 2
	}
	return 1
}
