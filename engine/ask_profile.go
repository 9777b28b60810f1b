package engine

import (
	"context"

	job "pace/engine/jobs/profile"
	"pace/engine/profile"
	"pace/engine/report"
	"pace/engine/table"
	"pace/store"
)

// profile answers with the stored profile of what the file holds now, or computes it. The profile of a dataset
// of the project is stored where this process is the engine.
func (e *Engine) profile(ctx context.Context, q report.ProfileRequest) (report.Profiled, error) {
	path := e.abs(q.Path)
	v, err := table.Digest(ctx, path)
	if err != nil {
		return report.Profiled{}, err
	}
	res, ok, err := e.Reader().Result(ctx, report.ProfileKind, v.String(), q.Params(), profile.Version)
	if err != nil {
		return report.Profiled{}, err
	}
	if ok {
		if p, err := profile.Decode(res.Bytes); err == nil {
			return report.Profiled{Profile: p, Stored: true}, nil
		}
	}
	noun := "profile " + q.Path
	defer e.board.end(noun)
	p, res, err := job.Compute(ctx, path, v.String(), q, func(unit string, done, total int64) {
		e.board.set(noun, unit, done, total)
	})
	if err != nil {
		return report.Profiled{}, err
	}
	return report.Profiled{Profile: p, Stored: e.keep(ctx, q, v.String(), p, res)}, nil
}

// keep stores a profile that was asked for, and what it says about the dataset.
func (e *Engine) keep(ctx context.Context, q report.ProfileRequest, version string, p *profile.Profile, res store.Result) bool {
	db := e.leads()
	if db == nil {
		return false
	}
	d, ok, err := e.Reader().Dataset(ctx, q.Path)
	if err != nil || !ok {
		return false
	}
	c, err := db.Writer().Apply(ctx, func(tx *store.Tx) error {
		if err := tx.PutResult(res); err != nil {
			return err
		}
		d.Version, d.Rows = version, p.Rows
		if q.Columns == nil {
			d.Columns = int64(p.Columns)
		}
		return tx.PutDataset(d)
	})
	if err != nil {
		e.tally.trouble(q.Path, err)
		return false
	}
	e.feeds.raise(c)
	return true
}
