package profile_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pace/engine/profile"
	"pace/engine/stats"
	"pace/engine/table"
	"pace/engine/tables"
)

func write(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func asJSON(t testing.TB, p *profile.Profile) string {
	t.Helper()
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestWorkersAgree holds that the result does not depend on how many workers there are, moments to rounding.
func TestWorkersAgree(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.csv")
	generate(t, path, 60_000) // two parts
	clock := func() time.Time { return time.Unix(0, 0) }
	one := of(t, path, profile.Options{Workers: 1, Repro: profile.Repro{Now: clock}})
	many := of(t, path, profile.Options{Workers: 4, Repro: profile.Repro{Now: clock}})
	for i := range one.Variables {
		a, b := one.Variables[i].Moments, many.Variables[i].Moments
		if a == nil {
			continue
		}
		for _, f := range [][2]*profile.Float{{&a.Mean, &b.Mean}, {&a.Std, &b.Std}, {&a.Variance, &b.Variance}, {&a.Sum, &b.Sum}, {&a.Skewness, &b.Skewness},
			{&a.Kurtosis, &b.Kurtosis}, {&a.CV, &b.CV}} {
			if math.Abs(float64(*f[0]-*f[1])) > 1e-9*math.Abs(float64(*f[0]))+1e-12 {
				t.Errorf("%s: %v and %v", one.Variables[i].Name, *f[0], *f[1])
			}
			*f[1] = *f[0]
		}
	}
	one.Alerts, many.Alerts = nil, nil
	one.Variable("hash").Top, many.Variable("hash").Top = nil, nil // all rare: none is frequent for certain
	if a, b := asJSON(t, one), asJSON(t, many); a != b {
		t.Errorf("one worker and four differ:\n%s\n%s", a, b)
	}
	if fmt.Sprint(one.Approx) != "[variables.text]" || one.Rows != 60_000 || one.DuplicateRows == 0 {
		t.Errorf("rows %d, duplicates %d, approx %v", one.Rows, one.DuplicateRows, one.Approx)
	}
}

// TestSketchesStayInBounds compares a profile that was kept from being exact with the exact one.
func TestSketchesStayInBounds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.csv")
	generate(t, path, 60_000)
	exact := of(t, path, profile.Options{})
	rough := of(t, path, profile.Options{Limits: stats.Limits{Distinct: 300, Tracked: 256, Values: 2000}})
	if rough.DuplicateRows != exact.DuplicateRows || rough.MissingCells != exact.MissingCells {
		t.Errorf("duplicates %d missing %d, want %d %d", rough.DuplicateRows, rough.MissingCells, exact.DuplicateRows, exact.MissingCells)
	}
	inexact := 0
	for i, e := range exact.Variables {
		r := rough.Variables[i]
		if r.DistinctExact && (r.Distinct != e.Distinct || r.Unique != e.Unique) {
			t.Errorf("%s: distinct %d unique %d called exact, want %d %d", e.Name, r.Distinct, r.Unique, e.Distinct, e.Unique)
		}
		if !r.DistinctExact {
			inexact++
			if math.Abs(float64(r.Distinct-e.Distinct)) > 5*r.DistinctError*float64(e.Distinct) {
				t.Errorf("%s: distinct %d, want %d within 5 x %v", e.Name, r.Distinct, e.Distinct, r.DistinctError)
			}
			if math.Abs(float64(r.Unique-e.Unique)) > 5*r.UniqueError+1 {
				t.Errorf("%s: unique %d, want %d within 5 x %v", e.Name, r.Unique, e.Unique, r.UniqueError)
			}
		}
		if e.Moments != nil {
			q, w := r.Quantiles, e.Quantiles
			for _, pair := range [][2]profile.Float{{q.P05, w.P05}, {q.P25, w.P25}, {q.P50, w.P50}, {q.P75, w.P75}, {q.P95, w.P95}} {
				if math.Abs(float64(pair[0]-pair[1])) > 2.1*stats.LogLinearError*math.Abs(float64(pair[1]))+0.02 {
					t.Errorf("%s: quantile %v, want %v", e.Name, pair[0], pair[1])
				}
			}
		}
	}
	if inexact < 5 || len(rough.Approx) == 0 {
		t.Errorf("%d columns were sketched, approx %v", inexact, rough.Approx)
	}
}

func TestEncodeDecode(t *testing.T) {
	p := of(t, "../../testdata/formats/table/infinite.csv", profile.Options{Version: "abc"})
	raw, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := profile.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := asJSON(t, p), asJSON(t, back); a != b {
		t.Errorf("decoded profile differs:\n%s\n%s", a, b)
	}
	for _, bad := range [][]byte{nil, {0}, {profile.Version}, append([]byte{profile.Version + 1}, raw[1:]...), raw[:len(raw)/2]} {
		if _, err := profile.Decode(bad); err == nil {
			t.Errorf("%d bytes decode without an error", len(bad))
		}
	}
}

func FuzzDecode(f *testing.F) {
	raw, err := of(f, "../../testdata/formats/table/mixed.csv", profile.Options{}).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte{profile.Version, 0x1f, 0x8b})
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := profile.Decode(b)
		if (p == nil) == (err == nil) {
			t.Fatalf("profile %v with error %v", p, err)
		}
	})
}

// TestWrongFirstGuess has a column whose first rows look like numbers and one that turns out to be numbers.
func TestWrongFirstGuess(t *testing.T) {
	var b strings.Builder
	b.WriteString("a,b,code\n")
	for i := range 20_000 {
		switch {
		case i < 6000:
			fmt.Fprintf(&b, "%d,x,%d\n", i, 10_000+i)
		default:
			fmt.Fprintf(&b, "item %d,%d,%05d\n", i%3, i, i)
		}
	}
	for range 80_000 {
		b.WriteString("item 9,5,7\n")
	}
	p := of(t, write(t, b.String()), profile.Options{})
	var got []string
	for _, v := range p.Variables {
		got = append(got, fmt.Sprintf("%s %d+%d", v.Type, v.Count, v.ErrorCount))
	}
	want := "[categorical 100000+0 numeric 94000+6000 categorical 100000+0]"
	if fmt.Sprint(got) != want {
		t.Errorf("types %v, want %v", got, want)
	}
	if e := p.Variables[1].Errors; len(e) != 10 || e[0].Row != 0 || e[9].Row != 9 || e[0].Value != "x" {
		t.Errorf("errors %v", e)
	}
}

func TestAlerts(t *testing.T) {
	text := "id,one,gap,skew,inf,zip,lvl,mix\n"
	for i := range 200 {
		gap, skew, inf, lvl, mix := "", fmt.Sprint(1+i%2), fmt.Sprint(i), "a", fmt.Sprint(i)
		if i%2 == 0 {
			gap = "NA"
		}
		if i%10 == 0 {
			gap = fmt.Sprint(i)
		}
		if i == 7 {
			skew, inf, lvl, mix = "1000", "inf", "b", "seven"
		}
		text += fmt.Sprintf("%d,k,%s,%s,%s,%05d,%s,%s\n", i, gap, skew, inf, i%9, lvl, mix)
	}
	text += text[len(text)-len("199,k,,2,199,00001,a,199\n"):]
	text += "short\n"
	p := of(t, write(t, text), profile.Options{Target: "nothing"})
	found := map[string]profile.Severity{}
	for _, a := range p.Alerts {
		found[a.ID+" "+a.Column] = a.Severity
		for name, x := range a.Evidence {
			if x != x {
				t.Errorf("%s: evidence %s is NaN", a.ID, name)
			}
		}
	}
	for id, s := range map[string]profile.Severity{"duplicate-rows ": profile.SevereInfo, "ragged-rows ": profile.SevereWarn, "target-absent ": profile.SevereError,
		"missing gap": profile.SevereWarn, "missing-tokens-mixed gap": profile.SevereWarn, "constant one": profile.SevereWarn, "skewed skew": profile.SevereInfo,
		"infinite inf": profile.SevereWarn, "leading-zeros zip": profile.SevereInfo, "near-constant lvl": profile.SevereInfo, "imbalance lvl": profile.SevereInfo,
		"mixed-types mix": profile.SevereWarn} {
		if found[id] != s {
			t.Errorf("alert %q has severity %q, want %q", id, found[id], s)
		}
	}
	if p.Source.BadRows != 1 || p.Source.Issues[0].Row != 201 || p.Source.Issues[0].Line != 203 {
		t.Errorf("bad rows %d %v", p.Source.BadRows, p.Source.Issues)
	}
	if p.DuplicateRows != 1 {
		t.Errorf("%d duplicate rows", p.DuplicateRows)
	}
	for i := range p.Alerts {
		if i > 0 && p.Alerts[i-1].Severity == profile.SevereInfo && p.Alerts[i].Severity == profile.SevereError {
			t.Error("alerts are not in order of severity")
		}
	}
}

func TestSensitiveHidesValues(t *testing.T) {
	text := "name,age\n"
	for i := range 50 {
		text += fmt.Sprintf("secret-%d,9%d\n", i%7, i%10)
	}
	text += "secret-1,notanumber\n"
	raw := asJSON(t, of(t, write(t, text), profile.Options{Sensitive: true, Path: "x"}))
	for _, word := range []string{"secret", "notanumber"} {
		if strings.Contains(raw, word) {
			t.Errorf("%q is in the profile", word)
		}
	}
}

func TestQuickLook(t *testing.T) {
	p := of(t, "../../testdata/formats/table/weather.csv", profile.Options{Head: 100})
	if p.Rows != 100 || !p.Source.Sampled {
		t.Errorf("rows %d, sampled %v", p.Rows, p.Source.Sampled)
	}
	p = of(t, "../../testdata/formats/table/iris.csv", profile.Options{Head: 1000})
	if p.Rows != 150 || p.Source.Sampled {
		t.Errorf("rows %d, sampled %v", p.Rows, p.Source.Sampled)
	}
}

func TestNoColumnsAndNoFile(t *testing.T) {
	for _, path := range []string{write(t, ""), "no/such/file.csv"} {
		_, err := profile.Of(context.Background(), func(ctx context.Context) (table.Source, error) {
			return tables.Open(ctx, path, table.Options{})
		}, profile.Options{})
		if err == nil {
			t.Errorf("%s: no error", path)
		}
	}
}

// TestShape holds the field names of pace.profile/1.
func TestShape(t *testing.T) {
	var doc map[string]any
	if err := json.Unmarshal([]byte(asJSON(t, of(t, "../../testdata/formats/table/mixed.csv", profile.Options{}))), &doc); err != nil {
		t.Fatal(err)
	}
	has := func(m map[string]any, names string) {
		t.Helper()
		for _, n := range strings.Fields(names) {
			if _, ok := m[n]; !ok {
				t.Errorf("no field %q", n)
			}
		}
	}
	has(doc, "schema source rows columns missing_cells missing_cells_share duplicate_rows duplicate_rows_share memory_bytes avg_record_bytes types variables alerts reproduction approx")
	has(doc["source"].(map[string]any), "path format bytes dialect version")
	v := doc["variables"].([]any)[1].(map[string]any)
	has(v, "name type storage role count missing missing_share distinct distinct_exact unique min max mean std variance sum skewness kurtosis zeros negatives infinite quantiles iqr mad cv monotonic histogram top errors approx")
	has(v["quantiles"].(map[string]any), "0.05 0.25 0.5 0.75 0.95")
	has(v["histogram"].(map[string]any), "edges counts")
	has(doc["reproduction"].(map[string]any), "pace command started elapsed_ms")
	if !reflect.DeepEqual(doc["schema"], "pace.profile/1") {
		t.Errorf("schema %v", doc["schema"])
	}
}

func TestTextAndRoles(t *testing.T) {
	var b strings.Builder
	b.WriteString("key,plate,remark,level,uuid,n,code\n")
	for i := range 300 {
		fmt.Fprintf(&b, "%d,N%dJB,remark number %d of many,%c,%08d-0000-4000-8000-000000000000,%d,%05d\n", i, i*7%211, i, 'a'+i%4, i, i%5, i%50)
	}
	p := of(t, write(t, b.String()), profile.Options{Target: "n"})
	var got []string
	for _, v := range p.Variables {
		got = append(got, fmt.Sprintf("%s/%s", v.Type, v.Role))
	}
	want := "[numeric/id categorical/categorical text/text categorical/categorical text/id numeric/target categorical/categorical]"
	if fmt.Sprint(got) != want {
		t.Errorf("types and roles\n%v, want\n%v", got, want)
	}
}
