package widget

import (
	"math"
	"strconv"
)

func (f *fitter) count(v float64) {
	if v < 0 {
		f.sign, v = '-', -v
	}
	v = math.Round(v)
	if v < 1<<53 {
		if f.try(func(b []byte) []byte { return appendThousands(b, int64(v)) }) ||
			f.try(func(b []byte) []byte { return strconv.AppendInt(b, int64(v), 10) }) {
			return
		}
	}
	for sig := 4; sig > 0; sig-- {
		if f.try(func(b []byte) []byte { return appendShortest(b, v, sig) }) {
			return
		}
	}
}

func appendThousands(b []byte, n int64) []byte {
	var tmp [24]byte
	digits := strconv.AppendInt(tmp[:0], n, 10)
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b = append(b, ',')
		}
		b = append(b, d)
	}
	return b
}

// size tries 8.12 MB, 8.1 MB, 8 MB, then without the space, then 8M.
func (f *fitter) size(v, step float64, units [6]string) {
	if v < 0 {
		f.sign, v = '-', -v
	}
	unit := 0
	for v >= step && unit < len(units)-1 {
		v /= step
		unit++
	}
	// 999.96 kB would round to 1000 kB.
	if unit > 0 && unit < len(units)-1 && v >= step-.05 {
		v /= step
		unit++
	}
	name := units[unit]
	for _, name := range [...]string{name, name[1:], name[1:2]} {
		for _, sig := range [...]int{3, 2, 1} {
			if f.try(func(b []byte) []byte { return append(appendSize(b, v, sig, unit), name...) }) {
				return
			}
		}
	}
}

func appendSize(b []byte, v float64, sig, unit int) []byte {
	switch {
	case v >= 1e4:
		return appendShortest(b, v, sig)
	case v >= 1000 || unit == 0:
		return appendPlain(b, v, 0)
	}
	return appendPlain(b, v, max(0, sig-1-max(0, exponent(v, sig))))
}

// percent keeps three significant digits, four near 100, and never rounds to
// 0 % or 100 % what is neither.
func (f *fitter) percent(v float64) {
	v *= 100
	if v < 0 {
		f.sign, v = '-', -v
	}
	write := func(mark string, v float64, places int) bool {
		for _, unit := range [...]string{" %", "%"} {
			if f.try(func(b []byte) []byte { return append(appendPlain(append(b, mark...), v, places), unit...) }) {
				return true
			}
		}
		return false
	}
	switch {
	case v == 0 || v == 100:
		write("", v, 0)
		return
	case v < .01:
		_ = write("<", .01, 2) || write("<", 1, 0)
		return
	case v > 99.99 && v < 100:
		_ = write(">", 99.99, 2) || write(">", 99, 0)
		return
	case v > 99 && v < 100:
		_ = write("", v, 2) || write(">", 99, 0)
		return
	case v >= 1000:
		for sig := 4; sig > 0; sig-- {
			if f.try(func(b []byte) []byte { return append(appendShortest(b, v, sig), '%') }) {
				return
			}
		}
		return
	}
	for places := max(0, 2-max(0, exponent(v, 3))); places >= 0; places-- {
		if places == 0 && v < .5 {
			_ = write("<", 1, 0)
			return
		}
		if write("", v, places) {
			return
		}
	}
}

// duration takes seconds. From one minute to 100 hours it is a clock, whose
// colons are never dropped: 2:10 is two minutes, 1:02:03 an hour.
func (f *fitter) duration(s float64) {
	if s < 0 {
		f.sign, s = '-', -s
	}
	switch {
	case s == 0:
		_ = f.scaled(0, " s") || f.scaled(0, "s")
	case s < 1e-6:
		f.unit(s*1e9, " ns")
	case s < 1e-3:
		f.unit(s*1e6, " us")
	case s < .9995:
		f.unit(s*1e3, " ms")
	case s < 59.95:
		f.unit(s, " s")
	case s < 3600:
		_ = f.try(func(b []byte) []byte { return appendClock(b, s) }) || f.unit(s/60, " m")
	case s < 100*3600:
		_ = f.try(func(b []byte) []byte { return appendClock(b, s) }) || f.unit(s/3600, " h")
	default:
		f.unit(s/86400, " d")
	}
}

// unit tries two significant digits with the unit apart, then close, then one.
func (f *fitter) unit(v float64, unit string) bool {
	if v >= 1e4 {
		return f.long(v, unit)
	}
	for _, places := range [...]int{max(0, 1-max(0, exponent(v, 2))), 0} {
		for _, u := range [...]string{unit, unit[1:]} {
			if f.try(func(b []byte) []byte { return append(appendPlain(b, v, places), u...) }) {
				return true
			}
		}
	}
	return false
}

// long writes values so large that only their size matters.
func (f *fitter) long(v float64, unit string) bool {
	for sig := 4; sig > 0; sig-- {
		if f.try(func(b []byte) []byte { return append(appendShortest(b, v, sig), unit...) }) {
			return true
		}
	}
	return false
}

func (f *fitter) scaled(v float64, unit string) bool {
	return f.try(func(b []byte) []byte { return append(appendPlain(b, v, 0), unit...) })
}

func appendClock(b []byte, s float64) []byte {
	t := int64(math.Round(s))
	pair := func(n int64) { b = append(b, ':', byte('0'+n/10), byte('0'+n%10)) }
	if t >= 3600 {
		b = strconv.AppendInt(b, t/3600, 10)
		pair(t / 60 % 60)
	} else {
		b = strconv.AppendInt(b, t/60, 10)
	}
	pair(t % 60)
	return b
}

// ago takes seconds before now; negative lies ahead.
func (f *fitter) ago(s float64) {
	ahead := s < 0
	s = math.Abs(s)
	if s < 1 {
		_ = f.try(func(b []byte) []byte { return append(b, "now"...) })
		return
	}
	steps := [...]struct {
		below, by float64
		unit      string
	}{{60, 1, "s"}, {3600, 60, "m"}, {86400, 3600, "h"}, {14 * 86400, 86400, "d"}, {365 * 86400, 7 * 86400, "w"}, {math.Inf(1), 365.25 * 86400, "y"}}
	i := 0
	for s >= steps[i].below {
		i++
	}
	if s >= 1e4*365.25*86400 {
		_ = f.long(s/(365.25*86400), "y")
		return
	}
	// Ages are floored: what happened 119 s ago is 1 m old, as on a clock.
	n := int64(s / steps[i].by)
	write := func(before, after string) bool {
		return f.try(func(b []byte) []byte {
			b = strconv.AppendInt(append(b, before...), max(n, 1), 10)
			return append(append(b, steps[i].unit...), after...)
		})
	}
	if ahead {
		_ = write("in ", "") || write("+", "")
		return
	}
	_ = write("", " ago") || write("", "")
}
