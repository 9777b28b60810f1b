// Package query is the one filter and sort language of pace: screen, --filter, saved views and alerts.
// It must not know where rows come from: no store, no SQL, no screen; the caller implements Row.
//
// MLflow's search grammar works verbatim (mlflow/utils/search_utils.py, checked against the real client);
// GRAMMAR.md holds the whole grammar and every place where this language goes beyond it.
package query

import (
	"slices"
	"time"
)

// Limits of one filter; more is a SyntaxError, never a slow or deep parse.
const (
	maxSource = 16 << 10 // bytes
	maxDepth  = 64       // parentheses, negations and saved filters inside each other
	maxTerms  = 1024
)

// Row is what a filter is asked about: one run, with its values looked up by name.
// Every method answers false when the row does not have the name.
type Row interface {
	// Attr answers an attribute by its canonical name (see Attributes). Times and durations are
	// numbers of milliseconds; "tag", "param", "metric", "note" and "dataset.*" are lists.
	Attr(name string) (Value, bool)
	// Metric answers one number of a series; agg is one of Aggregates.
	Metric(key, agg string) (float64, bool)
	Param(key string) (string, bool)
	Tag(key string) (string, bool)
	// Words yields every string a bare word is looked for in: name, ids, tags, notes.
	Words(yield func(string) bool)
}

// Names are the keys that exist, so that `lr` can stand for `params.lr`.
type Names struct {
	Metrics, Params, Tags []string
}

// Options say what a filter's text is read against.
type Options struct {
	Now   time.Time                               // what `-7d` and `today` count from
	Zone  *time.Location                          // of dates without a zone; nil is UTC
	Names *Names                                  // nil: a short name is looked up row by row, metric, then param, then tag
	Saved func(name string) (src string, ok bool) // `@name`; nil: none
}

// Expr is a parsed filter. It is immutable and safe for several goroutines.
type Expr struct {
	root node
	uses uses
}

// Parse reads a filter; the empty filter matches every row. The error is always a *SyntaxError.
func Parse(src string, opts Options) (*Expr, error) {
	if opts.Zone == nil {
		opts.Zone = time.UTC
	}
	p := &parser{src: src, opts: opts, count: new(int)}
	root, err := p.filter()
	if err != nil {
		return nil, err
	}
	e := &Expr{root: root}
	root.walk(&e.uses)
	return e, nil
}

// Match tells whether the filter holds for a row. A comparison with a name that the row does not have is false,
// also for != and NOT IN, as in MLflow; NOT and - turn the answer around.
func (e *Expr) Match(r Row) bool { return e.root.match(r) }

// Empty tells whether the filter matches every row because it asks nothing.
func (e *Expr) Empty() bool {
	all, ok := e.root.(allOf)
	return ok && len(all) == 0
}

// String is the filter in canonical form; Parse reads it back to the same filter.
func (e *Expr) String() string { return e.root.text(precOr) }

// Terms are the parts that must all hold, each in canonical form, for showing them one by one.
func (e *Expr) Terms() []string {
	all, ok := e.root.(allOf)
	if !ok {
		return []string{e.root.text(precOr)}
	}
	out := make([]string, len(all))
	for i, n := range all {
		out[i] = n.text(precAnd)
	}
	return out
}

// Metrics are the metric keys that the filter may look at, sorted. A name whose kind is only
// known row by row is in Metrics, Params and Tags.
func (e *Expr) Metrics() []string { return sorted(e.uses.metrics) }

// Params are the param keys that the filter may look at, sorted.
func (e *Expr) Params() []string { return sorted(e.uses.params) }

// Tags are the tag keys that the filter may look at, sorted.
func (e *Expr) Tags() []string { return sorted(e.uses.tags) }

// Attrs are the canonical attribute names that the filter looks at, sorted.
func (e *Expr) Attrs() []string { return sorted(e.uses.attrs) }

// Words tells whether the filter asks for Row.Words.
func (e *Expr) Words() bool { return e.uses.words }

func sorted(in []string) []string {
	out := slices.Clone(in)
	slices.Sort(out)
	return slices.Compact(out)
}

// uses collects what a filter touches.
type uses struct {
	metrics, params, tags, attrs []string
	words                        bool
}

func (u *uses) add(f Field) {
	switch f.Kind {
	case Metric:
		u.metrics = append(u.metrics, f.Key)
		if base, _, ok := splitAgg(f.Key); ok && f.Agg == "" {
			u.metrics = append(u.metrics, base)
		}
	case Param:
		u.params = append(u.params, f.Key)
	case Tag:
		u.tags = append(u.tags, f.Key)
	case Attr:
		u.attrs = append(u.attrs, f.Key)
	case Short:
		u.add(Field{Kind: Metric, Key: f.Key})
		u.params = append(u.params, f.Key)
		u.tags = append(u.tags, f.Key)
	}
}
