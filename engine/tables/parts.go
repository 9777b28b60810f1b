package tables

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxParts bounds the files of one dataset and the entries of a folder that is looked through.
const maxParts = 100_000

var (
	errManyParts = fmt.Errorf("more than %d files", maxParts)
	errMixed     = errors.New("files of several formats")
	errLake      = errors.New("its log tells which files count, and pace does not read that log")
)

// logs are folders beside the files of a table whose files do not all count.
var logs = map[string]string{"_delta_log": "Delta", ".hoodie": "Hudi", "metadata": "Iceberg"}

// Expand names the files of a dataset that is a folder or a glob (path/filepath.Match), in the order in which a person numbers
// them: part-2 before part-10. Of a folder it takes every file below that a table format claims, but nothing whose name begins
// with a dot or an underscore; they must be of one format. ok is false for a path that is neither.
func Expand(path string) (files []string, ok bool, err error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		files, err = below(path)
	case err == nil || !strings.ContainsAny(path, "*?["):
		return nil, false, nil
	default:
		if files, err = filepath.Glob(path); err == nil && len(files) > maxParts {
			err = errManyParts
		}
	}
	if err == nil && len(files) == 0 {
		err = ErrUnknown
	}
	if err != nil {
		return nil, true, fmt.Errorf("find files of %s: %w", path, err)
	}
	slices.SortFunc(files, natural)
	return files, true, nil
}

func below(root string) (files []string, err error) {
	seen, format := 0, ""
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if seen++; seen > maxParts {
			return errManyParts
		}
		name := d.Name()
		if lake := logs[name]; lake != "" && d.IsDir() && path != root {
			if lake != "Iceberg" || len(glob(path, "*.metadata.json")) > 0 {
				return fmt.Errorf("a table of %s: %w", lake, errLake)
			}
		}
		if path != root && strings.ContainsAny(name[:1], "._") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() {
			return nil
		}
		f, err := Find(path)
		if errors.Is(err, ErrUnknown) {
			return nil
		}
		if err != nil {
			return err
		}
		if format != "" && format != f.Name {
			return fmt.Errorf("%w: %s and %s", errMixed, format, f.Name)
		}
		format = f.Name
		files = append(files, path)
		return nil
	})
	return files, err
}

func glob(dir, pattern string) []string {
	found, _ := filepath.Glob(filepath.Join(dir, pattern)) // the pattern is right
	return found
}

// natural compares names with their numbers as numbers.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x > 0 && y > 0 {
			m, n := strings.TrimLeft(a[:x], "0"), strings.TrimLeft(b[:y], "0")
			if len(m) != len(n) {
				return len(m) - len(n)
			}
			if c := strings.Compare(m, n); c != 0 {
				return c
			}
			a, b = a[x:], b[y:]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n]-'0' <= 9 {
		n++
	}
	return n
}

// minSeries is how many files of one pattern make a series.
const minSeries = 3

// Series finds files of one folder that are parts of one dataset: three or more whose names differ only in their numbers (a log
// for every day, part-0001). It returns the glob of each series, numbers as stars, with its names in natural order.
func Series(names []string) map[string][]string {
	out := map[string][]string{}
	for _, name := range names {
		var pattern strings.Builder
		for rest := name; rest != ""; {
			if n := digits(rest); n > 0 {
				pattern.WriteByte('*')
				rest = rest[n:]
				continue
			}
			if strings.IndexByte(`*?[\`, rest[0]) >= 0 {
				pattern.WriteByte('\\')
			}
			pattern.WriteByte(rest[0])
			rest = rest[1:]
		}
		out[pattern.String()] = append(out[pattern.String()], name)
	}
	for pattern, files := range out {
		if len(files) < minSeries || !strings.Contains(pattern, "*") {
			delete(out, pattern)
			continue
		}
		slices.SortFunc(files, natural)
	}
	return out
}
