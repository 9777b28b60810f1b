package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// ran is a command's exit code and what it printed.
func ran(t *testing.T, dir string, env []string, words ...string) (code int, out string) {
	t.Helper()
	cmd := exec.Command("pace", words...)
	cmd.Dir, cmd.Env = dir, append(append(os.Environ(), "PACE_ACTOR=me@example.org"), env...)
	text, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(text)
}

func wants(t *testing.T, what string, got int, out string, code int, words ...string) {
	t.Helper()
	if got != code {
		t.Errorf("%s: exit code %d, want %d\n%s", what, got, code, out)
	}
	for _, w := range words {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), w) {
			t.Errorf("%s does not say %q:\n%s", what, w, out)
		}
	}
}

// TestDatabaseLockedByItsWriter holds MLflow's database as a long transaction does.
func TestDatabaseLockedByItsWriter(t *testing.T) {
	f := newFeeder(t)
	env := []string{"PACE_CACHE_DIR=" + t.TempDir()}
	conn, err := f.db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), "BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	code, out := ran(t, f.root, env, "runs")
	wants(t, "runs of a locked database", code, out, exitFine, "fed-01", "1 problem in this project")
	code, out = ran(t, f.root, env, "doctor")
	wants(t, "doctor", code, out, exitFine, "locked by its writer", "it is read again when its writer is done")
	if _, err := conn.ExecContext(context.WithoutCancel(t.Context()), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	code, out = ran(t, f.root, env, "doctor")
	wants(t, "doctor", code, out, exitFine, "15 runs")
	if strings.Contains(out, "locked") {
		t.Errorf("the problem stays:\n%s", out)
	}
}

// TestDatabaseOfTheFuture has columns, a table and a revision that nobody knows yet, and one that lacks a column.
func TestDatabaseOfTheFuture(t *testing.T) {
	f := newFeeder(t)
	env := []string{"PACE_CACHE_DIR=" + t.TempDir()}
	change := func(text string) {
		t.Helper()
		if _, err := f.db.Exec(text); err != nil {
			t.Fatal(err)
		}
	}
	_, now := ran(t, f.root, []string{"PACE_CACHE_DIR=" + t.TempDir()}, "runs", "--format", "json")
	change("ALTER TABLE runs ADD COLUMN zone TEXT DEFAULT 'x'")
	change("ALTER TABLE metrics ADD COLUMN unit TEXT")
	change("CREATE TABLE future (a, b)")
	change("UPDATE alembic_version SET version_num = 'ffff99990000'")
	if code, out := ran(t, f.root, env, "runs", "--format", "json"); code != exitFine || out != now {
		t.Errorf("exit code %d, and the runs are others:\n%.2000s", code, out)
	}
	change("ALTER TABLE metrics RENAME COLUMN value TO amount")
	code, out := ran(t, f.root, []string{"PACE_CACHE_DIR=" + t.TempDir()}, "doctor")
	wants(t, "doctor", code, out, exitFine, "a newer pace may read it", "6 runs")
}

// TestHugeTable is listed at once: a table of 10 GB is not read by itself.
func TestHugeTable(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "big.csv")
	if err := os.WriteFile(path, []byte("a,b\n1,2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 10<<30); err != nil {
		t.Skip("no sparse files here:", err)
	}
	code, out := ran(t, dir, []string{"PACE_CACHE_DIR=" + t.TempDir()}, "--report")
	wants(t, "report", code, out, exitNothing, "big.csv csv — — 10.0 GiB", "not profiled")
}
