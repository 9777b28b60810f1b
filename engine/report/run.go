package report

import (
	"context"
	"errors"
	"fmt"
	"sort"

	"pace/store"
)

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
	Stale bool `json:"stale,omitempty"`
	// Live: its tool keeps no status, and it was written to a moment ago.
	Live    bool `json:"live,omitempty"`
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

// State is the one word that a screen shows: the status, or "stale", "live", "deleted", "missing" where that says more.
func (h RunHead) State() string {
	switch {
	case h.Deleted:
		return "deleted"
	case h.Missing:
		return "missing"
	case h.Stale:
		return "stale"
	case h.Live:
		return "live"
	}
	return h.Status
}

// Moves says whether the run is being written to, as far as anybody can tell.
func (h RunHead) Moves() bool { return h.Live || (h.Status == "running" && !h.Stale) }

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

// ErrNotFound is what a Load of something that isn't in the store wraps.
var ErrNotFound = errors.New("not found")

// RunQuery asks for one run; Points also for every point of every series.
type RunQuery struct {
	ID     string
	Points bool
}

// LoadRun reads one run with everything that belongs to it but its artifacts, which the engine lists (ArtifactList).
// It wraps ErrNotFound.
func LoadRun(ctx context.Context, r *store.Reader, opts Options, q RunQuery) (RunDetail, error) {
	run, ok, err := r.Run(ctx, q.ID)
	if err != nil {
		return RunDetail{}, fmt.Errorf("load run %s: %w", q.ID, err)
	}
	if !ok {
		return RunDetail{}, fmt.Errorf("load run %s: %w", q.ID, ErrNotFound)
	}
	c, err := loadContext(ctx, r, opts)
	if err != nil {
		return RunDetail{}, err
	}
	full, summaries, err := c.run(ctx, r, run)
	if err != nil {
		return RunDetail{}, err
	}
	d := RunDetail{
		Schema: SchemaRun, Run: full, ArtifactDir: run.ArtifactDir, Command: run.Command, Host: run.Host,
		Artifacts: []Artifact{}, Datasets: []RunDataset{}, Notes: []Note{},
	}
	d.Primary = c.dirs.Primary(summaryKeys(summaries))
	if err := d.relations(ctx, r); err != nil {
		return RunDetail{}, err
	}
	if q.Points {
		if d.Series, err = loadAllPoints(ctx, r, summaries); err != nil {
			return RunDetail{}, err
		}
	}
	d.Findings = runFindings(d.RunHead, d.Metrics)
	return d, nil
}

// relations fills what a run read, wrote and was told.
func (d *RunDetail) relations(ctx context.Context, r *store.Reader) error {
	inputs, err := r.Inputs(ctx, d.ID)
	if err != nil {
		return fmt.Errorf("load inputs of run %s: %w", d.ID, err)
	}
	for _, in := range inputs {
		d.Datasets = append(d.Datasets, RunDataset{
			Name: in.Name, Digest: in.Digest, Context: in.Context, Source: in.SourceType, Location: in.Location,
		})
	}
	logged, err := r.LoggedModels(ctx, d.ID)
	if err != nil {
		return fmt.Errorf("load models of run %s: %w", d.ID, err)
	}
	for _, m := range logged {
		d.LoggedModels = append(d.LoggedModels, LoggedModel{
			ID: m.ID, Name: m.Name, Type: m.Type, Status: m.Status, Dir: m.ArtifactDir, Created: Time{m.Created},
		})
	}
	notes, err := LoadNotes(ctx, r, "")
	if err != nil {
		return err
	}
	for _, n := range notes {
		if id, ok := runOf(n.Subject); ok && id == d.ID {
			d.Notes = append(d.Notes, n)
		}
	}
	return nil
}

// projectContext is what every run's description needs from the rest of the project.
type projectContext struct {
	opts        Options
	dirs        Directions
	experiments map[string]store.Experiment
	said        map[string]saidOf
}

func loadContext(ctx context.Context, r *store.Reader, opts Options) (projectContext, error) {
	byID, list, err := loadExperiments(ctx, r)
	if err != nil {
		return projectContext{}, err
	}
	said, marks, err := loadSaid(ctx, r)
	if err != nil {
		return projectContext{}, err
	}
	return projectContext{opts: opts, dirs: newDirections(opts, directionMarks(marks), list), experiments: byID, said: said}, nil
}

// head describes a run by its header and, for one that says running, its series.
func (c projectContext) head(run store.Run, summaries []store.Summary) RunHead {
	h := runHead(run, c.experiments, c.opts.Moment, quietLimit(summaries))
	h.Pinned, h.Archived = c.said[run.ID].pinned, c.said[run.ID].archived
	return h
}

// run reads params, metrics and tags of a run.
func (c projectContext) run(ctx context.Context, r *store.Reader, run store.Run) (Run, []store.Summary, error) {
	f := fresh{run: run}
	if err := f.load(ctx, r, tableColumns{}); err != nil {
		return Run{}, nil, fmt.Errorf("load run %s: %w", run.ID, err)
	}
	return c.assemble(f), f.summaries, nil
}

// assemble describes a run from everything that is told about it.
func (c projectContext) assemble(f fresh) Run {
	out := Run{RunHead: c.head(f.run, f.summaries), Params: newKVs(f.params), Tags: c.tags(f.run.ID, f.tags), Path: f.run.Source}
	out.Metrics = make(Metrics, len(f.summaries))
	for i, s := range f.summaries {
		out.Metrics[i] = c.dirs.metric(s)
	}
	return out
}

// tags are the tool's with people's on top.
func (c projectContext) tags(id string, told []store.KV) KVs {
	tags := newKVs(told)
	for _, said := range c.said[id].tags {
		if i := sort.Search(len(tags), func(i int) bool { return tags[i].Key >= said.Key }); i < len(tags) && tags[i].Key == said.Key {
			tags[i] = said
			continue
		}
		tags = append(tags, said)
		sort.SliceStable(tags, func(i, j int) bool { return tags[i].Key < tags[j].Key })
	}
	return tags
}

func summaryKeys(summaries []store.Summary) []store.KeyCount {
	keys := make([]store.KeyCount, len(summaries))
	for i, s := range summaries {
		keys[i] = store.KeyCount{Key: s.Key, Runs: 1, System: s.System}
	}
	return keys
}

// runFindings is what is wrong with a run as far as its own record tells.
func runFindings(h RunHead, metrics Metrics) []Finding {
	var out []Finding
	add := func(level Level, kind, message, hint string, since Time) {
		out = append(out, Finding{Level: level, Kind: kind, Subject: "run:" + h.ID, Title: h.Title(), Message: message, Hint: hint, Since: since})
	}
	switch {
	case h.Stale:
		add(Warn, "stale", "says running, and nothing was written for long", "look whether its process is alive", h.Started)
	case h.Status == "failed":
		add(Warn, "failed", "failed", "", h.Ended)
	case h.Status == "killed":
		add(Info, "failed", "was killed", "", h.Ended)
	}
	if h.Missing {
		add(Warn, "missing", "its files are gone", "what was read from them stays until the index is rebuilt", h.Started)
	}
	for _, m := range metrics {
		if m.System || Float.Finite(m.Last) {
			continue
		}
		add(Warn, "nan", m.Key+" ended at "+FormatNumber(float64(m.Last)), "the last finite value is in its curve", h.Started)
		break
	}
	return out
}
