// Package text opens the text in a file, decompressed and as UTF-8, and streams and pages records out of it in bounded memory.
// It must not know what a record looks like: a format brings the cut and the split.
package text

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const zstdWindow = 128 << 20

// A decompressed text may be this long: a floor, and so many times the file. Deflate reaches 1032 to 1, real tables seldom 100.
const (
	bombFloor = 1 << 30
	bombRatio = 500
)

// ErrBomb says that a compressed text is far longer than any table would be.
var ErrBomb = errors.New("compressed text is more than 500 times the file")

// Reader is the text of one file from some offset on.
type Reader struct {
	Compression string // "gzip", "zstd", "zip" or "" for none
	Encoding    string // "utf-8", "utf-16le" or "utf-16be", as the file has it
	Size        int64  // bytes of the file, -1 when unknown
	path        string
	file        *os.File
	read        int64 // bytes read of the file itself
	plain       io.Reader
	mark        int64 // bytes of the byte order mark
	release     func()
}

// Open opens the text of a file; a byte order mark is no part of it.
func Open(path string) (*Reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	r := &Reader{path: path, file: file, Size: -1, release: func() {}}
	if stat, err := file.Stat(); err == nil {
		r.Size = stat.Size()
	}
	if err := r.begin(); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// OpenAt opens the text and goes to an offset of it: by seeking where the file is the text, else by reading up to there.
func OpenAt(path string, offset int64) (*Reader, error) {
	r, err := Open(path)
	if err != nil {
		return nil, err
	}
	if r.Compression == "" && r.Encoding == "utf-8" {
		_, err = r.file.Seek(r.mark+offset, io.SeekStart)
		r.plain = counted{r}
	} else {
		_, err = io.CopyN(io.Discard, r, offset)
	}
	if err != nil {
		r.Close()
		return nil, fmt.Errorf("go to offset %d: %w", offset, err)
	}
	return r, nil
}

func (r *Reader) begin() error {
	var magic [4]byte
	n, err := r.file.ReadAt(magic[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	src, err := r.decompress(magic[:n])
	if err != nil {
		return fmt.Errorf("decompress: %w", err)
	}
	if r.Compression != "" {
		src = &bounded{src: src, left: bombFloor + bombRatio*max(r.Size, 0)}
	}
	return r.decode(src)
}

func (r *Reader) decompress(magic []byte) (io.Reader, error) {
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		r.Compression = "gzip"
		return gzip.NewReader(bufio.NewReaderSize(counted{r}, 64<<10))
	case bytes.HasPrefix(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		r.Compression = "zstd"
		z, err := zstd.NewReader(counted{r}, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdWindow))
		if err != nil {
			return nil, err
		}
		r.release = z.Close
		return z, nil
	case bytes.HasPrefix(magic, []byte("PK\x03\x04")), bytes.HasPrefix(magic, []byte("PK\x05\x06")):
		r.Compression = "zip"
		return r.unzip()
	}
	return counted{r}, nil
}

// decode looks for a byte order mark and sees to UTF-8.
func (r *Reader) decode(src io.Reader) error {
	var head [3]byte
	n, err := io.ReadFull(src, head[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	r.Encoding = "utf-8"
	rest := func(skip int) io.Reader { return io.MultiReader(bytes.NewReader(head[min(skip, n):n]), src) }
	switch h := head[:n]; {
	case bytes.HasPrefix(h, []byte("\ufeff")):
		r.mark, r.plain = 3, src
	case bytes.HasPrefix(h, []byte{0xff, 0xfe}):
		r.Encoding, r.plain = "utf-16le", &utf16Reader{src: rest(2)}
	case bytes.HasPrefix(h, []byte{0xfe, 0xff}):
		r.Encoding, r.plain = "utf-16be", &utf16Reader{src: rest(2), big: true}
	default:
		r.plain = rest(0)
	}
	return nil
}

// Read reads text.
func (r *Reader) Read(b []byte) (int, error) { return r.plain.Read(b) }

// Done is how many bytes of the file have been read.
func (r *Reader) Done() int64 { return r.read }

// Fill reads text until b is full or the text has ended.
func (r *Reader) Fill(b []byte) (n int, ended bool, err error) {
	for n < len(b) {
		m, err := r.plain.Read(b[n:])
		n += m
		if errors.Is(err, io.EOF) {
			return n, true, nil
		}
		if err != nil {
			return n, false, fmt.Errorf("read text: %w", err)
		}
	}
	return n, false, nil
}

// Close releases the decompressor and the file.
func (r *Reader) Close() error {
	r.release()
	return r.file.Close()
}

// counted counts what is taken from the file.
type counted struct{ *Reader }

// Read reads the file itself.
func (c counted) Read(b []byte) (int, error) {
	n, err := c.file.Read(b)
	c.read += int64(n)
	return n, err
}

// ReadAt reads the file itself, for an archive.
func (c counted) ReadAt(b []byte, at int64) (int, error) {
	n, err := c.file.ReadAt(b, at)
	c.read += int64(n)
	return n, err
}

// bounded refuses to go on for ever.
type bounded struct {
	src  io.Reader
	left int64
}

// Read reads up to the bound.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, ErrBomb
	}
	n, err := b.src.Read(p)
	b.left -= int64(n)
	return n, err
}
