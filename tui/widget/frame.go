package widget

import (
	"github.com/charmbracelet/x/ansi"

	"pace/themes"
)

// Zone is a part of a line that can be clicked: columns From to To, To not
// included, and what it stands for.
type Zone struct {
	ID       string
	From, To int
}

// ZoneAt is the id under a column, "" when none is.
func ZoneAt(zones []Zone, x int) string {
	for _, z := range zones {
		if x >= z.From && x < z.To {
			return z.ID
		}
	}
	return ""
}

// Rule is a horizontal line of w columns with a title in it.
func (l Look) Rule(title string, w int) string {
	n := l.NewLine(w)
	if title != "" && w > 6 {
		n.Rule(themes.Border, 1).Gap(1).Put(themes.Header, l.Fit(Clean(title), w-4)).Gap(1)
	}
	return n.Rule(themes.Border, n.Room()).String()
}

// Box is a border around lines, with a title in its upper edge and, in its lower one, what can be done.
type Box struct {
	Title, Foot string
	// Lines should be two columns and two rows smaller than the box; they are cut or filled to that.
	Lines []string
	// Focus shows who has the keys.
	Focus bool
	// Notice colours the border by State.
	Notice bool
	State  State
}

func (b Box) roles() (border, title themes.Role) {
	switch {
	case b.Notice:
		return b.State.Role(), b.State.Role()
	case b.Focus:
		return themes.Focus, themes.Accent
	}
	return themes.Border, themes.Header
}

// Box draws a box.
func (l Look) Box(b Box, w, h int) []string {
	if w < 2 || h < 2 {
		return Blank(w, h)
	}
	role, name := b.roles()
	rules := l.Glyphs.Rules
	edge := func(left, right, text string, style themes.Role) string {
		n := l.NewLine(w).raw(role, left, 1)
		if text != "" && w > 8 {
			n.Rule(role, 1).Gap(1).Put(style, l.Fit(Clean(text), w-6)).Gap(1)
		}
		return n.Rule(role, w-1-n.used).raw(role, right, 1).String()
	}
	out := make([]string, 0, h)
	out = append(out, edge(rules.TopLeft, rules.TopRight, b.Title, name))
	side := l.Style(role).Wrap(rules.Upright)
	for i := range h - 2 {
		line := ""
		if i < len(b.Lines) {
			line = b.Lines[i]
		}
		out = append(out, side+exactly(line, w-2)+side)
	}
	return append(out, edge(rules.BottomLeft, rules.BottomRight, b.Foot, themes.Dim))
}

// exactly cuts or fills a drawn line to w columns.
func exactly(s string, w int) string {
	n := Width(s)
	switch {
	case n == w:
		return s
	case n > w:
		s = ansi.Truncate(s, w, "") + "\x1b[m"
		n = Width(s)
	}
	return s + spaces(w-n)
}

// Overlay lays lines over others, the first at column x of line y. Both keep
// their styles; what does not fit is cut. The result is as large as under.
func Overlay(under, over []string, x, y int) []string {
	out := append([]string(nil), under...)
	for i, line := range over {
		at := y + i
		if at < 0 || at >= len(out) {
			continue
		}
		w := Width(out[at])
		from := clamp(x, 0, w)
		// A wide character on the cut stays whole: what is left of the piece is
		// measured again.
		line = ansi.Truncate(ansi.TruncateLeft(line, max(0, -x), ""), w-from, "")
		to := from + Width(line)
		left := exactly(ansi.Truncate(out[at], from, ""), from)
		right := exactly(ansi.TruncateLeft(out[at], to, ""), w-to)
		out[at] = left + "\x1b[m" + line + "\x1b[m" + right
	}
	return out
}

// Tabs draws names between braces, the current one marked, and the zones of all
// that can be seen (ids are the names). Where not all fit, the current one
// stays and arrows say that there are more.
func (l Look) Tabs(names []string, at, w int) (string, []Zone) {
	n := l.NewLine(w)
	if len(names) == 0 || w < 8 {
		return n.String(), nil
	}
	at = clamp(at, 0, len(names)-1)
	first := 0
	for first < at && tabsWidth(names[first:at+1])+4 > w {
		first++
	}
	n.Put(themes.Dim, "{ ")
	if first > 0 {
		n.used, n.buf = 0, n.buf[:0]
		n.Put(themes.Dim, l.Glyphs.Text.Left+" ")
	}
	var zones []Zone
	for i := first; i < len(names); i++ {
		more := 2
		if room := n.Room() - more; i > first && tabsWidth(names[i:i+1])+3 > room {
			return n.Put(themes.Dim, " "+l.Glyphs.Text.Right).String(), zones
		}
		if i > first {
			n.Put(themes.Dim, " | ")
		}
		role := themes.Fg
		if i == at {
			role = themes.Key
		}
		from := n.used
		n.Put(role, l.Fit(Clean(names[i]), n.Room()-more))
		zones = append(zones, Zone{names[i], from, n.used})
	}
	return n.Put(themes.Dim, " }").String(), zones
}

func tabsWidth(names []string) int {
	w := 0
	for i, s := range names {
		if i > 0 {
			w += 3
		}
		w += Width(Clean(s))
	}
	return w
}

// Badge is one fact at the right end of a header.
type Badge struct {
	Role themes.Role
	Text string
}

// Header draws the breadcrumb and, at the right end, badges. Where it gets
// narrow the last badges go first, then the crumbs in the middle. Zones carry
// the crumbs' texts as ids.
func (l Look) Header(crumbs []string, badges []Badge, w int) (string, []Zone) {
	n := l.NewLine(w)
	n.Gap(1)
	crumbs = l.shorten(crumbs, w-2)
	var zones []Zone
	for i, c := range crumbs {
		if i > 0 && n.Room() > 3 {
			n.Gap(1).Put(themes.Dim, l.Glyphs.Text.Crumb).Gap(1)
		}
		role := themes.Fg
		if i == len(crumbs)-1 {
			role = themes.Strong
		} else if i == 0 {
			role = themes.Accent
		}
		from := n.used
		n.Put(role, c)
		zones = append(zones, Zone{c, from, n.used})
	}
	wide, fit := 1, 0
	for _, b := range badges {
		need := Width(Clean(b.Text)) + 2
		if wide+need > n.Room() {
			break
		}
		wide, fit = wide+need, fit+1
	}
	n.Gap(n.Room() - wide)
	for _, b := range badges[:fit] {
		n.Gap(2).Put(b.Role, b.Text)
	}
	return n.String(), zones
}

// shorten leaves out crumbs after the first until the rest fits.
func (l Look) shorten(crumbs []string, w int) []string {
	width := func(cs []string) int {
		n := 0
		for _, c := range cs {
			n += Width(Clean(c)) + 3
		}
		return n - 3
	}
	for len(crumbs) > 2 && width(crumbs) > w {
		next := append([]string{crumbs[0], l.Glyphs.Text.Ellipsis}, crumbs[2:]...)
		if len(crumbs) > 3 && crumbs[1] == l.Glyphs.Text.Ellipsis {
			next = append([]string{crumbs[0], l.Glyphs.Text.Ellipsis}, crumbs[3:]...)
		} else if crumbs[1] == l.Glyphs.Text.Ellipsis {
			return crumbs[len(crumbs)-1:]
		}
		crumbs = next
	}
	return crumbs
}

// Hint is a key that works now. Off dims it; Keep holds it where others give way.
type Hint struct {
	ID, Key, Label string
	Off, Keep      bool
}

// Footer draws the keys that work now, each a zone with its action's id. Hints that do not fit are left out
// from the end, those to keep last; right, when there is room, stands at the right end.
func (l Look) Footer(hints []Hint, right string, w int) (string, []Zone) {
	n := l.NewLine(w)
	n.Gap(1)
	var zones []Zone
	for i, h := range roomFor(hints, w-1) {
		if i > 0 {
			n.Gap(2)
		}
		from := n.used
		role := themes.Key
		if h.Off {
			role = themes.Faint
		}
		n.Put(role, h.Key).Gap(1).Put(themes.Dim, h.Label)
		zones = append(zones, Zone{h.ID, from, n.used})
	}
	if right = Clean(right); right != "" && n.Room() >= Width(right)+3 {
		n.Gap(n.Room()-Width(right)-1).Put(themes.Dim, right)
	}
	return n.String(), zones
}

// roomFor leaves out hints until the rest fits in w columns.
func roomFor(hints []Hint, w int) []Hint {
	need := -2
	for _, h := range hints {
		need += h.width()
	}
	out := append([]Hint(nil), hints...)
	for _, keep := range [...]bool{false, true} {
		for i := len(out) - 1; i >= 0 && need > w; i-- {
			if out[i].Keep == keep {
				need -= out[i].width()
				out = append(out[:i], out[i+1:]...)
			}
		}
	}
	return out
}

// width is what a hint takes, with the gap to the next one.
func (h Hint) width() int { return Width(Clean(h.Key)) + 1 + Width(Clean(h.Label)) + 2 }

// Toast draws a short notice: what happened, and what to do about it. It is as
// high as it needs, w wide, for laying over a corner.
func (l Look) Toast(s State, what, todo string, w int) []string {
	if w < 8 {
		return nil
	}
	inner := w - 4
	var lines []string
	mark := l.Style(s.Role()).Wrap(l.Glyph(s))
	for i, text := range wrap(Clean(what), inner-2) {
		if i == 3 {
			break
		}
		head := "  "
		if i == 0 {
			head = mark + " "
		}
		lines = append(lines, " "+head+exactly(text, inner-2)+" ")
	}
	if todo != "" {
		for i, text := range wrap(Clean(todo), inner-2) {
			if i == 2 {
				break
			}
			lines = append(lines, "   "+l.Style(themes.Dim).Wrap(exactly(text, inner-2))+" ")
		}
	}
	return l.Box(Box{Title: s.Word(), Lines: lines, Notice: true, State: s}, w, len(lines)+2)
}

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

// Lines joins the parts row by row. All of them are parts of one string.
func (c *Canvas) Lines() []string {
	out := make([]string, max(c.H, 0))
	ends := make([]int, len(out))
	size := 0
	for i := range c.parts {
		for _, l := range c.parts[i].lines {
			size += len(l)
		}
	}
	b := make([]byte, 0, size+c.W*len(out)/2)
	for y := range out {
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
		b = appendSpaces(b, c.W-x)
		ends[y] = len(b)
	}
	all, from := string(b), 0
	for y, to := range ends {
		out[y], from = all[from:to], to
	}
	return out
}
