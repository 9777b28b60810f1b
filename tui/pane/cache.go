package pane

// Cache keeps the lines of a View until something they depend on changes.
type Cache struct {
	key   cacheKey
	valid bool
	lines []string
}

type cacheKey struct {
	gen, serial, w, h, zoom int
	glyphs                  string
	focus                   bool
	second                  int64
}

// Lines returns the lines drawn last for this generation and frame, or draws them. A pane bumps its
// generation in Update whenever what it shows changed. Live panes are drawn anew every second.
func (c *Cache) Lines(gen int, f Frame, live bool, draw func() []string) []string {
	k := cacheKey{gen: gen, serial: f.Serial, w: f.W, h: f.H, zoom: f.Zoom, glyphs: f.Glyphs, focus: f.Focus}
	if live {
		k.second = f.Now.Unix()
	}
	if !c.valid || c.key != k {
		c.lines, c.key, c.valid = draw(), k, true
	}
	return c.lines
}
