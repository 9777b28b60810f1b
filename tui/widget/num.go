package widget

import (
	"math"
	"strconv"
	"time"
)

// NoLimit as a width lets a number take what it needs.
const NoLimit = 1 << 16

// Kind says how a value is written.
type Kind uint8

// The kinds.
const (
	// KindText is no number.
	KindText Kind = iota
	// KindNum has four significant digits.
	KindNum
	// KindDelta is a number with its sign.
	KindDelta
	// KindCount is a whole number with thousands apart.
	KindCount
	// KindBytes is a size in bytes, by powers of 1000.
	KindBytes
	// KindMemory is a size in bytes, by powers of 1024.
	KindMemory
	// KindPercent is a fraction written in hundredths.
	KindPercent
	// KindDuration is a number of seconds.
	KindDuration
	// KindAgo is a number of seconds before now.
	KindAgo
)

// Num writes a number with four significant digits, or fewer where w columns
// hold no more; the integer part of a number under a million is never rounded
// while it fits. What fits in no form is written as #, never as part of itself.
func Num(v float64, w int) string { return Format(KindNum, v, w) }

// Delta is Num with a sign in front; no change is 0.
func Delta(v float64, w int) string { return Format(KindDelta, v, w) }

// Count writes a whole number: 336,776, then 336776, then 336.8k.
func Count(n int64, w int) string { return Format(KindCount, float64(n), w) }

// Bytes writes a size on disk: 8.1 MB.
func Bytes(n int64, w int) string { return Format(KindBytes, float64(n), w) }

// Memory writes a size in memory: 97.6 MiB.
func Memory(n int64, w int) string { return Format(KindMemory, float64(n), w) }

// Percent writes a fraction: .73 %, 17.4 %. It says 0 % and 100 % only when
// that is exactly true.
func Percent(fraction float64, w int) string { return Format(KindPercent, fraction, w) }

// Duration writes a span of time: 412 ms, 4.1 s, 2:10, 1:02:03, 4.2 d.
func Duration(d time.Duration, w int) string { return Format(KindDuration, d.Seconds(), w) }

// Format writes a value of a kind in at most w columns of ASCII.
func Format(k Kind, v float64, w int) string {
	var b [48]byte
	return string(AppendFormat(b[:0], k, v, w))
}

// AppendFormat is Format into a buffer.
func AppendFormat(dst []byte, k Kind, v float64, w int) []byte {
	if w <= 0 {
		return dst
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return appendOdd(dst, v, w)
	}
	f := fitter{dst: dst, at: len(dst), w: w}
	switch k {
	case KindDelta:
		if v > 0 {
			f.sign = '+'
		}
		f.number(v)
	case KindCount:
		f.count(v)
	case KindBytes:
		f.size(v, 1000, [...]string{" B", " kB", " MB", " GB", " TB", " PB"})
	case KindMemory:
		f.size(v, 1024, [...]string{" B", " KiB", " MiB", " GiB", " TiB", " PiB"})
	case KindPercent:
		f.percent(v)
	case KindDuration:
		f.duration(v)
	case KindAgo:
		f.ago(v)
	default:
		f.number(v)
	}
	return f.end()
}

func appendOdd(dst []byte, v float64, w int) []byte {
	word := "nan"
	if math.IsInf(v, 1) {
		word = "inf"
	} else if math.IsInf(v, -1) {
		word = "-inf"
	}
	if len(word) > w {
		return appendHashes(dst, w)
	}
	return append(dst, word...)
}

func appendHashes(dst []byte, w int) []byte {
	for range min(w, 8) {
		dst = append(dst, '#')
	}
	return dst
}

// fitter tries forms, longest first, and keeps the first that fits.
type fitter struct {
	dst  []byte
	at   int
	w    int
	sign byte
	done bool
}

// try keeps what write appends if it fits; the sign comes first.
func (f *fitter) try(write func([]byte) []byte) bool {
	if f.done {
		return true
	}
	out := f.dst[:f.at]
	if f.sign != 0 {
		out = append(out, f.sign)
	}
	out = write(out)
	f.dst = out
	if len(out)-f.at <= f.w {
		f.done = true
	} else {
		f.dst = out[:f.at]
	}
	return f.done
}

func (f *fitter) end() []byte {
	if f.done {
		return f.dst
	}
	return appendHashes(f.dst[:f.at], f.w)
}

func (f *fitter) number(v float64) {
	if v < 0 {
		f.sign, v = '-', -v
	}
	switch {
	case v == 0:
		f.try(func(b []byte) []byte { return append(b, '0') })
		return
	case v >= 1 && v < 1e6:
		if v == math.Trunc(v) && f.try(func(b []byte) []byte { return strconv.AppendInt(b, int64(v), 10) }) {
			return
		}
		for sig := 4; sig > 0; sig-- {
			// Digits before the point stay while they fit, however many.
			places := max(0, sig-1-exponent(v, sig))
			if f.try(func(b []byte) []byte { return appendPlain(b, v, places) }) {
				return
			}
		}
	}
	for sig := 4; sig > 0; sig-- {
		if f.try(func(b []byte) []byte { return appendShortest(b, v, sig) }) {
			return
		}
	}
}

// appendShortest writes v with sig significant digits in the shortest of three
// ways: plain (under 1), with a thousands letter, with an exponent.
func appendShortest(b []byte, v float64, sig int) []byte {
	e := exponent(v, sig)
	switch {
	case e >= 15:
		return appendExponent(b, v, sig)
	case e >= 3:
		return appendLetter(b, v, sig)
	case e >= 0:
		return appendPlain(b, v, max(0, sig-1-e))
	}
	start := len(b)
	b = appendPlain(b, v, sig-1-e)
	plain := len(b)
	b = appendExponent(b, v, sig)
	if n := len(b) - plain; e < -5 || n < plain-start || n == plain-start && e < -3 {
		copy(b[start:], b[plain:])
		return b[:start+len(b)-plain]
	}
	return b[:plain]
}

// exponent is the power of ten of v's first digit once rounded to sig digits.
func exponent(v float64, sig int) int {
	var tmp [32]byte
	s := strconv.AppendFloat(tmp[:0], v, 'e', sig-1, 64)
	i := len(s) - 1
	for s[i] != 'e' {
		i--
	}
	e, _ := strconv.Atoi(string(s[i+1:]))
	return e
}

// appendPlain writes v with at most places decimals, without trailing zeros or
// a zero before the point.
func appendPlain(b []byte, v float64, places int) []byte {
	start := len(b)
	b = strconv.AppendFloat(b, v, 'f', places, 64)
	if places > 0 {
		for b[len(b)-1] == '0' {
			b = b[:len(b)-1]
		}
		if b[len(b)-1] == '.' {
			b = b[:len(b)-1]
		}
	}
	if len(b)-start > 1 && b[start] == '0' {
		b = append(b[:start], b[start+1:]...)
	}
	return b
}

// appendLetter writes v as thousands, millions, ... with one letter.
func appendLetter(b []byte, v float64, sig int) []byte {
	group := min(exponent(v, sig)/3, 4)
	v /= math.Pow10(3 * group)
	b = appendPlain(b, v, max(0, sig-1-exponent(v, sig)))
	if group == 0 {
		return b
	}
	return append(b, " kMGT"[group])
}

// appendExponent writes v as 1.234e-5.
func appendExponent(b []byte, v float64, sig int) []byte {
	var tmp [32]byte
	s := strconv.AppendFloat(tmp[:0], v, 'e', sig-1, 64)
	i := len(s) - 1
	for s[i] != 'e' {
		i--
	}
	mantissa, power := s[:i], s[i+1:]
	if len(mantissa) > 1 {
		for mantissa[len(mantissa)-1] == '0' {
			mantissa = mantissa[:len(mantissa)-1]
		}
		if mantissa[len(mantissa)-1] == '.' {
			mantissa = mantissa[:len(mantissa)-1]
		}
	}
	b = append(append(b, mantissa...), 'e')
	if power[0] == '-' {
		b = append(b, '-')
	}
	power = power[1:]
	for len(power) > 1 && power[0] == '0' {
		power = power[1:]
	}
	return append(b, power...)
}

// Ago writes how long ago t was, seen from now: 3m ago, then 3m. Times ahead
// read "in 3m". A zero t is "".
func Ago(t, now time.Time, w int) string {
	if t.IsZero() {
		return ""
	}
	return Format(KindAgo, now.Sub(t).Seconds(), w)
}

// When writes a point in time in now's zone, as short as now allows: the clock
// today, month and day this year, else the date; shorter forms where w is
// small. A zero t is "".
func When(t, now time.Time, w int) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(now.Location())
	forms := []string{"2006-01-02 15:04", "2006-01-02", "2006-01", "2006", "06"}
	switch {
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		forms = []string{"15:04:05", "15:04", "15h"}
	case t.Year() == now.Year():
		forms = []string{"01-02 15:04", "01-02"}
	}
	for _, f := range forms {
		if len(f) <= w {
			return t.Format(f)
		}
	}
	return string(appendHashes(nil, w))
}

// Stamp writes a full point in time, date first, in t's zone.
func Stamp(t time.Time, w int) string {
	if t.IsZero() {
		return ""
	}
	for _, f := range []string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "01-02"} {
		if len(f) <= w {
			return t.Format(f)
		}
	}
	return string(appendHashes(nil, w))
}
