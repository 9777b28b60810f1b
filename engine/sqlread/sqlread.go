// Package sqlread reads other tools' SQLite files without writing to them and without standing in their way.
// It must not know whose files they are nor what the tables mean.
//
// A file is opened for a short time (Open, a few queries, Close); each query is one SELECT outside any transaction,
// bounded in rows and time, because under a rollback journal a reader makes a writer's COMMIT wait. Nothing is
// created beside the file: a database that could only be read by making files (a killed writer's journal to roll
// back, a log without its index) is copied aside and read there.
package sqlread

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
)

// Mode is how a file is read.
type Mode string

// The modes.
const (
	Live  Mode = "live"  // with SQLite's locks, beside its writers
	Still Mode = "still" // without locks: in WAL mode with an empty log nobody has it open
	Copy  Mode = "copy"  // a private copy, because reading the file itself would write beside it
)

// Options bound what a DB does; zero values mean the defaults.
type Options struct {
	Busy    time.Duration // wait for a writer's lock; 200 ms
	MaxCopy int64         // bytes of the largest database that is copied aside; 512 MiB
}

// DB is one open file. It is not safe for several goroutines.
type DB struct {
	path string
	mode Mode
	sql  *sql.DB
	dir  string // of the copy, "" for none
	at   Stamp  // of a Still file when it was opened
}

// KeepLocks makes SQLite's locks survive when some other part of the process opens and closes the same file, which
// POSIX locks do not (Linux only; elsewhere it does nothing). Call it before the process opens its first database.
func KeepLocks() error {
	_, err := sqlite.OFDLocking(true)
	if errors.Is(err, sqlite.ErrOFDLockingUnavailable) {
		return nil
	}
	return err
}

// Open opens a file for reading and checks that it can be read. Errors are *Error; with ErrBusy it may be tried again.
func Open(ctx context.Context, path string, opts Options) (*DB, error) {
	if opts.Busy <= 0 {
		opts.Busy = 200 * time.Millisecond
	}
	if opts.MaxCopy <= 0 {
		opts.MaxCopy = 512 << 20
	}
	h, err := readHeader(path)
	if err != nil {
		return nil, wrap("open", path, err)
	}
	db := &DB{path: path, mode: Live}
	if h.wal {
		if db.mode, err = walMode(path); err != nil {
			return nil, wrap("open", path, err)
		}
	}
	if db.mode == Still {
		if db.at, err = StampOf(path); err != nil {
			return nil, wrap("open", path, err)
		}
	}
	if db.mode != Copy {
		err = db.connect(ctx, path, opts)
		if err == nil {
			return db, nil
		}
		if !errors.Is(err, ErrHot) {
			return nil, err
		}
	}
	if err := db.copyAside(ctx, opts); err != nil {
		return nil, wrap("copy", path, err)
	}
	return db, nil
}

// walMode looks at the files beside a database in WAL mode.
func walMode(path string) (Mode, error) {
	wal, err := os.Stat(path + "-wal")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Still, nil
	case err != nil:
		return "", err
	}
	if _, err := os.Stat(path + "-shm"); err == nil {
		return Live, nil
	}
	if wal.Size() == 0 {
		return Still, nil
	}
	return Copy, nil
}

// connect opens a connection and asks it something.
func (db *DB) connect(ctx context.Context, path string, opts Options) error {
	q := url.Values{"mode": {"ro"}, "_pragma": {
		fmt.Sprintf("busy_timeout(%d)", opts.Busy.Milliseconds()), "query_only(1)", "trusted_schema(0)",
		"cell_size_check(1)", "mmap_size(0)", "cache_size(-4096)", "temp_store(memory)",
	}}
	switch db.mode {
	case Still:
		q.Set("immutable", "1")
	case Copy:
		q.Set("mode", "rw") // the copy is ours, and what it needs is a repair
		q["_pragma"] = q["_pragma"][:1]
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return wrap("open", path, err)
	}
	name := url.URL{Scheme: "file", OmitHost: true, Path: slashed(full), RawQuery: q.Encode()}
	pool, err := sql.Open("sqlite", name.String())
	if err != nil {
		return wrap("open", path, err)
	}
	pool.SetMaxOpenConns(1)
	var n int
	if err := pool.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n); err != nil {
		return wrap("open", path, errors.Join(err, pool.Close()))
	}
	db.sql = pool
	return nil
}

// slashed is the path as SQLite's URIs want it: /C:/x on Windows.
func slashed(p string) string {
	p = filepath.ToSlash(p)
	if p != "" && p[0] != '/' {
		p = "/" + p
	}
	return p
}

// Path is the file's path.
func (db *DB) Path() string { return db.path }

// Mode is how the file is read.
func (db *DB) Mode() Mode { return db.mode }

// Close ends it; a private copy is removed.
func (db *DB) Close() error {
	err := db.sql.Close()
	if db.dir != "" {
		err = errors.Join(err, os.RemoveAll(db.dir))
	}
	if err != nil {
		return wrap("close", db.path, err)
	}
	return nil
}

// DataVersion is SQLite's PRAGMA data_version: two equal answers of one DB mean that nothing was committed between.
func (db *DB) DataVersion(ctx context.Context) (int64, error) {
	var v int64
	if err := db.sql.QueryRowContext(ctx, "PRAGMA data_version").Scan(&v); err != nil {
		return 0, wrap("read", db.path, err)
	}
	return v, nil
}

// Moved tells whether a Still file was written since it was opened, so that what was read may be torn: read again.
// A file with locks is never torn.
func (db *DB) Moved() bool {
	if db.mode != Still {
		return false
	}
	now, err := StampOf(db.path)
	return err != nil || now != db.at
}

// Stamp tells two states of a database apart without opening it: sizes and times of the file and of its log.
// Equal stamps mean unchanged, but for writes within one tick of the file system's clock.
type Stamp struct {
	Size, WALSize         int64
	Modified, WALModified int64 // nanoseconds since 1970
	Change                uint32
}

// StampOf looks at a database. The error is that of the file itself; a log that is not there is no error.
func StampOf(path string) (Stamp, error) {
	h, err := readHeader(path)
	if err != nil && !errors.Is(err, ErrEmpty) {
		return Stamp{}, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return Stamp{}, err
	}
	s := Stamp{Size: info.Size(), Modified: info.ModTime().UnixNano(), Change: h.change}
	if wal, err := os.Stat(path + "-wal"); err == nil {
		s.WALSize, s.WALModified = wal.Size(), wal.ModTime().UnixNano()
	}
	return s, nil
}
