package engine

import (
	"slices"
	"strings"
	"sync"
	"time"

	"pace/engine/watch"
)

// maxTroubles bounds the errors that are kept for showing.
const maxTroubles = 100

// Stats say what the engine did and what it met, for `pace doctor`.
type Stats struct {
	Role  string // "engine", or "reader" where another process is the engine
	Index string // path of the index
	Note  string // why the index isn't where it was meant to be; "" otherwise
	Work
	Walk
	// Watch says how changes are noticed: by events or by polling, and why.
	Watch watch.Status
	// Trouble is what went wrong, newest last; what a person should know stands in the store too, unless
	// the index itself is in trouble.
	Trouble []Trouble
}

// Work is what was read and written since the engine began.
type Work struct {
	Reads, Points, Writes int64
	Failed                int64
}

// Walk is the last walk over the project.
type Walk struct {
	Passes, Folders int
	Took            time.Duration
	Ended           time.Time
}

// Trouble is an error with its place.
type Trouble struct {
	Path string // "" for the index
	Err  error
	Time time.Time
}

// tally gathers Stats. Many goroutines use it.
type tally struct {
	mu    sync.Mutex
	stats Stats
}

func (t *tally) update(fn func(*Stats)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fn(&t.stats)
}

func (t *tally) snapshot() Stats {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.stats
	s.Trouble = slices.Clone(s.Trouble)
	return s
}

func (t *tally) wrote(outs []*outcome) {
	t.update(func(s *Stats) {
		s.Writes++
		for _, o := range outs {
			s.Reads++
			s.Points += int64(o.said.points)
		}
	})
}

func (t *tally) passed(p passed) {
	t.update(func(s *Stats) {
		s.Walk = Walk{Passes: s.Passes + 1, Folders: p.folders, Took: p.took, Ended: time.Now()}
	})
}

// trouble keeps an error; the same one again only moves its time.
func (t *tally) trouble(path string, err error) {
	t.update(func(s *Stats) {
		s.Failed++
		text := err.Error()
		s.Trouble = slices.DeleteFunc(s.Trouble, func(o Trouble) bool {
			return o.Path == path && strings.EqualFold(o.Err.Error(), text)
		})
		s.Trouble = append(s.Trouble, Trouble{Path: path, Err: err, Time: time.Now()})
		if over := len(s.Trouble) - maxTroubles; over > 0 {
			s.Trouble = slices.Delete(s.Trouble, 0, over)
		}
	})
}
