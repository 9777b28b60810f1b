package widget

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"pace/themes"
)

// hostile checks drawn lines: their size, and that nothing but styles the theme
// made is left in them.
func hostile(t *testing.T, what string, lines []string, w, h int) {
	t.Helper()
	checkSize(t, what, lines, w, h)
	for _, l := range lines {
		if bare := ansi.Strip(l); Clean(bare) != bare {
			t.Fatalf("%s at %dx%d: %q reaches the terminal", what, w, h, bare)
		}
	}
}

func FuzzTexts(f *testing.F) {
	f.Add("plain words here", 40, 5, 3)
	f.Add("\x1b[31mred\x1b]0;t\x07 日本語\u202e\n\tzwj 👨\u200d👩\u200d👧 e\u0301", 20, 4, -1)
	f.Add(strings.Repeat("w", 300), 17, 2, 1000)
	f.Add("\xff\xfe\x00{\"a\":[1,2]}", 1, 1, 0)
	f.Add("000\U0003d468👩👧00\u0301", 101, 146, -103) // a wide character on the cut of an overlay
	f.Fuzz(func(t *testing.T, s string, w, h, n int) {
		w, h = clamp(w, 0, 250), clamp(h, 0, 80)
		look := colorLook(t)
		half := s[len(s)/2:]
		hostile(t, "prose", (&Prose{Text: s, Top: n}).Lines(look, w, h), w, h)
		hostile(t, "raw prose", (&Prose{Text: s, Raw: true, Left: n % 50}).Lines(look, w, h), w, h)
		hostile(t, "pairs", look.Pairs([]Pair{{Key: s, Cell: Text(themes.Fg, half)}, {Key: half, Cell: Value(themes.Fg, KindNum, float64(n))}}, n, w, h), w, h)
		hostile(t, "bars", look.Bars([]Bar{{s, float64(n), themes.Series0}, {half, -1, themes.Series0}}, KindNum, w, h), w, h)
		_, at, _ := Fuzzy(half, s)
		hostile(t, "list", (&List{Items: []Item{{Text: s, Match: at}, {Text: half, Detail: half, Note: s, Match: []int{n, 0, 1}}, {Text: s, Off: half}}, Row: n, Empty: s}).Lines(look, w, h), w, h)
		hostile(t, "box", look.Box(Box{Title: s, Foot: half, Focus: n%2 == 0}, w, h), w, h)
		hostile(t, "rule", one(look.Rule(s, w)), w, 1)
		hostile(t, "gauge", one(look.Gauge(Progress{Noun: s, Done: float64(n), Total: float64(n / 2), Rate: float64(h)}, w)), w, 1)
		in := Input{Prompt: half, Hint: s, Note: half, Bad: s, From: n, To: n + 3}
		in.Insert(s)
		in.Move(-n % 100)
		hostile(t, "input", in.Lines(look, w, h), w, h)
		header, zones := look.Header([]string{s, half, s, "x"}, []Badge{{themes.Live, half}, {themes.Fg, s}}, w)
		hostile(t, "header", one(header), w, 1)
		checkZones(t, zones, w)
		footer, zones := look.Footer([]Hint{{ID: "a", Key: half, Label: s}, {ID: "b", Key: "x", Label: half, Keep: true}}, s, w)
		hostile(t, "footer", one(footer), w, 1)
		checkZones(t, zones, w)
		tabs, zones := look.Tabs([]string{s, half, "x", s}, n, w)
		hostile(t, "tabs", one(tabs), w, 1)
		checkZones(t, zones, w)
		if toast := look.Toast(State(n&7), s, half, w); toast != nil {
			hostile(t, "toast", toast, w, len(toast))
			under := (&Prose{Text: s}).Lines(look, 60, 20)
			hostile(t, "overlay", Overlay(under, toast, n%80, h%30-5), 60, 20)
		}
	})
}

func checkZones(t *testing.T, zones []Zone, w int) {
	t.Helper()
	at := 0
	for _, z := range zones {
		if z.From < at || z.To < z.From || z.To > w {
			t.Fatalf("zones %v in %d columns", zones, w)
		}
		at = z.To
	}
}

const sampleJSON = `{"name":"xgb","params":{"max_depth":6,"eta":0.1,"deep":[1,2,[true,null]]},"s":"\u001b[31m"}`

func FuzzTree(f *testing.F) {
	f.Add([]byte(sampleJSON))
	f.Add([]byte(strings.Repeat("[", 200)))
	f.Add([]byte(`{"a":1} {"b":2}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		root, err := ParseJSON(data)
		if (err == nil) != json.Valid(data) && !(err != nil && json.Valid(data) && deep(data)) {
			t.Fatalf("%q: %v, but valid=%v", data, err, json.Valid(data))
		}
		if err != nil {
			return
		}
		look := colorLook(t)
		tree := Tree{Root: root, Focus: true}
		for range 5 {
			hostile(t, "tree", tree.Lines(look, 40, 6), 40, 6)
			tree.Toggle()
			tree.Move(1)
		}
	})
}

// deep tells whether a document may be beyond the viewer's depth.
func deep(data []byte) bool {
	return strings.Count(string(data), "[")+strings.Count(string(data), "{") > treeDepth
}

func TestTruncatedJSONIsRefused(t *testing.T) {
	for i := range sampleJSON {
		if _, err := ParseJSON([]byte(sampleJSON[:i])); err == nil {
			t.Errorf("accepted %q", sampleJSON[:i])
		}
	}
	if _, err := ParseJSON([]byte(strings.Repeat("[", 1000) + strings.Repeat("]", 1000))); err == nil {
		t.Error("accepted a thousand levels")
	}
}

func TestFuzzy(t *testing.T) {
	better := func(query, a, b string) {
		t.Helper()
		sa, _, oka := Fuzzy(query, a)
		sb, _, okb := Fuzzy(query, b)
		if !oka || !okb || sa <= sb {
			t.Errorf("%q: %q has %d (%v), %q has %d (%v)", query, a, sa, oka, b, sb, okb)
		}
	}
	better("run", "run list", "prune")         // start before inside
	better("run", "prune", "radius unknown")   // whole before scattered
	better("cmp", "compare", "come home soap") // tight before loose
	better("theme", "theme dark", "theme high-contrast")
	better("list", "run list", "enlister of things")
	if _, _, ok := Fuzzy("xyz", "xy"); ok {
		t.Error("matched more than there is")
	}
	if _, at, ok := Fuzzy("ÖS", "größe"); ok || at != nil {
		t.Error("matched letters that are not there")
	}
	if _, at, ok := Fuzzy("ßE", "größe"); !ok || len(at) != 2 || at[0] != strings.Index("größe", "ß") {
		t.Errorf("offsets %v", at)
	}
}

func TestInputEdits(t *testing.T) {
	var in Input
	in.Insert("state:ok auc\x1b[31m>.9")
	in.Move(-3)
	in.DeleteWord()
	in.Insert("größe")
	in.Delete(-1)
	if got := in.String(); got != "state:ok größ>.9" || in.Caret != 13 {
		t.Errorf("%q at %d", got, in.Caret)
	}
	in.Move(-100)
	in.Delete(6)
	if got := in.String(); got != "ok größ>.9" || in.Caret != 0 {
		t.Errorf("%q at %d", got, in.Caret)
	}
	if !utf8.ValidString(in.String()) {
		t.Error("not UTF-8")
	}
}

func TestZonesAreWhereTheTextIs(t *testing.T) {
	look := testLook(t, Braille())
	line, zones := look.Footer([]Hint{{ID: "open", Key: "enter", Label: "open"}, {ID: "mark", Key: "space", Label: "mark"}}, "", 60)
	bare := ansi.Strip(line)
	for _, z := range zones {
		if got := bare[z.From:z.To]; !strings.HasSuffix(got, z.ID) || ZoneAt(zones, z.From) != z.ID || ZoneAt(zones, z.To) == z.ID {
			t.Errorf("zone %v is %q", z, got)
		}
	}
	if len(zones) != 2 || ZoneAt(zones, 59) != "" {
		t.Errorf("zones %v", zones)
	}
}
