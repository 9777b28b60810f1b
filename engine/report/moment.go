package report

import (
	"time"

	"pace/store"
)

// Moment is when a report is made: what "stale", "-7d" and "since" count from, and the zone of dates without one.
type Moment struct {
	Now  time.Time
	Zone *time.Location // nil is UTC
}

// A running run is stale when nothing was written for ten of its own intervals, and at least for five minutes
// (training jobs killed by the system stay "running" for ever in MLflow: transformers #30333). A run that never
// wrote a point gets a day.
const (
	staleIntervals = 10
	staleLeast     = 5 * time.Minute
	staleSilent    = 24 * time.Hour
)

// quietLimit is how long a run may be silent, from the mean interval of its busiest series.
func quietLimit(summaries []store.Summary) time.Duration {
	limit := time.Duration(-1)
	var most int64
	for _, s := range summaries {
		if s.N <= most || s.First.Time == store.NoTime || s.Last.Time == store.NoTime {
			continue
		}
		most = s.N
		limit = staleLeast
		if s.N > 1 {
			mean := time.Duration((s.Last.Time-s.First.Time)/(s.N-1)) * time.Microsecond
			limit = max(limit, staleIntervals*mean)
		}
	}
	if limit < 0 {
		return staleSilent
	}
	return limit
}

// stale says whether a run says running and has been silent for longer than its limit.
func (m Moment) stale(run store.Run, limit time.Duration) bool {
	if run.Status != "running" {
		return false
	}
	last := run.Active
	if last.Before(run.Started) {
		last = run.Started
	}
	return !last.IsZero() && m.Now.Sub(last) > limit
}

// durationMS is from start to end in milliseconds; a run without an end lasts to its newest point, a running one to now.
func (m Moment) durationMS(run store.Run, stale bool) *int64 {
	if run.Started.IsZero() {
		return nil
	}
	end := run.Ended
	if end.IsZero() {
		end = run.Active
		if run.Status == "running" && !stale {
			end = m.Now
		}
	}
	if end.Before(run.Started) {
		return nil
	}
	ms := end.Sub(run.Started).Milliseconds()
	return &ms
}
