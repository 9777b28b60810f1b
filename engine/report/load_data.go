package report

import (
	"context"
	"fmt"
	"path"
	"sort"

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
		out[i] = datasetHead(d)
		out[i].UsedBy = used[path.Base(d.Path)]
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out, nil
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
