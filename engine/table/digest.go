package table

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/zeebo/xxh3"
)

// DigestBlock is the size of the blocks whose digests make a dataset version.
const DigestBlock = 8 << 20

// Version is the content of a file: xxh3-128 of every 8 MiB block. The last block may be short.
type Version struct {
	Size   int64
	Blocks [][16]byte
}

// String is the dataset version: xxh3-128 over the digests of the blocks, in hexadecimal.
func (v Version) String() string {
	h := xxh3.New()
	for _, b := range v.Blocks {
		h.Write(b[:])
	}
	sum := h.Sum128().Bytes()
	return hex.EncodeToString(sum[:])
}

// Digest reads the whole file and returns its version; of a dataset inside a file (Split) that is the file's.
func Digest(ctx context.Context, path string) (Version, error) { return Version{}.Extend(ctx, path) }

// Extend returns the version of a file that has only grown since v: full blocks of v are not read again.
func (v Version) Extend(ctx context.Context, path string) (Version, error) {
	file, _ := Split(path)
	f, err := os.Open(file)
	if err != nil {
		return Version{}, fmt.Errorf("digest dataset: %w", err)
	}
	defer f.Close()
	full := int(v.Size / DigestBlock)
	next := Version{Size: int64(full) * DigestBlock, Blocks: append([][16]byte(nil), v.Blocks[:min(full, len(v.Blocks))]...)}
	if _, err := f.Seek(next.Size, io.SeekStart); err != nil {
		return Version{}, fmt.Errorf("digest dataset: %w", err)
	}
	buf := make([]byte, DigestBlock)
	for ctx.Err() == nil {
		n, err := io.ReadFull(f, buf)
		if n > 0 {
			next.Size += int64(n)
			next.Blocks = append(next.Blocks, xxh3.Hash128(buf[:n]).Bytes())
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return next, nil
		}
		if err != nil {
			return Version{}, fmt.Errorf("digest dataset: %w", err)
		}
	}
	return Version{}, ctx.Err()
}
