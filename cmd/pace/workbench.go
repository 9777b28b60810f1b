package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pace/engine/config"
	"pace/engine/report"
	"pace/themes"
	"pace/tui"
	"pace/tui/pane"
	"pace/tui/panes"
)

// workbenchFlags are how the screen looks and who speaks.
type workbenchFlags struct {
	as, theme, color, glyphs string
	plain, debug             bool
}

func (f *workbenchFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.as, "as", "", "who speaks (default: PACE_ACTOR, git's user.email, user@host)")
	cmd.Flags().StringVar(&f.theme, "theme", "", strings.Join(themeNames(), ", ")+", or a base16 file in the folder of settings")
	choiceFlag(cmd, &f.color, "color", "how many colours", "auto", "always", "never", "16", "256", "true")
	choiceFlag(cmd, &f.glyphs, "glyphs", "what charts are drawn with", "auto", "braille", "block", "ascii")
	f.color, f.glyphs = "", ""
	cmd.Flags().BoolVar(&f.plain, "plain", false, "lines instead of a screen, for screen readers (also PACE_A11Y=1)")
	cmd.Flags().BoolVar(&f.debug, "debug", false, "log every message of the screen")
}

// openWorkbench opens the screen on the project around dir.
func openWorkbench(ctx context.Context, c *console, dir string, f workbenchFlags) (err error) {
	set, err := f.settings()
	if err != nil {
		return err
	}
	if f.wantsPlain() {
		return openLines(ctx, c, dir, f.as)
	}
	if !c.terminal {
		if _, err := findProject(dir); err != nil {
			return err
		}
		return usage(fmt.Errorf("there is no terminal to open the workbench on"), "type `pace --report` for a report, or `pace runs` for the runs")
	}
	s, err := open(ctx, c, dir, f.as)
	if err != nil {
		return err
	}
	defer s.close(&err)
	return s.workbench(ctx, f, set)
}

// workbench runs the screen and, beside it, the engine.
func (s *session) workbench(ctx context.Context, f workbenchFlags, set tui.Settings) error {
	term, err := f.terminal()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	feed := s.engine.Subscribe()
	defer feed.Close()
	go func() { done <- s.engine.Run(ctx) }()
	o := s.screens(s.speaker(f.as), time.Local)
	o.Engine.Notices, o.Set, o.Term = feed, set, term
	log := logbook{path: filepath.Join(filepath.Dir(s.engine.Stats().Index), "pace.log")}
	if o.Crashed = log.crashed; f.debug {
		file, err := log.open()
		if err != nil {
			cancel()
			return errors.Join(unreadable(err, ""), <-done)
		}
		defer file.Close()
		o.Log = file
	}
	err = tui.Run(ctx, o)
	cancel()
	if errors.Is(err, tui.ErrBroke) {
		err = unreadable(err, "what happened is in "+log.path)
	}
	return errors.Join(err, <-done)
}

// screens are what the workbench shows of this project, and to whom.
func (s *session) screens(actor string, zone *time.Location) tui.Options {
	opts := s.options()
	opts.Zone = zone
	return tui.Options{
		Reader: s.reader(),
		Project: tui.Project{
			Root: s.root, Name: opts.Project, Branch: s.branch(), Actor: actor,
			PrimaryMetric: opts.Primary, PrimaryDirection: opts.Direction, Seen: lastSeen(s.engine.Stats().Index, actor),
		},
		Engine:  tui.Engine{Do: s.engine.Do, Ask: s.ask, Tasks: s.engine.Tasks},
		Facts:   s.facts(opts, actor),
		Screens: panes.All(),
		Now:     s.now, Zone: zone,
	}
}

// ask takes the requests of package report, which the screen knows only as values.
func (s *session) ask(ctx context.Context, request any) (any, error) {
	r, ok := request.(report.Request)
	if !ok {
		return nil, fmt.Errorf("ask engine: %T is no request", request)
	}
	return s.engine.Ask(ctx, r)
}

// facts are the loads that the frame around the panes shows.
func (s *session) facts(opts report.Options, actor string) tui.Facts {
	return tui.Facts{
		Status: func(ctx context.Context, src pane.Source) (tui.Status, error) {
			o := opts
			o.Now = s.now()
			counts, err := report.LoadCounts(ctx, src.Reader, o)
			return tui.Status{Live: counts.Live, Stale: counts.Stale, Problems: counts.Problems}, err
		},
		Find: func(ctx context.Context, src pane.Source) ([]tui.Place, error) {
			entries, err := report.LoadPalette(ctx, src.Reader, opts)
			places := make([]tui.Place, len(entries))
			for i, e := range entries {
				places[i] = tui.Place{Ref: e.Subject, Title: e.Title, Detail: e.Detail, Kind: e.Kind}
			}
			return places, err
		},
		Left: func(context.Context) error { return keepSeen(s.engine.Stats().Index, actor, s.now()) },
	}
}

// settings are the user's: flags, then settings.yaml.
func (f *workbenchFlags) settings() (tui.Settings, error) {
	dir, err := config.SettingsDir(os.Getenv)
	if err != nil {
		return tui.Settings{}, unreadable(err, "")
	}
	said, err := config.LoadSettings(dir)
	if err != nil {
		return tui.Settings{}, usage(err, "")
	}
	set := tui.Settings{
		Theme: first(f.theme, said.Theme, "auto"), Glyphs: first(f.glyphs, said.Glyphs, "auto"), Keys: said.Keys,
		Mouse: said.Mouse == nil || *said.Mouse, Clipboard: first(said.Clipboard, "auto"),
		SaveTheme: func(name string) error { return saveTheme(dir, name) },
	}
	f.plain = f.plain || said.Plain
	f.color = first(f.color, said.Color, "auto")
	if set.Glyphs == "auto" {
		set.Glyphs = "braille"
		if ascii() || os.Getenv("TERM") == "linux" || os.Getenv("TERM") == "dumb" {
			set.Glyphs = "ascii"
		}
	}
	return f.custom(set, dir)
}

// themeNames are the built-in themes.
func themeNames() []string {
	var names []string
	for _, e := range themes.All() {
		names = append(names, e.Name)
	}
	return names
}

// maxScheme bounds a base16 file.
const maxScheme = 64 << 10

// custom takes a theme that is a base16 file in the user's themes folder.
func (f *workbenchFlags) custom(set tui.Settings, dir string) (tui.Settings, error) {
	if _, ok := themes.Find(set.Theme, true, themes.ProfileTrue); ok || set.Theme == "auto" {
		return set, nil
	}
	hint := "there is " + strings.Join(themeNames(), ", ") + ", and every base16 file in " + filepath.Join(dir, "themes")
	for _, ext := range []string{".yaml", ".yml"} {
		text, err := os.ReadFile(filepath.Join(dir, "themes", filepath.Base(set.Theme)+ext))
		if err != nil {
			continue
		}
		name, palette, err := themes.Base16(text[:min(len(text), maxScheme)])
		if err != nil {
			return set, usage(fmt.Errorf("theme %s: %w", set.Theme, err), hint)
		}
		profile, err := themes.DetectProfile(f.color, os.Getenv)
		if err != nil {
			return set, usage(err, "")
		}
		set.Custom = themes.Build(name, palette, profile, true)
		return set, nil
	}
	return set, usage(fmt.Errorf("there is no theme %q", set.Theme), hint)
}

// first is the first word that says something.
func first(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

// terminal is what the screen is drawn on.
func (f workbenchFlags) terminal() (tui.Terminal, error) {
	profile, err := themes.DetectProfile(f.color, os.Getenv)
	if err != nil {
		return tui.Terminal{}, usage(err, "")
	}
	return tui.Terminal{In: os.Stdin, Out: os.Stdout, Env: os.Environ(), Profile: profile, Remote: os.Getenv("SSH_CONNECTION") != ""}, nil
}
