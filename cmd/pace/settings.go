package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"time"
)

// themeLine is the line of settings.yaml that names the theme.
var themeLine = regexp.MustCompile(`(?m)^theme:[^\n]*$`)

// saveTheme writes the theme into settings.yaml and leaves everything else in it as it is.
func saveTheme(dir, name string) error {
	path := filepath.Join(dir, "settings.yaml")
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("save theme: %w", err)
	}
	line := []byte("theme: " + name)
	if themeLine.Match(text) {
		text = themeLine.ReplaceAllLiteral(text, line)
	} else {
		if len(text) > 0 && text[len(text)-1] != '\n' {
			text = append(text, '\n')
		}
		text = append(append(text, line...), '\n')
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("save theme: %w", err)
	}
	tmp, err := os.CreateTemp(dir, ".settings-*")
	if err != nil {
		return fmt.Errorf("save theme: %w", err)
	}
	_, err = tmp.Write(text)
	if err = errors.Join(err, tmp.Chmod(0o644), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("save theme: %w", err), os.Remove(tmp.Name()))
	}
	return nil
}

// logbook is the file that keeps what the screen can't show any more. It lies beside the index.
type logbook struct{ path string }

func (l logbook) open() (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(l.path), 0o755); err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	return f, nil
}

// crashed keeps a panic with its stack. There is nobody to tell when even that fails.
func (l logbook) crashed(what any) {
	f, err := l.open()
	if err != nil {
		return
	}
	defer f.Close()
	fmt.Fprintf(f, "%s pace %s: %v\n%s\n", time.Now().UTC().Format(time.RFC3339), version(), what, debug.Stack())
}
