package tui

import (
	"fmt"
	"image/color"
	"sort"
	"strings"

	"pace/themes"
	"pace/tui/pane"
	"pace/tui/widget"
)

// zone is a click target of the footer.
type zone struct {
	from, to int
	verb     pane.Verb
}

// header is the first row: breadcrumb, project, branch, what is live, counts, who speaks.
func (m *Model) header() string {
	look := m.view()
	n := look.NewLine(m.look.w)
	right := m.headRight(look)
	room := m.look.w - widget.Width(right) - 2
	n.Gap(1).Put(themes.Accent, "pace")
	for _, word := range m.trail() {
		if n.Room() <= m.look.w-room {
			break
		}
		n.Gap(1).Put(themes.Dim, look.Glyphs.Text.Crumb).Gap(1)
		n.Put(themes.Strong, look.Fit(widget.Clean(word), max(0, n.Room()-(m.look.w-room))))
	}
	n.Right(themes.Dim, right+" ")
	return n.String()
}

func (m *Model) trail() []string {
	s := m.screen()
	words := []string{m.opt.Project.Name, s.spec.Title}
	for i, l := range s.stack {
		if i > 0 {
			words = append(words, l.pane.Title())
		}
	}
	return words
}

func (m *Model) headRight(look widget.Look) string {
	var parts []string
	for _, t := range m.tasks() {
		parts = append(parts, t)
	}
	if m.opt.Project.Branch != "" {
		parts = append(parts, m.opt.Project.Branch)
	}
	st := m.head.status
	if st.Live > 0 {
		parts = append(parts, fmt.Sprintf("%s %d live", look.Glyph(widget.StateLive), st.Live))
	}
	if st.Problems > 0 {
		parts = append(parts, fmt.Sprintf("%s %d", look.Glyph(widget.StateWarn), st.Problems))
	}
	if c, ok := m.top().pane.(pane.Counter); ok && c.Count() != "" {
		parts = append(parts, c.Count())
	}
	if m.look.w >= 100 {
		parts = append(parts, "as "+m.opt.Project.Actor)
	}
	return widget.Clean(strings.Join(parts, "   "))
}

// tasks says in a few words what works in the background, the longest running first.
func (m *Model) tasks() []string {
	if m.opt.Engine.Tasks == nil {
		return nil
	}
	var out []string
	for _, t := range m.opt.Engine.Tasks() {
		word := t.Noun
		if t.Total > 0 {
			word += " " + widget.Percent(float64(t.Done)/float64(t.Total), 4)
		}
		out = append(out, word)
		if len(out) == 1 && m.look.w < 160 {
			break
		}
	}
	return out
}

// footer is the last row: a toast while there is one, else the keys that work now, each a click target.
func (m *Model) footer(int) string {
	look := m.view()
	n := look.NewLine(m.look.w)
	if t, ok := m.said.toast(); ok {
		role, state := toastLook(t.level)
		n.Gap(1).Put(role, look.Glyph(state)+" "+t.text)
		if t.hint != "" {
			n.Put(themes.Dim, "   "+t.hint)
		}
		return n.String()
	}
	n.Gap(1)
	for _, v := range m.footVerbs() {
		key := ""
		if len(v.Keys) > 0 {
			key = keyLabel(v.Keys[0])
		}
		need := widget.Width(key) + 1 + widget.Width(v.Short)
		if n.Room() < need+1 {
			continue
		}
		from := m.look.w - n.Room()
		n.Put(themes.Key, key).Gap(1)
		n.Put(themes.Dim, v.Short)
		m.draw.zones = append(m.draw.zones, zone{from: from, to: m.look.w - n.Room(), verb: v})
		n.Gap(3)
	}
	return n.String()
}

func toastLook(level string) (themes.Role, widget.State) {
	switch level {
	case "error":
		return themes.Err, widget.StateFailed
	case "warn":
		return themes.Warn, widget.StateWarn
	case "ok":
		return themes.OK, widget.StateOK
	}
	return themes.Fg, widget.StateUnknown
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
	line := look.Fit(fmt.Sprintf("pace needs %dx%d, has %dx%d", minW, minH, m.look.w, m.look.h), m.look.w)
	rows := make([]string, m.look.h)
	rows[0] = line
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
