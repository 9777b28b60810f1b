//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"pace/store"
)

// start measures the binary alone.
func (b *bench) start() error {
	ds, err := repeat(15, func() error { _, _, err := b.command(b.dir, "version"); return err })
	if err != nil {
		return err
	}
	g := b.group("start")
	g.times("pace version", 10*time.Millisecond, ds)
	info, err := os.Stat(b.pace)
	if err != nil {
		return err
	}
	g.add("size of the binary, the demo in it", 30, figure{value: float64(info.Size()) / 1e6, unit: "MB"})
	return nil
}

// project is a folder whose index is where pace will look for it, made by one headless pass.
func (b *bench) project(name string) (root, index string, err error) {
	root = filepath.Join(b.dir, name)
	if err := os.MkdirAll(filepath.Join(root, ".pace"), 0o755); err != nil {
		return "", "", err
	}
	if err := os.WriteFile(filepath.Join(root, "metrics.jsonl"), []byte("{\"step\":0,\"loss\":1}\n{\"step\":1,\"loss\":0.5}\n"), 0o644); err != nil {
		return "", "", err
	}
	before := indexes()
	if _, _, err := b.command(root, "runs"); err != nil {
		return "", "", err
	}
	for path := range indexes() {
		if !before[path] {
			return root, path, nil
		}
	}
	return "", "", fmt.Errorf("pace runs made no index")
}

func indexes() map[string]bool {
	out := map[string]bool{}
	found, _ := filepath.Glob(filepath.Join(os.Getenv("PACE_CACHE_DIR"), "*", "pace.db"))
	more, _ := filepath.Glob(filepath.Join(os.Getenv("PACE_CACHE_DIR"), "*", "*", "pace.db"))
	for _, f := range append(found, more...) {
		out[f] = true
	}
	return out
}

// bigStore measures the screen over 10,000 runs.
func (b *bench) bigStore() error {
	root, index, err := b.project("10k")
	if err != nil {
		return err
	}
	db, err := store.Open(context.Background(), index)
	if err != nil {
		return err
	}
	if err := fill(db, 10_000, 10); err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	g := b.group("10,000 runs in the store")
	var first []time.Duration
	for range 7 {
		t, err := b.open(root, 120, 40)
		if err != nil {
			return err
		}
		_, err = t.waitFor("pace", 0, 10*time.Second)
		first = append(first, t.first.Sub(t.born))
		t.close()
		if err != nil {
			return err
		}
	}
	g.times("first paint", 50*time.Millisecond, first)
	t, err := b.open(root, 120, 40)
	if err != nil {
		return err
	}
	defer t.close()
	t.quiet(500 * time.Millisecond)
	from := t.size()
	start := time.Now()
	t.file.WriteString("3")
	at, err := t.waitFor("run-9999", from, 20*time.Second)
	if err != nil {
		return err
	}
	g.add("key 3 to rows", 0, figure{value: float64(at.Sub(start).Milliseconds()), unit: "ms"})
	t.quiet(time.Second)
	mb, err := t.memory()
	if err != nil {
		return err
	}
	g.add("resident memory with the table open", 45, figure{value: mb, unit: "MB"})
	return nil
}

// screen measures the demo: bytes and latency of keys, bytes of a cold screen, bytes at rest.
func (b *bench) screen() error {
	dir := filepath.Join(b.dir, "demo")
	if _, _, err := b.command(b.dir, "demo", dir); err != nil {
		return err
	}
	if _, _, err := b.command(dir, "runs"); err != nil {
		return err
	}
	cold := map[int]float64{80: 3, 120: 8, 200: 16}
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		t, err := b.open(dir, size[0], size[1])
		if err != nil {
			return err
		}
		t.quiet(1200 * time.Millisecond)
		g := b.group(fmt.Sprintf("the demo at %dx%d", size[0], size[1]))
		g.add("a cold screen", cold[size[0]], figure{value: float64(t.size()) / 1000, unit: "KB"})
		err = g.keys(t, size[0])
		t.close()
		if err != nil {
			return err
		}
	}
	return nil
}

func (g group) keys(t *term, width int) error {
	t.file.WriteString("3")
	t.quiet(time.Second)
	var took []time.Duration
	var moves, settled int
	const presses = 20
	for i := range presses {
		// The cursor alone: what follows once it rests is counted apart.
		d, n := t.key("jk"[i/10:i/10+1], 45*time.Millisecond)
		moves += n
		if d > 0 {
			took = append(took, d)
		}
		before := t.size()
		t.quiet(300 * time.Millisecond)
		settled += t.size() - before
	}
	if len(took) == 0 {
		return fmt.Errorf("no key drew anything")
	}
	budget := map[int]float64{120: 150, 200: 250}[width]
	g.add("bytes of a cursor move", budget, figure{value: float64(moves) / presses, unit: "B"})
	g.add("bytes of the details once the cursor rests", 0, figure{value: float64(settled) / presses, unit: "B"})
	g.times("key to first byte, median", 8*time.Millisecond, took)
	g.add("key to first byte, p95", 16, figure{value: float64(took[len(took)*95/100].Microseconds()) / 1000, unit: "ms"})
	before := t.size()
	time.Sleep(3 * time.Second)
	g.add("bytes a second at rest", 0.1, figure{value: float64(t.size()-before) / 3, unit: "B/s"})
	return nil
}

// live measures a run that grows by a point of twenty metrics each second, and how soon an append is seen.
func (b *bench) live() error {
	dir := filepath.Join(b.dir, "live")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	path := filepath.Join(dir, "metrics.jsonl")
	line := func(step int) string {
		text := fmt.Sprintf(`{"step":%d`, step)
		for k := range 20 {
			text += fmt.Sprintf(`,"m%02d":%g`, k, 1/float64(step+k+1))
		}
		return text + "}\n"
	}
	if err := os.WriteFile(path, []byte(line(0)+line(1)+line(2)), 0o644); err != nil {
		return err
	}
	t, err := b.open(dir, 120, 40)
	if err != nil {
		return err
	}
	defer t.close()
	t.quiet(time.Second)
	t.file.WriteString("3")
	t.quiet(time.Second)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	before := t.size()
	var seen []time.Duration
	const seconds = 12
	for s := range seconds {
		n, start := t.size(), time.Now()
		if _, err := f.WriteString(line(3 + s)); err != nil {
			return err
		}
		for time.Since(start) < time.Second {
			if t.size() > n && len(seen) == s {
				seen = append(seen, time.Since(start))
			}
			time.Sleep(time.Millisecond)
		}
	}
	g := b.group("one live run, a point a second x 20 metrics, 120x40")
	if len(seen) == 0 {
		return fmt.Errorf("no append was drawn")
	}
	g.add("appends drawn", 0, figure{value: float64(len(seen)), unit: fmt.Sprintf("of %d", seconds)})
	g.times("append to screen", 250*time.Millisecond, seen)
	g.add("bytes a second", 800, figure{value: float64(t.size()-before) / seconds, unit: "B/s"})
	return nil
}
