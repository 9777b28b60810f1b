package text

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// packed are the endings of a compressed file, which say nothing of what is in it.
var packed = [...]string{".gz", ".zst", ".zip"}

// Ext is the lower-case ending of a file's name without that of its compression: ".csv" for a/B.CSV.gz. A plain .zip is asked,
// by its first bytes, for the name of its first member.
func Ext(name string, head []byte) string {
	base := strings.ToLower(filepath.Base(name))
	for _, p := range packed {
		base = strings.TrimSuffix(base, p)
	}
	if ext := path.Ext(base); ext != "" || !strings.HasSuffix(strings.ToLower(name), ".zip") {
		return ext
	}
	// local file header of APPNOTE.TXT 4.3.7: the name's length at 26, the name at 30
	if len(head) < 30 || !bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return ""
	}
	n := int(binary.LittleEndian.Uint16(head[26:]))
	return strings.ToLower(path.Ext(string(head[30:min(30+n, len(head))])))
}

// Peek is the text at the beginning of a file of which these are the first bytes; nothing for an archive or damaged bytes.
func Peek(head []byte) []byte {
	var src io.Reader = bytes.NewReader(head)
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(src)
		if err != nil {
			return nil
		}
		src = z
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(src, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdWindow))
		if err != nil {
			return nil
		}
		defer z.Close()
		src = z
	default:
		return bytes.TrimPrefix(head, []byte("\ufeff"))
	}
	out := make([]byte, len(head))
	n, _ := io.ReadFull(src, out) // a head that is cut ends in an error; what came before it counts
	return bytes.TrimPrefix(out[:n], []byte("\ufeff"))
}

var errMembers = errors.New("a table in a zip archive stands alone")

// unzip opens the archive's only file.
func (r *Reader) unzip() (io.Reader, error) {
	archive, err := zip.NewReader(counted{r}, r.Size)
	if err != nil {
		return nil, err
	}
	var only *zip.File
	files := 0
	for _, f := range archive.File {
		base := path.Base(f.Name)
		if strings.HasSuffix(f.Name, "/") || strings.HasPrefix(base, ".") || strings.HasPrefix(f.Name, "__MACOSX/") {
			continue
		}
		only = f
		files++
	}
	if files != 1 {
		return nil, fmt.Errorf("%w: this one has %d files", errMembers, files)
	}
	member, err := only.Open()
	if err != nil {
		return nil, err
	}
	r.release = func() { member.Close() }
	return member, nil
}
