package report

import (
	"context"
	"errors"
	"fmt"
	"sort"

	"pace/store"
)

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
	summaries, err := r.Summaries(ctx, run.ID)
	if err != nil {
		return Run{}, nil, fmt.Errorf("load metrics of run %s: %w", run.ID, err)
	}
	params, err := r.Params(ctx, run.ID)
	if err != nil {
		return Run{}, nil, fmt.Errorf("load params of run %s: %w", run.ID, err)
	}
	tags, err := r.Tags(ctx, run.ID)
	if err != nil {
		return Run{}, nil, fmt.Errorf("load tags of run %s: %w", run.ID, err)
	}
	out := Run{RunHead: c.head(run, summaries), Params: newKVs(params), Tags: c.tags(run.ID, tags), Path: run.Source}
	out.Metrics = make(Metrics, len(summaries))
	for i, s := range summaries {
		out.Metrics[i] = c.dirs.metric(s)
	}
	return out, summaries, nil
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
