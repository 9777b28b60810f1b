package metricsfile

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"pace/engine/ingest"
)

type countSink struct{ facts, points int }

func (c *countSink) Put(ingest.Record) error      { c.facts++; return nil }
func (c *countSink) Points(p ingest.Points) error { c.points += len(p.Values); return nil }

// logOf is a log of five metrics, each with all the digits of a float64.
func logOf(kind string, rows int) string {
	var b strings.Builder
	names := []string{"loss", "accuracy", "val_loss", "val_accuracy", "lr"}
	if kind == "metrics.csv" {
		b.WriteString("step," + strings.Join(names, ",") + "\n")
	}
	for i := range rows {
		if kind == "metrics.csv" {
			fmt.Fprint(&b, i)
		} else {
			fmt.Fprintf(&b, `{"step": %d`, i)
		}
		for k, name := range names {
			v := math.Abs(math.Sin(float64(i + k)))
			if kind == "metrics.csv" {
				fmt.Fprintf(&b, ",%v", v)
			} else {
				fmt.Fprintf(&b, `, "%s": %v`, name, v)
			}
		}
		if kind != "metrics.csv" {
			b.WriteByte('}')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func BenchmarkRead(b *testing.B) {
	for _, kind := range []string{"metrics.csv", "metrics.jsonl"} {
		b.Run(kind, func(b *testing.B) {
			src := ingest.Source{Root: b.TempDir(), Path: kind}
			text := logOf(kind, 100_000)
			write(b, src.Root, kind, text)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			sink := &countSink{}
			for b.Loop() {
				if _, err := read(context.Background(), src, nil, sink, ingest.Limits{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(sink.points)/b.Elapsed().Seconds()/1e6, "Mpoints/s")
		})
	}
}

// BenchmarkNothingNew reads on where nothing was written.
func BenchmarkNothingNew(b *testing.B) {
	src := ingest.Source{Root: b.TempDir(), Path: "metrics.csv"}
	write(b, src.Root, src.Path, logOf(src.Path, 1000))
	res, err := read(context.Background(), src, nil, &countSink{}, ingest.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := read(context.Background(), src, res.Cursor, &countSink{}, ingest.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(res.Cursor)), "cursor-bytes")
}
