// Package pane is the contract between the workbench and what it shows: a pane is a value that answers
// events with effects and draws itself into a frame. It must not know the engine, other panes, the
// terminal library, the file system or the clock.
package pane

import (
	"context"
	"time"

	"pace/store"
	"pace/themes"
)

// Pane is one layer of a screen: a list, a detail, a comparison. The root stacks layers, routes events to
// the one on top, and carries out the effects they return.
type Pane interface {
	// Title is the pane's word in the breadcrumb.
	Title() string
	// Update takes one event and says what should happen. It must return at once: what takes time is a
	// Load or an Ask, whose answer comes back as Loaded.
	Update(Event) []Effect
	// Verbs are the things a person can do here now, in the order of the footer and the help.
	Verbs() []Verb
	// View draws the pane: exactly f.H lines, each exactly f.W cells wide. It is a pure function of the
	// pane's state and the frame. The slice may be cached by the pane and must not be changed by others.
	View(f Frame) []string
}

// Spec is one screen in the list of screens.
type Spec struct {
	ID    string // "runs": also its name in the palette
	Title string // "Runs"
	Key   string // "3"
	// New makes the screen's first layer.
	New func() Pane
	// Open makes the layer that shows what a reference names ("run:ID"); nil, or a nil pane, where the
	// reference isn't this screen's.
	Open func(ref string) Pane
	// Wants says whether a change of the store makes the screen's counts or content stale.
	Wants func(store.Change) bool
}

// Frame is what a pane draws into and with.
type Frame struct {
	W, H   int
	Theme  *themes.Theme
	Glyphs string    // "braille", "block" or "ascii"
	Zoom   int       // -1 list only, 0 as laid out, 1 detail or chart only
	Focus  bool      // the terminal has the focus
	Now    time.Time // to the second; only for ages and durations
	Zone   *time.Location
	// Serial changes whenever Theme, Glyphs, Zone or a setting does: part of every cache key.
	Serial int
}

// Source is what a Load may use: everything that is known, read-only.
type Source struct {
	Reader *store.Reader
	// Root is the project's folder, for showing paths; a Load opens no files.
	Root string
	Now  time.Time
	Zone *time.Location
	// Primary are the project's configured metric directions and names, "" where none is set.
	PrimaryMetric, PrimaryDirection string
	Actor                           string
	// Seen is when this person last looked at the project; zero at the first look.
	Seen time.Time
}

// Event is something that happened: one of the types of this file.
type Event interface{ event() }

// Started is the first event of a layer. Shown comes whenever it gets back on top.
type (
	Started struct{ W, H int }
	Shown   struct{}
)

// Changed says what became stale; the pane answers with Loads of what it shows.
type Changed struct{ store.Change }

// Loaded is the answer to the newest Load or Ask of a slot; older answers never arrive.
type Loaded struct {
	Slot  string
	Value any
	Err   error
}

// Typed is what stands in the prompt of a slot: with every key while it is open, and once more at its end.
type Typed struct {
	Slot, Text string
	Done       bool // enter; Text is final
	Cancelled  bool // esc
}

// Chose is the answer of a Menu: the ids of the chosen items, none when it was cancelled.
type Chose struct {
	Slot      string
	IDs       []string
	Cancelled bool
}

// Moved is a movement key or the wheel: the same keys mean the same in every pane.
type Moved struct {
	Motion Motion
	Count  int // lines for the wheel, else 1
}

// Clicked is a click inside the pane's frame, in cells from its upper left corner.
type Clicked struct {
	X, Y   int
	Double bool
}

// Resized comes when the frame's size changed, so that charts load at their new width.
type Resized struct{ W, H int }

// Ticked comes once a second while the pane says it is live (see Living).
type Ticked struct{ Now time.Time }

func (Started) event() {}
func (Shown) event()   {}
func (Changed) event() {}
func (Loaded) event()  {}
func (Typed) event()   {}
func (Chose) event()   {}
func (Moved) event()   {}
func (Clicked) event() {}
func (Resized) event() {}
func (Ticked) event()  {}

// Living is a pane that shows something which moves by the clock alone, such as an age or a duration.
type Living interface{ Live() bool }

// Leaver is a pane that has an inner layer (a filter, an overlay of its own) which esc closes first. Leave
// says whether there was one.
type Leaver interface{ Leave() bool }

// Counter is a pane that says on the header's right how much it shows: "412 of 1,380".
type Counter interface{ Count() string }

// Line is a pane that knows the `pace` command which prints what it shows.
type Line interface{ Line() string }

// Motion is a movement.
type Motion int

// The movements. Left and Right pan a table, move a crosshair or fold a tree.
const (
	Up Motion = iota
	Down
	Left
	Right
	Top
	Bottom
	PageUp
	PageDown
	NextPart
	PrevPart
	NextTab
	PrevTab
)

// Effect is what a pane wants done: one of the types below.
type Effect interface{ effect() }

// Load queries the store away from the screen. Run gets a context that ends when the layer is left or the
// slot is loaded again.
type Load struct {
	Slot string
	// Rest waits before Run starts, so that a hand that moves on costs nothing.
	Rest time.Duration
	Run  func(ctx context.Context, src Source) (any, error)
}

// Ask has the engine compute something; the request types are declared by package report.
type Ask struct {
	Slot    string
	Request any
}

// Do says something in a person's name. Said is the toast when it is kept ("tagged 3 runs").
type Do struct {
	Edits []store.Edit
	Said  string
}

// Push opens a layer above this one; Pop leaves it. Go switches to a screen, and opens Layer there if set.
type (
	Push struct{ Layer Pane }
	Pop  struct{}
	Go   struct {
		Screen string
		Layer  Pane
	}
)

// Prompt opens the input line. Hint stands dim behind an empty line; Mark, if set, checks the text with
// every key and says what is wrong and where (a negative position: nowhere in particular).
type Prompt struct {
	Slot, Label, Text, Hint string
	Mark                    func(text string) (pos, length int, problem string)
	// History names the list of earlier entries that the up key walks through.
	History string
}

// Menu opens a list to choose from; Multi lets several be marked. Items keep their order.
type Menu struct {
	Slot, Title string
	Items       []Item
	Multi       bool
}

// Item is a line of a Menu. Off is the reason why it can't be chosen.
type Item struct {
	ID, Label, Detail, Key, Off string
	On                          bool // marked at the start, in a Multi menu
}

// Copy puts text on the clipboard; What names it in the toast: "run id".
type Copy struct{ What, Text string }

// OpenPath shows a file or URL with the system's program, or says its path where there is none.
type OpenPath struct{ Path string }

// Toast is a short message; the full text goes to the list that `E` opens when Level is "error" or "warn".
type Toast struct{ Level, Text, Hint string }

// Jump opens what a reference names, on whichever screen knows it.
type Jump struct{ Ref string }

// Ran says which command line does what was just done; it goes to the command log.
type Ran struct{ Line string }

func (Load) effect()     {}
func (Ask) effect()      {}
func (Do) effect()       {}
func (Push) effect()     {}
func (Pop) effect()      {}
func (Go) effect()       {}
func (Prompt) effect()   {}
func (Menu) effect()     {}
func (Copy) effect()     {}
func (OpenPath) effect() {}
func (Toast) effect()    {}
func (Jump) effect()     {}
func (Ran) effect()      {}
