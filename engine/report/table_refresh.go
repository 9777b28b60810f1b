package report

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"pace/store"
)

// Refresh brings the Table up to a Change: only the runs that it names are read again, in every column that is loaded.
func (t *Table) Refresh(ctx context.Context, r *store.Reader, change store.Change) error {
	if change.All {
		return t.reload(ctx, r)
	}
	if !change.AnyRun() && !change.Said() {
		return nil
	}
	t.work.Lock()
	defer t.work.Unlock()
	if change.Said() {
		if err := t.refreshSaid(ctx, r); err != nil {
			return err
		}
	}
	if !change.AnyRun() {
		return nil
	}
	byID, _, err := loadExperiments(ctx, r)
	if err != nil {
		return err
	}
	t.mu.Lock()
	t.rows.experiments = byID
	t.mu.Unlock()
	reorder := false
	for _, id := range change.RunIDs() {
		moved, err := t.refreshRun(ctx, r, id)
		if err != nil {
			return err
		}
		reorder = reorder || moved
	}
	if reorder {
		t.mu.Lock()
		t.rows.reorder()
		t.mu.Unlock()
	}
	return nil
}

// fresh is everything about one run that a column may hold.
type fresh struct {
	run       store.Run
	summaries []store.Summary
	params    []store.KV
	tags      []store.KV
	inputs    []store.Input
	models    []store.LoggedModel
}

func (t *Table) refreshRun(ctx context.Context, r *store.Reader, id string) (moved bool, err error) {
	var f fresh
	var ok bool
	if f.run, ok, err = r.Run(ctx, id); err != nil {
		return false, fmt.Errorf("load run %s: %w", id, err)
	}
	if !ok {
		row, had := t.rows.index[id]
		if had {
			t.mu.Lock()
			moved = !t.rows.gone[row]
			t.rows.gone[row] = true
			t.mu.Unlock()
		}
		return moved, nil
	}
	if err := f.load(ctx, r, t.cols); err != nil {
		return false, fmt.Errorf("load run %s: %w", id, err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	row, moved := t.rows.put(f.run)
	t.cols.grow(len(t.rows.runs))
	t.put(row, f)
	return moved, nil
}

func (f *fresh) load(ctx context.Context, r *store.Reader, cols tableColumns) (err error) {
	id := f.run.ID
	if f.summaries, err = r.Summaries(ctx, id); err != nil {
		return err
	}
	if f.params, err = r.Params(ctx, id); err != nil {
		return err
	}
	if f.tags, err = r.Tags(ctx, id); err != nil {
		return err
	}
	if cols.datasets != nil {
		if f.inputs, err = r.Inputs(ctx, id); err != nil {
			return err
		}
	}
	if cols.models != nil {
		f.models, err = r.LoggedModels(ctx, id)
	}
	return err
}

// put places a header; moved says that the order of the rows may have changed.
func (rows *tableRows) put(run store.Run) (row int32, moved bool) {
	row, ok := rows.index[run.ID]
	if !ok {
		row = int32(len(rows.runs))
		rows.runs = append(rows.runs, run)
		rows.gone = append(rows.gone, false)
		rows.index[run.ID] = row
		return row, true
	}
	moved = rows.gone[row] || !rows.runs[row].Started.Equal(run.Started)
	rows.runs[row], rows.gone[row] = run, false
	return row, moved
}

func (c *tableColumns) grow(rows int) {
	for _, col := range c.metrics {
		col.grow(rows)
	}
	for _, col := range c.params {
		col.grow(rows)
	}
	for _, col := range c.tags {
		col.grow(rows)
	}
}

// put writes one run into every loaded column. mu is held.
func (t *Table) put(row int32, f fresh) {
	delete(t.rows.quiet, row)
	if f.run.Status == "running" {
		t.rows.quiet[row] = quietLimit(f.summaries)
	}
	for _, c := range t.cols.metrics {
		c.have[row] = false
	}
	for _, s := range f.summaries {
		t.keys.metrics = withKey(t.keys.metrics, s.Key, s.System)
		if c := t.cols.metrics[s.Key]; c != nil {
			c.set(row, s)
		}
	}
	t.keys.params = putTexts(row, f.params, t.cols.params, t.keys.params)
	t.keys.tags = putTexts(row, f.tags, t.cols.tags, t.keys.tags)
	for _, kv := range t.rows.said[f.run.ID].tags {
		if c := t.cols.tags[kv.Key]; c != nil {
			c.set(row, kv.Value)
		}
	}
	t.putLists(row, f)
}

func putTexts(row int32, kvs []store.KV, cols map[string]*textColumn, keys []store.KeyCount) []store.KeyCount {
	for _, c := range cols {
		c.codes[row] = 0
	}
	for _, kv := range kvs {
		keys = withKey(keys, kv.Key, false)
		if c := cols[kv.Key]; c != nil {
			c.set(row, kv.Value)
		}
	}
	return keys
}

func (t *Table) putLists(row int32, f fresh) {
	if t.cols.datasets != nil {
		var names, digests, contexts []string
		for _, in := range f.inputs {
			names, digests, contexts = append(names, in.Name), append(digests, in.Digest), append(contexts, in.Context)
		}
		t.cols.datasets["dataset.name"][row] = names
		t.cols.datasets["dataset.digest"][row] = digests
		t.cols.datasets["dataset.context"][row] = contexts
	}
	if t.cols.models != nil {
		var names []string
		for _, m := range f.models {
			names = append(names, m.Name)
		}
		t.cols.models[row] = names
	}
}

// refreshSaid reads marks and notes again; tag columns hold people's tags too, so they are read again when needed.
func (t *Table) refreshSaid(ctx context.Context, r *store.Reader) error {
	said, marks, err := loadSaid(ctx, r)
	if err != nil {
		return err
	}
	_, experiments, err := loadExperiments(ctx, r)
	if err != nil {
		return err
	}
	touched := make(map[string]bool)
	for _, from := range []map[string]saidOf{t.rows.said, said} {
		for _, s := range from {
			for _, tag := range s.tags {
				touched[tag.Key] = true
			}
		}
	}
	t.mu.Lock()
	t.rows.said = said
	t.dirs = newDirections(t.opts, directionMarks(marks), experiments)
	t.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(touched)) {
		t.mu.Lock()
		t.keys.tags = withKey(t.keys.tags, key, false)
		t.mu.Unlock()
		if t.cols.tags[key] == nil {
			continue
		}
		if err := t.loadTag(ctx, r, key); err != nil {
			return err
		}
	}
	return nil
}

func directionMarks(marks []store.Mark) []store.Mark {
	return slices.DeleteFunc(slices.Clone(marks), func(m store.Mark) bool { return m.Kind != string(store.EditDirection) })
}

// reload reads every header and every loaded column again. Rows keep their numbers.
func (t *Table) reload(ctx context.Context, r *store.Reader) error {
	t.work.Lock()
	defer t.work.Unlock()
	runs, err := r.Runs(ctx)
	if err != nil {
		return fmt.Errorf("load runs: %w", err)
	}
	byID, experiments, err := loadExperiments(ctx, r)
	if err != nil {
		return err
	}
	said, marks, err := loadSaid(ctx, r)
	if err != nil {
		return err
	}
	keys, err := loadKeys(ctx, r, said)
	if err != nil {
		return err
	}
	quiet, err := quietLimits(ctx, r, runs)
	if err != nil {
		return err
	}
	t.mu.Lock()
	t.rows.replace(runs, quiet)
	t.rows.experiments, t.rows.said, t.keys = byID, said, keys
	t.dirs = newDirections(t.opts, directionMarks(marks), experiments)
	t.cols.grow(len(t.rows.runs))
	again := need{
		metrics: slices.Collect(maps.Keys(t.cols.metrics)), params: slices.Collect(maps.Keys(t.cols.params)),
		tags: slices.Collect(maps.Keys(t.cols.tags)), datasets: t.cols.datasets != nil, models: t.cols.models != nil,
	}
	t.mu.Unlock()
	return t.loadAll(ctx, r, again)
}

func (rows *tableRows) replace(runs []store.Run, quiet map[string]time.Duration) {
	for i := range rows.gone {
		rows.gone[i] = true
	}
	rows.quiet = make(map[int32]time.Duration, len(quiet))
	for _, run := range runs {
		row, _ := rows.put(run)
		if limit, ok := quiet[run.ID]; ok {
			rows.quiet[row] = limit
		}
	}
	rows.reorder()
}
