package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"pace/engine/report"
	"pace/engine/report/printer"
)

type compareFlags struct {
	dir, format, baseline, metric string
	all                           bool
}

func newCompare(c *console) *cobra.Command {
	var f compareFlags
	cmd := &cobra.Command{
		Use:   "compare RUN RUN...",
		Short: "Put runs side by side: only what differs, against a baseline",
		Long: `Put runs side by side: only what differs, against a baseline (the first, or --baseline), with a word when
they read different data.

JSON: {schema:"pace.compare/1", baseline (index into runs), runs:[header], shown, total,
rows:[{group,key,same,values:[{text,have}]}],
metrics:[{key,unit,direction,guessed,same,values:[{value,delta,percent,have,best,verdict}]}],
data, comparable, data_differs:[bool], primary}

` + exitCodes,
		Example: "pace compare xgb-deep-5 xgb-deep-7 forest-2\npace compare 3f2 9e2 --baseline 9e2 --metric auc --all\npace compare 3f2 9e2 --format json",
		Args:    wantArgs(2, -1, "two runs or more"),
		RunE:    func(cmd *cobra.Command, args []string) error { return compareRuns(cmd.Context(), c, args, f) },
	}
	dirFlag(cmd, &f.dir)
	cmd.ValidArgsFunction = completeRuns(c, &f.dir)
	cmd.Flags().StringVar(&f.baseline, "baseline", "", "the run that the others are measured against (default: the first)")
	cmd.Flags().StringVar(&f.metric, "metric", "", "the metric that is drawn (default: the project's primary one)")
	cmd.Flags().BoolVar(&f.all, "all", false, "also what is the same in all of them")
	formatFlag(cmd, &f.format, "text", "json", "markdown", "html")
	return cmd
}

func compareRuns(ctx context.Context, c *console, names []string, f compareFlags) (err error) {
	s, err := openRead(ctx, c, f.dir, "")
	if err != nil {
		return err
	}
	defer s.close(&err)
	q := report.CompareQuery{Key: f.metric, All: f.all, Width: printer.ChartWidth(style())}
	for _, name := range names {
		id, err := report.ResolveRun(ctx, s.reader(), name)
		if err != nil {
			return err
		}
		if slices.Contains(q.IDs, id) {
			return usage(fmt.Errorf("%s is named twice", name), "name each run once")
		}
		q.IDs = append(q.IDs, id)
	}
	if f.baseline != "" {
		if q.Baseline, err = report.ResolveRun(ctx, s.reader(), f.baseline); err != nil {
			return err
		}
		if !slices.Contains(q.IDs, q.Baseline) {
			return usage(fmt.Errorf("the baseline %s is not among the runs", f.baseline), "name it as one of them")
		}
	}
	out, err := report.LoadCompare(ctx, s.reader(), s.options(), q)
	if err != nil {
		return err
	}
	return printer.Compare(c.out, printer.Format(f.format), style(), out)
}
