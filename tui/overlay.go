package tui

import (
	"sort"
	"strings"

	tea "charm.land/bubbletea/v2"

	"pace/tui/widget"
)

// overlay lies over the pane and has the keys until it closes. It reports what was chosen; the root and
// the panes act on it.
type overlay interface {
	key(m *Model, k tea.KeyPressMsg) tea.Cmd
}

// boxOverlay is an overlay that lies over the pane as a box.
type boxOverlay interface {
	// box draws the overlay in at most w x h cells and says where its upper left corner stands.
	box(m *Model, w, h int) (lines []string, x, y int)
}

// paster is an overlay into which text can be pasted.
type paster interface {
	paste(m *Model, text string) tea.Cmd
}

// clicker is an overlay that takes clicks, in cells from its own corner.
type clicker interface {
	click(m *Model, x, y int) tea.Cmd
}

func (m *Model) view() widget.Look {
	g, _ := widget.GlyphsFor(m.look.glyphs, func(string) string { return "" })
	return widget.Look{Theme: m.look.theme, Glyphs: g}
}

// overlaid lays the open box over the rows of header and pane, and a notice that needs more than a line into
// their lower right corner.
func (m *Model) overlaid(rows []string) []string {
	if o, ok := m.over.(boxOverlay); ok {
		lines, x, y := o.box(m, m.look.w-4, len(rows)-2)
		rows = widget.Overlay(rows, lines, x, y)
	}
	if t, ok := m.said.toast(); ok && m.tall(t) {
		lines := m.view().Toast(toastState(t.level), t.text, t.hint, min(m.look.w-4, 64))
		rows = widget.Overlay(rows, lines, m.look.w-2-widget.Width(lines[0]), len(rows)-len(lines))
	}
	return rows
}

// typeKey changes a line of text and says whether the key meant anything to it.
func typeKey(in *widget.Input, k tea.KeyPressMsg) bool {
	switch k.String() {
	case "left", "ctrl+b":
		in.Move(-1)
	case "right", "ctrl+f":
		in.Move(1)
	case "home", "ctrl+a":
		in.Move(-len(in.Value))
	case "end", "ctrl+e":
		in.Move(len(in.Value))
	case "backspace", "ctrl+h":
		in.Delete(-1)
	case "delete", "ctrl+d":
		in.Delete(1)
	case "ctrl+w":
		in.DeleteWord()
	case "ctrl+u":
		in.Delete(-len(in.Value))
	case "ctrl+k":
		in.Delete(len(in.Value))
	default:
		text := k.Key().Text
		if text == "" {
			return false
		}
		in.Insert(text)
	}
	return true
}

// chooser is a box with a line to type in and the list that it narrows: menus, the palette and the help.
type chooser struct {
	title, foot string
	input       widget.Input
	list        widget.List
	shown       []int // the choice behind each row of the list
}

// narrow lists what fits the typed text, the best first.
func (c *chooser) narrow(items []widget.Item) {
	type found struct{ at, score int }
	text := strings.TrimSpace(c.input.String())
	hits := make([]found, 0, len(items))
	for i := range items {
		if score, marks, ok := fit(&items[i], text); ok {
			items[i].Match = marks
			hits = append(hits, found{i, score})
		}
	}
	sort.SliceStable(hits, func(a, b int) bool { return hits[a].score > hits[b].score })
	c.list.Items, c.shown = c.list.Items[:0], c.shown[:0]
	for _, h := range hits {
		c.list.Items, c.shown = append(c.list.Items, items[h.at]), append(c.shown, h.at)
	}
	c.list.Move(0)
}

// fit scores an item: its text counts, and behind that the words of its detail. A verb that takes words fits
// what begins with it.
func fit(item *widget.Item, text string) (score int, marks []int, ok bool) {
	if score, marks, ok = widget.Fuzzy(text, item.Text); ok {
		return score, marks, true
	}
	if strings.HasPrefix(text, item.Text+" ") {
		return len(item.Text), nil, true
	}
	all := strings.ToLower(item.Text + " " + item.Detail)
	for _, word := range strings.Fields(strings.ToLower(text)) {
		if !strings.Contains(all, word) {
			return 0, nil, false
		}
	}
	return -1, nil, true
}

// move moves the cursor and says whether the key did.
func (c *chooser) move(key string) bool {
	switch key {
	case "up", "ctrl+p":
		c.list.Move(-1)
	case "down", "ctrl+n":
		c.list.Move(1)
	case "pgup":
		c.list.Move(-10)
	case "pgdown":
		c.list.Move(10)
	default:
		return false
	}
	return true
}

// current is the choice under the cursor, -1 where nothing fits.
func (c *chooser) current() int {
	if c.list.Row >= len(c.shown) {
		return -1
	}
	return c.shown[c.list.Row]
}

// at is the choice under a click, -1 for none; the cursor goes there.
func (c *chooser) at(y int) int {
	i := c.list.Top + y - 2
	if y < 2 || i >= len(c.shown) {
		return -1
	}
	c.list.Row = i
	return c.shown[i]
}

// The least and most columns of a chooser.
const minChooser, maxChooser = 44, 96

// lines draws the chooser in at most h lines.
func (c *chooser) lines(look widget.Look, w, h int) []string {
	c.list.Focus = true
	c.list.Empty = "nothing fits"
	c.input.Prompt, c.input.Hint = " ", "type to search"
	h = min(h, max(len(c.list.Items), 1)+3)
	lines := append(c.input.Lines(look, w-2, 1), c.list.Lines(look, w-2, max(0, h-3))...)
	return look.Box(widget.Box{Title: c.title, Foot: c.foot, Lines: lines, Focus: true}, w, h)
}

// width is what the choices need.
func (c *chooser) width(limit int) int {
	texts, details, notes := 0, 0, 0
	for i := range c.list.Items {
		it := &c.list.Items[i]
		texts = max(texts, widget.Width(widget.Clean(it.Text)))
		details = max(details, widget.Width(widget.Clean(it.Detail)), widget.Width(it.Off))
		notes = max(notes, widget.Width(widget.Clean(it.Note)))
	}
	return max(min(texts+details+notes+10, limit, maxChooser), min(limit, minChooser))
}
