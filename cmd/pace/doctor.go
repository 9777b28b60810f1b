package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"pace/engine"
	"pace/engine/journal"
	"pace/engine/report"
	"pace/engine/report/printer"
)

func newDoctor(c *console) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "doctor [DIR]",
		Short: "Say what pace sees here, what it can't read and why, which limits are near",
		Long: `Say what pace sees here, what it can't read and why, which limits are near.

JSON: {schema:"pace.doctor/1", project, sources:[{path,format,runs,missing,seen}], problems:[finding],
checks:[{level,name,value,hint}], counts:{runs,experiments,datasets,notes}, verdict}

` + exitCodes,
		Example: "pace doctor\npace doctor ~/flights --format json",
		Args:    wantArgs(0, 1, "at most one folder"),
		RunE:    func(cmd *cobra.Command, args []string) error { return diagnose(cmd.Context(), c, folder(args), format) },
	}
	formatFlag(cmd, &format, "text", "json", "markdown", "html")
	return cmd
}

func diagnose(ctx context.Context, c *console, dir, format string) (err error) {
	s, err := openRead(ctx, c, dir, "")
	if err != nil {
		return err
	}
	defer s.close(&err)
	d, err := report.LoadDoctor(ctx, s.reader(), s.options())
	if err != nil {
		return err
	}
	d.Add(s.checks()...)
	if err := printer.Doctor(c.out, printer.Format(format), style(), d); err != nil {
		return err
	}
	if d.Verdict == report.Error {
		return silent(exitFinding)
	}
	return nil
}

// checks look at the machine, the index and the journal.
func (s *session) checks() []report.DoctorCheck {
	stats := s.engine.Stats()
	out := []report.DoctorCheck{
		{Level: report.OK, Name: "pace", Value: version() + ", " + runtime.Version() + ", " + runtime.GOOS + "/" + runtime.GOARCH},
		{Level: report.OK, Name: "project", Value: s.root},
		indexCheck(stats),
		{Level: report.OK, Name: "speaking", Value: s.speaker(""), Hint: "PACE_ACTOR, --as or git's user.email change it"},
		s.journalCheck(),
	}
	if stats.Passes > 0 {
		out = append(out, report.DoctorCheck{Level: report.OK, Name: "walk", Value: fmt.Sprintf("%d folders in %s", stats.Folders, report.FormatDuration(stats.Took.Milliseconds()))})
	}
	for _, t := range stats.Trouble {
		out = append(out, report.DoctorCheck{Level: report.Warn, Name: "trouble", Value: t.Path + ": " + t.Err.Error()})
	}
	return out
}

func indexCheck(stats engine.Stats) report.DoctorCheck {
	c := report.DoctorCheck{Level: report.OK, Name: "index", Value: stats.Index, Hint: "it can be deleted: it is built again from the tools' own files"}
	if info, err := os.Stat(stats.Index); err == nil {
		c.Value += ", " + report.FormatBytes(info.Size())
	}
	if stats.Role != "engine" {
		c.Value += ", written by another pace"
	}
	if stats.Note != "" {
		c.Level, c.Hint = report.Warn, stats.Note
	}
	return c
}

func (s *session) journalCheck() report.DoctorCheck {
	c := report.DoctorCheck{Level: report.OK, Name: "journal", Value: "nobody has said anything yet"}
	files, err := journal.Verify(filepath.Join(s.root, ".pace"))
	if err != nil || len(files) == 0 {
		return c
	}
	check := checkOf(files)
	events := 0
	for _, f := range files {
		events += f.Events
	}
	c.Value = fmt.Sprintf("%d events in %d files, every line in its place", events, len(files))
	if !check.OK {
		c.Level, c.Value, c.Hint = report.Error, "a journal was changed after it was written", "`pace journal --verify` says where"
	}
	return c
}
