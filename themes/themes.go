package themes

// Entry is one theme a person can name: a palette for each kind of background.
// Where the two are the same the theme brings its own background.
type Entry struct {
	Name    string
	Title   string
	OnDark  func() Palette
	OnLight func() Palette
	follows bool // has a palette for either background, so the terminal's own stays
}

// All is the list of themes in the order the palette offers them.
func All() []Entry {
	return []Entry{
		{Name: "auto", Title: "what the terminal's background asks for", OnDark: dark, OnLight: light, follows: true},
		{Name: "dark", Title: "light text on dark", OnDark: dark, OnLight: dark},
		{Name: "light", Title: "dark text on light", OnDark: light, OnLight: light},
		{Name: "high-contrast", Title: "7:1 or better", OnDark: highContrastDark, OnLight: highContrastLight, follows: true},
		{Name: "colour-blind", Title: "Okabe and Ito's colours", OnDark: colorBlindDark, OnLight: colorBlindLight, follows: true},
		{Name: "mono", Title: "no colour, bold and reverse only", OnDark: mono, OnLight: mono, follows: true},
	}
}

// Find builds a theme by name for the terminal's background and profile. ok is
// false when no theme has the name.
func Find(name string, darkBackground bool, profile Profile) (t *Theme, ok bool) {
	for _, e := range All() {
		if e.Name != name {
			continue
		}
		p := e.OnLight()
		if darkBackground {
			p = e.OnDark()
		}
		return Build(name, p, profile, !e.follows && p.Dark != darkBackground), true
	}
	return nil, false
}
