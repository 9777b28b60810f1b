package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// FormatNumber writes a number with 4 significant digits and as many as an integer needs: .9312 is 0.9312,
// 1234567 stays 1,234,567, 0.00003 is 3e-05.
func FormatNumber(v float64) string {
	switch {
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 1):
		return "+Inf"
	case math.IsInf(v, -1):
		return "-Inf"
	case v == math.Trunc(v) && math.Abs(v) < 1e15:
		return FormatCount(int64(v))
	}
	abs := math.Abs(v)
	if abs >= 1e15 || abs < 1e-4 {
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	digits := 3 - int(math.Floor(math.Log10(abs)))
	return strconv.FormatFloat(v, 'f', max(0, min(digits, 7)), 64)
}

// FormatCount writes an integer with a comma between thousands.
func FormatCount(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	if len(s) <= 3 {
		return sign + s
	}
	var b strings.Builder
	head := len(s) % 3
	b.WriteString(s[:head])
	for i := head; i < len(s); i += 3 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(s[i : i+3])
	}
	return sign + b.String()
}

// FormatSigned is Number with its sign, for differences.
func FormatSigned(v float64) string {
	if v > 0 && !math.IsInf(v, 1) {
		return "+" + FormatNumber(v)
	}
	return strings.Replace(FormatNumber(v), "-", "−", 1)
}

// FormatPercent writes a share (0.031) as a percentage with two significant digits.
func FormatPercent(share float64) string {
	p := share * 100
	switch abs := math.Abs(p); {
	case math.IsNaN(p) || math.IsInf(p, 0):
		return "—"
	case p == 0:
		return "0 %"
	case abs < 0.01:
		return "<0.01 %"
	case abs < 1:
		return fmt.Sprintf("%.2f %%", p)
	case abs < 100:
		return fmt.Sprintf("%.1f %%", p)
	}
	return fmt.Sprintf("%.0f %%", p)
}

// FormatBytes writes a size in binary units.
func FormatBytes(n int64) string {
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	v, unit := float64(n)/1024, 0
	for v >= 1024 && unit < 4 {
		v, unit = v/1024, unit+1
	}
	return fmt.Sprintf("%.1f %ciB", v, "KMGTP"[unit])
}

// FormatDuration writes milliseconds as 850 ms, 9.4 s, 2:10, 1:02:03 or 3 d 4 h.
func FormatDuration(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	switch s := int64(d / time.Second); {
	case d < 0:
		return "—"
	case d < time.Second:
		return fmt.Sprintf("%d ms", ms)
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%d s", s)
	case d < time.Hour:
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	default:
		return fmt.Sprintf("%d d %d h", s/86400, s/3600%24)
	}
}

// FormatAgo writes how long ago a moment was: "just now", "5 min ago", "3 d ago".
func FormatAgo(now, then time.Time) string {
	if then.IsZero() {
		return "—"
	}
	d := now.Sub(then)
	switch {
	case d < -time.Minute:
		return "in the future"
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	case d < 60*24*time.Hour:
		return fmt.Sprintf("%d d ago", int(d.Hours()/24))
	}
	return then.UTC().Format("2006-01-02")
}

// FormatTime writes a moment in a zone (nil: UTC), to the minute.
func FormatTime(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return "—"
	}
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("2006-01-02 15:04")
}

// Clean makes a text from a file fit for one line of a screen or a page: control characters, the ones that start
// terminal sequences among them, become visible signs; direction overrides and invalid bytes become U+FFFD.
func Clean(s string) string {
	if clean(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case r < 0x20:
			return 0x2400 + r // the picture of the control character
		case r == 0x7f:
			return 0x2421
		case hostile(r):
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// CleanLines is Clean that keeps line ends and makes tabs four spaces.
func CleanLines(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = Clean(strings.ReplaceAll(line, "\t", "    "))
	}
	return strings.Join(lines, "\n")
}

func clean(s string) bool {
	for _, r := range s {
		if r < 0x20 || r == 0x7f || hostile(r) {
			return false
		}
	}
	return true
}

// hostile characters change how others are shown: C1 controls and bidirectional overrides (CVE-2021-42574).
func hostile(r rune) bool {
	switch {
	case r >= 0x80 && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == unicode.ReplacementChar:
		return true
	}
	return false
}
