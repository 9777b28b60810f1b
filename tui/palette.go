package tui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"pace/themes"
	"pace/tui/pane"
	"pace/tui/widget"
)

// palette is everything that can be done or jumped to, found by typing; it is also the command line:
// `filter auc>.9`, `theme light`, `note ...`.
type palette struct {
	chooser
	entries []entry
}

// entry is one thing the palette can do.
type entry struct {
	widget.Item
	run func(m *Model) tea.Cmd
	// words takes what was typed after the entry's text; nil for an entry without arguments.
	words func(m *Model, rest string) tea.Cmd
}

type placesMsg struct {
	places []Place
	err    error
}

func (p placesMsg) apply(m *Model) tea.Cmd {
	pal, ok := m.over.(*palette)
	if !ok {
		return nil
	}
	if p.err != nil {
		return m.fail(p.err)
	}
	for _, pl := range p.places {
		ref := pl.Ref
		pal.entries = append(pal.entries, entry{
			Item: widget.Item{Text: pl.Title, Detail: strings.TrimSpace(pl.Kind + "  " + pl.Detail)},
			run:  func(m *Model) tea.Cmd { return m.jump(ref) },
		})
	}
	pal.fill()
	return nil
}

func (m *Model) openPalette(text string) tea.Cmd {
	p := newPalette("command", m.entries())
	p.input.Set(text)
	p.fill()
	m.over = p
	if m.opt.Facts.Find == nil {
		return nil
	}
	find, src := m.opt.Facts.Find, m.source()
	return m.work.run(func(ctx context.Context) tea.Msg {
		places, err := find(ctx, src)
		return placesMsg{places, err}
	})
}

// entries are the actions of this context, the screens, the themes and the workbench's own verbs.
func (m *Model) entries() []entry {
	var out []entry
	for _, v := range m.verbs() {
		out = append(out, m.verbEntry(v))
	}
	for i := range m.screens {
		s := m.screens[i].spec
		out = append(out, entry{
			Item: widget.Item{Text: strings.ToLower(s.Title), Detail: "screen", Note: s.Key},
			run:  func(m *Model) tea.Cmd { return m.goTo(s.ID, nil) },
		})
	}
	for _, v := range pane.RootVerbs() {
		if _, moves := motions[v.ID]; moves || v.ID == "palette" {
			continue
		}
		id := v.ID
		out = append(out, entry{
			Item: widget.Item{Text: id, Detail: v.Long, Note: firstLabel(m.keys.of(v))},
			run:  func(m *Model) tea.Cmd { return m.rootVerb(id) },
		})
	}
	for _, t := range themes.All() {
		name := t.Name
		out = append(out, entry{
			Item: widget.Item{Text: "theme " + name, Detail: t.Title},
			run:  func(m *Model) tea.Cmd { return m.chooseTheme(name) },
		})
	}
	for _, g := range []string{"braille", "block", "ascii"} {
		out = append(out, entry{
			Item: widget.Item{Text: "glyphs " + g, Detail: "what charts are drawn with"},
			run:  func(m *Model) tea.Cmd { m.look.glyphs = g; m.look.serial++; return nil },
		})
	}
	return out
}

func (m *Model) verbEntry(v pane.Verb) entry {
	e := entry{
		Item: widget.Item{Text: strings.TrimPrefix(v.ID, m.screen().spec.ID+"."), Detail: v.Long, Note: firstLabel(v.Keys), Off: v.Off},
		run:  func(m *Model) tea.Cmd { return m.run(v) },
	}
	if v.Words != nil && v.Off == "" {
		l := m.top()
		e.words = func(m *Model, rest string) tea.Cmd { return m.perform(l, v.Words(rest)) }
	}
	return e
}

func (m *Model) chooseTheme(name string) tea.Cmd {
	m.setTheme(name)
	if m.opt.Set.SaveTheme == nil {
		return nil
	}
	save := m.opt.Set.SaveTheme
	return m.work.run(func(context.Context) tea.Msg { return saidMsg{err: save(name)} })
}

func firstLabel(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return keyLabel(keys[0])
}

func newPalette(title string, entries []entry) *palette {
	p := &palette{entries: entries}
	p.title, p.foot = title, "enter do   esc close"
	p.fill()
	return p
}

// fill lists the entries that fit what is typed.
func (p *palette) fill() {
	items := make([]widget.Item, len(p.entries))
	for i := range p.entries {
		items[i] = p.entries[i].Item
	}
	p.list.Row = 0
	p.narrow(items)
}

func (p *palette) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	name := k.String()
	switch {
	case name == "esc":
		m.over = nil
	case name == "enter":
		return p.choose(m)
	case p.move(name):
	case typeKey(&p.input, k):
		p.fill()
	}
	return nil
}

func (p *palette) choose(m *Model) tea.Cmd {
	at := p.current()
	if at < 0 {
		return nil
	}
	e := p.entries[at]
	if e.Off != "" {
		return m.toast("info", e.Off, "")
	}
	m.over = nil
	text := strings.TrimSpace(p.input.String())
	if rest, ok := strings.CutPrefix(text, e.Text+" "); ok && e.words != nil {
		return e.words(m, strings.TrimSpace(rest))
	}
	return e.run(m)
}

func (p *palette) paste(_ *Model, text string) tea.Cmd {
	p.input.Insert(text)
	p.fill()
	return nil
}

func (p *palette) click(m *Model, _, y int) tea.Cmd {
	if p.at(y) < 0 {
		return nil
	}
	return p.choose(m)
}

func (p *palette) box(m *Model, w, h int) ([]string, int, int) {
	width := min(w, maxChooser)
	return p.lines(m.view(), width, min(h, 24)), (m.look.w - width) / 2, 1
}
