package journal

import (
	"cmp"
	"slices"
	"time"
)

// State is what the journal says now, after edits, undo and redo.
type State struct {
	Notes []Remark // in the order in which they were said
	Marks []Mark   // by subject, kind, key
}

// Remark is a note or an answer.
type Remark struct {
	ID, Subject, Actor, Text string
	Time, Edited             time.Time
	ReplyTo                  string // id of the note it answers; "" for a note, or when that note was taken back
	Resolved                 bool
	ResolvedBy               string
}

// Mark is a tag, pin, archive or direction that stands on a subject.
type Mark struct {
	Subject, Kind, Key, Value, Actor string
	Time                             time.Time
}

// Project computes the State. It is a pure function of the set of events: order and repetition do not matter.
func Project(events []Event) State {
	b := builder{notes: map[string]*Remark{}, marks: map[markKey]Mark{}}
	for _, e := range living(ordered(events)) {
		b.apply(e)
	}
	return b.state()
}

// ordered is the events in the order of Compare, each id once.
func ordered(events []Event) []Event {
	out := slices.Clone(events)
	slices.SortFunc(out, Compare)
	seen := make(map[string]bool, len(out))
	return slices.DeleteFunc(out, func(e Event) bool {
		again := seen[e.ID]
		seen[e.ID] = true
		return again
	})
}

// living leaves out what was undone. Going back from the last event, an undo or redo that nobody took back takes
// back the event it names, if that is earlier and by the same actor.
func living(events []Event) []Event {
	byID := make(map[string]int, len(events))
	for i, e := range events {
		byID[e.ID] = i
	}
	dead := make([]bool, len(events))
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i]
		if dead[i] || e.Kind != Undo && e.Kind != Redo {
			continue
		}
		t, ok := byID[e.Body.Event]
		if ok && t < i && events[t].Actor == e.Actor && takesBack(e.Kind, events[t].Kind) {
			dead[t] = true
		}
	}
	var out []Event
	for i, e := range events {
		if !dead[i] {
			out = append(out, e)
		}
	}
	return out
}

// takesBack: an undo takes back what was said, a redo takes back an undo.
func takesBack(by, what Kind) bool {
	if by == Redo {
		return what == Undo
	}
	return what != Undo && what != Redo
}

type markKey struct{ subject, kind, key string }

type builder struct {
	notes map[string]*Remark
	order []string
	marks map[markKey]Mark
}

func (b *builder) apply(e Event) {
	note := b.notes[e.Body.Event]
	switch e.Kind {
	case Note:
		b.say(e, e.Subject, "")
	case Answer:
		subject, reply := e.Subject, ""
		if note != nil {
			subject, reply = note.Subject, note.ID
		}
		b.say(e, subject, reply)
	case Edit:
		if note != nil && note.Actor == e.Actor {
			note.Text, note.Edited = e.Body.Text, e.Time
		}
	case Resolve, Reopen:
		if note == nil {
			return
		}
		note.Resolved, note.ResolvedBy = e.Kind == Resolve, ""
		if note.Resolved {
			note.ResolvedBy = e.Actor
		}
	case Tag, Pin, Archive, Direction:
		b.mark(e, e.Kind, e.Kind == Direction && e.Body.Value == "")
	case Untag:
		b.mark(e, Tag, true)
	case Unpin:
		b.mark(e, Pin, true)
	case Unarchive:
		b.mark(e, Archive, true)
	}
}

func (b *builder) say(e Event, subject, reply string) {
	b.notes[e.ID] = &Remark{ID: e.ID, Subject: subject, Actor: e.Actor, Text: e.Body.Text, Time: e.Time, ReplyTo: reply}
	b.order = append(b.order, e.ID)
}

func (b *builder) mark(e Event, kind Kind, off bool) {
	k := markKey{e.Subject, string(kind), e.Body.Key}
	if off {
		delete(b.marks, k)
		return
	}
	b.marks[k] = Mark{Subject: e.Subject, Kind: string(kind), Key: e.Body.Key, Value: e.Body.Value, Actor: e.Actor, Time: e.Time}
}

func (b *builder) state() State {
	var s State
	for _, id := range b.order {
		s.Notes = append(s.Notes, *b.notes[id])
	}
	for _, m := range b.marks {
		s.Marks = append(s.Marks, m)
	}
	slices.SortFunc(s.Marks, func(a, b Mark) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
	})
	return s
}

// Undoable is the event that the actor's next undo takes back: the last one that still holds.
func Undoable(events []Event, actor string) (Event, bool) {
	return lastOf(events, actor, func(k Kind) bool { return k != Undo && k != Redo })
}

// Redoable is the undo that the actor's next redo takes back: the last one that still holds, unless the actor said
// something new after it.
func Redoable(events []Event, actor string) (Event, bool) {
	e, ok := lastOf(events, actor, func(k Kind) bool { return k != Redo })
	return e, ok && e.Kind == Undo
}

func lastOf(events []Event, actor string, want func(Kind) bool) (Event, bool) {
	alive := living(ordered(events))
	for i := len(alive) - 1; i >= 0; i-- {
		if alive[i].Actor == actor && want(alive[i].Kind) {
			return alive[i], true
		}
	}
	return Event{}, false
}
