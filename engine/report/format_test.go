package report

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestFormatNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1", -42: "-42", 1234567: "1,234,567", 0.93118: "0.9312", 12.3456: "12.35", 1234.56: "1235", 0.00012345: "0.0001234",
		3e-5: "3e-05", 1e300: "1e+300", math.Inf(1): "+Inf", math.Inf(-1): "-Inf", 0.99996: "1.0000",
	} {
		if got := FormatNumber(v); got != want {
			t.Errorf("Number(%g) = %q, want %q", v, got, want)
		}
	}
	if got := FormatNumber(math.NaN()); got != "NaN" {
		t.Errorf("Number(NaN) = %q", got)
	}
}

func TestWords(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for got, want := range map[string]string{
		FormatDuration(850): "850 ms", FormatDuration(9400): "9.4 s", FormatDuration(130_000): "2:10", FormatDuration(3_723_000): "1:02:03", FormatDuration(273_600_000): "3 d 4 h",
		FormatBytes(1023): "1023 B", FormatBytes(1536): "1.5 KiB", FormatBytes(math.MaxInt64): "8192.0 PiB", FormatPercent(0.0253): "2.5 %", FormatPercent(1.16): "116 %", FormatPercent(0): "0 %", FormatPercent(1e-6): "<0.01 %",
		FormatAgo(now, now.Add(-5*time.Minute)): "5 min ago", FormatAgo(now, now.Add(-47*time.Hour)): "47 h ago", FormatAgo(now, now.Add(-72*time.Hour)): "3 d ago",
		FormatSigned(0.5): "+0.5000", FormatSigned(-0.5): "−0.5000", FormatCount(-1234): "-1,234", FormatTime(now, nil): "2026-11-22 12:00",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "plain", "\x1b[31mred\x1b[0m", "\u009b2J", "a\r\nb\tc", "\u202eabc", "\xff\xfe", "é東\x7f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, got := range []string{Clean(s), strings.ReplaceAll(CleanLines(s), "\n", "")} {
			if !utf8.ValidString(got) {
				t.Errorf("Clean(%q) = %q is no UTF-8", s, got)
			}
			for _, r := range got {
				if r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
					t.Errorf("Clean(%q) keeps %U", s, r)
				}
			}
		}
	})
}
