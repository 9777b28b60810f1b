package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pace/engine/report"
	"pace/engine/report/printer"
	"pace/store"
)

type noteFlags struct {
	dir, format, as                    string
	answer, resolve, reopen, edit, tag string
	untag                              string
	pin, unpin, archive, unarchive     bool
	undo, redo                         bool
}

func newNote(c *console) *cobra.Command {
	var f noteFlags
	cmd := &cobra.Command{
		Use:   "note TARGET [TEXT]",
		Short: "Say something about a run, a dataset, a row, a point of a curve",
		Long: `Say something about a run, a dataset, a row, a point of a curve; answer it, resolve it, take it back.

TARGET is a run (id, unique prefix, native id, unique name), the path of a dataset, or a reference: run:ID,
data:PATH, row:PATH#N, var:PATH#NAME, curve:RUN/KEY@STEP. Without TEXT the notes about it are listed. A note is
named by its id or a unique prefix of it. What is said goes to .pace/journal, one line an event.

JSON: {schema:"pace.said/1", event, kind, subject, actor}; without TEXT pace.journal/1 with its notes

` + exitCodes,
		Example: `pace note xgb-deep-5 "leak? dep_delay is known only after departure"
pace note --answer 01K3 "checked: it is known at 06:00"
pace note --resolve 01K3
pace note curve:3f2a1c/auc@120 "the learning rate dropped here" --as peer
pace note forest-2 --tag team=blue --pin
pace note --undo`,
		Args: wantArgs(0, 2, "a target and a text"),
		RunE: func(cmd *cobra.Command, args []string) error { return say(cmd.Context(), c, args, f) },
	}
	dirFlag(cmd, &f.dir)
	fl := cmd.Flags()
	fl.StringVar(&f.as, "as", "", "who speaks (default: PACE_ACTOR, git's user.email, user@host)")
	fl.StringVar(&f.answer, "answer", "", "answer this note")
	fl.StringVar(&f.edit, "edit", "", "say this note anew")
	fl.StringVar(&f.resolve, "resolve", "", "resolve this note")
	fl.StringVar(&f.reopen, "reopen", "", "reopen this note")
	fl.StringVar(&f.tag, "tag", "", "tag the target: KEY or KEY=VALUE")
	fl.StringVar(&f.untag, "untag", "", "take a tag of ours off the target: KEY")
	fl.BoolVar(&f.pin, "pin", false, "pin the target")
	fl.BoolVar(&f.unpin, "unpin", false, "unpin the target")
	fl.BoolVar(&f.archive, "archive", false, "leave the target out of lists")
	fl.BoolVar(&f.unarchive, "unarchive", false, "take the target into lists again")
	fl.BoolVar(&f.undo, "undo", false, "take back the last thing I said")
	fl.BoolVar(&f.redo, "redo", false, "say it again")
	cmd.MarkFlagsMutuallyExclusive("answer", "edit", "resolve", "reopen", "tag", "untag", "pin", "unpin", "archive", "unarchive", "undo", "redo")
	formatFlag(cmd, &f.format, "text", "json")
	return cmd
}

func say(ctx context.Context, c *console, args []string, f noteFlags) (err error) {
	s, err := openRead(ctx, c, f.dir, f.as)
	if err != nil {
		return err
	}
	defer s.close(&err)
	edit, err := f.toEdit(ctx, s, args)
	if err != nil {
		return err
	}
	if edit.Kind == "" {
		return s.listNotes(ctx, edit.Subject, f.format)
	}
	edit.Actor = s.speaker(f.as)
	event, err := s.engine.Do(ctx, edit)
	if err != nil {
		return unreadable(err, "")
	}
	if f.format == "json" {
		enc := json.NewEncoder(c.out)
		enc.SetIndent("", "  ")
		return enc.Encode(struct {
			Schema  string `json:"schema"`
			Event   string `json:"event"`
			Kind    string `json:"kind"`
			Subject string `json:"subject"`
			Actor   string `json:"actor"`
		}{"pace.said/1", event, string(edit.Kind), edit.Subject, edit.Actor})
	}
	_, err = fmt.Fprintf(c.out, "%s\n", strings.TrimSpace(event+"  "+string(edit.Kind)+" "+report.Clean(edit.Subject)))
	return err
}

// onTarget are the flags whose edit is about the target.
func (f noteFlags) onTarget() (store.Edit, bool) {
	switch {
	case f.tag != "":
		key, value, _ := strings.Cut(f.tag, "=")
		return store.Edit{Kind: store.EditTag, Key: key, Value: value}, true
	case f.untag != "":
		return store.Edit{Kind: store.EditUntag, Key: f.untag}, true
	case f.pin:
		return store.Edit{Kind: store.EditPin}, true
	case f.unpin:
		return store.Edit{Kind: store.EditUnpin}, true
	case f.archive:
		return store.Edit{Kind: store.EditArchive}, true
	case f.unarchive:
		return store.Edit{Kind: store.EditUnarchive}, true
	}
	return store.Edit{}, false
}

// onNote are the flags whose edit is about a note.
func (f noteFlags) onNote() (kind store.EditKind, note string, text bool) {
	switch {
	case f.answer != "":
		return store.EditAnswer, f.answer, true
	case f.edit != "":
		return store.EditRevise, f.edit, true
	case f.resolve != "":
		return store.EditResolve, f.resolve, false
	case f.reopen != "":
		return store.EditReopen, f.reopen, false
	}
	return "", "", false
}

// toEdit is what the command line says; an Edit without a kind asks for the notes about its subject.
func (f noteFlags) toEdit(ctx context.Context, s *session, args []string) (store.Edit, error) {
	if f.undo || f.redo {
		kind := store.EditUndo
		if f.redo {
			kind = store.EditRedo
		}
		return store.Edit{Kind: kind}, f.expect(args, 0, "no target and no text")
	}
	if kind, name, text := f.onNote(); kind != "" {
		return f.aboutNote(ctx, s, store.Edit{Kind: kind, Event: name}, args, text)
	}
	edit, ok := f.onTarget()
	if !ok {
		edit.Kind = store.EditNote
	}
	switch {
	case len(args) == 0:
		return edit, usage(fmt.Errorf("pace note takes a target"), "pace note RUN TEXT")
	case ok:
		if err := f.expect(args, 1, "a target and no text"); err != nil {
			return edit, err
		}
	case len(args) == 1:
		edit.Kind = ""
	default:
		edit.Text = args[1]
	}
	subject, err := report.Resolve(ctx, s.reader(), args[0])
	edit.Subject = subject
	if err == nil && edit.Kind == store.EditNote && strings.TrimSpace(edit.Text) == "" {
		err = usage(fmt.Errorf("the note is empty"), "pace note RUN TEXT")
	}
	return edit, err
}

func (f noteFlags) expect(args []string, n int, what string) error {
	if len(args) == n {
		return nil
	}
	return usage(fmt.Errorf("pace note with these flags takes %s", what), "`pace note --help` shows examples")
}

// aboutNote finds the note that an answer, an edit or a resolve speaks of.
func (f noteFlags) aboutNote(ctx context.Context, s *session, edit store.Edit, args []string, text bool) (store.Edit, error) {
	want, what := 0, "no text"
	if text {
		want, what = 1, "a text"
	}
	if err := f.expect(args, want, what); err != nil {
		return edit, err
	}
	if text {
		edit.Text = args[0]
	}
	notes, err := s.reader().Notes(ctx, "")
	if err != nil {
		return edit, err
	}
	var found []report.Candidate
	for _, n := range notes {
		if strings.HasPrefix(n.ID, edit.Event) {
			found = append(found, report.Candidate{Ref: n.ID, Title: n.Actor + ": " + n.Text})
			edit.Subject = n.Subject
		}
	}
	switch len(found) {
	case 0:
		return edit, usage(fmt.Errorf("there is no note %q", edit.Event), "`pace journal` lists what was said, with ids")
	case 1:
		edit.Event = found[0].Ref
		return edit, nil
	}
	return edit, &report.Ambiguous{Name: edit.Event, Candidates: found}
}

// listNotes prints what was said about a subject and what is in it.
func (s *session) listNotes(ctx context.Context, subject, format string) error {
	all, err := report.LoadNotes(ctx, s.reader(), "")
	if err != nil {
		return err
	}
	kind, id := report.About(subject)
	j := report.Journal{Schema: report.SchemaJournal, Events: []report.JournalEvent{}, Notes: []report.Note{}}
	for _, n := range all {
		if k, i := report.About(n.Subject); n.Subject == subject || k == kind && i == id && (subject == "run:"+id || subject == "data:"+id) {
			j.Notes = append(j.Notes, n)
		}
	}
	return printer.Notes(s.out, printer.Format(format), style(), j)
}
