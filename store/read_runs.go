package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
)

// Experiments are all experiments, by name and id. Of a store whose files are gone only those with runs are left:
// where it moved, they are told anew.
func (r *Reader) Experiments(ctx context.Context) ([]Experiment, error) {
	return list(ctx, r, func(rows *sql.Rows, e *Experiment) error {
		return rows.Scan(&e.ID, &e.NativeID, &e.Name, &e.Source, &e.Format, &e.Deleted, instant{&e.Created},
			instant{&e.Updated}, &e.Artifact, &e.PrimaryMetric, &e.Direction)
	}, "SELECT id, "+experimentFacts+` FROM experiment e
		WHERE NOT EXISTS (SELECT 1 FROM source s WHERE s.path = e.source AND s.missing) OR e.id IN (SELECT experiment FROM run)
		ORDER BY name, id`)
}

const runColumns = "id, " + runHeader + ", active"

// runScanner reads headers. Words that repeat from run to run (a format, a host) are kept once.
type runScanner struct {
	words map[string]string
	dirty sql.NullBool
}

func (s *runScanner) scan(rows *sql.Rows, r *Run) error {
	err := rows.Scan(&r.ID, &r.NativeID, &r.Source, &r.Format, &r.Experiment, &r.Parent, &r.Name, &r.Status, &r.Native,
		&r.Deleted, &r.Missing, &r.ArtifactDir, instant{&r.Started}, instant{&r.Ended}, &r.User, &r.Host,
		&r.Command, &r.Commit, &r.Branch, &s.dirty, instant{&r.Active})
	if err != nil {
		return err
	}
	if s.dirty.Valid {
		dirty := s.dirty.Bool
		r.Dirty = &dirty
	}
	for _, p := range [...]*string{&r.Source, &r.Format, &r.Experiment, &r.Parent, &r.Status, &r.Native, &r.User,
		&r.Host, &r.Command, &r.Commit, &r.Branch} {
		if word, ok := s.words[*p]; ok {
			*p = word
		} else {
			s.words[*p] = *p
		}
	}
	return nil
}

// Runs are the headers of all runs, the latest started first, then by id.
func (r *Reader) Runs(ctx context.Context) ([]Run, error) {
	var n int
	if err := r.pool.QueryRowContext(ctx, "SELECT count(*) FROM run").Scan(&n); err != nil {
		return nil, fail("read", "index", err)
	}
	runs := make([]Run, 0, n)
	err := r.EachRun(ctx, func(run *Run) error {
		runs = append(runs, *run)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return latestFirst(runs), nil
}

// EachRun calls fn with the header of every run, in no order. The Run is fn's until it returns.
func (r *Reader) EachRun(ctx context.Context, fn func(*Run) error) error {
	s := runScanner{words: map[string]string{}}
	var run Run
	return r.each(ctx, func(rows *sql.Rows) error {
		run = Run{}
		if err := s.scan(rows, &run); err != nil {
			return err
		}
		return fn(&run)
	}, "SELECT "+runColumns+" FROM run WHERE told")
}

// RunsOf are the ids of the runs that a source told.
func (r *Reader) RunsOf(ctx context.Context, source string) ([]string, error) {
	return list(ctx, r, func(rows *sql.Rows, id *string) error { return rows.Scan(id) },
		"SELECT id FROM run WHERE source = ? AND told ORDER BY id", source)
}

// latestFirst sorts by numbers: a Run is too big to be moved about.
func latestFirst(runs []Run) []Run {
	order := make([]int32, len(runs))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		a, b := &runs[i], &runs[j]
		if c := b.Started.Compare(a.Started); c != 0 {
			return c
		}
		return cmp.Compare(a.ID, b.ID)
	})
	out := make([]Run, len(runs))
	for to, from := range order {
		out[to] = runs[from]
	}
	return out
}

// Run is the header of one run.
func (r *Reader) Run(ctx context.Context, id string) (Run, bool, error) {
	s := runScanner{words: map[string]string{}}
	return one(list(ctx, r, s.scan, "SELECT "+runColumns+" FROM run WHERE id = ? AND told", id))
}

// Params are a run's params by key.
func (r *Reader) Params(ctx context.Context, run string) ([]KV, error) {
	return r.kvs(ctx, "param", run)
}

// Tags are a run's tags, as its tool set them, by key.
func (r *Reader) Tags(ctx context.Context, run string) ([]KV, error) {
	return r.kvs(ctx, "tag", run)
}

func (r *Reader) kvs(ctx context.Context, table, run string) ([]KV, error) {
	return list(ctx, r, func(rows *sql.Rows, kv *KV) error { return rows.Scan(&kv.Key, &kv.Value) },
		`SELECT n.text, p.value FROM run r JOIN `+table+` q INDEXED BY `+table+`_run ON q.run = r.rid
 JOIN `+table+` p ON p.key = q.key AND p.run = q.run JOIN name n ON n.id = q.key
 WHERE r.id = ? ORDER BY n.text`, run)
}

// ParamColumn calls fn with every run that has the param, in no order that lasts. An error of fn ends it and
// comes back inside.
func (r *Reader) ParamColumn(ctx context.Context, key string, fn func(run, value string) error) error {
	return r.kvColumn(ctx, "param", key, fn)
}

// TagColumn does the same for a tag.
func (r *Reader) TagColumn(ctx context.Context, key string, fn func(run, value string) error) error {
	return r.kvColumn(ctx, "tag", key, fn)
}

func (r *Reader) kvColumn(ctx context.Context, table, key string, fn func(run, value string) error) error {
	return r.each(ctx, func(rows *sql.Rows) error {
		var run, value string
		if err := rows.Scan(&run, &value); err != nil {
			return err
		}
		return fn(run, value)
	}, `SELECT r.id, p.value FROM name n CROSS JOIN `+table+` p ON p.key = n.id CROSS JOIN run r ON r.rid = p.run
 WHERE n.text = ? AND r.told`, key)
}

// KeyCount is a key and how many runs have it. System is set where some run logs it as a machine's metric.
type KeyCount struct {
	Key    string
	Runs   int
	System bool
}

// MetricKeys are the keys of all series, by key.
func (r *Reader) MetricKeys(ctx context.Context) ([]KeyCount, error) { return r.keys(ctx, "metrics") }

// ParamKeys are the keys of all params, by key.
func (r *Reader) ParamKeys(ctx context.Context) ([]KeyCount, error) { return r.keys(ctx, "params") }

// TagKeys are the keys of all tags, by key.
func (r *Reader) TagKeys(ctx context.Context) ([]KeyCount, error) { return r.keys(ctx, "tags") }

func (r *Reader) keys(ctx context.Context, column string) ([]KeyCount, error) {
	keys, err := list(ctx, r, func(rows *sql.Rows, k *KeyCount) error {
		return rows.Scan(&k.Key, &k.Runs, &k.System)
	}, "SELECT text, "+column+", system > 0 FROM name WHERE "+column+" > 0 ORDER BY text")
	if column != "metrics" {
		for i := range keys {
			keys[i].System = false
		}
	}
	return keys, err
}

// Inputs are the datasets that a run read.
func (r *Reader) Inputs(ctx context.Context, run string) ([]Input, error) {
	return list(ctx, r, scanInput, inputQuery+" WHERE r.id = ? ORDER BY i.name, i.digest, i.context", run)
}

// AllInputs are the datasets that all runs read, by dataset.
func (r *Reader) AllInputs(ctx context.Context) ([]Input, error) {
	return list(ctx, r, scanInput, inputQuery+" WHERE r.told ORDER BY i.name, i.digest, i.context, r.id")
}

const inputQuery = `SELECT r.id, i.name, i.digest, i.context, i.source_type, i.location,
 coalesce(s.text, ''), coalesce(p.text, '') FROM input i JOIN run r ON r.rid = i.run
 LEFT JOIN document s ON s.id = i.schema LEFT JOIN document p ON p.id = i.profile`

func scanInput(rows *sql.Rows, in *Input) error {
	return rows.Scan(&in.Run, &in.Name, &in.Digest, &in.Context, &in.SourceType, &in.Location, &in.Schema, &in.Profile)
}

// LoggedModels are the models that a run wrote, the oldest first.
func (r *Reader) LoggedModels(ctx context.Context, run string) ([]LoggedModel, error) {
	return list(ctx, r, func(rows *sql.Rows, m *LoggedModel) error {
		return rows.Scan(&m.Run, &m.ID, &m.Name, &m.Type, &m.Status, &m.ArtifactDir, instant{&m.Created})
	}, `SELECT r.id, m.id, m.name, m.type, m.status, m.artifact_dir, m.created FROM logged_model m
 JOIN run r ON r.rid = m.run WHERE r.id = ? ORDER BY m.created, m.id`, run)
}
