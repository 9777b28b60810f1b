// Package themes turns a palette into the styles every screen draws with: one
// builder, one role per meaning, already reduced to what the terminal can show.
// It must not know panes, widgets, data, or that a screen exists.
package themes

// Role says what a piece of text means; the theme says how that looks.
type Role uint8

// The roles. Text roles reach 4.5:1 on every surface, mark roles 3:1.
const (
	// Fg is ordinary text: the terminal's own colour unless the theme paints its background.
	Fg Role = iota
	// Strong is text that carries the row: names, last values.
	Strong
	// Dim is text that can be read but need not be.
	Dim
	// Header is a column title or section name.
	Header
	// Accent is the one colour that says "here".
	Accent
	// Key is a key in a hint.
	Key
	// Match is the part of a text that a search found.
	Match
	// OK is a state that is well.
	OK
	// Warn is a state to look at.
	Warn
	// Err is a state that is broken.
	Err
	// Live is something that moves now.
	Live
	// Bad underlines the wrong part of an input.
	Bad
	// Caret is where typing goes.
	Caret
	// Faint is a mark that must not speak up: raw dots, guides, empty bars.
	Faint
	// Border is a rule or a box.
	Border
	// Focus is the border or gutter of what has the keys.
	Focus
	// Series0 is the first of the eight series colours.
	Series0
	// Heat0 is the weakest of the four steps of a heat map above zero.
	Heat0 = Series0 + 8
	// Cold0 is the weakest of the four steps of a heat map below zero.
	Cold0 = Heat0 + 4
	// NumRoles counts the roles.
	NumRoles = int(Cold0) + 4
)

// Series is the role of the i-th series; colours repeat after eight, which is
// why a series also has a letter.
func Series(i int) Role { return Series0 + Role(((i%8)+8)%8) }

// IsMark tells whether a role colours marks (3:1) rather than text (4.5:1).
func (r Role) IsMark() bool { return r >= Faint }

// Surface is what lies under the text.
type Surface uint8

// The surfaces.
const (
	// Page is the plain background.
	Page Surface = iota
	// Cursor is the current row of the part that has the keys.
	Cursor
	// Rest is the current row of a part that does not.
	Rest
	// NumSurfaces counts the surfaces.
	NumSurfaces = 3
)

// Style is a pair of ready-made terminal sequences. The zero value adds nothing.
type Style struct{ open, close string }

// Open is the sequence that starts the style; it assumes nothing is set.
func (s Style) Open() string { return s.open }

// Close is the sequence that ends it.
func (s Style) Close() string { return s.close }

// Wrap returns text in the style.
func (s Style) Wrap(text string) string {
	if s.open == "" || text == "" {
		return text
	}
	return s.open + text + s.close
}

// Append adds text in the style to a buffer.
func (s Style) Append(b []byte, text string) []byte {
	if s.open == "" || text == "" {
		return append(b, text...)
	}
	b = append(b, s.open...)
	b = append(b, text...)
	return append(b, s.close...)
}

// Palette is one theme's colours before a terminal is known. A colour that is
// not set falls back to Fg.
type Palette struct {
	Dark  bool
	Plain bool // colours play no part: attributes only, whatever the terminal can do
	Paper Color
	Under [NumSurfaces]Color
	Ink   [NumRoles]Color
}

// Theme is a palette built for one terminal. It is read-only and safe to share.
type Theme struct {
	Name    string
	Dark    bool
	Profile Profile
	// Background is the colour to ask of the terminal ("#rrggbb"), or "" when
	// its own background is the one the palette was made for.
	Background string
	styles     [NumSurfaces][NumRoles]Style
}

// Style is the role on the plain page.
func (t *Theme) Style(r Role) Style { return t.styles[Page][r] }

// On is the role on a surface.
func (t *Theme) On(s Surface, r Role) Style { return t.styles[s][r] }

// Build makes the theme of a palette for what the terminal can show. With paint
// the palette's own background is asked of the terminal and plain text gets its
// colour too; without it plain text stays in the terminal's colour.
func Build(name string, p Palette, profile Profile, paint bool) *Theme {
	if p.Plain {
		profile = ProfileNone
	}
	t := &Theme{Name: name, Dark: p.Dark, Profile: profile}
	if paint && profile > ProfileNone {
		t.Background = p.Paper.Hex()
	}
	for s := range t.styles {
		for r := range t.styles[s] {
			t.styles[s][r] = p.style(Surface(s), Role(r), profile, paint)
		}
	}
	return t
}

func (p *Palette) style(s Surface, r Role, profile Profile, paint bool) Style {
	codes := make([]byte, 0, 32)
	codes = attributes(codes, s, r, profile)
	if profile > ProfileNone {
		// Sixteen colours are the user's own: nothing is known about their
		// contrast on each other, so a row of these is reversed instead.
		reversed := profile == Profile16 && s == Cursor
		if !reversed && (r != Fg || paint || s != Page) {
			codes = profile.foreground(codes, p.ink(s, r))
		}
		if s != Page && profile > Profile16 {
			codes = profile.background(codes, p.Under[s])
		}
	}
	if len(codes) == 0 {
		return Style{}
	}
	return Style{open: "\x1b[" + string(codes[:len(codes)-1]) + "m", close: "\x1b[m"}
}

// ink is the role's colour on a surface: where it would not stand out enough,
// the meaning is left to the glyph and the text stays readable.
func (p *Palette) ink(s Surface, r Role) Color {
	c := p.Ink[r]
	if !c.set {
		c = p.Ink[Fg]
	}
	under := p.Under[s]
	need := 4.5
	if r.IsMark() {
		need = 3
	}
	if s == Page || !under.set || Contrast(c, under) >= need {
		return c
	}
	if fg := p.Ink[Fg]; Contrast(fg, under) >= need {
		return fg
	}
	return p.Paper
}

// attributes are the same in every theme, except that without colours they
// carry a little more.
func attributes(b []byte, s Surface, r Role, profile Profile) []byte {
	switch r {
	case Strong, Header, Key, Focus:
		b = append(b, "1;"...)
	case Match:
		b = append(b, "1;4;"...)
	case Bad:
		b = append(b, "4;"...)
	case Caret:
		if s != Cursor || profile > Profile16 {
			b = append(b, "7;"...)
		}
	}
	if profile == ProfileNone {
		switch r {
		case Accent, Err, Live:
			b = append(b, "1;"...)
		case Faint:
			b = append(b, "2;"...)
		}
	}
	if s == Cursor && profile <= Profile16 && r != Caret {
		b = append(b, "7;"...)
	}
	return b
}
