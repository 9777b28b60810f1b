package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/zeebo/xxh3"
)

// ErrNoProject says that a folder can be no project: the home folder or the root of the disk.
var ErrNoProject = errors.New("the home folder and the root of a disk are no projects: name a folder in it")

// Project is where a project lies and why pace thinks so.
type Project struct {
	Root string // absolute, links followed
	By   string // ".pace", "pace.yaml", ".git", or "" for the folder itself
}

// FindProject finds the project that a folder belongs to: the nearest ancestor with .pace/ or pace.yaml, else the
// git root, else the folder itself; never the home folder or /. home "" asks the system.
func FindProject(start, home string) (Project, error) {
	abs, err := filepath.Abs(start)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err != nil {
		return Project{}, fmt.Errorf("find project: %w", err)
	}
	info, err := os.Stat(abs)
	if err != nil {
		return Project{}, fmt.Errorf("find project: %w", err)
	}
	if !info.IsDir() {
		abs = filepath.Dir(abs)
	}
	if home == "" {
		home, _ = os.UserHomeDir() // without one no folder is forbidden but the root
	}
	if real, err := filepath.EvalSymlinks(home); err == nil {
		home = real
	}
	forbidden := func(dir string) bool { return dir == filepath.Dir(dir) || dir == home }
	if forbidden(abs) {
		return Project{}, fmt.Errorf("find project: %s: %w", abs, ErrNoProject)
	}
	git := ""
	for dir := abs; !forbidden(dir); dir = filepath.Dir(dir) {
		if info, err := os.Stat(filepath.Join(dir, ".pace")); err == nil && info.IsDir() {
			return Project{dir, ".pace"}, nil
		}
		if _, err := os.Stat(filepath.Join(dir, FileName)); err == nil {
			return Project{dir, FileName}, nil
		}
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil && git == "" {
			git = dir
		}
	}
	if git != "" {
		return Project{git, ".git"}, nil
	}
	return Project{abs, ""}, nil
}

// CacheDir is where a project's index lies: a folder named after the root in PACE_CACHE_DIR, else in pace's folder
// of the user's cache. It is not made here. The index wants a local disk: ask watch.Network about it.
func CacheDir(root string, getenv func(string) string) (string, error) {
	base := getenv("PACE_CACHE_DIR")
	if base == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("find cache: %w; PACE_CACHE_DIR names one", err)
		}
		base = filepath.Join(dir, "pace")
	}
	return filepath.Join(base, fmt.Sprintf("%016x", xxh3.HashString(root))), nil
}
