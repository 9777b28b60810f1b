package report

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"pace/engine/profile"
	"pace/store"
)

// Report is `pace.report/1`.
type Report struct {
	Schema    string    `json:"schema"`
	Project   string    `json:"project"`
	Generated Time      `json:"generated"`
	Verdict   Level     `json:"verdict"`
	Summary   string    `json:"summary"`
	Findings  []Finding `json:"findings"`
	Sections  Sections  `json:"sections"`
}

// Sections are the parts of a report; a section that was not asked for is absent.
type Sections struct {
	Data *DataSection `json:"data,omitempty"`
	Runs *RunsSection `json:"runs,omitempty"`
}

// DataSection is what the project's tables are.
type DataSection struct {
	Schema   string      `json:"schema"`
	Datasets []DataEntry `json:"datasets"`
}

// DataEntry is one dataset with its pace.profile/1; null until the file was read once.
type DataEntry struct {
	DatasetHead
	Profile *profile.Profile `json:"profile"`
}

// RunsSection is `pace.runs/1` with the primary metric of the project and its curves over the best runs.
type RunsSection struct {
	Runs
	Primary   string   `json:"primary,omitempty"`
	Direction string   `json:"direction,omitempty"`
	Guessed   bool     `json:"guessed,omitempty"`
	Curves    []Series `json:"-"`
	Names     []string `json:"-"` // of the curves' runs
}

// section is one part of a report: how it is called on the command line and how it is loaded.
type section struct {
	name string
	load func(ctx context.Context, r *store.Reader, b *building) error
}

// sections is the list of all parts, in order.
func sections() []section {
	return []section{
		{"data", loadDataSection},
		{"runs", loadRunsSection},
	}
}

// SectionNames are the parts that a report can have, in order.
func SectionNames() []string {
	var names []string
	for _, s := range sections() {
		names = append(names, s.name)
	}
	return names
}

// BuildQuery asks for a report: Only names sections (nil: all), Width is the columns of its curves.
type BuildQuery struct {
	Only  []string
	Width int
}

type building struct {
	opts    Options
	query   BuildQuery
	report  *Report
	checked int // things that were looked at
}

// Build reads everything that a report shows and decides its verdict: the worst finding, or Nothing where no section had
// anything to look at.
func Build(ctx context.Context, r *store.Reader, opts Options, q BuildQuery) (Report, error) {
	out := Report{Schema: SchemaReport, Project: opts.Project, Generated: Time{opts.Now}, Findings: []Finding{}}
	b := &building{opts: opts, query: q, report: &out}
	for _, name := range q.Only {
		if !slices.Contains(SectionNames(), name) {
			return Report{}, fmt.Errorf("report section %q: there is %s", name, strings.Join(SectionNames(), ", "))
		}
	}
	for _, s := range sections() {
		if len(q.Only) > 0 && !slices.Contains(q.Only, s.name) {
			continue
		}
		if err := s.load(ctx, r, b); err != nil {
			return Report{}, err
		}
	}
	problems, err := r.Problems(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("load problems: %w", err)
	}
	for _, p := range problems {
		out.Findings = append(out.Findings, problemFinding(p))
	}
	sortFindings(out.Findings)
	out.judge(b.checked)
	return out, nil
}

func (r *Report) judge(checked int) {
	counts := make(map[Level]int)
	r.Verdict = OK
	for _, f := range r.Findings {
		r.Verdict = Worse(r.Verdict, f.Level)
		counts[f.Level]++
	}
	if checked == 0 && r.Verdict == OK {
		r.Verdict = Nothing
	}
	if r.Verdict == Info {
		r.Verdict = OK
	}
	var looked []string
	if r.Sections.Data != nil {
		looked = append(looked, plural(len(r.Sections.Data.Datasets), "dataset"))
	}
	if r.Sections.Runs != nil {
		looked = append(looked, plural(r.Sections.Runs.Total, "run"))
	}
	r.Summary = fmt.Sprintf("%s, %s in %s", plural(counts[Error], "error"), plural(counts[Warn], "warning"), strings.Join(looked, " and "))
	if r.Verdict == Nothing {
		r.Summary = "nothing to check: " + strings.Join(looked, " and ")
	}
}

func loadDataSection(ctx context.Context, r *store.Reader, b *building) error {
	datasets, err := LoadDatasets(ctx, r, b.opts)
	if err != nil {
		return err
	}
	section := &DataSection{Schema: SchemaData, Datasets: []DataEntry{}}
	b.report.Sections.Data = section
	for _, d := range datasets {
		detail, err := LoadDataset(ctx, r, b.opts, d.Path)
		if err != nil {
			return err
		}
		section.Datasets = append(section.Datasets, DataEntry{DatasetHead: d, Profile: detail.Profile})
		if d.Profiled {
			b.checked++
		}
		if f, ok := datasetFinding(d); ok {
			b.report.Findings = append(b.report.Findings, f)
		}
	}
	return nil
}

// reportCurves is how many runs a report draws.
const reportCurves = 5

func loadRunsSection(ctx context.Context, r *store.Reader, b *building) error {
	runs, err := LoadRuns(ctx, r, b.opts, RunsQuery{})
	if err != nil {
		return err
	}
	s := &RunsSection{Runs: runs}
	b.report.Sections.Runs = s
	b.checked += runs.Total
	for _, run := range runs.Runs {
		for _, f := range runFindings(run.RunHead, run.Metrics) {
			if b.opts.Now.Sub(f.Since.Time) < needsFor || f.Kind == "stale" {
				b.report.Findings = append(b.report.Findings, f)
			}
		}
	}
	return s.drawBest(ctx, r, b)
}

// drawBest draws the primary metric of the runs that are best by it, or newest where no direction is known.
func (s *RunsSection) drawBest(ctx context.Context, r *store.Reader, b *building) error {
	keys, err := r.MetricKeys(ctx)
	if err != nil {
		return fmt.Errorf("load metric keys: %w", err)
	}
	dirs, err := LoadDirections(ctx, r, b.opts)
	if err != nil {
		return err
	}
	s.Primary = dirs.Primary(keys)
	s.Direction, s.Guessed = dirs.Of(s.Primary)
	var with []Run
	for _, run := range s.Runs.Runs {
		if m, ok := run.Metrics.Get(s.Primary); ok && m.Points > 1 {
			with = append(with, run)
		}
	}
	slices.SortStableFunc(with, func(x, y Run) int { return s.rank(x, y) })
	var ids []string
	for _, run := range with[:min(len(with), reportCurves)] {
		ids, s.Names = append(ids, run.ID), append(s.Names, run.Title())
	}
	if len(ids) == 0 || b.query.Width <= 0 {
		return nil
	}
	s.Curves, err = LoadCurves(ctx, r, b.opts, ids, SeriesQuery{Key: s.Primary, Width: b.query.Width})
	return err
}

func (s *RunsSection) rank(x, y Run) int {
	a, _ := x.Metrics.Get(s.Primary)
	b, _ := y.Metrics.Get(s.Primary)
	switch {
	case a.Best == nil && b.Best == nil:
		return 0
	case a.Best == nil:
		return 1
	case b.Best == nil:
		return -1
	case *a.Best == *b.Best:
		return 0
	case (*a.Best < *b.Best) == (s.Direction == "min"):
		return -1
	}
	return 1
}

// Doctor is `pace.doctor/1`: what pace sees, what it can't read and why.
type Doctor struct {
	Schema   string         `json:"schema"`
	Project  string         `json:"project"`
	Sources  []DoctorSource `json:"sources"`
	Problems []Finding      `json:"problems"`
	Checks   []DoctorCheck  `json:"checks"` // limits and places, filled by whoever can look
	Counts   DoctorCounts   `json:"counts"`
	Verdict  Level          `json:"verdict"`
}

// DoctorSource is one unit that a format claimed.
type DoctorSource struct {
	Path    string `json:"path"`
	Format  string `json:"format"`
	Runs    int    `json:"runs"`
	Missing bool   `json:"missing,omitempty"`
	Seen    Time   `json:"seen"`
}

// DoctorCheck is one limit or place with what was found: "inotify watches", "812 of 8192".
type DoctorCheck struct {
	Level Level  `json:"level"`
	Name  string `json:"name"`
	Value string `json:"value"`
	Hint  string `json:"hint,omitempty"`
}

// DoctorCounts are how much the index holds.
type DoctorCounts struct {
	Runs        int `json:"runs"`
	Experiments int `json:"experiments"`
	Datasets    int `json:"datasets"`
	Notes       int `json:"notes"`
}

// LoadDoctor reads what the index holds and what could not be read. Checks are added by whoever can look at the machine.
func LoadDoctor(ctx context.Context, r *store.Reader, opts Options) (Doctor, error) {
	d := Doctor{Schema: SchemaDoctor, Project: opts.Project, Sources: []DoctorSource{}, Problems: []Finding{}, Checks: []DoctorCheck{}, Verdict: OK}
	sources, err := r.Sources(ctx)
	if err != nil {
		return d, fmt.Errorf("load sources: %w", err)
	}
	runs, err := r.Runs(ctx)
	if err != nil {
		return d, fmt.Errorf("load runs: %w", err)
	}
	told := make(map[[2]string]int)
	for _, run := range runs {
		told[[2]string{run.Source, run.Format}]++
	}
	for _, s := range sources {
		d.Sources = append(d.Sources, DoctorSource{
			Path: s.Path, Format: s.Format, Runs: told[[2]string{s.Path, s.Format}], Missing: s.Missing, Seen: Time{s.Seen},
		})
	}
	sort.SliceStable(d.Sources, func(i, j int) bool { return d.Sources[i].Path < d.Sources[j].Path })
	problems, err := r.Problems(ctx)
	if err != nil {
		return d, fmt.Errorf("load problems: %w", err)
	}
	for _, p := range problems {
		d.Problems = append(d.Problems, problemFinding(p))
	}
	sortFindings(d.Problems)
	if len(problems) > 0 {
		d.Verdict = Warn
	}
	return d, d.count(ctx, r, len(runs))
}

func (d *Doctor) count(ctx context.Context, r *store.Reader, runs int) error {
	experiments, err := r.Experiments(ctx)
	if err != nil {
		return fmt.Errorf("load experiments: %w", err)
	}
	datasets, err := r.Datasets(ctx)
	if err != nil {
		return fmt.Errorf("load datasets: %w", err)
	}
	notes, err := r.Notes(ctx, "")
	if err != nil {
		return fmt.Errorf("load notes: %w", err)
	}
	d.Counts = DoctorCounts{Runs: runs, Experiments: len(experiments), Datasets: len(datasets), Notes: len(notes)}
	return nil
}

// Add puts checks of the machine in and lets them weigh on the verdict.
func (d *Doctor) Add(checks ...DoctorCheck) {
	for _, c := range checks {
		d.Checks = append(d.Checks, c)
		d.Verdict = Worse(d.Verdict, c.Level)
	}
}
