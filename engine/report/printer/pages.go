package printer

import (
	"fmt"
	"strings"
	"time"

	"pace/engine/report"
)

func number(v float64) string { return report.FormatNumber(v) }

// sign is how a level is marked: glyph and word always go together.
func sign(l report.Level) string {
	switch l {
	case report.Error:
		return "✕"
	case report.Warn:
		return "▲"
	case report.Info:
		return "·"
	}
	return " "
}

func findingItems(fs []report.Finding) items {
	var out items
	for _, f := range fs {
		out = append(out, item{
			sign: sign(f.Level),
			text: fmt.Sprintf("%s: %s: %s", f.Level, report.Clean(f.Title), report.Clean(f.Message)),
			more: report.Clean(f.Hint),
		})
	}
	return out
}

func reportPage(r report.Report) *page {
	p := &page{title: "pace report: " + report.Clean(r.Project)}
	p.add(facts{
		{"verdict", string(r.Verdict)},
		{"summary", r.Summary},
		{"generated", r.Generated.UTC().Format(time.RFC3339)},
	})
	if len(r.Findings) > 0 {
		p.add(heading("Findings"), findingItems(r.Findings))
	}
	if d := r.Sections.Data; d != nil {
		p.add(heading("Data"))
		if len(d.Datasets) == 0 {
			p.add(para("no tables (CSV, TSV, Parquet) were found"))
		} else {
			p.add(dataGrid(d.Datasets))
		}
	}
	if s := r.Sections.Runs; s != nil {
		p.add(runsBlocks(s)...)
	}
	return p
}

func dataGrid(ds []report.DataEntry) grid {
	g := grid{
		head:  []string{"PATH", "FORMAT", "ROWS", "COLUMNS", "SIZE", "MISSING", "DUPLICATES", "ALERTS"},
		right: []bool{false, false, true, true, true, true, true, false},
	}
	for _, d := range ds {
		missing, duplicates, alerts := "—", "—", "not profiled"
		if d.Profiled {
			missing, duplicates = report.FormatPercent(float64(d.MissingShare)), report.FormatCount(d.Duplicates)
			alerts = alertCounts(d.DatasetHealth)
		}
		if d.Missing {
			alerts = "file is gone"
		}
		g.rows = append(g.rows, []string{
			report.Clean(d.Path), d.Format, known(d.Rows), known(d.Columns), report.FormatBytes(d.Bytes), missing, duplicates, alerts,
		})
	}
	return g
}

// alertCounts counts alerts by severity, those that there are.
func alertCounts(h report.DatasetHealth) string {
	var parts []string
	for _, n := range []struct {
		count int
		level report.Level
	}{{h.Errors, report.Error}, {h.Warnings, report.Warn}, {h.Infos, report.Info}} {
		if n.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n.count, n.level))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, " ")
}

// known writes a count that may not be known yet.
func known(n int64) string {
	if n < 0 {
		return "—"
	}
	return report.FormatCount(n)
}

// maxRunRows is how many runs a page of a report lists; JSON has them all.
const maxRunRows = 100

func runsBlocks(s *report.RunsSection) []block {
	out := []block{heading("Runs")}
	if s.Total == 0 {
		return append(out, para("no runs (MLflow, TensorBoard event files, metrics in CSV or JSON) were found"))
	}
	metrics := sharedMetrics(s)
	g := grid{head: []string{"ID", "NAME", "STATE"}, right: []bool{false, false, false}}
	for _, key := range metrics {
		g.head, g.right = append(g.head, report.Clean(key)), append(g.right, true)
	}
	g.head, g.right = append(g.head, "DURATION", "STARTED UTC"), append(g.right, true, false)
	for _, run := range s.Runs.Runs[:min(len(s.Runs.Runs), maxRunRows)] {
		row := []string{short(run.ID), report.Clean(run.Title()), run.State()}
		for _, key := range metrics {
			cell := "—"
			if m, ok := run.Metrics.Get(key); ok {
				cell = number(float64(m.Last))
			}
			row = append(row, cell)
		}
		g.rows = append(g.rows, append(row, duration(run.DurationMS), report.FormatTime(run.Started.Time, nil)))
	}
	out = append(out, g)
	if more := len(s.Runs.Runs) - maxRunRows; more > 0 {
		out = append(out, para(fmt.Sprintf("and %s older runs; `pace runs` lists them all", report.FormatCount(int64(more)))))
	}
	if c := newChart(report.Clean(s.Primary)+" of the best runs", s.Curves, s.Names); c != nil {
		out = append(out, *c)
	}
	if s.Guessed {
		out = append(out, para(fmt.Sprintf("that %s is better when %s is guessed from its name; pace.yaml's primary_metric says it for sure",
			report.Clean(s.Primary), directionWord(s.Direction))))
	}
	return out
}

func directionWord(d string) string {
	if d == "min" {
		return "lower"
	}
	return "higher"
}

// sharedMetrics are the primary one and up to three more, those that most runs have.
func sharedMetrics(s *report.RunsSection) []string {
	counts := make(map[string]int)
	var keys []string
	for _, run := range s.Runs.Runs {
		for _, m := range run.Metrics {
			if m.System || m.Key == s.Primary {
				continue
			}
			if counts[m.Key]++; counts[m.Key] == 1 {
				keys = append(keys, m.Key)
			}
		}
	}
	best := mostCounted(keys, counts, 3)
	if s.Primary == "" {
		return best
	}
	return append([]string{s.Primary}, best...)
}

// short is enough of an id to type.
func short(id string) string { return id[:min(len(id), 8)] }

func duration(ms *int64) string {
	if ms == nil {
		return "—"
	}
	return report.FormatDuration(*ms)
}

func runGrid(l report.RunList) grid {
	g := grid{head: []string{"ID"}, right: []bool{false}}
	for _, c := range l.Columns {
		title := strings.ToUpper(report.Clean(c.Title))
		switch c.Kind {
		case report.NumberColumn:
			title = report.Clean(c.Title)
		case report.TimeColumn:
			title += " UTC"
		}
		g.head = append(g.head, title)
		g.right = append(g.right, c.Kind == report.NumberColumn || c.Kind == report.DurationColumn)
	}
	for _, row := range l.Rows {
		cells := []string{short(row.ID)}
		for _, c := range row.Cells {
			text := c.Text
			if !c.Have {
				text = "—"
			}
			cells = append(cells, text)
		}
		g.rows = append(g.rows, cells)
	}
	return g
}

func runNotes(l report.RunList) []block {
	text := fmt.Sprintf("%s of %s runs", report.FormatCount(int64(len(l.Rows))), report.FormatCount(int64(l.All)))
	if l.Total > len(l.Rows) && l.Total != l.All {
		text = fmt.Sprintf("%s of %s that match, of %s runs", report.FormatCount(int64(len(l.Rows))), report.FormatCount(int64(l.Total)), report.FormatCount(int64(l.All)))
	}
	return []block{para(text)}
}
