package printer

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pace/engine/report"
)

const hostile = "\x1b[31m<script>alert(1)</script>\x1b]0;x\x07|`*\u009b\u202e\n# head"

// hostileRun has the worst text wherever a file can put one.
func hostileRun() report.RunDetail {
	d := report.RunDetail{Schema: report.SchemaRun}
	d.ID, d.Name, d.Status, d.Experiment, d.User, d.Host, d.Command = "abcdefgh12345678", hostile, "finished", hostile, hostile, hostile, hostile
	d.Git = report.Git{Commit: hostile, Branch: hostile}
	d.Params, d.Tags = report.KVs{{Key: hostile, Value: hostile}}, report.KVs{{Key: hostile, Value: hostile}}
	d.Metrics = report.Metrics{{Key: hostile, MetricSummary: report.MetricSummary{Points: 1}}}
	d.Datasets = []report.RunDataset{{Name: hostile, Digest: hostile, Context: hostile, Source: hostile}}
	d.Artifacts = []report.Artifact{{Path: hostile, Bytes: 3}}
	d.Notes = []report.Note{{ID: "n", Actor: hostile, Text: hostile, Subject: hostile, Answers: []report.Note{{Actor: hostile, Text: hostile}}}}
	d.Findings = []report.Finding{{Level: report.Warn, Title: hostile, Message: hostile, Hint: hostile}}
	return d
}

func TestHostileTextDoesNothing(t *testing.T) {
	series := []report.Series{{Metric: report.Metric{Key: hostile}, Curve: report.Curve{To: 1, Low: 0, High: 1, Columns: []report.CurveColumn{{N: 1, Max: 1, Last: 1}, {N: 1}}}}}
	for _, f := range []Format{Text, JSON, Markdown, HTML} {
		var b bytes.Buffer
		if err := Run(&b, f, Style{}, hostileRun(), series); err != nil {
			t.Fatal(err)
		}
		out := b.String()
		if strings.ContainsAny(out, "\x1b\x07\u009b\u202e") {
			t.Errorf("%s keeps a control character", f)
		}
		switch f {
		case HTML:
			if strings.Contains(out, "<script") {
				t.Error("html keeps a tag")
			}
		case Markdown:
			before, fenced, ok := strings.Cut(out, "```text\n")
			_, after, closed := strings.Cut(fenced, "\n```\n")
			if !ok || !closed || strings.Contains(before+after, "<script") || strings.Contains(out, "\n# head") {
				t.Error("markdown keeps markup")
			}
		case JSON:
			var back struct{ Name string }
			if err := json.Unmarshal(b.Bytes(), &back); err != nil || back.Name != hostile {
				t.Errorf("json changed the value: %q %v", back.Name, err)
			}
		}
	}
}

func TestTextStaysInItsWidth(t *testing.T) {
	l := report.RunList{Columns: []report.Column{{Title: "name"}, {Title: "auc", Kind: report.NumberColumn}, {Title: "note"}, {Title: "東京"}}}
	for range 3 {
		l.Rows = append(l.Rows, report.RunRow{ID: "abcdefgh12345678", Cells: []report.TableCell{
			{Text: strings.Repeat("long ", 30), Have: true}, {Text: "0.9312", Have: true}, {}, {Text: strings.Repeat("東京", 40), Have: true},
		}})
	}
	for width := 40; width <= 200; width += 7 {
		var b bytes.Buffer
		if err := RunList(&b, Text, Style{Width: width}, l); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(b.String(), "\n") {
			if got := displayWidth(line); got > width {
				t.Errorf("at %d columns a line has %d: %q", width, got, line)
			}
		}
		if !strings.Contains(b.String(), "0.9312") {
			t.Errorf("at %d columns a number is cut", width)
		}
	}
}

func TestASCIIStyleIsASCII(t *testing.T) {
	var b bytes.Buffer
	series := []report.Series{{Curve: report.Curve{To: 1, Low: 0, High: 1, Columns: make([]report.CurveColumn, 3)}}}
	for i := range series[0].Curve.Columns {
		series[0].Curve.Columns[i] = report.CurveColumn{N: 1, Min: float64(i), Max: float64(i), First: float64(i), Last: float64(i)}
	}
	if err := Run(&b, Text, Style{ASCII: true}, hostileRun(), series); err != nil {
		t.Fatal(err)
	}
	for _, r := range b.String() {
		if r > 0x7e {
			t.Fatalf("%U in ASCII output", r)
		}
	}
	if !strings.Contains(b.String(), "*") {
		t.Error("the curve is missing")
	}
}

func TestCSVReadsBack(t *testing.T) {
	l := report.RunList{
		Columns: []report.Column{{Title: "name"}, {Title: "auc", Kind: report.NumberColumn}, {Title: "duration", Kind: report.DurationColumn}, {Title: "started", Kind: report.TimeColumn}},
		Rows: []report.RunRow{{ID: "a", Cells: []report.TableCell{
			{Text: `quote " comma , x`, Have: true}, {Num: 0.1, Have: true}, {Num: 1500, Have: true}, {Num: 1.7e12, Have: true},
		}}, {ID: "b", Cells: make([]report.TableCell, 4)}},
	}
	var b bytes.Buffer
	if err := RunList(&b, CSV, Style{}, l); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"id", "name", "auc", "duration_ms", "started"}, {"a", `quote " comma , x`, "0.1", "1500", "2023-11-14T22:13:20Z"}, {"b", "", "", "", ""}}
	for i := range want {
		if strings.Join(rows[i], "|") != strings.Join(want[i], "|") {
			t.Errorf("row %d is %v, want %v", i, rows[i], want[i])
		}
	}
}

// FuzzChart feeds charts with any numbers: asciigraph must never see one that it panics on.
func FuzzChart(f *testing.F) {
	f.Add(1e300, -1e300, 0.0, 5)
	f.Add(1e18, 1e18+256, 1e18, 3)
	f.Add(math.MaxFloat64, -math.MaxFloat64, 5e-324, 90)
	f.Add(math.NaN(), 1.0, math.NaN(), 4)
	f.Add(0.0, 0.0, 0.0, 1)
	f.Fuzz(func(t *testing.T, a, b, c float64, n int) {
		n = 1 + int(uint(n)%200)
		curve := report.Curve{To: 1, Low: math.NaN(), High: math.NaN(), Columns: make([]report.CurveColumn, n)}
		for i, v := range []float64{a, b, c} {
			col := &curve.Columns[i*(n-1)/2]
			if math.IsNaN(v) || math.IsInf(v, 0) {
				*col = report.CurveColumn{NaN: true, Up: true}
				continue
			}
			*col = report.CurveColumn{N: 1, Min: v, Max: v, First: v, Last: v}
			if !(curve.Low <= v) {
				curve.Low = v
			}
			if !(curve.High >= v) {
				curve.High = v
			}
		}
		series := []report.Series{{Curve: curve}, {Curve: curve}}
		c2 := newChart("x", series, []string{"a", "b"})
		if c2 == nil {
			return
		}
		for _, style := range []Style{{}, {ASCII: true, Width: 40}} {
			if lines := textChart(*c2, style); len(lines) < 5 {
				t.Errorf("a chart of %d lines", len(lines))
			}
		}
		var out bytes.Buffer
		if err := writeHTML(&out, &page{blocks: []block{*c2}}); err != nil || strings.Contains(out.String(), "NaN,") || strings.Contains(out.String(), "Inf,") {
			t.Errorf("svg of %g %g %g: %v", a, b, c, err)
		}
	})
}

func displayWidth(s string) int { return width(s) }
