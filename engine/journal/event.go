// Package journal keeps what people said: notes, answers, tags, pins, directions, undo.
// It must not know the store, the screen or what a subject is: subjects are strings here (ParseRef reads them).
//
// A journal is a folder of files `.pace/journal/<actor>.<clone>.jsonl`, one file per actor and clone, one line an
// event, each line chained to the one before by SHA-256. Files are only ever appended to, so journals of two
// clones merge by keeping both; Project gives the same State whatever the order of files and lines.
package journal

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// Kind is what an event does.
type Kind string

// The kinds of event.
const (
	Note      Kind = "note"      // Text on Subject
	Answer    Kind = "answer"    // Text, to the note or answer that Event names
	Resolve   Kind = "resolve"   // the note that Event names
	Reopen    Kind = "reopen"    // the note that Event names
	Edit      Kind = "edit"      // Text replaces that of the actor's own note that Event names
	Tag       Kind = "tag"       // Key=Value on Subject
	Untag     Kind = "untag"     // Key off Subject
	Pin       Kind = "pin"       // Subject
	Unpin     Kind = "unpin"     // Subject
	Archive   Kind = "archive"   // Subject
	Unarchive Kind = "unarchive" // Subject
	Direction Kind = "direction" // metric Key is better at Value "min" or "max"; Subject may narrow it
	Undo      Kind = "undo"      // the actor's own event that Event names
	Redo      Kind = "redo"      // takes back the actor's own undo that Event names
)

// Limits of one event; more is an error on Append and a Problem on reading.
const (
	MaxLine    = 1 << 20 // bytes of one line
	MaxText    = 64 << 10
	MaxSubject = 4 << 10
	maxClock   = 1 << 53
)

// Body is what an event says. Which fields count depends on the kind.
type Body struct {
	Text  string `json:"text,omitempty"`
	Key   string `json:"key,omitempty"`
	Value string `json:"value,omitempty"`
	Event string `json:"event,omitempty"` // id of the event it speaks of
}

// Event is one line of a journal.
type Event struct {
	ID      string    `json:"id"`
	Actor   string    `json:"actor"`
	Time    time.Time `json:"time"`  // UTC
	Clock   int64     `json:"clock"` // Lamport: above every clock the writer had seen
	Kind    Kind      `json:"kind"`
	Subject string    `json:"subject,omitempty"`
	Body    Body      `json:"body"`
	Prev    string    `json:"prev"` // Hash of the line before in the same file, "" for the first
	Hash    string    `json:"-"`    // hex SHA-256 over the line without its hash
	Clone   string    `json:"-"`    // from the file's name
}

const hashMark = `,"hash":"`

// encode writes the line of an event, newline included, and sets its Hash.
func encode(e *Event) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return nil, fmt.Errorf("encode event: %w", err)
	}
	open := bytes.TrimSuffix(b.Bytes(), []byte("}\n"))
	e.Hash = digest(open)
	line := append(append(append(open, hashMark...), e.Hash...), "\"}\n"...)
	if len(line) > MaxLine {
		return nil, fmt.Errorf("encode event: %d bytes, more than %d", len(line), MaxLine)
	}
	return line, nil
}

// digest is the chain's hash over the bytes of a line before its hash field.
func digest(open []byte) string {
	h := sha256.New()
	h.Write([]byte("pace.journal/1\n"))
	h.Write(open)
	return hex.EncodeToString(h.Sum(nil))
}

var (
	errShape = errors.New("not an event")
	errHash  = errors.New("the line does not match its hash: it was changed after it was written")
)

// decode reads one line without its newline. With errHash the event is still what the line says.
func decode(line []byte) (Event, error) {
	cut := bytes.LastIndex(line, []byte(hashMark))
	if cut < 0 || len(line) != cut+len(hashMark)+2*sha256.Size+2 || !bytes.HasSuffix(line, []byte(`"}`)) {
		return Event{}, errShape
	}
	var e Event
	if err := json.Unmarshal(line, &e); err != nil {
		return Event{}, fmt.Errorf("%w: %w", errShape, err)
	}
	if e.ID == "" || e.Actor == "" || e.Clock < 1 || e.Clock > maxClock || !utf8.Valid(line) {
		return Event{}, errShape
	}
	e.Hash = string(line[cut+len(hashMark) : len(line)-2])
	e.Time = e.Time.UTC()
	if digest(line[:cut]) != e.Hash {
		return e, errHash
	}
	return e, nil
}

// check says what an event lacks before it is written.
func (e Event) check() error {
	switch {
	case len(e.Subject) > MaxSubject:
		return fmt.Errorf("a subject has at most %d bytes", MaxSubject)
	case len(e.Body.Text)+len(e.Body.Key)+len(e.Body.Value) > MaxText:
		return fmt.Errorf("a text has at most %d bytes", MaxText)
	case len(e.Body.Event) > 64:
		return errors.New("an event id has at most 64 bytes")
	}
	want, ok := needs[e.Kind]
	switch {
	case !ok:
		return fmt.Errorf("unknown kind %q", e.Kind)
	case want.subject && e.Subject == "":
		return fmt.Errorf("a %s needs a subject", e.Kind)
	case want.text && e.Body.Text == "":
		return fmt.Errorf("a %s needs a text", e.Kind)
	case want.key && e.Body.Key == "":
		return fmt.Errorf("a %s needs a key", e.Kind)
	case want.event && e.Body.Event == "":
		return fmt.Errorf("a %s needs the event it speaks of", e.Kind)
	case e.Kind == Direction && e.Body.Value != "min" && e.Body.Value != "max" && e.Body.Value != "":
		return fmt.Errorf("a direction is min, max or nothing, not %q", e.Body.Value)
	}
	return nil
}

var needs = map[Kind]struct{ subject, text, key, event bool }{
	Note:   {subject: true, text: true},
	Answer: {text: true, event: true},
	Edit:   {text: true, event: true},
	Tag:    {subject: true, key: true}, Untag: {subject: true, key: true},
	Resolve: {event: true}, Reopen: {event: true},
	Pin: {subject: true}, Unpin: {subject: true},
	Archive: {subject: true}, Unarchive: {subject: true},
	Direction: {key: true},
	Undo:      {event: true}, Redo: {event: true},
}

// Compare is the one order of events, the same in every clone: clock, time, actor, id, hash.
func Compare(a, b Event) int {
	return cmp.Or(
		cmp.Compare(a.Clock, b.Clock), a.Time.Compare(b.Time), cmp.Compare(a.Actor, b.Actor),
		cmp.Compare(a.ID, b.ID), cmp.Compare(a.Hash, b.Hash),
	)
}
