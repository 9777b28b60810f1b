package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pace/engine/journal"
	"pace/store"
)

// killRounds is how often the engine is killed; PACE_KILLS sets another number.
const killRounds = 6

// TestMain is the engine that is killed, where the environment says so.
func TestMain(m *testing.M) {
	if root := os.Getenv("PACE_TEST_VICTIM"); root != "" {
		victim(root, os.Getenv("PACE_TEST_INDEX"))
		return
	}
	os.Exit(m.Run())
}

// victim ingests files that it writes itself, says something again and again, and never ends by itself. Every
// thing said is told on stdout once Do has returned.
func victim(root, index string) {
	ctx := context.Background()
	p := &testProject{root: root, index: index}
	e, err := Open(ctx, p.options())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	go func() {
		if err := e.Run(ctx); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}()
	for i := 0; ; i++ {
		name := fmt.Sprintf("runs/%d.lines", rand.IntN(12))
		f, err := os.OpenFile(p.abs(name), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
		if err != nil {
			os.Exit(1)
		}
		step := time.Now().UnixNano()
		for j := range 40 {
			fmt.Fprintf(f, "loss %d %d\nacc %d 0.%d\n", step+int64(j), i, step+int64(j), j)
		}
		f.Close()
		if i%5 == 0 {
			id, err := e.Do(ctx, store.Edit{Kind: store.EditNote, Subject: "run:x", Text: strconv.Itoa(i)})
			if err == nil {
				fmt.Println(id)
			}
		}
		time.Sleep(time.Duration(rand.IntN(8)) * time.Millisecond)
	}
}

func TestKilledEngineLosesNothing(t *testing.T) {
	rounds := killRounds
	if n, err := strconv.Atoi(os.Getenv("PACE_KILLS")); err == nil {
		rounds = n
	}
	p := newProject(t)
	for i := range 12 {
		p.write(fmt.Sprintf("runs/%d.lines", i), fmt.Sprintf("run k%d running\n", i))
	}
	var said []string
	for i := range rounds {
		said = append(said, killOne(t, p)...)
		if (i+1)%20 == 0 || i+1 == rounds {
			compareWithFresh(t, p, said)
		}
	}
}

// killOne starts an engine, kills it at some moment and returns the ids of what it said.
func killOne(t *testing.T, p *testProject) []string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "PACE_TEST_VICTIM="+p.root, "PACE_TEST_INDEX="+p.index)
	var out, bad bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &bad
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Duration(20+rand.IntN(400)) * time.Millisecond)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the engine ended by itself: %v\n%s", err, bad.String())
	}
	lines := strings.Split(out.String(), "\n")
	return lines[:len(lines)-1] // the last was cut off
}

// compareWithFresh brings the index up to date, builds another from nothing and demands that they say the same,
// and that the journals are whole and hold what was said.
func compareWithFresh(t *testing.T, p *testProject, said []string) {
	t.Helper()
	sums, err := journal.Verify(filepath.Join(p.root, ".pace"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sums {
		for _, trouble := range s.Problems {
			if trouble.Kind != journal.Torn {
				t.Fatalf("journal: %v", trouble)
			}
		}
	}
	var old, fresh dump
	p.once(func(r *store.Reader) { old = dumpOf(t, r) })
	q := *p
	q.index = filepath.Join(t.TempDir(), "pace.db")
	q.once(func(r *store.Reader) { fresh = dumpOf(t, r) })
	if len(fresh.Series) == 0 {
		t.Fatal("nothing was read")
	}
	if !reflect.DeepEqual(old, fresh) {
		for k, want := range fresh.Series {
			if got := old.Series[k]; !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %d points, fresh %d", k, len(got.Values), len(want.Values))
			}
		}
		t.Fatalf("the killed index differs: %d runs and %d notes, fresh %d and %d",
			len(old.Runs), len(old.Notes), len(fresh.Runs), len(fresh.Notes))
	}
	ids := map[string]bool{}
	for _, n := range old.Notes {
		ids[n.ID] = true
	}
	if i := slices.IndexFunc(said, func(id string) bool { return !ids[id] }); i >= 0 {
		t.Fatalf("note %s of %d was said and is not there", said[i], len(said))
	}
}

// dump is what an index says, as far as files and journals decide it.
type dump struct {
	Runs   map[string]store.Run
	Series map[string]store.SeriesPoints
	Notes  []store.Note
}

func dumpOf(t *testing.T, r *store.Reader) dump {
	t.Helper()
	d := dump{Runs: runs(t, r), Series: map[string]store.SeriesPoints{}}
	for id, run := range d.Runs {
		run.Active = time.Time{} // of a file without a clock: when somebody saw it grow
		d.Runs[id] = run
		sums, err := r.Summaries(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sums {
			points, ok, err := r.Series(t.Context(), id, s.Key)
			if err != nil || !ok {
				t.Fatalf("series %s: %v", s.Key, err)
			}
			d.Series[id+" "+s.Key] = points
		}
	}
	var err error
	if d.Notes, err = r.Notes(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	return d
}
