package themes

import (
	"fmt"
	"strings"
	"testing"
)

// papers are the backgrounds a palette must hold on: black and the usual dark
// grey, white and the yellowest of the usual light ones.
func papers(p Palette) []Color {
	if p.Dark {
		return []Color{rgb(0, 0, 0), rgb(0x1c, 0x1c, 0x1c)}
	}
	return []Color{rgb(255, 255, 255), rgb(0xfb, 0xf1, 0xc7)}
}

func variants() map[string]Palette {
	out := map[string]Palette{}
	for _, e := range All() {
		out[e.Name+" on dark"] = e.OnDark()
		out[e.Name+" on light"] = e.OnLight()
	}
	return out
}

func TestContrastOfKnownPairs(t *testing.T) {
	// The values WCAG's own technique pages give: black on white is 21:1, and
	// #767676 is the lightest grey that passes on white, #777777 does not.
	if got := Contrast(rgb(0, 0, 0), rgb(255, 255, 255)); got != 21 {
		t.Errorf("black on white: %v", got)
	}
	if got := Contrast(rgb(0x76, 0x76, 0x76), rgb(255, 255, 255)); got < 4.5 {
		t.Errorf("#767676 on white: %v", got)
	}
	if got := Contrast(rgb(0x77, 0x77, 0x77), rgb(255, 255, 255)); got >= 4.5 {
		t.Errorf("#777777 on white: %v", got)
	}
}

func TestDefaultsStandOut(t *testing.T) {
	for name, p := range variants() {
		if p.Plain {
			continue
		}
		for r := range p.Ink {
			role := Role(r)
			need := 4.5
			if role.IsMark() {
				need = 3
			}
			c := p.Ink[r]
			if !c.set || !c.onCube() || c.X256 < 16 || c.X16 > 15 {
				t.Errorf("%s role %d: %+v is not a cube colour with a twin", name, r, c)
			}
			for _, paper := range papers(p) {
				if got := Contrast(c, paper); got < need {
					t.Errorf("%s role %d: %s on %s is %.2f, want %.1f", name, r, c.Hex(), paper.Hex(), got, need)
				}
			}
			for s := Cursor; s < NumSurfaces; s++ {
				if got := Contrast(p.ink(s, role), p.Under[s]); got < need {
					t.Errorf("%s role %d on surface %d: %.2f, want %.1f", name, r, s, got, need)
				}
			}
		}
	}
}

func TestHighContrastReachesSeven(t *testing.T) {
	for _, p := range []Palette{highContrastDark(), highContrastLight()} {
		for r := Fg; !r.IsMark(); r++ {
			if got := Contrast(p.Ink[r], p.Paper); got < 7 {
				t.Errorf("dark=%v role %d: %.2f", p.Dark, r, got)
			}
		}
	}
}

func TestSeriesAndHeatAreTellable(t *testing.T) {
	for name, p := range variants() {
		if p.Plain {
			continue
		}
		seen := map[uint8]bool{}
		for i := range 8 {
			c := p.Ink[Series(i)]
			if seen[c.X256] {
				t.Errorf("%s: series %d repeats a colour", name, i)
			}
			seen[c.X256] = true
		}
		for _, ramp := range []Role{Heat0, Cold0} {
			for i := Role(1); i < 4; i++ {
				more := Contrast(p.Ink[ramp+i], p.Paper) > Contrast(p.Ink[ramp+i-1], p.Paper)
				if !more {
					t.Errorf("%s: ramp %d step %d is not stronger than the one before", name, ramp, i)
				}
			}
		}
	}
}

func TestBuildReducesToProfile(t *testing.T) {
	want := map[Profile]string{
		ProfileNone: "", Profile16: "\x1b[91m", Profile256: "\x1b[38;5;210m", ProfileTrue: "\x1b[38;5;210m",
	}
	for profile, open := range want {
		th := Build("t", dark(), profile, false)
		if got := th.Style(Warn).Open(); profile == ProfileNone && got != "" {
			t.Errorf("no colour: warn opens with %q", got)
		}
		if got := th.Style(Err).Open(); profile != ProfileNone && got != open {
			t.Errorf("profile %d: %q, want %q", profile, got, open)
		}
		for s := range th.styles {
			for r, st := range th.styles[s] {
				for _, code := range strings.Split(strings.TrimSuffix(strings.TrimPrefix(st.open, "\x1b["), "m"), ";") {
					if profile == ProfileNone && !strings.Contains(" 1 2 4 7 ", " "+code+" ") && code != "" {
						t.Errorf("no colour: surface %d role %d opens with %q", s, r, st.open)
					}
				}
				if (st.open == "") != (st.close == "") {
					t.Errorf("surface %d role %d: unbalanced %q %q", s, r, st.open, st.close)
				}
			}
		}
	}
}

func TestStyleWraps(t *testing.T) {
	st := Build("t", dark(), Profile256, false).Style(Strong)
	const want = "\x1b[1;38;5;231mx\x1b[m"
	if got := st.Wrap("x"); got != want {
		t.Errorf("wrap %q, want %q", got, want)
	}
	if got := string(st.Append([]byte("a"), "x")); got != "a"+want {
		t.Errorf("append %q", got)
	}
	if got := st.Wrap("") + (Style{}).Wrap("x"); got != "x" {
		t.Errorf("nothing to style gives %q", got)
	}
}

func TestFindPaintsOnlyWhenBackgroundDiffers(t *testing.T) {
	for _, c := range []struct {
		name string
		dark bool
		want string
	}{
		{"auto", true, ""}, {"auto", false, ""}, {"dark", true, ""}, {"dark", false, "#1c1c1c"},
		{"light", false, ""}, {"light", true, "#ffffff"}, {"colour-blind", false, ""}, {"mono", true, ""},
	} {
		th, ok := Find(c.name, c.dark, ProfileTrue)
		if !ok || th.Background != c.want {
			t.Errorf("%s on dark=%v: %v %+v, want background %q", c.name, c.dark, ok, th.Background, c.want)
		}
		if painted := th.Style(Fg).Open() != ""; painted != (c.want != "") {
			t.Errorf("%s on dark=%v: plain text painted=%v", c.name, c.dark, painted)
		}
	}
	if _, ok := Find("nosuch", true, ProfileTrue); ok {
		t.Error("found a theme that does not exist")
	}
}

func TestDetectProfile(t *testing.T) {
	for _, c := range []struct {
		flag, env string
		want      Profile
	}{
		{"", "TERM=xterm-256color", Profile256},
		{"", "TERM=xterm-256color COLORTERM=truecolor", ProfileTrue},
		{"", "TERM=tmux-256color COLORTERM=truecolor", Profile256},
		{"", "TERM=screen", Profile256},
		{"", "TERM=xterm", Profile16},
		{"", "TERM=linux", Profile16},
		{"", "TERM=dumb", ProfileNone},
		{"", "", ProfileNone},
		{"", "TERM=xterm-256color NO_COLOR=yes", ProfileNone},
		{"", "TERM=xterm-256color NO_COLOR=0", ProfileNone},
		{"always", "TERM=xterm-256color NO_COLOR=1", Profile256},
		{"always", "TERM=dumb", Profile16},
		{"never", "TERM=xterm-256color", ProfileNone},
		{"16", "NO_COLOR=1", Profile16},
		{"true", "TERM=dumb", ProfileTrue},
	} {
		env := map[string]string{}
		for _, kv := range strings.Fields(c.env) {
			k, v, _ := strings.Cut(kv, "=")
			env[k] = v
		}
		got, err := DetectProfile(c.flag, func(k string) string { return env[k] })
		if err != nil || got != c.want {
			t.Errorf("%q %q: %v %v, want %v", c.flag, c.env, got, err, c.want)
		}
	}
	if _, err := DetectProfile("pink", func(string) string { return "" }); err == nil {
		t.Error("--color pink is accepted")
	}
}

// gruvbox is the scheme "Gruvbox dark, medium" by Dawid Kurek.
var gruvbox = [16]string{
	"282828", "3c3836", "504945", "665c54", "bdae93", "d5c4a1", "ebdbb2", "fbf1c7",
	"fb4934", "fe8019", "fabd2f", "b8bb26", "8ec07c", "83a598", "d3869b", "d65d0e",
}

func schemeText(layout string) string {
	var b strings.Builder
	switch layout {
	case "flat":
		b.WriteString("scheme: \"Gruvbox\" # a comment\nauthor: 'x'\n")
		for i, v := range gruvbox {
			fmt.Fprintf(&b, "base%02X: \"%s\"\n", i, v)
		}
	case "palette":
		b.WriteString("system: base16\nname: Gruvbox\nvariant: dark\npalette:\n")
		for i, v := range gruvbox {
			fmt.Fprintf(&b, "  base%02X: \"#%s\" # slot\n", i, v)
		}
	case "json":
		b.WriteString(`{"name":"Gruvbox","palette":{`)
		for i, v := range gruvbox {
			if i > 0 {
				b.WriteString(",")
			}
			fmt.Fprintf(&b, `"base%02X":"#%s"`, i, v)
		}
		b.WriteString("}}")
	}
	return b.String()
}

func TestBase16(t *testing.T) {
	for _, layout := range []string{"flat", "palette", "json"} {
		name, p, err := Base16([]byte(schemeText(layout)))
		if err != nil {
			t.Fatalf("%s: %v", layout, err)
		}
		if name != "Gruvbox" || !p.Dark || p.Paper.Hex() != "#282828" {
			t.Errorf("%s: %q dark=%v on %s", layout, name, p.Dark, p.Paper.Hex())
		}
		th := Build(name, p, ProfileTrue, true)
		if got := th.Style(OK).Open(); got != "\x1b[38;2;184;187;38m" {
			t.Errorf("%s: ok opens with %q", layout, got)
		}
		if th.Background != "#282828" {
			t.Errorf("%s: background %q", layout, th.Background)
		}
	}
}

func TestBase16Refuses(t *testing.T) {
	good := schemeText("flat")
	for _, bad := range []string{"", "{", "base00: x", strings.Replace(good, "282828", "28282", 1), strings.Replace(good, "base0F", "base1F", 1), strings.Repeat("#", schemeLimit+1)} {
		if _, _, err := Base16([]byte(bad)); err == nil {
			t.Errorf("accepted %.40q", bad)
		}
	}
}

// checkScheme holds the promise that any scheme can be read on its own paper.
func checkScheme(t *testing.T, p Palette) {
	t.Helper()
	for r := range p.Ink {
		need := 4.5
		if Role(r).IsMark() {
			need = 3
		}
		for s := Page; s < NumSurfaces; s++ {
			if got := Contrast(p.ink(s, Role(r)), p.Under[s]); got < need-.05 {
				t.Fatalf("role %d on surface %d: %.2f, want %.1f", r, s, got, need)
			}
		}
	}
}

func FuzzBase16(f *testing.F) {
	for _, layout := range []string{"flat", "palette", "json"} {
		text := schemeText(layout)
		f.Add([]byte(text))
		f.Add([]byte(text[:len(text)/2]))
	}
	f.Add([]byte(strings.ReplaceAll(schemeText("flat"), "fbf1c7", "282828")))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, p, err := Base16(data); err == nil {
			checkScheme(t, p)
		}
	})
}

func TestEveryTruncationOfASchemeIsHandled(t *testing.T) {
	for _, layout := range []string{"flat", "palette", "json"} {
		text := schemeText(layout)
		for i := range text {
			if _, p, err := Base16([]byte(text[:i])); err == nil {
				checkScheme(t, p)
			}
		}
	}
}
