package table

// ParseTime reads a date or a date and time in ISO 8601 order, to microseconds since 1970 UTC: 2024-02-29, 2024/02/29, with T or a
// space 23:59, 23:59:59, 23:59:59.123456789, and Z, +02, +0200 or +02:00. Stamps without a zone are taken as UTC.
func ParseTime(b []byte) (micros int64, ok bool) {
	if len(b) < 10 || len(b) > 35 || b[4] != b[7] || b[4] != '-' && b[4] != '/' {
		return 0, false
	}
	y, m, d := num(b[0:4]), num(b[5:7]), num(b[8:10])
	if y < 1 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return 0, false
	}
	secs := daysSince1970(y, m, d) * 86400
	if len(b) == 10 {
		return secs * 1e6, true
	}
	if b[10] != 'T' && b[10] != ' ' {
		return 0, false
	}
	clock, frac, rest, ok := parseClock(b[11:])
	if !ok {
		return 0, false
	}
	offset, ok := parseZone(rest)
	if !ok {
		return 0, false
	}
	return (secs+clock-offset)*1e6 + frac, true
}

// num reads digits; -1 when there is anything else.
func num(b []byte) int64 {
	var n int64
	for _, c := range b {
		if c-'0' > 9 {
			return -1
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

func daysIn(y, m int64) int64 {
	switch {
	case m == 2 && y%4 == 0 && (y%100 != 0 || y%400 == 0):
		return 29
	case m == 2:
		return 28
	case m == 4 || m == 6 || m == 9 || m == 11:
		return 30
	}
	return 31
}

// daysSince1970 is days_from_civil of Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
func daysSince1970(y, m, d int64) int64 {
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + d - 1
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468
}

// parseClock reads 23:59, 23:59:59 or 23:59:59.123 and returns what follows.
func parseClock(b []byte) (secs, micros int64, rest []byte, ok bool) {
	if len(b) < 5 || b[2] != ':' {
		return 0, 0, nil, false
	}
	h, m, s := num(b[0:2]), num(b[3:5]), int64(0)
	b = b[5:]
	if len(b) >= 3 && b[0] == ':' {
		s = num(b[1:3])
		b = b[3:]
		if len(b) > 1 && (b[0] == '.' || b[0] == ',') {
			scale := int64(100_000)
			b = b[1:]
			for len(b) > 0 && b[0]-'0' <= 9 {
				micros += int64(b[0]-'0') * scale
				scale /= 10
				b = b[1:]
			}
		}
	}
	if h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 60 {
		return 0, 0, nil, false
	}
	return h*3600 + m*60 + s, micros, b, true
}

// parseZone reads Z, +hh, +hhmm, +hh:mm or nothing, in seconds east of Greenwich.
func parseZone(b []byte) (int64, bool) {
	if len(b) == 0 || len(b) == 1 && (b[0] == 'Z' || b[0] == 'z') {
		return 0, true
	}
	if b[0] == ' ' && len(b) > 1 {
		b = b[1:]
	}
	if string(b) == "UTC" {
		return 0, true
	}
	if b[0] != '+' && b[0] != '-' {
		return 0, false
	}
	var h, m int64
	switch {
	case len(b) == 3:
		h = num(b[1:3])
	case len(b) == 5:
		h, m = num(b[1:3]), num(b[3:5])
	case len(b) == 6 && b[3] == ':':
		h, m = num(b[1:3]), num(b[4:6])
	default:
		return 0, false
	}
	if h < 0 || h > 23 || m < 0 || m > 59 {
		return 0, false
	}
	east := h*3600 + m*60
	if b[0] == '-' {
		east = -east
	}
	return east, true
}
