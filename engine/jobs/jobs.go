// Package jobs is the ordered list of derived work. It must not know who runs a job, when, or who shows what
// comes of it.
package jobs

import (
	"context"

	"pace/engine/jobs/profile"
	"pace/store"
)

// Job is one kind of derived work. A job is a value and remembers nothing: what it computed is in the store
// under the content it was computed from.
type Job struct {
	// Name is the job's id: "profile".
	Name string
	// Stale names the items whose work a change made stale, the cheapest first. It looks at the store only.
	Stale func(context.Context, *store.Reader, store.Change) ([]string, error)
	// Run works on one item, of the project at root, and returns what is to be written. It ends soon after its
	// context does, says how far it is through progress (total 0 where nobody knows), and writes nothing
	// itself. A nil result means that there is nothing to write.
	Run func(ctx context.Context, r *store.Reader, root, item string,
		progress func(unit string, done, total int64)) (func(*store.Tx) error, error)
}

// All lists the jobs in the order in which they run. pace is the version that their results name.
func All(pace string) []Job {
	return []Job{
		{Name: profile.Name, Stale: profile.Stale, Run: profile.Runner(pace).Run},
	}
}
