package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// maxNames bounds the writer's memory of which name has which number.
const maxNames = 1 << 16

// Writer changes the index, one transaction at a time.
type Writer struct {
	mu    sync.Mutex
	pool  *sql.DB
	conn  *sql.Conn
	stmts [statementCount]*sql.Stmt
	names map[string]int64 // committed names only
	codec codec
	blob  []byte
}

func openWriter(ctx context.Context, pool *sql.DB) (*Writer, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if err := prepare(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	w := &Writer{pool: pool, conn: conn, names: map[string]int64{}}
	for i, text := range statements {
		if w.stmts[i], err = conn.PrepareContext(ctx, text); err != nil {
			return nil, errors.Join(fmt.Errorf("prepare %q: %w", text, err), conn.Close())
		}
	}
	return w, nil
}

func (w *Writer) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var errs []error
	for _, s := range w.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, w.conn.Close(), w.pool.Close())...)
}

// Apply runs fn in one transaction and says what became stale. Where fn or the commit fails, or ctx ends
// before it, nothing of it stays and the Change is empty. The Tx must not be used after fn has returned.
// Errors of fn come back as they are; those of the database are *Error.
func (w *Writer) Apply(ctx context.Context, fn func(*Tx) error) (Change, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return Change{}, err
	}
	if _, err := w.stmts[begin].Exec(); err != nil {
		return Change{}, fail("write index", "transaction", err)
	}
	tx := newTx(w)
	err := w.run(ctx, tx, fn)
	if err != nil {
		// Where SQLite has already rolled back (a full disk), this says so and changes nothing.
		_, _ = w.stmts[rollback].Exec()
		return Change{}, err
	}
	tx.keepNames()
	return Change{}.Merge(tx.change), nil
}

// run calls fn and commits; a panic of fn rolls back on its way.
func (w *Writer) run(ctx context.Context, tx *Tx, fn func(*Tx) error) error {
	done := false
	defer func() {
		if !done {
			_, _ = w.stmts[rollback].Exec()
		}
	}()
	err := fn(tx)
	done = true
	if err != nil {
		return err
	}
	if err := tx.flush(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err = w.stmts[commit].Exec()
	return fail("write index", "transaction", err)
}
