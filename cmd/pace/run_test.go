package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"pace/engine/query"
	"pace/engine/report"
	"pace/store"
)

func TestExitCodes(t *testing.T) {
	interrupted, cancel := context.WithCancel(t.Context())
	cancel()
	_, syntax := query.Parse("auc >", query.Options{})
	for _, c := range []struct {
		ctx  context.Context
		err  error
		want int
	}{
		{t.Context(), nil, 0},
		{t.Context(), silent(exitFinding), 1},
		{t.Context(), fmt.Errorf("load: %w", syntax), 2},
		{t.Context(), fmt.Errorf("find: %w", report.ErrNotFound), 2},
		{t.Context(), &report.Ambiguous{}, 2},
		{t.Context(), errors.New("unknown flag: --x"), 2},
		{t.Context(), usage(errors.New("x"), ""), 2},
		{t.Context(), errors.New("disk full"), 3},
		{t.Context(), errors.Join(silent(exitNothing), errors.New("close")), 4},
		{interrupted, context.Canceled, 130},
		{interrupted, nil, 0}, // it was done before the signal came
	} {
		if got := exitCode(c.ctx, c.err); got != c.want {
			t.Errorf("exit code of %v is %d, want %d", c.err, got, c.want)
		}
	}
}

func TestFailLevels(t *testing.T) {
	for _, c := range []struct {
		failOn  string
		verdict report.Level
		want    int
	}{
		{"error", report.OK, 0}, {"error", report.Warn, 0}, {"error", report.Error, 1}, {"error", report.Nothing, 4},
		{"warn", report.Info, 0}, {"warn", report.Warn, 1}, {"warn", report.Nothing, 4},
		{"never", report.Error, 0}, {"never", report.Nothing, 0},
	} {
		if got := exitCode(t.Context(), failed(c.failOn, c.verdict)); got != c.want {
			t.Errorf("--fail-on %s with %s exits %d, want %d", c.failOn, c.verdict, got, c.want)
		}
	}
}

func TestProgressLine(t *testing.T) {
	for _, c := range []struct {
		task store.Task
		more int
		want string
	}{
		{store.Task{Noun: "read", Unit: "files", Done: 1200}, 0, "read 1,200 files"},
		{store.Task{Noun: "profile\x1b[31m t.csv", Unit: "rows", Done: 50, Total: 100}, 2, "profile␛[31m t.csv [############            ] 50/100 rows, 2 more"},
		{store.Task{Noun: "x", Unit: "rows", Done: 200, Total: 100}, 0, "x [########################] 200/100 rows"},
	} {
		if got := progressLine(c.task, c.more); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestTrimmer(t *testing.T) {
	var b bytes.Buffer
	tr := &trimmer{w: &b}
	for _, part := range []string{"one  ", "\n  two \n", "rest "} {
		if n, err := tr.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	tr.flush()
	if got, want := b.String(), "one\n  two\nrest "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
