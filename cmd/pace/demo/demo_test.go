package demo

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestUnpackWritesTheProject(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "flights")
	if err := Unpack(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	begins := map[string]string{
		"README.md":                                  "# Late arrivals",
		"mlflow.db":                                  "SQLite format 3\x00",
		"data/flights.parquet":                       "PAR1",
		"data/weather.csv":                           "origin,year,month,day,hour,",
		"notebooks/explore.ipynb":                    "{",
		"logs/predictions/2013-07-01.jsonl":          `{"timestamp": "2013-07-01T`,
		"logs/predictions-hourly-injected/README.md": "# Predictions by the hour",
		"train.py":                                   `"""`,
	}
	for name, want := range begins {
		got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Error(err)
		} else if !strings.HasPrefix(string(got), want) {
			t.Errorf("%s begins with %.30q, want %q", name, got, want)
		}
	}
	for pattern, atLeast := range map[string]int{
		"old/mlruns/*/*/meta.yaml":                 4,
		"runs/xgb-deep-7/events.out.tfevents.*":    1,
		"mlruns/1/models/m-*/artifacts/MLmodel":    6,
		"logs/predictions/*.jsonl":                 184,
		"logs/predictions-hourly-injected/*.jsonl": 21,
	} {
		found, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
		if err != nil || len(found) < atLeast {
			t.Errorf("%s: %d files, want %d or more (%v)", pattern, len(found), atLeast, err)
		}
	}
}

func TestUnpackLeavesNoTraceOfTheMachineThatMadeIt(t *testing.T) {
	dir := t.TempDir()
	if err := Unpack(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if info.ModTime().UTC().Format("2006-01-02") != "2026-11-19" {
			t.Errorf("%s: modified %v, want the archive's time", path, info.ModTime())
		}
		content, err := os.ReadFile(path)
		for _, trace := range []string{"/tmp/", "/work/", "/root/", "/home/"} {
			if bytes.Contains(content, []byte(trace)) {
				t.Errorf("%s holds %q", path, trace)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestUnpackRefusesAFolderWithSomethingInIt(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "README.md")
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Unpack(t.Context(), dir); !errors.Is(err, ErrNotEmpty) {
		t.Fatalf("error %v, want ErrNotEmpty", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d entries, want the one that was there (%v)", len(entries), err)
	}
	if got, _ := os.ReadFile(mine); string(got) != "mine" {
		t.Fatalf("README.md is now %q", got)
	}
}

func TestUnpackEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Unpack(ctx, t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want context.Canceled", err)
	}
}

func TestArchiveIsSmall(t *testing.T) {
	const limit = 4 << 20
	if len(archive) > limit {
		t.Errorf("archive has %d bytes, limit %d", len(archive), limit)
	}
}

func TestEmbeddedCurveIsWhole(t *testing.T) {
	points, err := livePoints(0)
	if err != nil || len(points) < 100 {
		t.Fatalf("%d points (%v)", len(points), err)
	}
	if !slices.IsSortedFunc(points, func(a, b point) int { return int(a.Step - b.Step) }) {
		t.Error("steps are not in order")
	}
	last := points[len(points)-1]
	if last.AUC < 0.7 || last.AUC > 1 || last.TrainAUC < last.AUC || last.Logloss <= 0 {
		t.Errorf("last point %+v is no figure of a model that learned", last)
	}
}
