package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what the commands print into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pace": main})
}

// TestScripts drives the real binary, in a folder of its own with a home, a cache and an actor of its own.
func TestScripts(t *testing.T) {
	fixtures, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join(fixtures, "script"),
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			home := filepath.Join(e.WorkDir, ".home")
			for k, v := range map[string]string{
				"HOME": home, "USERPROFILE": home, "PACE_CACHE_DIR": filepath.Join(e.WorkDir, ".cache"),
				"PACE_CONFIG_DIR": filepath.Join(home, "config"), "GIT_CONFIG_GLOBAL": filepath.Join(home, "gitconfig"),
				"PACE_ACTOR": "me@example.org", "COLUMNS": "100", "LANG": "C.UTF-8", "LC_ALL": "", "NO_COLOR": "", "TZ": "UTC",
				"TESTDATA": fixtures,
			} {
				e.Setenv(k, v)
			}
			return os.MkdirAll(home, 0o755)
		},
		Condition: func(name string) (bool, error) {
			if name == "root" {
				return os.Getuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %s", name)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "unquoted": unquoted, "copytree": copyTree, "tree": tree, "normal": normal, "chomp": chomp, "head": head,
		},
	})
}

// exits runs a command and wants an exit code: exits 2 pace --bogus.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// unquoted rewrites files of Go-quoted lines as the bytes that they stand for.
func unquoted(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		text, err := strconv.Unquote(`"` + strings.TrimSpace(ts.ReadFile(name)) + `"`)
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o644))
	}
}

// head writes the first bytes of a file to another: head FROM N TO.
func head(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(ts.ReadFile(args[0]))[:n], 0o644))
}

// copyTree copies a folder: copytree FROM TO.
func copyTree(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.CopyFS(ts.MkAbs(args[1]), os.DirFS(ts.MkAbs(args[0]))))
}

// tree writes the names below a folder, with sizes, to a file: tree DIR FILE.
func tree(ts *testscript.TestScript, _ bool, args []string) {
	var b strings.Builder
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(ts.MkAbs(args[0]), path)
		fmt.Fprintln(&b, filepath.ToSlash(rel), info.Mode(), info.Size(), info.ModTime().UnixNano())
		return err
	}))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o644))
}

var changing = regexp.MustCompile(`(generated\W+)[0-9TZ:.-]+`)

// normal writes the last stdout to a file without what differs from run to run: normal FILE.
func normal(ts *testscript.TestScript, _ bool, args []string) {
	text := changing.ReplaceAllString(ts.ReadFile("stdout"), "${1}NOW")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(text, ts.Getenv("WORK"), "$WORK")), 0o644))
}

// chomp takes the last newline, which an archive puts behind every file, from every param and tag: chomp STORE.
func chomp(ts *testscript.TestScript, _ bool, args []string) {
	for _, kind := range []string{"params", "tags"} {
		names, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*", "*", kind, "*"))
		ts.Check(err)
		for _, name := range names {
			ts.Check(os.WriteFile(name, []byte(strings.TrimSuffix(ts.ReadFile(name), "\n")), 0o644))
		}
	}
}
