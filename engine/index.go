package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"pace/engine/watch"
	"pace/store"
)

// place is where the index lies, and why it does not lie where it was meant to.
type place struct {
	path string
	note string // "" where it is the place that was asked for
}

// opened is an index with the right to write it, or without.
type opened struct {
	place
	reader *store.Reader
	db     *store.DB // nil: another process is the engine
	lock   *lock
}

// indexFile is the index's name in a project's cache folder.
const indexFile = "pace.db"

// openIndex opens the index at path or, where that can't be, one in the folder for temporary files: the
// index can always be built again, so a cache that can't be written or lies on a network disk stops nobody.
func openIndex(ctx context.Context, path, root string) (opened, error) {
	at := place{path: path}
	if kind, ok := watch.Network(standing(path)); ok {
		at = place{note: fmt.Sprintf("%s is on a network disk (%s), where SQLite's log is not safe", filepath.Dir(path), kind)}
	} else {
		o, err := openAt(ctx, at)
		if err == nil || !movable(ctx, err) {
			return o, err
		}
		at.note = err.Error()
	}
	spare, err := sparePath(root)
	if err != nil {
		return opened{}, err
	}
	at.path = spare
	at.note += "; the index is in " + filepath.Dir(spare)
	return openAt(ctx, at)
}

// standing is the path or the nearest folder above it that exists.
func standing(path string) string {
	for up := filepath.Dir(path); ; path, up = up, filepath.Dir(up) {
		if _, err := os.Stat(path); err == nil || up == path {
			return path
		}
	}
}

// movable says whether another place may do better: always, but where another process is busy with this one.
func movable(ctx context.Context, err error) bool {
	return ctx.Err() == nil && !errors.Is(err, store.ErrLocked) && !errors.Is(err, store.ErrNotReady)
}

// indexStuck says that the index can't be written where it lies, and that waiting won't help.
func indexStuck(err error) bool {
	return errors.Is(err, store.ErrFull) || errors.Is(err, store.ErrReadOnly)
}

// spare goes on with an index among the temporary files; false where this process can't have one either.
func (e *Engine) spare(ctx context.Context, cause error) bool {
	path, err := sparePath(e.opt.Root)
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil || path == e.index.path {
		return false
	}
	o, err := openAt(ctx, place{path: path, note: fmt.Sprintf("%v; the index is in %s", cause, filepath.Dir(path))})
	if err != nil {
		return false
	}
	if o.db == nil {
		e.tally.trouble("", errors.Join(cause, o.close()))
		return false
	}
	old := e.index
	e.index = o
	e.said.forget()
	if err := old.close(); err != nil {
		e.tally.trouble("", err)
	}
	return true
}

// sparePath is the same for every process of the user on this host, so that they still share one index. The
// folder must be the user's own: others can write beside it.
func sparePath(root string) (string, error) {
	sum := sha256.Sum256([]byte(root))
	base := filepath.Join(os.TempDir(), fmt.Sprintf("pace-%d", os.Getuid()))
	if err := os.MkdirAll(base, 0o700); err != nil {
		return "", fmt.Errorf("make spare index: %w", err)
	}
	info, err := os.Lstat(base)
	if err != nil {
		return "", fmt.Errorf("make spare index: %w", err)
	}
	if !info.IsDir() || !ownFolder(info) {
		if base, err = os.MkdirTemp("", "pace-"); err != nil {
			return "", fmt.Errorf("make spare index: %w", err)
		}
	}
	return filepath.Join(base, hex.EncodeToString(sum[:8]), indexFile), nil
}

// openAt opens the index at a place, as the engine where the lock is free and as a reader where it isn't.
func openAt(ctx context.Context, at place) (opened, error) {
	o := opened{place: at}
	if err := os.MkdirAll(filepath.Dir(at.path), 0o700); err != nil {
		return o, fmt.Errorf("open index: %w", err)
	}
	l, err := acquire(at.path + ".lock")
	if errors.Is(err, errHeld) {
		o.reader, err = store.OpenReader(ctx, at.path)
		return o, err
	}
	if err != nil {
		return o, err
	}
	if o.db, err = store.Open(ctx, at.path); err != nil {
		return o, errors.Join(err, l.release())
	}
	o.lock, o.reader = l, o.db.Reader()
	return o, nil
}

// close gives everything back; the lock last, so that nobody writes beside a writer.
func (o *opened) close() error {
	if o.db == nil {
		return errors.Join(o.reader.Close(), o.lock.release())
	}
	err := o.db.Close()
	if o.reader != o.db.Reader() {
		err = errors.Join(err, o.reader.Close())
	}
	return errors.Join(err, o.lock.release())
}
