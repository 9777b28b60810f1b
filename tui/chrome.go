package tui

import (
	"fmt"
	"image/color"
	"sort"
	"strings"
	"time"

	"pace/themes"
	"pace/tui/pane"
	"pace/tui/widget"
)

// header is the first row: breadcrumb, then what counts most on the right.
func (m *Model) header() string {
	line, _ := m.view().Header(m.trail(), m.badges(), m.look.w)
	return line
}

func (m *Model) trail() []string {
	s := m.screen()
	words := []string{"pace", widget.Clean(m.opt.Project.Name), s.spec.Title}
	for i, l := range s.stack {
		if i > 0 {
			words = append(words, widget.Clean(l.pane.Title()))
		}
	}
	return words
}

// badges are the right of the header, the one that goes last first.
func (m *Model) badges() []widget.Badge {
	look, st := m.view(), m.head.status
	var out []widget.Badge
	add := func(role themes.Role, text string) { out = append(out, widget.Badge{Role: role, Text: text}) }
	if c, ok := m.top().pane.(pane.Counter); ok && c.Count() != "" {
		add(themes.Fg, c.Count())
	}
	if st.Live > 0 {
		add(themes.Live, fmt.Sprintf("%s %d live", look.Glyph(widget.StateLive), st.Live))
	}
	if st.Problems > 0 {
		add(themes.Warn, fmt.Sprintf("%s %d unread", look.Glyph(widget.StateWarn), st.Problems))
	}
	if m.opt.Project.Branch != "" {
		add(themes.Dim, look.Fit(widget.Clean(m.opt.Project.Branch), 24))
	}
	if who := m.opt.Project.Actor; who != "" {
		add(themes.Dim, "as "+look.Fit(nick(who), 16))
	}
	return out
}

// nick is an actor as the header names them: an address or user@host without what follows the @.
func nick(actor string) string {
	name, _, _ := strings.Cut(widget.Clean(actor), "@")
	return name
}

// gauge is how far the work in the background is that has run longest; "" when nothing is under way that lasts.
func (m *Model) gauge(look widget.Look, w int) string {
	if m.opt.Engine.Tasks == nil || w < 40 {
		return ""
	}
	for _, t := range m.opt.Engine.Tasks() {
		spent := t.Updated.Sub(t.Started).Seconds()
		if spent < taskSeen.Seconds() {
			continue
		}
		p := widget.Progress{Noun: look.Fit(t.Noun, w/2), Done: float64(t.Done), Total: float64(t.Total), Rate: float64(t.Done) / spent}
		if t.Unit == "bytes" {
			p.Kind = widget.KindBytes
		}
		return look.Gauge(p, w)
	}
	return ""
}

// taskSeen is how long work lasts before it is shown: what is over at once would only flicker.
const taskSeen = 150 * time.Millisecond

// footer is the last row: a short notice while there is one, else the keys that work now, each a click target,
// and beside them how far the work in the background is.
func (m *Model) footer() string {
	look := m.view()
	if t, ok := m.said.toast(); ok && !m.tall(t) {
		s := toastState(t.level)
		n := look.NewLine(m.look.w).Gap(1).Put(s.Role(), look.Glyph(s)+" "+t.text)
		if t.hint != "" {
			n.Gap(3).Put(themes.Dim, t.hint)
		}
		return n.String()
	}
	var hints []widget.Hint
	if p, ok := m.over.(*prompt); ok {
		hints = p.hints()
	} else {
		hints = m.hints()
	}
	w := m.look.w
	gauge := m.gauge(look, w/2-2)
	if gauge != "" {
		w -= w/2 - 2
	}
	line, zones := look.Footer(hints, "", w)
	m.draw.zones = zones
	return line + gauge
}

// tall says whether a notice needs more than the footer's row.
func (m *Model) tall(t message) bool {
	return widget.Width(t.text)+widget.Width(t.hint)+6 > m.look.w
}

func toastState(level string) widget.State {
	switch level {
	case "error":
		return widget.StateFailed
	case "warn":
		return widget.StateWarn
	case "ok":
		return widget.StateOK
	}
	return widget.StateUnknown
}

func (m *Model) hints() []widget.Hint {
	var out []widget.Hint
	for _, v := range m.footVerbs() {
		h := widget.Hint{ID: v.ID, Key: firstLabel(v.Keys), Label: v.Short, Keep: v.ID == "palette" || v.ID == "help"}
		out = append(out, h)
	}
	return out
}

// footVerbs are the footer's verbs in order: what the pane puts first, then what works everywhere.
func (m *Model) footVerbs() []pane.Verb {
	var out []pane.Verb
	for _, v := range m.verbs() {
		if v.Footer > 0 && v.Off == "" {
			out = append(out, v)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Footer < out[j].Footer })
	for _, id := range []string{"back", "palette", "help"} {
		if id == "back" && len(m.screen().stack) == 1 {
			continue
		}
		out = append(out, m.rootEntry(id))
	}
	return out
}

func (m *Model) rootEntry(id string) pane.Verb {
	for _, v := range pane.RootVerbs() {
		if v.ID == id {
			v.Keys = m.keys.of(v)
			return v
		}
	}
	return pane.Verb{}
}

func (m *Model) tooSmall() string {
	look := m.view()
	rows := widget.Blank(m.look.w, m.look.h)
	if len(rows) > 0 {
		text := fmt.Sprintf("pace needs %dx%d, has %dx%d", minW, minH, m.look.w, m.look.h)
		rows[0] = look.NewLine(m.look.w).Put(themes.Fg, text).String()
	}
	return strings.Join(rows, "\n")
}

func hexColor(hex string) color.Color {
	var c color.RGBA
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &c.R, &c.G, &c.B); err != nil {
		return nil
	}
	c.A = 255
	return c
}
