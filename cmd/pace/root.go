package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"pace/engine/report"
	"pace/engine/report/printer"
)

type rootFlags struct {
	report              bool
	format, out, failOn string
	only                []string
	workbenchFlags
}

func newRoot(c *console) *cobra.Command {
	var f rootFlags
	cmd := &cobra.Command{
		Use:   "pace [DIR]",
		Short: "A terminal workbench for machine-learning teams",
		Long: `A terminal workbench for machine-learning teams. It shows what is in a folder: the datasets and what is wrong
with them, the runs of MLflow, TensorBoard and others and which is better, and what people said. No server, no
account, no configuration; no tool's file is ever changed.

pace --report prints the same without a screen.
JSON: {schema:"pace.report/1", project, generated, verdict, summary, findings, sections:{data,runs}}

` + exitCodes,
		Example: `pace
pace ~/flights
pace --report --format markdown --out report.md
pace --report --only runs --fail-on warn`,
		Args:                       wantArgs(0, 1, "at most one folder"),
		SuggestionsMinimumDistance: 2,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := mistyped(cmd, args); err != nil {
				return err
			}
			if f.report {
				return printReport(cmd.Context(), c, folder(args), f)
			}
			if flag := reportOnly(cmd); flag != "" {
				return usage(fmt.Errorf("--%s belongs to --report", flag), "pace --report --"+flag+" ...")
			}
			return openWorkbench(cmd.Context(), c, folder(args), f.workbenchFlags)
		},
	}
	cmd.SetOut(c.help)
	cmd.SetErr(c.err)
	cmd.Flags().BoolVar(&f.report, "report", false, "print a report instead of opening the workbench")
	formatFlag(cmd, &f.format, "text", "json", "markdown", "html")
	cmd.Flags().StringSliceVar(&f.only, "only", nil, "only these sections: "+strings.Join(report.SectionNames(), ","))
	cmd.Flags().StringVarP(&f.out, "out", "o", "", "write the report to this file")
	failFlag(cmd, &f.failOn, "error", "warn", "never")
	f.workbenchFlags.add(cmd)
	cmd.AddCommand(commands(c)...)
	return cmd
}

// mistyped is an argument that is no folder and nearly a command.
func mistyped(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if _, err := os.Stat(args[0]); !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	near := cmd.SuggestionsFor(args[0])
	if len(near) == 0 {
		return nil
	}
	return usage(fmt.Errorf("%s: there is no such folder and no such command", args[0]), "did you mean `pace "+strings.Join(near, "` or `pace ")+"`?")
}

// reportOnly is a flag of --report that was given without it; "" for none.
func reportOnly(cmd *cobra.Command) string {
	for _, name := range []string{"format", "only", "out", "fail-on"} {
		if cmd.Flags().Changed(name) {
			return name
		}
	}
	return ""
}

// failFlag adds --fail-on; the first word is the default.
func failFlag(cmd *cobra.Command, to *string, choices ...string) {
	choiceFlag(cmd, to, "fail-on", "from which level on the exit code is 1 (with never 1 and 4 become 0)", choices...)
}

// failed is the exit code that a verdict asks for.
func failed(failOn string, verdict report.Level) error {
	switch {
	case failOn == "never":
		return nil
	case verdict == report.Nothing:
		return silent(exitNothing)
	case verdict.AtLeast(report.Level(failOn)):
		return silent(exitFinding)
	}
	return nil
}

func printReport(ctx context.Context, c *console, dir string, f rootFlags) (err error) {
	for _, name := range f.only {
		if !knownSection(name) {
			return usage(fmt.Errorf("--only %s: there is %s", name, strings.Join(report.SectionNames(), ", ")), "pace --report --only runs")
		}
	}
	s, err := openRead(ctx, c, dir, "")
	if err != nil {
		return err
	}
	defer s.close(&err)
	r, err := report.Build(ctx, s.reader(), s.options(), report.BuildQuery{Only: f.only, Width: printer.ChartWidth(style())})
	if err != nil {
		return unreadable(err, "")
	}
	if err := writeOut(c, f.out, func(w io.Writer) error { return printer.Report(w, printer.Format(f.format), style(), r) }); err != nil {
		return err
	}
	return failed(f.failOn, r.Verdict)
}

func knownSection(name string) bool {
	for _, s := range report.SectionNames() {
		if s == name {
			return true
		}
	}
	return false
}

// writeOut prints to stdout, or to a file that is in place only when it is whole.
func writeOut(c *console, path string, print func(io.Writer) error) error {
	if path == "" || path == "-" {
		return print(c.out)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".pace-*")
	if err != nil {
		return unreadable(fmt.Errorf("write report: %w", err), "name a file in a folder that can be written: --out FILE")
	}
	err = errors.Join(print(tmp), tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return unreadable(errors.Join(fmt.Errorf("write report: %w", err), os.Remove(tmp.Name())), "")
	}
	return nil
}
