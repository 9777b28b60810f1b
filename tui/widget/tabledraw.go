package widget

import "pace/themes"

// header draws the titles; the current column's is in the accent colour.
func (t *Table) header(look Look, w int) string {
	n := look.NewLine(w)
	for i, s := range t.memo.slots {
		col := t.Columns[s.col]
		title := Clean(col.Title)
		mark := ""
		switch col.Order {
		case OrderUp:
			mark = " " + look.Glyphs.Text.Up
		case OrderDown:
			mark = " " + look.Glyphs.Text.Down
		}
		room := s.w - Width(mark)
		if room < 1 {
			mark, room = "", s.w
		}
		title = look.Fit(title, room)
		role := themes.Header
		if s.col == t.Col && t.Focus {
			role = themes.Accent
		}
		n.To(s.x)
		if i == 1 && t.Pan > 1 {
			n.used, n.buf = n.used-columnGap, n.buf[:len(n.buf)-columnGap]
			n.Put(themes.Dim, look.Glyphs.Text.Left).Gap(1)
		}
		if col.Align != AlignLeft {
			n.Gap(s.w - Width(title) - Width(mark))
		}
		n.Put(role, title).Put(themes.Accent, mark)
		n.To(s.x + s.w)
	}
	if last := t.memo.slots[len(t.memo.slots)-1]; last.col < len(t.Columns)-1 && len(t.Columns) > 1 {
		n.Right(themes.Dim, look.Glyphs.Text.Right)
	}
	return n.String()
}

// draw draws one row.
func (t *Table) draw(row, w int) string {
	n := &t.memo.line
	surface := themes.Page
	if row == t.Row {
		surface = themes.Rest
		if t.Focus {
			surface = themes.Cursor
		}
	}
	n.Reset(w, surface)
	if row == t.Row {
		n.Put(themes.Focus, n.look.Glyphs.Text.Cursor)
	} else {
		n.Gap(1)
	}
	if t.Gutter != nil {
		glyph, role := t.Gutter(row)
		n.Cell(role, glyph, 1, AlignLeft)
	}
	slots := t.memo.slots
	for i := 0; i < len(slots); i++ {
		s := slots[i]
		n.To(s.x)
		cell := t.Cell(row, s.col)
		if cell.Span > 0 {
			i = min(i+cell.Span, len(slots)-1)
			n.Cell(cell.Role, cell.Text, slots[i].x+slots[i].w-s.x, AlignLeft)
			continue
		}
		t.cell(n, cell, s)
	}
	return n.String()
}

func (t *Table) cell(n *Line, cell Cell, s slot) {
	align := t.Columns[s.col].Align
	if cell.Kind == KindText {
		n.Cell(cell.Role, cell.Text, s.w, align)
		return
	}
	b := AppendFormat(t.memo.buf[:0], cell.Kind, cell.Value, s.w)
	t.memo.buf = b
	after := 0
	if align == AlignPoint {
		if whole, frac, plain := split(b); plain {
			after = t.memo.widths[s.col].frac - frac
			if whole+frac+after > s.w {
				after = s.w - whole - frac
			}
		}
	}
	if align != AlignLeft {
		n.Gap(s.w - len(b) - after)
	}
	n.bytes(cell.Role, b)
	n.To(s.x + s.w)
}
