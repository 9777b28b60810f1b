package demo

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/klauspost/compress/zstd"
)

// The bounds of an archive: our own stays far below them, and no other gets past them.
const (
	maxFiles  = 4_000
	maxBytes  = 64 << 20
	maxWindow = 16 << 20
)

var (
	errBounds = errors.New("archive is out of bounds")
	errEntry  = errors.New("entry is neither a file nor a folder below the root")
)

// unpack writes the regular files of a zstd-compressed tar below root. Names that lead out of it, links and
// devices are an error; os.Root keeps even a link that is already there from leading out.
func unpack(ctx context.Context, root *os.Root, packed io.Reader) error {
	plain, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return fmt.Errorf("open zstd: %w", err)
	}
	defer plain.Close()
	files := tar.NewReader(plain)
	var count int
	var total int64
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read archive: %w", err)
		}
		count, total = count+1, total+header.Size
		if count > maxFiles || header.Size < 0 || total > maxBytes {
			return errBounds
		}
		if err := unpackEntry(root, header, files); err != nil {
			return fmt.Errorf("entry %q: %w", header.Name, err)
		}
	}
}

func unpackEntry(root *os.Root, header *tar.Header, content io.Reader) error {
	name := filepath.FromSlash(path.Clean(header.Name))
	if !filepath.IsLocal(name) {
		return errEntry
	}
	switch header.Typeflag {
	case tar.TypeDir:
		return root.MkdirAll(name, 0o755)
	case tar.TypeReg:
		return unpackFile(root, name, header.ModTime, io.LimitReader(content, header.Size))
	default:
		return errEntry
	}
}

// unpackFile writes one new file; one that is there already is an error.
func unpackFile(root *os.Root, name string, modified time.Time, content io.Reader) error {
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return root.Chtimes(name, modified, modified)
}
