package table

import (
	"bytes"
	"math"
	"strconv"
	"unsafe"
)

// IsMissing tells whether raw text is one of pandas' default NA spellings (pandas.io.parsers STR_NA_VALUES) or empty.
func IsMissing(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	if len(b) > 8 {
		return false
	}
	switch b[0] {
	case '#', '-', '1', '<', 'N', 'n':
	default:
		return false
	}
	switch string(b) {
	case "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL",
		"NaN", "None", "n/a", "nan", "null":
		return true
	}
	return false
}

var pow10 = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
	1e19, 1e20, 1e21, 1e22}

// ParseFloat reads a decimal number or an infinity to the nearest float64, spaces around it allowed (as pandas). NaN, hexadecimal
// and underscores are no numbers.
func ParseFloat(b []byte) (float64, bool) {
	f, _, ok := ParseNumber(b)
	return f, ok
}

// ParseNumber is ParseFloat that also tells whether the text was an integer (digits with a sign at most) that fits 64 bits.
func ParseNumber(b []byte) (f float64, integer, ok bool) {
	i, neg := 0, false
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		neg = b[0] == '-'
		i = 1
	}
	var m uint64
	start := i
	for ; i < len(b) && b[i]-'0' <= 9; i++ {
		m = m*10 + uint64(b[i]-'0')
	}
	digits := i - start
	if i == len(b) && digits > 0 && digits <= 15 {
		f = float64(m)
		if neg {
			f = -f
		}
		return f, true, true
	}
	point, dot := 0, false
	if i < len(b) && b[i] == '.' {
		dot = true
		i++
		from := i
		for ; i < len(b) && b[i]-'0' <= 9; i++ {
			m = m*10 + uint64(b[i]-'0')
		}
		point = i - from
		digits += point
	}
	if dot && i == len(b) && digits > 0 && digits <= 19 && m < 1<<53 && point <= 22 {
		f = float64(m) / pow10[point]
		if neg {
			f = -f
		}
		return f, false, true
	}
	return parseSlow(b, i, digits)
}

// ParseInt reads an integer of 64 bits, spaces around it allowed.
func ParseInt(b []byte) (int64, bool) {
	b = trim(b)
	if len(b) == 0 || len(b) > 20 {
		return 0, false
	}
	n, err := strconv.ParseInt(unsafe.String(unsafe.SliceData(b), len(b)), 10, 64)
	return n, err == nil
}

// parseSlow takes exponents, long mantissas, infinities and spaces around the number; the scan stopped at i after so many digits.
func parseSlow(b []byte, i, digits int) (f float64, integer, ok bool) {
	trimmed := trim(b)
	if len(trimmed) != len(b) {
		if len(trimmed) == 0 {
			return 0, false, false
		}
		return ParseNumber(trimmed)
	}
	if digits == 0 {
		return parseInfinity(b)
	}
	if i < len(b) && !exponent(b[i:]) || len(b) > 4096 {
		return 0, false, false
	}
	s := unsafe.String(unsafe.SliceData(b), len(b))
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false, false
	}
	if i < len(b) || bytes.IndexByte(b, '.') >= 0 {
		return f, false, true
	}
	_, err = strconv.ParseInt(s, 10, 64)
	return f, err == nil, true
}

// exponent tells whether b is e, a sign at most, and digits.
func exponent(b []byte) bool {
	if b[0] != 'e' && b[0] != 'E' {
		return false
	}
	b = b[1:]
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		b = b[1:]
	}
	for _, c := range b {
		if c-'0' > 9 {
			return false
		}
	}
	return len(b) > 0
}

func parseInfinity(b []byte) (float64, bool, bool) {
	sign := 1
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		if b[0] == '-' {
			sign = -1
		}
		b = b[1:]
	}
	if len(b) != 3 && len(b) != 8 {
		return 0, false, false
	}
	var low [8]byte
	for i, c := range b {
		low[i] = c | 0x20
	}
	if w := string(low[:len(b)]); w == "inf" || w == "infinity" {
		return math.Inf(sign), false, true
	}
	return 0, false, false
}

func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

// ZeroPadded tells whether text is digits with a leading zero ("007", "-01"): a code, not a number.
func ZeroPadded(b []byte) bool {
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		b = b[1:]
	}
	return len(b) > 1 && b[0] == '0' && b[1]-'0' <= 9
}

// ParseBool reads the words pandas takes for truth values: true, True, TRUE and their opposites.
func ParseBool(b []byte) (v, ok bool) {
	switch string(b) {
	case "true", "True", "TRUE":
		return true, true
	case "false", "False", "FALSE":
		return false, true
	}
	return false, false
}
