package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const everything = `
version: 1
project: flights
primary_metric: {name: val/auc, direction: max}
watch: [../shared, /data/runs]
ignore: ["*.tmp", "!keep.tmp"]
sources:
  - mlflow: sqlite:///x.db
datasets:
  data/flights.csv: {target: late, time: sched_dep, id: flight, contract: flights.odcs.yaml, protected: [carrier]}
  "data/2013-*.parquet": {}
models:
  late: {path: models/late.ubj, data: data/flights.csv, log: logs/late.csv, reference: data/flights.csv, immutable: [origin], positive: 1}
logs:
  - {path: logs/late.csv, mapping: {prediction: p, time: at}}
textlogs:
  - {path: train.log, pattern: 'loss=(?P<loss>\S+)'}
alerts:
  constant: {off: true}
rules: [{when: drift > 0.2}]
channels: [{slack: SLACK_URL}]
cost: {rate_per_hour: 2.5, currency: EUR}
`

func TestEveryKeyOfThePage(t *testing.T) {
	var got Config
	if err := parse("pace.yaml", []byte(everything), ProjectSchema, &got); err != nil {
		t.Fatal(err)
	}
	want := Config{
		Version: 1, Project: "flights", PrimaryMetric: Metric{"val/auc", "max"}, Watch: []string{"../shared", "/data/runs"},
		Ignore: []string{"*.tmp", "!keep.tmp"}, Sources: []Source{{"sqlite:///x.db"}},
		Datasets: map[string]Dataset{
			"data/flights.csv":    {Target: "late", Time: "sched_dep", ID: "flight", Contract: "flights.odcs.yaml", Protected: []string{"carrier"}},
			"data/2013-*.parquet": {},
		},
		Models: map[string]Model{"late": {
			Path: "models/late.ubj", Data: "data/flights.csv", Log: "logs/late.csv", Reference: "data/flights.csv",
			Immutable: []string{"origin"}, Positive: 1.0,
		}},
		Logs:     []Log{{"logs/late.csv", map[string]string{"prediction": "p", "time": "at"}}},
		TextLogs: []TextLog{{"train.log", `loss=(?P<loss>\S+)`}},
		Alerts:   map[string]map[string]any{"constant": {"off": true}},
		Rules:    []map[string]any{{"when": "drift > 0.2"}}, Channels: []map[string]any{{"slack": "SLACK_URL"}},
		Cost: Cost{2.5, "EUR"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestSchemaAndStructsAgree: a key is in the schema if and only if a field takes it.
func TestSchemaAndStructsAgree(t *testing.T) {
	for _, tt := range []struct {
		schema []byte
		typ    reflect.Type
	}{{ProjectSchema, reflect.TypeFor[Config]()}, {SettingsSchema, reflect.TypeFor[Settings]()}} {
		var s map[string]any
		if err := json.Unmarshal(tt.schema, &s); err != nil {
			t.Fatal(err)
		}
		agree(t, s, tt.typ, tt.typ.Name())
	}
}

func agree(t *testing.T, schema map[string]any, typ reflect.Type, at string) {
	props, _ := schema["properties"].(map[string]any)
	fields := map[string]reflect.Type{}
	for i := range typ.NumField() {
		fields[typ.Field(i).Tag.Get("json")] = typ.Field(i).Type
	}
	for name, sub := range props {
		ft, ok := fields[name]
		if !ok {
			t.Errorf("%s.%s has no field", at, name)
			continue
		}
		delete(fields, name)
		sub := sub.(map[string]any)
		for _, inner := range []string{"items", "additionalProperties"} {
			if m, ok := sub[inner].(map[string]any); ok && (ft.Kind() == reflect.Slice || ft.Kind() == reflect.Map) {
				sub, ft = m, ft.Elem()
			}
		}
		if ft.Kind() == reflect.Struct {
			agree(t, sub, ft, at+"."+name)
		}
	}
	for name := range fields {
		t.Errorf("%s.%s is not in the schema", at, name)
	}
}

func TestErrorsHaveLinesAndTheNearestName(t *testing.T) {
	for text, want := range map[string]string{
		"version: 1\n\nprojct: x\n":               "f:3:1: unknown key projct; is it project?",
		"datasets:\n  a.csv:\n    traget: x\n":    "f:3:5: unknown key traget; is it target?",
		"logs:\n- path: x\n- pth: y\n  path: z\n": "f:3:3: unknown key pth; is it path?",
		"zzzz: 1\n":    "f:1:1: unknown key zzzz; keys here are alerts, channels, cost,",
		"version: 2\n": "f:1:10: version: ",
		"watch: x\n":   "f:1:8: watch: got string, want array",
		"primary_metric:\n  name: a\n  direction: up\n":    "f:3:14: primary_metric.direction: ",
		"primary_metric:\n  direction: min\n":              "f:2:3: primary_metric: missing property 'name'",
		"cost: {rate_per_hour: -1}\n":                      "f:1:23: cost.rate_per_hour: ",
		"- a\n":                                            "f:1:1: the file: got array, want object",
		"project: a\nproject: b\n":                         "stands here twice",
		"cost: {rate_per_hour: .nan}\n":                    "f:1:23: .nan is no number here",
		"a: [1\n":                                          "f:",
		"project: !!binary aGk=\n":                         "f:1:10: the tag !!binary has no meaning here",
		"textlogs: [{path: a, pattern: '('}]\n":            "f:1:31: textlogs.0.pattern: ",
		"x: &x [*x]\n":                                     "f:",
		"a: &a {<<: *b}\n":                                 "f:",
		"models: {m: {path: 1}}\nproject: [x]\nwatch: 1\n": "f:1:20: models.m.path: got number, want string\nf:2:10: project: got array, want string\nf:3:8: watch",
	} {
		var c Config
		err := parse("f", []byte(text), ProjectSchema, &c)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q:\ngot  %v\nwant %s", text, err, want)
		}
	}
	for _, empty := range []string{"", "\n# nothing\n", "---\n"} {
		var c Config
		if err := parse("f", []byte(empty), ProjectSchema, &c); err != nil {
			t.Errorf("%q: %v", empty, err)
		}
	}
}

func write(t testing.TB, root, name, text string) {
	t.Helper()
	full := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLoad(t *testing.T) {
	root := t.TempDir()
	if c, err := Load(root); err != nil || !reflect.DeepEqual(c, Config{}) {
		t.Errorf("without a file: %+v %v", c, err)
	}
	write(t, root, "pace.yaml", "project: p\n")
	if c, err := Load(root); err != nil || c.Project != "p" {
		t.Errorf("%+v %v", c, err)
	}
	write(t, root, "pace.yaml", "project: ["+strings.Repeat("x", maxFile)+"]")
	var errs Errors
	if _, err := Load(root); !errors.As(err, &errs) || !strings.Contains(err.Error(), "more than") {
		t.Errorf("a huge file: %v", err)
	}
	write(t, root, "settings.yaml", "theme: dark\nkeys: {run.compare: [c, ctrl+k]}\nmouse: false\nglyphs: ascii\n")
	s, err := LoadSettings(root)
	off := false
	if want := (Settings{Theme: "dark", Keys: map[string][]string{"run.compare": {"c", "ctrl+k"}}, Mouse: &off, Glyphs: "ascii"}); err != nil || !reflect.DeepEqual(s, want) {
		t.Errorf("settings %+v %v", s, err)
	}
	write(t, root, "settings.yaml", "glyphs: emoji\n")
	if _, err := LoadSettings(root); err == nil {
		t.Error("unknown glyphs were taken")
	}
}

func TestFindProject(t *testing.T) {
	home, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"repo/.git", "repo/sub/deep", "repo/mid/.pace", "repo/mid/x", "plain/x", ".git", "cfg/x"} {
		os.MkdirAll(filepath.Join(home, d), 0o755)
	}
	write(t, home, "cfg/pace.yaml", "")
	write(t, home, "pace.yaml", "")
	write(t, home, "plain/x/file.csv", "")
	for start, want := range map[string]Project{
		"repo/sub/deep":    {"repo", ".git"},
		"repo/mid/x":       {"repo/mid", ".pace"},
		"plain/x":          {"plain/x", ""},
		"plain/x/file.csv": {"plain/x", ""},
		"cfg/x":            {"cfg", "pace.yaml"},
	} {
		got, err := FindProject(filepath.Join(home, start), home)
		want.Root = filepath.Join(home, want.Root)
		if err != nil || got != want {
			t.Errorf("%s: %+v %v, want %+v", start, got, err, want)
		}
	}
	for _, bad := range []string{home, filepath.VolumeName(home) + string(filepath.Separator)} {
		if p, err := FindProject(bad, home); !errors.Is(err, ErrNoProject) {
			t.Errorf("%s: %+v %v", bad, p, err)
		}
	}
	if _, err := FindProject(filepath.Join(home, "none"), home); err == nil {
		t.Error("a missing folder is a project")
	}
}

func TestCacheDir(t *testing.T) {
	env := func(k string) string { return map[string]string{"PACE_CACHE_DIR": "/c"}[k] }
	// xxh3-64 of "" with seed 0 from the reference implementation's test vectors.
	got, err := CacheDir("", env)
	if want := filepath.Join("/c", "2d06800538d394c2"); err != nil || got != want {
		t.Errorf("got %s %v, want %s", got, err, want)
	}
	a, _ := CacheDir("/a", env)
	b, _ := CacheDir("/b", env)
	if a == b {
		t.Error("two projects share an index")
	}
}

func TestActor(t *testing.T) {
	home, root := t.TempDir(), t.TempDir()
	env := map[string]string{"HOME": home, "USER": "u"}
	who := func(as string) Actor { return FindActor(as, root, func(k string) string { return env[k] }) }
	host, _ := os.Hostname()
	step := func(want Actor) {
		t.Helper()
		if got := who(""); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	if _, err := os.Stat("/etc/gitconfig"); err != nil {
		step(Actor{"u@" + host, "system"})
	}
	write(t, home, ".config/git/config", "[user]\n\temail = xdg@x.org # mine\n")
	step(Actor{"xdg@x.org", "git"})
	write(t, home, ".gitconfig", "[core]\n  email = no\n[USER] Email = \"ann @x.org\" ; c\n[user \"other\"]\nemail = no\n[include]\npath = more\n[includeIf \"gitdir:~/elsewhere/\"]\npath = none\n")
	step(Actor{"ann @x.org", "git"})
	write(t, home, "more", "[user]\nemail = inc\\\nluded@x.org\n")
	step(Actor{"included@x.org", "git"})
	write(t, home, ".gitconfig", "[user]\nemail=a@x\n[includeIf \"gitdir:"+filepath.ToSlash(root)+"/\"]\npath = more\n")
	write(t, root, ".git/HEAD", "ref: refs/heads/main\n")
	step(Actor{"included@x.org", "git"})
	write(t, root, ".git/config", "[user]\nemail = repo@x.org\n")
	step(Actor{"repo@x.org", "git"})
	env["PACE_ACTOR"] = "pat"
	step(Actor{"pat", "PACE_ACTOR"})
	if got := who("kim"); got != (Actor{"kim", "--as"}) {
		t.Errorf("got %+v", got)
	}
}

// TestAsRealGit compares with what git says, in a repository that it made itself.
func TestAsRealGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	top := t.TempDir()
	repo, tree := filepath.Join(top, "repo"), filepath.Join(top, "tree")
	git := func(dir string, args ...string) string {
		t.Helper()
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "HOME="+top, "XDG_CONFIG_HOME="+top, "GIT_CONFIG_NOSYSTEM=1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v %s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	os.Mkdir(repo, 0o755)
	git(repo, "init", "-q", "-b", "a/b")
	if h, err := GitHead(repo); err != nil || h.Branch != "a/b" || h.Commit != "" {
		t.Errorf("unborn: %+v %v", h, err)
	}
	for _, mail := range []string{"plain@x.org", `q"u\o;te#@x.org`, "two  words", "tab\there"} {
		git(repo, "config", "user.email", mail)
		if got := FindActor("", repo, func(string) string { return "" }); got.Name != git(repo, "config", "user.email") {
			t.Errorf("%q: got %q", mail, got.Name)
		}
	}
	git(repo, "config", "user.name", "x")
	git(repo, "commit", "-q", "--allow-empty", "-m", "one")
	same := func(dir, branch string) {
		t.Helper()
		h, err := GitHead(dir)
		if err != nil || h.Branch != branch || h.Commit != git(dir, "rev-parse", "HEAD") {
			t.Errorf("%+v %v, want branch %q", h, err, branch)
		}
	}
	same(repo, "a/b")
	sub := filepath.Join(repo, "sub")
	os.Mkdir(sub, 0o755)
	same(sub, "a/b")
	git(repo, "worktree", "add", "-q", "-b", "other", tree)
	git(tree, "commit", "-q", "--allow-empty", "-m", "two")
	same(tree, "other")
	git(repo, "pack-refs", "--all")
	same(repo, "a/b")
	same(tree, "other")
	git(repo, "checkout", "-q", "--detach")
	same(repo, "")
}

func TestGitHeadOfBrokenFiles(t *testing.T) {
	for i, head := range []string{"", "garbage", "ref: ../../etc/passwd", "ref: refs/heads/../x", strings.Repeat("a", 9000)} {
		root := t.TempDir()
		write(t, root, ".git/HEAD", head)
		if h, err := GitHead(root); err == nil {
			t.Errorf("%d: %+v", i, h)
		}
	}
	root := t.TempDir()
	write(t, root, ".git/HEAD", "ref: refs/heads/a")
	write(t, root, ".git/refs/heads/a", "ref: refs/heads/b")
	write(t, root, ".git/refs/heads/b", "ref: refs/heads/a")
	if h, err := GitHead(root); err == nil {
		t.Errorf("a circle: %+v", h)
	}
	write(t, root, ".git/refs/heads/a", "1234")
	if h, err := GitHead(root); err != nil || h.Commit != "" || h.Branch != "a" {
		t.Errorf("half a commit: %+v %v", h, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(everything))
	f.Add([]byte("a: &a [*a, *a]\n? [x]\n: y\n"))
	f.Add([]byte("x: &x [1,1]\ny: &y [*x,*x]\nz: [*y,*y]"))
	for n := 0; n < len(everything); n += 37 {
		f.Add([]byte(everything[:n]))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var c Config
		if err := parse("f", text, ProjectSchema, &c); err != nil {
			if _, ok := err.(Errors); !ok || err.Error() == "" {
				t.Fatalf("%v", err)
			}
		}
	})
}

func FuzzGitConfig(f *testing.F) {
	f.Add("[user]\nemail = \"a\\\"b\" # c\n[includeIf \"gitdir:~/x/\"]\npath=\\\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, l := range logicalLines(text) {
			splitSection(l)
			gitValue(l)
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		var c Config
		if err := parse("f", []byte(everything), ProjectSchema, &c); err != nil {
			b.Fatal(fmt.Sprint(err))
		}
	}
}
