package tables

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// ErrTooLong says that a stream is longer than the room it was given.
var ErrTooLong = errors.New("the stream is too long")

// Spool keeps a stream (standard input) in a temporary file that Open can open: what does not look like another format is
// delimited text. limit is in bytes; a longer stream is ErrTooLong. The caller calls remove when the source is closed.
func Spool(ctx context.Context, stream io.Reader, limit int64) (path string, remove func() error, err error) {
	dir, err := os.MkdirTemp("", "pace-stdin-*")
	if err != nil {
		return "", nil, fmt.Errorf("spool stream: %w", err)
	}
	path, err = spool(ctx, stream, dir, limit)
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("spool stream: %w", err), os.RemoveAll(dir))
	}
	return path, func() error { return os.RemoveAll(dir) }, nil
}

func spool(ctx context.Context, stream io.Reader, dir string, limit int64) (string, error) {
	head := make([]byte, headSize)
	n, err := io.ReadFull(stream, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", err
	}
	path := filepath.Join(dir, stdinName(head[:n]))
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	src := io.LimitReader(io.MultiReader(bytes.NewReader(head[:n]), stream), limit+1)
	var total int64
	for err == nil {
		if err = ctx.Err(); err != nil {
			break
		}
		var k int64
		k, err = io.CopyN(out, src, 1<<20)
		if total += k; total > limit {
			err = fmt.Errorf("%w: more than %d bytes", ErrTooLong, limit)
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return path, errors.Join(err, out.Close())
}

// stdinName is a name by which the format of these first bytes is found.
func stdinName(head []byte) string {
	for _, name := range [...]string{"stdin", "stdin.json"} {
		if _, err := Claim(name, head); err == nil {
			return name
		}
	}
	if text := bytes.TrimSpace(head); bytes.HasPrefix(text, []byte("{")) {
		return "stdin.jsonl"
	}
	return "stdin.csv"
}
