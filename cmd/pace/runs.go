package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pace/engine/report"
	"pace/engine/report/printer"
	"pace/store"
)

type runsFlags struct {
	filter, sort, columns, format string
	limit                         int
	deleted, archived             bool
}

func newRuns(c *console) *cobra.Command {
	var f runsFlags
	cmd := &cobra.Command{
		Use:   "runs [DIR]",
		Short: "List the runs of every tool in one table",
		Long: `List the runs of every tool in one table.

--filter and --sort speak MLflow's search grammar and more: metrics.auc > 0.9 and params.kind = 'tree',
short names where they are unique, OR, NOT, /regex/, name*, has:auc, start_time > -7d. Without --columns the
table shows what tells the runs apart; "--columns all" is everything.

JSON: {schema:"pace.runs/1", runs:[{id, native_id, source, experiment, name, status, started, ended,
duration_ms, user, git:{commit,branch,dirty}, params:{k:v}, metrics:{k:{last,last_step,min,max,best,points}},
tags:{k:v}, path}], total}

` + exitCodes,
		Example: `pace runs
pace runs --filter 'auc > 0.8 and kind = tree' --sort -auc --limit 10
pace runs --columns name,auc.max,lr --format markdown
pace runs --format csv --columns all > runs.csv`,
		Args: wantArgs(0, 1, "at most one folder"),
		RunE: func(cmd *cobra.Command, args []string) error { return listRuns(cmd.Context(), c, folder(args), f) },
	}
	cmd.Flags().StringVar(&f.filter, "filter", "", "which runs")
	cmd.Flags().StringVar(&f.sort, "sort", "", "by what; -auc or 'auc DESC' is downwards, several with commas")
	cmd.Flags().StringVar(&f.columns, "columns", "", "which columns, with commas; all for every one")
	cmd.Flags().IntVar(&f.limit, "limit", 0, "how many runs at most (0: all)")
	cmd.Flags().BoolVar(&f.deleted, "deleted", false, "also runs that their tool marks deleted")
	cmd.Flags().BoolVar(&f.archived, "archived", false, "also runs that somebody archived")
	formatFlag(cmd, &f.format, "text", "json", "csv", "markdown", "html")
	return cmd
}

// folder is the folder that a command line names, or the one it was typed in.
func folder(args []string) string {
	if len(args) == 0 {
		return "."
	}
	return args[0]
}

func listRuns(ctx context.Context, c *console, dir string, f runsFlags) (err error) {
	s, err := openRead(ctx, c, dir, "")
	if err != nil {
		return err
	}
	defer s.close(&err)
	if err := s.mention(ctx); err != nil {
		return err
	}
	q := report.RunsQuery{Filter: f.filter, Sort: f.sort, Limit: f.limit, Deleted: f.deleted, Archived: f.archived}
	if f.format == "json" {
		runs, err := report.LoadRuns(ctx, s.reader(), s.options(), q)
		if err != nil {
			return err
		}
		if err := printer.Runs(c.out, runs); err != nil {
			return err
		}
		return s.nothing(ctx, runs.Total)
	}
	list, err := report.LoadRunList(ctx, s.reader(), s.options(), q, splitList(f.columns, f.format))
	if err != nil {
		return err
	}
	if err := printer.RunList(c.out, printer.Format(f.format), style(), list); err != nil {
		return err
	}
	return s.nothing(ctx, list.Total)
}

// splitList reads names with commas between them; a spreadsheet gets every column.
func splitList(names, format string) []string {
	if names == "" && format == "csv" {
		return []string{"all"}
	}
	if names == "" {
		return nil
	}
	return strings.Split(names, ",")
}

// mention says on stderr that something could not be read: a list shows only what could.
func (s *session) mention(ctx context.Context) error {
	problems, err := s.reader().Problems(ctx)
	if err == nil && len(problems) > 0 {
		_, err = fmt.Fprintf(s.err, "pace: %s in this project; `pace doctor` says what and why\n", plural(len(problems), "problem"))
	}
	return err
}

// plural is a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// nothing is exit code 4 where the project has no run at all.
func (s *session) nothing(ctx context.Context, matched int) error {
	if matched > 0 {
		return nil
	}
	runs := 0
	err := s.reader().EachRun(ctx, func(*store.Run) error { runs++; return nil })
	if err != nil {
		return err
	}
	if runs == 0 {
		return silent(exitNothing)
	}
	return nil
}
