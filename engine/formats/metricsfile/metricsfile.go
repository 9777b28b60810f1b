// Package metricsfile reads the logs of metrics that training scripts leave in plain CSV, JSON Lines and JSON:
// Lightning's and Keras' CSVLogger, Ultralytics' results.csv, Ray's progress.csv, metrics.jsonl of anybody's own.
// It must not know who asks or where facts go.
package metricsfile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"pace/engine/ingest"
)

// Name is the format's name.
const Name = "metrics-file"

// Format is the format's entry in the list. A unit is one file, which is one run and no dataset.
func Format() ingest.Format {
	return ingest.Format{Name: Name, Title: "Metrics file", Claim: claim, Stamp: stamp, Read: read}
}

// keyOf makes a run's key from the file's path in the project. Nothing in such a file can serve: Lightning
// rewrites the header when a metric is new, DVCLive rewrites all of it at each step, and runs of one script
// with one seed begin with the same lines. A file that is written over is the same run again.
func keyOf(src ingest.Source) string { return "metrics-file/" + src.Path }

// stamp digests the stats of the file and of the files with its params.
func stamp(ctx context.Context, src ingest.Source) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	info, err := os.Stat(src.Abs())
	if err != nil {
		return "", fmt.Errorf("stat unit: %w", err)
	}
	h := sha256.New()
	fmt.Fprintln(h, ingest.StatOf(info))
	for _, name := range paramFiles {
		if st, err := os.Stat(beside(src, name)); err == nil {
			fmt.Fprintln(h, name, ingest.StatOf(st))
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// beside is where a file in the unit's folder lies.
func beside(src ingest.Source, name string) string {
	return filepath.Join(filepath.Dir(src.Abs()), name)
}

// logFolders hold runs by their usual names; a run is called by its path below the last of them.
var logFolders = [...]string{"runs", "logs", "log", "outputs", "output", "results", "experiments", "lightning_logs", "tb_logs", "csv_logs", "ray_results"}

// plainStems say nothing about a run: it is then called by its folder alone.
var plainStems = [...]string{"metrics", "metric", "results", "result", "log", "logs", "history", "progress", "training", "train_log", "training_log"}

// nameOf is how a run is called: its folder below the one that holds runs, and the file's stem where that
// says more.
func nameOf(src ingest.Source) string {
	file := path.Base(src.Path)
	stem := strings.TrimSuffix(file, path.Ext(file))
	dir := path.Dir(src.Path)
	if dir == "." {
		return stem
	}
	parts := strings.Split(dir, "/")
	name := dir
	for i := len(parts) - 2; i >= 0; i-- {
		if slices.Contains(logFolders[:], parts[i]) {
			name = path.Join(parts[i+1:]...)
			break
		}
	}
	if slices.Contains(plainStems[:], strings.ToLower(stem)) {
		return name
	}
	return name + "/" + stem
}
