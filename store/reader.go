package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Reader asks the index. It is safe for many goroutines, sees whole transactions only, and can't write.
// Lists come back in a fixed order; an id, key or path that is not known gives an empty list or false.
type Reader struct {
	path string
	pool *sql.DB

	mu  sync.Mutex
	pin *sql.Conn // the connection that DataVersion compares with itself
}

func newReader(path string) (*Reader, error) {
	pool, err := sql.Open("sqlite", dsn(path, "rw", "query_only(1)", "cache_size("+readerCache+")"))
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(readers + 1)
	pool.SetMaxIdleConns(readers + 1)
	return &Reader{path: path, pool: pool}, nil
}

// check says whether the index is there, ours, and of this version.
func (r *Reader) check(ctx context.Context) error {
	conn, err := r.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	version, err := inspect(ctx, conn)
	if err != nil {
		return err
	}
	steps, err := migrations()
	switch {
	case err != nil:
		return err
	case version > len(steps):
		return ErrNewer
	case version < len(steps):
		return ErrNotReady
	}
	return nil
}

// Close ends the reader; queries under way end first.
func (r *Reader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var err error
	if r.pin != nil {
		err = r.pin.Close()
	}
	return errors.Join(err, r.pool.Close())
}

// DataVersion is a number that differs from the one before whenever somebody has committed in between:
// SQLite's PRAGMA data_version of one connection. It means nothing to another Reader.
func (r *Reader) DataVersion(ctx context.Context) (int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pin == nil {
		conn, err := r.pool.Conn(ctx)
		if err != nil {
			return 0, fail("read", "version", err)
		}
		r.pin = conn
	}
	var v int64
	err := r.pin.QueryRowContext(ctx, "PRAGMA data_version").Scan(&v)
	if err != nil && ctx.Err() == nil {
		_ = r.pin.Close() // the next call pins another; its first number differs or the one after does
		r.pin = nil
	}
	return v, fail("read", "version", err)
}

// each runs a query and calls scan for every row.
func (r *Reader) each(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := r.pool.QueryContext(ctx, query, args...)
	if err != nil {
		return fail("read", "index", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fail("read", "index", err)
		}
	}
	return fail("read", "index", rows.Err())
}

// list collects what scan makes of every row.
func list[T any](ctx context.Context, r *Reader, scan func(*sql.Rows, *T) error, q string, args ...any) ([]T, error) {
	var out []T
	err := r.each(ctx, func(rows *sql.Rows) error {
		var v T
		if err := scan(rows, &v); err != nil {
			return err
		}
		out = append(out, v)
		return nil
	}, q, args...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// one is the first of a list.
func one[T any](all []T, err error) (T, bool, error) {
	if err != nil || len(all) == 0 {
		var none T
		return none, false, err
	}
	return all[0], true, nil
}

// instant scans a column of microseconds into a time: NULL is the zero time.
type instant struct{ to *time.Time }

// Scan takes what the driver found.
func (i instant) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*i.to = time.Time{}
	case int64:
		*i.to = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("time is a %T", v)
	}
	return nil
}
