package metricsfile

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pace/engine/ingest"
	"pace/engine/ingest/ingesttest"
)

const samples = "../../../testdata/formats/metricsfile"

// TestEqualsPandas compares every point with what pandas or json read from the same file.
func TestEqualsPandas(t *testing.T) {
	dirs, _ := filepath.Glob(filepath.Join(samples, "*"))
	if len(dirs) < 9 {
		t.Fatalf("%d samples", len(dirs))
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(dir, "want.json"))
			if err != nil {
				t.Fatal(err)
			}
			var want struct {
				Series map[string][][2]*ingesttest.Number
			} // step or null, value
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			s := ingesttest.ReadAll(t, dir, Format(), ingest.Limits{})
			if len(s.Problems) > 0 {
				t.Errorf("problems: %v", s.Problems)
			}
			got := map[string][]ingesttest.Point{}
			for id, points := range s.Series {
				got[id.Series] = points
			}
			if len(got) != len(s.Series) || len(got) != len(want.Series) {
				t.Errorf("%d series, want %d", len(s.Series), len(want.Series))
			}
			for key, points := range want.Series {
				if !slices.EqualFunc(got[key], points, samePoint) {
					t.Errorf("%s: got %v", key, got[key])
				}
			}
		})
	}
}

func samePoint(got ingesttest.Point, want [2]*ingesttest.Number) bool {
	step := ingest.NoStep
	if want[0] != nil {
		step = int64(*want[0])
	}
	value := float64(*want[1])
	return got.Step == step && (got.Bits == math.Float64bits(value) || math.IsNaN(got.Value()) && math.IsNaN(value))
}
