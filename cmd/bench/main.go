//go:build linux

// Command bench measures pace against the budgets of its screens and prints both side by side. It drives the real
// binary on a pseudo-terminal and the real packages in process; it needs Linux.
//
//	make bench
//	go run ./cmd/bench -pace ./bin/pace -only screen
//
// Machines differ and are noisy: every time is the median of several, with the least and the greatest beside it.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// row is one budget and what was reached.
type row struct {
	group, what, budget, reached string
	over                         bool
}

type bench struct {
	pace string
	dir  string
	rows []row
}

// part is one group of measurements.
type part struct {
	name string
	run  func(*bench) error
}

func parts() []part {
	return []part{
		{"start", (*bench).start},
		{"filestore", (*bench).fileStore},
		{"store", (*bench).bigStore},
		{"events", (*bench).events},
		{"tables", (*bench).tables},
		{"view", (*bench).view},
		{"screen", (*bench).screen},
		{"live", (*bench).live},
	}
}

func main() {
	pace := flag.String("pace", "bin/pace", "the binary to measure")
	only := flag.String("only", "", "only these parts, with commas between")
	flag.Parse()
	abs, err := filepath.Abs(*pace)
	if err != nil {
		fail(err)
	}
	dir, err := os.MkdirTemp("", "pace-bench-")
	if err != nil {
		fail(err)
	}
	defer os.RemoveAll(dir)
	os.Setenv("PACE_CACHE_DIR", filepath.Join(dir, "cache"))
	b := &bench{pace: abs, dir: dir}
	for _, p := range parts() {
		if *only != "" && !slices.Contains(strings.Split(*only, ","), p.name) {
			continue
		}
		fmt.Fprintf(os.Stderr, "measuring %s\n", p.name)
		if err := p.run(b); err != nil {
			b.rows = append(b.rows, row{group: p.name, what: "failed", reached: err.Error(), over: true})
		}
	}
	b.print()
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "bench:", err)
	os.Exit(1)
}

func (b *bench) print() {
	w := [3]int{}
	for _, r := range b.rows {
		w[0], w[1], w[2] = max(w[0], len([]rune(r.what))), max(w[1], len([]rune(r.budget))), max(w[2], len([]rune(r.reached)))
	}
	group := ""
	for _, r := range b.rows {
		if r.group != group {
			group = r.group
			fmt.Printf("\n%s\n", strings.ToUpper(group))
		}
		word := "ok"
		if r.over {
			word = "OVER"
		}
		if r.budget == "" {
			word = ""
		}
		fmt.Printf("  %-*s  %-*s  %-*s  %s\n", w[0], r.what, w[1], r.budget, w[2], r.reached, word)
	}
}

// group is a heading under which measurements are put down.
type group struct {
	bench *bench
	name  string
}

func (b *bench) group(name string) group { return group{b, name} }

// figure is a measured number in its unit; the note stands behind it.
type figure struct {
	value float64
	unit  string
	note  string
}

// add puts down a measurement against a budget in the same unit; a budget of 0 is none.
func (g group) add(what string, budget float64, got figure) {
	r := row{group: g.name, what: what, reached: number(got.value) + " " + got.unit + got.note}
	if budget > 0 {
		r.budget, r.over = "<= "+number(budget)+" "+got.unit, got.value > budget
	}
	g.bench.rows = append(g.bench.rows, r)
}

// atLeast is add for a rate.
func (g group) atLeast(what string, budget float64, got figure) {
	g.bench.rows = append(g.bench.rows, row{group: g.name, what: what, budget: ">= " + number(budget) + " " + got.unit,
		reached: number(got.value) + " " + got.unit, over: got.value < budget})
}

func number(v float64) string {
	switch {
	case v == float64(int64(v)) || v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// times adds the median of some durations in milliseconds, with the least and the greatest.
func (g group) times(what string, budget time.Duration, ds []time.Duration) {
	slices.Sort(ds)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	note := fmt.Sprintf("  (%s to %s)", number(ms(ds[0])), number(ms(ds[len(ds)-1])))
	g.add(what, ms(budget), figure{ms(ds[len(ds)/2]), "ms", note})
}

// repeat runs something n times and collects how long each took.
func repeat(n int, run func() error) ([]time.Duration, error) {
	var ds []time.Duration
	for range n {
		t := time.Now()
		if err := run(); err != nil {
			return nil, err
		}
		ds = append(ds, time.Since(t))
	}
	return ds, nil
}
