package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
)

// An arrow says what a package may import of ours and of the guarded outsiders, and why. A path that ends
// in /* stands for every package below it. The longest matching row decides.
type arrow struct {
	from string
	may  []string
	why  string
}

// floors is the table of arrows: which floor stands on which.
var floors = []arrow{
	{"themes", []string{"charm.land/lipgloss", "github.com/charmbracelet/*"}, "colours know only the terminal"},
	{"store", []string{"database/sql", "modernc.org/sqlite"}, "the index must not know who fills or draws it"},
	{"store/*", []string{"store"}, "helpers for tests"},
	{"engine/ingest", nil, "a parser must be fuzzable and swappable without the house"},
	{"engine/ingest/*", []string{"engine/ingest"}, "the conformance suite"},
	{"engine/table", nil, "a reader must be fuzzable without the house"},
	{"engine/table/*", []string{"engine/table"}, "the conformance suite, and the text in files, which several readers share"},
	{"engine/stats", nil, "pure numbers"},
	{"engine/query", nil, "a grammar, no data"},
	{"engine/watch", nil, "knows folders, not what is in them"},
	{"engine/watch/*", []string{"engine/watch"}, "ignore rules and the fake"},
	{"engine/journal", nil, "what people said stands alone: it outlives the index"},
	{"engine/config", nil, "files of settings, nothing that uses them"},
	{"engine/sqlread", []string{"database/sql", "modernc.org/sqlite"}, "other tools' SQLite, read-only"},
	{"engine/formats", []string{"engine/ingest", "engine/formats/*"}, "the list"},
	{"engine/formats/*", []string{"engine/ingest", "engine/formats/mlflow", "engine/sqlread", "engine/table", "engine/tables", "engine/tables/*"}, "formats say, the engine writes"},
	{"engine/tables", []string{"engine/table", "engine/tables/*"}, "the list"},
	{"engine/tables/*", []string{"engine/table", "engine/table/text"}, "readers know only their contract and how text lies in files"},
	{"engine/tables/sqlite", []string{"engine/table", "engine/sqlread"}, "a table of somebody's database, read without standing in its writer's way"},
	{"engine/profile", []string{"engine/table", "engine/stats"}, "pure"},
	{"engine/report", []string{"store", "engine/query", "engine/stats", "engine/table", "engine/profile", "engine/report/*"}, "decides what is known, never what runs"},
	{"engine/report/*", []string{"engine/report", "engine/profile", "engine/stats", "store"}, "printers"},
	{"engine/jobs", []string{"store", "engine/jobs/*"}, "the list"},
	{"engine/jobs/*", []string{"store", "engine/jobs", "engine/report", "engine/profile", "engine/stats", "engine/table", "engine/tables"}, "derived work"},
	{"engine", []string{"store", "engine/config", "engine/formats", "engine/ingest", "engine/jobs", "engine/jobs/*", "engine/journal", "engine/profile", "engine/report", "engine/table", "engine/tables", "engine/watch", "engine/watch/*"}, "owns what lasts; draws nothing"},
	{"tui/widget", []string{"themes", "github.com/charmbracelet/*"}, "data and styles in, text out"},
	{"tui/pane", []string{"store", "themes"}, "the contract"},
	{"tui/panes", []string{"tui/pane", "tui/panes/*"}, "the list"},
	{"tui/panes/*", []string{"tui/pane", "tui/panes/*", "tui/widget", "themes", "engine/report", "engine/profile", "engine/query", "store"}, "panes draw what report decides"},
	{"tui/tuitest", []string{"tui", "tui/pane", "tui/panes", "themes", "store", "github.com/charmbracelet/*", "charm.land/bubbletea"}, "drives the model"},
	{"tui", []string{"tui/pane", "tui/panes", "tui/widget", "themes", "store", "charm.land/bubbletea", "github.com/charmbracelet/*"}, "routes, lays out, focuses; never the engine"},
	{"cmd/pace/demo", nil, "an archive and its player"},
	{"cmd/pace", []string{"*"}, "the only package that knows everyone"},
	{"cmd/bench", []string{"*"}, "measures everyone"},
}

// guarded are the outsiders that only the rows which name them may import.
var guarded = []string{"charm.land/", "github.com/charmbracelet/", "modernc.org/sqlite", "database/sql"}

// exceptions are sizes that a file, function or struct may exceed, each with its reason. It should stay empty.
var exceptions = map[string]string{}

type listed struct {
	ImportPath   string
	Dir          string
	Imports      []string
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,GoFiles,TestGoFiles,XTestGoFiles", "pace/...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 3 {
		t.Fatalf("go list found %d packages; the house has more", len(all))
	}
	return all
}

func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		from := strings.TrimPrefix(p.ImportPath, "pace/")
		row, ok := rowFor(from)
		if !ok {
			t.Errorf("%s has no row in floors: say what it may import, and why", from)
			continue
		}
		for _, imp := range p.Imports {
			if bad := forbidden(row, imp); bad != "" {
				t.Errorf("%s imports %s (%s)", from, bad, row.why)
			}
		}
	}
}

func rowFor(pkg string) (arrow, bool) {
	best, found := arrow{}, false
	for _, a := range floors {
		if covers(a.from, pkg) && (!found || len(a.from) > len(best.from)) {
			best, found = a, true
		}
	}
	return best, found
}

func covers(pattern, pkg string) bool {
	if below, ok := strings.CutSuffix(pattern, "/*"); ok {
		return strings.HasPrefix(pkg, below+"/")
	}
	return pattern == "*" || pattern == pkg
}

func forbidden(a arrow, imp string) string {
	ours := strings.HasPrefix(imp, "pace/")
	name := strings.TrimPrefix(imp, "pace/")
	guard := false
	for _, g := range guarded {
		guard = guard || strings.HasPrefix(imp, g)
	}
	if !ours && !guard {
		return ""
	}
	for _, m := range a.may {
		if covers(m, name) || (guard && strings.HasPrefix(imp, m)) {
			return ""
		}
	}
	return name
}

func TestForbiddenCatchesAPlantedArrow(t *testing.T) {
	row, _ := rowFor("engine/formats/mlflowfs")
	if forbidden(row, "pace/store") == "" || forbidden(row, "charm.land/bubbletea/v2") == "" {
		t.Fatal("a format may not import the store or the terminal")
	}
	if forbidden(row, "pace/engine/ingest") != "" || forbidden(row, "strings") != "" {
		t.Fatal("a format may import ingest and the standard library")
	}
}

func TestPackageNames(t *testing.T) {
	drawers := regexp.MustCompile(`(^|/)(util|utils|common|helpers?|types|base|shared|misc)$`)
	for _, p := range packages(t) {
		if drawers.MatchString(p.ImportPath) {
			t.Errorf("%s: a package is named for what it gives", p.ImportPath)
		}
		if len(p.GoFiles) > maxFiles {
			t.Errorf("%s has %d files, at most %d: split it by noun", p.ImportPath, len(p.GoFiles), maxFiles)
		}
	}
}

func TestTopLevel(t *testing.T) {
	want := map[string]bool{"cmd": true, "tui": true, "store": true, "engine": true, "themes": true, "testdata": true,
		"go.mod": true, "go.sum": true, "Makefile": true, "README.md": true, "ARCHITECTURE.md": true}
	out, err := exec.Command("git", "-C", root(t), "ls-files", "--cached").Output()
	if err != nil {
		t.Skipf("git ls-files: %v", err)
	}
	for _, f := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		top, _, _ := strings.Cut(f, "/")
		if !want[top] && !strings.HasPrefix(top, ".") {
			t.Errorf("%s stands at the top level, which is fixed", top)
			want[top] = true
		}
	}
}

func root(t *testing.T) string {
	t.Helper()
	abs, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// TestArchitectureNamesWhatExists reads every `package path` in ARCHITECTURE.md.
func TestArchitectureNamesWhatExists(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root(t), "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	exists := map[string]bool{}
	for _, p := range packages(t) {
		for name := strings.TrimPrefix(p.ImportPath, "pace/"); name != "."; name = filepath.ToSlash(filepath.Dir(name)) {
			exists[name] = true
		}
	}
	named := regexp.MustCompile("`((?:cmd|tui|store|engine|themes)(?:/[a-z0-9]+)*)/?`").FindAllStringSubmatch(string(text), -1)
	if len(named) < 10 {
		t.Fatalf("ARCHITECTURE.md names %d packages; it should name the house", len(named))
	}
	missing := map[string]bool{}
	for _, m := range named {
		if !exists[m[1]] {
			missing[m[1]] = true
		}
	}
	for _, name := range sorted(missing) {
		t.Errorf("ARCHITECTURE.md names %s, which does not exist", name)
	}
}

func sorted(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for k := range set {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
