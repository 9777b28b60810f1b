package mlflowdb

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"

	"pace/engine/ingest"
)

type countSink struct{ facts, points int }

func (c *countSink) Put(ingest.Record) error      { c.facts++; return nil }
func (c *countSink) Points(p ingest.Points) error { c.points += len(p.Values); return nil }

// fill adds runs of 30 params, 8 tags and 600 points to a database that MLflow made. PACE_BENCH_RUNS=10000
// makes 6 M points.
func fill(b *testing.B) (ingest.Source, int) {
	b.Helper()
	runs, _ := strconv.Atoi(os.Getenv("PACE_BENCH_RUNS"))
	runs = max(runs, 200)
	src, db := copied(b, "current.db")
	exec(b, db, "CREATE TEMP TABLE n AS WITH RECURSIVE c(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM c WHERE value < 599) SELECT value FROM c")
	exec(b, db, "BEGIN")
	for r := range runs {
		id := fmt.Sprintf("%032x", r)
		exec(b, db, "INSERT INTO runs (run_uuid, name, status, start_time, end_time, lifecycle_stage, experiment_id, artifact_uri) VALUES (?, ?, 'FINISHED', 5, 6, 'active', 1, 's3://b')", id, "run "+id)
		exec(b, db, "INSERT INTO params SELECT 'param_' || value, value, ? FROM n WHERE value < 30", id)
		exec(b, db, "INSERT INTO tags SELECT 'tag_' || value, value, ? FROM n WHERE value < 8", id)
		exec(b, db, "INSERT INTO metrics SELECT 'metric_' || (value % 6), 1.0 / (value + 3), value, ?, value / 6, 0 FROM n", id)
	}
	exec(b, db, "COMMIT")
	db.Close()
	return src, runs
}

func readOn(b *testing.B, src ingest.Source, cursor []byte, sink ingest.Sink) []byte {
	for {
		res, err := read(context.Background(), src, cursor, sink, ingest.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		if cursor = res.Cursor; !res.More {
			return cursor
		}
	}
}

// BenchmarkRead reads a whole database.
func BenchmarkRead(b *testing.B) {
	src, _ := fill(b)
	sink := &countSink{}
	b.ReportAllocs()
	for b.Loop() {
		readOn(b, src, nil, sink)
	}
	b.ReportMetric(float64(sink.points)/b.Elapsed().Seconds()/1e6, "Mpoints/s")
}

// BenchmarkPoll reads on where nothing is new, without and with a sweep.
func BenchmarkPoll(b *testing.B) {
	src, _ := fill(b)
	cursor := readOn(b, src, nil, &countSink{})
	b.Run("tail", func(b *testing.B) {
		c, _ := openCursor(cursor)
		c.cost = int64(maxSweepPause)
		tail := c.bytes()
		for b.Loop() {
			readOn(b, src, tail, &countSink{})
		}
		b.ReportMetric(float64(len(tail)), "cursor-bytes")
	})
	b.Run("sweep", func(b *testing.B) {
		c, _ := openCursor(cursor)
		c.swept = 0
		due := c.bytes()
		for b.Loop() {
			readOn(b, src, due, &countSink{})
		}
	})
}
