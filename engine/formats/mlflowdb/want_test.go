package mlflowdb

import (
	"cmp"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"pace/engine/formats/mlflow"
	"pace/engine/ingest"
	"pace/engine/ingest/ingesttest"
)

const samples = "../../../testdata/formats/mlflowdb/"

// number is a float as testdata/make/interop/mlflow_dump.py spells it. The client answers infinity as the
// greatest double, as it stands in the database.
type number float64

func (n *number) UnmarshalJSON(b []byte) error {
	if string(b) == `"NaN"` {
		*n = number(math.NaN())
		return nil
	}
	err := json.Unmarshal(b, (*float64)(n))
	if math.Abs(float64(*n)) == math.MaxFloat64 {
		*n *= 2
	}
	return err
}

type wantPoint struct {
	Step, Timestamp int64
	Value           number
}

type wantRun struct {
	ID         string `json:"run_id"`
	Experiment string `json:"experiment_id"`
	Name       string `json:"run_name"`
	Stage      string `json:"lifecycle_stage"`
	User       string `json:"user_id"`
	Status     string
	Start      int64  `json:"start_time"`
	End        *int64 `json:"end_time"`
	Params     map[string]string
	Tags       map[string]string
	Metrics    map[string]struct{ History []wantPoint }
	Inputs     []struct {
		Name, Digest string
		Context      *string
		Source       string `json:"source_type"`
	}
}

type want struct {
	Experiments []struct {
		ID    string `json:"experiment_id"`
		Stage string `json:"lifecycle_stage"`
		Name  string
	}
	Runs   []wantRun
	Models []struct {
		ID     string `json:"model_id"`
		Name   string
		Run    string `json:"source_run_id"`
		Status string
	} `json:"logged_models"`
}

// TestEqualsMLflow compares every fact and every point with what MLflow's own client returned.
func TestEqualsMLflow(t *testing.T) {
	for _, name := range []string{"current", "old"} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(samples + name + ".want.json")
			if err != nil {
				t.Fatal(err)
			}
			var w want
			if err := json.Unmarshal(text, &w); err != nil {
				t.Fatal(err)
			}
			s := ingesttest.NewState()
			ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: ingest.Source{Root: samples, Path: name + ".db"}}, s)
			c := comparison{T: t, path: name + ".db", s: s, facts: map[string]bool{}}
			c.compare(w)
			if len(s.Problems) != 0 {
				t.Errorf("problems: %v", s.Problems)
			}
		})
	}
}

type comparison struct {
	*testing.T
	s      *ingesttest.State
	path   string // of the database in its project
	facts  map[string]bool
	series int
}

func (c *comparison) take(id string) ingest.Record {
	c.facts[id] = true
	if c.s.Facts[id] == nil {
		c.Errorf("%s: missing", id)
	}
	return c.s.Facts[id]
}

func (c *comparison) compare(w want) {
	for _, e := range w.Experiments {
		got, _ := c.take("experiment " + mlflow.ExperimentKey(c.path, e.ID)).(ingest.Experiment)
		if got.Name != e.Name || got.NativeID != e.ID || got.Deleted != (e.Stage == "deleted") {
			c.Errorf("experiment: got %+v, want %+v", got, e)
		}
	}
	for _, r := range w.Runs {
		c.run(r)
	}
	for _, m := range w.Models {
		got, _ := c.take("model " + m.ID).(ingest.LoggedModel)
		if got.Name != m.Name || got.Status != m.Status || !strings.HasSuffix(got.Run, "/"+m.Run) {
			c.Errorf("model: got %+v, want %+v", got, m)
		}
	}
	for id := range c.s.Facts {
		if !c.facts[id] {
			c.Errorf("%s: MLflow knows no such thing", id)
		}
	}
	if len(c.s.Series) != c.series || c.series == 0 {
		c.Errorf("%d series, MLflow knows %d", len(c.s.Series), c.series)
	}
}

func (c *comparison) run(r wantRun) {
	key := mlflow.RunKey(r.Experiment, r.ID)
	got, _ := c.take("run " + key).(ingest.Run)
	if got.Name != r.Name || got.Native != r.Status || got.User != r.User || got.NativeID != r.ID ||
		got.Deleted != (r.Stage == "deleted") || got.Started.UnixMilli() != r.Start ||
		(r.End == nil) != got.Ended.IsZero() || r.End != nil && got.Ended.UnixMilli() != *r.End {
		c.Errorf("run: got %+v, want %+v", got, r)
	}
	for k, v := range r.Params {
		if p, _ := c.take("param " + key + " " + k).(ingest.Param); p.Value != v {
			c.Errorf("param %s: got %q, want %q", k, p.Value, v)
		}
	}
	for k, v := range r.Tags {
		if p, _ := c.take("tag " + key + " " + k).(ingest.Tag); p.Value != v {
			c.Errorf("tag %s: got %q, want %q", k, p.Value, v)
		}
	}
	for _, in := range r.Inputs {
		context := ""
		if in.Context != nil {
			context = *in.Context
		}
		p, _ := c.take("input " + key + " " + in.Name + " " + in.Digest + " " + context).(ingest.Input)
		if p.SourceType != in.Source || p.Source == "" || p.Schema == "" {
			c.Errorf("input %s: got %+v", in.Name, p)
		}
	}
	for k, m := range r.Metrics {
		c.series++
		points := slices.Clone(c.s.Series[ingesttest.SeriesID{Run: key, Series: k}])
		var expected []ingesttest.Point
		for _, p := range m.History {
			expected = append(expected, ingesttest.Point{Step: p.Step, Time: p.Timestamp * 1000, Bits: math.Float64bits(float64(p.Value))})
		}
		// The client answers in the order of an index, not of logging.
		slices.SortFunc(points, byAll)
		slices.SortFunc(expected, byAll)
		if !slices.EqualFunc(points, expected, samePoint) {
			c.Errorf("%s %s: got %v, want %v", r.ID, k, points, expected)
		}
	}
}

func byAll(a, b ingesttest.Point) int {
	return cmp.Or(cmp.Compare(a.Step, b.Step), cmp.Compare(a.Time, b.Time), cmp.Compare(a.Value(), b.Value()))
}

func samePoint(a, b ingesttest.Point) bool {
	return a.Step == b.Step && a.Time == b.Time && (a.Bits == b.Bits || math.IsNaN(a.Value()) && math.IsNaN(b.Value()))
}
