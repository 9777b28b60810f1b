package report

import (
	"context"
	"fmt"
	"path"
	"sort"

	"pace/engine/profile"
	"pace/store"
)

// LoadDatasets reads the table files of the project, ordered by path.
func LoadDatasets(ctx context.Context, r *store.Reader, _ Options) ([]DatasetHead, error) {
	stored, err := r.Datasets(ctx)
	if err != nil {
		return nil, fmt.Errorf("load datasets: %w", err)
	}
	used, err := usedBy(ctx, r)
	if err != nil {
		return nil, err
	}
	out := make([]DatasetHead, len(stored))
	for i, d := range stored {
		if out[i], _, err = profiled(ctx, r, d); err != nil {
			return nil, err
		}
		out[i].UsedBy = used[path.Base(d.Path)]
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out, nil
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
	for _, a := range p.Alerts {
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
