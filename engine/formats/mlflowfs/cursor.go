package mlflowfs

import (
	"maps"
	"slices"

	"pace/engine/ingest"
)

const cursorVersion = 1

// runCursor is what was said of a run.
type runCursor struct {
	key string
	// header digests the stats of the files that the header was made from.
	header uint64
	// said holds a digest of the stat of each param ("p/<key>"), tag ("t/<key>") and input ("i/<dir>").
	said   map[string]uint64
	series map[string]seriesCursor
}

type seriesCursor struct {
	ingest.FileCursor
	bad int64 // lines that could not be read
}

func newRunCursor() *runCursor {
	return &runCursor{said: map[string]uint64{}, series: map[string]seriesCursor{}}
}

// openRunCursor answers false for bytes that are no cursor of this version; none at all are a start.
func openRunCursor(cursor []byte) (*runCursor, bool) {
	c := newRunCursor()
	if cursor == nil {
		return c, true
	}
	r := ingest.OpenCursor(cursorVersion, cursor)
	c.key, c.header = r.Text(), r.Uint()
	for range r.Count() {
		key := r.Text()
		c.said[key] = r.Uint()
	}
	for range r.Count() {
		key := r.Text()
		c.series[key] = seriesCursor{ingest.ReadFileCursor(r), r.Int()}
	}
	if r.Err() != nil {
		return newRunCursor(), false
	}
	return c, true
}

func (c *runCursor) bytes() []byte {
	w := ingest.NewCursor(cursorVersion)
	w.Text(c.key)
	w.Uint(c.header)
	w.Uint(uint64(len(c.said)))
	for _, key := range slices.Sorted(maps.Keys(c.said)) {
		w.Text(key)
		w.Uint(c.said[key])
	}
	w.Uint(uint64(len(c.series)))
	for _, key := range slices.Sorted(maps.Keys(c.series)) {
		w.Text(key)
		s := c.series[key]
		s.Write(w)
		w.Int(s.bad)
	}
	return w.Bytes()
}
