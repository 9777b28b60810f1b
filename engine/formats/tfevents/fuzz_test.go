package tfevents

import (
	"os"
	"path/filepath"
	"testing"

	"pace/engine/ingest"
	"pace/engine/ingest/ingesttest"
)

// FuzzRead reads any bytes as an event file, in one read and in turns: both say the same.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join(samples, "*", "events*"))
	more, _ := filepath.Glob(filepath.Join(samples, "*", "*", "events*"))
	for _, file := range append(files, more...) {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add(appendEvent(version(), 1.7e9, -1, simple("a", 1), ofPlugin("b", scalars, []byte{8, 1})))
	src := ingest.Source{Root: f.TempDir(), Path: "."}
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(filepath.Join(src.Root, first), text, 0o644); err != nil {
			t.Fatal(err)
		}
		whole, split := ingesttest.NewState(), ingesttest.NewState()
		ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: src}, whole)
		ingesttest.ReadUnit(t, Format(), ingesttest.From{Source: src, Limits: ingest.Limits{Points: 1}}, split)
		if d := whole.Diff(split); d != "" {
			t.Fatal(d)
		}
	})
}

// FuzzEvent gives any bytes to the parsers behind the checksums.
func FuzzEvent(f *testing.F) {
	rec := appendEvent(nil, 1.7e9, 3, simple("a", 1), ofPlugin(tagStart, hparams, nil), ofPlugin("c", scalars, []byte{8, 2, 0x22, 0}))
	f.Add(rec[headBytes : len(rec)-footBytes])
	f.Add([]byte{0x2a, 0x80})
	f.Fuzz(func(t *testing.T, data []byte) {
		turn := &turn{sink: ingesttest.NewState(), cursor: newCursor()}
		turn.files = []fileCursor{{name: first}}
		if err := turn.sink.Put(ingest.Run{}); err != nil {
			t.Fatal(err)
		}
		if n, err := turn.event(data, 0, 0); n != turn.held || err != nil {
			t.Fatalf("%d points, %d held, %v", n, turn.held, err)
		}
		tensorScalar(data)
		dull(data)
	})
}
