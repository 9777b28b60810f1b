package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"pace/engine/journal"
	"pace/engine/report"
	"pace/engine/report/printer"
)

func newJournal(c *console) *cobra.Command {
	var format string
	var limit int
	var verify bool
	cmd := &cobra.Command{
		Use:   "journal [DIR]",
		Short: "List what people said here, or verify that nobody changed it",
		Long: `List what people said here, newest first, or check with --verify that every line of every journal file is whole
and follows the one before it. The files are .pace/journal/*.jsonl; they are meant to be committed.

JSON: {schema:"pace.journal/1", events:[{id,actor,clone,time,clock,kind,subject,text}], notes:[{id,subject,actor,
text,time,edited,resolved,answers:[...]}]}; with --verify {schema:"pace.journal_check/1", ok, files:[{file,clone,
events,head,problems:[{line,kind,message}]}]}

` + exitCodes,
		Example: "pace journal\npace journal --limit 20 --format json\npace journal --verify",
		Args:    wantArgs(0, 1, "at most one folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if verify {
				return verifyJournal(c, folder(args), format)
			}
			return listJournal(cmd.Context(), c, folder(args), format, limit)
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 200, "how many events at most")
	cmd.Flags().BoolVar(&verify, "verify", false, "check every hash and every chain; exit code 1 where one does not hold")
	formatFlag(cmd, &format, "text", "json", "markdown", "html")
	return cmd
}

func listJournal(ctx context.Context, c *console, dir, format string, limit int) (err error) {
	s, err := openRead(ctx, c, dir, "")
	if err != nil {
		return err
	}
	defer s.close(&err)
	j, err := report.LoadJournal(ctx, s.reader(), limit)
	if err != nil {
		return err
	}
	return printer.Journal(c.out, printer.Format(format), style(), j)
}

// journalCheck is pace.journal_check/1.
type journalCheck struct {
	Schema string             `json:"schema"`
	OK     bool               `json:"ok"`
	Files  []journalFileCheck `json:"files"`
}

type journalFileCheck struct {
	File     string           `json:"file"`
	Clone    string           `json:"clone"`
	Events   int              `json:"events"`
	Head     string           `json:"head"`
	Problems []journalProblem `json:"problems"`
}

type journalProblem struct {
	Line    int    `json:"line"`
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

func verifyJournal(c *console, dir, format string) error {
	p, err := findProject(dir)
	if err != nil {
		return err
	}
	files, err := journal.Verify(filepath.Join(p.root, ".pace"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unreadable(fmt.Errorf("verify journal: %w", err), "")
	}
	check := checkOf(files)
	if format == "json" {
		enc := json.NewEncoder(c.out)
		enc.SetIndent("", "  ")
		err = enc.Encode(check)
	} else {
		err = check.print(c)
	}
	if err == nil && !check.OK {
		return silent(exitFinding)
	}
	return err
}

func checkOf(files []journal.Summary) journalCheck {
	check := journalCheck{Schema: "pace.journal_check/1", OK: true, Files: []journalFileCheck{}}
	for _, f := range files {
		file := journalFileCheck{File: filepath.Base(f.File), Clone: f.Clone, Events: f.Events, Head: f.Head, Problems: []journalProblem{}}
		for _, p := range f.Problems {
			check.OK = check.OK && p.Kind == journal.Torn
			file.Problems = append(file.Problems, journalProblem{Line: p.Line, Kind: string(p.Kind), Message: p.Err.Error()})
		}
		check.Files = append(check.Files, file)
	}
	return check
}

func (check journalCheck) print(c *console) error {
	if len(check.Files) == 0 {
		_, err := fmt.Fprintln(c.out, "there is no journal yet")
		return err
	}
	for _, f := range check.Files {
		fmt.Fprintf(c.out, "%s  %d events  head %s\n", report.Clean(f.File), f.Events, f.Head)
		for _, p := range f.Problems {
			fmt.Fprintf(c.out, "  line %d: %s: %s\n", p.Line, p.Kind, report.Clean(p.Message))
		}
	}
	word := "every line is whole and in its place"
	if !check.OK {
		word = "somebody or something changed a journal after it was written"
	}
	_, err := fmt.Fprintln(c.out, word)
	return err
}
