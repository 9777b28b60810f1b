package main

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestLookingChangesNothing looks at a project in every way and compares each of its files and folders with what it
// was: bytes, mode and time. Among them are databases whose writers were killed, which SQLite itself would mend.
func TestLookingChangesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "project")
	if err := os.CopyFS(dir, os.DirFS("../../testdata/projects/mixed")); err != nil {
		t.Fatal(err)
	}
	killedWriters(t, dir)
	was := fingerprints(t, dir)
	env := append(os.Environ(), "PACE_CACHE_DIR="+t.TempDir(), "PACE_CONFIG_DIR="+t.TempDir(), "PACE_ACTOR=me@example.org")
	var table string
	for name := range was {
		if strings.HasPrefix(name, "data/") && strings.HasSuffix(name, ".csv") {
			table = name
		}
	}
	for _, line := range [][]string{
		{"runs"}, {"--report"}, {"--report", "--format", "html"}, {"doctor"}, {"journal"}, {"profile", table},
		{"runs", "--format", "csv"}, {"note", table},
	} {
		cmd := exec.Command("pace", line...)
		cmd.Dir, cmd.Env = dir, env
		if out, err := cmd.CombinedOutput(); err != nil && cmd.ProcessState.ExitCode() != exitFinding {
			t.Fatalf("pace %v: %v\n%s", line, err, out)
		}
		same(t, strings.Join(line, " "), was, fingerprints(t, dir))
	}
	lookAround(t, dir, env)
	same(t, "the workbench", was, fingerprints(t, dir))
}

// killedWriters leaves a database with a log and no index of it, and one with a journal to roll back.
func killedWriters(t *testing.T, dir string) {
	t.Helper()
	live := filepath.Join(t.TempDir(), "live.db")
	sample, err := os.ReadFile("../../testdata/formats/mlflowdb/current.db")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(live, sample, 0o644); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(live))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, text := range []string{"PRAGMA cache_size = 1", "BEGIN", "UPDATE metrics SET value = value + 1", "UPDATE tags SET value = value || ' changed'"} {
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	take(t, live, filepath.Join(dir, "rolled.db"), "", "-journal")
	for _, text := range []string{"ROLLBACK", "PRAGMA journal_mode = WAL", "UPDATE metrics SET value = value + 1"} {
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	take(t, live, filepath.Join(dir, "logged.db"), "", "-wal")
}

func take(t *testing.T, from, to string, ends ...string) {
	t.Helper()
	for _, end := range ends {
		text, err := os.ReadFile(from + end)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to+end, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// fingerprints is what each file and folder is.
func fingerprints(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		sum := sha256.New()
		if info.Mode().IsRegular() {
			f, err := os.Open(path)
			if err != nil {
				return err
			}
			defer f.Close()
			if _, err := io.Copy(sum, f); err != nil {
				return err
			}
		}
		rel, err := filepath.Rel(dir, path)
		out[filepath.ToSlash(rel)] = fmt.Sprint(info.Mode(), info.ModTime().UnixNano(), hex.EncodeToString(sum.Sum(nil)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func same(t *testing.T, who string, was, is map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if is[name] != was[name] {
			t.Errorf("%s changed %s: %q, was %q", who, name, is[name], was[name])
		}
	}
	for name := range is {
		if was[name] == "" {
			t.Errorf("%s made %s", who, name)
		}
	}
}

// lookAround opens the workbench on a real terminal, looks at each screen and leaves.
func lookAround(t *testing.T, dir string, env []string) {
	t.Helper()
	tmux, err := exec.LookPath("tmux")
	if err != nil || runtime.GOOS == "windows" {
		t.Log("no tmux: the workbench is not opened")
		return
	}
	pace, err := exec.LookPath("pace")
	if err != nil {
		t.Fatal(err)
	}
	server := "pace-untouched-" + strconv.Itoa(os.Getpid())
	call := func(words ...string) string {
		cmd := exec.Command(tmux, append([]string{"-L", server, "-f", os.DevNull}, words...)...)
		cmd.Env = env
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("tmux %v: %v\n%s", words, err, out)
		}
		return string(out)
	}
	call("new-session", "-d", "-x", "120", "-y", "40", "-c", dir, "env", "LC_ALL=C.UTF-8", pace)
	t.Cleanup(func() { _ = exec.Command(tmux, "-L", server, "kill-server").Run() })
	for _, look := range []struct{ keys, want string }{
		{"", "Overview"}, {"2", "Data"}, {"Enter", "▸ Data ▸"}, {"3", "Runs"}, {"Enter", "▸ Runs ▸"},
	} {
		if look.keys != "" {
			call("send-keys", look.keys)
		}
		var text string
		for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			if text = call("capture-pane", "-p"); strings.Contains(text, look.want) {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("the screen never showed %q:\n%s", look.want, text)
			}
		}
	}
	call("send-keys", "q")
	time.Sleep(300 * time.Millisecond)
}
