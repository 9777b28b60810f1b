package sqlread

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// What can be wrong with a file; errors.Is finds them in an *Error.
var (
	ErrNotDatabase = errors.New("not a SQLite database")
	ErrEmpty       = errors.New("the file is empty")
	ErrNewer       = errors.New("written by a newer SQLite")
	ErrBusy        = errors.New("locked by its writer")
	ErrHot         = errors.New("its last writer was killed in the middle")
	ErrCorrupt     = errors.New("the database is damaged")
	ErrTooBig      = errors.New("too big to copy aside")
	ErrSlow        = errors.New("the query took too long")
	ErrLimit       = errors.New("more than pace reads")
	ErrMoved       = errors.New("the file was written while it was copied")
)

// hints say what the reader can do.
var hints = [...]struct {
	err  error
	hint string
}{
	{ErrNotDatabase, "it may be encrypted, or another kind of file with this name"},
	{ErrEmpty, "its tool has not written to it yet"},
	{ErrNewer, "a newer pace may read it"},
	{ErrBusy, "it is read again when its writer is done"},
	{ErrTooBig, "open it once with its own tool, which repairs it"},
	{ErrHot, "open it once with its own tool, which repairs it"},
	{ErrCorrupt, "`sqlite3 FILE .recover` may save what is in it"},
	{ErrMoved, "it is read again when its writer is done"},
	{fs.ErrPermission, "give this user the right to read it"},
}

// Error is a failure with a file.
type Error struct {
	Op, Path string
	Err      error
}

// Error is `op database path: cause`.
func (e *Error) Error() string { return fmt.Sprintf("%s database %s: %v", e.Op, e.Path, e.Err) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Hint says what the user can do, "" for nothing.
func (e *Error) Hint() string {
	for _, h := range hints {
		if errors.Is(e.Err, h.err) {
			return h.hint
		}
	}
	return ""
}

// Temporary tells that trying again later may help.
func (e *Error) Temporary() bool {
	return errors.Is(e.Err, ErrBusy) || errors.Is(e.Err, ErrMoved) || errors.Is(e.Err, ErrEmpty)
}

// wrap gives an error its place and SQLite's codes their names.
func wrap(op, path string, err error) error {
	var done *Error
	if errors.As(err, &done) {
		return err
	}
	var code *sqlite.Error
	if errors.As(err, &code) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		if named := name(code.Code()); named != nil {
			err = coded{named, err}
		}
	}
	return &Error{Op: op, Path: path, Err: err}
}

// coded is a failure in our words; SQLite's own are below it.
type coded struct{ named, code error }

// Error leaves SQLite's words out: they say the same.
func (c coded) Error() string { return c.named.Error() }

// Unwrap gives both.
func (c coded) Unwrap() []error { return []error{c.named, c.code} }

// name reads SQLite's result codes (sqlite.org/rescode.html).
func name(code int) error {
	switch code {
	case lib.SQLITE_READONLY_ROLLBACK, lib.SQLITE_READONLY_RECOVERY, lib.SQLITE_READONLY_CANTINIT:
		return ErrHot
	}
	switch code & 0xff {
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED, lib.SQLITE_PROTOCOL:
		return ErrBusy
	case lib.SQLITE_CORRUPT, lib.SQLITE_IOERR:
		return ErrCorrupt
	case lib.SQLITE_NOTADB:
		return ErrNotDatabase
	}
	return nil
}

// header is what the first 100 bytes say (sqlite.org/fileformat.html, section 1.3).
type header struct {
	wal    bool
	change uint32
}

func readHeader(path string) (header, error) {
	f, err := os.Open(path)
	if err != nil {
		return header{}, bare(err)
	}
	defer f.Close()
	var b [100]byte
	n, err := io.ReadFull(f, b[:])
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return header{}, ErrEmpty
	case errors.Is(err, io.ErrUnexpectedEOF) || err == nil && !bytes.HasPrefix(b[:], []byte("SQLite format 3\x00")):
		return header{}, ErrNotDatabase
	case err != nil:
		return header{}, bare(err)
	case b[19] > 2 || binary.BigEndian.Uint32(b[44:]) > 4:
		return header{}, ErrNewer
	}
	return header{wal: b[19] == 2, change: binary.BigEndian.Uint32(b[24:])}, nil
}

// bare leaves the path out of a file error: Error names it.
func bare(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
