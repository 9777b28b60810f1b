package store

import (
	"errors"
	"fmt"
	"io/fs"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Error is what went wrong with the index, and what a person can do about it.
type Error struct {
	Op, Noun string
	Hint     string // "" where there is nothing to advise
	Err      error
}

// Error reads `op noun: cause`.
func (e *Error) Error() string { return fmt.Sprintf("%s %s: %v", e.Op, e.Noun, e.Err) }

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// Causes that Open, OpenReader and Apply tell apart; they stand inside an *Error.
var (
	// ErrLocked: another process holds the index for longer than pace waits.
	ErrLocked = errors.New("database is locked by another process")
	// ErrReadOnly: the index or its folder can't be written.
	ErrReadOnly = errors.New("no permission to write")
	// ErrFull: the disk is full.
	ErrFull = errors.New("disk is full")
	// ErrDamaged: the file is no database, or its pages contradict each other.
	ErrDamaged = errors.New("database is damaged")
	// ErrNewer: a newer pace wrote the index.
	ErrNewer = errors.New("written by a newer version of pace")
	// ErrForeign: the file is another program's database.
	ErrForeign = errors.New("database of another program")
	// ErrNotReady: nobody has created or migrated the index yet.
	ErrNotReady = errors.New("index does not exist yet")
)

// hints are what a person can do about a cause; where an error has two causes, the first of the list counts.
var hints = [...]struct {
	cause error
	hint  string
}{
	{ErrForeign, "set XDG_CACHE_HOME to another folder"},
	{ErrNewer, "update pace, or delete the index: it is built again from the project's files"},
	{ErrDamaged, "delete the index: it is built again from the project's files"},
	{ErrNotReady, "start pace in the project first"},
	{ErrFull, "free some space, or set XDG_CACHE_HOME to a folder on another disk"},
	{ErrReadOnly, "set XDG_CACHE_HOME to a folder that can be written"},
	{ErrLocked, "close the other program that has the index open, or wait for it"},
}

// fail names an operation and its noun, and tells the causes above apart. A nil error stays nil.
func fail(op, noun string, err error) error {
	if err == nil {
		return nil
	}
	var told *Error
	if errors.As(err, &told) {
		return err
	}
	cause := causeOf(err)
	if cause == nil {
		return &Error{Op: op, Noun: noun, Err: err}
	}
	if !errors.Is(err, cause) {
		err = fmt.Errorf("%w (%v)", cause, err)
	}
	return &Error{Op: op, Noun: noun, Hint: hintFor(cause), Err: err}
}

func hintFor(cause error) string {
	for _, h := range hints {
		if h.cause == cause {
			return h.hint
		}
	}
	return ""
}

func causeOf(err error) error {
	for _, h := range hints {
		if errors.Is(err, h.cause) {
			return h.cause
		}
	}
	var e *sqlite.Error
	if errors.As(err, &e) {
		return causeOfCode(e.Code())
	}
	if errors.Is(err, fs.ErrPermission) {
		return ErrReadOnly
	}
	return nil
}

func causeOfCode(code int) error {
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return ErrLocked
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return ErrReadOnly
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrDamaged
	}
	return nil
}
