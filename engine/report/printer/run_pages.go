package printer

import (
	"fmt"
	"sort"
	"strings"

	"pace/engine/report"
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
	p := &page{title: "run " + report.Clean(d.Title())}
	p.add(runFacts(d))
	if len(d.Findings) > 0 {
		p.add(findingItems(d.Findings))
	}
	if len(d.Metrics) > 0 {
		p.add(heading("Metrics"), metricGrid(d.Metrics))
	}
	for _, s := range curves {
		if c := newChart(report.Clean(s.Key), []report.Series{s}, []string{s.Key}); c != nil {
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
		{"id", d.ID}, {"native id", report.Clean(d.NativeID)}, {"state", d.State()},
		{"source", d.Source + "  " + report.Clean(d.Path)},
		{"experiment", report.Clean(d.Experiment)},
		{"started", report.FormatTime(d.Started.Time, nil) + " UTC"},
		{"duration", duration(d.DurationMS)},
	}
	add := func(label, value string) {
		if value != "" {
			fs = append(fs, fact{label, report.Clean(value)})
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
			step = report.FormatCount(int64(m.LastStep))
		}
		g.rows = append(g.rows, []string{
			report.Clean(m.Key), number(float64(m.Last)), step, number(float64(m.Min)), number(float64(m.Max)), best, report.FormatCount(m.Points), note,
		})
	}
	return g
}

func kvFacts(kvs report.KVs) facts {
	fs := make(facts, len(kvs))
	for i, kv := range kvs {
		fs[i] = fact{report.Clean(kv.Key), report.CleanLines(kv.Value)}
	}
	return fs
}

func relationBlocks(d report.RunDetail) []block {
	var out []block
	if len(d.Datasets) > 0 {
		g := grid{head: []string{"DATASET", "DIGEST", "CONTEXT", "SOURCE"}, right: make([]bool, 4)}
		for _, ds := range d.Datasets {
			g.rows = append(g.rows, []string{report.Clean(ds.Name), report.Clean(ds.Digest), report.Clean(ds.Context), report.Clean(ds.Source)})
		}
		out = append(out, heading("Data"), g)
	}
	if len(d.LoggedModels) > 0 {
		g := grid{head: []string{"MODEL", "ID", "TYPE", "STATUS"}, right: make([]bool, 4)}
		for _, m := range d.LoggedModels {
			g.rows = append(g.rows, []string{report.Clean(m.Name), m.ID, report.Clean(m.Type), m.Status})
		}
		out = append(out, heading("Models"), g)
	}
	if len(d.Artifacts) > 0 {
		g := grid{head: []string{"ARTIFACT", "SIZE"}, right: []bool{false, true}}
		for _, a := range d.Artifacts {
			if !a.Dir {
				g.rows = append(g.rows, []string{report.Clean(a.Path), report.FormatBytes(a.Bytes)})
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
			state = "  resolved by " + report.Clean(n.ResolvedBy)
		}
		out = append(out, item{
			sign: "✎",
			text: strings.Repeat("  ", min(depth, 8)) + report.Clean(n.Actor) + ": " + report.CleanLines(n.Text),
			more: report.Clean(n.Subject) + "  " + report.FormatTime(n.Time.Time, nil) + "  " + n.ID + state,
		})
		out = append(out, noteItems(n.Answers, depth+1)...)
	}
	return out
}

func comparePage(c report.Compare) *page {
	p := &page{title: fmt.Sprintf("compare %d runs", len(c.Runs))}
	g := grid{head: []string{""}, right: []bool{false}, least: 20}
	names := make([]string, len(c.Runs))
	for i, run := range c.Runs {
		names[i] = report.Clean(run.Title())
		head := names[i]
		if i == c.Baseline {
			head += " (baseline)"
		}
		g.head, g.right = append(g.head, head), append(g.right, true)
	}
	for _, row := range c.Rows {
		cells := []string{report.Clean(row.Key)}
		for _, v := range row.Values {
			text := "—"
			if v.Have {
				text = report.Clean(v.Text)
			}
			cells = append(cells, text)
		}
		g.rows = append(g.rows, cells)
	}
	for _, n := range c.Metrics {
		cells := []string{report.Clean(n.Key)}
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
	if ch := newChart(report.Clean(c.Primary), c.Curves, curveNames(c, names)); ch != nil {
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
		text = report.FormatDuration(int64(float64(v.Value) * 1000))
	}
	if !base && v.Delta.Finite() && v.Verdict != "same" {
		if n.Unit == "s" {
			text += " " + strings.ReplaceAll(signedPercent(v), "-", "−")
		} else {
			text += " " + report.FormatSigned(float64(v.Delta))
		}
	}
	if v.Best {
		text += " best"
	}
	return text
}

func signedPercent(v report.CompareOne) string {
	text := report.FormatPercent(float64(v.Percent) / 100)
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
			report.FormatTime(e.Time.Time, nil), report.Clean(e.Actor), e.Kind, report.Clean(e.Subject), report.Clean(e.Text), e.ID,
		})
	}
	p.add(g)
	return p
}

func doctorPage(d report.Doctor) *page {
	p := &page{title: "pace doctor: " + report.Clean(d.Project)}
	p.add(facts{
		{"verdict", string(d.Verdict)},
		{"index", fmt.Sprintf("%s runs, %d experiments, %d datasets, %d notes", report.FormatCount(int64(d.Counts.Runs)), d.Counts.Experiments, d.Counts.Datasets, d.Counts.Notes)},
	})
	if len(d.Checks) > 0 {
		p.add(heading("Here"))
		var list items
		for _, c := range d.Checks {
			list = append(list, item{sign: sign(c.Level), text: c.Name + ": " + report.Clean(c.Value), more: report.Clean(c.Hint)})
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
		g.rows = append(g.rows, []string{report.Clean(at.folder), at.format, report.FormatCount(int64(n.sources)), report.FormatCount(int64(n.runs)), gone})
	}
	return g
}
