package metricsfile

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pace/engine/ingest"
	"pace/engine/ingest/ingesttest"
)

func write(t testing.TB, root, rel, text string) {
	t.Helper()
	abs := filepath.Join(root, filepath.FromSlash(rel))
	if err := os.MkdirAll(filepath.Dir(abs), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(abs, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// rows repeats a line for i from 0 on.
func rows(n int, format string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprint(i)) + "\n")
	}
	return b.String()
}

// TestClaim: what is a run and what stays a dataset or nobody's.
func TestClaim(t *testing.T) {
	wide := "step" + strings.Repeat(",x", 201) + "\n"
	for rel, c := range map[string]struct {
		text string
		want bool
	}{
		"metrics.csv":                       {"", true},
		"a/metrics.csv":                     {"step,loss\n", true},
		"a/train_log.csv":                   {"epoch;loss\n" + rows(3, "#;0.5"), true},
		"a/training.tsv":                    {"epoch\tloss\n0\t1\n", true},
		"a/Results.csv":                     {"\ufeffEpoch, loss\r\n1, 2\r\n", true},
		"a/progress.csv":                    {"#{\"t\": 1}\nloss,time/total_timesteps\n1,2048\n", true},
		"a/batch_log.csv":                   {"epoch,batch,loss\n" + rows(40, "1,#,0.5"), true},
		"a/log.csv":                         {"epoch,loss,note\n1,2,a\n", false}, // a third of it is text
		"a/train.csv":                       {"id,label,feature\n1,0,0.5\n2,1,0.25\n", false},
		"a/eval.csv":                        {"step\n1\n2\n", false},
		"a/loss.csv":                        {"step,loss\n1,2\n", false}, // no word of ours
		"a/catalog.csv":                     {"step,price\n1,2\n", false},
		"a/payments_log.csv":                {"step,amount,balance,fraud\n" + strings.Repeat("1,9.5,3,0\n", 50), false},
		"a/shuffled_results.csv":            {"step,amount\n9,1\n4,1\n7,1\n2,1\n5,1\n1,1\n", false},
		"a/wide_metrics.csv":                {wide, false},
		"data/metrics.csv":                  {"step,loss\n1,2\n", false},
		"x/datasets/y/metrics.csv":          {"step,loss\n1,2\n", false},
		"mlruns/1/a/artifacts/metrics.json": {`{"loss": 1}`, false},
		"a/metrics.jsonl":                   {rows(3, `{"step": #, "x": 1}`), true},
		"b/log.jsonl":                       {rows(3, `{"loss": #, "acc": 1}`), true},
		"b/train.jsonl":                     {rows(3, `{"text": "some #", "label": 1}`), false},
		"b/eval.jsonl":                      {rows(3, `{"id": #, "x": 1, "y": 3}`), false},
		"b/logs.jsonl":                      {rows(3, `{"ts": 1.5, "level": "info", "msg": "m#"}`), false},
		"b/server-log.ndjson":               {rows(3, `GET / #`), false},
		"c/result.json":                     {rows(3, `{"training_iteration": #, "loss": 1, "config": {"lr": 0.5}}`), true},
		"c/metrics.json":                    {`{"acc": 0.5, "model": "m", "matrix": [[1, 2], [3, 4]]}`, true},
		"c/eval_results.json":               {`{"eval_loss": 0.5`, true}, // being written
		"c/test_results.json":               {`{"passed": 1, "cases": [{"name": "a"}]}`, false},
		"c/train_results.json":              {`[1, 2]`, false},
		"c/log.json":                        {`{"acc": 0.5}`, false},
		"d/history.json":                    {`{"loss": [1, 0.5], "val_loss": [2, 1.5]}`, true},
		"d/train_history.json":              {`{"loss": [1, 0.5], "id": 7}`, false},
		"c/scores.json":                     {`{"a": "x", "b": "y", "n": 1}`, false},
		"c/training_args.json":              {`{"lr": 0.5}`, false},
	} {
		t.Run(rel, func(t *testing.T) {
			root := t.TempDir()
			write(t, root, rel, c.text)
			units := ingesttest.Claims(t, root, Format())
			if got := slices.Contains(units, ingest.Unit{Path: rel, Owns: true}); got != c.want || len(units) > 1 {
				t.Errorf("claimed: %v, want %v", units, c.want)
			}
		})
	}
}

// TestNobodyElsesTables: none of the datasets among the fixtures is taken for a run, and every metrics file
// of a project that nobody prepared is.
func TestNobodyElsesTables(t *testing.T) {
	if units := ingesttest.Claims(t, "../../../testdata/formats/table", Format()); len(units) > 0 {
		t.Errorf("datasets are claimed: %v", units)
	}
	var got []string
	for _, u := range ingesttest.Claims(t, "../../../testdata/projects/mixed", Format()) {
		if !strings.HasPrefix(u.Path, ".venv") && !strings.HasPrefix(u.Path, "node_modules") && !strings.HasPrefix(u.Path, "scratch") {
			got = append(got, u.Path) // the scan skips those
		}
	}
	want := []string{"lightning_logs/version_0/metrics.csv", "outputs/first/metrics.jsonl", "outputs/second/metrics.jsonl"}
	if !slices.Equal(got, want) {
		t.Errorf("claimed %v, want %v", got, want)
	}
}

func TestNames(t *testing.T) {
	for path, want := range map[string]string{
		"metrics.csv":                          "metrics",
		"lightning_logs/version_3/metrics.csv": "version_3",
		"runs/detect/exp2/results.csv":         "detect/exp2",
		"outputs/first/metrics.jsonl":          "first",
		"model/eval_results.json":              "model/eval_results",
		"logs/metrics.csv":                     "logs",
	} {
		if got := nameOf(ingest.Source{Root: "/p", Path: path}); got != want {
			t.Errorf("%s is called %q, want %q", path, got, want)
		}
	}
}
