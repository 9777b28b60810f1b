// Package demo holds a small project on real data and puts it into a folder: runs by MLflow, event files,
// tables, a notebook, prediction logs. It must not know how any of it is read or shown.
//
// The archive is made by testdata/make/demo.sh with the real tools; testdata/make/demo/README.md says what
// is in it.
package demo

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

//go:embed demo.tar.zst
var archive []byte

// ErrNotEmpty says that the folder holds something already; Unpack then writes nothing.
var ErrNotEmpty = errors.New("folder is not empty")

// Unpack writes the demo project into dir, which is made where it does not exist and must be empty
// (ErrNotEmpty). Files carry the archive's times and can be written by their owner. On an error or a
// cancelled ctx what was written so far stays.
func Unpack(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look into folder: %w", err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("unpack into %s: %w", dir, ErrNotEmpty)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	defer root.Close()
	if err := unpack(ctx, root, bytes.NewReader(archive)); err != nil {
		return fmt.Errorf("unpack demo: %w", err)
	}
	return nil
}
