// Package profile is the job that profiles every dataset of the project by itself, and one on request. It must
// not know when it runs or who shows what it found.
package profile

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"pace/engine/profile"
	"pace/engine/report"
	"pace/engine/table"
	"pace/engine/tables"
	"pace/store"
)

// Name is the job's name.
const Name = "profile"

// MaxBytes is the size up to which a dataset is profiled by itself; a larger one waits until somebody asks.
const MaxBytes = 256 << 20

// Stale names the datasets that have no profile of what they hold now, the smallest first.
func Stale(ctx context.Context, r *store.Reader, c store.Change) ([]string, error) {
	if !c.AnyDataset() {
		return nil, nil
	}
	all, err := r.Datasets(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b store.Dataset) int { return cmp.Compare(a.Bytes, b.Bytes) })
	var out []string
	for _, d := range all {
		if d.Missing || d.Bytes > MaxBytes || !c.Dataset(d.Path) {
			continue
		}
		ok := false
		if d.Version != "" {
			if _, ok, err = r.Result(ctx, report.ProfileKind, d.Version, report.ProfileRequest{}.Params(), profile.Version); err != nil {
				return nil, err
			}
		}
		if !ok {
			out = append(out, d.Path)
		}
	}
	return out, nil
}

// Runner is the version of pace that works, which a profile names.
type Runner string

// Run profiles one dataset. Where the file changes meanwhile there is no result: its change makes it stale again.
func (v Runner) Run(ctx context.Context, r *store.Reader, root, item string, progress func(unit string, done, total int64)) (func(*store.Tx) error, error) {
	d, ok, err := r.Dataset(ctx, item)
	if err != nil || !ok {
		return nil, err
	}
	path := filepath.Join(root, filepath.FromSlash(item))
	before, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	digest, err := table.Digest(ctx, path)
	if err != nil {
		return nil, err
	}
	d.Version = digest.String()
	res, known, err := r.Result(ctx, report.ProfileKind, d.Version, report.ProfileRequest{}.Params(), profile.Version)
	if err != nil {
		return nil, err
	}
	var p *profile.Profile
	if known {
		p, err = profile.Decode(res.Bytes)
	}
	if !known || err != nil {
		if p, res, err = Compute(ctx, path, d.Version, report.ProfileRequest{Path: item, Pace: string(v)}, progress); err != nil {
			return nil, err
		}
	}
	after, err := os.Stat(path)
	if err != nil || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return nil, err
	}
	d.Bytes, d.Modified = after.Size(), after.ModTime().Truncate(time.Microsecond)
	d.Rows, d.Columns = p.Rows, int64(p.Columns)
	return func(tx *store.Tx) error {
		if err := tx.PutResult(res); err != nil {
			return err
		}
		return tx.PutDataset(d)
	}, nil
}

// Compute profiles the file at path as a request says, and packs the profile as it is stored. version is the
// digest of the content.
func Compute(ctx context.Context, path, version string, q report.ProfileRequest, progress func(string, int64, int64)) (*profile.Profile, store.Result, error) {
	open := func(ctx context.Context) (table.Source, error) {
		return tables.Open(ctx, path, table.Options{Columns: q.Columns,
			Progress: func(done, total int64) { progress("bytes", done, max(total, 0)) }})
	}
	p, err := profile.Of(ctx, open, profile.Options{Path: q.Path, Version: version, Target: q.Target,
		Sensitive: q.Sensitive, Workers: 1, Repro: profile.Repro{Pace: q.Pace, Command: q.Command()}})
	if err != nil {
		return nil, store.Result{}, err
	}
	b, err := p.Encode()
	if err != nil {
		return nil, store.Result{}, fmt.Errorf("profile %s: %w", q.Path, err)
	}
	return p, store.Result{Kind: report.ProfileKind, Content: version, Params: q.Params(),
		Algorithm: profile.Version, Bytes: b, Computed: time.Now()}, nil
}
