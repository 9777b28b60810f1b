package ingest

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
)

// HeadLimit is how many bytes of a file Claim may look at.
const HeadLimit = 64 << 10

// Dir is one folder as the scan saw it. Entries are sorted by name.
type Dir struct {
	Root    string // absolute project root
	Path    string // relative to the root, with slashes; "." for the root
	Entries []fs.DirEntry
}

// Entry finds a name in the folder; nil where it isn't there.
func (d Dir) Entry(name string) fs.DirEntry {
	i := sort.Search(len(d.Entries), func(i int) bool { return d.Entries[i].Name() >= name })
	if i < len(d.Entries) && d.Entries[i].Name() == name {
		return d.Entries[i]
	}
	return nil
}

// Join is the path, relative to the root, of a name in the folder.
func (d Dir) Join(name string) string { return path.Join(d.Path, name) }

// Head reads up to n bytes (at most HeadLimit) from the start of a regular file in the folder. A shorter
// file is no error. Pipes, sockets and devices are refused: opening them could block.
func (d Dir) Head(name string, n int) ([]byte, error) {
	abs := filepath.Join(d.Root, filepath.FromSlash(d.Path), filepath.FromSlash(name))
	info, err := os.Stat(abs)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read head", Path: abs, Err: errors.New("not a regular file")}
	}
	f, err := os.Open(abs)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	buf := make([]byte, min(n, HeadLimit))
	got, err := io.ReadFull(f, buf)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return buf[:got], nil
}
