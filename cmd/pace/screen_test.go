package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pace/cmd/pace/demo"
	"pace/themes"
	"pace/tui"
	"pace/tui/pane"
	"pace/tui/tuitest"
)

// stage is the demo, read by a real engine into a real store, with a clock that stands still.
type stage struct {
	*session
	dir string
}

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// openStage unpacks the demo and reads it once.
func openStage(t *testing.T) *stage {
	t.Helper()
	if testing.Short() {
		t.Skip("reads the whole demo")
	}
	base := t.TempDir()
	dir := filepath.Join(base, "flights")
	t.Setenv("PACE_CACHE_DIR", filepath.Join(base, "cache"))
	t.Setenv("PACE_CONFIG_DIR", filepath.Join(base, "config"))
	if err := demo.Unpack(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	c := &console{out: io.Discard, err: io.Discard, now: func() time.Time { return noon }}
	s, err := openRead(t.Context(), c, dir, "ada@example.org")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.engine.Close(); err != nil {
			t.Error(err)
		}
	})
	return &stage{s, dir}
}

// face is how a screen is drawn.
type face struct {
	name, theme, glyphs string
	profile             themes.Profile
}

var faces = []face{
	{"dark", "dark", "braille", themes.Profile256},
	{"light", "light", "braille", themes.Profile256},
	{"nocolour", "dark", "braille", themes.ProfileNone},
	{"ascii", "dark", "ascii", themes.ProfileNone},
}

// drive opens the workbench on the stage.
func (s *stage) drive(t *testing.T, f face, w, h int) *tuitest.Driver {
	t.Helper()
	o := s.screens("ada@example.org", time.UTC)
	o.Set = tui.Settings{Theme: f.theme, Glyphs: f.glyphs, Mouse: true, Clipboard: "off"}
	o.Term = tui.Terminal{Profile: f.profile}
	return tuitest.New(t, o, w, h)
}

// scene is a screen of the demo and the keys that lead there.
type scene struct {
	name string
	keys []string
}

var scenes = []scene{
	{"overview", nil},
	{"data", []string{"2"}},
	{"dataset", []string{"2", "enter"}},
	{"alerts", []string{"2", "enter", "}"}},
	{"rows", []string{"2", "enter", "}", "}"}},
	{"variable", []string{"2", "enter", "j", "j", "j", "enter"}},
	{"category", []string{"2", "enter", "j", "j", "j", "j", "j", "j", "j", "j", "j", "enter"}},
	{"runs", []string{"3"}},
	{"marked", []string{"3", "space", "space", "space", "b"}},
	{"run", []string{"3", "enter"}},
	{"run-facts", []string{"3", "enter", "tab"}},
	{"run-curve", []string{"3", "enter", "tab", "tab"}},
	{"run-params", []string{"3", "enter", "}"}},
	{"run-files", []string{"3", "enter", "}", "}", "}", "}"}},
	{"artifact", []string{"3", "enter", "}", "}", "}", "}", "j", "enter"}},
	{"compare", []string{"3", "space", "space", "j", "space", "c"}},
	{"compare-curves", []string{"3", "space", "space", "j", "space", "c", "tab"}},
	{"filter", []string{"3", "/", "a", "u", "c", ">", ".", "7", "2", " ", "f", "o", "o", "="}},
	{"columns", []string{"3", ","}},
	{"copy", []string{"3", "y"}},
	{"help", []string{"3", "?"}},
	{"palette", []string{"3", ":"}},
	{"commands", []string{"3", "enter", "@"}},
}

func press(d *tuitest.Driver, keys []string) {
	for _, k := range keys {
		if k == " " {
			k = "space"
		}
		d.Keys(k)
	}
}

var sizes = [][2]int{{80, 24}, {120, 40}, {200, 60}}

// elapsed is the one figure of the screens that a clock makes.
var elapsed = regexp.MustCompile(` *(exact|approximate where marked), [.0-9e-]+ s`)

func settled(text string) string { return elapsed.ReplaceAllString(text, " $1, _ s") }

func TestScreens(t *testing.T) {
	s := openStage(t)
	t.Run("goldens", s.goldens)
	t.Run("sizes", s.everySize)
	t.Run("keys", s.keys)
	t.Run("help", s.helpListsEverything)
	t.Run("readme", s.readme)
	t.Run("flow", s.flow)
	t.Run("allocations", s.allocations)
}

// goldens keeps what every screen says in every size. Themes change no text; one size is kept with its styles.
func (s *stage) goldens(t *testing.T) {
	for _, sc := range scenes {
		for _, size := range sizes {
			name := fmt.Sprintf("screens/%s-%dx%d", sc.name, size[0], size[1])
			texts := map[string]string{}
			for _, f := range faces {
				if f.name == "light" && size != sizes[0] {
					continue
				}
				d := s.drive(t, f, size[0], size[1])
				press(d, sc.keys)
				d.CheckSize(size[0], size[1])
				texts[f.name] = settled(d.Text())
				styled(t, sc, f, size, d)
			}
			tuitest.Golden(t, name, texts["dark"])
			tuitest.Golden(t, name+"-ascii", texts["ascii"])
			if texts["nocolour"] != texts["dark"] || (texts["light"] != "" && texts["light"] != texts["dark"]) {
				t.Errorf("%s: colours change what is said", name)
			}
			for _, r := range texts["ascii"] {
				if r > 0x7e && !strings.ContainsRune("×✎·▸", r) {
					t.Errorf("%s: %q in the ascii screen", name, r)
					break
				}
			}
		}
	}
}

var colours = regexp.MustCompile(`\x1b\[[0-9;]*[34]8;[0-9;]*m|\x1b\[[0-9;]*\b(3[0-7]|9[0-7])[;m]`)

func styled(t *testing.T, sc scene, f face, size [2]int, d *tuitest.Driver) {
	t.Helper()
	if f.profile == themes.ProfileNone && colours.MatchString(d.View()) {
		t.Errorf("%s in %s has colours", sc.name, f.name)
	}
	if size == sizes[0] && (sc.name == "runs" || sc.name == "overview") && f.glyphs == "braille" {
		tuitest.Golden(t, "screens/"+sc.name+"-"+f.name, strings.ReplaceAll(d.View(), "\x1b", "^"))
	}
}

// everySize resizes every screen through every size a terminal may have.
func (s *stage) everySize(t *testing.T) {
	for _, sc := range scenes {
		d := s.drive(t, faces[0], 120, 40)
		press(d, sc.keys)
		for i, w := 0, 20; w <= 250; i, w = i+1, w+19 {
			for h := 5 + i%4; h <= 80; h += 11 {
				d.Resize(w, h)
				d.CheckSize(w, h)
			}
		}
	}
}

// everywhere are the screens that differ in what can be done on them.
func everywhere() []scene {
	return slices.DeleteFunc(slices.Clone(scenes), func(sc scene) bool {
		return slices.Contains([]string{"filter", "columns", "copy", "help", "palette", "commands"}, sc.name)
	})
}

// keys: no two things that can be done in one place share a key, and a pane's own take only free letters.
func (s *stage) keys(t *testing.T) {
	shared := map[string]bool{}
	for _, v := range pane.SharedVerbs() {
		shared[v.ID] = true
	}
	for _, v := range pane.RootVerbs() {
		shared[v.ID] = true
	}
	for _, sc := range everywhere() {
		d := s.drive(t, faces[0], 120, 40)
		press(d, sc.keys)
		owner := map[string]string{"1": "overview", "2": "data", "3": "runs"}
		for _, v := range d.Verbs() {
			if len(v.Keys) == 0 || v.Long == "" {
				t.Errorf("%s: %s has no key or no words", sc.name, v.ID)
			}
			for _, k := range v.Keys {
				if other, taken := owner[k]; taken {
					t.Errorf("%s: %s is %s and %s", sc.name, k, other, v.ID)
				}
				owner[k] = v.ID
				if !shared[v.ID] && !strings.Contains(pane.FreeKeys, k) {
					t.Errorf("%s: %s takes %s, which means the same everywhere", sc.name, v.ID, k)
				}
			}
		}
	}
}

// helpListsEverything: the help names everything that can be done, and the palette runs it.
func (s *stage) helpListsEverything(t *testing.T) {
	for _, sc := range everywhere() {
		d := s.drive(t, faces[0], 200, 60)
		press(d, sc.keys)
		for _, v := range d.Verbs() {
			d.Keys("?")
			d.Type(v.Long)
			if !strings.Contains(d.Text(), v.Long) {
				t.Errorf("%s: the help does not list %q", sc.name, v.Long)
			}
			d.Keys("esc")
		}
	}
	d := s.drive(t, faces[0], 120, 40)
	d.Keys("3", ":")
	d.Type("filter auc>.75")
	d.Keys("enter")
	d.MustSee("/ auc>.75", "1 match")
	typed := d.Text()
	d.Keys("esc", "/")
	d.Type("auc>.75")
	d.Keys("enter")
	if d.Text() != typed {
		t.Errorf("the palette's line and the key differ:\n%s\n%s", typed, d.Text())
	}
}

// readme keeps the table of keys in README.md.
func (s *stage) readme(t *testing.T) {
	path := filepath.Join("..", "..", "README.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- keys: written by go test ./cmd/pace -run Screens -update -->\n", "<!-- /keys -->"
	before, rest, ok := bytes.Cut(text, []byte(begin))
	old, after, closed := bytes.Cut(rest, []byte(end))
	if !ok || !closed {
		t.Fatalf("README.md has no place for the keys: %s", begin)
	}
	want := s.keyTable(t)
	if string(old) == want {
		return
	}
	if !*update {
		t.Fatalf("the keys in README.md are not those of the workbench (-update writes them):\n%s", want)
	}
	out := slices.Concat(before, []byte(begin), []byte(want), []byte(end), after)
	if err := os.WriteFile(path, out, 0o644); err != nil {
		t.Fatal(err)
	}
}

// keyTable is every key with what it does and where.
func (s *stage) keyTable(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| keys | what they do | where |\n|---|---|---|\n")
	row := func(v pane.Verb, where string) {
		keys := make([]string, len(v.Keys))
		for i, k := range v.Keys {
			keys[i] = "`" + k + "`"
			if k == "|" {
				keys[i] = "`\\|`"
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", strings.Join(keys, " "), v.Long, where)
	}
	for _, v := range pane.RootVerbs() {
		row(v, "everywhere")
	}
	row(pane.Verb{Keys: []string{"1", "2", "3"}, Long: "Overview, Data, Runs"}, "everywhere")
	where := map[string][]string{}
	var order []pane.Verb
	for _, sc := range everywhere() {
		d := s.drive(t, faces[0], 120, 40)
		press(d, sc.keys)
		place, _, _ := strings.Cut(sc.name, "-")
		for _, v := range d.Model().PaneVerbs() {
			if where[v.ID] == nil {
				order = append(order, v)
			}
			if !slices.Contains(where[v.ID], place) {
				where[v.ID] = append(where[v.ID], place)
			}
		}
	}
	for _, v := range order {
		for _, general := range pane.SharedVerbs() {
			if general.ID == v.ID {
				v = general
			}
		}
		row(v, strings.Join(where[v.ID], ", "))
	}
	return b.String()
}

// flow is what a person does in a minute: filter, mark, compare, note, undo.
func (s *stage) flow(t *testing.T) {
	d := s.drive(t, faces[0], 120, 40)
	d.Keys("3", "/")
	d.Type("xgb-deep")
	d.Keys("enter")
	d.MustSee("/ xgb-deep", "match")
	d.Keys("space", "space")
	d.MustSee("2 runs marked")
	d.Keys("c")
	d.MustSee("compare 2", "baseline xgb-deep-7", "MEASURED")
	d.Keys("esc")
	d.Keys("e")
	d.Type("checked by hand")
	d.Keys("enter")
	d.MustSee("noted")
	notes, err := s.reader().Notes(context.Background(), "")
	if err != nil || len(notes) != 1 || notes[0].Text != "checked by hand" || notes[0].Actor != "ada@example.org" {
		t.Fatalf("notes %+v, %v", notes, err)
	}
	d.Keys("@")
	d.MustSee("pace note run:", "checked by hand")
	d.Keys("esc", "z")
	d.MustSee("undone")
	if notes, err = s.reader().Notes(context.Background(), ""); err != nil || len(notes) != 0 {
		t.Fatalf("after undo: %+v, %v", notes, err)
	}
}

// The most allocations of a screen that is drawn after a move of the cursor.
const mostAllocations = 200

// allocations: a screen where nothing happened costs nothing, a move costs what changed.
func (s *stage) allocations(t *testing.T) {
	for _, sc := range []scene{{"overview", nil}, {"data", []string{"2"}}, {"dataset", []string{"2", "enter"}}, {"runs", []string{"3"}}} {
		d := s.drive(t, faces[0], 200, 60)
		press(d, sc.keys)
		d.View()
		if n := testing.AllocsPerRun(50, func() { d.View() }); n != 0 {
			t.Errorf("%s: an unchanged screen costs %v allocations", sc.name, n)
		}
		d.Hurry = true
		key := "j"
		moved := testing.AllocsPerRun(50, func() {
			d.Keys(key)
			key = map[string]string{"j": "k", "k": "j"}[key]
		})
		drawn := testing.AllocsPerRun(50, func() {
			d.Keys(key)
			key = map[string]string{"j": "k", "k": "j"}[key]
			d.View()
		})
		t.Logf("%s: a move costs %v allocations, drawing it %v", sc.name, moved, drawn-moved)
		if drawn-moved > mostAllocations {
			t.Errorf("%s: drawing a move costs %v allocations, at most %d", sc.name, drawn-moved, mostAllocations)
		}
	}
}

// TestHostileNames: nothing that a file says reaches the terminal as anything but text, and no line breaks.
func TestHostileNames(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("such names can't be written there")
	}
	base := t.TempDir()
	dir := filepath.Join(base, "hos\x1b[31mtile")
	t.Setenv("PACE_CACHE_DIR", filepath.Join(base, "cache"))
	run := filepath.Join(dir, "mlruns", "0", strings.Repeat("a", 32))
	long := "\\x1b[2J\\n" + strings.Repeat("日本語の実験 ", 20)
	for path, text := range map[string]string{
		filepath.Join(dir, "mlruns", "0", "meta.yaml"): "artifact_location: ./a\nexperiment_id: '0'\nlifecycle_stage: active\nname: \"" + long + "\"\n",
		filepath.Join(run, "meta.yaml"):                "artifact_uri: ./a\nend_time: 1763500000000\nexperiment_id: '0'\nlifecycle_stage: active\nrun_id: " + filepath.Base(run) + "\nrun_name: \"" + long + "\"\nstart_time: 1763400000000\nstatus: 3\nuser_id: \"e\\x1b]0;il\\x07\"\n",
		filepath.Join(run, "metrics", "auc"):           "1763400000000 .5 0\n1763400001000 nan 1\n1763400002000 inf 2\n1763400003000 -1e300 3\n",
		filepath.Join(run, "params", "lr"):             "\x1b[2J0.1\r\nsecond line\x07",
		filepath.Join(run, "tags", "note"):             "\u202e" + long,
		filepath.Join(dir, "we\nird \x1b[31m.csv"):     "col\x1b[2J,日本語の列名がとても長い\n1,\x1b]0;x\x07\n2,y\n",
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := &console{out: io.Discard, err: io.Discard, now: func() time.Time { return noon }}
	s, err := openRead(t.Context(), c, dir, "e\x1b[31mve")
	if err != nil {
		t.Fatal(err)
	}
	defer s.close(&err)
	st := &stage{s, dir}
	for _, sc := range everywhere() {
		d := st.drive(t, faces[0], 80, 24)
		press(d, sc.keys)
		if sc.name == "runs" {
			d.MustSee("日本語の実験")
		}
		for _, size := range append(sizes, [2]int{63, 17}) {
			d.Resize(size[0], size[1])
			d.CheckSize(size[0], size[1])
			if at := strings.IndexFunc(strings.Join(d.Screen(), ""), unicode.IsControl); at >= 0 {
				t.Errorf("%s: a control character at %d", sc.name, at)
			}
			if strings.Contains(d.View(), "\x1b[2J") || strings.Contains(d.View(), "\x1b]") {
				t.Errorf("%s: a name's own sequence reaches the terminal", sc.name)
			}
		}
	}
}
