package tfevents

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"pace/engine/ingest"
)

type countSink struct{ facts, points int }

func (c *countSink) Put(ingest.Record) error      { c.facts++; return nil }
func (c *countSink) Points(p ingest.Points) error { c.points += len(p.Values); return nil }

// writeRun writes events of ten tags in turn, as PyTorch ("simple") or TensorFlow 2 ("tensor") has them.
func writeRun(b *testing.B, kind string, events int) ingest.Source {
	src := ingest.Source{Root: b.TempDir(), Path: "."}
	out := version()
	for i := range events {
		tag, v := fmt.Sprintf("train/metric_%d", i%10), float32(math.Sin(float64(i)))
		val := simple(tag, v)
		if kind == "tensor" {
			bits := math.Float32bits(v)
			tensor := bytesField(bytesField(varintField(nil, 1, 1), 2, nil), 4, []byte{byte(bits), byte(bits >> 8), byte(bits >> 16), byte(bits >> 24)})
			name := ""
			if i < 10 {
				name = scalars
			}
			val = ofPlugin(tag, name, tensor)
		}
		out = appendEvent(out, 1.7e9+float64(i)/8, int64(i/10), val)
	}
	if err := os.WriteFile(filepath.Join(src.Root, first), out, 0o644); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(out)))
	return src
}

// BenchmarkRead reads a run of a million points, both checksums of every record checked.
func BenchmarkRead(b *testing.B) {
	for _, kind := range []string{"simple", "tensor"} {
		b.Run(kind, func(b *testing.B) {
			src := writeRun(b, kind, 1_000_000)
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

// BenchmarkNothingNew reads on where nothing was written, and stamps.
func BenchmarkNothingNew(b *testing.B) {
	src := writeRun(b, "simple", 10_000)
	b.SetBytes(0)
	res, err := read(context.Background(), src, nil, &countSink{}, ingest.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if _, err := read(context.Background(), src, res.Cursor, &countSink{}, ingest.Limits{}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(res.Cursor)), "cursor-bytes")
	})
	b.Run("stamp", func(b *testing.B) {
		for b.Loop() {
			if _, err := stamp(context.Background(), src); err != nil {
				b.Fatal(err)
			}
		}
	})
}
