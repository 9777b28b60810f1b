package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"pace/engine/ingest"
	"pace/store"
)

// teller turns what one Read said into facts of the store, inside one transaction.
type teller struct {
	tx      *store.Tx
	root    string
	u       *unit
	at      func(path string) []*unit // the units at a path
	now     time.Time
	ids     map[string]string // run keys to run ids
	took    []string          // paths of units from which runs were taken over
	running bool              // a run of the unit runs, as far as this Read said
	ended   bool              // one does not
	grows   bool              // the unit was read before: what comes now is new
}

// tell writes one outcome: its facts, and the cursor that says they were read. A unit that is told from
// its start again first takes back the points of the runs it told before.
func (t *teller) tell(ctx context.Context, o *outcome) error {
	if o.first {
		if err := t.tx.ClearProblems(t.u.path); err != nil {
			return err
		}
	}
	t.grows = !o.first
	for _, id := range o.again {
		if err := t.tx.ResetSeries(id, ""); err != nil {
			return err
		}
	}
	// Who tells which run is settled first: facts of a run may stand before its header.
	for _, s := range o.said.said {
		if r, ok := s.fact.(ingest.Run); ok {
			if err := t.claim(r.Key); err != nil {
				return err
			}
		}
	}
	for i := range o.said.said {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := t.say(&o.said.said[i]); err != nil {
			return err
		}
	}
	src := store.Source{Path: t.u.path, Format: t.u.format.Name, Cursor: o.result.Cursor, Seen: t.now}
	if !o.result.More && !o.result.Torn {
		src.Stamp = o.stamp
	}
	return t.tx.PutSource(src)
}

func (t *teller) say(s *saying) error {
	if s.fact == nil {
		return t.points(&s.points)
	}
	switch r := s.fact.(type) {
	case ingest.Experiment:
		return t.experiment(r)
	case ingest.Run:
		return t.run(r)
	case ingest.Problem:
		return t.tx.PutProblem(store.Problem{Source: t.u.path, Path: r.Path, Place: r.Place,
			Message: r.Message, Hint: r.Hint, Since: t.now})
	case ingest.RunGone:
		return t.gone(r)
	}
	return t.detail(s.fact)
}

// detail is a fact about a run that was told before.
func (t *teller) detail(fact ingest.Record) error {
	switch r := fact.(type) {
	case ingest.Param:
		return t.on(r.Run, func(id string) error { return t.tx.PutParam(id, store.KV{Key: r.Key, Value: r.Value}) })
	case ingest.Tag:
		return t.on(r.Run, func(id string) error { return t.tx.PutTag(id, store.KV{Key: r.Key, Value: r.Value}) })
	case ingest.TagGone:
		return t.on(r.Run, func(id string) error { return t.tx.DeleteTag(id, r.Key) })
	case ingest.Reset:
		return t.on(r.Run, func(id string) error { return t.tx.ResetSeries(id, r.Series) })
	case ingest.Input:
		return t.on(r.Run, func(id string) error {
			return t.tx.PutInput(store.Input{Run: id, Name: r.Name, Digest: r.Digest, Context: r.Context,
				SourceType: r.SourceType, Location: r.Source, Schema: r.Schema, Profile: r.Profile})
		})
	case ingest.LoggedModel:
		return t.on(r.Run, func(id string) error {
			return t.tx.PutLoggedModel(store.LoggedModel{Run: id, ID: r.ID, Name: r.Name, Type: r.Type,
				Status: r.Status, ArtifactDir: r.ArtifactDir, Created: r.Created})
		})
	}
	return fmt.Errorf("tell %s: unknown record %T", t.u.path, fact)
}

// on calls fn with the id of a run.
func (t *teller) on(key string, fn func(id string) error) error {
	id, err := t.id(key)
	if err != nil {
		return err
	}
	return fn(id)
}

func (t *teller) points(p *ingest.Points) error {
	return t.on(p.Run, func(id string) error {
		// A file that keeps no clock tells when it grows only by growing.
		if t.grows && len(p.Times) > 0 && p.Times[len(p.Times)-1] == ingest.NoTime {
			if err := t.tx.TouchRun(id, t.now); err != nil {
				return err
			}
		}
		return t.tx.AppendPoints(id, p.Series, p.System, store.Points{Steps: p.Steps, Times: p.Times,
			Values: p.Values, Unordered: p.Unordered})
	})
}

func (t *teller) experiment(r ingest.Experiment) error {
	return t.tx.PutExperiment(store.Experiment{ID: ingest.ExperimentID(r.Key), NativeID: r.NativeID, Name: r.Name,
		Source: t.u.path, Format: t.u.format.Name, Deleted: r.Deleted, Created: r.Created, Updated: r.Updated,
		Artifact: r.Artifact, PrimaryMetric: r.PrimaryMetric, Direction: r.Direction})
}

func (t *teller) run(r ingest.Run) error {
	id, err := t.id(r.Key)
	if err != nil {
		return err
	}
	out := store.Run{ID: id, NativeID: r.NativeID, Source: t.u.path, Format: t.u.format.Name, Name: r.Name,
		Status: string(r.Status), Native: r.Native, Deleted: r.Deleted, ArtifactDir: r.ArtifactDir,
		Span:   store.Span{Started: r.Started, Ended: r.Ended},
		Origin: store.Origin{User: r.User, Host: r.Host, Command: r.Command, Commit: r.Commit, Branch: r.Branch, Dirty: r.Dirty}}
	if r.Experiment != "" {
		out.Experiment = ingest.ExperimentID(r.Experiment)
	}
	if r.Parent != "" {
		if out.Parent, err = t.id(r.Parent); err != nil {
			return err
		}
	}
	if r.Status == ingest.Running {
		t.running = true
	} else {
		t.ended = true
	}
	return t.tx.PutRun(out)
}

func (t *teller) gone(r ingest.RunGone) error {
	return t.on(r.Run, func(id string) error {
		owner, _, ok, err := t.tx.RunOwner(id)
		if err != nil || !ok || owner != t.u.path {
			return err
		}
		return t.tx.DeleteRun(id)
	})
}

// claim settles the id under which this unit tells the run with this key. The first unit that told a run
// keeps it. Where its files are gone the run moved: this unit takes it over and tells it from the start.
// Where they are not, this is a copy: it becomes a run of its own, whose id has the unit's path in it.
func (t *teller) claim(key string) error {
	id, err := t.id(key)
	if err != nil || id != ingest.RunID(key) {
		return err
	}
	owner, missing, ok, err := t.tx.RunOwner(id)
	switch {
	case err != nil || !ok || owner == t.u.path:
		return err
	case missing || !exists(t.root, owner):
		return t.takeOver(id, owner)
	}
	t.ids[key] = t.copied(key)
	return t.tx.PutProblem(store.Problem{Source: t.u.path, Path: t.u.path, Place: "run " + id, Since: t.now,
		Message: fmt.Sprintf("read run %s: the same run is told by %s", id, owner),
		Hint:    "one is a copy of the other; both are shown, this one under an id of its own: leave one out in .paceignore"})
}

func (t *teller) copied(key string) string { return ingest.RunID(key + "|" + t.u.path) }

// id is the id of a run that is spoken of: this unit's own copy where it has one. A unit may speak of a run
// that another unit tells.
func (t *teller) id(key string) (string, error) {
	if id, ok := t.ids[key]; ok {
		return id, nil
	}
	id := t.copied(key)
	owner, _, ok, err := t.tx.RunOwner(id)
	if !ok || owner != t.u.path {
		id = ingest.RunID(key)
	}
	if err == nil {
		t.ids[key] = id
	}
	return id, err
}

// takeOver makes the run ready to be told from the start by this unit, and has the unit that told it
// before forget what it read: should its files come back, they are read from the start too.
func (t *teller) takeOver(id, owner string) error {
	if err := t.tx.ResetSeries(id, ""); err != nil {
		return err
	}
	t.took = append(t.took, owner)
	for _, u := range t.at(owner) {
		err := t.tx.PutSource(store.Source{Path: owner, Format: u.format.Name, Missing: true, Seen: t.now})
		if err != nil {
			return err
		}
	}
	return t.tx.MarkMissing(owner, true)
}

// exists says whether the unit's files are there. A folder that can't be looked at counts as there.
func exists(root, rel string) bool {
	_, err := os.Lstat(filepath.Join(root, filepath.FromSlash(rel)))
	return err == nil || !os.IsNotExist(err)
}
