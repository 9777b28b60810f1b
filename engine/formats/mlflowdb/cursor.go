package mlflowdb

import (
	"hash/fnv"
	"maps"
	"slices"
	"time"

	"pace/engine/formats/mlflow"
	"pace/engine/ingest"
)

const cursorVersion = 1

// dbCursor is what was said of a database.
type dbCursor struct {
	// inode and alembic tell one database from the next that takes its name, and one schema from another:
	// a migration writes tables anew.
	inode   uint64
	alembic string
	// wipe: the points said before belong to another reading; each run is said with a Reset.
	wipe bool
	marks
	// last digests the row of metrics at marks.metric: if it is another, rows were renumbered.
	last        uint64
	experiments uint64 // digest of all of them
	problem     bool   // tables are missing, and that was said
	swept, cost int64  // when the last sweep ended, and how long it took: nanoseconds
	keys        []string
	runs        map[string]*runState // by run_uuid
}

// marks are the greatest rowids that were said.
type marks struct{ run, tag, param, input, metric, model, modelTime int64 }

// runState is what a sweep compares. 10,000 runs take some 600 kB of cursor.
type runState struct {
	experiment string
	row        uint64 // digest of the row
	tags       uint64 // sum of the digests of the tags, in any order
	tagKeys    []int  // places in dbCursor.keys, sorted
	active     bool   // running or queued
	key        string // of the run; not kept
}

func newCursor() *dbCursor { return &dbCursor{runs: map[string]*runState{}} }

// openCursor answers false for bytes that are no cursor of this version.
func openCursor(cursor []byte) (*dbCursor, bool) {
	c := newCursor()
	if cursor == nil {
		return c, true
	}
	r := ingest.OpenCursor(cursorVersion, cursor)
	c.inode, c.alembic, c.wipe, c.last = r.Uint(), r.Text(), r.Flag(), r.Uint()
	for _, m := range c.marks.all() {
		*m = r.Int()
	}
	c.experiments, c.problem, c.swept, c.cost = r.Uint(), r.Flag(), r.Int(), r.Int()
	for range r.Count() {
		c.keys = append(c.keys, r.Text())
	}
	for range r.Count() {
		id := r.Text()
		s := &runState{experiment: r.Text(), row: r.Uint(), tags: r.Uint(), active: r.Flag()}
		for range r.Count() {
			k := int(r.Uint())
			if k < 0 || k >= len(c.keys) {
				return newCursor(), false
			}
			s.tagKeys = append(s.tagKeys, k)
		}
		s.key = mlflow.RunKey(s.experiment, id)
		c.runs[id] = s
	}
	if r.Err() != nil {
		return newCursor(), false
	}
	return c, true
}

func (m *marks) all() []*int64 {
	return []*int64{&m.run, &m.tag, &m.param, &m.input, &m.metric, &m.model, &m.modelTime}
}

func (c *dbCursor) bytes() []byte {
	w := ingest.NewCursor(cursorVersion)
	w.Uint(c.inode)
	w.Text(c.alembic)
	w.Flag(c.wipe)
	w.Uint(c.last)
	for _, m := range c.marks.all() {
		w.Int(*m)
	}
	w.Uint(c.experiments)
	w.Flag(c.problem)
	w.Int(c.swept)
	w.Int(c.cost)
	w.Uint(uint64(len(c.keys)))
	for _, k := range c.keys {
		w.Text(k)
	}
	w.Uint(uint64(len(c.runs)))
	for _, id := range slices.Sorted(maps.Keys(c.runs)) {
		s := c.runs[id]
		w.Text(id)
		w.Text(s.experiment)
		w.Uint(s.row)
		w.Uint(s.tags)
		w.Flag(s.active)
		w.Uint(uint64(len(s.tagKeys)))
		for _, k := range s.tagKeys {
			w.Uint(uint64(k))
		}
	}
	return w.Bytes()
}

// again starts the reading over: rowids mean other rows now. Runs stay known, so that a sweep finds those
// that are gone.
func (c *dbCursor) again() {
	c.marks, c.last, c.experiments, c.wipe, c.swept = marks{}, 0, 0, true, 0
	for _, s := range c.runs {
		s.tags, s.tagKeys = 0, nil
	}
}

// keyAt is the place of a tag's key in the dictionary.
func (c *dbCursor) keyAt(key string) int {
	i := slices.Index(c.keys, key)
	if i < 0 {
		i = len(c.keys)
		c.keys = append(c.keys, key)
	}
	return i
}

// sweepDue keeps sweeps under 2 % of a core.
func (c *dbCursor) sweepDue() bool {
	pause := min(50*time.Duration(c.cost), maxSweepPause)
	return time.Since(time.Unix(0, c.swept)) >= pause
}

const maxSweepPause = 5 * time.Minute

func digest(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return h.Sum64()
}
