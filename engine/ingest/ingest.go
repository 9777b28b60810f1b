// Package ingest is the contract between the engine and a run format: how a format claims what it
// reads, how it resumes, and what it may say. It must not know the store, the engine or any one format.
package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"math"
	"path/filepath"
	"strings"
	"time"
)

// Format is one way in which a tool leaves runs on disk. A format is a value: everything it remembers
// between two reads is in the cursor, so a read can be repeated, split or moved to another process.
type Format struct {
	// Name is the format's id in the store, in JSON and in fixtures: "mlflow-fs".
	Name string
	// Title is how a person calls it: "MLflow (files)".
	Title string
	// Claim names the units that the format would read in one folder. It is called for every folder that
	// is walked, so it looks at names first and opens a head only when the name leaves a doubt.
	Claim func(Dir) []Unit
	// Stamp returns a short text that changes whenever Read would find something new. It stats, it does
	// not read; an unchanged stamp lets the engine skip the unit.
	Stamp func(ctx context.Context, src Source) (string, error)
	// Read says everything that is new since the cursor (nil: from the start) to the sink and returns the
	// cursor to go on from. It stops early when a limit is reached (Result.More) and leaves a record whose
	// end has not been written yet for the next turn (Result.Torn). Reading again from an old cursor says
	// the same again; the engine makes that harmless. A file that was replaced, truncated or rotated is
	// said as Reset followed by its content from the start.
	Read func(ctx context.Context, src Source, cursor []byte, sink Sink, lim Limits) (Result, error)
}

// Unit is what one Read works on: a file, or a folder whose files belong together.
type Unit struct {
	// Path is relative to the project root, with slashes; "." is the root itself.
	Path string
	// Owns keeps the scan from walking below a folder, and from offering a file to the formats and
	// tables after this one.
	Owns bool
}

// Source tells Read and Stamp where its unit is.
type Source struct {
	// Root is the absolute folder that Path is relative to.
	Root string
	// Path is the unit's path, as it was claimed.
	Path string
}

// Abs is the unit's absolute path, in the operating system's form, with elements below it joined on.
func (s Source) Abs(elem ...string) string {
	parts := append([]string{s.Root, filepath.FromSlash(s.Path)}, elem...)
	return filepath.Join(parts...)
}

// Limits bound one Read: whichever is reached first ends the turn. Zero means no limit.
type Limits struct {
	Points int           // metric points said to the sink
	Bytes  int64         // bytes read from files
	Time   time.Duration // elapsed time, looked at between records
}

// Result is where a Read stopped.
type Result struct {
	Cursor []byte
	// More is set when a limit ended the turn and another Read would find more at once.
	More bool
	// Torn is set when the last record is incomplete: half written, not yet corrupt.
	Torn bool
}

// Sink takes what a format has to say, in order. An error from it ends the Read and is returned as is.
type Sink interface {
	// Put takes one fact.
	Put(Record) error
	// Points takes new points of one series, in the order in which they were written. The slices may be
	// reused after the call.
	Points(Points) error
}

// NoStep stands in Points.Steps where the tool recorded no step, NoTime where it recorded no time.
const (
	NoStep int64 = math.MinInt64
	NoTime int64 = math.MinInt64
)

// RunID makes a run's id from its key: 16 characters of base32 over SHA-256, the same on every machine.
func RunID(key string) string { return contentID("run", key) }

// ExperimentID does the same for an experiment's key.
func ExperimentID(key string) string { return contentID("experiment", key) }

func contentID(kind, key string) string {
	sum := sha256.Sum256([]byte(kind + "|" + key))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}
