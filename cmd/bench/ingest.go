//go:build linux

package main

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// The FileStore that the budget speaks of: 1,000 runs, 69,000 files, 6 million points.
const (
	fsRuns, fsMetrics, fsPoints, fsParams, fsTags = 1000, 30, 200, 30, 8
)

// makeFileStore writes it in MLflow's layout (mlflow/store/tracking/file_store.py).
func makeFileStore(root string) error {
	exp := filepath.Join(root, "mlruns", "1")
	if err := os.MkdirAll(exp, 0o755); err != nil {
		return err
	}
	meta := "artifact_location: file:///srv/mlruns/1\ncreation_time: 1700000000000\nexperiment_id: '1'\nlast_update_time: 1700000000000\nlifecycle_stage: active\nname: bulk\n"
	if err := os.WriteFile(filepath.Join(exp, "meta.yaml"), []byte(meta), 0o644); err != nil {
		return err
	}
	var points strings.Builder
	for i := range fsPoints {
		fmt.Fprintf(&points, "%d %v %d\n", 1700000000000+int64(i)*1000, 1/(1+float64(i)*0.013), i)
	}
	for r := range fsRuns {
		if err := makeRun(exp, r, points.String()); err != nil {
			return err
		}
	}
	return nil
}

func makeRun(exp string, r int, points string) error {
	id := fmt.Sprintf("%032x", r+1)
	dir := filepath.Join(exp, id)
	for _, sub := range []string{"metrics", "params", "tags", "artifacts"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			return err
		}
	}
	put := func(name, text string) error { return os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644) }
	start := int64(1700000000000) + int64(r)*60000
	err := put("meta.yaml", fmt.Sprintf("artifact_uri: file:///srv/mlruns/1/%s/artifacts\nend_time: %d\nentry_point_name: ''\nexperiment_id: '1'\nlifecycle_stage: active\nrun_id: %s\nrun_name: bulk-%d\nrun_uuid: %s\nsource_name: ''\nsource_type: 4\nsource_version: ''\nstart_time: %d\nstatus: 3\ntags: []\nuser_id: bench\n", id, start+200000, id, r, id, start))
	for i := 0; i < fsMetrics && err == nil; i++ {
		err = put(fmt.Sprintf("metrics/m%02d", i), points)
	}
	for i := 0; i < fsParams && err == nil; i++ {
		err = put(fmt.Sprintf("params/p%02d", i), fmt.Sprint(r*i%17))
	}
	for i := 0; i < fsTags && err == nil; i++ {
		err = put(fmt.Sprintf("tags/t%02d", i), fmt.Sprint(i))
	}
	return err
}

// fileStore measures a cold read, a warm start, and when the screen shows the runs.
func (b *bench) fileStore() error {
	root := filepath.Join(b.dir, "filestore")
	if err := makeFileStore(root); err != nil {
		return err
	}
	g := b.group("1,000 runs, 69,000 files, 6 M points of MLflow FileStore")
	start := time.Now()
	cold, err := b.open(root, 120, 40)
	if err != nil {
		return err
	}
	cold.waitFor("runs", 0, 10*time.Second)
	cold.file.WriteString("3")
	at, err := cold.waitFor("bulk-", 0, 30*time.Second)
	if err != nil {
		cold.close()
		return err
	}
	g.add("cold: first runs on the screen", 0, figure{value: at.Sub(start).Seconds(), unit: "s"})
	if _, err = cold.waitFor("1,000 runs", 0, 30*time.Second); err == nil {
		g.add("cold: all runs on the screen", 0, figure{value: time.Since(start).Seconds(), unit: "s"})
	}
	cold.quiet(3 * time.Second)
	cold.close()
	cpu, wall, err := b.command(root, "runs", "--limit", "1")
	if err != nil {
		return err
	}
	g.add("warm: pace runs, nothing changed", 0, figure{value: wall.Seconds(), unit: "s", note: fmt.Sprintf(" (%.2f s CPU)", cpu.Seconds())})
	var ds []time.Duration
	for range 5 {
		t, err := b.open(root, 120, 40)
		if err != nil {
			return err
		}
		at, err := t.waitFor("1,000", 0, 30*time.Second)
		t.close()
		if err != nil {
			return err
		}
		ds = append(ds, at.Sub(t.born))
	}
	g.times("warm: first screen", time.Second, ds)
	return g.fresh(root)
}

// fresh reads everything with a new index, headless.
func (g group) fresh(root string) error {
	old := os.Getenv("PACE_CACHE_DIR")
	os.Setenv("PACE_CACHE_DIR", filepath.Join(g.bench.dir, "fresh"))
	defer os.Setenv("PACE_CACHE_DIR", old)
	cpu, wall, err := g.bench.command(root, "runs", "--limit", "1")
	if err != nil {
		return err
	}
	g.add("cold: pace runs, every point read and stored", 0, figure{value: wall.Seconds(), unit: "s", note: fmt.Sprintf(" (%.2f s CPU)", cpu.Seconds())})
	return nil
}

// command runs pace headless and says what it cost.
func (b *bench) command(dir string, args ...string) (cpu, wall time.Duration, err error) {
	cmd := exec.Command(b.pace, args...)
	cmd.Dir = dir
	start := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, 0, fmt.Errorf("pace %s: %w: %s", strings.Join(args, " "), err, out)
	}
	use := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return time.Duration(use.Utime.Nano() + use.Stime.Nano()), time.Since(start), nil
}

// events measures a file of a million scalar events.
func (b *bench) events() error {
	root := filepath.Join(b.dir, "events")
	dir := filepath.Join(root, "runs", "big")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	const n = 1_000_000
	if err := os.WriteFile(filepath.Join(dir, "events.out.tfevents.1700000000.bench.1.0"), eventFile(n), 0o644); err != nil {
		return err
	}
	cpu, wall, err := b.command(root, "runs", "--limit", "1")
	if err != nil {
		return err
	}
	g := b.group("a TensorBoard file of 1 M scalar events")
	g.atLeast("event file to store, points per CPU-second", 1, figure{value: n / cpu.Seconds() / 1e6, unit: "M"})
	g.add("wall time of pace runs", 0, figure{value: wall.Seconds(), unit: "s"})
	t, err := b.open(root, 120, 40)
	if err != nil {
		return err
	}
	defer t.close()
	t.quiet(500 * time.Millisecond)
	from := t.size()
	start := time.Now()
	t.file.WriteString("3")
	at, err := t.waitFor("└", from, 10*time.Second)
	if err != nil {
		return err
	}
	g.add("125 k points a series: key to chart", 150, figure{value: float64(at.Sub(start).Milliseconds()), unit: "ms"})
	return nil
}

// eventFile is n scalar events of eight tags, framed as TensorFlow writes them.
func eventFile(n int) []byte {
	var out []byte
	record := func(data []byte) {
		var head [12]byte
		binary.LittleEndian.PutUint64(head[:], uint64(len(data)))
		binary.LittleEndian.PutUint32(head[8:], masked(head[:8]))
		out = append(append(out, head[:]...), data...)
		out = binary.LittleEndian.AppendUint32(out, masked(data))
	}
	wall := func(at float64) []byte { return binary.LittleEndian.AppendUint64([]byte{0x09}, math.Float64bits(at)) }
	record(append(wall(1.7e9), append([]byte{0x1a, 13}, "brain.Event:2"...)...))
	for i := range n {
		tag := fmt.Sprintf("metric/%d", i%8)
		value := append([]byte{0x0a, byte(len(tag))}, tag...)
		value = binary.LittleEndian.AppendUint32(append(value, 0x15), math.Float32bits(float32(math.Sin(float64(i)/5e4))))
		summary := append([]byte{0x0a, byte(len(value))}, value...)
		data := append(wall(1.7e9+float64(i)/100), 0x10)
		data = binary.AppendUvarint(data, uint64(i/8))
		data = append(append(data, 0x2a, byte(len(summary))), summary...)
		record(data)
	}
	return out
}

func masked(b []byte) uint32 {
	c := crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli))
	return (c>>15 | c<<17) + 0xa282ead8
}
