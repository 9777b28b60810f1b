package engine

import (
	"errors"
	"fmt"
	"os"
)

// errHeld says that another process holds the lock.
var errHeld = errors.New("held by another process")

// lock is the right to be the one engine of an index. The kernel gives it back when the process ends,
// however it ends, so a killed engine leaves nothing behind that somebody must clean.
type lock struct{ f *os.File }

// acquire takes the lock in the file at path, which it creates, without waiting. errHeld says that
// another process has it. The file stays on disk: removing it would let two processes lock two files.
func acquire(path string) (*lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock index: %w", err)
	}
	if err := flock(f); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock index: %w", err)
	}
	return &lock{f: f}, nil
}

// release gives the lock back.
func (l *lock) release() error {
	if l == nil || l.f == nil {
		return nil
	}
	return l.f.Close()
}
