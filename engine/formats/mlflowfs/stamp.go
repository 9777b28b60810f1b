package mlflowfs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pace/engine/formats/mlflow"
	"pace/engine/ingest"
)

// settle is how long after the last change of its meta.yaml an ended run may still grow: other nodes and
// monitors write a little longer. After that its metric files are no longer looked at one by one, because
// 10,000 runs have 300,000 of them.
const settle = 10 * time.Minute

// stamp digests what a stat tells. A folder's time changes when a file is added or removed, not when one
// grows: the files of a run that may still grow are looked at one by one, and tags always, because people
// change them at any time.
func stamp(ctx context.Context, src ingest.Source) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	h := sha256.New()
	var err error
	switch kindOfUnit(src.Path) {
	case experiment:
		err = stampFile(h, src.Abs())
		for _, tag := range []string{mlflow.TagPrimary, mlflow.TagGreater} {
			_ = stampFile(h, filepath.Join(filepath.Dir(src.Abs()), "tags", tag)) // mostly not there
		}
	case loggedModel:
		err = stampFile(h, src.Abs(metaFile))
	default:
		err = stampRun(h, src)
	}
	if err != nil {
		return "", fmt.Errorf("stat unit: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

func stampRun(h hash.Hash, src ingest.Source) error {
	if err := stampFile(h, src.Abs(metaFile)); err != nil {
		return err
	}
	all := !settled(src.Abs(metaFile))
	for _, kind := range []string{"metrics", "params", "tags", "inputs"} {
		if err := stampTree(h, src.Abs(kind), all || kind == "tags", 0); err != nil {
			return err
		}
	}
	return nil
}

// settled is true for a run that ended, and whose meta.yaml has not changed for a while.
func settled(path string) bool {
	info, err := os.Stat(path)
	if err != nil || time.Since(info.ModTime()) < settle {
		return false
	}
	text, _, err := readAll(path, maxMeta)
	if err != nil {
		return false
	}
	_, status, ok := bytes.Cut(text, []byte("\nstatus: "))
	status, _, _ = bytes.Cut(status, []byte("\n"))
	switch mlflow.Status(mlflow.StatusName(string(status))) {
	case ingest.Finished, ingest.Failed, ingest.Killed:
		return ok
	}
	return false
}

func stampFile(h hash.Hash, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	st := ingest.StatOf(info)
	fmt.Fprintln(h, st.Size, st.ModTime, st.Inode)
	return nil
}

// stampTree digests a folder's time, the folders below it and, if each is set, every file.
func stampTree(h hash.Hash, dir string, each bool, depth int) error {
	if depth > maxNesting {
		return nil
	}
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(h, dir, info.ModTime().UnixNano())
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // Read says why
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		switch {
		case e.IsDir():
			if err := stampTree(h, name, each, depth+1); err != nil {
				return err
			}
		case each:
			fmt.Fprintln(h, e.Name())
			_ = stampFile(h, name)
		}
	}
	return nil
}
