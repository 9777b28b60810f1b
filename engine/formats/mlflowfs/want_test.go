package mlflowfs

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pace/engine/formats/mlflow"
	"pace/engine/ingest"
	"pace/engine/ingest/ingesttest"
)

const samples = "../../../testdata/formats/mlflowfs"

type wantPoint struct {
	Step, Timestamp int64
	Value           ingesttest.Number
}

type want struct {
	Experiments []struct {
		ID    string `json:"experiment_id"`
		Stage string `json:"lifecycle_stage"`
		Name  string
	}
	Runs []struct {
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
	Models []struct {
		ID     string `json:"model_id"`
		Name   string
		Run    string `json:"source_run_id"`
		Status string
	} `json:"logged_models"`
}

func load(t *testing.T, path string) want {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var w want
	if err := json.Unmarshal(text, &w); err != nil {
		t.Fatal(err)
	}
	return w
}

// TestEqualsMLflow compares every fact and every point with what MLflow's own client returned.
func TestEqualsMLflow(t *testing.T) {
	dirs, _ := filepath.Glob(filepath.Join(samples, "*"))
	if len(dirs) < 4 {
		t.Fatalf("%d samples", len(dirs))
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			w := load(t, filepath.Join(dir, "want.json"))
			s := ingesttest.ReadAll(t, dir, Format(), ingest.Limits{})
			compare(t, w, s)
			if len(s.Problems) != 0 {
				t.Errorf("problems: %v", s.Problems)
			}
		})
	}
}

func compare(t *testing.T, w want, s *ingesttest.State) {
	facts := map[string]bool{}
	series := 0
	take := func(id string) ingest.Record {
		facts[id] = true
		if s.Facts[id] == nil {
			t.Errorf("%s: missing", id)
		}
		return s.Facts[id]
	}
	for _, e := range w.Experiments {
		got, _ := take("experiment " + mlflow.ExperimentKey("mlruns", e.ID)).(ingest.Experiment)
		if got.Name != e.Name || got.NativeID != e.ID || got.Deleted != (e.Stage == "deleted") {
			t.Errorf("experiment: got %+v, want %+v", got, e)
		}
	}
	gone := map[string]bool{} // of deleted experiments: MLflow 1 leaves their runs active
	for _, e := range w.Experiments {
		gone[e.ID] = e.Stage == "deleted"
	}
	for _, r := range w.Runs {
		key := mlflow.RunKey(r.Experiment, r.ID)
		got, _ := take("run " + key).(ingest.Run)
		if got.Name != r.Name || got.Native != r.Status || got.User != r.User || got.NativeID != r.ID ||
			got.Deleted != (r.Stage == "deleted" || gone[r.Experiment]) || got.Started.UnixMilli() != r.Start ||
			(r.End == nil) != got.Ended.IsZero() || r.End != nil && got.Ended.UnixMilli() != *r.End {
			t.Errorf("run: got %+v, want %+v", got, r)
		}
		if parent := r.Tags[mlflow.TagParent]; parent != "" && got.Parent != mlflow.RunKey(r.Experiment, parent) {
			t.Errorf("run %s: parent %q", r.ID, got.Parent)
		}
		for k, v := range r.Params {
			if p, _ := take("param " + key + " " + k).(ingest.Param); p.Value != v {
				t.Errorf("param %s: got %q, want %q", k, p.Value, v)
			}
		}
		for k, v := range r.Tags {
			if p, _ := take("tag " + key + " " + k).(ingest.Tag); p.Value != v {
				t.Errorf("tag %s: got %q, want %q", k, p.Value, v)
			}
		}
		for _, in := range r.Inputs {
			context := ""
			if in.Context != nil {
				context = *in.Context
			}
			p, _ := take("input " + key + " " + in.Name + " " + in.Digest + " " + context).(ingest.Input)
			if p.SourceType != in.Source || p.Source == "" || p.Schema == "" {
				t.Errorf("input %s: got %+v", in.Name, p)
			}
		}
		for k, m := range r.Metrics {
			series++
			got := s.Series[ingesttest.SeriesID{Run: key, Series: k}]
			if !slices.EqualFunc(got, m.History, samePoint(k)) {
				t.Errorf("%s %s: got %v, want %v", r.ID, k, got, m.History)
			}
		}
	}
	for _, m := range w.Models {
		got, _ := take("model " + m.ID).(ingest.LoggedModel)
		if got.Name != m.Name || got.Status != m.Status || !strings.HasSuffix(got.Run, "/"+m.Run) {
			t.Errorf("model: got %+v, want %+v", got, m)
		}
	}
	for id := range s.Facts {
		if !facts[id] && !strings.HasPrefix(id, "input ") {
			t.Errorf("%s: MLflow knows no such thing", id)
		}
	}
	if len(s.Series) != series {
		t.Errorf("%d series, MLflow knows %d", len(s.Series), series)
	}
}

// samePoint compares points bit by bit; NaN equals NaN. MLflow's reader loses the step of lines with five
// fields, which in the samples are those of "accuracy".
func samePoint(series string) func(ingesttest.Point, wantPoint) bool {
	return func(got ingesttest.Point, want wantPoint) bool {
		same := got.Bits == math.Float64bits(float64(want.Value)) || math.IsNaN(got.Value()) && math.IsNaN(float64(want.Value))
		return same && got.Time == want.Timestamp*1000 && (got.Step == want.Step || series == "accuracy" && want.Step == 0)
	}
}
