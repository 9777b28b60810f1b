package metricsfile

import (
	"bytes"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"pace/engine/ingest"
)

// parseNumber reads a float as Python, C and JavaScript spell it: nan, inf, Infinity in any case included.
// Hexadecimal and underscores, which are no data, are refused.
func parseNumber(b []byte) (float64, bool) {
	if len(b) == 0 || len(b) > 64 {
		return 0, false
	}
	switch c := b[len(b)-1]; {
	case c >= '0' && c <= '9', c == '.':
	default:
		return named(b)
	}
	if bytes.IndexByte(b, '_') >= 0 || bytes.IndexByte(b, 'x') >= 0 || bytes.IndexByte(b, 'X') >= 0 {
		return 0, false
	}
	v, err := strconv.ParseFloat(string(b), 64)
	return v, err == nil || errors.Is(err, strconv.ErrRange)
}

// named reads NaN and the infinities.
func named(b []byte) (float64, bool) {
	sign := 1
	switch b[0] {
	case '-':
		sign, b = -1, b[1:]
	case '+':
		b = b[1:]
	}
	switch {
	case bytes.EqualFold(b, []byte("nan")):
		return math.NaN(), true
	case bytes.EqualFold(b, []byte("inf")), bytes.EqualFold(b, []byte("infinity")):
		return math.Inf(sign), true
	}
	return 0, false
}

// stepOf takes a whole number as a step.
func stepOf(v float64) (int64, bool) {
	if v != math.Trunc(v) || math.Abs(v) > 1<<53 {
		return 0, false
	}
	return int64(v), true
}

// microsOf reads a clock's number: seconds, milliseconds, microseconds or nanoseconds since 1970, told apart
// by their size. What is smaller than the seconds of 1973 is no clock but a duration.
func microsOf(v float64) (int64, bool) {
	switch {
	case v >= 1e8 && v < 1e11:
		return int64(math.Round(v * 1e6)), true
	case v >= 1e11 && v < 1e14:
		return int64(math.Round(v * 1e3)), true
	case v >= 1e14 && v < 1e17:
		return int64(math.Round(v)), true
	case v >= 1e17 && v < 1e20:
		return int64(math.Round(v / 1e3)), true
	}
	return ingest.NoTime, false
}

// layouts are how dates are written; without a zone they are taken as UTC.
var layouts = [...]string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05", time.DateTime, "2006-01-02 15:04", time.DateOnly}

func parseTime(b []byte) (int64, bool) {
	if len(b) < len("2006-01-02") || len(b) > 40 || b[4] != '-' {
		return ingest.NoTime, false
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, string(b)); err == nil {
			return t.UnixMicro(), true
		}
	}
	return ingest.NoTime, false
}

// The names of the column that counts and of the column that tells the time, the first that is there wins.
var (
	stepNames = [...]string{
		"step", "global_step", "_step", "trainer/global_step", "train/global_step", "iteration", "iter", "training_iteration",
		"time/total_timesteps", "total_timesteps", "timestep", "epoch", "batch",
	}
	clockNames = [...]string{"timestamp", "_timestamp", "wall_time", "walltime", "time", "datetime", "date"}
)

// rank is a name's place in a list, the list's length where it isn't there.
func rank(names []string, name string) int {
	for i, n := range names {
		if strings.EqualFold(n, name) {
			return i
		}
	}
	return len(names)
}
