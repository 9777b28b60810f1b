package widget

import (
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                            "plain",
		"größe ▲ 日本":                       "größe ▲ 日本",
		"a\nb\tc\r\nd":                     "a b c d",
		"\x1b[31mred\x1b[m":                "red",
		"\x1b]0;title\x07text":             "text",
		"\x1b]8;;http://x\x1b\\link":       "link",
		"\x1b]0;never ends":                "0;never ends",
		"\x1bPq...\x1b\\x":                 "x",
		"\u009b2Jgone":                     "gone",
		"bell\x07 del\x7f nul\x00":         "bell del nul",
		"rtl \u202eoverride\u2066 \u200bz": "rtl override z",
		"bad \xff utf8":                    "bad \ufffd utf8",
		"\x1b":                             "",
		"\x1b\x1b[31mx":                    "x",
		"line\u2028sep":                    "line sep",
	} {
		if got := Clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestCleanStringsCostNothing(t *testing.T) {
	for _, s := range []string{"plain ascii text", "größe ▲ 日本"} {
		if n := testing.AllocsPerRun(100, func() { _ = Clean(s) }); n != 0 {
			t.Errorf("%q: %v allocations", s, n)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\x1b[31mb\x1b]0;t\x07\u202e\xff\x9b\n")
	f.Add("\x1b]\x1b]\x1b\\\x1b[")
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		if !utf8.ValidString(got) {
			t.Fatalf("%q: %q is not UTF-8", s, got)
		}
		for _, r := range got {
			if unicode.In(r, unicode.Cc, unicode.Cf) || r == 0x2028 || r == 0x2029 {
				t.Fatalf("%q: %q keeps %U", s, got, r)
			}
		}
		if again := Clean(got); again != got {
			t.Fatalf("%q: %q, then %q", s, got, again)
		}
	})
}
