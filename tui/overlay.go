package tui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

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

// lineOverlay is an overlay that takes rows from the foot of the pane instead of lying over it.
type lineOverlay interface {
	rows() int
	lines(m *Model, w int) ([]string, int) // and the caret's column in the last line
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

// overlaid lays the open overlay over the rows of header and pane.
func (m *Model) overlaid(rows []string) []string {
	switch o := m.over.(type) {
	case lineOverlay:
		lines, caret := o.lines(m, m.look.w)
		rows = append(rows, lines...)
		m.draw.caret = tea.NewCursor(caret, len(rows)-1)
		return rows
	case boxOverlay:
		lines, x, y := o.box(m, m.look.w-4, len(rows)-2)
		for i, l := range lines {
			if y+i < len(rows) {
				rows[y+i] = splice(rows[y+i], l, x, m.look.w)
			}
		}
	}
	return rows
}

// splice puts a piece over a row from column x on; both keep their styles.
func splice(row, piece string, x, w int) string {
	end := x + widget.Width(piece)
	left := ansi.Truncate(row, x, "")
	right := ""
	if end < w {
		right = ansi.TruncateLeft(row, end, "")
	}
	return left + "\x1b[m" + piece + "\x1b[m" + right
}
