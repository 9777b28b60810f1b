package ignore

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestAsGit asks for every path of the golden, with the exception for work switched off by asking the rules alone.
func TestAsGit(t *testing.T) {
	raw, err := os.ReadFile("testdata/git.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Git   string
		Cases []struct {
			Ignore               map[string]string
			Dirs, Files, Ignored []string
		}
	}
	if err := json.Unmarshal(raw, &golden); err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, c := range golden.Cases {
		m := New(t.TempDir(), nil)
		for dir, text := range c.Ignore {
			key := strings.TrimPrefix(dir+"/.gitignore", "/")
			m.files[key] = &ruleset{file: key, patterns: compileAll(text), checked: m.now().Add(time.Hour)}
		}
		ask := func(p string, folder bool) {
			asked++
			want := slices.Contains(c.Ignored, p)
			if got, rule := gitPath(m, p, folder); got != want {
				t.Errorf("%s with %q: ignored %v by %q, %s says %v", p, c.Ignore, got, rule, golden.Git, want)
			}
		}
		for _, p := range c.Dirs {
			ask(p, true)
		}
		for _, p := range c.Files {
			ask(p, false)
		}
	}
	if asked < 2000 {
		t.Errorf("only %d paths asked", asked)
	}
}

func gitPath(m *Matcher, rel string, folder bool) (bool, string) {
	names := strings.Split(rel, "/")
	for i := range names {
		p, _ := m.decide(names[:i+1], folder || i < len(names)-1, ".gitignore")
		if p != nil && !p.negated {
			return true, p.src
		}
	}
	return false, ""
}

func write(t *testing.T, root, name, text string) {
	t.Helper()
	full := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestWhatAProjectSkips(t *testing.T) {
	top := t.TempDir()
	root := filepath.Join(top, "sub")
	write(t, top, ".git/info/exclude", "excluded\n")
	write(t, top, ".gitignore", "/sub/above\nmlruns\n*.csv\n*.db\ndata/\nsecret\nbuild/\n")
	write(t, root, ".paceignore", "big/\n*.tmp.csv\n!build/\n!node_modules/\n")
	write(t, root, "env/pyvenv.cfg", "")
	write(t, root, "forge/conda-meta/history", "")
	write(t, root, "mlruns/0/pyvenv.cfg", "")
	m := New(root, []string{"/yaml-says"})
	for p, want := range map[string]Reason{
		"a.py": Kept, "above/x": Git, "excluded/x": Git, "secret/x": Git,
		"mlruns/0/r/metrics/secret": Kept, "mlflow.db": Kept, "data/x.csv": Kept, "x.csv": Kept, "x.tmp.csv": Pace,
		"deep/big/x": Pace, "yaml-says": Pace, "deep/yaml-says": Kept, "build/x": Kept,
		"node_modules/x": Junk, "env/lib/x": Junk, "forge/x": Junk, "mlruns/0": Kept,
		".dvc/cache/x": Junk, "cache/x": Kept, "p/.dvc/tmp/x": Junk, ".dvc/config": Kept, ".pace/journal/x": Junk,
		"logs/events.out.tfevents.1.h": Kept,
	} {
		if got, rule := m.Path(p, false); got != want {
			t.Errorf("%s: %v by %+v, want %v", p, got, rule, want)
		}
	}
	if _, rule := m.Path("deep/big/x", false); rule != (Rule{File: ".paceignore", Line: 1, Pattern: "big/"}) {
		t.Errorf("rule %+v", rule)
	}
	if m.Skip("../elsewhere", "x.py", false) || !m.Skip("../elsewhere", "node_modules", true) {
		t.Error("outside the root only junk is skipped")
	}
}

func TestAChangedFileIsReadAgain(t *testing.T) {
	root := t.TempDir()
	now := time.Now()
	m := New(root, nil)
	m.now = func() time.Time { return now }
	write(t, root, ".paceignore", "a\n")
	if !m.Skip(".", "a", false) || m.Skip(".", "bb", false) {
		t.Error("first file")
	}
	write(t, root, ".paceignore", "bb\n")
	now = now.Add(2 * time.Second)
	if m.Skip(".", "a", false) || !m.Skip(".", "bb", false) {
		t.Error("the change was not seen")
	}
	os.Remove(filepath.Join(root, ".paceignore"))
	now = now.Add(2 * time.Second)
	if m.Skip(".", "bb", false) {
		t.Error("the removal was not seen")
	}
}

func FuzzPattern(f *testing.F) {
	f.Add("a/**/b", "a/x/b")
	f.Add("[[:alpha:]-z]\\", "az")
	f.Add("*a*a*a*a*a*b", strings.Repeat("a", 60))
	f.Fuzz(func(t *testing.T, line, name string) {
		if p, ok := compile(line, 1); ok && name != "" {
			p.match(strings.Split(name, "/"), true)
		}
	})
}

func BenchmarkSkip(b *testing.B) {
	m := New(b.TempDir(), []string{"*.tmp", "/x/**/y", "*.bak"})
	b.ReportAllocs()
	for b.Loop() {
		m.Skip("mlruns/0/0123456789abcdef/metrics", "loss", false)
	}
}
