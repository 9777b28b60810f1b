package ingest

import "time"

// Record is one fact that a format can say: one of the types of this file, and no other.
type Record interface{ record() }

// Experiment is a group of runs as the tool knows it.
type Experiment struct {
	// Key identifies it by content, not by place: "mlflow/12".
	Key      string
	NativeID string
	Name     string
	// Deleted is the tool's own mark.
	Deleted  bool
	Created  time.Time
	Updated  time.Time
	Artifact string // artifact root as the tool wrote it, often an absolute URI of another machine
	// PrimaryMetric and Direction ("min", "max") are set only where the tool recorded them.
	PrimaryMetric string
	Direction     string
}

// Status is a run's state in pace's words.
type Status string

// The states of a run. Stale is no status: it is derived from a running run's last activity.
const (
	Queued   Status = "queued"
	Running  Status = "running"
	Finished Status = "finished"
	Failed   Status = "failed"
	Killed   Status = "killed"
	Unknown  Status = "unknown"
)

// Run is a run's header. A later Run with the same key replaces the earlier header; params, tags and
// points are said apart and stay.
type Run struct {
	// Key identifies the run by content, not by place: "mlflow/<experiment id>/<run id>". RunID turns it
	// into the id that people see.
	Key        string
	NativeID   string
	Experiment string // key of its experiment, "" where the tool has none
	Parent     string // key of its parent run
	Name       string
	Status     Status
	Native     string // the tool's own word for the status
	Deleted    bool
	Span
	Origin
	// ArtifactDir is the folder (absolute, or a URI that can't be read here) of the run's artifacts.
	ArtifactDir string
}

// Span is when a run started and ended; zero times are unknown.
type Span struct{ Started, Ended time.Time }

// Origin is who and what made a run, as far as the tool recorded it.
type Origin struct {
	User, Host, Command string
	Git
}

// Git is the code a run was made from. Dirty is nil where nobody recorded it.
type Git struct {
	Commit, Branch string
	Dirty          *bool
}

// Param is one parameter. The value is the tool's text, unchanged.
type Param struct{ Run, Key, Value string }

// Tag is one of the tool's own tags. pace's tags live in the journal.
type Tag struct{ Run, Key, Value string }

// TagGone says that a tag which was said before no longer stands in the tool's files.
type TagGone struct{ Run, Key string }

// Input is a dataset that a run read, as the tool recorded it.
type Input struct {
	Run, Name, Digest  string
	Context            string // "training", "validation", ...
	SourceType, Source string
	Schema, Profile    string // the tool's JSON, unchanged
}

// LoggedModel is a model that a run wrote (MLflow 3).
type LoggedModel struct {
	Run, ID, Name, Type string
	Status              string // PENDING, READY, UPLOAD_FAILED
	ArtifactDir         string
	Created             time.Time
}

// Reset takes back every point of one series, or of all the run's series when Series is empty: their
// file was replaced, truncated or rewritten, and its content follows from the start.
type Reset struct{ Run, Series string }

// RunGone says that the tool removed the run for good. Runs whose files vanish are found by the engine.
type RunGone struct{ Run string }

// Problem is something in the unit that can't be read while the rest goes on.
type Problem struct {
	// Path is relative to the project, Place what stands where in it: "line 12", "offset 4096".
	Path, Place string
	// Message reads `op noun: cause`; Hint is what a person can do.
	Message, Hint string
}

// Points is a batch of one series' points. Steps, Times and Values have one length.
type Points struct {
	Run, Series string
	// System marks machine metrics (CPU, memory), which are listed apart.
	System bool
	// Unordered is set by tools that let steps arrive in any order (MLflow): the latest point is then the
	// greatest by (step, time, value), and a step going back opens no new segment.
	Unordered bool
	Steps     []int64 // NoStep where absent
	Times     []int64 // microseconds since 1970 UTC, NoTime where absent
	Values    []float64
}

func (Experiment) record()  {}
func (Run) record()         {}
func (Param) record()       {}
func (Tag) record()         {}
func (TagGone) record()     {}
func (Input) record()       {}
func (LoggedModel) record() {}
func (Reset) record()       {}
func (RunGone) record()     {}
func (Problem) record()     {}
