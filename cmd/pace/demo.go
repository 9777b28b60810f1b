package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"pace/cmd/pace/demo"
	"pace/store"
)

func newDemo(c *console) *cobra.Command {
	var live bool
	cmd := &cobra.Command{
		Use:   "demo [DIR]",
		Short: "Write the demo project and open it",
		Long: `Write the demo project and open it: flights that arrive late, some twenty runs by four kinds of model, and the
tools' own files. Without DIR it goes to a new folder; a folder that isn't empty is refused. Without a terminal the
project is written, its folder printed, and that is all. --live replays a day's work in it: a run grows, a row that
doesn't fit arrives, a colleague leaves a note.

` + exitCodes,
		Example: "pace demo\npace demo flights --live",
		Args:    wantArgs(0, 1, "at most one folder"),
		RunE:    func(cmd *cobra.Command, args []string) error { return runDemo(cmd.Context(), c, args, live) },
	}
	cmd.Flags().BoolVar(&live, "live", false, "replay a day's work while it is open")
	return cmd
}

func runDemo(ctx context.Context, c *console, args []string, live bool) error {
	dir, err := demoFolder(args)
	if err != nil {
		return unreadable(err, "")
	}
	switch err := demo.Unpack(ctx, dir); {
	case errors.Is(err, demo.ErrNotEmpty):
		return usage(fmt.Errorf("%s is not empty", dir), "name a folder that is empty or not there yet")
	case err != nil:
		return unreadable(err, "")
	}
	if !c.terminal {
		fmt.Fprintln(c.out, dir)
		if !live {
			return nil
		}
		return replay(ctx, c, dir, func(line string) { fmt.Fprintln(c.err, "pace:", line) })
	}
	if !live {
		return openWorkbench(ctx, c, dir, workbenchFlags{})
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- replay(ctx, c, dir, func(string) {}) }()
	err = openWorkbench(ctx, c, dir, workbenchFlags{})
	cancel()
	if replayed := <-done; !errors.Is(replayed, context.Canceled) {
		err = errors.Join(err, replayed)
	}
	return err
}

func demoFolder(args []string) (string, error) {
	if len(args) == 1 {
		return args[0], nil
	}
	return os.MkdirTemp("", "pace-demo-")
}

// replay plays the demo's day; the colleague's note goes through an engine of its own, as from another machine.
func replay(ctx context.Context, c *console, dir string, log func(string)) error {
	return demo.Live(ctx, dir, demo.LiveOptions{Interval: time.Second, Now: c.now, Log: log, Note: func(actor, subject, text string) (err error) {
		s, err := open(ctx, c, dir, actor)
		if err != nil {
			return err
		}
		defer s.close(&err)
		_, err = s.engine.Do(ctx, store.Edit{Kind: store.EditNote, Actor: actor, Subject: subject, Text: text})
		return err
	}})
}
