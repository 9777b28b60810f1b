// Package store is what pace remembers: the nouns, the SQL and the bytes of packed metric points. It is an
// index that can be deleted and rebuilt. It must not know who fills it or who draws it: it imports nothing
// of ours.
package store

import (
	"math"
	"time"
)

// NoStep and NoTime stand where a point has no step or no time.
const (
	NoStep int64 = math.MinInt64
	NoTime int64 = math.MinInt64
)

// Source is one unit that a format or a table reader claimed: a file, or a folder read as one.
type Source struct {
	Path    string // relative to the project, with slashes
	Format  string // the format's name
	Stamp   string // what the format saw at the last complete read; "" forces a read
	Cursor  []byte // opaque to everyone but the format
	Missing bool   // the files are gone; what was read from them stays
	Seen    time.Time
}

// Experiment is a group of runs as a tool knows it.
type Experiment struct {
	ID, NativeID, Name string
	Source             string // path of the source that told it
	Format             string
	Deleted            bool
	Created, Updated   time.Time
	Artifact           string
	PrimaryMetric      string
	Direction          string // "min", "max" or "" where the tool recorded none
}

// Run is the header of one run. Status holds one of: queued, running, finished, failed, killed, unknown.
type Run struct {
	ID, NativeID string
	Source       string // path of the source that told it
	Format       string
	Experiment   string // id, "" for none
	Parent       string // id of the parent run, "" for none
	Name         string
	Status       string
	Native       string // the tool's own word for the status
	Deleted      bool   // the tool's own mark
	Missing      bool   // its source's files are gone
	ArtifactDir  string
	Span
	Origin
}

// Span is when a run started and ended, and when its newest point was written; zero times are unknown.
type Span struct{ Started, Ended, Active time.Time }

// Origin is who and what made a run, as far as its tool recorded it.
type Origin struct {
	User, Host, Command string
	Commit, Branch      string
	Dirty               *bool
}

// KV is a param or a tag.
type KV struct{ Key, Value string }

// Summary is one series without its points. Min, Max and Sum leave out NaN and infinities; where a series
// has no finite value they are NaN.
type Summary struct {
	Run    string // id
	Key    string
	System bool
	N      int64 // points, NaN and infinities included
	NaN    int64
	Inf    int64
	First  Point
	Last   Point // the latest by the tool's rule: see Points.Unordered
	Min    Point
	Max    Point
	Sum    float64
	// Segments counts the pieces between restarts (1 for a series whose step never goes back).
	Segments int64
}

// Point is one value of a series. Step is NoStep and Time (microseconds since 1970 UTC) NoTime where the
// tool recorded none.
type Point struct {
	Step, Time int64
	Value      float64
}

// Points is a batch of one series in arrival order; the slices have one length.
type Points struct {
	Steps, Times []int64
	Values       []float64
	// Unordered: steps may arrive in any order, the latest is the greatest by (step, time, value), and a
	// step going back is no restart. Otherwise the latest is the last that arrived.
	Unordered bool
}

// Input is a dataset that a run read, as its tool recorded it.
type Input struct {
	Run, Name, Digest, Context string
	SourceType, Location       string
	Schema, Profile            string
}

// LoggedModel is a model that a run wrote (MLflow 3).
type LoggedModel struct {
	Run, ID, Name, Type, Status, ArtifactDir string
	Created                                  time.Time
}

// Problem is something that can't be read while the rest goes on.
type Problem struct {
	Source, Path, Place, Message, Hint string
	Since                              time.Time
}

// Dataset is a table file of the project. Version is the content's digest, "" until it was read once.
type Dataset struct {
	Path, Format string
	Bytes        int64
	Modified     time.Time
	Version      string
	Missing      bool
	Rows         int64 // -1 until known
	Columns      int64 // -1 until known
}

// Result is derived work: bytes that the package which computed them can decode. The key is complete:
// the same kind, content, parameters and algorithm give the same bytes.
type Result struct {
	Kind      string // "profile"
	Content   string // digest of what it was computed from
	Params    string // digest of the parameters
	Algorithm int    // version of the algorithm
	Bytes     []byte
	Computed  time.Time
}

// Event is one line of a journal as the store keeps it for queries; the journal files are the truth.
type Event struct {
	ID, Actor, Clone string
	Time             time.Time
	Clock            int64
	Kind, Subject    string
	Body             []byte // JSON
}

// Note is what somebody said about a subject, after edits, undo and redo.
type Note struct {
	ID, Subject, Actor, Text string
	Time, Edited             time.Time
	ReplyTo                  string // id of the note it answers, "" for none
	Resolved                 bool
	ResolvedBy               string
}

// Mark is a tag, pin, archive or direction that somebody set on a subject.
type Mark struct {
	Subject, Kind, Key, Value, Actor string
	Time                             time.Time
}

// Task is a snapshot of work under way, for the other processes on the same index.
type Task struct {
	Noun        string // what is worked on: "profile data/flights.parquet"
	Unit        string // "rows", "bytes", "files"
	Done, Total int64  // Total is 0 where nobody knows
	Started     time.Time
	Updated     time.Time
}
