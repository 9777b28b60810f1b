package printer

import (
	"fmt"
	"io"
	"math"
	"sort"
	"strings"

	"pace/engine/profile"
	"pace/engine/report"
)

// Profile prints `pace.profile/1`.
func Profile(w io.Writer, f Format, s Style, p *profile.Profile) error {
	if f == JSON {
		return writeJSON(w, p)
	}
	return profilePage(p).print(w, f, s)
}

func profilePage(pr *profile.Profile) *page {
	p := &page{title: report.Clean(pr.Source.Path)}
	exact := "exact"
	if len(pr.Approx) > 0 {
		exact = "approximate: " + strings.Join(pr.Approx, ", ")
	}
	p.add(facts{
		{"observations", report.FormatCount(pr.Rows)},
		{"variables", report.FormatCount(int64(pr.Columns))},
		{"types", typesText(pr)},
		{"missing cells", share(pr.MissingCells, pr.MissingCellsShare)},
		{"duplicate rows", share(pr.DuplicateRows, pr.DuplicateRowsShare)},
		{"size in memory", report.FormatBytes(pr.MemoryBytes)},
		{"average record", report.FormatBytes(int64(math.Round(pr.AvgRecordBytes)))},
		{"file", pr.Source.Format + ", " + report.FormatBytes(pr.Source.Bytes)},
		{"version", pr.Source.Version},
		{"figures", exact},
	})
	if pr.Source.BadRows > 0 {
		p.add(items{{sign: "▲", text: report.FormatCount(pr.Source.BadRows) + " records did not fit the table"}})
	}
	if len(pr.Alerts) > 0 {
		p.add(heading("Alerts"), alertItems(pr.Alerts))
	}
	p.add(heading("Variables"), variableGrid(pr.Variables))
	p.add(heading("Reproduction"), facts{
		{"pace", report.Clean(pr.Reproduction.Pace)}, {"command", report.Clean(pr.Reproduction.Command)},
		{"started", pr.Reproduction.Started.UTC().Format("2006-01-02T15:04:05Z")}, {"took", report.FormatDuration(pr.Reproduction.ElapsedMS)},
	})
	return p
}

func share(n int64, of float64) string {
	return report.FormatCount(n) + " (" + report.FormatPercent(of) + ")"
}

func typesText(p *profile.Profile) string {
	var parts []string
	for t, n := range p.Types {
		parts = append(parts, fmt.Sprintf("%d %s", n, t))
	}
	sort.Strings(parts)
	return strings.Join(parts, ", ")
}

func alertItems(alerts []profile.Alert) items {
	var out items
	for _, a := range alerts {
		text := string(a.Severity) + ": "
		if a.Column != "" {
			text += report.Clean(a.Column) + ": "
		}
		out = append(out, item{sign: sign(report.Level(a.Severity)), text: text + report.Clean(a.Message)})
	}
	return out
}

func variableGrid(vs []profile.Variable) grid {
	g := grid{
		head:  []string{"VARIABLE", "TYPE", "MISSING", "DISTINCT", "MEAN", "STD", "MIN", "MAX", "DISTRIBUTION"},
		right: []bool{false, false, true, true, true, true, true, true, false},
	}
	for _, v := range vs {
		row := []string{report.Clean(v.Name), string(v.Type), report.FormatPercent(v.MissingShare), distinct(v), "", "", valueText(v.Min), valueText(v.Max), bars(v)}
		if v.Moments != nil {
			row[4], row[5] = number(float64(v.Mean)), number(float64(v.Std))
		}
		g.rows = append(g.rows, row)
	}
	return g
}

func distinct(v profile.Variable) string {
	text := report.FormatCount(v.Distinct)
	if !v.DistinctExact {
		return "~" + text
	}
	return text
}

func valueText(v *profile.Value) string {
	switch {
	case v == nil:
		return ""
	case v.IsText:
		return cut(report.Clean(v.Text), 20)
	}
	return number(float64(v.Number))
}

// barWidth is the columns of a histogram in a row.
const barWidth = 16

// bars draws a histogram in eighths of a block, or a variable's most frequent values.
func bars(v profile.Variable) string {
	if v.Histogram == nil || len(v.Histogram.Counts) == 0 {
		var parts []string
		for _, t := range v.Top[:min(len(v.Top), 2)] {
			parts = append(parts, fmt.Sprintf("%s %s", valueText(&t.Value), report.FormatPercent(float64(t.Count)/float64(max(1, v.Count)))))
		}
		return strings.Join(parts, "  ")
	}
	bins := make([]float64, min(barWidth, len(v.Histogram.Counts)))
	most := 0.0
	for i, n := range v.Histogram.Counts {
		b := i * len(bins) / len(v.Histogram.Counts)
		bins[b] += float64(n)
		most = math.Max(most, bins[b])
	}
	var b strings.Builder
	for _, n := range bins {
		level := 0
		if n > 0 {
			level = max(1, int(math.Round(n/most*8)))
		}
		b.WriteRune([]rune(" ▁▂▃▄▅▆▇█")[level])
	}
	return b.String()
}
