package overview

import (
	"fmt"
	"strings"
	"time"

	"pace/engine/report"
	"pace/themes"
	"pace/tui/pane"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

// line is one row: a section's heading, or something that can be opened.
type line struct {
	section string // of a heading: its words
	state   widget.State
	sign    string // instead of the state's glyph
	title   string
	text    string
	role    themes.Role // of the text
	time    report.Time
	value   report.TableCell
	curve   []float64
	ref     string
	// measured keeps the place of a value that is not there, below others that are.
	measured bool
	right    bool // stands in the right column where there are two
}

// same says whether two lines stand for one thing.
func (l line) same(o line) bool {
	return l.section == "" && o.section == "" && l.title != "" && l.ref == o.ref && l.title == o.title && l.right == o.right
}

// sections are all lines, in the order of a narrow screen.
func (t *tower) sections() []line {
	f := t.facts
	var out []line
	add := func(heading string, right bool, lines []line) {
		if len(lines) == 0 {
			return
		}
		out = append(out, line{section: heading, right: right})
		for _, l := range lines {
			l.right = right
			out = append(out, l)
		}
	}
	add("NEEDS YOU", false, f.needs())
	add("LIVE", true, live(f.Live))
	since := "SINCE YOU LAST LOOKED"
	if !f.Seen.IsZero() {
		since += ", " + draw.When(t.frame, f.Seen.Time, 16)
	}
	add(since, true, f.news())
	most := 5
	if t.size() == pane.L {
		most = maxBest
	}
	add(f.metric.heading(), false, rankedLines(f.best[:min(len(f.best), most)]))
	add("NEWEST RUNS", true, rankedLines(f.newest[:min(len(f.newest), most)]))
	add("DATA", false, datasets(f.data))
	add("NOTES", true, f.said())
	if f.Counts.Runs == 0 {
		add("RUNS", true, []line{{state: widget.StateUnknown, title: "none yet", role: themes.Dim, text: "mlruns/, mlflow.db, event files, metrics in CSV or JSON"}})
	}
	if len(f.data) == 0 {
		add("DATA", false, []line{{state: widget.StateUnknown, title: "none yet", role: themes.Dim, text: "CSV, TSV and Parquet, also .gz and .zst"}})
	}
	return out
}

func (m metric) heading() string {
	return "BEST RUNS by " + m.key + ", " + draw.Better(m.direction, m.guessed)
}

// called is what a reference's run or dataset is called.
func (f *facts) called(ref string) string {
	if id, ok := strings.CutPrefix(ref, "run:"); ok {
		if row, known := f.table.Row(id); known {
			return f.table.Head(row, time.Time{}).Title()
		}
	}
	return strings.TrimPrefix(ref, "data:")
}

func (f *facts) needs() []line {
	var out []line
	for _, n := range f.Needs {
		text := n.Message
		if n.Hint != "" {
			text += "; " + n.Hint
		}
		out = append(out, line{state: draw.Level(n.Level), title: f.called(n.Title), text: text, time: n.Since, ref: n.Subject})
	}
	return out
}

func live(runs []report.Live) []line {
	var out []line
	for _, r := range runs {
		l := line{state: widget.StateLive, title: r.RunHead.Title(), role: themes.Dim, text: r.Verdict, ref: "run:" + r.ID}
		if len(r.Series.Curve.Columns) > 0 {
			l.value = report.TableCell{Have: true, Num: float64(r.Series.Last)}
			l.curve = lasts(r.Series)
			l.text = strings.TrimSpace(r.Series.Key + "  " + r.Verdict)
		}
		out = append(out, l)
	}
	return out
}

// lasts are the points of a little curve.
func lasts(s report.Series) []float64 {
	var out []float64
	for _, c := range s.Curve.Columns {
		if c.N > 0 {
			out = append(out, c.Last)
		}
	}
	return out
}

func (f *facts) news() []line {
	var out []line
	for _, n := range f.News {
		out = append(out, line{sign: n.Sign, title: strings.Replace(n.Text, n.Subject, f.called(n.Subject), 1), time: n.Time, ref: n.Subject})
	}
	return out
}

func rankedLines(runs []ranked) []line {
	var out []line
	for _, r := range runs {
		l := line{state: draw.State(r.State()), title: r.RunHead.Title(), time: r.Started, value: r.value, ref: "run:" + r.ID, curve: lasts(r.series), measured: true}
		if s := r.State(); s != "finished" {
			l.text, l.role = s, l.state.Role()
		}
		out = append(out, l)
	}
	return out
}

func datasets(heads []report.DatasetHead) []line {
	var out []line
	for _, d := range heads {
		l := line{title: d.Path, time: d.Modified, ref: "data:" + d.Path, state: widget.StateOK, role: themes.Dim}
		if d.Rows >= 0 && d.Columns >= 0 {
			l.text = fmt.Sprintf("%s × %d", widget.Count(d.Rows, 12), d.Columns)
		}
		switch {
		case d.Missing:
			l.state, l.text = widget.StateWarn, "the file is gone"
		case !d.Profiled:
			l.state, l.text = widget.StateQueued, strings.TrimSpace(l.text+"  not profiled yet")
		case d.Errors > 0:
			l.state, l.text = widget.StateFailed, l.text+"  "+draw.Plural(d.Errors, "error")
		case d.Warnings > 0:
			l.state, l.text = widget.StateWarn, l.text+"  "+draw.Plural(d.Warnings, "warning")
		}
		out = append(out, l)
	}
	return out
}

func (f *facts) said() []line {
	var out []line
	for _, n := range f.notes {
		sign := "✎"
		if n.Resolved {
			sign = "✓"
		}
		out = append(out, line{sign: sign, title: n.Actor + " on " + f.called(n.Subject) + ": " + n.Text, time: n.Time, ref: n.Subject})
	}
	return out
}

// setCurves draws the live runs together when they share a metric; when nothing runs, the best ones.
func (t *tower) setCurves() {
	var series []report.Series
	var names []string
	key := ""
	for _, l := range t.facts.Live {
		if len(l.Series.Curve.Columns) == 0 || (key != "" && l.Series.Key != key) {
			continue
		}
		key = l.Series.Key
		series, names = append(series, l.Series), append(names, l.RunHead.Title())
	}
	if len(series) == 0 {
		key = t.facts.metric.key
		for _, r := range t.facts.best[:min(len(t.facts.best), maxCurves)] {
			series, names = append(series, r.series), append(names, r.RunHead.Title())
		}
	}
	t.curves.Set([]draw.Panel{{Key: key, Series: series}}, names)
}

// lay puts the lines into one column, or into two where there is room.
func (t *tower) lay() {
	t.columns = t.columns[:0]
	if t.size() == pane.S {
		all := make([]int, len(t.lines))
		for i := range all {
			all[i] = i
		}
		t.columns = append(t.columns, all)
		return
	}
	var left, right []int
	for i, l := range t.lines {
		if l.right {
			right = append(right, i)
		} else {
			left = append(left, i)
		}
	}
	t.columns = append(t.columns, left, right)
}

func (t *tower) size() pane.Size { return pane.SizeOf(t.frame.W, t.frame.H+2) }
