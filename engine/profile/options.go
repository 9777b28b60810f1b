package profile

import (
	"context"
	"time"

	"pace/engine/stats"
	"pace/engine/table"
)

// Opener opens the dataset from its start; a second time when the head gave a wrong idea of a column's type.
type Opener func(ctx context.Context) (table.Source, error)

// Options say what to profile and how. The zero value profiles everything, exactly as far as the product promises.
type Options struct {
	Path      string // as the user wrote it; shown, and never opened here
	Version   string // the dataset version, when known
	Target    string
	Sensitive bool  // no value of the data in the result: no top values, minima, maxima of text, examples of errors
	Head      int64 // profile only the first rows: a quick look. 0: all
	Workers   int   // 0: one per processor
	Repro
	Limits  stats.Limits // zero: stats.DefaultLimits
	started time.Time
}

// Repro is what goes into Profile.Reproduction. Now may be nil (the wall clock).
type Repro struct {
	Pace, Command string
	Now           func() time.Time
}

func (o Options) limits(columns int) stats.Limits {
	l := o.Limits
	if l == (stats.Limits{}) {
		l = stats.DefaultLimits()
	}
	// A wide table shares what a table of 64 columns may keep, so that memory stays bounded.
	if columns > 64 {
		l.Values = max(l.Values*64/int64(columns), 20_000)
		l.Distinct = max(l.Distinct*64/columns, 2_000)
		l.Tracked = max(l.Tracked*64/columns, 256)
		l.Sample = l.Sample * 64 / columns
	}
	return l
}
