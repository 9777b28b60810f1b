package formats_test

import (
	"encoding/binary"
	"hash/crc32"
	"path/filepath"
	"slices"
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
		"tensorboard": {
			Samples: []string{
				testdata + "tfevents/odd-values", testdata + "tfevents/restart", testdata + "tfevents/tensorboardx",
				testdata + "tfevents/tensorflow", testdata + "tfevents/torch", testdata + "tfevents/two-files",
			},
			Kind: func(rel string) ingesttest.Kind {
				if !strings.Contains(rel, "tfevents") || strings.HasPrefix(rel, "hp/") { // below torch's ".", a unit of its own
					return ingesttest.Ignored
				}
				return ingesttest.Growing
			},
			Garbage: damagedEvents(),
		},
		"metrics-file": {
			Samples: []string{
				testdata + "metricsfile/dvclive", testdata + "metricsfile/json-no-step", testdata + "metricsfile/jsonl",
				testdata + "metricsfile/jsonl-no-step", testdata + "metricsfile/keras", testdata + "metricsfile/keras-resumed",
				testdata + "metricsfile/lightning", testdata + "metricsfile/padded", testdata + "metricsfile/pandas",
			},
			Kind: func(rel string) ingesttest.Kind {
				if strings.HasSuffix(rel, ".json") {
					return ingesttest.Header
				}
				return ingesttest.Growing
			},
		},
	}
}

// damagedEvents are records of an event file whose lengths are right: one of garbage with a wrong checksum, one
// with a right checksum, and one that is longer than any that is looked into.
func damagedEvents() []byte {
	masked := func(b []byte) []byte {
		c := crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli))
		return binary.LittleEndian.AppendUint32(nil, (c>>15|c<<17)+0xa282ead8)
	}
	record := func(data, sum []byte) []byte {
		head := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
		return slices.Concat(head, masked(head), data, sum)
	}
	garbage, long := []byte("\xff not an event \x1b[31m"), make([]byte, 17<<20)
	return slices.Concat(record(garbage, []byte("none")), record(garbage, masked(garbage)), record(long, []byte("none")))
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
