package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// nobody is a user who owns nothing here (Debian's and most others' number for it).
const nobody = 65534

// TestUnreadableParts looks as another user at a project whose parts are closed to him.
func TestUnreadableParts(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can be another user; testdata/script/permissions.txtar does the rest as this one")
	}
	f := newFeeder(t)
	f.write("closed/x.csv", "a\n1\n")
	for name, mode := range map[string]os.FileMode{"closed": 0o700, "data.csv": 0o600, "mlflow.db": 0o600,
		"mlruns/1/00000000000000000000000000000001/meta.yaml": 0o600} {
		if err := os.Chmod(f.abs(name), mode); err != nil {
			t.Fatal(err)
		}
	}
	home := t.TempDir()
	for _, dir := range []string{filepath.Dir(f.root), f.root, filepath.Dir(home)} {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chown(home, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	me, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(me)
	if err != nil {
		t.Fatal(err)
	}
	pace := filepath.Join(filepath.Dir(home), "pace")
	if err := os.WriteFile(pace, text, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(pace, "doctor")
	cmd.Dir = f.root
	cmd.Env = append(os.Environ(), "HOME="+home, "PACE_CACHE_DIR="+filepath.Join(home, "cache"), "PACE_ACTOR=him@example.org")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	wants(t, "doctor", cmd.ProcessState.ExitCode(), string(out), exitFine, "5 runs",
		"closed: folder: read folder: permission denied", "data.csv: profile: permission denied",
		"mlflow.db: read: read MLflow (SQLite): stat database: permission denied", "00000000000000000000000000000001: read: read MLflow (files): permission denied",
		"give this user the right to read it")
}

// TestFullDisk has no room for the index at its place, then nowhere, then none for what somebody says.
func TestFullDisk(t *testing.T) {
	small := t.TempDir()
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=96k"); err != nil {
		t.Skip("only root can mount a small disk:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(small, 0); err != nil {
			t.Error(err)
		}
	})
	f := newFeeder(t)
	code, out := ran(t, f.root, []string{"PACE_CACHE_DIR=" + small, "TMPDIR=" + t.TempDir()}, "runs")
	wants(t, "no room at its place", code, out, exitFine, "disk is full", "the index is in", "fed-01")
	code, out = ran(t, f.root, []string{"PACE_CACHE_DIR=" + small, "TMPDIR=" + small}, "runs")
	wants(t, "no room anywhere", code, out, exitRead, "disk is full", "PACE_CACHE_DIR names another place")
	project := filepath.Join(small, "project")
	if err := os.Mkdir(project, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(project, "x.csv"), []byte("a\n1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	env := []string{"PACE_CACHE_DIR=" + t.TempDir()}
	fill := filepath.Join(small, "fill")
	_ = os.WriteFile(fill, make([]byte, 1<<20), 0o644) // ends where the disk does
	code, out = ran(t, project, env, "note", "x.csv", "a word")
	wants(t, "note", code, out, exitRead, "no space left on device")
	if err := os.Remove(fill); err != nil {
		t.Fatal(err)
	}
	code, out = ran(t, project, env, "note", "x.csv", "a word")
	wants(t, "note", code, out, exitFine)
	code, out = ran(t, project, env, "journal", "--verify")
	wants(t, "journal", code, out, exitFine, "every line is whole")
}
