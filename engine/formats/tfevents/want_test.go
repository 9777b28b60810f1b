package tfevents

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pace/engine/ingest"
	"pace/engine/ingest/ingesttest"
)

const samples = "../../../testdata/formats/tfevents"

// TestEqualsEventAccumulator compares every point of every tag with what TensorBoard's own reader gave, and
// the tags that are no scalars with those that it listed as something else.
func TestEqualsEventAccumulator(t *testing.T) {
	dirs, _ := filepath.Glob(filepath.Join(samples, "*"))
	if len(dirs) < 6 {
		t.Fatalf("%d samples", len(dirs))
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(dir, "want.json"))
			if err != nil {
				t.Fatal(err)
			}
			var want struct {
				Runs    map[string]map[string][][3]ingesttest.Number // step, wall time, value
				Skipped map[string][]string
			}
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			s := ingesttest.ReadAll(t, dir, Format(), ingest.Limits{})
			if len(s.Problems) > 0 {
				t.Errorf("problems: %v", s.Problems)
			}
			runs := byPath(s)
			if len(runs) != len(want.Runs) {
				t.Errorf("%d runs, want %d", len(runs), len(want.Runs))
			}
			series := 0
			for at, tags := range want.Runs {
				for tag, points := range tags {
					series++
					got := s.Series[ingesttest.SeriesID{Run: runs[at].Key, Series: tag}]
					if !slices.EqualFunc(got, points, samePoint) {
						t.Errorf("%s %s: got %v, want %v", at, tag, got, points)
					}
				}
				if others := listed(s, runs[at].Key); !slices.Equal(others, want.Skipped[at]) {
					t.Errorf("%s: other tags %q, want %q", at, others, want.Skipped[at])
				}
			}
			if len(s.Series) != series {
				t.Errorf("%d series, want %d", len(s.Series), series)
			}
		})
	}
}

func byPath(s *ingesttest.State) map[string]ingest.Run {
	runs := map[string]ingest.Run{}
	for _, f := range s.Facts {
		if r, ok := f.(ingest.Run); ok {
			runs[r.NativeID] = r
		}
	}
	return runs
}

// listed are the tags that are no scalars, as the run's tags say.
func listed(s *ingesttest.State, run string) (names []string) {
	for _, f := range s.Facts {
		if tag, ok := f.(ingest.Tag); ok && tag.Run == run && strings.HasPrefix(tag.Key, "tensorboard.") {
			names = append(names, strings.Split(tag.Value, ", ")...)
		}
	}
	slices.Sort(names)
	return names
}

func samePoint(got ingesttest.Point, want [3]ingesttest.Number) bool {
	same := got.Bits == math.Float64bits(float64(want[2])) || math.IsNaN(got.Value()) && math.IsNaN(float64(want[2]))
	return same && got.Step == int64(want[0]) && got.Time == int64(math.Round(float64(want[1])*1e6))
}

// TestPyTorchHparams reads what SummaryWriter.add_hparams wrote: params on a run below its parent.
func TestPyTorchHparams(t *testing.T) {
	s := ingesttest.ReadAll(t, filepath.Join(samples, "torch"), Format(), ingest.Limits{})
	runs := byPath(s)
	hp, top := runs["hp"], runs["."]
	if hp.Parent != top.Key || top.Key == "" || top.Parent != "" {
		t.Errorf("parent %q, want %q", hp.Parent, top.Key)
	}
	if hp.Status != ingest.Finished || top.Status != ingest.Unknown || hp.Host != "trainer" || hp.Name != "hp" {
		t.Errorf("header: %+v, %+v", hp, top)
	}
	for key, value := range map[string]string{"lr": "0.1", "depth": "3"} {
		if p, _ := s.Facts["param "+hp.Key+" "+key].(ingest.Param); p.Value != value {
			t.Errorf("param %s: %q, want %q", key, p.Value, value)
		}
	}
}
