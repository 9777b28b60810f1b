package report

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"pace/store"
)

// Overview is the control tower: what needs somebody, what runs now, what changed since they last looked.
type Overview struct {
	Project string
	Counts  Counts
	Needs   []Finding // worst first, then newest
	Live    []Live    // newest first
	// Seen is when somebody last looked; zero at the first look, and then News is empty.
	Seen Time
	News []News // newest first
	// Empty says why there is nothing at all, in a sentence; "" otherwise.
	Empty string
}

// Counts are how much there is.
type Counts struct {
	Runs, Live, Stale, Failed   int
	Datasets, Experiments       int
	Notes, Unresolved, Problems int
}

// Live is a run that runs now, with the curve of its primary metric.
type Live struct {
	RunHead
	Series Series // no columns where it has no metric yet
	// Best is the best value of this metric over the project's other runs; nil where no direction is known.
	Best *Float
	// Verdict says how it stands against Best: "best so far", "behind the best by 1.2 %", "" where unknown.
	Verdict string
}

// News is one thing that changed since somebody last looked. Sign is "+" (new), "~" (changed) or "✎" (said).
type News struct {
	Sign, Subject, Text string
	Time                Time
}

// OverviewQuery asks for the control tower. Seen is when somebody last looked (zero: never); Width is the columns of the
// live curves.
type OverviewQuery struct {
	Seen  time.Time
	Width int
}

// Bounds of what one screen can use: more are counted, not listed.
const (
	maxNeeds = 100
	maxLive  = 24
	maxNews  = 100
	// maxRecent is how many runs that ended lately are looked at for NaN; the newest come first.
	maxRecent = 100
	// needsFor is how long a failed run keeps asking for somebody.
	needsFor = 7 * 24 * time.Hour
)

// LoadOverview reads what needs somebody, what runs now and what changed since they looked.
func LoadOverview(ctx context.Context, r *store.Reader, opts Options, q OverviewQuery) (Overview, error) {
	o := overviewing{opts: opts, query: q, out: Overview{Project: opts.Project, Seen: Time{q.Seen}}}
	if err := o.read(ctx, r); err != nil {
		return Overview{}, err
	}
	if err := o.walkRuns(ctx, r); err != nil {
		return Overview{}, err
	}
	for _, p := range o.problems {
		o.out.Needs = append(o.out.Needs, problemFinding(p))
	}
	o.walkNotes()
	if err := o.walkData(ctx, r); err != nil {
		return Overview{}, err
	}
	return o.finish(), nil
}

// overviewing is an Overview while it is put together.
type overviewing struct {
	opts     Options
	query    OverviewQuery
	out      Overview
	context  projectContext
	runs     []store.Run
	problems []store.Problem
	notes    []Note
}

func (o *overviewing) read(ctx context.Context, r *store.Reader) (err error) {
	if o.context, err = loadContext(ctx, r, o.opts); err != nil {
		return err
	}
	if o.runs, err = r.Runs(ctx); err != nil {
		return fmt.Errorf("load runs: %w", err)
	}
	if o.problems, err = r.Problems(ctx); err != nil {
		return fmt.Errorf("load problems: %w", err)
	}
	if o.notes, err = LoadNotes(ctx, r, ""); err != nil {
		return err
	}
	o.out.Counts.Problems = len(o.problems)
	for _, e := range o.context.experiments {
		if !e.Deleted {
			o.out.Counts.Experiments++
		}
	}
	return nil
}

// walkRuns reads the series of no run but those that run, and the newest of those that ended lately.
func (o *overviewing) walkRuns(ctx context.Context, r *store.Reader) error {
	looked := 0
	for _, run := range o.runs {
		if run.Deleted || o.context.said[run.ID].archived {
			continue
		}
		o.out.Counts.Runs++
		if run.Status == "failed" {
			o.out.Counts.Failed++
		}
		recent := o.opts.Now.Sub(last(run)) < needsFor
		moves := run.Status == "running" || o.opts.live(run)
		if !moves && !recent {
			continue
		}
		var summaries []store.Summary
		if looked++; looked <= maxRecent || moves {
			var err error
			if summaries, err = r.Summaries(ctx, run.ID); err != nil {
				return fmt.Errorf("load metrics of run %s: %w", run.ID, err)
			}
		}
		h := o.context.head(run, summaries)
		o.tell(run, h)
		o.needs(h, summaries, recent)
		if !h.Moves() {
			continue
		}
		o.out.Counts.Live++
		if len(o.out.Live) < maxLive {
			live, err := o.live(ctx, r, h, summaries)
			if err != nil {
				return err
			}
			o.out.Live = append(o.out.Live, live)
		}
	}
	return nil
}

// last is when something last happened in a run.
func last(run store.Run) time.Time {
	t := run.Started
	for _, other := range []time.Time{run.Ended, run.Active} {
		if other.After(t) {
			t = other
		}
	}
	return t
}

func (o *overviewing) needs(h RunHead, summaries []store.Summary, recent bool) {
	metrics := make(Metrics, len(summaries))
	for i, s := range summaries {
		metrics[i] = o.context.dirs.metric(s)
	}
	if h.Stale {
		o.out.Counts.Stale++
	}
	for _, f := range runFindings(h, metrics) {
		if f.Level.AtLeast(Warn) && (recent || f.Kind == "stale") {
			o.out.Needs = append(o.out.Needs, f)
		}
	}
}

// tell notes that a run is new or came to its end since somebody looked.
func (o *overviewing) tell(run store.Run, h RunHead) {
	seen := o.query.Seen
	if seen.IsZero() {
		return
	}
	switch {
	case run.Started.After(seen):
		o.news("+", "run:"+h.ID, "run "+h.Title()+" "+h.State(), run.Started)
	case run.Ended.After(seen):
		o.news("~", "run:"+h.ID, "run "+h.Title()+" "+h.State(), run.Ended)
	}
}

func (o *overviewing) news(sign, subject, text string, at time.Time) {
	o.out.News = append(o.out.News, News{Sign: sign, Subject: subject, Text: text, Time: Time{at}})
}

func (o *overviewing) live(ctx context.Context, r *store.Reader, h RunHead, summaries []store.Summary) (Live, error) {
	l := Live{RunHead: h}
	key := o.context.dirs.Primary(summaryKeys(summaries))
	if key == "" {
		return l, nil
	}
	series, err := LoadSeries(ctx, r, o.opts, SeriesQuery{Run: h.ID, Key: key, Width: o.query.Width})
	if err != nil {
		return l, err
	}
	l.Series = series
	if series.Direction == "" {
		return l, nil
	}
	top, err := r.TopRuns(ctx, key, series.Direction == "max", 2)
	if err != nil {
		return l, fmt.Errorf("load best of %s: %w", key, err)
	}
	for _, s := range top {
		if s.Run != h.ID {
			l.Best = o.context.dirs.best(s)
			break
		}
	}
	l.Verdict = liveVerdict(series.Metric, l.Best)
	return l, nil
}

func liveVerdict(m Metric, best *Float) string {
	if best == nil || m.Best == nil {
		return ""
	}
	behind := float64(*best - *m.Best)
	if m.Direction == "min" {
		behind = -behind
	}
	if behind <= 0 {
		return "best so far"
	}
	if *best == 0 {
		return "behind the best by " + FormatNumber(behind)
	}
	return "behind the best by " + FormatPercent(behind/math.Abs(float64(*best)))
}

func problemFinding(p store.Problem) Finding {
	message := p.Message
	if p.Place != "" {
		message = p.Place + ": " + message
	}
	title := p.Path
	if title == "" {
		title = p.Source
	}
	return Finding{Level: Warn, Kind: "problem", Subject: title, Title: title, Message: message, Hint: p.Hint, Since: Time{p.Since}}
}

func (o *overviewing) walkNotes() {
	for _, n := range o.notes {
		o.out.Counts.Notes++
		if !n.Resolved {
			o.out.Counts.Unresolved++
			if len(n.Answers) == 0 && strings.Contains(n.Text, "?") {
				o.out.Needs = append(o.out.Needs, Finding{
					Level: Info, Kind: "note", Subject: n.Subject, Title: n.Subject,
					Message: n.Actor + ": " + n.Text, Hint: "answer or resolve it", Since: n.Time,
				})
			}
		}
		o.tellNote(n)
	}
}

func (o *overviewing) tellNote(n Note) {
	if !o.query.Seen.IsZero() && n.Time.After(o.query.Seen) {
		o.news("✎", n.Subject, n.Actor+" on "+n.Subject+": "+n.Text, n.Time.Time)
	}
	for _, a := range n.Answers {
		o.tellNote(a)
	}
}

func (o *overviewing) walkData(ctx context.Context, r *store.Reader) error {
	datasets, err := datasetsBeside(ctx, r, o.runs)
	if err != nil {
		return err
	}
	o.out.Counts.Datasets = len(datasets)
	for _, d := range datasets {
		if f, ok := datasetFinding(d); ok {
			o.out.Needs = append(o.out.Needs, f)
		}
		if !o.query.Seen.IsZero() && d.Modified.After(o.query.Seen) && !d.Missing {
			o.news("~", "data:"+d.Path, d.Path+" changed", d.Modified.Time)
		}
	}
	return nil
}

func datasetFinding(d DatasetHead) (Finding, bool) {
	f := Finding{Kind: "alert", Subject: "data:" + d.Path, Title: d.Path, Since: d.Modified}
	switch {
	case d.Missing:
		f.Level, f.Kind, f.Message = Warn, "missing", "the file is gone"
	case d.Errors > 0:
		f.Level, f.Message = Error, d.Worst+andMore(d.Errors-1, "error")+andMore(d.Warnings, "warning")
	case d.Warnings > 0:
		f.Level, f.Message = Warn, d.Worst+andMore(d.Warnings-1, "warning")
	default:
		return f, false
	}
	return f, true
}

func andMore(n int, noun string) string {
	if n == 0 {
		return ""
	}
	return ", and " + plural(n, noun)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return FormatCount(int64(n)) + " " + noun + "s"
}

func (o *overviewing) finish() Overview {
	sortFindings(o.out.Needs)
	slices.SortStableFunc(o.out.News, func(a, b News) int { return b.Time.Compare(a.Time.Time) })
	o.out.Needs = o.out.Needs[:min(len(o.out.Needs), maxNeeds)]
	o.out.News = o.out.News[:min(len(o.out.News), maxNews)]
	if c := o.out.Counts; c.Runs+c.Datasets+c.Problems+c.Notes == 0 {
		o.out.Empty = "nothing that pace reads was found here: no runs (MLflow, TensorBoard event files, metrics in CSV or JSON), no tables (CSV, TSV, Parquet)"
	}
	return o.out
}

// sortFindings puts the worst first, then the newest, then by subject.
func sortFindings(f []Finding) {
	sort.SliceStable(f, func(i, j int) bool {
		a, b := f[i], f[j]
		if a.Level != b.Level {
			return a.Level.rank() > b.Level.rank()
		}
		if !a.Since.Equal(b.Since.Time) {
			return a.Since.After(b.Since.Time)
		}
		return a.Subject+a.Kind < b.Subject+b.Kind
	})
}

// LoadCounts counts what the header shows: runs that run, runs that are stale, problems.
func LoadCounts(ctx context.Context, r *store.Reader, opts Options) (Counts, error) {
	var c Counts
	runs, err := r.Runs(ctx)
	if err != nil {
		return c, fmt.Errorf("load runs: %w", err)
	}
	limits, err := quietLimits(ctx, r, runs)
	if err != nil {
		return c, err
	}
	for _, run := range runs {
		limit, running := limits[run.ID]
		switch {
		case run.Deleted:
			continue
		case running && opts.stale(run, limit):
			c.Stale++
		case running || opts.live(run):
			c.Live++
		case run.Status == "failed":
			c.Failed++
		}
		c.Runs++
	}
	problems, err := r.Problems(ctx)
	if err != nil {
		return c, fmt.Errorf("load problems: %w", err)
	}
	c.Problems = len(problems)
	return c, nil
}
