// Package tui is the workbench on the screen: one model that routes events to panes, lays them out, keeps
// the focus and carries out what they want. It must not know the engine, a format, or any pane by name.
package tui

import (
	"context"
	"errors"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"pace/store"
	"pace/themes"
	"pace/tui/pane"
)

// Options are what the workbench needs from the house. Everything that computes or writes is a function
// that is passed in, so the screen can't reach behind the engine.
type Options struct {
	Reader  *store.Reader
	Project Project
	Engine  Engine
	Facts   Facts
	Set     Settings
	Screens []pane.Spec
	Term    Terminal
	Now     func() time.Time
	Zone    *time.Location
	// Tick makes the command that waits; nil is tea.Tick. Tests give one that never fires.
	Tick func(time.Duration, func(time.Time) tea.Msg) tea.Cmd
	// Rest waits until the time is over or the context ends, and then says why; nil sleeps.
	Rest func(context.Context, time.Duration) error
	// Log takes every message as a line, for --debug; nil for none.
	Log io.Writer
	// Crashed is told of a panic before the terminal is restored and the workbench ends; nil for none.
	Crashed func(what any)
}

// Project is what the header and the panes say about where they are.
type Project struct {
	Root, Name, Branch, Actor       string
	PrimaryMetric, PrimaryDirection string
	// Seen is when this person last looked; zero at the first look.
	Seen time.Time
}

// Engine is the background half as the screen sees it.
type Engine struct {
	Notices Notices
	// Do keeps what a person says and returns the id of the event.
	Do func(ctx context.Context, e store.Edit) (string, error)
	// Ask computes the answer to one of package report's requests.
	Ask func(ctx context.Context, request any) (any, error)
	// Tasks is a snapshot of the work under way; it must not block.
	Tasks func() []store.Task
}

// Notices is a conflating feed: Wake is ready when something became stale, Take says what and empties it.
type Notices interface {
	Wake() <-chan struct{}
	Take() store.Change
}

// Facts are loads that the root itself shows; they are passed in because only package report decides them.
type Facts struct {
	// Status fills the right of the header.
	Status func(ctx context.Context, src pane.Source) (Status, error)
	// Find fills the palette with things that can be jumped to.
	Find func(ctx context.Context, src pane.Source) ([]Place, error)
	// Left is called once when the workbench closes, to remember when somebody last looked.
	Left func(ctx context.Context) error
}

// Status is what the header counts.
type Status struct {
	Live, Stale, Problems int
}

// Place is something that can be jumped to by its reference.
type Place struct{ Ref, Title, Detail, Kind string }

// Settings are the user's.
type Settings struct {
	Theme     string
	Custom    *themes.Theme // a base16 file's theme, instead of a named one
	Glyphs    string        // "braille", "block", "ascii"
	Mouse     bool
	Clipboard string              // "auto", "osc52", "native", "tmux", "off"
	Keys      map[string][]string // verb id -> keys
	// SaveTheme keeps a theme that was chosen in the palette; nil where it can't be kept.
	SaveTheme func(name string) error
}

// Terminal is what the screen is drawn on.
type Terminal struct {
	In      io.Reader
	Out     io.Writer
	Env     []string
	Profile themes.Profile
	// Remote slows live updates down to spare a slow line.
	Remote bool
}

// ErrBroke says that the workbench ended in a panic. The terminal is as it was before.
var ErrBroke = errors.New("the workbench broke")

// Run opens the workbench and returns when it is left. The terminal is restored whatever happens.
func Run(ctx context.Context, o Options) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	m := New(ctx, o)
	_, err := Program(ctx, m, o).Run()
	stop()
	m.Close()
	if errors.Is(err, tea.ErrProgramPanic) {
		err = ErrBroke
	}
	if errors.Is(err, tea.ErrInterrupted) || (errors.Is(err, tea.ErrProgramKilled) && m.quitting) {
		err = nil
	}
	if o.Facts.Left != nil {
		// The program's context has ended, and with it everything but this last write.
		err = errors.Join(err, o.Facts.Left(context.WithoutCancel(ctx)))
	}
	return err
}

// Program is the program that shows a model; more options come after its own.
func Program(ctx context.Context, m *Model, o Options, more ...tea.ProgramOption) *tea.Program {
	return tea.NewProgram(m, append([]tea.ProgramOption{
		tea.WithContext(ctx), tea.WithInput(o.Term.In), tea.WithOutput(o.Term.Out), tea.WithEnvironment(o.Term.Env),
		tea.WithFPS(120), tea.WithColorProfile(teaProfile(o.Term.Profile)), tea.WithFilter(m.coalesceWheel),
	}, more...)...)
}

// Close waits for the loads that still run. Their context must have ended, or they run to their end.
func (m *Model) Close() { m.work.Wait() }

func teaProfile(p themes.Profile) colorprofile.Profile {
	switch p {
	case themes.ProfileTrue:
		return colorprofile.TrueColor
	case themes.Profile256:
		return colorprofile.ANSI256
	case themes.Profile16:
		return colorprofile.ANSI
	}
	return colorprofile.ASCII
}
