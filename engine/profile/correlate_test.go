package profile_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pace/engine/profile"
)

// pairwise is what pandas, scipy and dython say of a fixture (testdata/make/associations.py).
type pairwise struct {
	File                       string
	Pearson, Spearman, Nullity [][3]any
	Eta                        [][3]any
	CramersV                   [][3]any `json:"cramers_v"`
	Patterns                   [][2]any
}

func TestCorrelationsEqualTheTools(t *testing.T) {
	raw, err := os.ReadFile("testdata/correlations.json")
	if err != nil {
		t.Fatal(err)
	}
	var files []pairwise
	if err := json.Unmarshal(raw, &files); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		p := of(t, filepath.Join("../../testdata/formats/table", f.File), profile.Options{})
		for method, want := range map[string][][3]any{profile.Pearson: f.Pearson, profile.Spearman: f.Spearman, profile.Eta: f.Eta, profile.CramersV: f.CramersV} {
			samePairs(t, f.File+" "+method, p.Correlations[method], want)
		}
		var nullity profile.Correlation
		if p.Missing != nil && p.Missing.Correlation != nil {
			nullity = *p.Missing.Correlation
		}
		samePairs(t, f.File+" nullity", nullity, f.Nullity)
		if p.Missing == nil {
			continue
		}
		counts := map[string]int64{}
		for _, m := range p.Missing.Patterns {
			slices.Sort(m.Columns)
			counts[strings.Join(m.Columns, ",")] = m.Rows
		}
		for _, w := range f.Patterns {
			var names []string
			for _, c := range w[0].([]any) {
				names = append(names, c.(string))
			}
			slices.Sort(names)
			if got := counts[strings.Join(names, ",")]; float64(got) != w[1].(float64) {
				t.Errorf("%s: %v are missing together in %d rows, want %v", f.File, names, got, w[1])
			}
		}
	}
}

func samePairs(t *testing.T, what string, got profile.Correlation, want [][3]any) {
	t.Helper()
	found := map[string]float64{}
	for _, p := range got.Pairs {
		found[p.A+"|"+p.B] = float64(p.Value)
		if p.Error != 0 {
			t.Errorf("%s: %s and %s have an error though all rows were read", what, p.A, p.B)
		}
	}
	defined := 0
	for _, w := range want {
		value, ok := w[2].(float64)
		if !ok {
			continue
		}
		defined++
		if g, ok := found[fmt.Sprint(w[0], "|", w[1])]; !ok || math.Abs(g-value) > 1e-9 {
			t.Errorf("%s of %v and %v: %v, want %v", what, w[0], w[1], g, value)
		}
	}
	if defined != len(got.Pairs) {
		t.Errorf("%s: %d pairs, want %d", what, len(got.Pairs), defined)
	}
}

// TestSampledCorrelationsSayTheirBound: of more rows than are kept, the correlations of all rows lie near, and say so.
func TestSampledCorrelationsSayTheirBound(t *testing.T) {
	var b strings.Builder
	b.WriteString("x,y,level,side\n")
	rng := rand.New(rand.NewPCG(5, 6))
	var sx, sy, sxx, syy, sxy float64
	const n = 150_000
	for range n {
		x := math.Round(rng.NormFloat64()*1000) / 1000
		y := math.Round((0.7*x+rng.NormFloat64())*1000) / 1000
		sx, sy, sxx, syy, sxy = sx+x, sy+y, sxx+x*x, syy+y*y, sxy+x*y
		fmt.Fprintf(&b, "%.3f,%.3f,%c,%c\n", x, y, 'a'+rng.IntN(3), "np"[max(0, min(1, int(x+1)))])
	}
	exact := (n*sxy - sx*sy) / math.Sqrt((n*sxx-sx*sx)*(n*syy-sy*sy))
	path := write(t, b.String())
	one, many := of(t, path, profile.Options{Workers: 1}), of(t, path, profile.Options{Workers: 3})
	c := one.Correlations[profile.Pearson]
	if !c.Sampled || c.Rows >= n || c.Rows < 40_000 || len(c.Pairs) != 1 || !slices.Contains(one.Approx, "correlations") {
		t.Fatalf("correlations %+v, approx %v", c, one.Approx)
	}
	pair := c.Pairs[0]
	if pair.Error <= 0 || pair.Error > 0.01 || math.Abs(float64(pair.Value)-exact) > 2*pair.Error {
		t.Errorf("%v within %v, exactly %v", pair.Value, pair.Error, exact)
	}
	a, _ := json.Marshal(one.Correlations)
	d, _ := json.Marshal(many.Correlations)
	if string(a) != string(d) {
		t.Error("one worker and three kept other rows")
	}
}

// TestDuplicateGroups compares the groups with counting lines.
func TestDuplicateGroups(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	lines := map[string][]int64{}
	var b strings.Builder
	b.WriteString("a,b\n")
	for i := range 5000 {
		line := fmt.Sprintf("%d,%d", rng.IntN(60)*rng.IntN(60), rng.IntN(4))
		lines[line] = append(lines[line], int64(i))
		b.WriteString(line + "\n")
	}
	groups, copies, most := int64(0), int64(0), 0
	for _, rows := range lines {
		if len(rows) > 1 {
			groups++
			copies += int64(len(rows) - 1)
			most = max(most, len(rows))
		}
	}
	p := of(t, write(t, b.String()), profile.Options{Workers: 2})
	if p.DuplicateRows != copies || p.Duplicates.Groups != groups || p.Duplicates.Largest[0].Count != int64(most) {
		t.Errorf("%d copies %+v, want %d of %d groups, the largest of %d", p.DuplicateRows, p.Duplicates, copies, groups, most)
	}
	for _, g := range p.Duplicates.Largest {
		ok := false
		for _, rows := range lines {
			ok = ok || int64(len(rows)) == g.Count && slices.Equal(rows[:min(len(rows), 5)], g.Rows)
		}
		if !ok {
			t.Errorf("no line stands in %+v", g)
		}
	}
}
