// Package watch says which files may have changed, soon after they did.
// It must not know what the files are, nor the engine: it takes folders and gives paths.
//
// What it says is a hint: an event may come late, twice, for nothing, or not at all; timed scans find what it
// missed. Folders where events do not come (network disks, too many watches) are polled, and Status says so.
package watch

import (
	"context"
	"time"
)

// Watcher watches folders, not their subfolders.
type Watcher interface {
	// Watch replaces the set of watched folders (absolute paths). It returns at once and may be called at any time.
	Watch(dirs []string)
	// Run works until ctx ends, and calls dirty with the paths that may have changed, each once a call; a watched
	// folder itself stands for everything directly in it. Calls do not overlap. Run is called once.
	Run(ctx context.Context, dirty func(paths []string)) error
	// Status is what is watched now and how.
	Status() Status
}

// Status says how folders are watched.
type Status struct {
	Events int // folders whose changes are told by the system
	Polled int // folders that are looked at again and again
	Why    []Reason
}

// Reason is why folders are polled.
type Reason struct {
	Text    string // "nfs sends no events"
	Hint    string // what the user can do, "" for nothing
	Dirs    int
	Example string // one of the folders
}

// Options tune a System watcher; zero values mean the defaults.
type Options struct {
	Quiet    time.Duration // events are collected until none came for this long; 15 ms
	Latest   time.Duration // but no longer than this; 80 ms
	Poll     time.Duration // least time between two looks at a polled folder; 1 s
	Stats    int           // files looked at a second by polling; 2000. Slower looks keep it
	Watches  int           // most folders with events; 8192, 200 where each file costs a descriptor
	PollOnly bool          // no events at all
}

func (o Options) filled() Options {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	def(&o.Quiet, 15*time.Millisecond)
	def(&o.Latest, 80*time.Millisecond)
	def(&o.Poll, time.Second)
	if o.Stats <= 0 {
		o.Stats = 2000
	}
	if o.Watches <= 0 {
		o.Watches = mostWatches
	}
	return o
}
