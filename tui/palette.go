package tui

import (
	"context"
	"sort"
	"strings"

	tea "charm.land/bubbletea/v2"

	"pace/themes"
	"pace/tui/pane"
)

// palette is everything that can be done or jumped to, found by typing; it is also the command line:
// `filter auc>.9`, `theme light`, `note ...`.
type palette struct {
	edit
	title   string
	entries []entry
	shown   []int
	cursor  int
	first   int
}

// entry is one thing the palette can do.
type entry struct {
	row
	run func(m *Model) tea.Cmd
	// words takes what was typed after the entry's label; nil for an entry without arguments.
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
			row: row{label: pl.Title, detail: pl.Kind + "  " + pl.Detail},
			run: func(m *Model) tea.Cmd { return m.jump(ref) },
		})
	}
	pal.narrow()
	return nil
}

func (m *Model) openPalette(text string) tea.Cmd {
	p := &palette{title: "command", entries: m.entries()}
	p.set(text)
	p.narrow()
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
			row: row{label: strings.ToLower(s.Title), detail: "screen", key: s.Key},
			run: func(m *Model) tea.Cmd { return m.goTo(s.ID, nil) },
		})
	}
	for _, v := range pane.RootVerbs() {
		if _, moves := motions[v.ID]; moves || v.ID == "palette" {
			continue
		}
		id := v.ID
		out = append(out, entry{
			row: row{label: id, detail: v.Long, key: firstLabel(m.keys.of(v))},
			run: func(m *Model) tea.Cmd { return m.rootVerb(id) },
		})
	}
	for _, t := range themes.All() {
		name := t.Name
		out = append(out, entry{
			row: row{label: "theme " + name, detail: t.Title},
			run: func(m *Model) tea.Cmd { return m.chooseTheme(name) },
		})
	}
	for _, g := range []string{"braille", "block", "ascii"} {
		out = append(out, entry{
			row: row{label: "glyphs " + g, detail: "what charts are drawn with"},
			run: func(m *Model) tea.Cmd { m.look.glyphs = g; m.look.serial++; return nil },
		})
	}
	return out
}

func (m *Model) verbEntry(v pane.Verb) entry {
	e := entry{
		row: row{label: strings.TrimPrefix(v.ID, m.screen().spec.ID+"."), detail: v.Long, key: firstLabel(v.Keys), off: v.Off},
		run: func(m *Model) tea.Cmd { return m.run(v) },
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

// narrow orders what matches: a label that starts with the text, one that has it, one that has its words,
// one that has its letters in order.
func (p *palette) narrow() {
	text := strings.ToLower(strings.TrimSpace(string(p.text)))
	rank := map[int]int{}
	p.shown = p.shown[:0]
	for i, e := range p.entries {
		if r := fit(strings.ToLower(e.label), strings.ToLower(e.detail), text, e.words != nil); r > 0 {
			rank[i] = r
			p.shown = append(p.shown, i)
		}
	}
	sort.SliceStable(p.shown, func(a, b int) bool { return rank[p.shown[a]] > rank[p.shown[b]] })
	p.cursor = 0
}

func fit(label, detail, text string, takesWords bool) int {
	switch {
	case text == "":
		return 1
	case takesWords && strings.HasPrefix(text, label+" "):
		return 6
	case strings.HasPrefix(label, text):
		return 5
	case strings.Contains(label, text):
		return 4
	case matches(label+" "+detail, text):
		return 3
	case subsequence(label, text):
		return 2
	}
	return 0
}

func subsequence(s, letters string) bool {
	want := []rune(letters)
	for _, r := range s {
		if len(want) > 0 && r == want[0] {
			want = want[1:]
		}
	}
	return len(want) == 0
}

func (p *palette) key(m *Model, k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "esc":
		m.over = nil
	case "up":
		p.cursor = max(0, p.cursor-1)
	case "down":
		p.cursor = max(0, min(len(p.shown)-1, p.cursor+1))
	case "enter":
		return p.choose(m)
	default:
		if p.edit.key(k) {
			p.narrow()
		}
	}
	return nil
}

func (p *palette) choose(m *Model) tea.Cmd {
	if len(p.shown) == 0 {
		return nil
	}
	e := p.entries[p.shown[p.cursor]]
	if e.off != "" {
		return m.toast("info", e.off, "")
	}
	m.over = nil
	text := strings.TrimSpace(string(p.text))
	if rest, ok := strings.CutPrefix(text, e.label+" "); ok && e.words != nil {
		return e.words(m, strings.TrimSpace(rest))
	}
	return e.run(m)
}

func (p *palette) paste(_ *Model, text string) tea.Cmd {
	p.insert(text)
	p.narrow()
	return nil
}

func (p *palette) click(m *Model, _, y int) tea.Cmd {
	if i := p.first + y - 2; y >= 2 && i < len(p.shown) {
		p.cursor = i
		return p.choose(m)
	}
	return nil
}

func (p *palette) box(m *Model, w, h int) ([]string, int, int) {
	rows := make([]row, len(p.shown))
	for i, at := range p.shown {
		rows[i] = p.entries[at].row
	}
	width := min(w, 90)
	l := list{title: p.title, query: string(p.text), rows: rows, cursor: p.cursor, foot: "enter do   esc close"}
	lines := l.draw(m.view(), width, min(h, 20), &p.first)
	return lines, (m.look.w - width) / 2, 1
}
