package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pace/cmd/pace/demo"
)

// pair is a tmux of its own, in which the real binary runs on a real terminal.
type pair struct {
	t      *testing.T
	socket string
	env    []string
}

func newTmux(t *testing.T) *pair {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("tmux is not installed: the real screen was not driven")
	}
	if testing.Short() {
		t.Skip("drives the real screen")
	}
	// The socket's path must be short, which a test's own folder is not.
	dir, err := os.MkdirTemp("", "pt")
	if err != nil {
		t.Fatal(err)
	}
	base := t.TempDir()
	p := &pair{t: t, socket: filepath.Join(dir, "s"), env: []string{
		"PACE_CACHE_DIR=" + filepath.Join(base, "cache"), "PACE_CONFIG_DIR=" + filepath.Join(base, "config"),
		"TZ=UTC", "LC_ALL=C.UTF-8", "PACE_ACTOR=ada@example.org", "TERM=xterm-256color", "NO_COLOR=", "PACE_A11Y=",
	}}
	t.Cleanup(func() {
		_ = exec.Command("tmux", "-S", p.socket, "kill-server").Run()
		_ = os.RemoveAll(dir)
	})
	return p
}

func (p *pair) tmux(args ...string) string {
	p.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", p.socket, "-f", os.DevNull}, args...)...).CombinedOutput()
	if err != nil {
		p.t.Fatalf("tmux %v: %v: %s", args, err, out)
	}
	return string(out)
}

// open starts pace in a session of its own. What it leaves behind stays on the screen.
func (p *pair) open(name string, w, h int, args ...string) {
	p.t.Helper()
	line := "env " + strings.Join(p.env, " ") + " pace " + strings.Join(args, " ") + "; echo left $?; sleep 600"
	p.tmux("new-session", "-d", "-s", name, "-x", strconv.Itoa(w), "-y", strconv.Itoa(h), line)
}

func (p *pair) press(name string, keys ...string) {
	p.tmux(append([]string{"send-keys", "-t", name}, keys...)...)
}

func (p *pair) typed(name, text string) { p.tmux("send-keys", "-t", name, "-l", text) }

func (p *pair) screen(name string) string { return p.tmux("capture-pane", "-p", "-t", name) }

// see waits until the screen shows every text, and returns it with how long that took.
func (p *pair) see(name string, texts ...string) (string, time.Duration) {
	p.t.Helper()
	start := time.Now()
	for {
		screen := p.screen(name)
		missing := ""
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				missing = text
			}
		}
		if missing == "" {
			return screen, time.Since(start)
		}
		if time.Since(start) > 30*time.Second {
			p.t.Fatalf("the screen never shows %q:\n%s", missing, screen)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// TestTmuxWalk is a person's minute with the demo on a real terminal.
func TestTmuxWalk(t *testing.T) {
	p := newTmux(t)
	dir := filepath.Join(t.TempDir(), "flights")
	if err := demo.Unpack(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	p.open("a", 120, 40, dir)
	p.see("a", "Overview", "BEST RUNS", "xgb-deep-7")
	p.press("a", "3")
	p.see("a", "forest-2", "auc decides")
	p.press("a", "/")
	p.typed("a", "xgb-deep")
	p.see("a", "match")
	p.press("a", "Enter", "Space", "Space")
	p.see("a", "2 runs marked")
	p.press("a", "c")
	p.see("a", "compare 2", "MEASURED", "logloss")
	p.press("a", "Escape")
	p.see("a", "2 runs marked")
	p.press("a", "e")
	p.see("a", "what should be remembered")
	p.typed("a", "seen on a real terminal")
	p.press("a", "Enter")
	p.see("a", "noted")
	p.press("a", "z")
	p.see("a", "undone")
	p.tmux("resize-window", "-t", "a", "-x", "80", "-y", "24")
	time.Sleep(200 * time.Millisecond)
	screen, _ := p.see("a", "? help")
	rows := strings.Split(strings.TrimRight(screen, "\n"), "\n")
	if len(rows) != 24 || !strings.HasPrefix(rows[0], " pace ▸ flights ▸ Runs") || !strings.Contains(rows[23], "? help") {
		t.Errorf("after the resize the screen is\n%s", screen)
	}
	p.press("a", "C-c")
	p.see("a", "left 0")
}

// TestTmuxKilled: what a killed pace leaves does not keep the next one from opening.
func TestTmuxKilled(t *testing.T) {
	p := newTmux(t)
	dir := filepath.Join(t.TempDir(), "mixed")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "testdata", "projects", "mixed"))); err != nil {
		t.Fatal(err)
	}
	p.open("a", 80, 24, dir)
	p.press("a", "3")
	p.see("a", "depth-6", "logistic", "sweep", "version_0", "fit/train") // one table over every tool, from a folder that nobody prepared
	p.press("a", "1")
	p.see("a", "data/weather.csv")
	out := p.tmux("list-panes", "-t", "a", "-F", "#{pane_pid}")
	shell := regexp.MustCompile(`\d+`).FindString(out)
	if err := exec.Command("sh", "-c", "kill -9 $(ps -o pid= --ppid "+shell+")").Run(); err != nil {
		t.Skipf("ps can't name a child's process here: %v", err)
	}
	p.see("a", "left 137")
	p.open("b", 80, 24, dir)
	p.press("b", "3")
	p.see("b", "depth-6", "version_0")
}

// TestTmuxTwo: what one says the other sees.
func TestTmuxTwo(t *testing.T) {
	p := newTmux(t)
	dir := filepath.Join(t.TempDir(), "mixed")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "testdata", "projects", "mixed"))); err != nil {
		t.Fatal(err)
	}
	p.open("a", 100, 30, dir, "--as", "ada")
	p.press("a", "3")
	p.see("a", "depth-6", "version_0")
	p.open("b", 100, 30, dir, "--as", "ben")
	p.see("b", "BEST RUNS")
	p.press("a", "e")
	p.see("a", "what should be remembered")
	p.typed("a", "leak in depth?")
	p.press("a", "Enter")
	_, took := p.see("b", "✎ ada on", "leak")
	t.Logf("a note is on the other screen after %v", took.Round(10*time.Millisecond))
	p.press("b", "q")
	p.see("b", "left 0")
	p.press("a", "q")
	p.see("a", "left 0")
}
