package engine

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"pace/engine/ingest"
)

// errEnd is how ReadDir says that a folder has fewer entries than asked for.
var errEnd = io.EOF

func sortEntries(list []fs.DirEntry) {
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
}

// without leaves out the entries that a format owns.
func without(d ingest.Dir, owned map[string]bool) []fs.DirEntry {
	if len(owned) == 0 {
		return d.Entries
	}
	return slices.DeleteFunc(slices.Clone(d.Entries), func(e fs.DirEntry) bool { return owned[d.Join(e.Name())] })
}

// within says whether target is the folder or lies below it; both are clean absolute paths.
func within(folder, target string) bool {
	rel, err := filepath.Rel(folder, target)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// below says the same of two slash paths relative to the project.
func below(folder, p string) bool {
	if folder == "." {
		return p != ".." && !strings.HasPrefix(p, "../")
	}
	return p == folder || strings.HasPrefix(p, folder+"/")
}

func depth(rel string) int {
	if rel == "." {
		return 0
	}
	return strings.Count(rel, "/") + 1
}

// parents yields the path itself and then every folder above it, up to ".".
func parents(p string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for {
			if !yield(p) || p == "." || p == "/" || p == ".." {
				return
			}
			p = path.Dir(p)
		}
	}
}

// cause leaves the path out of a file error: the problem names it apart.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// briefly is an error about a file without the file's path, which the problem names apart.
func briefly(root, rel string, err error) string {
	return strings.ReplaceAll(cause(err).Error(), " "+filepath.Join(root, filepath.FromSlash(rel)), "")
}

// advice is what a user can do about an error: what it says itself, else otherwise.
func advice(err error, otherwise string) string {
	var says interface{ Hint() string }
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "give this user the right to read it, or name it in .paceignore"
	case errors.As(err, &says) && says.Hint() != "":
		return says.Hint()
	}
	return otherwise
}

// tableHead is how much of a file a table format may look at to claim it.
const tableHead = 4096

// fileHead reads up to n bytes from the start of a regular file; a shorter file is no error.
func fileHead(path string, n int) ([]byte, error) {
	return ingest.Dir{Root: filepath.Dir(path), Path: "."}.Head(filepath.Base(path), n)
}

// relative is a path as the store knows it: relative to the project, with slashes, also where it leads out
// of it. ok is false where no relative path leads there (another drive).
func relative(root, p string) (rel string, ok bool) {
	if !filepath.IsAbs(p) {
		return path.Clean(filepath.ToSlash(p)), true
	}
	rel, err := filepath.Rel(root, p)
	return filepath.ToSlash(rel), err == nil
}
