package journal

import (
	"os"
	"path/filepath"
)

// Cursor says how far each journal file was read. It can be kept as JSON; nil is the beginning.
type Cursor map[string]Position

// Position is a place between two lines of a file.
type Position struct {
	Offset int64  `json:"offset"`
	Line   int    `json:"line"`
	Link   string `json:"link"` // of the line before the offset: shows whether the file is still the same
}

// Tail reads what was said after a cursor, file by file in order of names, and returns the next cursor. A file that
// was replaced or cut is read again from its beginning: events may come again and are the same by their ID.
func Tail(pace string, from Cursor) ([]Event, Cursor, []Problem) {
	dir := filepath.Join(pace, "journal")
	names, err := files(dir)
	if err != nil {
		return nil, from, []Problem{{File: dir, Kind: Failed, Err: err}}
	}
	next := make(Cursor, len(names))
	var events []Event
	var problems []Problem
	for _, name := range names {
		c := newChain(name)
		if at, ok := from[name]; ok && stillThere(filepath.Join(dir, name), at) {
			c.offset, c.line, c.prev = at.Offset, at.Line, at.Link
		}
		if err := c.readFile(dir, c.offset); err != nil {
			c.trouble(Failed, err)
		}
		events = append(events, c.events...)
		problems = append(problems, c.problems...)
		next[name] = Position{Offset: c.offset, Line: c.line, Link: c.prev}
	}
	return events, next, problems
}

// stillThere tells whether the line before the position is the one that was read then.
func stillThere(path string, at Position) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() < at.Offset {
		return false
	}
	if at.Offset == 0 {
		return true
	}
	link, _, err := last(f, at.Offset)
	return err == nil && link == at.Link
}
