package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pace/engine/formats"
)

// fileStore writes an MLflow FileStore: per run 30 metrics of 200 points, 30 params and 8 tags, as the measured
// store of 69,000 files and 6 M points has for 1,000 runs.
func fileStore(b *testing.B, root string, runs int) {
	b.Helper()
	write := func(path, text string) {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	exp := filepath.Join(root, "mlruns", "1")
	write(filepath.Join(exp, "meta.yaml"), "artifact_location: file:///x/mlruns/1\ncreation_time: 1700000000000\nexperiment_id: '1'\nlast_update_time: 1700000000000\nlifecycle_stage: active\nname: bench\n")
	for i := range runs {
		id := fmt.Sprintf("%032x", i)
		dir := filepath.Join(exp, id)
		write(filepath.Join(dir, "meta.yaml"), fmt.Sprintf("artifact_uri: file:///x/mlruns/1/%s/artifacts\nend_time: 1700000100000\n"+
			"entry_point_name: ''\nexperiment_id: '1'\nlifecycle_stage: active\nrun_id: %s\nrun_name: run-%d\nrun_uuid: %s\n"+
			"source_name: ''\nsource_type: 4\nsource_version: ''\nstart_time: 1700000000000\nstatus: 3\ntags: []\nuser_id: ann\n", id, id, i, id))
		for m := range 30 {
			var t strings.Builder
			for s := range 200 {
				fmt.Fprintf(&t, "%d %v %d\n", 1700000000000+s*1000, 1/float64(1+s+m*i), s)
			}
			write(filepath.Join(dir, "metrics", fmt.Sprintf("metric_%d", m)), t.String())
		}
		for k := range 30 {
			write(filepath.Join(dir, "params", fmt.Sprintf("param_%d", k)), strconv.Itoa(i*k))
		}
		for k := range 8 {
			write(filepath.Join(dir, "tags", fmt.Sprintf("tag_%d", k)), "value")
		}
	}
}

// BenchmarkFileStore reads a FileStore into an empty index (cold) and looks at it again (warm). PACE_BENCH_RUNS
// sets the number of runs; 1000 is 69,000 files.
func BenchmarkFileStore(b *testing.B) {
	n := 30
	if v, err := strconv.Atoi(os.Getenv("PACE_BENCH_RUNS")); err == nil {
		n = v
	}
	p := newProject(b)
	fileStore(b, p.root, n)
	opt := p.options()
	opt.Formats = formats.All()
	pass := func(b *testing.B) {
		e, err := Open(b.Context(), opt)
		if err != nil {
			b.Fatal(err)
		}
		feed, first := e.Subscribe(), make(chan time.Duration, 1)
		start := time.Now()
		go func() {
			<-feed.Wake()
			first <- time.Since(start)
		}()
		s, err := e.Once(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if got := len(runs(b, e.Reader())); got != n {
			b.Fatalf("%d runs, want %d", got, n)
		}
		if s.Points > 0 {
			b.ReportMetric(float64(s.Points)/time.Since(start).Seconds(), "points/s")
			b.ReportMetric(float64((<-first).Microseconds())/1000, "ms-to-first-rows")
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("cold", func(b *testing.B) {
		for i := range b.N {
			opt.Index = filepath.Join(b.TempDir(), strconv.Itoa(i), "pace.db")
			pass(b)
		}
	})
	b.Run("warm", func(b *testing.B) {
		opt.Index = filepath.Join(b.TempDir(), "pace.db")
		pass(b)
		for b.Loop() {
			pass(b)
		}
	})
}

// BenchmarkAppend measures from the append of a line to the notice of it, with file events.
func BenchmarkAppend(b *testing.B) {
	p := newProject(b)
	p.write("a.lines", "run k running\n")
	e := p.running()
	feed := e.Subscribe()
	until(b, "run", func() bool { return e.Stats().Watch.Events > 0 })
	for i := 0; b.Loop(); i++ {
		time.Sleep(150 * time.Millisecond)
		feed.Take()
		start := time.Now()
		p.add("a.lines", fmt.Sprintf("loss %d 1\n", i))
		for {
			<-feed.Wake()
			if c := feed.Take(); c.AnyRun() {
				break
			}
		}
		b.ReportMetric(float64(time.Since(start).Microseconds())/1000, "ms-to-notice")
	}
}
