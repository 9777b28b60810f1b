package table

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

var decimalForm = regexp.MustCompile(`^[ \t]*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[ \t]*$`)

// FuzzParseNumber holds that what looks like a decimal number parses to what strconv says, bit for bit, and nothing else parses
// but infinities.
func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"0", "-0", "+5", ".5", "5.", "1e-05", "9007199254740993", "123456789012345678901234567890", "0.1", "1e400", "5e-324", "inf", "-Infinity",
		"nan", "0x1p-2", "1_000", " 7 ", "", "-", ".", "1e", "e5", "9223372036854775808", "00501", "1.7976931348623159e308", "\t1", "1 2", "-0000000000000000", "0000000000000000", "000000000000000000000000000000001 ", "8.5070591730234615865843651857942052864e37"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, integer, ok := ParseNumber([]byte(s))
		trimmed := strings.Trim(s, " \t")
		if !decimalForm.MatchString(s) || len(s) > 4000 {
			if ok && !math.IsInf(got, 0) {
				t.Fatalf("%q is taken for %v", s, got)
			}
			return
		}
		want, _ := strconv.ParseFloat(trimmed, 64)
		if !ok || math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%q is %v (%v), want %v", s, got, ok, want)
		}
		_, err := strconv.ParseInt(trimmed, 10, 64)
		if integer != (err == nil) {
			t.Fatalf("%q integer %v, strconv says %v", s, integer, err)
		}
	})
}

func FuzzParseTime(f *testing.F) {
	layouts := []string{"2006-01-02", "2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02T15:04:05.999999999Z07:00", "2006-01-02 15:04"}
	for _, s := range []string{"2024-02-29", "2023-02-29", "2024-02-29T23:59:59Z", "1969-12-31T23:59:59.999999Z", "0001-01-01", "9999-12-31 00:00:00", "2024-01-01T00:00:00+02:30", "2024-13-01", "2024-01-01T24:00:00Z", "2024-01-01 07:08"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := ParseTime([]byte(s))
		for _, l := range layouts {
			want, err := time.Parse(l, s)
			if err != nil || want.Year() < 1 || want.Format(l) != s {
				continue // time.Parse also takes hours of one digit, commas and the like
			}
			if _, zone := want.Zone(); zone%60 != 0 || zone >= 24*3600 || zone <= -24*3600 {
				continue
			}
			if !ok || got != want.UnixMicro() {
				t.Fatalf("%q is %d (%v), want %d by %s", s, got, ok, want.UnixMicro(), l)
			}
		}
	})
}

// The list is that of pandas 3.1: pandas._libs.parsers.STR_NA_VALUES.
func TestIsMissing(t *testing.T) {
	for _, s := range strings.Split(",#N/A,#N/A N/A,#NA,-1.#IND,-1.#QNAN,-NaN,-nan,1.#IND,1.#QNAN,<NA>,N/A,NA,NULL,NaN,None,n/a,nan,null", ",") {
		if !IsMissing([]byte(s)) {
			t.Errorf("%q is missing", s)
		}
	}
	for _, s := range []string{" ", "na", "none", "NAN", "Null", "-", "?", "0", "#N/A N/A ", "1"} {
		if IsMissing([]byte(s)) {
			t.Errorf("%q is a value", s)
		}
	}
}

func TestDigestExtends(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "x")
	content := make([]byte, 2*DigestBlock+5)
	for i := range content {
		content[i] = byte(i * 7)
	}
	var grown Version
	for _, n := range []int{0, 1, DigestBlock - 1, DigestBlock, DigestBlock + 1, len(content)} {
		if err := os.WriteFile(path, content[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		whole, err := Digest(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		if grown, err = grown.Extend(ctx, path); err != nil || grown.String() != whole.String() || grown.Size != int64(n) {
			t.Errorf("%d bytes: extended %s (%d bytes), whole %s (%v)", n, grown, grown.Size, whole, err)
		}
	}
	content[3]++
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if changed, err := Digest(ctx, path); err != nil || changed.String() == grown.String() {
		t.Errorf("a changed byte keeps the version (%v)", err)
	}
}
