package printer

import (
	"fmt"
	"sort"
	"strings"

	"pace/engine/report"
	"pace/engine/report/wording"
)

func mostCounted(keys []string, counts map[string]int, n int) []string {
	sort.Slice(keys, func(i, j int) bool {
		if counts[keys[i]] != counts[keys[j]] {
			return counts[keys[i]] > counts[keys[j]]
		}
		return keys[i] < keys[j]
	})
	return keys[:min(len(keys), n)]
}

func runPage(d report.RunDetail, curves []report.Series) *page {
	p := &page{title: "run " + wording.Clean(d.Title())}
	p.add(runFacts(d))
	if len(d.Findings) > 0 {
		p.add(findingItems(d.Findings))
	}
	if len(d.Metrics) > 0 {
		p.add(heading("Metrics"), metricGrid(d.Metrics))
	}
	for _, s := range curves {
		if c := newChart(wording.Clean(s.Key), []report.Series{s}, []string{s.Key}); c != nil {
			p.add(*c)
		}
	}
	if len(d.Params) > 0 {
		p.add(heading("Params"), kvFacts(d.Params))
	}
	if len(d.Tags) > 0 {
		p.add(heading("Tags"), kvFacts(d.Tags))
	}
	p.add(relationBlocks(d)...)
	if len(d.Notes) > 0 {
		p.add(heading("Notes"), noteItems(d.Notes, 0))
	}
	return p
}

func runFacts(d report.RunDetail) facts {
	fs := facts{
		{"id", d.ID}, {"native id", wording.Clean(d.NativeID)}, {"state", d.State()},
		{"source", d.Source + "  " + wording.Clean(d.Path)},
		{"experiment", wording.Clean(d.Experiment)},
		{"started", wording.Time(d.Started.Time, nil) + " UTC"},
		{"duration", duration(d.DurationMS)},
	}
	add := func(label, value string) {
		if value != "" {
			fs = append(fs, fact{label, wording.Clean(value)})
		}
	}
	add("parent", d.Parent)
	add("user", d.User)
	add("host", d.Host)
	add("command", d.Command)
	add("commit", d.Git.Commit)
	add("branch", d.Git.Branch)
	if d.Git.Dirty != nil && *d.Git.Dirty {
		add("code", "had changes that were not committed")
	}
	return fs
}

func metricGrid(ms report.Metrics) grid {
	g := grid{
		head:  []string{"METRIC", "LAST", "AT STEP", "MIN", "MAX", "BEST", "POINTS", ""},
		right: []bool{false, true, true, true, true, true, true, false},
	}
	for _, m := range ms {
		best, note := "—", ""
		if m.Best != nil {
			best, note = number(float64(*m.Best)), directionWord(m.Direction)+" is better"
			if m.Guessed {
				note += ", guessed"
			}
		}
		if m.NaN > 0 {
			note = strings.TrimPrefix(note+", ", ", ") + fmt.Sprintf("%d NaN", m.NaN)
		}
		step := "—"
		if m.LastStep.Known() {
			step = wording.Count(int64(m.LastStep))
		}
		g.rows = append(g.rows, []string{
			wording.Clean(m.Key), number(float64(m.Last)), step, number(float64(m.Min)), number(float64(m.Max)), best, wording.Count(m.Points), note,
		})
	}
	return g
}

func kvFacts(kvs report.KVs) facts {
	fs := make(facts, len(kvs))
	for i, kv := range kvs {
		fs[i] = fact{wording.Clean(kv.Key), wording.CleanLines(kv.Value)}
	}
	return fs
}

func relationBlocks(d report.RunDetail) []block {
	var out []block
	if len(d.Datasets) > 0 {
		g := grid{head: []string{"DATASET", "DIGEST", "CONTEXT", "SOURCE"}, right: make([]bool, 4)}
		for _, ds := range d.Datasets {
			g.rows = append(g.rows, []string{wording.Clean(ds.Name), wording.Clean(ds.Digest), wording.Clean(ds.Context), wording.Clean(ds.Source)})
		}
		out = append(out, heading("Data"), g)
	}
	if len(d.LoggedModels) > 0 {
		g := grid{head: []string{"MODEL", "ID", "TYPE", "STATUS"}, right: make([]bool, 4)}
		for _, m := range d.LoggedModels {
			g.rows = append(g.rows, []string{wording.Clean(m.Name), m.ID, wording.Clean(m.Type), m.Status})
		}
		out = append(out, heading("Models"), g)
	}
	if len(d.Artifacts) > 0 {
		g := grid{head: []string{"ARTIFACT", "SIZE"}, right: []bool{false, true}}
		for _, a := range d.Artifacts {
			if !a.Dir {
				g.rows = append(g.rows, []string{wording.Clean(a.Path), wording.Bytes(a.Bytes)})
			}
		}
		out = append(out, heading("Artifacts"), g)
	}
	return out
}

func noteItems(notes []report.Note, depth int) items {
	var out items
	for _, n := range notes {
		state := ""
		if n.Resolved {
			state = "  resolved by " + wording.Clean(n.ResolvedBy)
		}
		out = append(out, item{
			sign: "✎",
			text: strings.Repeat("  ", min(depth, 8)) + wording.Clean(n.Actor) + ": " + wording.CleanLines(n.Text),
			more: wording.Clean(n.Subject) + "  " + wording.Time(n.Time.Time, nil) + "  " + n.ID + state,
		})
		out = append(out, noteItems(n.Answers, depth+1)...)
	}
	return out
}

func comparePage(c report.Compare) *page {
	p := &page{title: fmt.Sprintf("compare %d runs", len(c.Runs))}
	g := grid{head: []string{""}, right: []bool{false}}
	names := make([]string, len(c.Runs))
	for i, run := range c.Runs {
		names[i] = wording.Clean(run.Title())
		head := names[i]
		if i == c.Baseline {
			head += " (baseline)"
		}
		g.head, g.right = append(g.head, head), append(g.right, true)
	}
	for _, row := range c.Rows {
		cells := []string{wording.Clean(row.Key)}
		for _, v := range row.Values {
			text := "—"
			if v.Have {
				text = wording.Clean(v.Text)
			}
			cells = append(cells, text)
		}
		g.rows = append(g.rows, cells)
	}
	for _, n := range c.Metrics {
		cells := []string{wording.Clean(n.Key)}
		for i, v := range n.Values {
			cells = append(cells, compareCell(n, v, i == c.Baseline))
		}
		g.rows = append(g.rows, cells)
	}
	p.add(g, para(fmt.Sprintf("%d of %d rows differ", c.Shown, c.Total)))
	mark := "·"
	if !c.Comparable {
		mark = "▲"
	}
	p.add(items{{sign: mark, text: c.Data}})
	if ch := newChart(wording.Clean(c.Primary), c.Curves, curveNames(c, names)); ch != nil {
		p.add(*ch)
	}
	return p
}

func curveNames(c report.Compare, names []string) []string {
	out := make([]string, len(c.Curves))
	for i, s := range c.Curves {
		for j, run := range c.Runs {
			if run.ID == s.Run {
				out[i] = names[j]
			}
		}
	}
	return out
}

func compareCell(n report.CompareNum, v report.CompareOne, base bool) string {
	if !v.Have {
		return "—"
	}
	text := number(float64(v.Value))
	if n.Unit == "s" {
		text = wording.Duration(int64(float64(v.Value) * 1000))
	}
	if !base && v.Delta.Finite() && v.Verdict != "same" {
		if n.Unit == "s" {
			text += " " + strings.ReplaceAll(signedPercent(v), "-", "−")
		} else {
			text += " " + wording.Signed(float64(v.Delta))
		}
	}
	if v.Best {
		text += " best"
	}
	return text
}

func signedPercent(v report.CompareOne) string {
	text := wording.Percent(float64(v.Percent) / 100)
	if v.Percent > 0 {
		return "+" + text
	}
	return text
}

func journalPage(j report.Journal) *page {
	p := &page{title: "journal"}
	if len(j.Events) == 0 {
		p.add(para("nobody has said anything yet; `pace note RUN TEXT` says something"))
		return p
	}
	g := grid{head: []string{"TIME", "ACTOR", "SAID", "ABOUT", "TEXT", "ID"}, right: make([]bool, 6)}
	for _, e := range j.Events {
		g.rows = append(g.rows, []string{
			wording.Time(e.Time.Time, nil), wording.Clean(e.Actor), e.Kind, wording.Clean(e.Subject), wording.Clean(e.Text), e.ID,
		})
	}
	p.add(g)
	return p
}

func doctorPage(d report.Doctor) *page {
	p := &page{title: "pace doctor: " + wording.Clean(d.Project)}
	p.add(facts{
		{"verdict", string(d.Verdict)},
		{"index", fmt.Sprintf("%s runs, %d experiments, %d datasets, %d notes", wording.Count(int64(d.Counts.Runs)), d.Counts.Experiments, d.Counts.Datasets, d.Counts.Notes)},
	})
	if len(d.Checks) > 0 {
		p.add(heading("Here"))
		var list items
		for _, c := range d.Checks {
			list = append(list, item{sign: sign(c.Level), text: c.Name + ": " + wording.Clean(c.Value), more: wording.Clean(c.Hint)})
		}
		p.add(list)
	}
	p.add(heading("Sources"))
	if len(d.Sources) == 0 {
		p.add(para("nothing that a format of runs reads was found"))
	} else {
		p.add(sourceGrid(d.Sources))
	}
	if len(d.Problems) > 0 {
		p.add(heading("Problems"), findingItems(d.Problems))
	}
	return p
}

// sourceGrid puts the sources of one format below one folder into one row: a store of files has one source a run.
func sourceGrid(sources []report.DoctorSource) grid {
	type place struct{ folder, format string }
	type total struct{ sources, runs, gone int }
	var order []place
	totals := make(map[place]total)
	for _, s := range sources {
		folder, _, _ := strings.Cut(s.Path, "/")
		at := place{folder, s.Format}
		n, known := totals[at]
		if !known {
			order = append(order, at)
		}
		n.sources, n.runs = n.sources+1, n.runs+s.Runs
		if s.Missing {
			n.gone++
		}
		totals[at] = n
	}
	g := grid{head: []string{"PLACE", "FORMAT", "SOURCES", "RUNS", ""}, right: []bool{false, false, true, true, false}}
	for _, at := range order {
		n, gone := totals[at], ""
		if n.gone > 0 {
			gone = fmt.Sprintf("%d gone", n.gone)
		}
		g.rows = append(g.rows, []string{wording.Clean(at.folder), at.format, wording.Count(int64(n.sources)), wording.Count(int64(n.runs)), gone})
	}
	return g
}
