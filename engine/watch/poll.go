package watch

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// maxPolled is how many entries of one folder are looked at; the folder's own time tells about the rest.
const maxPolled = 20_000

// poller looks at folders again and again, slowly enough to keep to a budget of files a second.
type poller struct {
	opts Options
	out  chan []string
	wake chan struct{}

	mu   sync.Mutex
	dirs []string
}

// stamp is what tells one state of a file from another.
type stamp struct {
	size     int64
	modified time.Time
	folder   bool
}

func newPoller(opts Options) *poller {
	return &poller{opts: opts, out: make(chan []string), wake: make(chan struct{}, 1)}
}

func (p *poller) set(dirs []string) {
	p.mu.Lock()
	p.dirs = dirs
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *poller) run(ctx context.Context) {
	seen := map[string]map[string]stamp{}
	for ctx.Err() == nil {
		p.mu.Lock()
		dirs := p.dirs
		p.mu.Unlock()
		if len(dirs) == 0 {
			clear(seen)
			select {
			case <-ctx.Done():
			case <-p.wake:
			}
			continue
		}
		began := time.Now()
		if !p.round(ctx, dirs, seen) {
			return
		}
		pause(ctx, p.opts.Poll-time.Since(began))
	}
}

// round looks at every folder once; it is false when ctx ended.
func (p *poller) round(ctx context.Context, dirs []string, seen map[string]map[string]stamp) bool {
	wanted := make(map[string]bool, len(dirs))
	for _, dir := range dirs {
		wanted[dir] = true
		now := list(dir)
		changed := diff(dir, seen[dir], now)
		if seen[dir] == nil {
			changed = nil // the first look has nothing to compare with; the scan that asked for it has read the rest
		}
		seen[dir] = now
		if len(changed) > 0 {
			select {
			case p.out <- changed:
			case <-ctx.Done():
				return false
			}
		}
		// The rest keeps the rate of looks within the budget.
		if !pause(ctx, time.Duration(len(now)+1)*time.Second/time.Duration(p.opts.Stats)) {
			return false
		}
	}
	for dir := range seen {
		if !wanted[dir] {
			delete(seen, dir)
		}
	}
	return true
}

func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// list is the folder's entries, and the folder itself under ".". A folder that can't be read is empty.
func list(dir string) map[string]stamp {
	out := map[string]stamp{}
	if info, err := os.Stat(dir); err == nil {
		out["."] = stamp{modified: info.ModTime(), folder: true}
	}
	f, err := os.Open(dir)
	if err != nil {
		return out
	}
	defer f.Close()
	entries, _ := f.ReadDir(maxPolled)
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue
		}
		out[e.Name()] = stamp{info.Size(), info.ModTime(), e.IsDir()}
	}
	return out
}

// diff names what came, went or changed. A subfolder's own time is not this folder's business.
func diff(dir string, before, now map[string]stamp) []string {
	var out []string
	for name, s := range now {
		old, ok := before[name]
		switch {
		case name == ".":
			// Names that came and went are told one by one, unless there are too many to list.
			if ok && !old.modified.Equal(s.modified) && len(now) > maxPolled {
				out = append(out, dir)
			}
		case !ok, !s.folder && (old.size != s.size || !old.modified.Equal(s.modified)), old.folder != s.folder:
			out = append(out, filepath.Join(dir, name))
		}
	}
	for name := range before {
		if _, ok := now[name]; ok {
			continue
		}
		if name == "." {
			out = append(out, dir)
		} else {
			out = append(out, filepath.Join(dir, name))
		}
	}
	return out
}
