package mlflowfs

import (
	"bytes"
	"errors"
	"math"
	"strconv"
)

const (
	maxLine  = 4096 // bytes of a metric line, dataset name and digest included
	microsMS = 1000
)

var (
	errFields = errors.New("not 2, 3 or 5 fields")
	errTime   = errors.New("timestamp is not a whole number of milliseconds")
	errValue  = errors.New("value is not a number")
	errStep   = errors.New("step is not a whole number")
)

// point is one line of a metric file; time in microseconds since 1970.
type point struct {
	step, time int64
	value      float64
}

// parseLine reads `timestamp value [step [dataset digest]]`. A line without a step has step 0, as MLflow's
// reader says; of a line with a dataset MLflow's reader drops the step, which is kept here. A dataset's
// name may hold spaces.
func parseLine(line []byte) (point, error) {
	ts, rest, ok := cut(line)
	if !ok {
		return point{}, errFields
	}
	ms, ok := parseInt(ts)
	if !ok || ms > math.MaxInt64/microsMS || ms < math.MinInt64/microsMS {
		return point{}, errTime
	}
	value, rest, more := cut(rest)
	p := point{time: ms * microsMS}
	if p.value, ok = parseFloat(value); !ok {
		return point{}, errValue
	}
	if !more {
		return p, nil
	}
	step, rest, more := cut(rest)
	if p.step, ok = parseInt(step); !ok {
		return point{}, errStep
	}
	if more && bytes.IndexByte(rest, ' ') < 0 {
		return point{}, errFields
	}
	return p, nil
}

// cut takes the first field; more is true when a space follows it.
func cut(line []byte) (field, rest []byte, more bool) {
	i := bytes.IndexByte(line, ' ')
	if i < 0 {
		return line, nil, false
	}
	return line[:i], line[i+1:], true
}

func parseInt(b []byte) (int64, bool) {
	digits := b
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		digits = b[1:]
	}
	if len(digits) == 0 || len(digits) > 18 {
		v, err := strconv.ParseInt(string(b), 10, 64)
		return v, err == nil
	}
	var v int64
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + int64(c-'0')
	}
	if b[0] == '-' {
		v = -v
	}
	return v, true
}

var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// parseFloat reads what Python's float() reads of repr's output. Up to 15 digits without an exponent need
// one exact division (W. Clinger, How to read floating point numbers accurately, 1990).
func parseFloat(b []byte) (float64, bool) {
	digits := b
	if len(b) > 0 && b[0] == '-' {
		digits = b[1:]
	}
	if len(digits) == 0 || len(digits) > 16 {
		return parseFloatSlow(b)
	}
	var mantissa uint64
	point, seen := -1, 0
	for i, c := range digits {
		switch {
		case c >= '0' && c <= '9':
			mantissa = mantissa*10 + uint64(c-'0')
			seen++
		case c == '.' && point < 0:
			point = i
		default:
			return parseFloatSlow(b)
		}
	}
	if seen == 0 || seen > 15 {
		return parseFloatSlow(b)
	}
	v := float64(mantissa)
	if point >= 0 {
		v /= powers[len(digits)-point-1]
	}
	if len(digits) != len(b) {
		v = -v
	}
	return v, true
}

func parseFloatSlow(b []byte) (float64, bool) {
	if len(b) > 400 || bytes.ContainsAny(b, "xXpP_") {
		return 0, false
	}
	v, err := strconv.ParseFloat(string(b), 64)
	// Python reads numbers beyond the greatest double as infinity.
	return v, err == nil || errors.Is(err, strconv.ErrRange)
}
