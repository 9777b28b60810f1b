// Package ignore says which files and folders of a project are left alone.
// It must not know formats or the engine: it reads .gitignore and .paceignore files and names, nothing else.
//
// Three things are skipped: junk (folders that tools fill and nobody reads: .git, node_modules, virtual
// environments), what .paceignore files and pace.yaml name, and what .gitignore files name. The last has an
// exception, because the data and runs of a project are what its .gitignore usually names: what looks like data,
// runs or models by its name (Work) is looked at all the same. `!name` in .paceignore takes anything back but junk.
package ignore

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Reason is why something is left alone.
type Reason uint8

// Reasons to leave something alone.
const (
	Kept Reason = iota // it is not
	Junk               // filled by a tool, by its name or its marks
	Pace               // .paceignore or pace.yaml
	Git                // .gitignore or .git/info/exclude
)

// Rule is what decided: a file with its line and pattern, or the name of a kind of junk.
type Rule struct {
	File    string // slash path relative to the root; "pace.yaml" for its ignore list; "" for junk
	Line    int    // from 1
	Pattern string
}

// Limits of an ignore file; what lies beyond is not read.
const (
	maxFile     = 1 << 20
	maxPatterns = 10_000
)

// Matcher answers for one project. It is safe for several goroutines. Ignore files are read when their folder is
// first asked about, and again when they changed, looked at no more than once a second.
type Matcher struct {
	root string
	now  func() time.Time

	mu    sync.Mutex
	own   ruleset // pace.yaml
	above []ruleset
	files map[string]*ruleset
}

// ruleset is the patterns of one file.
type ruleset struct {
	file     string
	above    []string // names from its folder down to the root, for a folder above the root
	patterns []pattern
	checked  time.Time
	modified time.Time
	size     int64
}

// New makes the matcher of the project at root; patterns are those of pace.yaml, as in a .gitignore there.
func New(root string, patterns []string) *Matcher {
	m := &Matcher{root: root, now: time.Now, files: map[string]*ruleset{}}
	m.own = ruleset{file: "pace.yaml", patterns: compileAll(strings.Join(patterns, "\n"))}
	m.above = gitAbove(root)
	return m
}

// gitAbove reads the rules that hold in root but do not lie in it: those of the folders up to the git root.
func gitAbove(root string) []ruleset {
	var sets []ruleset
	var names []string
	for dir := root; ; {
		if dir != root {
			if text, _, err := readFile(filepath.Join(dir, ".gitignore")); err == nil {
				set := ruleset{file: filepath.ToSlash(filepath.Join(dir, ".gitignore")), above: names, patterns: compileAll(text)}
				sets = append([]ruleset{set}, sets...)
			}
		}
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			if text, _, err := readFile(filepath.Join(dir, ".git", "info", "exclude")); err == nil {
				sets = append([]ruleset{{file: ".git/info/exclude", above: names, patterns: compileAll(text)}}, sets...)
			}
			return sets
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return nil // no git: a .gitignore above means nothing
		}
		names = append([]string{filepath.Base(dir)}, names...)
		dir = parent
	}
}

// readFile reads no pipe: to open one waits for its writer.
func readFile(name string) (string, os.FileInfo, error) {
	info, err := os.Stat(name)
	if err != nil {
		return "", nil, err
	}
	if !info.Mode().IsRegular() {
		return "", nil, errors.New("not a regular file")
	}
	f, err := os.Open(name)
	if err != nil {
		return "", nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile))
	return string(bytes.TrimPrefix(b, []byte("\ufeff"))), info, err
}

func compileAll(text string) []pattern {
	var out []pattern
	for i, line := range strings.Split(text, "\n") {
		if p, ok := compile(line, i+1); ok && len(out) < maxPatterns {
			out = append(out, p)
		}
	}
	return out
}

// Skip tells a walk whether to leave out a name in a folder that the walk did not leave out. dir is a slash path
// relative to the root, "." or "" for the root itself; a path that leads out of it with .. is only asked for junk.
func (m *Matcher) Skip(dir, name string, folder bool) bool {
	reason, _ := m.Why(dir, name, folder)
	return reason != Kept
}

// Why is Skip with the reason, for showing.
func (m *Matcher) Why(dir, name string, folder bool) (Reason, Rule) {
	rel := path.Join(dir, name)
	if folder && m.junk(rel, name) {
		return Junk, Rule{Pattern: name}
	}
	if rel == ".." || strings.HasPrefix(rel, "../") || path.IsAbs(rel) {
		return Kept, Rule{}
	}
	names := strings.Split(rel, "/")
	m.mu.Lock()
	defer m.mu.Unlock()
	if p, file := m.decide(names, folder, ".paceignore"); p != nil {
		if p.negated {
			return Kept, Rule{}
		}
		return Pace, Rule{File: file, Line: p.line, Pattern: p.src}
	}
	if inWork(names, folder) {
		return Kept, Rule{}
	}
	if p, file := m.decide(names, folder, ".gitignore"); p != nil && !p.negated {
		return Git, Rule{File: file, Line: p.line, Pattern: p.src}
	}
	return Kept, Rule{}
}

// Path asks for a path and every folder above it, as a walk from the root would meet them.
func (m *Matcher) Path(rel string, folder bool) (Reason, Rule) {
	names := strings.Split(path.Clean(rel), "/")
	for i, name := range names {
		last := i == len(names)-1
		if reason, rule := m.Why(strings.Join(names[:i], "/"), name, folder || !last); reason != Kept {
			return reason, rule
		}
	}
	return Kept, Rule{}
}

// decide finds the last pattern that matches: files in deeper folders speak later.
func (m *Matcher) decide(names []string, folder bool, file string) (*pattern, string) {
	if file == ".paceignore" {
		if p := m.own.last(names, folder); p != nil {
			return p, m.own.file
		}
	}
	for i := len(names) - 1; i >= 0; i-- {
		set := m.load(strings.Join(names[:i], "/"), file)
		if p := set.last(names[i:], folder); p != nil {
			return p, set.file
		}
	}
	if file == ".gitignore" {
		for i := len(m.above) - 1; i >= 0; i-- {
			full := append(append([]string(nil), m.above[i].above...), names...)
			if p := m.above[i].last(full, folder); p != nil {
				return p, m.above[i].file
			}
		}
	}
	return nil, ""
}

func (r *ruleset) last(names []string, folder bool) *pattern {
	for i := len(r.patterns) - 1; i >= 0; i-- {
		if r.patterns[i].match(names, folder) {
			return &r.patterns[i]
		}
	}
	return nil
}

// load reads the ignore file of a folder if it is new or changed.
func (m *Matcher) load(dir, name string) *ruleset {
	key := path.Join(dir, name)
	set, ok := m.files[key]
	now := m.now()
	if ok && now.Sub(set.checked) < time.Second {
		return set
	}
	if !ok {
		set = &ruleset{file: key}
		m.files[key] = set
	}
	set.checked = now
	full := filepath.Join(m.root, filepath.FromSlash(key))
	info, err := os.Stat(full)
	if err != nil || !info.Mode().IsRegular() {
		set.patterns, set.size = nil, 0
		return set
	}
	if ok && info.ModTime().Equal(set.modified) && info.Size() == set.size {
		return set
	}
	text, _, err := readFile(full)
	if err != nil {
		return set
	}
	set.patterns, set.modified, set.size = compileAll(text), info.ModTime(), info.Size()
	return set
}
