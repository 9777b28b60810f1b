package tui_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"pace/store"
	"pace/tui"
	"pace/tui/pane"
	"pace/tui/tuitest"
)

// page is a pane that shows a list of words and does one of everything.
type page struct {
	title  string
	words  []string
	cursor int
	filter string
	seen   []pane.Event
}

func (p *page) Title() string { return p.title }

func (p *page) Update(e pane.Event) []pane.Effect {
	p.seen = append(p.seen, e)
	switch e := e.(type) {
	case pane.Started:
		return []pane.Effect{pane.Load{Slot: "words", Run: func(context.Context, pane.Source) (any, error) {
			return []string{"one", "two", "three"}, nil
		}}}
	case pane.Loaded:
		if e.Err == nil {
			p.words = e.Value.([]string)
		}
	case pane.Moved:
		switch e.Motion {
		case pane.Down:
			p.cursor = min(p.cursor+1, len(p.words)-1)
		case pane.Up:
			p.cursor = max(p.cursor-1, 0)
		}
	case pane.Typed:
		p.filter = e.Text
	}
	return nil
}

func (p *page) Verbs() []pane.Verb {
	return []pane.Verb{
		{ID: "open", Footer: 1, Run: func() []pane.Effect {
			return []pane.Effect{pane.Push{Layer: &page{title: p.words[p.cursor]}}}
		}},
		{ID: "filter", Footer: 2, Run: func() []pane.Effect {
			return []pane.Effect{pane.Prompt{Slot: "filter", Label: "/", Hint: "filter", Mark: func(s string) (int, int, string) {
				if i := strings.Index(s, "?"); i >= 0 {
					return i, 1, "no question marks"
				}
				return -1, 0, ""
			}}}
		}},
		{ID: "copy", Run: func() []pane.Effect {
			return []pane.Effect{pane.Menu{Slot: "copy", Title: "copy", Items: []pane.Item{{ID: "id", Label: "id", Key: "i"}}}}
		}},
		{ID: "note", Run: func() []pane.Effect {
			return []pane.Effect{pane.Do{Edits: []store.Edit{{Kind: store.EditNote, Text: "hm"}}, Said: "noted"}}
		}},
		{ID: "compare", Off: "mark two runs first"},
		{ID: "page.fail", Keys: []string{"F"}, Short: "fail", Long: "fail at once", Run: func() []pane.Effect {
			return []pane.Effect{pane.Load{Slot: "bad", Run: func(context.Context, pane.Source) (any, error) {
				return nil, hinted{errors.New("read words: no such file")}
			}}}
		}},
	}
}

func (p *page) View(f pane.Frame) []string {
	rows := make([]string, f.H)
	for i := range rows {
		text := ""
		if i < len(p.words) {
			text = p.words[i]
			if i == p.cursor {
				text = "> " + text
			}
		}
		if i == 4 {
			text = "filter=" + p.filter
		}
		rows[i] = fmt.Sprintf("%-*.*s", f.W, f.W, text)
	}
	return rows
}

type hinted struct{ error }

func (hinted) Hint() string { return "write some words" }

func options(edits *[]store.Edit) tui.Options {
	return tui.Options{
		Project: tui.Project{Name: "demo", Branch: "main", Actor: "me"},
		Engine: tui.Engine{Do: func(_ context.Context, e store.Edit) (string, error) {
			*edits = append(*edits, e)
			return "1", nil
		}},
		Facts: tui.Facts{
			Status: func(context.Context, pane.Source) (tui.Status, error) { return tui.Status{Live: 2}, nil },
			Find: func(context.Context, pane.Source) ([]tui.Place, error) {
				return []tui.Place{{Ref: "word:zebra", Title: "zebra", Kind: "word"}}, nil
			},
		},
		Screens: []pane.Spec{
			{ID: "first", Title: "First", Key: "1", New: func() pane.Pane { return &page{title: "first"} }},
			{ID: "second", Title: "Second", Key: "2", New: func() pane.Pane { return &page{title: "second"} },
				Open: func(ref string) pane.Pane {
					if word, ok := strings.CutPrefix(ref, "word:"); ok {
						return &page{title: word}
					}
					return nil
				}},
		},
	}
}

func TestAPersonWalksThroughTheWorkbench(t *testing.T) {
	var edits []store.Edit
	d := tuitest.New(t, options(&edits), 80, 24)
	d.MustSee("pace ▸ demo ▸ First", "main", "2 live", "> one", "enter open", "/ filter", "? help")
	d.Keys("j", "enter")
	d.MustSee("First ▸ two", "esc back")
	d.Keys("esc")
	d.MustSee("> two")
	d.Keys("esc", "esc")
	d.MustSee("> two")
	d.Keys("2")
	d.MustSee("demo ▸ Second")
	d.Keys("-")
	d.MustSee("demo ▸ First")
	d.Keys("q")
	if !d.Quit {
		t.Error("q did not quit")
	}
}

func TestThePromptTypesMarksAndEnds(t *testing.T) {
	var edits []store.Edit
	d := tuitest.New(t, options(&edits), 80, 24)
	d.Keys("/")
	d.Type("a q?x")
	d.MustSee("filter=a q?x", "^ no question marks")
	d.Keys("backspace", "backspace", "enter")
	d.MustSee("filter=a q")
	d.MustNotSee("question marks")
	d.Keys("/", "esc")
	if d.Quit {
		t.Error("a key in the prompt quit the workbench")
	}
}

func TestEscLeavesOneLayerAtATime(t *testing.T) {
	var edits []store.Edit
	d := tuitest.New(t, options(&edits), 80, 24)
	d.Keys("enter", "?")
	d.MustSee("─ help ─")
	d.Type("go second")
	d.MustSee("go to Second")
	d.Keys("esc")
	d.MustSee("First ▸ one")
	d.Keys("esc")
	d.MustNotSee("First ▸ one")
}

func TestPaletteFindsActionsAndPlaces(t *testing.T) {
	var edits []store.Edit
	d := tuitest.New(t, options(&edits), 80, 24)
	d.Keys(":")
	d.MustSee("command", "mark two runs first")
	d.Type("zeb")
	d.MustSee("zebra")
	d.Keys("enter")
	d.MustSee("Second ▸ zebra")
}

func TestWhatCanNotBeDoneSaysWhy(t *testing.T) {
	var edits []store.Edit
	d := tuitest.New(t, options(&edits), 80, 24)
	d.Keys("c")
	d.MustSee("mark two runs first")
	d.Keys("F")
	d.MustSee("read words: no such file", "write some words")
	d.Keys("E")
	d.MustSee("12:00:00  read words: no such file")
}

func TestEditsGoToTheEngine(t *testing.T) {
	var edits []store.Edit
	d := tuitest.New(t, options(&edits), 80, 24)
	d.Keys("e")
	d.MustSee("noted")
	d.Keys("z")
	if len(edits) != 2 || edits[0].Text != "hm" || edits[1].Kind != store.EditUndo {
		t.Errorf("edits %+v", edits)
	}
}

func TestEverySizeIsFilledExactly(t *testing.T) {
	var edits []store.Edit
	d := tuitest.New(t, options(&edits), 80, 24)
	for w := 20; w <= 250; w += 23 {
		for h := 5; h <= 80; h += 7 {
			d.Resize(w, h)
			if w < 60 || h < 15 {
				continue
			}
			d.CheckSize(w, h)
			for _, over := range []string{":", "?", "/", "y", "E"} {
				d.Keys(over)
				d.CheckSize(w, h)
				d.Keys("esc")
			}
		}
	}
}

func TestATinyTerminalSaysWhatItNeedsAndQuits(t *testing.T) {
	var edits []store.Edit
	d := tuitest.New(t, options(&edits), 30, 5)
	d.MustSee("pace needs 60x15, has 30x5")
	d.Keys("q")
	if !d.Quit {
		t.Error("q did not quit")
	}
}

func TestAClickOnTheFooterIsItsKey(t *testing.T) {
	var edits []store.Edit
	d := tuitest.New(t, options(&edits), 80, 24)
	at := strings.Index(d.Screen()[23], "filter")
	d.Send(tea.MouseClickMsg{X: at, Y: 23, Button: tea.MouseLeft})
	d.Type("x")
	d.MustSee("filter=x")
}

func TestHiddenLayersReloadWhenTheyAreSeenAgain(t *testing.T) {
	var edits []store.Edit
	o := options(&edits)
	first := &page{title: "first"}
	o.Screens[0].New = func() pane.Pane { return first }
	d := tuitest.New(t, o, 80, 24)
	d.Keys("2")
	n := len(first.seen)
	d.Changed(store.Change{Runs: map[string]bool{"a": true}})
	if len(first.seen) != n {
		t.Fatal("a hidden layer was told of a change")
	}
	d.Keys("1")
	last := first.seen[len(first.seen)-1]
	if ch, ok := last.(pane.Changed); !ok || !ch.Run("a") {
		t.Errorf("the last event is %#v", last)
	}
}

func TestUnchangedScreenIsNotDrawnAgain(t *testing.T) {
	var edits []store.Edit
	d := tuitest.New(t, options(&edits), 200, 60)
	d.View()
	if n := testing.AllocsPerRun(100, func() { d.View() }); n > 0 {
		t.Errorf("an unchanged screen costs %v allocations", n)
	}
}
