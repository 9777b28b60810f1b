package report

import (
	"context"
	"fmt"
	"sort"

	"pace/store"
)

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
