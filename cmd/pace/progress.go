package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"pace/engine/report"
	"pace/store"
)

const (
	progressAfter = 150 * time.Millisecond // what is over sooner shows nothing
	progressEvery = 100 * time.Millisecond
	progressBar   = 24 // columns
)

// showProgress draws how far the work is on stderr, where that is a terminal, until stop is called.
func (s *session) showProgress(ctx context.Context) (stop func()) {
	if !s.progress {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		timer := time.NewTimer(progressAfter)
		defer timer.Stop()
		drawn := false
		for {
			select {
			case <-ctx.Done():
				if drawn {
					fmt.Fprint(s.err, "\r\x1b[K")
				}
				return
			case <-timer.C:
			}
			if tasks := s.engine.Tasks(); len(tasks) > 0 {
				fmt.Fprint(s.err, "\r\x1b[K"+progressLine(tasks[0], len(tasks)-1))
				drawn = true
			}
			timer.Reset(progressEvery)
		}
	})
	return func() { cancel(); wg.Wait() }
}

// progressLine is one task as a line: a bar where the end is known, a count where it is not.
func progressLine(t store.Task, more int) string {
	line := report.Clean(t.Noun)
	if len(line) > 40 {
		line = line[:37] + "..."
	}
	if t.Total > 0 {
		full := int(min(t.Done, t.Total) * progressBar / t.Total)
		line += " [" + strings.Repeat("#", full) + strings.Repeat(" ", progressBar-full) + "]"
	}
	line += " " + report.FormatCount(t.Done)
	if t.Total > 0 {
		line += "/" + report.FormatCount(t.Total)
	}
	line += " " + t.Unit
	if more > 0 {
		line += fmt.Sprintf(", %d more", more)
	}
	return line
}
