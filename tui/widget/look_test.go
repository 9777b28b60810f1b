package widget

import (
	"testing"

	"pace/themes"
)

// testLook is a look without colour, so that goldens are the bare text.
func testLook(t testing.TB, g *Glyphs) Look {
	t.Helper()
	th, ok := themes.Find("auto", true, themes.ProfileNone)
	if !ok {
		t.Fatal("no theme auto")
	}
	return Look{Theme: th, Glyphs: g}
}

func colorLook(t testing.TB) Look {
	t.Helper()
	th, ok := themes.Find("auto", true, themes.ProfileTrue)
	if !ok {
		t.Fatal("no theme auto")
	}
	return Look{Theme: th, Glyphs: Braille()}
}

// checkSize holds the first promise: exactly h lines of exactly w columns.
func checkSize(t testing.TB, what string, lines []string, w, h int) {
	t.Helper()
	if len(lines) != max(h, 0) {
		t.Fatalf("%s at %dx%d: %d lines", what, w, h, len(lines))
	}
	for i, l := range lines {
		if got := Width(l); got != max(w, 0) {
			t.Fatalf("%s at %dx%d: line %d is %d wide: %q", what, w, h, i, got, l)
		}
	}
}

func TestEveryGlyphIsOneColumn(t *testing.T) {
	for _, g := range []*Glyphs{Braille(), Block(), ASCII()} {
		var all []string
		all = append(all, g.Text.Ellipsis, g.Text.None, g.Text.Cursor, g.Text.Mark, g.Text.Crumb, g.Text.Up, g.Text.Down, g.Text.Left, g.Text.Right, g.Text.Open, g.Text.Closed)
		all = append(all, g.Rules.Across, g.Rules.Upright, g.Rules.TopLeft, g.Rules.TopRight, g.Rules.BottomLeft, g.Rules.BottomRight, g.Rules.YTick, g.Rules.Cross)
		all = append(append(append(all, g.Eighths[:]...), g.Parts[:]...), g.state[:]...)
		for i, s := range all {
			if Width(s) != 1 {
				t.Errorf("%s glyph %d %q is %d wide", g.Name, i, s, Width(s))
			}
			if g.Dots == DotsASCII && (len(s) != 1 || s[0] < 0x20 || s[0] > 0x7e) {
				t.Errorf("ascii glyph %d is %q", i, s)
			}
		}
	}
}

func TestGlyphsFor(t *testing.T) {
	for _, c := range []struct{ name, locale, term, want string }{
		{"", "en_US.UTF-8", "xterm-256color", "braille"},
		{"auto", "C.utf8", "tmux-256color", "braille"},
		{"", "C", "xterm-256color", "ascii"},
		{"", "", "xterm", "ascii"},
		{"", "en_US.UTF-8", "linux", "ascii"},
		{"", "en_US.UTF-8", "dumb", "ascii"},
		{"block", "C", "dumb", "block"},
		{"ascii", "en_US.UTF-8", "xterm", "ascii"},
	} {
		env := map[string]string{"LANG": c.locale, "TERM": c.term}
		g, ok := GlyphsFor(c.name, func(k string) string { return env[k] })
		if !ok || g.Name != c.want {
			t.Errorf("%q in %q on %q: %v, want %s", c.name, c.locale, c.term, g, c.want)
		}
	}
	if _, ok := GlyphsFor("emoji", func(string) string { return "" }); ok {
		t.Error("found a set that does not exist")
	}
	// LC_ALL overrules LANG (POSIX).
	env := map[string]string{"LC_ALL": "C", "LANG": "en_US.UTF-8", "TERM": "xterm"}
	if g, _ := GlyphsFor("", func(k string) string { return env[k] }); g.Name != "ascii" {
		t.Errorf("LC_ALL=C gives %s", g.Name)
	}
}
