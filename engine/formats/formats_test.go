package formats_test

import (
	"path/filepath"
	"strings"
	"testing"

	"pace/engine/formats"
	"pace/engine/ingest/ingesttest"
)

const testdata = "../../testdata/formats/"

// members brings each format of the list to the suite, by name.
func members() map[string]ingesttest.Member {
	return map[string]ingesttest.Member{
		"mlflow-fs": {
			Samples: []string{testdata + "mlflowfs/v1", testdata + "mlflowfs/v2", testdata + "mlflowfs/v3", testdata + "mlflowfs/v3-space"},
			Kind: func(rel string) ingesttest.Kind {
				switch {
				case strings.Contains(rel, "/models/"), strings.Contains(rel, "/artifacts/"), strings.Contains(rel, "/outputs/"):
					return ingesttest.Ignored
				case strings.HasSuffix(rel, "/meta.yaml"):
					return ingesttest.Header
				case strings.Contains(rel, "/metrics/"):
					return ingesttest.Growing
				}
				return ingesttest.Value
			},
		},
		"mlflow-db": {
			Samples: []string{testdata + "mlflowdb"},
			// SQLite files are not cut or appended to by tools: the package tests what happens to a database.
			Kind: func(string) ingesttest.Kind { return ingesttest.Ignored },
		},
	}
}

func TestConformance(t *testing.T) {
	brought := members()
	for _, f := range formats.All() {
		m, ok := brought[f.Name]
		if !ok {
			t.Errorf("%s: in the list, but brings no samples to the suite", f.Name)
			continue
		}
		m.Format = f
		t.Run(f.Name, func(t *testing.T) { ingesttest.Run(t, m) })
	}
}

// TestOneFormatAPath walks every sample with every format: no path may be claimed twice.
func TestOneFormatAPath(t *testing.T) {
	names := map[string]bool{}
	for _, f := range formats.All() {
		if f.Name == "" || f.Title == "" || names[f.Name] {
			t.Errorf("name %q, title %q: empty or twice in the list", f.Name, f.Title)
		}
		names[f.Name] = true
	}
	samples, _ := filepath.Glob(testdata + "*/*/")
	for _, sample := range samples {
		claimed := map[string]string{}
		for _, f := range formats.All() {
			for _, u := range ingesttest.Claims(t, sample, f) {
				if other := claimed[u.Path]; other != "" {
					t.Errorf("%s: %s is claimed by %s and by %s", sample, u.Path, other, f.Name)
				}
				claimed[u.Path] = f.Name
			}
		}
	}
}
