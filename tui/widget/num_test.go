package widget

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		v    float64
		w    int
		want string
	}{
		{KindNum, 0, 9, "0"}, {KindNum, 1, 9, "1"}, {KindNum, .93124, 9, ".9312"}, {KindNum, -.5, 9, "-.5"},
		{KindNum, 3e-4, 9, "3e-4"}, {KindNum, 1e-3, 9, ".001"}, {KindNum, .05, 9, ".05"}, {KindNum, 1.234e-7, 9, "1.234e-7"},
		{KindNum, 12345.678, 9, "12346"}, {KindNum, 12345.678, 4, "12k"}, {KindNum, 150.6865, 9, "150.7"},
		{KindNum, 336776, 9, "336776"}, {KindNum, 336776, 5, "337k"}, {KindNum, 1234567, 9, "1.235M"}, {KindNum, 1e20, 9, "1e20"},
		{KindNum, 999999.7, 9, "1000000"}, {KindNum, 9999999, 9, "10M"}, {KindNum, .99996, 9, "1"}, {KindNum, 123456, 2, "##"}, {KindNum, 3, 0, ""},
		{KindNum, math.NaN(), 5, "nan"}, {KindNum, math.Inf(-1), 5, "-inf"}, {KindNum, math.Inf(1), 2, "##"},
		{KindNum, math.MaxFloat64, 9, "1.798e308"}, {KindNum, 5e-324, 9, "4.94e-324"},
		{KindDelta, .0041, 9, "+.0041"}, {KindDelta, -.0174, 9, "-.0174"}, {KindDelta, 0, 9, "0"},
		{KindCount, 336776, 9, "336,776"}, {KindCount, 336776, 6, "336776"}, {KindCount, 336776, 5, "337k"}, {KindCount, 999, 9, "999"}, {KindCount, -1234, 9, "-1,234"},
		{KindBytes, 304, 9, "304 B"}, {KindBytes, 8.1e6, 9, "8.1 MB"}, {KindBytes, 8.1e6, 5, "8 MB"}, {KindBytes, 8.1e6, 2, "8M"}, {KindBytes, 999999, 9, "1 MB"}, {KindBytes, 0, 9, "0 B"}, {KindBytes, 1.234e10, 9, "12.3 GB"},
		{KindMemory, 97.6 * (1 << 20), 9, "97.6 MiB"}, {KindMemory, 1 << 10, 9, "1 KiB"}, {KindMemory, 1023, 9, "1023 B"},
		{KindPercent, .0073, 9, ".73 %"}, {KindPercent, .174, 9, "17.4 %"}, {KindPercent, .174, 4, "17 %"}, {KindPercent, .174, 3, "17%"}, {KindPercent, 1, 9, "100 %"}, {KindPercent, 0, 9, "0 %"},
		{KindPercent, .99999, 9, ">99.99 %"}, {KindPercent, .99999, 4, ">99%"}, {KindPercent, 1e-9, 9, "<.01 %"}, {KindPercent, .9998, 9, "99.98 %"}, {KindPercent, 1.16, 9, "116 %"}, {KindPercent, .004, 3, ".4%"}, {KindPercent, .0042, 2, "##"},
		{KindDuration, .412, 9, "412 ms"}, {KindDuration, 4.1, 9, "4.1 s"}, {KindDuration, 130, 9, "2:10"}, {KindDuration, 3723, 9, "1:02:03"}, {KindDuration, 3723, 4, "1 h"},
		{KindDuration, 59.99, 9, "1:00"}, {KindDuration, .9999, 9, "1 s"}, {KindDuration, 4.2 * 86400, 9, "4.2 d"}, {KindDuration, 0, 9, "0 s"}, {KindDuration, 3e-9, 9, "3 ns"}, {KindDuration, -130, 9, "-2:10"},
		{KindAgo, 30, 9, "30s ago"}, {KindAgo, 119, 9, "1m ago"}, {KindAgo, 7200, 4, "2h"}, {KindAgo, .2, 9, "now"}, {KindAgo, -180, 9, "in 3m"}, {KindAgo, 86400 * 400, 9, "1y ago"},
	} {
		if got := Format(c.kind, c.v, c.w); got != c.want {
			t.Errorf("kind %d: %v in %d: %q, want %q", c.kind, c.v, c.w, got, c.want)
		}
	}
}

func TestWhen(t *testing.T) {
	now := time.Date(2026, 11, 22, 18, 20, 5, 0, time.UTC)
	for _, c := range []struct {
		at   time.Time
		w    int
		want string
	}{
		{now.Add(-time.Hour), 20, "17:20:05"}, {now.Add(-time.Hour), 6, "17:20"}, {now.Add(-48 * time.Hour), 20, "11-20 18:20"},
		{now.Add(-48 * time.Hour), 8, "11-20"}, {now.AddDate(-1, 0, 0), 20, "2025-11-22 18:20"}, {now.AddDate(-1, 0, 0), 7, "2025-11"}, {time.Time{}, 9, ""},
		{now.AddDate(-1, 0, 0), 1, "#"},
	} {
		if got := When(c.at, now, c.w); got != c.want {
			t.Errorf("%v in %d: %q, want %q", c.at, c.w, got, c.want)
		}
	}
	if got := Ago(now.Add(-3*time.Minute), now, 20); got != "3m ago" {
		t.Errorf("ago: %q", got)
	}
	if got := Stamp(now, 19); got != "2026-11-22 18:20:05" {
		t.Errorf("stamp: %q", got)
	}
}

func FuzzFormat(f *testing.F) {
	for _, v := range []float64{0, 1, -.5, 1e300, 999999.5, 59.96, .99995, math.NaN()} {
		f.Add(v, 7)
	}
	f.Fuzz(func(t *testing.T, v float64, w int) {
		w %= 40
		for k := KindNum; k <= KindAgo; k++ {
			got := Format(k, v, w)
			if len(got) > max(w, 0) {
				t.Fatalf("kind %d: %v in %d: %q", k, v, w, got)
			}
			if w >= 11 && strings.Contains(got, "#") {
				t.Fatalf("kind %d: %v gives up at %d: %q", k, v, w, got)
			}
		}
	})
}
