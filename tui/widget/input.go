package widget

import (
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"pace/themes"
)

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
