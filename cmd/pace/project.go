package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pace/engine/config"
)

// project is a folder with what its pace.yaml says.
type project struct {
	root   string
	config config.Config
}

// findProject is the project around dir.
func findProject(dir string) (project, error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return project{}, usage(fmt.Errorf("%s: there is no such folder and no such command", dir), "`pace --help` lists the commands")
	case err != nil:
		return project{}, unreadable(fmt.Errorf("open project: %w", err), "")
	case !info.IsDir():
		return project{}, usage(fmt.Errorf("%s is a file; a project is a folder", dir), "`pace profile "+dir+"` profiles a table")
	}
	found, err := config.FindProject(dir, "")
	if errors.Is(err, config.ErrNoProject) {
		return project{}, usage(err, "a home folder and the root of a disk hold more than a project; name a folder: pace DIR")
	}
	if err != nil {
		return project{}, unreadable(err, "")
	}
	if _, err := os.ReadDir(found.Root); err != nil {
		return project{}, unreadable(fmt.Errorf("read project: %w", err), "look at the permissions of the folder")
	}
	c, err := config.Load(found.Root)
	var wrong config.Errors
	switch {
	case errors.As(err, &wrong):
		return project{}, usage(err, "every key is optional; pace reads no key that it does not know")
	case err != nil:
		return project{}, unreadable(err, "")
	}
	return project{root: found.Root, config: c}, nil
}

// name is what the project is called.
func (p project) name() string {
	if p.config.Project != "" {
		return p.config.Project
	}
	return filepath.Base(p.root)
}

// branch is the checked-out git branch; "" for none.
func (p project) branch() string {
	head, err := config.GitHead(p.root)
	if err != nil {
		return ""
	}
	return head.Branch
}

// speaker is who says what is said.
func (p project) speaker(as string) string { return config.FindActor(as, p.root, os.Getenv).Name }

// index is where the project's index lies; "" leaves the place to the engine, as where there is no home.
func (p project) index() string {
	dir, err := config.CacheDir(p.root, os.Getenv)
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "pace.db")
}

// seenFile keeps when an actor last looked. It lies beside the index: looking changes no file of the project.
func seenFile(index, actor string) string {
	sum := sha256.Sum256([]byte(actor))
	return filepath.Join(filepath.Dir(index), "seen-"+hex.EncodeToString(sum[:6]))
}

// lastSeen is when an actor last closed the workbench; zero for never.
func lastSeen(index, actor string) time.Time {
	text, err := os.ReadFile(seenFile(index, actor))
	if err != nil {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(text)))
	if err != nil {
		return time.Time{}
	}
	return t
}

// keepSeen remembers that an actor has looked.
func keepSeen(index, actor string, now time.Time) error {
	err := os.WriteFile(seenFile(index, actor), []byte(now.UTC().Format(time.RFC3339Nano)+"\n"), 0o600)
	if err != nil {
		return fmt.Errorf("remember this look: %w", err)
	}
	return nil
}
