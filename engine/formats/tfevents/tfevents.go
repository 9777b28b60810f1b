// Package tfevents reads TensorBoard's event files, as TensorFlow, PyTorch, tensorboardX and JAX write them
// (tensorboard/compat/proto/{event,summary,tensor}.proto). It must not know who asks or where facts go.
package tfevents

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"pace/engine/ingest"
)

// Name is the format's name.
const Name = "tensorboard"

// Format is the format's entry in the list. A unit is a folder: all event files in it are one run, in the
// order of their names, as TensorBoard has it. The unit owns nothing: folders below are runs of their own,
// and other files in it are others' business.
func Format() ingest.Format {
	return ingest.Format{Name: Name, Title: "TensorBoard", Claim: claim, Stamp: stamp, Read: read}
}

func claim(d ingest.Dir) []ingest.Unit {
	for _, e := range d.Entries {
		if e.IsDir() || !strings.Contains(e.Name(), nameMark) {
			continue
		}
		if head, err := d.Head(e.Name(), headBytes); isEvents(e.Name(), head, err) {
			return []ingest.Unit{{Path: d.Path}}
		}
	}
	return nil
}

const (
	nameMark = "tfevents"
	maxFiles = 10_000 // in one folder
)

// isEvents tells event files from others with the word in their name. The names that TensorFlow's writer
// makes (events.out.tfevents.<seconds>.<host>) are believed, others must start like a record.
func isEvents(name string, head []byte, err error) bool {
	if strings.Contains(name, nameMark+".") && strings.HasPrefix(name, "events") {
		return true
	}
	return err == nil && len(head) == headBytes && headOK(head)
}

// file is an event file of the unit.
type file struct {
	name string
	stat ingest.FileStat
}

// list finds the event files of a folder, sorted by name.
func list(dir string) ([]file, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []file
	for _, e := range entries {
		if e.IsDir() || !strings.Contains(e.Name(), nameMark) {
			continue
		}
		abs := filepath.Join(dir, e.Name())
		info, err := os.Stat(abs)
		if err != nil || !info.Mode().IsRegular() || len(files) >= maxFiles {
			continue // removed meanwhile, a dangling link, a pipe
		}
		if !isEvents(e.Name(), nil, nil) {
			head, err := headOf(abs, headBytes)
			if !isEvents(e.Name(), head, err) {
				continue
			}
		}
		files = append(files, file{e.Name(), ingest.StatOf(info)})
	}
	return files, nil
}

// stamp digests the names and stats of the folder's event files.
func stamp(ctx context.Context, src ingest.Source) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	files, err := list(src.Abs())
	if err != nil {
		return "", fmt.Errorf("stat unit: %w", err)
	}
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintln(h, f.name, f.stat.Size, f.stat.ModTime, f.stat.Inode)
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}
