package report

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"pace/store"
)

// Note is what somebody said, with the answers to it in the order in which they were given.
type Note struct {
	ID         string `json:"id"`
	Subject    string `json:"subject"`
	Actor      string `json:"actor"`
	Text       string `json:"text"`
	Time       Time   `json:"time"`
	Edited     Time   `json:"edited"`
	Resolved   bool   `json:"resolved"`
	ResolvedBy string `json:"resolved_by,omitempty"`
	Answers    []Note `json:"answers,omitempty"`
}

// JournalEvent is one line of a journal.
type JournalEvent struct {
	ID      string `json:"id"`
	Actor   string `json:"actor"`
	Clone   string `json:"clone"`
	Time    Time   `json:"time"`
	Clock   int64  `json:"clock"`
	Kind    string `json:"kind"`
	Subject string `json:"subject"`
	Text    string `json:"text,omitempty"` // what it says, as one line
}

// Journal is `pace.journal/1`: what people said, newest first.
type Journal struct {
	Schema string         `json:"schema"`
	Events []JournalEvent `json:"events"`
	Notes  []Note         `json:"notes"`
}

// LoadNotes reads what people said about a subject ("" for everything), oldest first, answers inside what they answer.
func LoadNotes(ctx context.Context, r *store.Reader, subject string) ([]Note, error) {
	stored, err := r.Notes(ctx, subject)
	if err != nil {
		return nil, fmt.Errorf("load notes: %w", err)
	}
	return threadNotes(stored), nil
}

func threadNotes(stored []store.Note) []Note {
	sort.SliceStable(stored, func(i, j int) bool { return stored[i].Time.Before(stored[j].Time) })
	known := make(map[string]bool, len(stored))
	for _, n := range stored {
		known[n.ID] = true
	}
	answers := make(map[string][]store.Note)
	var roots []store.Note
	for _, n := range stored {
		if n.ReplyTo != "" && n.ReplyTo != n.ID && known[n.ReplyTo] {
			answers[n.ReplyTo] = append(answers[n.ReplyTo], n)
			continue
		}
		roots = append(roots, n)
	}
	out := make([]Note, len(roots))
	for i, n := range roots {
		out[i] = threadNote(n, answers, 0)
	}
	return out
}

// maxThread bounds how deep answers nest; deeper ones are not shown.
const maxThread = 32

func threadNote(n store.Note, answers map[string][]store.Note, depth int) Note {
	out := Note{
		ID: n.ID, Subject: n.Subject, Actor: n.Actor, Text: n.Text, Time: Time{n.Time}, Edited: Time{n.Edited},
		Resolved: n.Resolved, ResolvedBy: n.ResolvedBy,
	}
	if depth == maxThread {
		return out
	}
	for _, a := range answers[n.ID] {
		out.Answers = append(out.Answers, threadNote(a, answers, depth+1))
	}
	return out
}

// LoadJournal reads the newest events and all notes.
func LoadJournal(ctx context.Context, r *store.Reader, limit int) (Journal, error) {
	events, err := r.Events(ctx, limit)
	if err != nil {
		return Journal{}, fmt.Errorf("load journal: %w", err)
	}
	notes, err := LoadNotes(ctx, r, "")
	if err != nil {
		return Journal{}, err
	}
	j := Journal{Schema: SchemaJournal, Events: make([]JournalEvent, len(events)), Notes: notes}
	for i, e := range events {
		j.Events[i] = JournalEvent{
			ID: e.ID, Actor: e.Actor, Clone: e.Clone, Time: Time{e.Time}, Clock: e.Clock,
			Kind: e.Kind, Subject: e.Subject, Text: eventText(e.Body),
		}
	}
	return j, nil
}

// eventText is an event's body as one line: its text, or its key and value, or the event it speaks of.
func eventText(body []byte) string {
	var b struct {
		Text, Key, Value, Event string
	}
	if json.Unmarshal(body, &b) != nil {
		return ""
	}
	switch {
	case b.Text != "":
		return b.Text
	case b.Key != "" && b.Value != "":
		return b.Key + "=" + b.Value
	case b.Key != "":
		return b.Key
	}
	return b.Event
}

// Ambiguous says that a name means several things.
type Ambiguous struct {
	Name       string
	Candidates []Candidate
}

// Candidate is one thing that a name could mean.
type Candidate struct{ Ref, Title string }

// Error names the candidates, at most eight.
func (a *Ambiguous) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q is ambiguous:", a.Name)
	for i, c := range a.Candidates {
		if i == 8 {
			fmt.Fprintf(&b, "\n  and %d more", len(a.Candidates)-i)
			break
		}
		fmt.Fprintf(&b, "\n  %s  %s", c.Ref, Clean(c.Title))
	}
	return b.String()
}

// ResolveRun finds the run that a text means: run:ID, a unique prefix of an id or a native id, a name that only one run
// has, or the path of a source that told only one run. It wraps ErrNotFound, or is *Ambiguous.
func ResolveRun(ctx context.Context, r *store.Reader, text string) (string, error) {
	name := strings.TrimPrefix(text, "run:")
	if name == "" {
		return "", fmt.Errorf("find run %q: %w", text, ErrNotFound)
	}
	runs, err := r.Runs(ctx)
	if err != nil {
		return "", fmt.Errorf("find run %q: %w", text, err)
	}
	slash := path.Clean(filepath.ToSlash(name))
	for _, match := range []func(store.Run) bool{
		func(run store.Run) bool { return run.ID == name || run.NativeID == name },
		func(run store.Run) bool { return run.Name == name },
		func(run store.Run) bool {
			return strings.HasPrefix(run.ID, name) || strings.HasPrefix(run.NativeID, name)
		},
		func(run store.Run) bool { return run.Source == slash },
	} {
		var found []Candidate
		for _, run := range runs {
			if match(run) {
				found = append(found, Candidate{Ref: "run:" + run.ID, Title: run.Name})
			}
		}
		switch {
		case len(found) == 1:
			return strings.TrimPrefix(found[0].Ref, "run:"), nil
		case len(found) > 1:
			sort.Slice(found, func(i, j int) bool { return found[i].Ref < found[j].Ref })
			return "", &Ambiguous{Name: text, Candidates: found}
		}
	}
	return "", fmt.Errorf("find run %q: %w", text, ErrNotFound)
}

// Resolve finds the reference that a text means: a reference with its run or dataset found ("curve:RUN/auc@120",
// "row:PATH#7"), the path of a dataset, or a run as ResolveRun finds it. It wraps ErrNotFound, or is *Ambiguous.
func Resolve(ctx context.Context, r *store.Reader, text string) (string, error) {
	kind, rest, _ := strings.Cut(text, ":")
	switch kind {
	case "run":
		id, err := ResolveRun(ctx, r, rest)
		return "run:" + id, err
	case "curve":
		run, key, ok := strings.Cut(rest, "/")
		if !ok || key == "" {
			return "", fmt.Errorf("find %q: a point of a curve is curve:RUN/KEY@STEP: %w", text, ErrNotFound)
		}
		id, err := ResolveRun(ctx, r, run)
		return "curve:" + id + "/" + key, err
	case "data", "row", "var", "cell":
		file, at := partOf(kind, rest)
		known, err := resolveDataset(ctx, r, file)
		return kind + ":" + known + at, err
	case "model", "pred":
		return text, nil
	}
	if file, err := resolveDataset(ctx, r, text); err == nil {
		return "data:" + file, nil
	}
	id, err := ResolveRun(ctx, r, text)
	return "run:" + id, err
}

// partOf parts the path of a reference from what it points at in it.
func partOf(kind, rest string) (file, at string) {
	sign := "#"
	if kind == "data" {
		sign = "@"
	}
	if i := strings.LastIndex(rest, sign); i > 0 {
		return rest[:i], rest[i:]
	}
	return rest, ""
}

// About is what a reference is about: "run" and the run's id also for a point of a curve, "data" and the path also for a
// row, a variable or a cell; else the reference's own kind and id.
func About(ref string) (kind, id string) {
	kind, rest, ok := strings.Cut(ref, ":")
	if !ok {
		return "", ref
	}
	switch kind {
	case "curve":
		run, _, _ := strings.Cut(rest, "/")
		return "run", run
	case "data", "row", "var", "cell":
		file, _ := partOf(kind, rest)
		if plain, err := url.PathUnescape(file); err == nil {
			file = plain
		}
		return "data", file
	}
	return kind, rest
}

func resolveDataset(ctx context.Context, r *store.Reader, text string) (string, error) {
	file := path.Clean(filepath.ToSlash(text))
	_, ok, err := r.Dataset(ctx, file)
	if err == nil && !ok {
		err = ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("find dataset %q: %w", text, err)
	}
	return file, nil
}

// maxPalette bounds how many runs a palette offers: the newest.
const maxPalette = 5000

// LoadPalette reads what can be jumped to: runs newest first, datasets, experiments.
func LoadPalette(ctx context.Context, r *store.Reader, opts Options) ([]PaletteEntry, error) {
	runs, err := r.Runs(ctx)
	if err != nil {
		return nil, fmt.Errorf("load runs: %w", err)
	}
	byID, experiments, err := loadExperiments(ctx, r)
	if err != nil {
		return nil, err
	}
	datasets, err := r.Datasets(ctx)
	if err != nil {
		return nil, fmt.Errorf("load datasets: %w", err)
	}
	var out []PaletteEntry
	for _, run := range runs[:min(len(runs), maxPalette)] {
		h := runHead(run, byID, opts.Moment, staleSilent)
		out = append(out, PaletteEntry{Kind: "run", Subject: "run:" + run.ID, Title: h.Title(), Detail: h.Experiment + " " + h.State()})
	}
	for _, d := range datasets {
		out = append(out, PaletteEntry{Kind: "dataset", Subject: "data:" + d.Path, Title: d.Path, Detail: d.Format})
	}
	for _, e := range experiments {
		if !e.Deleted {
			out = append(out, PaletteEntry{Kind: "experiment", Subject: "experiment:" + e.ID, Title: e.Name, Detail: e.Format})
		}
	}
	return out, nil
}
