package tfevents

import (
	"maps"
	"math"
	"slices"

	"pace/engine/ingest"
)

const cursorVersion = 1

// cursor is what was read and said of a run.
type cursor struct {
	key     string // "" until a first record is there
	keyFile string // the name of the file that it was taken from
	began   int64  // time of the first record, in microseconds
	session
	files []fileCursor // in the order of their names
	// at is the file with which an unfinished pass over the files goes on.
	at   int
	tags map[string]*tagState
	full bool // more tags than are kept were met, and somebody was told
}

type fileCursor struct {
	ingest.FileCursor
	name string
	skip int64 // bytes left of a record that is too long to be looked into
	bad  int64 // records that could not be read
	dead bool  // a length was damaged: there is no way to the next record
}

// touched is true when something of the file was read.
func (f *fileCursor) touched() bool { return f.Offset > 0 || f.dead }

func (f *fileCursor) torn() bool { return !f.dead && (f.Torn() || f.skip > 0) }

// tagState is one tag of the run, and its points that were read and not yet said.
type tagState struct {
	plugin string
	file   int // the last file that held a value of it
	name   string
	batch
}

type batch struct {
	steps, times []int64
	values       []float64
}

func newCursor() *cursor { return &cursor{tags: map[string]*tagState{}} }

// openCursor answers false for bytes that are no cursor of this version; none at all are a start.
func openCursor(b []byte) (*cursor, bool) {
	c := newCursor()
	if b == nil {
		return c, true
	}
	r := ingest.OpenCursor(cursorVersion, b)
	c.key, c.keyFile, c.began = r.Text(), r.Text(), r.Int()
	c.started, c.ended, c.status = r.Flag(), r.Flag(), r.Uint()
	c.endSecs = math.Float64frombits(r.Uint())
	for range r.Count() {
		c.files = append(c.files, fileCursor{ingest.ReadFileCursor(r), r.Text(), r.Int(), r.Int(), r.Flag()})
	}
	c.at, c.full = int(r.Int()), r.Flag()
	for range r.Count() {
		tag := &tagState{name: r.Text(), plugin: r.Text(), file: int(r.Int())}
		c.tags[tag.name] = tag
	}
	if r.Err() != nil || c.at < 0 || c.at > len(c.files) {
		return newCursor(), false
	}
	return c, true
}

func (c *cursor) bytes() []byte {
	w := ingest.NewCursor(cursorVersion)
	w.Text(c.key)
	w.Text(c.keyFile)
	w.Int(c.began)
	w.Flag(c.started)
	w.Flag(c.ended)
	w.Uint(c.status)
	w.Uint(math.Float64bits(c.endSecs))
	w.Uint(uint64(len(c.files)))
	for i := range c.files {
		f := &c.files[i]
		f.Write(w)
		w.Text(f.name)
		w.Int(f.skip)
		w.Int(f.bad)
		w.Flag(f.dead)
	}
	w.Int(int64(c.at))
	w.Flag(c.full)
	w.Uint(uint64(len(c.tags)))
	for _, name := range slices.Sorted(maps.Keys(c.tags)) {
		tag := c.tags[name]
		w.Text(name)
		w.Text(tag.plugin)
		w.Int(int64(tag.file))
	}
	return w.Bytes()
}

// follows is true when the folder's files go on from those that were read: none of them is gone, and no
// new one comes before them.
func (c *cursor) follows(files []file) bool {
	there := make(map[string]bool, len(files))
	for _, f := range files {
		there[f.name] = true
	}
	known, last := map[string]bool{}, ""
	for i := range c.files {
		f := &c.files[i]
		known[f.name] = true
		if f.touched() || f.name == c.keyFile {
			last = f.name
			if !there[f.name] {
				return false
			}
		}
	}
	for _, f := range files {
		if !known[f.name] && f.name < last {
			return false
		}
	}
	return true
}

// take brings the cursor's files in step with the folder's. The places of files that were read stay.
func (c *cursor) take(files []file) {
	old := make(map[string]fileCursor, len(c.files))
	for _, f := range c.files {
		old[f.name] = f
	}
	now := make([]fileCursor, len(files))
	place := make(map[string]int, len(files))
	for i, f := range files {
		now[i] = old[f.name]
		now[i].name = f.name
		place[f.name] = i
	}
	for _, tag := range c.tags {
		if tag.file >= 0 && tag.file < len(c.files) {
			tag.file = place[c.files[tag.file].name]
		}
	}
	c.at = min(c.at, len(now))
	c.files = now
}
