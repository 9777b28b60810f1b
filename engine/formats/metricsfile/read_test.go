package metricsfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"pace/engine/ingest"
	"pace/engine/ingest/ingesttest"
)

// file is a project with one metrics file.
type file struct {
	*testing.T
	src ingest.Source
	*ingesttest.State
	cursor []byte
}

func newFile(t *testing.T, rel string) *file {
	return &file{T: t, src: ingest.Source{Root: t.TempDir(), Path: rel}, State: ingesttest.NewState()}
}

// put writes the file and reads on.
func (f *file) put(text string) ingest.Result {
	f.Helper()
	write(f.T, f.src.Root, f.src.Path, text)
	res := ingesttest.ReadUnit(f.T, Format(), ingesttest.From{Source: f.src, Cursor: f.cursor}, f.State)
	f.cursor = res.Cursor
	return res
}

func (f *file) want(series, points string) {
	f.Helper()
	got := ""
	for _, p := range f.Series[ingesttest.SeriesID{Run: keyOf(f.src), Series: series}] {
		if p.Step == ingest.NoStep {
			got += "-:"
		} else {
			got += fmt.Sprintf("%d:", p.Step)
		}
		got += fmt.Sprintf("%v ", p.Value())
	}
	if got != points {
		f.Errorf("%s: got %q, want %q", series, got, points)
	}
}

// TestLightningHeader: a new metric makes Lightning rewrite the file; what was read is taken back.
func TestLightningHeader(t *testing.T) {
	f := newFile(t, "lightning_logs/version_0/metrics.csv")
	write(t, f.src.Root, "lightning_logs/version_0/hparams.yaml",
		"lr: 0.1\nlayers: [1, 2]\nmodel:\n  name: net\nact: !!python/object/apply:os.system ['true']\nloss: !!python/name:torch.nn.MSELoss ''\n")
	if res := f.put("loss,step\n0.5,0\n0.25,1\n0.1"); !res.Torn {
		t.Error("half a line: not torn")
	}
	f.want("loss", "0:0.5 1:0.25 ")
	f.put("loss,step,val_loss\n0.5,0,\n0.25,1,\n0.125,2,\n,2,0.75\n")
	f.want("loss", "0:0.5 1:0.25 2:0.125 ")
	f.want("val_loss", "2:0.75 ")
	for key, value := range map[string]string{"lr": "0.1", "layers": "[1, 2]", "model.name": "net", "act": "[true]", "loss": ""} {
		if p, ok := f.Facts["param "+keyOf(f.src)+" "+key].(ingest.Param); !ok || p.Value != value {
			t.Errorf("param %s: %q", key, p.Value)
		}
	}
	if len(f.Problems) > 0 {
		t.Errorf("problems: %v", f.Problems)
	}
}

// TestRows: restarts with and without a header, quotes, texts, rows that are none.
func TestRows(t *testing.T) {
	f := newFile(t, "log.csv")
	f.put("epoch,loss,confusion,time\n" +
		"0,1e-3,\"[1, \"\"2\"\"]\",12.5\n" +
		"1,Infinity,text,2024-01-01T00:00:00Z\n" +
		"1.5,3,,\n" +
		"2,NaN\n" + // too short
		"x,4,,\n" + // no step
		"3,0x10,\"open,\n" +
		"epoch,loss,acc\n" + // starts again, with another metric
		"0,-inf,1_0\n" +
		",7,0.5\n")
	f.want("loss", "0:0.001 1:+Inf -:3 0:-Inf -:7 ")
	f.want("acc", "-:0.5 ")
	f.want("epoch", "-:1.5 ")
	f.want("time", "0:12.5 ")
	if len(f.Problems) != 3 {
		t.Errorf("problems: %v", f.Problems)
	}
	if got := f.Series[ingesttest.SeriesID{Run: keyOf(f.src), Series: "loss"}][1].Time; got != 1704067200000000 {
		t.Errorf("time %d", got)
	}
}

// TestJSONBecomesLines: one object may be the first line of many.
func TestJSONBecomesLines(t *testing.T) {
	f := newFile(t, "result.json")
	one := `{"training_iteration": 1, "loss": "NaN", "note": "a", "deep": {"x\"y": 2}}` + "\n"
	f.put(one)
	f.want("loss", "1:NaN ")
	f.want(`deep/x"y`, "1:2 ")
	if _, ok := f.Facts["tag "+keyOf(f.src)+" note"]; !ok {
		t.Error("a text of final metrics is no tag")
	}
	f.put(one + `{"training_iteration": 2, "loss": 0.5, "timestamp": 1700000000500}` + "\n")
	f.want("loss", "1:NaN 2:0.5 ")
	if _, ok := f.Facts["tag "+keyOf(f.src)+" note"]; ok {
		t.Error("the tag still stands")
	}
	run, _ := f.Facts["run "+keyOf(f.src)].(ingest.Run)
	if !run.Started.Equal(time.UnixMilli(1700000000500)) {
		t.Errorf("started %v", run.Started)
	}
	f.put(`{"loss": 0.25}`)
	f.want("loss", "-:0.25 ")
	if len(f.Series) != 1 {
		t.Errorf("%d series", len(f.Series))
	}
}

// TestHistory: Keras' History.history, dumped; a list beside plain numbers is no series.
func TestHistory(t *testing.T) {
	f := newFile(t, "history.json")
	f.put(`{"loss": [1.0, 0.5, NaN], "val": {"loss": [2]}, "shape": [[1, 2], [3]]}`)
	f.want("loss", "-:1 -:0.5 -:NaN ")
	f.want("val/loss", "-:2 ")
	f.put(`{"loss": [1.0, 0.5, 0.25], "epochs": 3}`)
	f.want("epochs", "-:3 ")
	if len(f.Series) != 1 {
		t.Errorf("series: %v", f.Series)
	}
}

// TestHalfWritten: the old content stands until a new one is whole; after a while it counts as damaged.
func TestHalfWritten(t *testing.T) {
	f := newFile(t, "metrics.json")
	f.put(`{"step": 1, "loss": 0.5}`)
	for _, half := range []string{"", `{"step": 2, "lo`} {
		if res := f.put(half); !res.Torn {
			t.Errorf("%q: not torn", half)
		}
		f.want("loss", "1:0.5 ")
	}
	old := time.Now().Add(-time.Minute)
	if err := os.Chtimes(f.src.Abs(), old, old); err != nil {
		t.Fatal(err)
	}
	res := ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: f.src, Cursor: f.cursor}, f.State)
	if res.Torn || len(f.Problems) != 1 {
		t.Errorf("torn %v, problems %v", res.Torn, f.Problems)
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]float64{
		"1": 1, "-0.5": -0.5, "1e400": math.Inf(1), "+inf": math.Inf(1), "-Infinity": math.Inf(-1), "5e-324": 5e-324, "1.": 1, ".5": 0.5,
	} {
		if got, ok := parseNumber([]byte(text)); !ok || got != want {
			t.Errorf("%s: %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "0x10", "1_0", "x", "--1", "1e", "infinit", "True", "-", "0x1p-2"} {
		if got, ok := parseNumber([]byte(text)); ok {
			t.Errorf("%s: %v", text, got)
		}
	}
	want := int64(1700000000250000)
	for _, clock := range []float64{1700000000.25, 1700000000250, 1700000000250000, 1700000000250000000} {
		if got, ok := microsOf(clock); !ok || got != want {
			t.Errorf("%v: %d, %v", clock, got, ok)
		}
	}
	if _, ok := microsOf(12.5); ok {
		t.Error("a duration is taken for a time")
	}
}

// FuzzRead reads any bytes as each kind of file, in one read and in turns: both say the same.
func FuzzRead(f *testing.F) {
	names := []string{"metrics.csv", "metrics.jsonl", "metrics.json"}
	for i, seed := range []string{
		"epoch,loss\n0,1\n", "step;a\tb\n\"1\",2;\n", `{"step": 1, "a": NaN, "b": {"c": [1, {"d": "e\u0041"}]}}` + "\n", `{"a": 1}`,
	} {
		f.Add(uint8(i), []byte(seed))
	}
	root := f.TempDir()
	f.Fuzz(func(t *testing.T, kind uint8, text []byte) {
		name := names[int(kind)%len(names)]
		write(t, root, name, string(text))
		src := ingest.Source{Root: root, Path: name}
		whole, split := ingesttest.NewState(), ingesttest.NewState()
		ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: src}, whole)
		ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: src, Limits: ingest.Limits{Points: 1}}, split)
		if d := whole.Diff(split); d != "" {
			t.Fatal(d)
		}
		looksRight(name, []string{"metrics"}, text[:min(len(text), ingest.HeadLimit)])
	})
}

// numbersOf are the numbers of an object that encoding/json reads, those in lists left out, sorted.
func numbersOf(b []byte) (out []float64, valid bool) {
	dec := json.NewDecoder(bytes.NewReader(b))
	type level struct{ list, key bool }
	levels := []level{}
	lists := 0
	for {
		tok, err := dec.Token()
		if err != nil {
			return nil, false
		}
		if top := len(levels) - 1; top >= 0 && levels[top].key && tok != json.Delim('}') {
			levels[top].key = false // this was a key
			continue
		}
		if len(levels) == 0 && tok != json.Delim('{') {
			return nil, false
		}
		switch tok := tok.(type) {
		case json.Delim:
			switch tok {
			case '{', '[':
				levels = append(levels, level{tok == '[', tok == '{'})
				if tok == '[' {
					lists++
				}
				continue
			}
			if levels[len(levels)-1].list {
				lists--
			}
			levels = levels[:len(levels)-1]
		case float64:
			if lists == 0 {
				out = append(out, tok)
			}
		}
		if len(levels) == 0 {
			slices.Sort(out)
			return out, true
		}
		levels[len(levels)-1].key = !levels[len(levels)-1].list
	}
}

// FuzzScan holds the scanner to encoding/json where that reads the same bytes.
func FuzzScan(f *testing.F) {
	for _, s := range []string{`{"a": {"b": 1}, "c": [1, 2, {"d": null}], "e": "x\ty\u00e9", "f": true}`, `{}`, `{"a":-1e5}`, `{"":""}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var o object
		n, err := scanObject(b, &o)
		want, valid := numbersOf(b)
		if valid && err != nil && err != errTooDeep && err != errTooMany {
			t.Fatalf("%q: %v, but it is JSON", b, err)
		}
		if err != nil || n > len(b) || !valid {
			return
		}
		var got []float64
		for i := range o.cells {
			if c := o.cells[i]; c.kind == isNumber && !c.listed {
				got = append(got, o.cells[i].number)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%q: numbers %v, want %v", b, got, want)
		}
	})
}
