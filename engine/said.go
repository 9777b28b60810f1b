package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"pace/engine/journal"
	"pace/store"
)

// journalEvery is how often the journal's files are looked at. They are few, so this costs next to nothing
// and needs no event.
const journalEvery = 250 * time.Millisecond

// said keeps the store's projection of the journals.
type said struct {
	pace string // the project's .pace folder

	mu     sync.Mutex
	look   string // names, sizes and times at the last reading
	cursor journal.Cursor
	events []journal.Event
	ids    map[string]bool
	faces  map[string]string // what stands on each subject, to tell what changed
	loaded bool
}

// refresh reads what is new and projects it. It does nothing where no file changed.
func (s *said) refresh(ctx context.Context, w *store.Writer) (store.Change, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	look := s.glance()
	if s.loaded && look == s.look {
		return store.Change{}, nil
	}
	problems := s.read()
	state := journal.Project(s.events)
	faces := facesOf(state)
	touched := differ(s.faces, faces)
	c, err := w.Apply(ctx, func(tx *store.Tx) error {
		if err := tellJournal(tx, problems); err != nil {
			return err
		}
		return tx.ReplaceProjection(storeEvents(s.events), storeNotes(state.Notes), storeMarks(state.Marks), touched)
	})
	if err != nil {
		s.loaded = false // what was read is projected at the next look
		return c, err
	}
	s.look, s.faces, s.loaded = look, faces, true
	return c, nil
}

// forget has everything projected again: the index is another one.
func (s *said) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loaded, s.faces = false, nil
}

// glance is a text that changes when a journal file does.
func (s *said) glance() string {
	entries, err := os.ReadDir(filepath.Join(s.pace, "journal"))
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			fmt.Fprintf(&b, "%s %d %d\n", e.Name(), info.Size(), info.ModTime().UnixNano())
		}
	}
	return b.String()
}

// read takes what is new. Where a file vanished or tells again what is known, as after a checkout, all is
// read from the start.
func (s *said) read() []journal.Problem {
	events, next, problems := journal.Tail(s.pace, s.cursor)
	again := false
	for name := range s.cursor {
		_, ok := next[name]
		again = again || !ok
	}
	for _, e := range events {
		again = again || s.ids[e.ID]
	}
	if again {
		s.events, s.ids = nil, nil
		events, next, problems = journal.Tail(s.pace, nil)
	}
	if s.ids == nil {
		s.ids = map[string]bool{}
	}
	for _, e := range events {
		if !s.ids[e.ID] {
			s.ids[e.ID] = true
			s.events = append(s.events, e)
		}
	}
	slices.SortFunc(s.events, journal.Compare)
	s.cursor = next
	return problems
}

// tellJournal says what is wrong with the journals. A torn line is none of it: the next append mends it.
func tellJournal(tx *store.Tx, problems []journal.Problem) error {
	if err := tx.ClearProblems("journal"); err != nil {
		return err
	}
	for _, p := range problems {
		if p.Kind == journal.Torn {
			continue
		}
		err := tx.PutProblem(store.Problem{Source: "journal", Path: ".pace/journal/" + filepath.Base(p.File),
			Place: fmt.Sprintf("line %d", p.Line), Message: fmt.Sprintf("read journal: %v", p.Err),
			Hint: "`pace journal --verify` says more; the other lines stand", Since: time.Now()})
		if err != nil {
			return err
		}
	}
	return nil
}

// facesOf says for each subject what stands on it.
func facesOf(state journal.State) map[string]string {
	b := map[string]*strings.Builder{}
	on := func(subject string) *strings.Builder {
		if b[subject] == nil {
			b[subject] = &strings.Builder{}
		}
		return b[subject]
	}
	for _, n := range state.Notes {
		fmt.Fprintf(on(n.Subject), "%s %q %v %v %s\n", n.ID, n.Text, n.Edited.UnixNano(), n.Resolved, n.ResolvedBy)
	}
	for _, m := range state.Marks {
		fmt.Fprintf(on(m.Subject), "%s %q %q %q\n", m.Kind, m.Key, m.Value, m.Actor)
	}
	out := make(map[string]string, len(b))
	for subject, text := range b {
		out[subject] = text.String()
	}
	return out
}

func differ(before, now map[string]string) map[string]bool {
	out := map[string]bool{}
	for s, text := range now {
		if before[s] != text {
			out[s] = true
		}
	}
	for s := range before {
		if _, ok := now[s]; !ok {
			out[s] = true
		}
	}
	return out
}

func storeEvents(in []journal.Event) []store.Event {
	out := make([]store.Event, 0, len(in))
	for _, e := range in {
		body, err := json.Marshal(e.Body)
		if err != nil { // four strings always encode
			body = nil
		}
		out = append(out, store.Event{ID: e.ID, Actor: e.Actor, Clone: e.Clone, Time: e.Time, Clock: e.Clock,
			Kind: string(e.Kind), Subject: e.Subject, Body: body})
	}
	return out
}

func storeNotes(in []journal.Remark) []store.Note {
	out := make([]store.Note, 0, len(in))
	for _, n := range in {
		out = append(out, store.Note{ID: n.ID, Subject: n.Subject, Actor: n.Actor, Text: n.Text, Time: n.Time,
			Edited: n.Edited, ReplyTo: n.ReplyTo, Resolved: n.Resolved, ResolvedBy: n.ResolvedBy})
	}
	return out
}

func storeMarks(in []journal.Mark) []store.Mark {
	out := make([]store.Mark, 0, len(in))
	for _, m := range in {
		out = append(out, store.Mark{Subject: m.Subject, Kind: m.Kind, Key: m.Key, Value: m.Value, Actor: m.Actor, Time: m.Time})
	}
	return out
}
