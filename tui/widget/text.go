package widget

import (
	"strings"
	"unicode"
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

// Pair is one line of details: a name and its value. Middle cuts a long value in its middle, for paths. Without
// a name, and in the role Header, the value heads the lines that follow.
type Pair struct {
	Key string
	Cell
	Middle bool
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
	n := l.NewLine(w)
	for i := clamp(top, 0, max(0, len(pairs)-h)); i < len(pairs) && len(lines) < h; i++ {
		p := &pairs[i]
		n.Reset(w, themes.Page)
		if p.Key == "" && p.Role == themes.Header {
			lines = append(lines, n.Gap(1).Put(p.Role, p.Text).String())
			continue
		}
		n.Gap(1).Cell(themes.Dim, p.Key, keys, AlignLeft).Gap(2)
		text := p.Text
		if p.Kind != KindText {
			text = Format(p.Kind, p.Value, n.Room())
		} else if p.Middle {
			text = l.FitMiddle(Clean(text), n.Room())
		}
		lines = append(lines, n.Put(p.Role, text).String())
	}
	return pad(lines, w, h)
}

// Input is one line of typing. Caret counts runes. From and To mark what is
// wrong with it, in runes, when Bad says why.
type Input struct {
	Prompt   string
	Value    []rune
	Caret    int
	Hint     string // shown dim while nothing is typed
	Note     string // at the right end
	Bad      string
	From, To int
}

// Set replaces the value and puts the caret behind it.
func (in *Input) Set(s string) {
	in.Value = []rune(s)
	in.Caret = len(in.Value)
}

// String is what was typed.
func (in *Input) String() string { return string(in.Value) }

// Insert types a text at the caret; what is not for display is left out.
func (in *Input) Insert(s string) {
	in.Caret = clamp(in.Caret, 0, len(in.Value))
	r := []rune(Clean(s))
	out := make([]rune, 0, len(in.Value)+len(r))
	out = append(append(append(out, in.Value[:in.Caret]...), r...), in.Value[in.Caret:]...)
	in.Value, in.Caret = out, in.Caret+len(r)
}

// Delete removes n runes after the caret, or -n before it.
func (in *Input) Delete(n int) {
	in.Caret = clamp(in.Caret, 0, len(in.Value))
	to := clamp(in.Caret+n, 0, len(in.Value))
	from, to := min(in.Caret, to), max(in.Caret, to)
	in.Value = append(append([]rune(nil), in.Value[:from]...), in.Value[to:]...)
	in.Caret = from
}

// DeleteWord removes the word before the caret.
func (in *Input) DeleteWord() {
	at := clamp(in.Caret, 0, len(in.Value))
	for at > 0 && unicode.IsSpace(in.Value[at-1]) {
		at--
	}
	for at > 0 && !unicode.IsSpace(in.Value[at-1]) {
		at--
	}
	in.Delete(at - in.Caret)
}

// Move moves the caret.
func (in *Input) Move(runes int) { in.Caret = clamp(in.Caret+runes, 0, len(in.Value)) }

// Lines draws the input and, when it is bad and h allows, a caret and the
// reason under the place. A long value scrolls with its caret.
func (in *Input) Lines(look Look, w, h int) []string {
	if w <= 0 || h <= 0 {
		return Blank(w, h)
	}
	n := look.NewLine(w)
	n.Put(themes.Accent, look.Fit(Clean(in.Prompt), w/2))
	note := look.Fit(Clean(in.Note), w/3)
	room := n.Room() - Width(note)
	if note != "" {
		room--
	}
	under := in.typed(n, max(1, room))
	if note != "" {
		n.Right(themes.Dim, note)
	}
	lines := []string{n.String()}
	if in.Bad != "" && h > 1 {
		why := Clean(in.Bad)
		at := clamp(under, 0, max(0, w-2-Width(why)))
		if at+2+Width(why) > w && under > w/2 {
			at = 0
		}
		lines = append(lines, look.NewLine(w).Gap(at).Put(themes.Err, "^ ").Put(themes.Err, why).String())
	}
	return pad(lines, w, h)
}

// typed draws the part of the value around the caret and returns the column of
// the first wrong rune.
func (in *Input) typed(n *Line, room int) (bad int) {
	bad = n.used
	caret := clamp(in.Caret, 0, len(in.Value))
	if len(in.Value) == 0 {
		hint := n.look.Fit(Clean(in.Hint), room-1)
		n.Put(themes.Caret, " ").Put(themes.Dim, hint)
		return bad
	}
	first, used := caret, 1
	for first > 0 {
		wide := ansi.StringWidth(string(in.Value[first-1]))
		if used+wide > room {
			break
		}
		first, used = first-1, used+wide
	}
	end := n.used + room
	for i := first; i < len(in.Value); i++ {
		text := Clean(string(in.Value[i]))
		wide := Width(text)
		if n.used+wide > end {
			break
		}
		role := themes.Fg
		if in.Bad != "" && i >= in.From && i < in.To {
			role = themes.Bad
			if i == in.From {
				bad = n.used
			}
		}
		if i == caret {
			role = themes.Caret
		}
		if wide > 0 {
			n.raw(role, text, wide)
		}
	}
	if in.Bad != "" && in.From >= len(in.Value) {
		bad = n.used
	}
	if caret == len(in.Value) && n.used < end {
		n.Put(themes.Caret, " ")
	}
	return bad
}
