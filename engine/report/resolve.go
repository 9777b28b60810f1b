package report

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"pace/store"
)

// Ambiguous says that a name means several things.
type Ambiguous struct {
	Name       string
	Candidates []Candidate
}

// Candidate is one thing that a name could mean.
type Candidate struct{ Ref, Title string }

// Error names the candidates, at most eight.
func (a *Ambiguous) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q is ambiguous:", a.Name)
	for i, c := range a.Candidates {
		if i == 8 {
			fmt.Fprintf(&b, "\n  and %d more", len(a.Candidates)-i)
			break
		}
		fmt.Fprintf(&b, "\n  %s  %s", c.Ref, Clean(c.Title))
	}
	return b.String()
}

// ResolveRun finds the run that a text means: run:ID, a unique prefix of an id or a native id, a name that only one run
// has, or the path of a source that told only one run. It wraps ErrNotFound, or is *Ambiguous.
func ResolveRun(ctx context.Context, r *store.Reader, text string) (string, error) {
	name := strings.TrimPrefix(text, "run:")
	if name == "" {
		return "", fmt.Errorf("find run %q: %w", text, ErrNotFound)
	}
	runs, err := r.Runs(ctx)
	if err != nil {
		return "", fmt.Errorf("find run %q: %w", text, err)
	}
	slash := path.Clean(filepath.ToSlash(name))
	for _, match := range []func(store.Run) bool{
		func(run store.Run) bool { return run.ID == name || run.NativeID == name },
		func(run store.Run) bool { return run.Name == name },
		func(run store.Run) bool {
			return strings.HasPrefix(run.ID, name) || strings.HasPrefix(run.NativeID, name)
		},
		func(run store.Run) bool { return run.Source == slash },
	} {
		var found []Candidate
		for _, run := range runs {
			if match(run) {
				found = append(found, Candidate{Ref: "run:" + run.ID, Title: run.Name})
			}
		}
		switch {
		case len(found) == 1:
			return strings.TrimPrefix(found[0].Ref, "run:"), nil
		case len(found) > 1:
			sort.Slice(found, func(i, j int) bool { return found[i].Ref < found[j].Ref })
			return "", &Ambiguous{Name: text, Candidates: found}
		}
	}
	return "", fmt.Errorf("find run %q: %w", text, ErrNotFound)
}

// Resolve finds the reference that a text means: a reference as it stands ("run:ID#auc@120" keeps what follows the #), a
// run as ResolveRun finds it, or the path of a dataset. It wraps ErrNotFound, or is *Ambiguous.
func Resolve(ctx context.Context, r *store.Reader, text string) (string, error) {
	kind, rest, ok := strings.Cut(text, ":")
	if ok {
		switch kind {
		case "run":
			name, at, inside := strings.Cut(rest, "#")
			id, err := ResolveRun(ctx, r, name)
			if err != nil {
				return "", err
			}
			if inside {
				return "run:" + id + "#" + at, nil
			}
			return "run:" + id, nil
		case "data", "row":
			file, at, inside := strings.Cut(rest, "#")
			known, err := resolveDataset(ctx, r, file)
			if err != nil {
				return "", err
			}
			if inside {
				return kind + ":" + known + "#" + at, nil
			}
			return kind + ":" + known, nil
		case "model", "pred", "metric", "experiment":
			return text, nil
		}
	}
	if file, err := resolveDataset(ctx, r, text); err == nil {
		return "data:" + file, nil
	}
	id, err := ResolveRun(ctx, r, text)
	if err != nil {
		return "", err
	}
	return "run:" + id, nil
}

func resolveDataset(ctx context.Context, r *store.Reader, text string) (string, error) {
	file, _, _ := strings.Cut(path.Clean(filepath.ToSlash(text)), "@")
	_, ok, err := r.Dataset(ctx, file)
	if err == nil && !ok {
		err = ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("find dataset %q: %w", text, err)
	}
	return file, nil
}

// maxPalette bounds how many runs a palette offers: the newest.
const maxPalette = 5000

// LoadPalette reads what can be jumped to: runs newest first, datasets, experiments.
func LoadPalette(ctx context.Context, r *store.Reader, opts Options) ([]PaletteEntry, error) {
	runs, err := r.Runs(ctx)
	if err != nil {
		return nil, fmt.Errorf("load runs: %w", err)
	}
	byID, experiments, err := loadExperiments(ctx, r)
	if err != nil {
		return nil, err
	}
	datasets, err := r.Datasets(ctx)
	if err != nil {
		return nil, fmt.Errorf("load datasets: %w", err)
	}
	var out []PaletteEntry
	for _, run := range runs[:min(len(runs), maxPalette)] {
		h := runHead(run, byID, opts.Moment, staleSilent)
		out = append(out, PaletteEntry{Kind: "run", Subject: "run:" + run.ID, Title: h.Title(), Detail: h.Experiment + " " + h.State()})
	}
	for _, d := range datasets {
		out = append(out, PaletteEntry{Kind: "dataset", Subject: "data:" + d.Path, Title: d.Path, Detail: d.Format})
	}
	for _, e := range experiments {
		if !e.Deleted {
			out = append(out, PaletteEntry{Kind: "experiment", Subject: "experiment:" + e.ID, Title: e.Name, Detail: e.Format})
		}
	}
	return out, nil
}
