package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"pace/store"
	"pace/tui/pane"
)

// keymap turns keys into the ids of verbs. It is made from the tables of package pane and the user's own
// choices, so dispatch, footer, help and palette can't disagree.
type keymap struct {
	chosen map[string][]string
	root   map[string]string // key -> id of a root verb
}

func newKeymap(chosen map[string][]string) keymap {
	k := keymap{chosen: chosen, root: map[string]string{}}
	for _, v := range pane.RootVerbs() {
		for _, key := range k.of(v) {
			k.root[key] = v.ID
		}
	}
	return k
}

// of are the keys of a verb: the user's, else its own.
func (k keymap) of(v pane.Verb) []string {
	if keys, ok := k.chosen[v.ID]; ok {
		return keys
	}
	return pane.Complete(v).Keys
}

// Verbs are what can be done now: what the pane can do, then what the workbench does everywhere, with the keys
// as the user chose them.
func (m *Model) Verbs() []pane.Verb {
	vs := m.verbs()
	for _, v := range pane.RootVerbs() {
		v.Keys = m.keys.of(v)
		vs = append(vs, v)
	}
	return vs
}

// PaneVerbs are what the pane that is seen can do now.
func (m *Model) PaneVerbs() []pane.Verb { return m.verbs() }

// verbs are what the pane can do now, with words and keys filled in.
func (m *Model) verbs() []pane.Verb {
	vs := m.top().pane.Verbs()
	for i := range vs {
		vs[i] = pane.Complete(vs[i])
		vs[i].Keys = m.keys.of(vs[i])
	}
	return vs
}

func (m *Model) key(k tea.KeyPressMsg) tea.Cmd {
	name := k.String()
	m.said.drop()
	if m.keys.root[name] == "interrupt" || name == "ctrl+c" {
		m.quitting = true
		return tea.Quit
	}
	if m.over != nil {
		return m.over.key(m, k)
	}
	if id, ok := m.screenKey(name); ok {
		return m.goTo(id, nil)
	}
	for _, v := range m.verbs() {
		for _, key := range v.Keys {
			if key == name {
				return m.run(v)
			}
		}
	}
	return m.rootVerb(m.keys.root[name])
}

func (m *Model) screenKey(name string) (string, bool) {
	for i := range m.screens {
		if m.screens[i].spec.Key == name {
			return m.screens[i].spec.ID, true
		}
	}
	return "", false
}

// run does what a verb of the pane does, or says why it can't.
func (m *Model) run(v pane.Verb) tea.Cmd {
	if v.Off != "" {
		return m.toast("info", v.Off, "")
	}
	if v.Run == nil {
		return nil
	}
	return m.perform(m.top(), v.Run())
}

var motions = map[string]pane.Motion{
	"up": pane.Up, "down": pane.Down, "left": pane.Left, "right": pane.Right, "top": pane.Top, "bottom": pane.Bottom,
	"page-up": pane.PageUp, "page-down": pane.PageDown, "next-part": pane.NextPart, "previous-part": pane.PrevPart,
	"next-tab": pane.NextTab, "previous-tab": pane.PrevTab,
}

// rootVerb does what the workbench itself does.
func (m *Model) rootVerb(id string) tea.Cmd {
	if motion, ok := motions[id]; ok {
		return m.send(m.top(), pane.Moved{Motion: motion, Count: 1})
	}
	switch id {
	case "back":
		return m.back()
	case "last":
		return m.goTo(m.screens[m.before].spec.ID, nil)
	case "bigger":
		return m.setZoom(m.screen().zoom + 1)
	case "smaller":
		return m.setZoom(m.screen().zoom - 1)
	case "undo":
		return m.rewind(store.EditUndo, "undone")
	case "redo":
		return m.rewind(store.EditRedo, "redone")
	case "mouse":
		m.look.mouse = !m.look.mouse
		return m.toast("info", "mouse capture "+onOff(m.look.mouse), "")
	case "quit":
		m.quitting = true
		return tea.Quit
	case "suspend":
		return tea.Suspend
	}
	return m.openOverlay(id)
}

func (m *Model) openOverlay(id string) tea.Cmd {
	switch id {
	case "palette":
		return m.openPalette("")
	case "help":
		m.over = newHelp(m)
	case "errors":
		m.over = newLog("errors", m.said.errors(m.opt.Zone), "nothing went wrong so far")
	case "commands":
		m.over = newLog("commands", m.said.lines(m.opt.Zone), "nothing was done yet that a command line could do")
	default:
		m.draw.dirty = m.draw.was
	}
	return nil
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// paste puts text into an open prompt. Elsewhere a paste is no sequence of keys: it does nothing.
func (m *Model) paste(text string) tea.Cmd {
	if p, ok := m.over.(paster); ok {
		return p.paste(m, text)
	}
	return nil
}

// keyLabel is a key as the footer and the help write it.
func keyLabel(key string) string {
	switch key {
	case "ctrl+c", "ctrl+d", "ctrl+u", "ctrl+p", "ctrl+z":
		return "^" + strings.ToUpper(key[len(key)-1:])
	case "space":
		return "space"
	}
	return key
}
