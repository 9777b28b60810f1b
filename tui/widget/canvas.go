package widget

// Canvas puts drawn rectangles side by side on w x h cells. Rectangles must not overlap and are put from
// left to right.
type Canvas struct {
	W, H  int
	parts []placed
}

type placed struct {
	x, y, w int
	lines   []string
}

// Put places lines that are w cells wide with their upper left corner at x, y.
func (c *Canvas) Put(x, y, w int, lines []string) {
	if w > 0 && len(lines) > 0 {
		c.parts = append(c.parts, placed{x, y, w, lines})
	}
}

// Lines joins the parts row by row.
func (c *Canvas) Lines() []string {
	out := make([]string, max(c.H, 0))
	var b []byte
	for y := range out {
		b = b[:0]
		x := 0
		for i := range c.parts {
			p := &c.parts[i]
			if y < p.y || y >= p.y+len(p.lines) || p.x < x {
				continue
			}
			b = appendSpaces(b, p.x-x)
			b = append(b, p.lines[y-p.y]...)
			x = p.x + p.w
		}
		out[y] = string(appendSpaces(b, c.W-x))
	}
	return out
}
