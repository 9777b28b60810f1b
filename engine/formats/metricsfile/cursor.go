package metricsfile

import (
	"maps"
	"slices"

	"pace/engine/ingest"
)

const cursorVersion = 1

// mode is how a file is written.
type mode byte

const (
	undecided mode = iota
	csvLines
	jsonLines
	jsonWhole
)

// cursor is what was read and said of a run.
type cursor struct {
	ingest.FileCursor
	mode   mode
	head   string // the header's line
	bad    int64  // lines that could not be read
	began  int64  // the first time, NoTime before one was met
	said   bool   // the run was said
	full   bool   // more series than are kept were met
	params uint64 // digest of the stats of the files with params
	series map[string]*series
	tags   []string // those that a whole JSON file made
	whole  ingest.FileStat
	sum    uint64 // of a whole JSON file's content
}

// series is one series of the run, and its points that were read and not yet said.
type series struct {
	name         string
	steps, times []int64
	values       []float64
}

func newCursor() *cursor { return &cursor{began: ingest.NoTime, series: map[string]*series{}} }

// openCursor answers false for bytes that are no cursor of this version; none at all are a start.
func openCursor(b []byte) (*cursor, bool) {
	c := newCursor()
	if b == nil {
		return c, true
	}
	r := ingest.OpenCursor(cursorVersion, b)
	c.FileCursor = ingest.ReadFileCursor(r)
	c.mode, c.head, c.bad, c.began = mode(r.Uint()), r.Text(), r.Int(), r.Int()
	c.said, c.full, c.params = r.Flag(), r.Flag(), r.Uint()
	for range r.Count() {
		name := r.Text()
		c.series[name] = &series{name: name}
	}
	for range r.Count() {
		c.tags = append(c.tags, r.Text())
	}
	c.whole = ingest.FileStat{Size: r.Int(), ModTime: r.Int(), Inode: r.Uint()}
	c.sum = r.Uint()
	if r.Err() != nil || c.mode > jsonWhole {
		return newCursor(), false
	}
	return c, true
}

func (c *cursor) bytes() []byte {
	w := ingest.NewCursor(cursorVersion)
	c.Write(w)
	w.Uint(uint64(c.mode))
	w.Text(c.head)
	w.Int(c.bad)
	w.Int(c.began)
	w.Flag(c.said)
	w.Flag(c.full)
	w.Uint(c.params)
	w.Uint(uint64(len(c.series)))
	for _, name := range slices.Sorted(maps.Keys(c.series)) {
		w.Text(name)
	}
	w.Uint(uint64(len(c.tags)))
	for _, tag := range c.tags {
		w.Text(tag)
	}
	w.Int(c.whole.Size)
	w.Int(c.whole.ModTime)
	w.Uint(c.whole.Inode)
	w.Uint(c.sum)
	return w.Bytes()
}
