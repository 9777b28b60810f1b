package mlflowdb

import (
	"fmt"
	"slices"
	"strings"

	"pace/engine/formats/mlflow"
	"pace/engine/ingest"
)

// runRow is a row of runs.
type runRow struct {
	id, experiment, name, user, status, source, version, stage, artifact string
	start, end                                                           int64
	tags                                                                 []string // of mlflow.HeaderTags, if asked for
	rowid                                                                int64
}

func (w *runRow) scan(scan func(...any) error, tags bool) error {
	dest := []any{&w.rowid, &w.id, &w.experiment, &w.name, &w.user, &w.status, &w.source, &w.version, &w.stage, &w.artifact, &w.start, &w.end}
	if tags {
		w.tags = make([]string, len(mlflow.HeaderTags()))
		for i := range w.tags {
			dest = append(dest, &w.tags[i])
		}
	}
	return scan(dest...)
}

func (w *runRow) digest() uint64 {
	return digest(w.experiment, w.name, w.user, w.status, w.source, w.version, w.stage, w.artifact, fmt.Sprint(w.start, w.end))
}

// sayRuns says the runs that were added.
func (r *reader) sayRuns() error {
	for {
		found, err := r.headers("runs.rowid > ? ORDER BY runs.rowid LIMIT 200", r.run)
		if err != nil || len(found) == 0 {
			return err
		}
		for i := range found {
			if r.budget.Spent() {
				r.more = true
				return nil
			}
			if err := r.sayRun(&found[i]); err != nil {
				return err
			}
			if r.wipe {
				if err := r.sink.Put(ingest.Reset{Run: r.runs[found[i].id].key}); err != nil {
					return err
				}
			}
			r.run = found[i].rowid
			r.budget.Spend(0, 500)
		}
	}
}

// headers reads runs with the tags that belong into their headers.
func (r *reader) headers(where string, args ...any) (found []runRow, err error) {
	err = r.each("SELECT runs.rowid, "+r.has.runColumns()+headerTags()+" FROM runs WHERE "+where, func(scan func(...any) error) error {
		var w runRow
		err := w.scan(scan, true)
		found = append(found, w)
		return err
	}, args...)
	return found, err
}

// sayRun says a header and notes what a sweep will compare. A run that was moved to another experiment has
// another key.
func (r *reader) sayRun(w *runRow) error {
	key := mlflow.RunKey(w.experiment, w.id)
	s := r.runs[w.id]
	if s == nil {
		s = &runState{}
		r.runs[w.id] = s
	}
	if s.key != "" && s.key != key {
		if err := r.sink.Put(ingest.RunGone{Run: s.key}); err != nil {
			return err
		}
		r.again()
		r.more = true
	}
	s.experiment, s.key, s.row = w.experiment, key, w.digest()
	s.active = w.status == "RUNNING" || w.status == "SCHEDULED"
	tags := map[string]string{}
	for i, k := range mlflow.HeaderTags() {
		tags[k] = w.tags[i]
	}
	return r.sink.Put(mlflow.Header(mlflow.Native{
		Store: r.src.Path, RunID: w.id, Experiment: w.experiment, Name: w.name, User: w.user, Source: w.source, Version: w.version,
		Status: w.status, Deleted: w.stage == "deleted",
		Span: ingest.Span{Started: millis(w.start), Ended: millis(w.end)}, ArtifactDir: r.artifacts(w.artifact),
	}, tags))
}

// sayEnded says again those runs that were not at their end and have changed since: a sweep would find
// them later.
func (r *reader) sayEnded() error {
	var active, changed []string
	for id, s := range r.runs {
		if s.active {
			active = append(active, id)
		}
	}
	slices.Sort(active)
	active = active[:min(len(active), maxActive)]
	for chunk := range slices.Chunk(active, 100) {
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = id
		}
		err := r.each("SELECT runs.rowid, "+r.has.runColumns()+" FROM runs WHERE run_uuid IN (?"+strings.Repeat(", ?", len(chunk)-1)+")",
			func(scan func(...any) error) error {
				var w runRow
				err := w.scan(scan, false)
				if s := r.runs[w.id]; s != nil && s.row != w.digest() {
					changed = append(changed, w.id)
				}
				return err
			}, args...)
		if err != nil {
			return err
		}
	}
	return r.sayAgain(changed)
}

const maxActive = 1000 // runs that are looked at each time

// known finds a run that a row speaks of. Runs that were added since runs were read are read now; nil is
// the answer for rows that no run owns.
func (r *reader) known(id string, looked *bool) (*runState, error) {
	if s := r.runs[id]; s != nil || *looked {
		return s, nil
	}
	*looked = true
	found, err := r.headers("runs.rowid > ? ORDER BY runs.rowid LIMIT 10000", r.run)
	if err != nil {
		return nil, err
	}
	for i := range found {
		if err := r.sayRun(&found[i]); err != nil {
			return nil, err
		}
		r.run = found[i].rowid
	}
	return r.runs[id], nil
}

// pair is a row of params or tags.
type pair struct {
	rowid           int64
	run, key, value string
}

func (r *reader) pairs(table, where string, args ...any) (found []pair, err error) {
	sql := "SELECT " + table + ".rowid, " + r.has.text(table, "run_uuid") + ", " + r.has.text(table, "key") + ", " +
		r.has.text(table, "value") + " FROM " + table + " WHERE " + where
	err = r.each(sql, func(scan func(...any) error) error {
		var p pair
		err := scan(&p.rowid, &p.run, &p.key, &p.value)
		found = append(found, p)
		return err
	}, args...)
	return found, err
}

// sayParams says the params that were added; MLflow never changes one.
func (r *reader) sayParams() error {
	return r.sayPairs("params", &r.param, func(s *runState, p pair) error {
		return r.sink.Put(ingest.Param{Run: s.key, Key: p.key, Value: p.value})
	})
}

// sayTags says the tags that were added, and again the headers of the runs whose names or parents they are.
func (r *reader) sayTags() error {
	var renamed []string
	err := r.sayPairs("tags", &r.tag, func(s *runState, p pair) error {
		s.tags += digest(p.key, p.value)
		at := r.keyAt(p.key)
		if i, found := slices.BinarySearch(s.tagKeys, at); !found {
			s.tagKeys = slices.Insert(s.tagKeys, i, at)
		}
		if mlflow.IsHeaderTag(p.key) && (len(renamed) == 0 || renamed[len(renamed)-1] != p.run) {
			renamed = append(renamed, p.run)
			s.row = 0 // until the header is said again
		}
		return r.sink.Put(ingest.Tag{Run: s.key, Key: p.key, Value: p.value})
	})
	if err != nil {
		return err
	}
	slices.Sort(renamed)
	return r.sayAgain(slices.Compact(renamed))
}

// sayAgain says the headers of some runs as they are now.
func (r *reader) sayAgain(ids []string) error {
	for chunk := range slices.Chunk(ids, 100) {
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = id
		}
		found, err := r.headers("runs.run_uuid IN (?"+strings.Repeat(", ?", len(chunk)-1)+") ORDER BY runs.rowid", args...)
		if err != nil {
			return err
		}
		for i := range found {
			if err := r.sayRun(&found[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reader) sayPairs(table string, mark *int64, say func(*runState, pair) error) error {
	for {
		found, err := r.pairs(table, table+".rowid > ? ORDER BY "+table+".rowid LIMIT ?", *mark, rows)
		if err != nil || len(found) == 0 {
			return err
		}
		looked := false
		for _, p := range found {
			if r.budget.Spent() {
				r.more = true
				return nil
			}
			s, err := r.known(p.run, &looked)
			if err != nil {
				return err
			}
			if s != nil {
				if err := say(s, p); err != nil {
					return err
				}
			}
			*mark = p.rowid
			r.budget.Spend(0, int64(len(p.key)+len(p.value)+32))
		}
	}
}
