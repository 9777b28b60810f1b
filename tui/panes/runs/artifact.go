package runs

import (
	"strings"

	"pace/engine/report"
	"pace/themes"
	"pace/tui/pane"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

// artifact is one file that a run wrote: text, a JSON tree, or a word about what it is.
type artifact struct {
	gen   int
	run   string
	file  report.Artifact
	prose widget.Prose
	tree  *widget.Tree
	why   string // why there is nothing to show
	cache pane.Cache
}

// maxShown is how much of a file is read for the screen, in bytes.
const maxShown = 1 << 20

func newArtifact(run string, f report.Artifact) *artifact {
	return &artifact{run: run, file: f, why: "reading " + f.Path}
}

// Title is the file's name in the breadcrumb.
func (a *artifact) Title() string { return a.file.Path }

// Update takes one event.
func (a *artifact) Update(e pane.Event) []pane.Effect {
	a.gen++
	switch e := e.(type) {
	case pane.Started:
		return []pane.Effect{pane.Ask{Slot: "head", Request: report.ArtifactHead{Run: a.run, Path: a.file.Path, Limit: maxShown}}}
	case pane.Loaded:
		if e.Err != nil {
			a.why = e.Err.Error()
			return nil
		}
		a.take(e.Value.(report.ArtifactBytes))
	case pane.Moved:
		a.moved(e)
	}
	return nil
}

func (a *artifact) take(b report.ArtifactBytes) {
	a.file, a.why = b.Artifact, ""
	switch b.Kind {
	case "json":
		if root, err := widget.ParseJSON(b.Head); err == nil {
			a.tree = &widget.Tree{Root: root, Focus: true}
			return
		}
		a.prose.Text = string(b.Head)
	case "text":
		a.prose.Text = string(b.Head)
	case "image":
		a.why = "an image of " + widget.Bytes(b.Bytes, 10) + "; o shows it with the system's program"
	default:
		a.why = "a binary file of " + widget.Bytes(b.Bytes, 10)
	}
	if int64(len(b.Head)) < b.Bytes && a.why == "" {
		a.prose.Text += "\n\n(the first " + widget.Bytes(int64(len(b.Head)), 10) + " of " + widget.Bytes(b.Bytes, 10) + ")"
	}
}

func (a *artifact) moved(e pane.Moved) {
	if a.tree != nil {
		switch e.Motion {
		case pane.Up:
			a.tree.Move(-e.Count)
		case pane.Down:
			a.tree.Move(e.Count)
		case pane.PageUp:
			a.tree.Move(-10)
		case pane.PageDown:
			a.tree.Move(10)
		case pane.Top:
			a.tree.Row = 0
		case pane.Bottom:
			a.tree.Move(1 << 20)
		case pane.Left, pane.Right:
			a.tree.Toggle()
		}
		return
	}
	a.prose.Top = draw.Scroll(a.prose.Top, e, strings.Count(a.prose.Text, "\n")+1)
}

// Verbs are what can be done with a file.
func (a *artifact) Verbs() []pane.Verb {
	fold := "only a JSON file folds"
	if a.tree != nil {
		fold = ""
	}
	return []pane.Verb{
		{ID: "open", Short: "fold", Long: "fold or unfold", Footer: 1, Off: fold, Run: func() []pane.Effect { a.tree.Toggle(); a.gen++; return nil }},
		{ID: "copy", Run: func() []pane.Effect { return []pane.Effect{pane.Copy{What: "path", Text: a.file.Path}} }},
	}
}

// View draws the file.
func (a *artifact) View(f pane.Frame) []string {
	return a.cache.Lines(a.gen, f, false, func() []string {
		look := draw.Look(f)
		switch {
		case a.why != "":
			lines := widget.Blank(f.W, f.H)
			if f.H > 1 {
				lines = append([]string{look.NewLine(f.W).Gap(1).Put(themes.Dim, a.why).String()}, lines[1:]...)
			}
			return lines
		case a.tree != nil:
			return a.tree.Lines(look, f.W, f.H)
		}
		return a.prose.Lines(look, f.W, f.H)
	})
}
