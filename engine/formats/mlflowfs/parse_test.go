package mlflowfs

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"
)

var longAgo = time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)

func TestParseLine(t *testing.T) {
	cases := []struct {
		line string
		want point
		err  error
	}{
		{"1700000000000 0.5 3", point{3, 1700000000000000, 0.5}, nil},
		{"1700000000000 0.5", point{0, 1700000000000000, 0.5}, nil},
		{"1 -1e-05 -7", point{-7, 1000, -1e-05}, nil},
		{"1 inf 0", point{0, 1000, math.Inf(1)}, nil},
		{"1 -inf 0", point{0, 1000, math.Inf(-1)}, nil},
		{"1 0.1 4 train 9f8e", point{4, 1000, 0.1}, nil},
		{"1 0.1 4 my train set 9f8e", point{4, 1000, 0.1}, nil},
		{"-5 1 1099511627776", point{1 << 40, -5000, 1}, nil},
		{"1 1e400 0", point{0, 1000, math.Inf(1)}, nil}, // float("1e400") is inf in Python
		{"1 0.1 4 9f8e", point{}, errFields},
		{"1", point{}, errFields},
		{"", point{}, errFields},
		{"x 0.1 4", point{}, errTime},
		{"9223372036854775807 0.1 4", point{}, errTime},
		{"1 abc 4", point{}, errValue},
		{"1 0x1p-2 4", point{}, errValue},
		{"1 1_0 4", point{}, errValue},
		{"1 0.1 4.5", point{}, errStep},
		{"1 0.1 ", point{}, errStep},
	}
	for _, c := range cases {
		got, err := parseLine([]byte(c.line))
		if err != c.err || err == nil && got != c.want {
			t.Errorf("%q: got %+v, %v; want %+v, %v", c.line, got, err, c.want, c.err)
		}
	}
	if p, err := parseLine([]byte("1 nan 0")); err != nil || !math.IsNaN(p.value) {
		t.Errorf("nan: %v, %v", p, err)
	}
}

// FuzzParseFloat holds the fast way to what strconv says of the same digits.
func FuzzParseFloat(f *testing.F) {
	for _, s := range []string{"0.1", "-0", "123456789012345", "1.", ".5", ".", "-", "1e5", "nan", "999999999999999.9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := parseFloat([]byte(s))
		want, err := strconv.ParseFloat(s, 64)
		plain := strings.Trim(s, "0123456789.-") == ""
		if plain && ok != (err == nil || math.IsInf(want, 0)) {
			t.Fatalf("%q: ok %v, strconv %v", s, ok, err)
		}
		if ok && math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%q: %v, strconv %v", s, got, want)
		}
	})
}

func FuzzParseLine(f *testing.F) {
	f.Add([]byte("1700000000000 0.5 3"))
	f.Add([]byte("1 nan 4 a b c"))
	f.Add([]byte("  \x00 \xff"))
	f.Fuzz(func(t *testing.T, line []byte) {
		if p, err := parseLine(line); err != nil && p != (point{}) {
			t.Fatalf("%q: %v and an error", line, p)
		}
	})
}

func FuzzParseMeta(f *testing.F) {
	f.Add([]byte("status: 3\nrun_id: abc\ntags: []\n"))
	f.Add([]byte("a: &a {k: v}\nb: [*a, *a]\nc: *a\n"))
	f.Add([]byte("status: !!python/object/apply:os.system ['true']\n"))
	f.Add([]byte(strings.Repeat("{a: ", 40)))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := parseMeta(text)
		if err != nil && m != nil {
			t.Fatal("a mapping and an error")
		}
	})
}

func FuzzRunCursor(f *testing.F) {
	c := newRunCursor()
	c.key, c.said["p/lr"], c.series["loss"] = "mlflow/0/a", 7, seriesCursor{bad: 2}
	f.Add(c.bytes())
	f.Fuzz(func(t *testing.T, cursor []byte) {
		c, ok := openRunCursor(cursor)
		if again, same := openRunCursor(c.bytes()); ok && (!same || again.key != c.key || len(again.series) != len(c.series)) {
			t.Fatalf("%+v came back as %+v", c, again)
		}
	})
}

func TestMetaIsInert(t *testing.T) {
	m, err := parseMeta([]byte("status: !!python/object/apply:os.system ['touch x']\nname: !!binary aGVsbG8=\n" +
		"experiment_id: 5\nnone: null\ntilde: ~\nquoted: 'null'\nbig: 123456789012345678\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := m["status"]; ok || m["experiment_id"] != "5" || m["quoted"] != "null" || m["big"] != "123456789012345678" {
		t.Fatalf("%v", m)
	}
	if m.has("none") || m.has("tilde") {
		t.Fatalf("null is there: %v", m)
	}
	deep := strings.Repeat("a: {", 100) + strings.Repeat("}", 100)
	if _, err := parseMeta([]byte(deep)); err == nil {
		t.Fatal("100 levels accepted")
	}
}
