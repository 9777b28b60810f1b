package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"pace/engine/journal"
	"pace/store"
)

// errNothing says that there is nothing to take back.
var errNothing = errors.New("there is nothing to take back")

// Do says something: it is on the disk, in the actor's journal, when Do returns, and the event's id says
// which line. In the engine's own process it is in the store too; from another it is there within a second.
// Undo and Redo without an event mean the actor's last.
func (e *Engine) Do(ctx context.Context, edit store.Edit) (event string, err error) {
	actor := edit.Actor
	if actor == "" {
		actor = e.opt.Actor
	}
	ev := journal.Event{Kind: journal.Kind(edit.Kind), Subject: edit.Subject, Time: e.opt.Now(),
		Body: journal.Body{Text: edit.Text, Key: edit.Key, Value: edit.Value, Event: edit.Event}}
	if ev.Body.Event == "" && (ev.Kind == journal.Undo || ev.Kind == journal.Redo) {
		if ev.Body.Event, err = e.last(ev.Kind, actor); err != nil {
			return "", fmt.Errorf("say %s: %w", edit.Kind, err)
		}
	}
	ev, err = journal.Open(e.said.pace, actor, "").Append(ctx, ev)
	if errors.Is(err, fs.ErrPermission) || err != nil && readOnlyDisk(err) {
		return "", fmt.Errorf("say %s: the project folder can't be written, and what people say is kept in its .pace folder: %w", edit.Kind, err)
	}
	if err != nil {
		return "", fmt.Errorf("say %s: %w", edit.Kind, err)
	}
	db := e.leads()
	if db == nil {
		return ev.ID, nil
	}
	c, err := e.said.refresh(ctx, db.Writer())
	if err != nil {
		e.tally.trouble("", err) // the journal has it; it shows when the index can be written again
		return ev.ID, nil
	}
	e.feeds.raise(c)
	return ev.ID, nil
}

// last is the id of the event that the actor's next undo or redo takes back.
func (e *Engine) last(kind journal.Kind, actor string) (string, error) {
	events, _ := journal.ReadAll(e.said.pace)
	find := journal.Undoable
	if kind == journal.Redo {
		find = journal.Redoable
	}
	ev, ok := find(events, actor)
	if !ok {
		return "", errNothing
	}
	return ev.ID, nil
}
