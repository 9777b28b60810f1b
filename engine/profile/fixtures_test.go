package profile_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pace/engine/profile"
	"pace/engine/table"
	"pace/engine/tables"
)

// want is what pandas says of a fixture (testdata/make/table.py).
type want struct {
	Rows          int64        `json:"rows"`
	DuplicateRows int64        `json:"duplicate_rows"`
	MissingCells  int64        `json:"missing_cells"`
	Columns       []wantColumn `json:"columns"`
}

type wantColumn struct {
	Name, Kind                       string
	Missing, Count, Distinct, Unique int64
	Errors                           []profile.CellError
	Top                              [][2]any
	Min, Max, Sum, Mean, Std         any
	Variance, Skewness, Kurtosis     any
	wantSigns
}

type wantSigns struct {
	Zeros, Negatives, Infinite int64
	Quantiles                  map[string]any
}

func of(t testing.TB, path string, o profile.Options) *profile.Profile {
	t.Helper()
	o.Path = path
	p, err := profile.Of(context.Background(), func(ctx context.Context) (table.Source, error) {
		return tables.Open(ctx, path, table.Options{})
	}, o)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return p
}

func TestFixturesEqualPandas(t *testing.T) {
	wants, err := filepath.Glob("../../testdata/formats/table/*.want.json")
	if err != nil || len(wants) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, file := range wants {
		data := strings.TrimSuffix(file, ".want.json")
		t.Run(filepath.Base(data), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var w want
			if err := json.Unmarshal(raw, &w); err != nil {
				t.Fatal(err)
			}
			for _, workers := range []int{1, 3} {
				compare(t, of(t, data, profile.Options{Workers: workers}), w)
			}
		})
	}
}

func compare(t *testing.T, p *profile.Profile, w want) {
	t.Helper()
	if p.Rows != w.Rows || p.DuplicateRows != w.DuplicateRows || p.MissingCells != w.MissingCells || p.Columns != len(w.Columns) {
		t.Errorf("rows %d duplicates %d missing %d columns %d, want %d %d %d %d", p.Rows, p.DuplicateRows, p.MissingCells, p.Columns,
			w.Rows, w.DuplicateRows, w.MissingCells, len(w.Columns))
	}
	for i, c := range w.Columns {
		if i < len(p.Variables) {
			compareColumn(t, &p.Variables[i], c)
		}
	}
}

// kinds tells which of our types stand for a kind of pandas; it leaves dates in CSV as text.
func kinds(kind string) string {
	return map[string]string{"numeric": "numeric", "boolean": "boolean", "datetime": "datetime", "text": "categorical text datetime",
		"nested": "list struct"}[kind]
}

func compareColumn(t *testing.T, v *profile.Variable, c wantColumn) {
	t.Helper()
	if v.Name != c.Name || !strings.Contains(kinds(c.Kind), string(v.Type)) && c.Count > 0 {
		t.Errorf("%s: type %s, want %s %s", v.Name, v.Type, c.Name, c.Kind)
	}
	if v.Missing != c.Missing || v.Count != c.Count || int(v.ErrorCount) != len(c.Errors) || fmt.Sprint(v.Errors) != fmt.Sprint(c.Errors) && len(c.Errors) > 0 {
		t.Errorf("%s: count %d missing %d errors %v, want %d %d %v", v.Name, v.Count, v.Missing, v.Errors, c.Count, c.Missing, c.Errors)
	}
	if c.Kind == "nested" {
		return
	}
	if v.Distinct != c.Distinct || v.Unique != c.Unique {
		t.Errorf("%s: distinct %d unique %d, want %d %d", v.Name, v.Distinct, v.Unique, c.Distinct, c.Unique)
	}
	for i, pair := range c.Top {
		if i < len(v.Top) && float64(v.Top[i].Count) != pair[1].(float64) {
			t.Errorf("%s: top %d is %v x %d, want %v", v.Name, i, v.Top[i].Value, v.Top[i].Count, pair)
		}
	}
	if c.Kind == "numeric" && c.Count > 0 {
		compareNumbers(t, v, c)
	}
	if c.Kind == "datetime" {
		for _, e := range []struct {
			got  *profile.Value
			want any
		}{{v.Min, c.Min}, {v.Max, c.Max}} {
			stamp := strings.TrimSuffix(e.want.(string), "+00:00")
			if stamp == "NaT" {
				continue
			}
			if e.got == nil || !strings.HasPrefix(e.got.Text, stamp[:19]) {
				t.Errorf("%s: %v, want %v", v.Name, e.got, e.want)
			}
		}
	}
}

func compareNumbers(t *testing.T, v *profile.Variable, c wantColumn) {
	t.Helper()
	m := v.Moments
	if m.Zeros != c.Zeros || m.Negatives != c.Negatives || m.Infinite != c.Infinite {
		t.Errorf("%s: zeros %d negatives %d infinite %d, want %d %d %d", v.Name, m.Zeros, m.Negatives, m.Infinite, c.Zeros, c.Negatives, c.Infinite)
	}
	figures := map[string][2]any{"min": {v.Min.Number, c.Min}, "max": {v.Max.Number, c.Max}, "sum": {m.Sum, c.Sum}, "mean": {m.Mean, c.Mean},
		"std": {m.Std, c.Std}, "variance": {m.Variance, c.Variance}, "skewness": {m.Skewness, c.Skewness}, "kurtosis": {m.Kurtosis, c.Kurtosis},
		"0.05": {m.Quantiles.P05, c.Quantiles["0.05"]}, "0.25": {m.Quantiles.P25, c.Quantiles["0.25"]}, "0.5": {m.Quantiles.P50, c.Quantiles["0.5"]},
		"0.75": {m.Quantiles.P75, c.Quantiles["0.75"]}, "0.95": {m.Quantiles.P95, c.Quantiles["0.95"]}}
	for name, f := range figures {
		got, wanted := float64(f[0].(profile.Float)), number(f[1])
		if math.Abs(number(c.Min)) > 1<<52 && (name == "variance" || name == "std") {
			continue // pandas' mean has no digit left for the spread (1210 is right, it says 1211.76)
		}
		if got != wanted && !(got != got && wanted != wanted) && math.Abs(got-wanted) > 1e-9*math.Max(math.Abs(got), math.Abs(wanted))+1e-12 {
			t.Errorf("%s: %s %v, want %v", v.Name, name, got, wanted)
		}
	}
}

// number reads a figure of want.json: null is NaN.
func number(v any) float64 {
	switch x := v.(type) {
	case float64:
		return x
	case string:
		if x == "Infinity" {
			return math.Inf(1)
		}
		return math.Inf(-1)
	}
	return math.NaN()
}
