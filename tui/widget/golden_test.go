package widget

import (
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pace/themes"
)

var update = flag.Bool("update", false, "write the goldens anew")

// drawing is one widget with data in it, at any size.
type drawing struct {
	name string
	w, h int
	draw func(l Look, w, h int) []string
}

func one(line string) []string { return []string{line} }

func drawings() []drawing {
	return append(append(figures(), frames()...), texts()...)
}

func figures() []drawing {
	two := []Curve{curve("xgb-deep-7", 501, rising), curve("xgb-deep-5", 501, slower)}
	normal := func(mean float64) []float64 {
		out := make([]float64, 24)
		for i := range out {
			out[i] = math.Round(1000 * math.Exp(-math.Pow((float64(i)-mean)/4, 2)))
		}
		return out
	}
	edges := make([]float64, 25)
	for i := range edges {
		edges[i] = float64(i) * 2.5
	}
	return []drawing{
		{"table", 80, 12, func(l Look, w, h int) []string { return testTable(40).Lines(l, w, h) }},
		{"table-empty", 60, 4, func(l Look, w, h int) []string { return testTable(0).Lines(l, w, h) }},
		{"table-panned", 60, 6, func(l Look, w, h int) []string {
			t := testTable(40)
			t.Col, t.Row = 7, 30
			return t.Lines(l, w, h)
		}},
		{"chart", 66, 15, func(l Look, w, h int) []string {
			c := Chart{Title: "auc", Curves: two[:1], Axis: Axis{Name: "step"}}
			return c.Lines(l, w, h)
		}},
		{"chart-two", 80, 15, func(l Look, w, h int) []string {
			c := Chart{Title: "auc", Curves: two}
			return c.Lines(l, w, h)
		}},
		{"chart-crosshair", 80, 12, func(l Look, w, h int) []string {
			c := Chart{Title: "auc", Curves: two, Cross: Crosshair{On: true, X: 120}}
			return c.Lines(l, w, h)
		}},
		{"chart-log-holes", 70, 14, func(l Look, w, h int) []string {
			c := Chart{Title: "loss", Log: true, Curves: []Curve{curve("a", 400, func(i int) float64 {
				switch {
				case i > 200 && i < 240:
					return math.NaN()
				case i == 300:
					return math.Inf(1)
				}
				return 3*math.Exp(-float64(i)/50) + .01
			})}}
			return c.Lines(l, w, h)
		}},
		{"chart-smoothed", 70, 14, func(l Look, w, h int) []string {
			c := Chart{Title: "loss", Curves: []Curve{curve("a", 400, rising)}}
			c.Curves[0].Raw = buckets(400, 400, func(i int) float64 { return rising(i) + .02*math.Sin(float64(i*i)) })
			return c.Lines(l, w, h)
		}},
		{"chart-small", 30, 4, func(l Look, w, h int) []string {
			c := Chart{Title: "auc", Curves: two}
			return c.Lines(l, w, h)
		}},
		{"histogram", 60, 8, func(l Look, w, h int) []string {
			return (&Histogram{Edges: edges, Counts: normal(9)}).Lines(l, w, h)
		}},
		{"histogram-two", 60, 9, func(l Look, w, h int) []string {
			return (&Histogram{Edges: edges, Counts: normal(9), Over: normal(13), Names: [2]string{"reference", "this week"}}).Lines(l, w, h)
		}},
		{"bars", 50, 6, func(l Look, w, h int) []string {
			return l.Bars([]Bar{{"dep_delay", .61, themes.Series0}, {"dep_hour", .23, themes.Series0}, {"carrier", .11, themes.Series0}, {"origin", -.04, themes.Series0 + 1}, {"dest", 0, themes.Series0}}, KindNum, w, h)
		}},
	}
}

func frames() []drawing {
	return []drawing{
		{"gauge", 80, 1, func(l Look, w, _ int) []string {
			return one(l.Gauge(Progress{Noun: "reading mlruns", Done: 412, Total: 500, Rate: 4.2}, w))
		}},
		{"gauge-bytes", 60, 1, func(l Look, w, _ int) []string {
			return one(l.Gauge(Progress{Done: 8.1e6, Total: 3e7, Rate: 2e6, Kind: KindBytes}, w))
		}},
		{"rule", 40, 1, func(l Look, w, _ int) []string { return one(l.Rule("MODELS IN USE", w)) }},
		{"box", 40, 5, func(l Look, w, h int) []string {
			return l.Box(Box{Title: "confirm", Foot: "esc close", Lines: []string{l.NewLine(max(w-2, 0)).Gap(1).Put(themes.Fg, "type the name").String()}, Focus: true}, w, h)
		}},
		{"tabs", 60, 1, func(l Look, w, _ int) []string {
			line, _ := l.Tabs([]string{"variables", "alerts 11", "correlations", "missing", "rows", "target"}, 2, w)
			return one(line)
		}},
		{"header", 80, 1, func(l Look, w, _ int) []string {
			line, _ := l.Header([]string{"pace", "Runs", "fraud-v3"}, []Badge{{themes.Dim, "main*"}, {themes.Live, l.Glyph(StateLive) + " 2 live"}, {themes.Fg, "412 of 1,380"}}, w)
			return one(line)
		}},
		{"footer", 80, 1, func(l Look, w, _ int) []string {
			line, _ := l.Footer([]Hint{{ID: "open", Key: "enter", Label: "open"}, {ID: "mark", Key: "space", Label: "mark"}, {ID: "compare", Key: "c", Label: "compare", Off: true}}, "37 match", w)
			return one(line)
		}},
		{"toast", 44, 5, func(l Look, w, h int) []string {
			return pad(l.Toast(StateFailed, "mlflow.db is locked by another process", "pace reads it again in 2 s", w), w, h)
		}},
		{"canvas", 44, 4, func(l Look, w, h int) []string {
			c := Canvas{W: w, H: h}
			left := w / 2
			c.Put(0, 0, left, l.Box(Box{Title: "a", Focus: true}, left, h))
			c.Put(left, 1, w-left, (&Prose{Text: "beside it"}).Lines(l, w-left, h-1))
			return c.Lines()
		}},
		{"overlay", 44, 7, func(l Look, w, h int) []string {
			under := Blank(w, h)
			for i := range under {
				under[i] = l.Rule("日本語の実験", w)
			}
			return Overlay(under, l.Toast(StateOK, "copied", "", min(20, w)), 21, 2)
		}},
	}
}

func texts() []drawing {
	return []drawing{
		{"list", 50, 6, func(l Look, w, h int) []string {
			t := List{Focus: true, Row: 1}
			for _, s := range []string{"compare marked runs", "copy as Markdown", "open comparison", "theme colour-blind"} {
				score, at, ok := Fuzzy("com", s)
				if item := (Item{Text: s, Detail: "what it does", Note: "c", Match: at}); ok && score > 0 {
					t.Items = append(t.Items, item)
				} else {
					t.Items = append(t.Items, Item{Text: s, Off: "nothing marked"})
				}
			}
			return t.Lines(l, w, h)
		}},
		{"prose", 40, 6, func(l Look, w, h int) []string {
			p := Prose{Text: "A new folder shows what pace looks for,\twhat it found near, and the three commands to try.\n\nSupercalifragilisticexpialidocious-and-then-some\n日本語の実験は長い名前を持つことがあるので折り返す"}
			return p.Lines(l, w, h)
		}},
		{"pairs", 44, 5, func(l Look, w, h int) []string {
			return l.Pairs([]Pair{{Key: "state", Cell: Text(themes.OK, l.Glyph(StateOK)+" ok")}, {Key: "learning_rate", Cell: Value(themes.Fg, KindNum, 3e-4)}, {Key: "rows", Cell: Value(themes.Fg, KindCount, 336776)}, {Key: "git", Cell: Text(themes.Fg, "3f2a1c0d9e8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f")}}, 0, w, h)
		}},
		{"tree", 44, 9, func(l Look, w, h int) []string {
			root, err := ParseJSON([]byte(`{"name":"xgb","params":{"max_depth":6,"eta":0.1,"deep":[1,2,[true,null]]},"big":12345678901234567890}`))
			if err != nil {
				return nil
			}
			root.Kids[1].Open = true
			return (&Tree{Root: root, Row: 2, Focus: true}).Lines(l, w, h)
		}},
		{"input-bad", 50, 2, func(l Look, w, h int) []string {
			in := Input{Prompt: "/ ", Note: "37 match", Bad: "no field scor: did you mean score?", From: 9, To: 13}
			in.Set("state:ok scor>.92")
			return in.Lines(l, w, h)
		}},
		{"input-empty", 50, 1, func(l Look, w, h int) []string {
			return (&Input{Prompt: ": ", Hint: "a command, a run, a dataset"}).Lines(l, w, h)
		}},
	}
}

// goldenLooks are the faces of a drawing: glyph sets without colour, and colour.
func goldenLooks(t testing.TB) map[string]Look {
	return map[string]Look{"braille": testLook(t, Braille()), "block": testLook(t, Block()), "ascii": testLook(t, ASCII()), "color": colorLook(t)}
}

func TestGoldens(t *testing.T) {
	for _, d := range drawings() {
		for name, look := range goldenLooks(t) {
			lines := d.draw(look, d.w, d.h)
			checkSize(t, d.name, lines, d.w, d.h)
			// A bar at the end shows the width; escapes are written out.
			text := strings.ReplaceAll(strings.Join(lines, "|\n")+"|\n", "\x1b", "^")
			if name != "color" {
				text = strings.NewReplacer("^[m", "").Replace(text)
			}
			path := filepath.Join("testdata", "golden", d.name+"."+name+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if text != string(want) {
				t.Errorf("%s has changed (-update writes it anew):\n%s\nwas\n%s", path, text, want)
			}
		}
	}
}

func TestASCIILookIsASCII(t *testing.T) {
	look := testLook(t, ASCII())
	for _, d := range figures() {
		if d.name == "table" || d.name == "table-panned" {
			continue // its test data brings its own glyphs
		}
		for _, l := range d.draw(look, d.w, d.h) {
			for _, r := range l {
				if r > 0x7e {
					t.Fatalf("%s: %q in %q", d.name, r, l)
				}
			}
		}
	}
}

func TestEveryDrawingKeepsItsSize(t *testing.T) {
	looks := goldenLooks(t)
	for _, d := range drawings() {
		for _, name := range []string{"color", "ascii"} {
			for w := 0; w <= 250; w += 1 + w/16 {
				for _, h := range []int{0, 1, 2, 3, 5, 8, 24, 80} {
					if d.h == 1 {
						h = 1
					}
					if d.name == "toast" && w < 8 || (d.name == "input-bad" || d.name == "input-empty") && h > 2 {
						continue
					}
					checkSize(t, d.name, d.draw(looks[name], w, h), w, h)
				}
			}
		}
	}
}
