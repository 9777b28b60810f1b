package engine

import (
	"context"
	"time"
)

// throttle keeps repeated looking cheap: after each slice of work it rests so long that the work stays a
// small share of one core.
type throttle struct {
	slice time.Duration // work before a rest
	share float64       // of one core; 0 never rests
	began time.Time
}

// idleThrottle is for looking at what is at rest: 1 % of one core.
func idleThrottle() *throttle { return &throttle{slice: 2 * time.Millisecond, share: 0.01} }

// turn is called between small pieces of work; it rests where the slice is used up.
func (t *throttle) turn(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if t.share == 0 {
		return nil
	}
	now := time.Now()
	if t.began.IsZero() {
		t.began = now
		return nil
	}
	worked := now.Sub(t.began)
	if worked < t.slice {
		return nil
	}
	rest := time.Duration(float64(worked) * (1 - t.share) / t.share)
	if err := sleep(ctx, min(rest, time.Second)); err != nil {
		return err
	}
	t.began = time.Now()
	return nil
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
