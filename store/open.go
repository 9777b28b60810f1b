package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

const (
	writerCache = "-4096" // KiB of pages that the writing connection keeps
	readerCache = "-1024" // KiB for each reading one
	readers     = 4       // reading connections at most
	busyMillis  = "3000"  // how long a connection waits for another's lock
	// readerPatience is how long OpenReader waits for a first writer to create the index.
	readerPatience = 2 * time.Second
	readerPoll     = 20 * time.Millisecond
)

// DB is an index opened by its one writer.
type DB struct {
	reader  *Reader
	writer  *Writer
	rebuilt *Rebuilt
}

// Rebuilt says that Open could not use the index it found, moved it aside and began a new one.
type Rebuilt struct {
	Aside string // where the old file is now; the next rebuild replaces it
	Cause error  // ErrDamaged or ErrNewer, with what is known
}

// Open opens the index at path for writing, creating its folder (mode 0700) and the file where they do not
// exist, and migrates it. The index can be built again from the project's files, so a damaged one, or one
// that a newer pace wrote, is moved to path + ".aside" and a new one begun: see DB.Rebuilt. Another
// program's database is refused with ErrForeign and not touched. Every error is an *Error.
func Open(ctx context.Context, path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fail("open index", path, err)
	}
	db, err := open(ctx, path)
	if err == nil {
		return db, nil
	}
	err = fail("open index", path, err)
	if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrNewer) {
		return nil, err
	}
	aside := path + ".aside"
	if moved := moveAside(path, aside); moved != nil {
		return nil, fail("open index", path, errors.Join(err, moved))
	}
	if db, again := open(ctx, path); again == nil {
		db.rebuilt = &Rebuilt{Aside: aside, Cause: err}
		return db, nil
	} else {
		return nil, fail("open index", path, again)
	}
}

// moveAside renames a database and what SQLite keeps beside it. The log goes first: left behind it would
// be taken for the new file's.
func moveAside(path, aside string) error {
	for _, suffix := range [...]string{"-wal", "-shm", ""} {
		err := os.Remove(aside + suffix)
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			err = os.Rename(path+suffix, aside+suffix)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func open(ctx context.Context, path string) (*DB, error) {
	pool, err := sql.Open("sqlite", dsn(path, "rwc"))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(1)
	w, err := openWriter(ctx, pool)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	r, err := newReader(path)
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	return &DB{reader: r, writer: w}, nil
}

// prepare makes a fresh connection the writing one: whose file it is comes first, so that a foreign one
// stays as it was.
func prepare(ctx context.Context, conn *sql.Conn) error {
	version, err := inspect(ctx, conn)
	if err != nil {
		return err
	}
	for _, pragma := range [...]string{
		"journal_mode = WAL", "synchronous = NORMAL", "cache_size = " + writerCache,
		"journal_size_limit = 16777216", "temp_store = MEMORY",
	} {
		if _, err := conn.ExecContext(ctx, "PRAGMA "+pragma); err != nil {
			return err
		}
	}
	return migrate(ctx, conn, version)
}

// OpenReader opens an index that another process writes. It waits up to two seconds for a first writer to
// create it. Every error is an *Error; ErrNotReady where there is no index of this version.
func OpenReader(ctx context.Context, path string) (*Reader, error) {
	ctx, cancel := context.WithTimeout(ctx, readerPatience)
	defer cancel()
	for {
		r, err := openReader(ctx, path)
		if err == nil {
			return r, nil
		}
		if !errors.Is(err, ErrNotReady) && !errors.Is(err, ErrLocked) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(readerPoll):
		}
	}
}

func openReader(ctx context.Context, path string) (*Reader, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fail("open index", path, ErrNotReady)
	}
	r, err := newReader(path)
	if err != nil {
		return nil, fail("open index", path, err)
	}
	if err := r.check(ctx); err != nil {
		return nil, fail("open index", path, errors.Join(err, r.Close()))
	}
	return r, nil
}

// dsn is the driver's name for a file, with what every connection to it needs.
func dsn(path, mode string, pragmas ...string) string {
	slashed := filepath.ToSlash(path)
	if filepath.IsAbs(path) && !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/x is /C:/x in a URI
	}
	q := url.Values{"mode": {mode}, "_pragma": append([]string{"busy_timeout(" + busyMillis + ")"}, pragmas...)}
	return "file:" + (&url.URL{Path: slashed}).EscapedPath() + "?" + q.Encode()
}

// Reader reads what the Writer has committed.
func (d *DB) Reader() *Reader { return d.reader }

// Writer is the one writer.
func (d *DB) Writer() *Writer { return d.writer }

// Rebuilt says why and whither the index that was found was moved; nil where it was usable.
func (d *DB) Rebuilt() *Rebuilt { return d.rebuilt }

// Close waits for an Apply under way and closes both sides.
func (d *DB) Close() error { return errors.Join(d.reader.Close(), d.writer.close()) }
