package store_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pace/store"
	"pace/store/storetest"
)

// crashPath names the index that the child of TestKilledWriterLeavesAPrefix writes.
const crashPath = "PACE_STORE_CRASH_PATH"

// batch is what the i-th transaction of the child says: points for three series, a header, and the cursor.
func batch(tx *store.Tx, i int) error {
	run := storetest.RunID(i / 10)
	if err := tx.PutRun(store.Run{ID: run, Name: fmt.Sprint(i)}); err != nil {
		return err
	}
	for k := range 3 {
		n := 1 + (i*7+k*13)%700
		at := noon.Add(time.Duration(i) * time.Second)
		p := storetest.Curve(n, at, func(s int) float64 { return float64(i) + float64(s)/float64(k+3) })
		if i%9 == 8 && k == 1 {
			if err := tx.ResetSeries(run, "k1"); err != nil {
				return err
			}
		}
		if err := tx.AppendPoints(run, fmt.Sprint("k", k), false, p); err != nil {
			return err
		}
	}
	return tx.PutMeta("batches", strconv.Itoa(i+1))
}

// dump is everything that batches put into an index, as text.
func dump(t *testing.T, r *store.Reader) string {
	t.Helper()
	ctx := t.Context()
	var b strings.Builder
	runs := must[[]store.Run](t)(r.Runs(ctx))
	for _, run := range runs {
		fmt.Fprintf(&b, "%+v\n", run)
		for _, s := range must[[]store.Summary](t)(r.Summaries(ctx, run.ID)) {
			points, ok, err := r.Series(ctx, run.ID, s.Key)
			if err != nil || !ok {
				t.Fatal(s, ok, err)
			}
			fmt.Fprintf(&b, "%+v\n", points)
		}
	}
	fmt.Fprintln(&b, must[[]store.KeyCount](t)(r.MetricKeys(ctx)))
	return b.String()
}

func TestKilledWriterLeavesAPrefix(t *testing.T) {
	if path := os.Getenv(crashPath); path != "" {
		writeUntilKilled(t, path)
		return
	}
	rounds := 5
	if n, err := strconv.Atoi(os.Getenv("PACE_STORE_CRASHES")); err == nil {
		rounds = n
	}
	for i := range rounds {
		path := filepath.Join(t.TempDir(), "pace.db")
		killWriter(t, path, 1+i*3%17, time.Duration(i%7)*time.Millisecond)
		checkPrefix(t, path)
	}
}

// writeUntilKilled applies batches and says so, one line each.
func writeUntilKilled(t *testing.T, path string) {
	db, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5000 {
		storetest.Apply(t, db, func(tx *store.Tx) error { return batch(tx, i) })
		fmt.Printf("applied %d\n", i+1)
	}
}

// killWriter starts a writer and kills it some time after it said that it applied so many batches.
func killWriter(t *testing.T, path string, batches int, later time.Duration) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledWriterLeavesAPrefix$")
	cmd.Env = append(os.Environ(), crashPath+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for want := fmt.Sprint("applied ", batches); lines.Scan() && lines.Text() != want; {
	}
	time.Sleep(later)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the writer ended before it was killed")
	}
}

// checkPrefix compares an index with a new one that the same number of batches was applied to.
func checkPrefix(t *testing.T, path string) {
	t.Helper()
	killed, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer killed.Close()
	if killed.Rebuilt() != nil {
		t.Fatal(killed.Rebuilt().Cause)
	}
	text, ok, err := killed.Reader().Meta(t.Context(), "batches")
	n, bad := strconv.Atoi(text)
	if err != nil || !ok || bad != nil {
		t.Fatal(text, ok, err)
	}
	fresh := storetest.Open(t)
	storetest.Apply(t, fresh, func(tx *store.Tx) error { // one transaction: the split must not show either
		for i := range n {
			if err := batch(tx, i); err != nil {
				return err
			}
		}
		return nil
	})
	if got, want := dump(t, killed.Reader()), dump(t, fresh.Reader()); got != want {
		t.Fatalf("after %d batches the killed index differs from a fresh one", n)
	}
}
