package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"pace/engine"
	"pace/engine/report"
	"pace/store"
)

func newWatch(c *console) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "watch [DIR]",
		Short: "Keep the index up to date without a screen, and say what changes",
		Long: `Keep the index up to date without a screen, and say what changes, a line for each change, until it is
interrupted. A workbench on the same project reads what this process writes.

JSON, one object a line: {schema:"pace.change/1", time, all, runs:[id], datasets:[path], subjects:[ref]}

` + exitCodes,
		Example: "pace watch\npace watch ~/flights --format json",
		Args:    wantArgs(0, 1, "at most one folder"),
		RunE:    func(cmd *cobra.Command, args []string) error { return watch(cmd.Context(), c, folder(args), format) },
	}
	formatFlag(cmd, &format, "text", "json")
	return cmd
}

// changeLine is pace.change/1.
type changeLine struct {
	Schema   string      `json:"schema"`
	Time     report.Time `json:"time"`
	All      bool        `json:"all"`
	Runs     []string    `json:"runs"`
	Datasets []string    `json:"datasets"`
	Subjects []string    `json:"subjects"`
}

func watch(ctx context.Context, c *console, dir, format string) (err error) {
	s, err := open(ctx, c, dir, "")
	if err != nil {
		return err
	}
	defer s.close(&err)
	feed := s.engine.Subscribe()
	defer feed.Close()
	done := make(chan error, 1)
	go func() { done <- s.engine.Run(ctx) }()
	fmt.Fprintln(c.err, "pace: watching", s.root)
	for {
		select {
		case err := <-done:
			if err != nil {
				return unreadable(err, "")
			}
			return ctx.Err() // interrupted: that is how a watch ends
		case <-feed.Wake():
			if err := tellChange(c, feed, format); err != nil {
				return err
			}
		}
	}
}

func tellChange(c *console, feed *engine.Feed, format string) error {
	change := feed.Take()
	if !change.All && !change.AnyRun() && !change.AnyDataset() && !change.Said() {
		return nil
	}
	line := changeLineOf(change, c.now())
	if format == "json" {
		return json.NewEncoder(c.out).Encode(line)
	}
	text := line.Time.UTC().Format(time.RFC3339)
	if line.All {
		text += "  something changed"
	}
	for _, id := range line.Runs {
		text += "  run:" + id
	}
	for _, path := range line.Datasets {
		text += "  data:" + report.Clean(path)
	}
	for _, ref := range line.Subjects {
		text += "  said:" + report.Clean(ref)
	}
	_, err := fmt.Fprintln(c.out, text)
	return err
}

func changeLineOf(c store.Change, now time.Time) changeLine {
	names := func(set map[string]bool) []string {
		if len(set) == 0 {
			return []string{}
		}
		return slices.Sorted(maps.Keys(set))
	}
	return changeLine{
		Schema: "pace.change/1", Time: report.Time{Time: now.UTC()}, All: c.All,
		Runs: names(c.Runs), Datasets: names(c.Datasets), Subjects: names(c.Subjects),
	}
}
