package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"testing"
	"time"

	"pace/engine"
	"pace/engine/formats"
	"pace/engine/journal"
	"pace/engine/tables"
	"pace/store"
)

// killRounds is how often pace is killed; PACE_KILLS sets another number.
const killRounds = 6

// TestKilledPaceLosesNothing kills the real binary at random moments, while it ingests every format and while it
// notes, as a job goes on logging. Every twenty kills the index must equal one that is built anew, and what was said
// must be there.
func TestKilledPaceLosesNothing(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a killed process's files stay locked for a moment there")
	}
	rounds := killRounds
	if n, err := strconv.Atoi(os.Getenv("PACE_KILLS")); err == nil {
		rounds = n
	}
	v := &victims{t: t, feed: newFeeder(t), index: t.TempDir()}
	for done := 0; done < rounds; {
		stop, fed := make(chan struct{}), make(chan error, 1)
		go func() { fed <- v.feed.run(stop) }()
		for range min(20, rounds-done) {
			v.killOne()
			done++
		}
		close(stop)
		if err := <-fed; err != nil {
			t.Fatal("the job was hurt:", err)
		}
		v.compare()
	}
	if len(v.said) == 0 && rounds >= 20 {
		t.Error("no note was ever said in time: the test kills too early")
	}
	t.Logf("%d kills; %d notes said before the kill, %d cut off; %d runs, %d points", rounds, len(v.said), v.cut, v.runs, v.points)
}

// victims are the processes that are killed on one project.
type victims struct {
	t         *testing.T
	feed      *feeder
	index     string   // the cache folder
	said      []string // texts of the notes whose command ended well
	cut, asks int
	runs      int
	points    int64
}

func (v *victims) command(args ...string) *exec.Cmd {
	cmd := exec.Command("pace", args...)
	cmd.Dir = v.feed.root
	cmd.Env = append(os.Environ(), "PACE_CACHE_DIR="+v.index, "PACE_ACTOR=me@example.org")
	return cmd
}

// killOne starts the engine and, beside it, notes; both are killed at some moment.
func (v *victims) killOne() {
	v.t.Helper()
	var bad bytes.Buffer
	watch := v.command("watch")
	watch.Stderr = &bad
	v.asks++
	text := fmt.Sprint("note ", v.asks)
	note := v.command("note", "data.csv", text)
	for _, c := range []*exec.Cmd{watch, note} {
		if err := c.Start(); err != nil {
			v.t.Fatal(err)
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- note.Wait() }()
	time.Sleep(time.Duration(30+rand.IntN(600)) * time.Millisecond)
	_ = note.Process.Kill() // it may have ended
	if err := watch.Process.Kill(); err != nil {
		v.t.Fatal(err)
	}
	if err := watch.Wait(); watch.ProcessState.Exited() {
		v.t.Fatalf("the engine ended by itself: %v\n%s", err, bad.String())
	}
	if <-ended == nil {
		v.said = append(v.said, text)
	} else {
		v.cut++
	}
}

// compare brings the index up to date and builds another from nothing.
func (v *victims) compare() {
	v.t.Helper()
	sums, err := journal.Verify(filepath.Join(v.feed.root, ".pace"))
	if err != nil {
		v.t.Fatal(err)
	}
	for _, s := range sums {
		for _, trouble := range s.Problems {
			if trouble.Kind != journal.Torn {
				v.t.Fatalf("journal: %v", trouble)
			}
		}
	}
	old, fresh := v.dump(v.cacheIndex()), v.dump(filepath.Join(v.t.TempDir(), "pace.db"))
	if old == nil || fresh == nil {
		return
	}
	for k, want := range fresh {
		if got := old[k]; !reflect.DeepEqual(got, want) {
			v.t.Errorf("%s: killed %.300v, fresh %.300v", k, got, want)
		}
	}
	for k := range old {
		if _, ok := fresh[k]; !ok {
			v.t.Errorf("%s: only in the killed index", k)
		}
	}
	notes := map[string]bool{}
	for _, n := range old["notes"].([]store.Note) {
		notes[n.Text] = true
	}
	for _, text := range v.said {
		if !notes[text] {
			v.t.Errorf("%q was said and is not there", text)
		}
	}
}

// cacheIndex is where the commands put the index.
func (v *victims) cacheIndex() string {
	v.t.Helper()
	out, err := v.command("doctor", "--format", "json").Output()
	if err != nil {
		v.t.Fatalf("doctor: %v\n%s", err, out)
	}
	found, err := filepath.Glob(filepath.Join(v.index, "*", "pace.db"))
	if err != nil || len(found) != 1 {
		v.t.Fatalf("index below %s: %v %v", v.index, found, err)
	}
	return found[0]
}

// dump is everything that files and journals decide of an index.
func (v *victims) dump(index string) map[string]any {
	v.t.Helper()
	ctx := v.t.Context()
	e, err := engine.Open(ctx, engine.Options{Root: v.feed.root, Index: index, Actor: "me@example.org",
		Lists: engine.Lists{Formats: formats.All(), Tables: tables.All()}})
	if err != nil {
		v.t.Fatal(err)
	}
	defer e.Close()
	if _, err := e.Once(ctx); err != nil {
		v.t.Fatal(err)
	}
	out, err := v.facts(ctx, e.Reader())
	if err != nil {
		v.t.Fatal(err)
	}
	return out
}

func (v *victims) facts(ctx context.Context, r *store.Reader) (map[string]any, error) {
	out := map[string]any{}
	runs, err := r.Runs(ctx)
	if err != nil {
		return nil, err
	}
	v.runs, v.points = len(runs), 0
	for _, run := range runs {
		run.Active = time.Time{} // of a file without a clock: when somebody saw it grow
		params, err := r.Params(ctx, run.ID)
		if err != nil {
			return nil, err
		}
		tags, err := r.Tags(ctx, run.ID)
		if err != nil {
			return nil, err
		}
		inputs, err := r.Inputs(ctx, run.ID)
		if err != nil {
			return nil, err
		}
		out["run "+run.ID] = []any{run, params, tags, inputs}
		sums, err := r.Summaries(ctx, run.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range sums {
			points, _, err := r.Series(ctx, run.ID, s.Key)
			if err != nil {
				return nil, err
			}
			v.points += s.N
			out["series "+run.ID+" "+s.Key] = exactly(points)
		}
	}
	if out["notes"], err = r.Notes(ctx, ""); err != nil {
		return nil, err
	}
	out["experiments"], err = r.Experiments(ctx)
	return out, err
}

// exactly spells a series such that NaN equals NaN.
func exactly(p store.SeriesPoints) string {
	text, err := json.Marshal([]any{p.Key, p.N, p.NaN, p.Inf, p.Segments, p.Segment, p.Steps, p.Times, fmt.Sprintf("%x", p.Values)})
	if err != nil {
		return err.Error()
	}
	return string(text)
}
