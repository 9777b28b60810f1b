package report

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"pace/store"
)

// CompareQuery asks for some runs side by side. Baseline is one of IDs, "" for the first. Width is the columns of the
// curves, 0 for none; Key the metric that is drawn, "" for the primary one. All shows also what is the same everywhere.
type CompareQuery struct {
	IDs      []string
	Baseline string
	Key      string
	Axis     Axis
	Width    int
	Smooth   float64
	All      bool
}

// Compare is `pace.compare/1`: runs side by side, and only what differs unless all was asked for.
type Compare struct {
	Schema   string    `json:"schema"`
	Baseline int       `json:"baseline"` // index into Runs
	Runs     []RunHead `json:"runs"`
	// Shown of Total rows differ; the others are the same in every run.
	Shown   int          `json:"shown"`
	Total   int          `json:"total"`
	Rows    []CompareRow `json:"rows"`
	Metrics []CompareNum `json:"metrics"`
	// Data says in a sentence whether the runs read the same data; Comparable is false where they did not.
	Data       string   `json:"data"`
	Comparable bool     `json:"comparable"`
	DataDiffer []bool   `json:"data_differs"` // per run, against the baseline
	Primary    string   `json:"primary"`      // the metric that is drawn
	Curves     []Series `json:"-"`            // one per run that has the primary metric
}

// CompareRow is a param, a tag, a dataset or a part of the code. Values align with Runs.
type CompareRow struct {
	Group  string         `json:"group"` // "param", "data", "code", "tag", "run"
	Key    string         `json:"key"`
	Same   bool           `json:"same"`
	Values []CompareValue `json:"values"`
}

// CompareValue is a text, or nothing where the run has none.
type CompareValue struct {
	Text string `json:"text"`
	Have bool   `json:"have"`
}

// CompareNum is a metric, or the duration in seconds (Key "duration", Unit "s"). Values align with Runs.
type CompareNum struct {
	Key       string       `json:"key"`
	Unit      string       `json:"unit,omitempty"`
	Direction string       `json:"direction,omitempty"`
	Guessed   bool         `json:"guessed,omitempty"`
	Same      bool         `json:"same"`
	Values    []CompareOne `json:"values"`
}

// CompareOne is one run's number against the baseline's. Percent is of the baseline's absolute value, NaN where that
// is zero. Verdict is "baseline", "same", "better", "worse", "changed" (no direction known) or "absent".
type CompareOne struct {
	Value   Float  `json:"value"`
	Delta   Float  `json:"delta"`
	Percent Float  `json:"percent"`
	Have    bool   `json:"have"`
	Best    bool   `json:"best,omitempty"`
	Verdict string `json:"verdict"`
}

// maxCompare bounds how many runs stand side by side.
const maxCompare = 100

// LoadCompare puts runs side by side against a baseline. It wraps ErrNotFound.
func LoadCompare(ctx context.Context, r *store.Reader, opts Options, q CompareQuery) (Compare, error) {
	if len(q.IDs) > maxCompare {
		return Compare{}, fmt.Errorf("compare runs: %d are more than %d", len(q.IDs), maxCompare)
	}
	pc, err := loadContext(ctx, r, opts)
	if err != nil {
		return Compare{}, err
	}
	c := comparing{context: pc}
	for _, id := range q.IDs {
		if err := c.add(ctx, r, id); err != nil {
			return Compare{}, err
		}
	}
	out := c.compare(q)
	if q.Width > 0 && out.Primary != "" {
		curve := SeriesQuery{Key: out.Primary, Width: q.Width, Axis: q.Axis, Smooth: q.Smooth}
		if out.Curves, err = LoadCurves(ctx, r, opts, q.IDs, curve); err != nil {
			return Compare{}, err
		}
	}
	return out, nil
}

// comparing holds the runs that are compared, in their order.
type comparing struct {
	context projectContext
	runs    []Run
	inputs  [][]store.Input
}

func (c *comparing) add(ctx context.Context, r *store.Reader, id string) error {
	run, ok, err := r.Run(ctx, id)
	if err == nil && !ok {
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("compare run %s: %w", id, err)
	}
	full, _, err := c.context.run(ctx, r, run)
	if err != nil {
		return err
	}
	inputs, err := r.Inputs(ctx, id)
	if err != nil {
		return fmt.Errorf("compare run %s: %w", id, err)
	}
	c.runs, c.inputs = append(c.runs, full), append(c.inputs, inputs)
	return nil
}

func (c *comparing) compare(q CompareQuery) Compare {
	out := Compare{Schema: SchemaCompare, Baseline: max(0, slices.Index(q.IDs, q.Baseline)), Rows: []CompareRow{}, Metrics: []CompareNum{}}
	for _, run := range c.runs {
		out.Runs = append(out.Runs, run.RunHead)
	}
	if len(c.runs) == 0 {
		return out
	}
	rows := c.textRows("param", func(r Run) KVs { return r.Params })
	data := c.dataRow()
	out.DataDiffer = differs(data.Values, out.Baseline)
	out.Data, out.Comparable = dataSentence(data.Values, out.DataDiffer)
	rows = append(rows, data)
	rows = append(rows, c.codeRows()...)
	rows = append(rows, c.textRows("tag", func(r Run) KVs { return withoutNative(r.Tags) })...)
	nums := c.metricRows(out.Baseline)
	out.Primary = c.primary(q.Key)
	sort.SliceStable(nums, func(i, j int) bool { return nums[i].Key == out.Primary && nums[j].Key != out.Primary })
	nums = append(nums, c.durationRow(out.Baseline))
	out.Total = len(rows) + len(nums)
	for _, row := range rows {
		if q.All || !row.Same {
			out.Rows = append(out.Rows, row)
		}
	}
	for _, n := range nums {
		if q.All || !n.Same {
			out.Metrics = append(out.Metrics, n)
		}
	}
	out.Shown = len(out.Rows) + len(out.Metrics)
	return out
}

// withoutNative leaves out the tags in which MLflow keeps what the header already says.
func withoutNative(tags KVs) KVs {
	return slices.DeleteFunc(slices.Clone(tags), func(kv KV) bool {
		return strings.HasPrefix(kv.Key, "mlflow.") && kv.Key != "mlflow.note.content"
	})
}

func (c *comparing) textRows(group string, of func(Run) KVs) []CompareRow {
	seen := make(map[string]bool)
	var keys []string
	for _, run := range c.runs {
		for _, kv := range of(run) {
			if !seen[kv.Key] {
				seen[kv.Key] = true
				keys = append(keys, kv.Key)
			}
		}
	}
	sort.Strings(keys)
	rows := make([]CompareRow, len(keys))
	for i, key := range keys {
		rows[i] = c.row(group, key, func(r int) (string, bool) { return of(c.runs[r]).Get(key) })
	}
	return rows
}

func (c *comparing) row(group, key string, value func(run int) (string, bool)) CompareRow {
	row := CompareRow{Group: group, Key: key, Same: true, Values: make([]CompareValue, len(c.runs))}
	for i := range c.runs {
		text, ok := value(i)
		row.Values[i] = CompareValue{Text: text, Have: ok}
		row.Same = row.Same && row.Values[i] == row.Values[0]
	}
	return row
}

// dataRow names each run's training data: name@digest of every input, in order.
func (c *comparing) dataRow() CompareRow {
	return c.row("data", "data", func(run int) (string, bool) {
		var parts []string
		for _, in := range c.inputs[run] {
			part := in.Name
			if in.Digest != "" {
				part += "@" + in.Digest[:min(len(in.Digest), 8)]
			}
			if in.Context != "" && len(c.inputs[run]) > 1 {
				part += " (" + in.Context + ")"
			}
			parts = append(parts, part)
		}
		sort.Strings(parts)
		return strings.Join(slices.Compact(parts), ", "), len(parts) > 0
	})
}

func (c *comparing) codeRows() []CompareRow {
	text := func(key string, of func(Run) string) CompareRow {
		return c.row("code", key, func(i int) (string, bool) { s := of(c.runs[i]); return s, s != "" })
	}
	return []CompareRow{
		text("commit", func(r Run) string { return r.Git.Commit }),
		text("branch", func(r Run) string { return r.Git.Branch }),
		text("dirty", func(r Run) string {
			if r.Git.Dirty == nil {
				return ""
			}
			return fmt.Sprint(*r.Git.Dirty)
		}),
	}
}

// differs says for each run whether its data is recorded and another than the baseline's.
func differs(values []CompareValue, baseline int) []bool {
	out := make([]bool, len(values))
	for i, v := range values {
		out[i] = v.Have && values[baseline].Have && v.Text != values[baseline].Text
	}
	return out
}

func dataSentence(values []CompareValue, differ []bool) (string, bool) {
	n, unknown := 0, 0
	for i, v := range values {
		if differ[i] {
			n++
		}
		if !v.Have {
			unknown++
		}
	}
	switch {
	case n > 0:
		return fmt.Sprintf("data differs in %d of %d: metrics are not comparable with the baseline's until rerun on the same data", n, len(values)), false
	case unknown == len(values):
		return "no run recorded its data: nobody can say whether they are comparable", true
	case unknown > 0:
		return fmt.Sprintf("%d of %d runs recorded no data: nobody can say whether they are comparable", unknown, len(values)), true
	}
	return "all runs recorded the same data", true
}

func (c *comparing) primary(asked string) string {
	counts := make(map[string]store.KeyCount)
	for _, run := range c.runs {
		for _, m := range run.Metrics {
			k := counts[m.Key]
			counts[m.Key] = store.KeyCount{Key: m.Key, Runs: k.Runs + 1, System: m.System}
		}
	}
	if _, ok := counts[asked]; ok {
		return asked
	}
	keys := make([]store.KeyCount, 0, len(counts))
	for _, k := range counts {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i].Key < keys[j].Key })
	return c.context.dirs.Primary(keys)
}

func (c *comparing) metricRows(baseline int) []CompareNum {
	seen := make(map[string]bool)
	var keys []string
	for _, run := range c.runs {
		for _, m := range run.Metrics {
			if !seen[m.Key] && !m.System {
				seen[m.Key] = true
				keys = append(keys, m.Key)
			}
		}
	}
	sort.Strings(keys)
	out := make([]CompareNum, len(keys))
	for i, key := range keys {
		n := CompareNum{Key: key, Values: make([]CompareOne, len(c.runs))}
		n.Direction, n.Guessed = c.context.dirs.Of(key)
		for j, run := range c.runs {
			m, ok := run.Metrics.Get(key)
			n.Values[j] = CompareOne{Value: m.Last, Have: ok}
		}
		n.judge(baseline)
		out[i] = n
	}
	return out
}

func (c *comparing) durationRow(baseline int) CompareNum {
	n := CompareNum{Key: "duration", Unit: "s", Direction: "min", Values: make([]CompareOne, len(c.runs))}
	for i, run := range c.runs {
		if run.DurationMS != nil {
			n.Values[i] = CompareOne{Value: Float(float64(*run.DurationMS) / 1000), Have: true}
		}
	}
	n.judge(baseline)
	return n
}

// judge fills differences, verdicts and the best from the values.
func (n *CompareNum) judge(baseline int) {
	base := n.Values[baseline]
	n.Same = true
	best := math.NaN()
	for i := range n.Values {
		v := &n.Values[i]
		n.Same = n.Same && v.Have == base.Have && (!v.Have || sameFloat(v.Value, base.Value))
		v.Delta, v.Percent = Float(math.NaN()), Float(math.NaN())
		if v.Have && base.Have {
			v.Delta = v.Value - base.Value
			if b := math.Abs(float64(base.Value)); b > 0 {
				v.Percent = Float(float64(v.Delta) / b * 100)
			}
		}
		v.Verdict = n.verdict(*v, base, i == baseline)
		if v.Have && v.Value.Finite() && (math.IsNaN(best) || n.beats(float64(v.Value), best)) {
			best = float64(v.Value)
		}
	}
	for i := range n.Values {
		v := &n.Values[i]
		v.Best = n.Direction != "" && !n.Same && v.Have && float64(v.Value) == best
	}
}

func (n *CompareNum) beats(a, b float64) bool {
	if n.Direction == "min" {
		return a < b
	}
	return a > b
}

func sameFloat(a, b Float) bool { return a == b || a != a && b != b }

func (n *CompareNum) verdict(v, base CompareOne, isBase bool) string {
	switch {
	case !v.Have:
		return "absent"
	case isBase:
		return "baseline"
	case base.Have && sameFloat(v.Value, base.Value):
		return "same"
	case n.Direction == "" || !base.Have || !v.Delta.Finite():
		return "changed"
	case n.beats(float64(v.Value), float64(base.Value)):
		return "better"
	}
	return "worse"
}

// IsNotFound says whether an error is about something that isn't in the store.
func IsNotFound(err error) bool { return errors.Is(err, ErrNotFound) }
