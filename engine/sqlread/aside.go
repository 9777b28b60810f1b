package sqlread

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// copyAside reads a private copy with its journal and log, which SQLite repairs there.
func (db *DB) copyAside(ctx context.Context, opts Options) error {
	before, err := StampOf(db.path)
	if err != nil {
		return err
	}
	if before.Size+before.WALSize > opts.MaxCopy {
		return fmt.Errorf("%w: %d bytes", ErrTooBig, before.Size+before.WALSize)
	}
	if db.dir, err = os.MkdirTemp("", "pace-read-*"); err != nil {
		return err
	}
	target := filepath.Join(db.dir, "copy.db")
	for _, suffix := range [...]string{"", "-wal", "-journal"} {
		if err = copyFile(ctx, target+suffix, db.path+suffix, opts.MaxCopy); err != nil && (suffix == "" || !errors.Is(err, fs.ErrNotExist)) {
			return errors.Join(err, os.RemoveAll(db.dir))
		}
	}
	if now, err := StampOf(db.path); err != nil || now != before {
		return errors.Join(ErrMoved, err, os.RemoveAll(db.dir))
	}
	db.mode = Copy
	if err := db.connect(ctx, target, opts); err != nil {
		return errors.Join(err, os.RemoveAll(db.dir))
	}
	return nil
}

func copyFile(ctx context.Context, to, from string, limit int64) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	buf := make([]byte, 1<<20)
	var total int64
	for err == nil && ctx.Err() == nil {
		var n int
		n, err = in.Read(buf)
		if total += int64(n); total > limit {
			err = ErrTooBig
			break
		}
		if _, werr := out.Write(buf[:n]); werr != nil {
			err = werr
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, ctx.Err(), out.Close())
}
