package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pace/engine/ingest"
	"pace/engine/table"
	"pace/store"
)

// linesFormat is a run format for tests: a file *.lines whose first line is "run KEY STATUS" and whose others are
// "SERIES STEP VALUE"; a line may be "status WORD". The cursor is an offset and the key.
func linesFormat() ingest.Format {
	return ingest.Format{Name: "lines", Title: "Lines", Claim: linesClaim, Stamp: linesStamp, Read: linesRead}
}

func linesClaim(d ingest.Dir) []ingest.Unit {
	var out []ingest.Unit
	for _, e := range d.Entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), ".lines") {
			out = append(out, ingest.Unit{Path: d.Join(e.Name()), Owns: true})
		}
	}
	return out
}

func linesStamp(_ context.Context, src ingest.Source) (string, error) {
	info, err := os.Stat(src.Abs())
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d %d", info.Size(), info.ModTime().UnixNano()), nil
}

func linesRead(_ context.Context, src ingest.Source, cursor []byte, sink ingest.Sink, lim ingest.Limits) (ingest.Result, error) {
	b, err := os.ReadFile(src.Abs())
	if err != nil {
		return ingest.Result{}, err
	}
	at, key := 0, ""
	if cursor != nil {
		off, k, _ := strings.Cut(string(cursor), " ")
		at, err = strconv.Atoi(off)
		if key = k; err != nil {
			return ingest.Result{}, err
		}
	}
	if at > len(b) {
		if err := sink.Put(ingest.Reset{Run: key}); err != nil {
			return ingest.Result{}, err
		}
		at = 0
	}
	for points := 0; ; {
		end := bytes.IndexByte(b[at:], '\n')
		res := ingest.Result{Cursor: fmt.Appendf(nil, "%d %s", at, key)}
		if end < 0 {
			res.Torn = at < len(b)
			return res, nil
		}
		if lim.Points > 0 && points >= lim.Points {
			res.More = true
			return res, nil
		}
		f := strings.Fields(string(b[at : at+end]))
		at += end + 1
		switch {
		case len(f) == 3 && f[0] == "run":
			key = f[1]
			err = sink.Put(ingest.Run{Key: key, Name: key, Status: ingest.Status(f[2])})
		case len(f) == 2 && f[0] == "status":
			err = sink.Put(ingest.Run{Key: key, Name: key, Status: ingest.Status(f[1])})
		case len(f) == 1 && f[0] == "panic":
			panic("told to")
		case len(f) == 3:
			step, err1 := strconv.ParseInt(f[1], 10, 64)
			value, err2 := strconv.ParseFloat(f[2], 64)
			points++
			err = errors.Join(err1, err2, sink.Points(ingest.Points{Run: key, Series: f[0], Steps: []int64{step},
				Times: []int64{ingest.NoTime}, Values: []float64{value}}))
		default:
			err = sink.Put(ingest.Problem{Path: src.Path, Place: "offset " + strconv.Itoa(at), Message: "read line: not one of ours"})
		}
		if err != nil {
			return ingest.Result{}, err
		}
	}
}

// fakeTable claims *.tbl files and opens none.
func fakeTable() table.Format {
	return table.Format{Name: "tbl", Claim: func(path string, _ []byte) bool { return strings.HasSuffix(path, ".tbl") }}
}

// testProject is a project in a folder of its own with its index beside it.
type testProject struct {
	t     testing.TB
	root  string
	index string
}

func newProject(t testing.TB) *testProject {
	return &testProject{t: t, root: t.TempDir(), index: filepath.Join(t.TempDir(), "cache", "pace.db")}
}

func (p *testProject) abs(rel string) string { return filepath.Join(p.root, filepath.FromSlash(rel)) }

func (p *testProject) write(rel, text string) {
	p.t.Helper()
	if err := os.MkdirAll(filepath.Dir(p.abs(rel)), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(p.abs(rel), []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

func (p *testProject) add(rel, text string) {
	p.t.Helper()
	f, err := os.OpenFile(p.abs(rel), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		p.t.Fatal(err)
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Close()); err != nil {
		p.t.Fatal(err)
	}
}

func (p *testProject) move(from, to string) {
	p.t.Helper()
	if err := os.MkdirAll(filepath.Dir(p.abs(to)), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Rename(p.abs(from), p.abs(to)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *testProject) options() Options {
	return Options{Root: p.root, Index: p.index, Actor: "ann",
		Lists: Lists{Formats: []ingest.Format{linesFormat()}, Tables: []table.Format{fakeTable()}}}
}

func (p *testProject) open() *Engine {
	p.t.Helper()
	e, err := Open(p.t.Context(), p.options())
	if err != nil {
		p.t.Fatal(err)
	}
	return e
}

// once reads the project and hands the index to look.
func (p *testProject) once(look func(*store.Reader)) {
	p.t.Helper()
	e := p.open()
	defer e.Close()
	if _, err := e.Once(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	if look != nil {
		look(e.Reader())
	}
}

// running starts an engine and ends it with the test.
func (p *testProject) running() *Engine { return p.runningWith(p.options()) }

func (p *testProject) runningWith(opt Options) *Engine {
	p.t.Helper()
	e, err := Open(p.t.Context(), opt)
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(p.t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	p.t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-done, e.Close()); err != nil {
			p.t.Error(err)
		}
	})
	return e
}

// until waits for what must become true; how long it takes is not the test's business.
func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

func runs(t testing.TB, r *store.Reader) map[string]store.Run {
	t.Helper()
	list, err := r.Runs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]store.Run{}
	for _, run := range list {
		out[run.ID] = run
	}
	return out
}

// values are the points of a series in order of arrival.
func values(t testing.TB, r *store.Reader, run, key string) []float64 {
	t.Helper()
	s, _, err := r.Series(t.Context(), run, key)
	if err != nil {
		t.Fatal(err)
	}
	return s.Values
}

func problems(t testing.TB, r *store.Reader) []store.Problem {
	t.Helper()
	list, err := r.Problems(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}
