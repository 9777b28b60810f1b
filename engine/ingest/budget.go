package ingest

import (
	"math"
	"time"
)

// Budget counts one Read against its Limits. It is never spent before something was, so that every Read
// makes some progress under any limits.
type Budget struct {
	lim    Limits
	until  time.Time
	points int
	bytes  int64
	any    bool
}

// NewBudget starts the clock.
func NewBudget(lim Limits) *Budget {
	b := &Budget{lim: lim}
	if lim.Time > 0 {
		b.until = time.Now().Add(lim.Time)
	}
	return b
}

// Spend notes what was said and read.
func (b *Budget) Spend(points int, bytes int64) {
	b.points += points
	b.bytes += bytes
	b.any = true
}

// Spent is true when a limit is reached: time for More.
func (b *Budget) Spent() bool {
	switch {
	case !b.any:
		return false
	case b.lim.Points > 0 && b.points >= b.lim.Points:
		return true
	case b.lim.Bytes > 0 && b.bytes >= b.lim.Bytes:
		return true
	}
	return !b.until.IsZero() && !time.Now().Before(b.until)
}

// Any is true when something was spent.
func (b *Budget) Any() bool { return b.any }

// PointsLeft is how many points may still be said, at least 1.
func (b *Budget) PointsLeft() int {
	if b.lim.Points <= 0 {
		return math.MaxInt
	}
	return max(1, b.lim.Points-b.points)
}

// BytesLeft is how many bytes may still be read, at least 1.
func (b *Budget) BytesLeft() int64 {
	if b.lim.Bytes <= 0 {
		return math.MaxInt64
	}
	return max(1, b.lim.Bytes-b.bytes)
}
