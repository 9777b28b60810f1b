package report

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"pace/engine/query"
	"pace/store"
)

// maxKeyColumns bounds how many keys are loaded for a question about all of them: a bare word, `has:` or `tag:x`.
const maxKeyColumns = 500

// need is what a filter, a sort or a set of columns looks at.
type need struct {
	metrics, params, tags []string
	datasets, models      bool
}

func (n *need) field(f query.Field) {
	switch f.Kind {
	case query.Metric:
		n.metrics = append(n.metrics, f.Key)
	case query.Param:
		n.params = append(n.params, f.Key)
	case query.Tag:
		n.tags = append(n.tags, f.Key)
	case query.Short:
		n.metrics, n.params, n.tags = append(n.metrics, f.Key), append(n.params, f.Key), append(n.tags, f.Key)
	case query.Attr:
		n.datasets = n.datasets || strings.HasPrefix(f.Key, "dataset.")
		n.models = n.models || f.Key == "model"
	}
}

// filter adds what an expression looks at.
func (n *need) filter(e *query.Expr, keys tableKeys) {
	if e == nil {
		return
	}
	n.metrics = append(n.metrics, e.Metrics()...)
	n.params = append(n.params, e.Params()...)
	n.tags = append(n.tags, e.Tags()...)
	for _, attr := range e.Attrs() {
		n.field(query.Field{Kind: query.Attr, Key: attr})
		switch attr {
		case "tag":
			n.tags = append(n.tags, firstKeys(keys.tags)...)
		case "param":
			n.params = append(n.params, firstKeys(keys.params)...)
		case "metric":
			n.metrics = append(n.metrics, firstKeys(keys.metrics)...)
		}
	}
	if e.Words() {
		n.tags = append(n.tags, firstKeys(keys.tags)...)
	}
}

func firstKeys(keys []store.KeyCount) []string { return keyNames(keys[:min(len(keys), maxKeyColumns)]) }

// ensure loads the columns that are needed and not there yet. work is held.
func (t *Table) ensure(ctx context.Context, r *store.Reader, n need) error {
	missing := need{
		metrics: absent(n.metrics, t.cols.metrics), params: absent(n.params, t.cols.params), tags: absent(n.tags, t.cols.tags),
		datasets: n.datasets && t.cols.datasets == nil, models: n.models && t.cols.models == nil,
	}
	return t.loadAll(ctx, r, missing)
}

// absent are the keys that have no column yet, each once.
func absent[C any](keys []string, have map[string]*C) []string {
	var out []string
	for _, key := range keys {
		if have[key] == nil && !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	return out
}

// atOnce is how many columns are read at the same time: as many as the index has readers to spare.
const atOnce = 4

// loadAll loads columns, also those that are there already: each takes the old one's place when it is complete.
func (t *Table) loadAll(ctx context.Context, r *store.Reader, n need) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for _, key := range n.metrics {
		g.Go(func() error { return t.loadMetric(ctx, r, key) })
	}
	for _, key := range n.params {
		g.Go(func() error { return t.loadText(ctx, key, t.cols.params, r.ParamColumn) })
	}
	for _, key := range n.tags {
		g.Go(func() error { return t.loadTag(ctx, r, key) })
	}
	if n.datasets {
		g.Go(func() error { return t.loadDatasets(ctx, r) })
	}
	if n.models {
		g.Go(func() error { return t.loadModels(ctx, r) })
	}
	return g.Wait()
}

func (t *Table) loadMetric(ctx context.Context, r *store.Reader, key string) error {
	c := newNumColumn(len(t.rows.runs))
	err := r.MetricColumn(ctx, key, func(run string, s store.Summary) error {
		if row, ok := t.rows.index[run]; ok {
			c.set(row, s)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("load metric %s: %w", key, err)
	}
	t.mu.Lock()
	t.cols.metrics[key] = c
	t.mu.Unlock()
	return nil
}

type columnReader func(ctx context.Context, key string, fn func(run, value string) error) error

func (t *Table) readText(ctx context.Context, key string, read columnReader) (*textColumn, error) {
	c := newTextColumn(len(t.rows.runs))
	err := read(ctx, key, func(run, value string) error {
		if row, ok := t.rows.index[run]; ok {
			c.set(row, value)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load column %s: %w", key, err)
	}
	return c, nil
}

func (t *Table) loadText(ctx context.Context, key string, into map[string]*textColumn, read columnReader) error {
	c, err := t.readText(ctx, key, read)
	if err != nil {
		return err
	}
	t.mu.Lock()
	into[key] = c
	t.mu.Unlock()
	return nil
}

// loadTag is loadText with what people tagged on top of what the tool did.
func (t *Table) loadTag(ctx context.Context, r *store.Reader, key string) error {
	c, err := t.readText(ctx, key, r.TagColumn)
	if err != nil {
		return err
	}
	for id, said := range t.rows.said {
		if v, ok := said.tags.Get(key); ok {
			if row, ok := t.rows.index[id]; ok {
				c.set(row, v)
			}
		}
	}
	t.mu.Lock()
	t.cols.tags[key] = c
	t.mu.Unlock()
	return nil
}

func (t *Table) loadDatasets(ctx context.Context, r *store.Reader) error {
	inputs, err := r.AllInputs(ctx)
	if err != nil {
		return fmt.Errorf("load datasets of runs: %w", err)
	}
	names, digests, contexts := listColumn{}, listColumn{}, listColumn{}
	for _, in := range inputs {
		if row, ok := t.rows.index[in.Run]; ok {
			names[row] = append(names[row], in.Name)
			digests[row] = append(digests[row], in.Digest)
			contexts[row] = append(contexts[row], in.Context)
		}
	}
	t.mu.Lock()
	t.cols.datasets = map[string]listColumn{"dataset.name": names, "dataset.digest": digests, "dataset.context": contexts}
	t.mu.Unlock()
	return nil
}

func (t *Table) loadModels(ctx context.Context, r *store.Reader) error {
	models := listColumn{}
	for row := range t.rows.runs {
		if err := ctx.Err(); err != nil {
			return err
		}
		logged, err := r.LoggedModels(ctx, t.rows.runs[row].ID)
		if err != nil {
			return fmt.Errorf("load models of runs: %w", err)
		}
		for _, m := range logged {
			models[int32(row)] = append(models[int32(row)], m.Name)
		}
	}
	t.mu.Lock()
	t.cols.models = models
	t.mu.Unlock()
	return nil
}

// loadSaid collects pins, archives, tags and notes about runs.
func loadSaid(ctx context.Context, r *store.Reader) (map[string]saidOf, []store.Mark, error) {
	marks, err := r.Marks(ctx, "")
	if err != nil {
		return nil, nil, fmt.Errorf("load marks: %w", err)
	}
	notes, err := r.Notes(ctx, "")
	if err != nil {
		return nil, nil, fmt.Errorf("load notes: %w", err)
	}
	said := make(map[string]saidOf)
	for _, m := range marks {
		id, ok := strings.CutPrefix(m.Subject, "run:")
		if !ok {
			continue
		}
		s := said[id]
		switch store.EditKind(m.Kind) {
		case store.EditPin:
			s.pinned = true
		case store.EditArchive:
			s.archived = true
		case store.EditTag:
			s.tags = append(s.tags, KV{m.Key, m.Value})
		}
		said[id] = s
	}
	for _, n := range notes {
		if id, ok := runOf(n.Subject); ok {
			s := said[id]
			s.notes = append(s.notes, n.Text)
			said[id] = s
		}
	}
	for id, s := range said {
		sort.SliceStable(s.tags, func(i, j int) bool { return s.tags[i].Key < s.tags[j].Key })
		said[id] = s
	}
	return said, marks, nil
}

// runOf is the run that a reference is about, also when it points into one.
func runOf(subject string) (string, bool) {
	kind, id := About(subject)
	return id, kind == "run"
}

// quietLimits looks at the series of the runs that say running.
func quietLimits(ctx context.Context, r *store.Reader, runs []store.Run) (map[string]time.Duration, error) {
	out := make(map[string]time.Duration)
	for _, run := range runs {
		if run.Status != "running" {
			continue
		}
		summaries, err := r.Summaries(ctx, run.ID)
		if err != nil {
			return nil, fmt.Errorf("load run %s: %w", run.ID, err)
		}
		out[run.ID] = quietLimit(summaries)
	}
	return out, nil
}

func loadExperiments(ctx context.Context, r *store.Reader) (map[string]store.Experiment, []store.Experiment, error) {
	list, err := r.Experiments(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("load experiments: %w", err)
	}
	byID := make(map[string]store.Experiment, len(list))
	for _, e := range list {
		byID[e.ID] = e
	}
	return byID, list, nil
}

func loadKeys(ctx context.Context, r *store.Reader, said map[string]saidOf) (tableKeys, error) {
	var k tableKeys
	var err error
	if k.metrics, err = r.MetricKeys(ctx); err != nil {
		return k, fmt.Errorf("load metric keys: %w", err)
	}
	if k.params, err = r.ParamKeys(ctx); err != nil {
		return k, fmt.Errorf("load param keys: %w", err)
	}
	if k.tags, err = r.TagKeys(ctx); err != nil {
		return k, fmt.Errorf("load tag keys: %w", err)
	}
	for _, id := range slices.Sorted(maps.Keys(said)) {
		for _, tag := range said[id].tags {
			k.tags = withKey(k.tags, tag.Key, false)
		}
	}
	return k, nil
}

// withKey adds a key that is not among the keys yet.
func withKey(keys []store.KeyCount, key string, system bool) []store.KeyCount {
	for _, k := range keys {
		if k.Key == key {
			return keys
		}
	}
	return append(slices.Clip(keys), store.KeyCount{Key: key, Runs: 1, System: system})
}

// numColumn is one metric over all rows of a Table, one slice per number that a series answers.
type numColumn struct {
	have                        []bool
	last, first, min, max, mean []float64
	points                      []float64
}

func newNumColumn(rows int) *numColumn {
	c := &numColumn{}
	c.grow(rows)
	return c
}

func (c *numColumn) grow(rows int) {
	add := rows - len(c.have)
	if add <= 0 {
		return
	}
	c.have = append(c.have, make([]bool, add)...)
	for _, s := range []*[]float64{&c.last, &c.first, &c.min, &c.max, &c.mean, &c.points} {
		*s = append(*s, make([]float64, add)...)
	}
}

func (c *numColumn) set(row int32, s store.Summary) {
	c.have[row] = true
	c.last[row], c.first[row] = s.Last.Value, s.First.Value
	c.min[row], c.max[row] = s.Min.Value, s.Max.Value
	c.points[row] = float64(s.N)
	c.mean[row] = math.NaN()
	if finite := s.N - s.NaN - s.Inf; finite > 0 {
		c.mean[row] = s.Sum / float64(finite)
	}
}

// number answers one aggregate; best needs the metric's direction.
func (c *numColumn) number(row int32, agg, direction string) (float64, bool) {
	if !c.have[row] {
		return 0, false
	}
	values := c.values(agg, direction)
	if values == nil {
		return 0, false
	}
	return values[row], true
}

// values is the slice of one aggregate (query.Aggregates); nil for best without a direction.
func (c *numColumn) values(agg, direction string) []float64 {
	switch agg {
	case "", "last":
		return c.last
	case "first":
		return c.first
	case "min":
		return c.min
	case "max":
		return c.max
	case "mean":
		return c.mean
	case "points":
		return c.points
	case "best":
		switch direction {
		case "min":
			return c.min
		case "max":
			return c.max
		}
	}
	return nil
}

// textColumn is one param or tag over all rows of a Table: a code per row into the texts that occur; 0 is absent.
type textColumn struct {
	codes []uint32
	texts []string
	index map[string]uint32
}

func newTextColumn(rows int) *textColumn {
	return &textColumn{codes: make([]uint32, rows), texts: []string{""}, index: make(map[string]uint32)}
}

func (c *textColumn) grow(rows int) {
	if add := rows - len(c.codes); add > 0 {
		c.codes = append(c.codes, make([]uint32, add)...)
	}
}

func (c *textColumn) set(row int32, text string) {
	code, ok := c.index[text]
	if !ok {
		code = uint32(len(c.texts))
		c.texts = append(c.texts, text)
		c.index[text] = code
	}
	c.codes[row] = code
}

func (c *textColumn) text(row int32) (string, bool) {
	code := c.codes[row]
	return c.texts[code], code != 0
}

// listColumn is what a run has many of: notes, datasets, models.
type listColumn map[int32][]string
