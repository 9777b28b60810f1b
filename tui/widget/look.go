// Package widget draws tables, charts and text: data, a look and a size go in,
// lines of exactly that size come out. It must not know messages, panes, where
// the data came from, or the time.
//
// Every drawing keeps four promises, which a fuzz test holds over all of them:
// exactly h lines, each exactly w columns wide; nothing from a file reaches the
// terminal uncleaned; words end in an ellipsis when cut; numbers are never cut
// but written shorter.
package widget

import (
	"strings"
	"sync"

	"pace/themes"
)

// Look is everything about drawing that is not data: pass it by value. Both
// fields must be set.
type Look struct {
	Theme  *themes.Theme
	Glyphs *Glyphs
}

// same tells whether two looks draw the same: a caller may build its glyph set
// anew for every drawing.
func (l Look) same(o Look) bool {
	return l.Theme == o.Theme && l.Glyphs != nil && o.Glyphs != nil && l.Glyphs.Name == o.Glyphs.Name
}

// Style is the theme's style of a role on the plain page.
func (l Look) Style(r themes.Role) themes.Style { return l.Theme.Style(r) }

// Dots is how a chart turns points into characters.
type Dots uint8

// The ways, from finest to plainest.
const (
	// DotsBraille packs 2 by 4 dots in a cell.
	DotsBraille Dots = iota
	// DotsBlock packs 1 by 2 in half blocks.
	DotsBlock
	// DotsASCII draws with the printable ASCII characters only.
	DotsASCII
)

// Glyphs is one set of drawing characters. Every field is one column wide.
type Glyphs struct {
	Name  string
	Dots  Dots
	Text  TextGlyphs
	Rules RuleGlyphs
	// Eighths are the eight heights of a bar, Parts the eight widths.
	Eighths, Parts [8]string
	state          [numStates]string
}

// TextGlyphs are the marks that stand in running text.
type TextGlyphs struct {
	Ellipsis, None, Cursor, Mark, Crumb, Up, Down, Left, Right, Open, Closed string
}

// RuleGlyphs are lines, corners and ticks.
type RuleGlyphs struct {
	Across, Upright, TopLeft, TopRight, BottomLeft, BottomRight, YTick, Cross string
}

// Braille is the default set: UTF-8 with braille dots.
func Braille() *Glyphs {
	return &Glyphs{
		Name: "braille", Dots: DotsBraille,
		Text:    TextGlyphs{Ellipsis: "…", None: "—", Cursor: "▸", Mark: "*", Crumb: "▸", Up: "▲", Down: "▼", Left: "‹", Right: "›", Open: "▾", Closed: "▸"},
		Rules:   RuleGlyphs{Across: "─", Upright: "│", TopLeft: "╭", TopRight: "╮", BottomLeft: "╰", BottomRight: "╯", YTick: "┤", Cross: "│"},
		Eighths: [8]string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
		Parts:   [8]string{"▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"},
		state:   [numStates]string{"✓", "●", "▲", "✕", "○", "■", "~", "?"},
	}
}

// Block is UTF-8 without braille, for fonts that lack it.
func Block() *Glyphs {
	g := Braille()
	g.Name, g.Dots = "block", DotsBlock
	return g
}

// ASCII uses nothing outside 0x20-0x7e.
func ASCII() *Glyphs {
	return &Glyphs{
		Name: "ascii", Dots: DotsASCII,
		Text:    TextGlyphs{Ellipsis: "~", None: "-", Cursor: ">", Mark: "*", Crumb: ">", Up: "^", Down: "v", Left: "<", Right: ">", Open: "-", Closed: "+"},
		Rules:   RuleGlyphs{Across: "-", Upright: "|", TopLeft: "+", TopRight: "+", BottomLeft: "+", BottomRight: "+", YTick: "|", Cross: "|"},
		Eighths: [8]string{"_", ".", ",", "-", "~", "=", "*", "#"},
		Parts:   [8]string{".", ".", ":", ":", "-", "=", "#", "#"},
		state:   [numStates]string{"+", "o", "!", "x", ".", "#", "~", "?"},
	}
}

// GlyphsFor picks a set: by its name, or for "" and "auto" by the environment.
// A locale that is not UTF-8 and the terminals linux and dumb get ASCII. ok is
// false for a name no set has.
func GlyphsFor(name string, getenv func(string) string) (g *Glyphs, ok bool) {
	switch name {
	case "braille":
		return braille(), true
	case "block":
		return block(), true
	case "ascii":
		return ascii(), true
	case "", "auto":
	default:
		return nil, false
	}
	locale := getenv("LC_ALL")
	for _, k := range []string{"LC_CTYPE", "LANG"} {
		if locale == "" {
			locale = getenv(k)
		}
	}
	locale = strings.ReplaceAll(strings.ToLower(locale), "-", "")
	term := getenv("TERM")
	// Windows says nothing about a locale, and its terminal is UTF-8.
	unicode := strings.Contains(locale, "utf8") || getenv("WT_SESSION") != ""
	if !unicode || term == "linux" || term == "dumb" {
		return ascii(), true
	}
	return braille(), true
}

// The sets that GlyphsFor gives out; they never change.
var (
	braille = sync.OnceValue(Braille)
	block   = sync.OnceValue(Block)
	ascii   = sync.OnceValue(ASCII)
)

// State is what a thing is in; it is always drawn as a glyph, and a word stands
// beside it.
type State uint8

// The states.
const (
	StateOK State = iota
	StateLive
	StateWarn
	StateFailed
	StateQueued
	StateKilled
	StateStale
	StateUnknown
	numStates
)

// Glyph is the state's mark in this look.
func (l Look) Glyph(s State) string { return l.Glyphs.state[min(s, StateUnknown)] }

// Role is the state's colour.
func (s State) Role() themes.Role {
	switch s {
	case StateOK:
		return themes.OK
	case StateLive:
		return themes.Live
	case StateWarn:
		return themes.Warn
	case StateFailed:
		return themes.Err
	}
	return themes.Dim
}

// Word is the state's name for people.
func (s State) Word() string {
	words := [...]string{"ok", "live", "warn", "failed", "queued", "killed", "stale", "unknown"}
	return words[min(s, StateUnknown)]
}
