package mlflowfs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"pace/engine/ingest"
	"pace/engine/ingest/ingesttest"
)

// writeStore writes runs like those that reference figures were measured on: 30 metrics of 200 points, 30
// params and 8 tags each.
func writeStore(b *testing.B, runs int) string {
	root := b.TempDir()
	put := func(text string, elem ...string) {
		path := filepath.Join(append([]string{root, "mlruns", "1"}, elem...)...)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	for r := range runs {
		id := fmt.Sprintf("%032x", r+1)
		put(fmt.Sprintf("artifact_uri: file:///srv/mlruns/1/%s/artifacts\nend_time: 1700000009000\nentry_point_name: ''\n"+
			"experiment_id: '1'\nlifecycle_stage: active\nrun_id: %s\nrun_name: run %d\nrun_uuid: %s\nsource_name: ''\n"+
			"source_type: 4\nsource_version: ''\nstart_time: 1700000000000\nstatus: 3\ntags: []\nuser_id: ana\n", id, id, r, id), id, metaFile)
		for i := range 30 {
			var text []byte
			for step := range 200 {
				text = fmt.Appendf(text, "%d %s %d\n", 1700000000000+int64(step)*1000,
					strconv.FormatFloat(1/float64(step+i+r+1), 'g', -1, 64), step)
			}
			put(string(text), id, "metrics", fmt.Sprintf("metric_%d", i))
			put(fmt.Sprint(i), id, "params", fmt.Sprintf("param_%d", i))
		}
		for i := range 8 {
			put(fmt.Sprint(i), id, "tags", fmt.Sprintf("tag_%d", i))
		}
	}
	return root
}

type countSink struct{ facts, points int }

func (c *countSink) Put(ingest.Record) error      { c.facts++; return nil }
func (c *countSink) Points(p ingest.Points) error { c.points += len(p.Values); return nil }
func benchRuns() int                              { n, _ := strconv.Atoi(os.Getenv("PACE_BENCH_RUNS")); return max(n, 50) }
func sources(b *testing.B, root string) (s []ingest.Source) {
	for _, u := range ingesttest.Claims(b, root, Format()) {
		s = append(s, ingest.Source{Root: root, Path: u.Path})
	}
	return s
}

// BenchmarkRead reads whole runs; PACE_BENCH_RUNS=1000 makes the store of 69,000 files and 6 M points.
func BenchmarkRead(b *testing.B) {
	srcs := sources(b, writeStore(b, benchRuns()))
	ctx := context.Background()
	b.ReportAllocs()
	sink := &countSink{}
	for b.Loop() {
		for _, src := range srcs {
			if _, err := read(ctx, src, nil, sink, ingest.Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(sink.points)/b.Elapsed().Seconds()/1e6, "Mpoints/s")
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N)/float64(len(srcs)), "ms/run")
}

// BenchmarkNothingNew reads runs on from their last cursor.
func BenchmarkNothingNew(b *testing.B) {
	srcs := sources(b, writeStore(b, benchRuns()))
	cursors := make([][]byte, len(srcs))
	ctx := context.Background()
	for i, src := range srcs {
		res, err := read(ctx, src, nil, &countSink{}, ingest.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		cursors[i] = res.Cursor
	}
	b.ReportAllocs()
	for b.Loop() {
		for i, src := range srcs {
			if _, err := read(ctx, src, cursors[i], &countSink{}, ingest.Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(len(cursors[0])), "cursor-bytes")
	b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(b.N)/float64(len(srcs)), "µs/run")
}

// BenchmarkStamp stamps ended runs, young (every file is looked at) and settled.
func BenchmarkStamp(b *testing.B) {
	srcs := sources(b, writeStore(b, benchRuns()))
	for _, name := range []string{"young", "settled"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				for _, src := range srcs {
					if _, err := stamp(context.Background(), src); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(b.N)/float64(len(srcs)), "µs/run")
		})
		for _, src := range srcs {
			if err := os.Chtimes(src.Abs(metaFile), longAgo, longAgo); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkParseLine(b *testing.B) {
	for _, line := range []string{"1700000000000 0.25 17", "1700000000000 0.8123456789012345 17", "1700000000000 1e-05 17"} {
		b.Run(line[14:], func(b *testing.B) {
			text := []byte(line)
			for b.Loop() {
				if _, err := parseLine(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
