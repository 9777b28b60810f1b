package query

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2023, 11, 15, 12, 0, 0, 0, time.UTC) // the golden's runs are from 2023-11-14 22:13 UTC on

func TestBeyondMLflow(t *testing.T) {
	_, rows := readGolden(t)
	all := matching(must(t, "", Options{}), rows)
	without := func(names ...string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(names, s) })
	}
	tests := []struct {
		filter string
		want   []string
	}{
		{"alpha", []string{"alpha"}},
		{"ALPHA", []string{"alpha"}},
		{"ta", []string{"beta", "delta", "zeta", "eta", "theta", "iota_x", "iotaYx"}},
		{"?eta", []string{"beta", "zeta"}},
		{"*eta", []string{"beta", "zeta", "eta", "theta"}},
		{"/^[bz]eta$/", []string{"beta", "zeta"}},
		{"/^BETA$/i", []string{"beta"}},
		{"'second line'", []string{"zeta"}},
		{"alpha | beta", []string{"alpha", "beta"}},
		{"alpha OR name:gam", []string{"alpha", "gamma"}},
		{"ta iota", []string{"iota_x", "iotaYx"}},
		{"ta -iota state:ok", []string{"beta", "zeta", "theta"}},
		{"not state:ok", []string{"gamma", "delta", "epsilon", "eta"}},
		{"state:live", []string{"epsilon"}},
		{"state=queued", []string{"eta"}},
		{"status = 'finished' and (user:ann or user:cy)", []string{"alpha", "zeta", "theta"}},
		{"-tag:debug", without("gamma")},
		{"tag:team=risk", []string{"alpha", "beta", "zeta", "theta"}},
		{"tag:ris?", []string{"alpha", "beta", "theta"}},
		{"tags.team:risk -tags.team=risk", []string{"beta", "zeta"}},
		{"has:loss.min", []string{"delta"}},
		{"has:debug", []string{"gamma"}},
		{"-has:rmse", []string{"eta"}},
		{"has:params.lr", []string{"alpha", "beta", "gamma", "theta"}},
		{"params.lr = 0.1", []string{"alpha", "beta", "gamma", "theta"}},
		{"params.lr < 0.2 params.lr='0.10'", []string{"beta"}},
		{"lr=1e-1 model=*ree", nil},
		{"params.model=*ree", []string{"alpha", "beta", "delta", "theta"}},
		{"params.model:tree", []string{"alpha", "beta", "delta", "theta"}},
		{"params.model ~ '^tr'", []string{"alpha", "theta"}},
		{"params.model !~ /ree$/", []string{"gamma", "epsilon", "zeta", "iota_x", "iotaYx"}},
		{"params.model NOT LIKE '%ree'", []string{"gamma", "epsilon", "zeta", "iota_x", "iotaYx"}},
		{"params.model not in ('tree', Tree)", []string{"gamma", "delta", "epsilon", "zeta", "iota_x", "iotaYx"}},
		{"rmse > .75 rmse<1", []string{"beta", "theta"}},
		{"rmse:>.75 | rmse = nan", []string{"beta", "gamma", "delta", "theta", "iotaYx"}},
		{"auc>.9", []string{"beta"}},
		{"metrics.rmse in (3, 0)", []string{"zeta", "iotaYx"}},
		{"metrics.rmse is null", []string{"eta"}},
		{"rmse.max >= 0.8", nil},
		{"dur:30s", without("epsilon", "eta")},
		{"dur > 29.5s dur < 1m", without("epsilon", "eta")},
		{"dur < 30", nil},
		{"started >= -14h", all},
		{"started < now-13h42m", []string{"alpha", "beta", "gamma", "delta", "epsilon"}},
		{"started = yesterday", all},
		{"started:today", nil},
		{"start_time <= 2023-11-14", all},
		{"start_time < 2023-11-14", nil},
		{"start_time > 2023-11-14", nil},
		{"started = 2023-11", all},
		{"started > 2023-11-14T22:20", []string{"theta", "iota_x", "iotaYx"}},
		{"started >= '2023-11-14 23:20+01:00' and started < 2023-11-14T22:21Z", []string{"theta"}},
		{"data:flights -user:bob", []string{"alpha", "theta"}},
		{"@mine", []string{"beta", "delta"}},
		{"-@mine model:tree", nil},
		{"looks like that", nil},
		{"it is", nil},
	}
	opts := Options{Now: noon, Names: allNames(rows), Saved: func(name string) (string, bool) {
		return "user:bob", name == "mine"
	}}
	for _, tt := range tests {
		e, err := Parse(tt.filter, opts)
		if err != nil {
			t.Errorf("%s: %v", tt.filter, err)
			continue
		}
		if got := matching(e, rows); !slices.Equal(got, append([]string{}, tt.want...)) {
			t.Errorf("%s: got %v, want %v", tt.filter, got, tt.want)
		}
	}
}

func must(t testing.TB, src string, opts Options) *Expr {
	t.Helper()
	e, err := Parse(src, opts)
	if err != nil {
		t.Fatalf("%s: %v", src, err)
	}
	return e
}

func TestErrorsPointAtTheBadPart(t *testing.T) {
	names := &Names{Metrics: []string{"val/auc", "train/auc", "rmse"}, Params: []string{"lr"}}
	tests := []struct{ src, bad, msg string }{
		{"metrics.rmse <", "", "a value is missing here"},
		{"metrics.rmse < 'x'", "'x'", "metrics.rmse is a number"},
		{"metrics.rmse LIKE 'x'", "'x'", "metrics.rmse is a number"},
		{"metrics.rmse", "metrics.rmse", "needs a comparison"},
		{"auc > 1", "auc", "auc could be metrics.train/auc or metrics.val/auc"},
		{"rnse < 1", "rnse", "is it metrics.rmse?"},
		{"staet:ok", "staet", "is it state?"},
		{"attributes.nope = 'x'", "attributes.nope", "no attribute is called nope"},
		{"(lr=1", "(", "never closed"},
		{"lr=1)", ")", "never opened"},
		{"lr=1 and", "", "something is missing here"},
		{"or lr=1", "or", "needs a filter before it"},
		{"name:'abc", "'abc", "quote is never closed"},
		{"/abc", "/abc", "a regex ends with a slash"},
		{"/a(/", "/a(/", "not a regular expression"},
		{"started > soon", "soon", "is a time"},
		{"dur > 3x", "3x", "is a duration"},
		{"lr in ('a'", "(", "never closed"},
		{"@nope", "@nope", "no saved filter"},
		{"@loop", "@loop", "names itself"},
		{"lr = 1, x", ",", "does not belong"},
		{"has:", "", "has: wants a name"},
		{strings.Repeat("(", 100) + "a", "(", "inside each other"},
		{strings.Repeat("a ", 2000), "a", "at most 1024 terms"},
	}
	saved := func(n string) (string, bool) { return "x @loop", n == "loop" }
	for _, tt := range tests {
		_, err := Parse(tt.src, Options{Names: names, Saved: saved})
		e, ok := err.(*SyntaxError)
		if !ok {
			t.Errorf("%.40s: no error", tt.src)
			continue
		}
		if bad := e.Src[e.Pos : e.Pos+e.Len]; bad != tt.bad || !strings.Contains(e.Msg, tt.msg) {
			t.Errorf("%.40s: points at %q and says %q; want %q and %q", tt.src, bad, e.Msg, tt.bad, tt.msg)
		}
	}
}

func TestCaret(t *testing.T) {
	_, err := Parse("größe\t-metrics.x", Options{})
	want := "größe.-metrics.x\n       ^^^^^^^^^\n       metrics.x needs a comparison behind it; has:metrics.x asks whether it is there"
	if got := err.(*SyntaxError).Caret(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTouches(t *testing.T) {
	names := &Names{Metrics: []string{"rmse", "val/auc"}, Params: []string{"lr"}, Tags: []string{"team"}}
	e := must(t, "rmse.min < 1 and (lr=1 or -auc>0) team=x state:ok hello", Options{Names: names})
	got := fmt.Sprint(e.Metrics(), e.Params(), e.Tags(), e.Attrs(), e.Words())
	if want := "[rmse val/auc] [lr] [team] [status] true"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	e = must(t, "loss.min<1", Options{})
	if got, want := fmt.Sprint(e.Metrics(), e.Params(), e.Words()), "[loss loss.min] [loss.min] false"; got != want {
		t.Errorf("without names: got %s, want %s", got, want)
	}
}

func TestTerms(t *testing.T) {
	e := must(t, "state:ok auc>.92 -tag:debug (a | b)", Options{})
	want := []string{"status:ok", "`auc` > .92", "NOT tag:debug", "(a OR b)"}
	if got := e.Terms(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSortKeys(t *testing.T) {
	names := &Names{Metrics: []string{"val/auc"}, Params: []string{"lr", "odd key"}}
	keys, err := ParseSort("-auc, params.`odd key` ASC,lr desc , -started", Options{Names: names})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(keys), "[metrics.val/auc DESC params.`odd key` params.lr DESC start_time DESC]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, bad := range []string{"auc upwards", "-", "nope", "auc lr"} {
		if _, err := ParseSort(bad, Options{Names: names}); err == nil {
			t.Errorf("%q was taken for a sort", bad)
		}
	}
}

func TestNumbersInParamsSortByValue(t *testing.T) {
	k := Key{Field: Field{Kind: Param, Key: "lr"}}
	lr := func(s string) *fakeRow { return &fakeRow{params: map[string]string{"lr": s}} }
	rows := []*fakeRow{lr("x"), {}, lr("10"), lr("nan"), lr("9"), lr("1e-3")}
	slices.SortFunc(rows, func(a, b *fakeRow) int { return k.Compare(a, b) })
	var got []string
	for _, r := range rows {
		got = append(got, r.params["lr"])
	}
	if want := []string{"1e-3", "9", "10", "x", "nan", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// gen writes random filters out of the grammar.
type gen struct{ *rand.Rand }

func (g gen) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g gen) filter(depth int) string {
	if depth > 0 {
		switch g.IntN(6) {
		case 0:
			return "(" + g.filter(depth-1) + ")"
		case 1:
			return g.filter(depth-1) + g.pick(" or ", "|", " || ") + g.filter(depth-1)
		case 2:
			return g.filter(depth-1) + g.pick(" and ", " ", " AND ") + g.filter(depth-1)
		case 3:
			return g.pick("-", "not ", "!") + g.filter(depth-1)
		}
	}
	field := g.pick("metrics.rmse", "metrics.`val/auc`", "rmse", "metric.loss.min")
	switch g.IntN(7) {
	case 0:
		return field + g.pick("<", " <= ", "=", "!=", " > ", ">=", ":", ":>") + g.pick("0.8", "0", "-1.5", "nan", "inf", "3")
	case 1:
		return g.pick("params.model", "tags.team", "user", "`odd key`", "tag", "status") +
			g.pick("=", " != ", ":", " like ", "<", " ~ ") + g.pick("'tree'", "'%e'", "'it''s'", "\"x\"", "'/'")
	case 2:
		return g.pick("params.lr", "tag", "name") + g.pick("=", "!=", ":") + g.pick("0.1", "*a*", "alpha", "/a\\/?b/i")
	case 3:
		return g.pick("has:", "-has:") + g.pick("lr", "metrics.rmse", "tags.`a b`", "note")
	case 4:
		return g.pick("params.lr", "rmse", "team") + g.pick(" is null", " IS NOT NULL", " in ('0.1', 3)", " not in (1,2)")
	case 5:
		return g.pick("started", "ended") + g.pick("<", ":", ">=", "!=") + g.pick("-7d", "today", "2023-11", "now-1h", "1700000240000")
	}
	return g.pick("alpha", "*eta", "/^[a-c]/", "'and'", "\"-x\"", "risk", "'it''s'")
}

// TestCanonicalFormMeansTheSame: text -> filter -> text -> filter is stable and finds the same runs, and the
// laws of logic hold whatever the parts are.
func TestCanonicalFormMeansTheSame(t *testing.T) {
	_, rows := readGolden(t)
	g := gen{rand.New(rand.NewPCG(1, 2))}
	opts := Options{Now: noon}
	for range 3000 {
		src, other := g.filter(3), g.filter(2)
		e := must(t, src, opts)
		again := must(t, e.String(), opts)
		if again.String() != e.String() {
			t.Fatalf("%s: %s became %s", src, e, again)
		}
		both := must(t, "("+src+") AND ("+other+")", opts)
		deMorgan := must(t, "NOT (NOT ("+src+") OR NOT ("+other+"))", opts)
		terms := must(t, strings.Join(e.Terms(), " "), opts)
		want := matching(e, rows)
		if !slices.Equal(want, matching(again, rows)) || !slices.Equal(want, matching(terms, rows)) {
			t.Fatalf("%s: %s finds something else", src, e)
		}
		if !slices.Equal(matching(both, rows), matching(deMorgan, rows)) {
			t.Fatalf("%s and %s: De Morgan does not hold", src, other)
		}
	}
}

func TestSortIsAnOrder(t *testing.T) {
	vals := []string{"", "1", "1.0", "2", "10", "a", "B", "nan", "inf", "-inf", "1e400"}
	row := func(s string) Row { return &fakeRow{params: map[string]string{"p": s}} }
	for _, k := range []Key{{Field: Field{Kind: Param, Key: "p"}}, {Field: Field{Kind: Param, Key: "p"}, Desc: true}} {
		for _, a := range vals {
			for _, b := range vals {
				if k.Compare(row(a), row(b)) != -k.Compare(row(b), row(a)) {
					t.Errorf("%s: %q and %q are not in one order", k, a, b)
				}
				for _, c := range vals {
					if k.Compare(row(a), row(b)) <= 0 && k.Compare(row(b), row(c)) <= 0 && k.Compare(row(a), row(c)) > 0 {
						t.Errorf("%s: %q %q %q go round in a circle", k, a, b, c)
					}
				}
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	g := gen{rand.New(rand.NewPCG(3, 4))}
	for range 20 {
		f.Add(g.filter(2))
	}
	for _, s := range []string{"", "(", "-", "a:b:c", "metrics.`x", "''", "/\\//i", "@x", "x IN (", "has:`", "\xff\x00", "a=(b)", "!-!a", "now-", "x is not"} {
		f.Add(s)
	}
	_, rows := readGolden(f)
	f.Fuzz(func(t *testing.T, src string) {
		opts := Options{Now: noon}
		e, err := Parse(src, opts)
		if err != nil {
			s := err.(*SyntaxError)
			if s.Pos < 0 || s.Pos+s.Len > len(s.Src) || s.Msg == "" {
				t.Fatalf("%q: %#v", src, s)
			}
			_ = s.Caret()
			return
		}
		again, err := Parse(e.String(), opts)
		if err != nil {
			t.Fatalf("%q: canonical %q: %v", src, e, err)
		}
		if !slices.Equal(matching(e, rows), matching(again, rows)) {
			t.Fatalf("%q: canonical %q finds something else", src, e)
		}
		_, _ = ParseSort(src, opts)
	})
}

func TestWildAgainstTheSlowWay(t *testing.T) {
	var slow func(s, p string) bool
	slow = func(s, p string) bool {
		if p == "" {
			return s == ""
		}
		if p[0] == '%' {
			return slow(s, p[1:]) || s != "" && slow(s[1:], p)
		}
		return s != "" && (p[0] == '_' || p[0] == s[0]) && slow(s[1:], p[1:])
	}
	r := rand.New(rand.NewPCG(5, 6))
	random := func(letters string, n int) string {
		b := make([]byte, r.IntN(n))
		for i := range b {
			b[i] = letters[r.IntN(len(letters))]
		}
		return string(b)
	}
	for range 20000 {
		s, p := random("ab", 9), random("ab%_", 7)
		if wild(s, p, '%', '_', false) != slow(s, p) {
			t.Fatalf("%q LIKE %q", s, p)
		}
	}
}

func BenchmarkMatch100kRows(b *testing.B) {
	_, rows := readGolden(b)
	for _, src := range []string{"rmse<0.8", "state:ok auc>.92 -tag:debug", "iota", "params.model like '%tree'"} {
		b.Run(src, func(b *testing.B) {
			e := must(b, src, Options{Names: allNames(rows)})
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				for i := range 100_000 {
					if e.Match(rows[i%len(rows)]) {
						n++
					}
				}
				if n == math.MaxInt {
					b.Fatal(n)
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	names := &Names{}
	for i := range 1000 {
		names.Metrics = append(names.Metrics, fmt.Sprintf("group%d/metric%d", i%7, i))
	}
	b.ReportAllocs()
	for b.Loop() {
		must(b, "state:ok metric42>.92 -tag:debug (a | b)", Options{Names: names})
	}
}
