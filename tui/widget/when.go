package widget

import "time"

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
