package query

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// literal is the right side of a comparison as it was written.
type literal struct {
	text     string // without quotes
	quoted   bool
	regex    *regexp.Regexp // of /re/
	pos, len int
}

// canonical writes the literal so that it reads back the same.
func (l literal) canonical() string {
	if l.regex != nil {
		return regexText(l.text)
	}
	if !l.quoted {
		return l.text
	}
	return quoteText(l.text)
}

// quoteText writes a string in single quotes, a quote inside doubled.
func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// regexText writes the source of a regex; the flag i was folded into it when it was read.
func regexText(src string) string {
	body, fold := strings.CutPrefix(src, "(?i)")
	out := "/" + strings.ReplaceAll(body, "/", `\/`) + "/"
	if fold {
		out += "i"
	}
	return out
}

// parseNumber reads a decimal number, nan or an infinity; no hexadecimal, no underscores.
func parseNumber(s string) (float64, bool) {
	if s == "" || len(s) > 64 {
		return 0, false
	}
	switch strings.ToLower(strings.TrimLeft(s, "+-")) {
	case "nan":
		return math.NaN(), true
	case "inf", "infinity":
		if s[0] == '-' {
			return math.Inf(-1), true
		}
		return math.Inf(1), true
	}
	if strings.ContainsFunc(s, func(r rune) bool { return !strings.ContainsRune("0123456789+-.eE", r) }) {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

var units = [...]struct {
	name string
	unit time.Duration
}{
	{"ms", time.Millisecond}, {"s", time.Second}, {"min", time.Minute}, {"m", time.Minute},
	{"h", time.Hour}, {"d", 24 * time.Hour}, {"w", 7 * 24 * time.Hour},
}

// parseDuration reads 2h, 1h30m, 1.5d, 90s as milliseconds; days are 24 hours. A bare number is no duration.
func parseDuration(s string) (float64, bool) {
	total, rest := 0.0, s
	for rest != "" {
		i := strings.IndexFunc(rest, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
		if i <= 0 {
			return 0, false
		}
		n, err := strconv.ParseFloat(rest[:i], 64)
		if err != nil {
			return 0, false
		}
		j := strings.IndexFunc(rest[i:], func(r rune) bool { return r < 'a' || r > 'z' })
		if j < 0 {
			j = len(rest) - i
		}
		unit, ok := unitOf(rest[i : i+j])
		if !ok {
			return 0, false
		}
		total += n * float64(unit/time.Millisecond)
		rest = rest[i+j:]
	}
	return total, s != ""
}

func unitOf(name string) (time.Duration, bool) {
	for _, u := range units {
		if u.name == name {
			return u.unit, true
		}
	}
	return 0, false
}

// span is a stretch of time in milliseconds: an instant when from == to, else [from, to).
type span struct{ from, to float64 }

// parseTime reads an instant or a period: milliseconds, now, now-2d, -7d, today, yesterday, 2026-01,
// 2026-01-02, 2026-01-02T10:00[:05[.5]][Z|+01:00] (also with a space).
func parseTime(s string, now time.Time, zone *time.Location) (span, bool) {
	if len(s) > 64 {
		return span{}, false
	}
	switch s {
	case "now":
		return at(now), true
	case "today", "yesterday":
		y, m, d := now.In(zone).Date()
		if s == "yesterday" {
			d--
		}
		return period(time.Date(y, m, d, 0, 0, 0, 0, zone), 0, 0, 1), true
	}
	if rest := strings.TrimPrefix(s, "now"); rest != "" && (rest[0] == '-' || rest[0] == '+') {
		if ms, ok := parseDuration(rest[1:]); ok {
			if rest[0] == '-' {
				ms = -ms
			}
			return instant(float64(now.UnixMilli()) + ms), true
		}
	}
	if p, ok := parseDate(s, zone); ok {
		return p, true
	}
	if f, ok := parseNumber(s); ok && !math.IsNaN(f) {
		return instant(f), true
	}
	return span{}, false
}

var layouts = [...]string{
	time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04",
	"2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04Z07:00", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04",
}

func parseDate(s string, zone *time.Location) (span, bool) {
	if t, err := time.ParseInLocation("2006-01-02", s, zone); err == nil {
		return period(t, 0, 0, 1), true
	}
	if t, err := time.ParseInLocation("2006-01", s, zone); err == nil {
		return period(t, 0, 1, 0), true
	}
	for _, l := range layouts {
		if t, err := time.ParseInLocation(l, s, zone); err == nil {
			return at(t), true
		}
	}
	return span{}, false
}

func instant(ms float64) span { return span{ms, ms} }

func at(t time.Time) span { return instant(float64(t.UnixMicro()) / 1000) }

func period(t time.Time, y, m, d int) span {
	return span{float64(t.UnixMilli()), float64(t.AddDate(y, m, d).UnixMilli())}
}
