package config

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Head is where a git working tree stands, read from git's files (gitrepository-layout(5)) without running git.
type Head struct {
	Root   string // of the working tree
	Branch string // "" when detached
	Commit string // hex; "" on a branch without a commit, or where refs are kept in a reftable
}

// ErrNoGit says that a folder is in no git working tree.
var ErrNoGit = errors.New("not in a git working tree")

// GitHead reads where the working tree of a folder stands.
func GitHead(dir string) (Head, error) {
	g, err := findGit(dir)
	if err != nil {
		return Head{}, fmt.Errorf("read git head: %w", err)
	}
	h := Head{Root: g.root}
	text, err := readLimited(filepath.Join(g.git, "HEAD"), 4096)
	if err != nil {
		return h, fmt.Errorf("read git head: %w", err)
	}
	line := strings.TrimSpace(string(text))
	ref, ok := strings.CutPrefix(line, "ref:")
	if !ok {
		if !isHash(line) {
			return h, fmt.Errorf("read git head: %q is no commit", line[:min(len(line), 80)])
		}
		h.Commit = line
		return h, nil
	}
	ref = strings.TrimSpace(ref)
	if !strings.HasPrefix(ref, "refs/") || strings.Contains(ref, "..") {
		return h, fmt.Errorf("read git head: %q is no ref", ref)
	}
	if ref == "refs/heads/.invalid" {
		return h, nil // what a reftable leaves for readers like this one
	}
	h.Branch = strings.TrimPrefix(ref, "refs/heads/")
	h.Commit, err = g.resolve(ref)
	if err != nil {
		return h, fmt.Errorf("read git head: %w", err)
	}
	return h, nil
}

// gitDirs are the folders of a working tree: its own, and the one shared by all worktrees.
type gitDirs struct{ root, git, common string }

// findGit looks for .git in a folder and those above it.
func findGit(dir string) (gitDirs, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return gitDirs{}, err
	}
	for {
		dot := filepath.Join(dir, ".git")
		info, err := os.Stat(dot)
		switch {
		case err == nil && info.IsDir():
			return withCommon(dir, dot), nil
		case err == nil:
			text, err := readLimited(dot, 4096)
			if err != nil {
				return gitDirs{}, err
			}
			target, ok := strings.CutPrefix(strings.TrimSpace(string(text)), "gitdir:")
			if !ok {
				return gitDirs{}, fmt.Errorf("%s names no folder", dot)
			}
			target = strings.TrimSpace(target)
			if !filepath.IsAbs(target) {
				target = filepath.Join(dir, target)
			}
			return withCommon(dir, target), nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return gitDirs{}, ErrNoGit
		}
		dir = parent
	}
}

func withCommon(root, git string) gitDirs {
	g := gitDirs{root: root, git: git, common: git}
	if text, err := readLimited(filepath.Join(git, "commondir"), 4096); err == nil {
		g.common = strings.TrimSpace(string(text))
		if !filepath.IsAbs(g.common) {
			g.common = filepath.Join(git, g.common)
		}
	}
	return g
}

// resolve finds the commit of a ref: in its own file, else among the packed ones. A ref that is nowhere has none yet.
func (g gitDirs) resolve(ref string) (string, error) {
	for range 5 { // a ref may name another
		text, err := readLimited(filepath.Join(g.common, filepath.FromSlash(ref)), 4096)
		if errors.Is(err, fs.ErrNotExist) {
			return g.packed(ref)
		}
		if err != nil {
			return "", err
		}
		line := strings.TrimSpace(string(text))
		next, ok := strings.CutPrefix(line, "ref:")
		if !ok {
			if !isHash(line) {
				return "", nil // half written; the next look will tell
			}
			return line, nil
		}
		if ref = strings.TrimSpace(next); !strings.HasPrefix(ref, "refs/") || strings.Contains(ref, "..") {
			return "", fmt.Errorf("%q is no ref", ref)
		}
	}
	return "", errors.New("refs name each other in a circle")
}

func (g gitDirs) packed(ref string) (string, error) {
	f, err := os.Open(filepath.Join(g.common, "packed-refs"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 0; lines.Scan() && n < 2_000_000; n++ {
		hash, name, ok := strings.Cut(lines.Text(), " ")
		if ok && name == ref && isHash(hash) {
			return hash, nil
		}
	}
	return "", lines.Err()
}

func isHash(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}
