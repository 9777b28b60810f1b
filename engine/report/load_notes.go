package report

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"

	"pace/store"
)

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
