package store

import "sort"

// changeLimit is how many ids a Change names before it becomes "everything".
const changeLimit = 1000

// Change says what became stale, never the new value. The zero Change touches nothing. Changes merge, so a
// slow reader gets fewer and bigger ones and loses none.
type Change struct {
	All      bool            // everything may have changed
	Runs     map[string]bool // ids of runs
	Datasets map[string]bool // paths
	Subjects map[string]bool // references that somebody said something about
	Sources  bool            // the list of sources, or their problems
	Results  bool            // derived work
	Tasks    bool            // work under way
}

// Empty says whether the Change touches nothing.
func (c Change) Empty() bool {
	return !c.All && len(c.Runs) == 0 && len(c.Datasets) == 0 && len(c.Subjects) == 0 &&
		!c.Sources && !c.Results && !c.Tasks
}

// Merge is both Changes in one; past a thousand ids of a kind it degrades to All.
func (c Change) Merge(o Change) Change {
	out := Change{
		All:      c.All || o.All,
		Runs:     union(c.Runs, o.Runs),
		Datasets: union(c.Datasets, o.Datasets),
		Subjects: union(c.Subjects, o.Subjects),
		Sources:  c.Sources || o.Sources,
		Results:  c.Results || o.Results,
		Tasks:    c.Tasks || o.Tasks,
	}
	if len(out.Runs) > changeLimit || len(out.Datasets) > changeLimit || len(out.Subjects) > changeLimit {
		return Change{All: true, Sources: true, Results: true, Tasks: true}
	}
	return out
}

// Run says whether the run with this id may have changed.
func (c Change) Run(id string) bool { return c.All || c.Runs[id] }

// AnyRun says whether any run may have changed.
func (c Change) AnyRun() bool { return c.All || len(c.Runs) > 0 }

// Dataset says whether the dataset at this path may have changed.
func (c Change) Dataset(path string) bool { return c.All || c.Datasets[path] }

// AnyDataset says whether any dataset may have changed.
func (c Change) AnyDataset() bool { return c.All || len(c.Datasets) > 0 }

// Said says whether somebody said something about any subject.
func (c Change) Said() bool { return c.All || len(c.Subjects) > 0 }

// RunIDs are the named runs in order; nil when All is set.
func (c Change) RunIDs() []string {
	if c.All {
		return nil
	}
	ids := make([]string, 0, len(c.Runs))
	for id := range c.Runs {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}

func union(a, b map[string]bool) map[string]bool {
	if len(b) == 0 {
		return a
	}
	if len(a) == 0 {
		return b
	}
	out := make(map[string]bool, len(a)+len(b))
	for k := range a {
		out[k] = true
	}
	for k := range b {
		out[k] = true
	}
	return out
}
