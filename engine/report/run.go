package report

// The shapes that printers put first, so that a reader knows what follows.
const (
	SchemaRuns    = "pace.runs/1"
	SchemaRun     = "pace.run/1"
	SchemaCompare = "pace.compare/1"
	SchemaReport  = "pace.report/1"
	SchemaJournal = "pace.journal/1"
	SchemaDoctor  = "pace.doctor/1"
	SchemaData    = "pace.data/1"
)

// Runs is `pace.runs/1`: the runs that a filter left, in order. Total counts them before the limit.
type Runs struct {
	Schema string `json:"schema"`
	Runs   []Run  `json:"runs"`
	Total  int    `json:"total"`
}

// Run is one run, headers, params, tags and metrics, without points.
type Run struct {
	RunHead
	Params  KVs     `json:"params"`
	Metrics Metrics `json:"metrics"`
	Tags    KVs     `json:"tags"`
	Path    string  `json:"path"` // of the source that told it, relative to the project
}

// RunHead is what a run is, without what it measured.
type RunHead struct {
	ID         string `json:"id"`
	NativeID   string `json:"native_id"`
	Source     string `json:"source"` // the format's name: "mlflow-fs"
	Experiment string `json:"experiment"`
	Name       string `json:"name"`
	Parent     string `json:"parent,omitempty"` // id
	// Status is one of queued, running, finished, failed, killed, unknown.
	Status string `json:"status"`
	RunFlags
	RunTimes
	User string `json:"user"`
	Git  Git    `json:"git"`
}

// RunFlags are what pace derives or a tool marks beside the status.
type RunFlags struct {
	// Stale: it says running, and nothing has been written for so long that it probably is not.
	Stale   bool `json:"stale,omitempty"`
	Deleted bool `json:"deleted,omitempty"` // the tool's own mark
	Missing bool `json:"missing,omitempty"` // its files are gone
	Pinned  bool `json:"pinned,omitempty"`
	// Archived runs are left out of lists unless they are asked for.
	Archived bool `json:"archived,omitempty"`
}

// RunTimes are when a run ran.
type RunTimes struct {
	Started Time `json:"started"`
	Ended   Time `json:"ended"`
	// DurationMS is from start to end, or to the newest point of a run that never said its end; null where unknown.
	DurationMS *int64 `json:"duration_ms"`
}

// State is the one word that a screen shows: the status, or "stale", "deleted", "missing" where that says more.
func (h RunHead) State() string {
	switch {
	case h.Deleted:
		return "deleted"
	case h.Missing:
		return "missing"
	case h.Stale:
		return "stale"
	}
	return h.Status
}

// Title is the run's name, or its id where it has none.
func (h RunHead) Title() string {
	if h.Name != "" {
		return h.Name
	}
	return h.ID
}

// Git is the code a run was made from; "" and null where nobody recorded it.
type Git struct {
	Commit string `json:"commit"`
	Branch string `json:"branch"`
	Dirty  *bool  `json:"dirty"`
}

// Metric is one series in numbers. Best is null where nobody knows whether less or more is better. Numbers over no
// finite value are NaN.
type Metric struct {
	Key string `json:"-"`
	MetricSummary
	System    bool   `json:"system,omitempty"`
	Direction string `json:"direction,omitempty"` // "min", "max" or ""
	Guessed   bool   `json:"guessed,omitempty"`   // the direction comes from the name alone
}

// MetricSummary is the numbers of a series, with the step at which each stands.
type MetricSummary struct {
	Last     Float  `json:"last"`
	LastStep Step   `json:"last_step"`
	First    Float  `json:"first"`
	Min      Float  `json:"min"`
	MinStep  Step   `json:"min_step"`
	Max      Float  `json:"max"`
	MaxStep  Step   `json:"max_step"`
	Best     *Float `json:"best"`
	Points   int64  `json:"points"`
	NaN      int64  `json:"nan,omitempty"`
	Infinite int64  `json:"infinite,omitempty"`
	Segments int64  `json:"segments"`
}

// Metrics are the series of one run in order of their keys. JSON writes them as one object.
type Metrics []Metric

// MarshalJSON writes {"key":{...},...}.
func (m Metrics) MarshalJSON() ([]byte, error) {
	var w objectWriter
	for _, e := range m {
		if err := w.add(e.Key, e); err != nil {
			return nil, err
		}
	}
	return w.bytes(), nil
}

// Get finds a metric by its key.
func (m Metrics) Get(key string) (Metric, bool) {
	for _, e := range m {
		if e.Key == key {
			return e, true
		}
	}
	return Metric{}, false
}

// RunDetail is `pace.run/1`: one run with everything that belongs to it. Series is filled only where it was asked for.
type RunDetail struct {
	Schema string `json:"schema"`
	Run
	Series       SeriesPoints  `json:"series"`
	Artifacts    []Artifact    `json:"artifacts"`
	Datasets     []RunDataset  `json:"datasets"`
	LoggedModels []LoggedModel `json:"logged_models,omitempty"`
	Notes        []Note        `json:"notes"`
	ArtifactDir  string        `json:"artifact_dir,omitempty"`
	Command      string        `json:"command,omitempty"`
	Host         string        `json:"host,omitempty"`
	// Primary is the key of the metric that is drawn first; "" for a run without metrics.
	Primary  string    `json:"primary,omitempty"`
	Findings []Finding `json:"findings,omitempty"`
}

// RunDataset is a dataset that a run read, as its tool recorded it.
type RunDataset struct {
	Name     string `json:"name"`
	Digest   string `json:"digest"`
	Context  string `json:"context,omitempty"`
	Source   string `json:"source,omitempty"` // "local", "http", ...
	Location string `json:"location,omitempty"`
}

// LoggedModel is a model that a run wrote (MLflow 3).
type LoggedModel struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Type    string `json:"type,omitempty"`
	Status  string `json:"status"`
	Dir     string `json:"dir,omitempty"`
	Created Time   `json:"created"`
}
