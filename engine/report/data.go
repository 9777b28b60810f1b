package report

import (
	"context"
	"fmt"
	"path"
	"sort"
	"strings"

	"pace/engine/profile"
	"pace/store"
)

// DatasetHead is a table file of the project in one line.
type DatasetHead struct {
	Path     string `json:"path"`
	Format   string `json:"format"`
	Bytes    int64  `json:"bytes"`
	Modified Time   `json:"modified"`
	Version  string `json:"version"`
	Missing  bool   `json:"missing,omitempty"`
	Rows     int64  `json:"rows"`    // -1 until known
	Columns  int64  `json:"columns"` // -1 until known
	// Run is the run that wrote the file as an artifact; "" for a dataset of the project.
	Run string `json:"run,omitempty"`
	DatasetHealth
}

// DatasetHealth is what the profile says about a dataset, in numbers. Profiled is false until there is one.
type DatasetHealth struct {
	Profiled     bool  `json:"profiled"`
	MissingShare Float `json:"missing_share"`
	Duplicates   int64 `json:"duplicate_rows"`
	Errors       int   `json:"errors"` // alerts by severity
	Warnings     int   `json:"warnings"`
	Infos        int   `json:"infos"`
	UsedBy       int   `json:"used_by"` // runs that recorded it as an input
	// Worst is the gravest alert in words, "" where there is none at level warn or error.
	Worst string `json:"worst,omitempty"`
}

// Level is the worst alert of the dataset.
func (h DatasetHealth) Level() Level {
	switch {
	case !h.Profiled:
		return Nothing
	case h.Errors > 0:
		return Error
	case h.Warnings > 0:
		return Warn
	}
	return OK
}

// PaletteEntry is one thing that can be jumped to. Subject is its reference.
type PaletteEntry struct {
	Kind    string // "run", "dataset", "experiment", "note"
	Subject string
	Title   string
	Detail  string
}

// DatasetDetail is one dataset with its profile, once there is one, and what people said about it.
type DatasetDetail struct {
	DatasetHead
	Profile *profile.Profile // nil until the file was read once
	Notes   []Note
}

// LoadDatasets reads the table files of the project, ordered by path. Tables that a run wrote as artifacts are not among
// them: they belong to the run.
func LoadDatasets(ctx context.Context, r *store.Reader, _ Options) ([]DatasetHead, error) {
	runs, err := r.Runs(ctx)
	if err != nil {
		return nil, fmt.Errorf("load runs: %w", err)
	}
	return datasetsBeside(ctx, r, runs)
}

// datasetsBeside is LoadDatasets for whoever has the runs already.
func datasetsBeside(ctx context.Context, r *store.Reader, runs []store.Run) ([]DatasetHead, error) {
	stored, err := r.Datasets(ctx)
	if err != nil {
		return nil, fmt.Errorf("load datasets: %w", err)
	}
	if len(stored) == 0 {
		return []DatasetHead{}, nil
	}
	used, err := usedBy(ctx, r)
	if err != nil {
		return nil, err
	}
	owners := artifactOwners(runs)
	out := make([]DatasetHead, 0, len(stored))
	for _, d := range stored {
		if owners.of(d.Path) != "" {
			continue
		}
		h, _, err := profiled(ctx, r, d)
		if err != nil {
			return nil, err
		}
		h.UsedBy = used[path.Base(d.Path)]
		out = append(out, h)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out, nil
}

// owners are runs by the folder name that tools give them: their native id.
type owners map[string]string

// leastOwner is the shortest native id that can only be a run's: MLflow's have 32 characters, others eight.
const leastOwner = 8

func artifactOwners(runs []store.Run) owners {
	o := make(owners, len(runs))
	for _, run := range runs {
		if len(run.NativeID) >= leastOwner && !strings.Contains(run.NativeID, "/") {
			o[run.NativeID] = run.ID
		}
	}
	return o
}

// of is the run in whose folder a file lies; "" for none.
func (o owners) of(file string) string {
	for dir := path.Dir(file); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if id, ok := o[path.Base(dir)]; ok {
			return id
		}
	}
	return ""
}

// LoadDataset reads one dataset with its profile. It wraps ErrNotFound.
func LoadDataset(ctx context.Context, r *store.Reader, _ Options, file string) (DatasetDetail, error) {
	stored, ok, err := r.Dataset(ctx, file)
	if err == nil && !ok {
		err = ErrNotFound
	}
	if err != nil {
		return DatasetDetail{}, fmt.Errorf("load dataset %s: %w", file, err)
	}
	var d DatasetDetail
	if d.DatasetHead, d.Profile, err = profiled(ctx, r, stored); err != nil {
		return d, err
	}
	used, err := usedBy(ctx, r)
	if err != nil {
		return d, err
	}
	d.UsedBy = used[path.Base(stored.Path)]
	runs, err := r.Runs(ctx)
	if err != nil {
		return d, fmt.Errorf("load runs: %w", err)
	}
	d.Run = artifactOwners(runs).of(file)
	notes, err := LoadNotes(ctx, r, "")
	if err != nil {
		return d, err
	}
	for _, n := range notes {
		if kind, id := About(n.Subject); kind == "data" && id == file {
			d.Notes = append(d.Notes, n)
		}
	}
	return d, nil
}

// profiled describes a dataset with what its stored profile says. A profile that can't be decoded is as good as none: it
// is computed again.
func profiled(ctx context.Context, r *store.Reader, d store.Dataset) (DatasetHead, *profile.Profile, error) {
	h := datasetHead(d)
	if d.Version == "" {
		return h, nil, nil
	}
	res, ok, err := r.Result(ctx, ProfileKind, d.Version, ProfileRequest{}.Params(), profile.Version)
	if err != nil {
		return h, nil, fmt.Errorf("load profile of %s: %w", d.Path, err)
	}
	if !ok {
		return h, nil, nil
	}
	p, err := profile.Decode(res.Bytes)
	if err != nil {
		return h, nil, nil
	}
	p.Source.Path = d.Path // the same content may lie at two places
	h.Rows, h.Columns = p.Rows, int64(p.Columns)
	h.DatasetHealth = Health(p)
	return h, p, nil
}

// Health sums a profile up.
func Health(p *profile.Profile) DatasetHealth {
	h := DatasetHealth{Profiled: true, MissingShare: Float(p.MissingCellsShare), Duplicates: p.DuplicateRows}
	worst := Info
	for _, a := range p.Alerts {
		if level := Level(a.Severity); level.rank() > worst.rank() {
			worst, h.Worst = level, a.Message
			if a.Column != "" {
				h.Worst = a.Column + ": " + a.Message
			}
		}
		switch a.Severity {
		case profile.SevereError:
			h.Errors++
		case profile.SevereWarn:
			h.Warnings++
		default:
			h.Infos++
		}
	}
	return h
}

func datasetHead(d store.Dataset) DatasetHead {
	return DatasetHead{
		Path: d.Path, Format: d.Format, Bytes: d.Bytes, Modified: Time{d.Modified}, Version: d.Version, Missing: d.Missing,
		Rows: d.Rows, Columns: d.Columns,
	}
}

// usedBy counts the runs that recorded a file of this name as an input. A tool records the place as it was on its own
// machine, so the name is all that can be compared.
func usedBy(ctx context.Context, r *store.Reader) (map[string]int, error) {
	inputs, err := r.AllInputs(ctx)
	if err != nil {
		return nil, fmt.Errorf("load inputs: %w", err)
	}
	runs := make(map[[2]string]bool)
	out := make(map[string]int)
	for _, in := range inputs {
		name := in.Name
		if base := path.Base(in.Location); in.Location != "" && path.Ext(base) != "" {
			name = base
		}
		if key := [2]string{in.Run, name}; !runs[key] {
			runs[key] = true
			out[name]++
		}
	}
	return out, nil
}
