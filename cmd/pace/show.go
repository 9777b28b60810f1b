package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pace/engine/report"
	"pace/engine/report/printer"
)

// shownCurves is how many metrics of a run are drawn in text.
const shownCurves = 4

func newShow(c *console) *cobra.Command {
	var format, dir string
	cmd := &cobra.Command{
		Use:   "show RUN",
		Short: "Show one run: params, metrics, curves, tags, data, artifacts, notes",
		Long: `Show one run: params, metrics, curves, tags, data, artifacts, notes.

RUN is an id or a unique prefix of one, a native id, a unique name, or the path of a source with one run.

JSON: {schema:"pace.run/1", ... one run of pace.runs/1 ..., series:{key:[{segment,step (or null),time,value}]},
artifacts:[{path,dir,bytes,modified}], datasets:[{name,digest,context,source,location}], notes:[...]}
with every point of every series. NaN and infinities are the strings "NaN", "Infinity", "-Infinity".

` + exitCodes,
		Example: "pace show xgb-deep-7\npace show run:3f2a1c --format json\npace show 9e2 --dir ~/flights --format html > run.html",
		Args:    wantArgs(1, 1, "one run"),
		RunE:    func(cmd *cobra.Command, args []string) error { return showRun(cmd.Context(), c, dir, args[0], format) },
	}
	dirFlag(cmd, &dir)
	cmd.ValidArgsFunction = completeRuns(c, &dir)
	formatFlag(cmd, &format, "text", "json", "markdown", "html")
	return cmd
}

// completeRuns offers the names and ids of the runs in the index, as far as it has been filled.
func completeRuns(c *console, dir *string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) (out []cobra.Completion, _ cobra.ShellCompDirective) {
		s, err := open(cmd.Context(), c, *dir, "")
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		defer s.close(&err)
		runs, err := s.reader().Runs(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		for _, run := range runs {
			if name := report.Clean(run.Name); name != "" && strings.HasPrefix(name, typed) {
				out = append(out, cobra.CompletionWithDesc(name, run.ID))
			} else if strings.HasPrefix(run.ID, typed) {
				out = append(out, cobra.CompletionWithDesc(run.ID, name))
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}

// dirFlag names the project for commands whose arguments are something else.
func dirFlag(cmd *cobra.Command, to *string) {
	cmd.Flags().StringVar(to, "dir", ".", "a folder of the project")
	_ = cmd.MarkFlagDirname("dir")
}

func showRun(ctx context.Context, c *console, dir, name, format string) (err error) {
	s, err := openRead(ctx, c, dir, "")
	if err != nil {
		return err
	}
	defer s.close(&err)
	id, err := report.ResolveRun(ctx, s.reader(), name)
	if err != nil {
		return err
	}
	d, err := report.LoadRun(ctx, s.reader(), s.options(), report.RunQuery{ID: id, Points: format == "json"})
	if err != nil {
		return err
	}
	answer, err := s.engine.Ask(ctx, report.ArtifactList{Run: id})
	if err != nil {
		fmt.Fprintln(c.err, "pace:", err)
	} else if list, ok := answer.(report.Artifacts); ok && len(list.Files) > 0 {
		d.Artifacts = list.Files
	}
	curves, err := s.curves(ctx, d)
	if err != nil {
		return err
	}
	return printer.Run(c.out, printer.Format(format), style(), d, curves)
}

// curves are the primary metric's and those of other metrics with more than one point.
func (s *session) curves(ctx context.Context, d report.RunDetail) ([]report.Series, error) {
	var keys []string
	if m, ok := d.Metrics.Get(d.Primary); ok && m.Points > 1 {
		keys = append(keys, d.Primary)
	}
	for _, m := range d.Metrics {
		if m.Points > 1 && m.Key != d.Primary && !m.System && len(keys) < shownCurves {
			keys = append(keys, m.Key)
		}
	}
	var out []report.Series
	for _, key := range keys {
		series, err := report.LoadSeries(ctx, s.reader(), s.options(), report.SeriesQuery{Run: d.ID, Key: key, Width: printer.ChartWidth(style())})
		if err != nil {
			return nil, err
		}
		out = append(out, series)
	}
	return out, nil
}
