package demo

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// newProject is a folder with as much of the demo as the replay needs.
func newProject(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	table := "origin,year,temp\nJFK,2013,39.0\n"
	if err := os.WriteFile(filepath.Join(dir, "data", "weather.csv"), []byte(table), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func readPoints(t *testing.T, dir string) []point {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "runs", "live-*", "metrics.jsonl"))
	if err != nil || len(found) != 1 {
		t.Fatalf("runs %v (%v), want one", found, err)
	}
	content, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	var points []point
	for lines := bufio.NewScanner(bytes.NewReader(content)); lines.Scan(); {
		var p point
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		points = append(points, p)
	}
	return points
}

func TestLiveReplaysADay(t *testing.T) {
	dir := newProject(t)
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	var notes, said []string
	err := Live(t.Context(), dir, LiveOptions{
		Interval: time.Microsecond,
		Steps:    8,
		Now:      func() time.Time { now = now.Add(time.Second); return now },
		Log:      func(line string) { said = append(said, line) },
		Note: func(actor, subject, text string) error {
			notes = append(notes, actor+" on "+subject)
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want, err := livePoints(8)
	if err != nil {
		t.Fatal(err)
	}
	got := readPoints(t, dir)
	if len(got) != len(want) {
		t.Fatalf("%d points, want %d", len(got), len(want))
	}
	first := time.Date(2026, 11, 22, 10, 0, 2, 0, time.UTC).Unix()
	for i, p := range got {
		want[i].Time = float64(first + int64(i))
		if p != want[i] {
			t.Errorf("point %d is %+v, want %+v", i, p, want[i])
		}
	}
	if len(notes) != 1 || notes[0] != "ben on data:data/weather-live.csv" {
		t.Errorf("notes %q, want one of ben", notes)
	}
	if len(said) != 4 {
		t.Errorf("said %q, want four lines", said)
	}
	original, _ := os.ReadFile(filepath.Join(dir, "data", "weather.csv"))
	table, _ := os.ReadFile(filepath.Join(dir, "data", "weather-live.csv"))
	if string(table) != string(original)+badRow {
		t.Errorf("the copy is %q", table)
	}
	if strings.Contains(string(original), "warm") {
		t.Error("the original table was changed")
	}
}

func TestLiveStopsWithItsContext(t *testing.T) {
	dir := newProject(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	options := LiveOptions{Interval: time.Hour, Log: func(string) { cancel() }}
	if err := Live(ctx, dir, options); !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want context.Canceled", err)
	}
	if got := readPoints(t, dir); len(got) != 1 {
		t.Errorf("%d points, want the first alone", len(got))
	}
}

func TestLiveTellsOfANoteThatFailed(t *testing.T) {
	full := errors.New("disk is full")
	err := Live(t.Context(), newProject(t), LiveOptions{
		Interval: time.Microsecond,
		Steps:    4,
		Note:     func(string, string, string) error { return full },
	})
	if !errors.Is(err, full) {
		t.Errorf("error %v, want the note's", err)
	}
}

func TestLiveNeedsTheDemo(t *testing.T) {
	if err := Live(t.Context(), t.TempDir(), LiveOptions{Steps: 1}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want ErrNotExist", err)
	}
}

func TestLiveTwiceKeepsTheCopy(t *testing.T) {
	dir := newProject(t)
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	options := LiveOptions{Interval: time.Microsecond, Steps: 2,
		Now: func() time.Time { now = now.Add(time.Minute); return now }}
	for range 2 {
		if err := Live(t.Context(), dir, options); err != nil {
			t.Fatal(err)
		}
	}
	table, _ := os.ReadFile(filepath.Join(dir, "data", "weather-live.csv"))
	if got := strings.Count(string(table), "warm"); got != 2 {
		t.Errorf("%d bad rows after two replays, want 2", got)
	}
}
