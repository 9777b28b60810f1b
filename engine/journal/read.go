package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Problem is something in a journal file that is not as it was written. Nothing is dropped because of one,
// except a line that is no event.
type Problem struct {
	File   string // name inside the journal folder
	Line   int    // from 1; 0 for the file as a whole
	Offset int64  // of the line's first byte
	Kind   Trouble
	Err    error
}

// Error says where and what.
func (p Problem) Error() string { return fmt.Sprintf("journal %s:%d: %v", p.File, p.Line, p.Err) }

// Unwrap gives the cause.
func (p Problem) Unwrap() error { return p.Err }

// Trouble is the kind of a Problem.
type Trouble string

// The kinds of Problem.
const (
	Torn    Trouble = "torn"    // the last line has no end yet: a writer is at it or was killed; the next Append repairs it
	Garbage Trouble = "garbage" // a line is no event
	Changed Trouble = "changed" // a line does not match its hash
	Broken  Trouble = "broken"  // a line does not follow the one before: something was taken out, or two copies share a clone id
	Foreign Trouble = "foreign" // a line names another actor than the file
	Failed  Trouble = "failed"  // the file can't be read
)

// files lists the journal files of a folder in order of names.
func files(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list journal: %w", err)
	}
	var names []string
	for _, e := range entries {
		if _, _, ok := splitName(e.Name()); ok && e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// ReadAll reads every journal file under a `.pace` folder. Events come in the order of Compare, each once, however
// many files hold it. A folder that does not exist is an empty journal.
func ReadAll(pace string) ([]Event, []Problem) {
	events, _, problems := Tail(pace, nil)
	slices.SortFunc(events, Compare)
	return slices.CompactFunc(events, func(a, b Event) bool { return a.ID == b.ID && a.Hash == b.Hash }), problems
}

// Limits of one file; what lies beyond is left out and said.
const (
	keepLine    = 2 * MaxLine // bytes kept of a line that is too long to be an event
	maxEvents   = 5_000_000
	maxProblems = 100
)

// chain checks the lines of one file as they come.
type chain struct {
	file, actor, clone string
	line               int
	offset             int64  // behind the last whole line
	prev               string // link of the line before
	known              bool   // prev is known: false when reading starts in the middle
	events             []Event
	problems           []Problem
}

func (c *chain) trouble(k Trouble, err error) {
	if len(c.problems) >= maxProblems && k != Failed {
		return
	}
	c.problems = append(c.problems, Problem{File: c.file, Line: c.line, Offset: c.offset, Kind: k, Err: err})
}

// take reads one line without its newline.
func (c *chain) take(line []byte) {
	e, err := decode(line)
	switch {
	case errors.Is(err, errHash):
		c.trouble(Changed, err)
	case err != nil:
		c.trouble(Garbage, err)
	}
	link := linkOf(line, e)
	if e.Hash != "" {
		if c.known && e.Prev != c.prev {
			c.trouble(Broken, errors.New("the line does not follow the one before it"))
		}
		if name, _, _ := splitName(fileName(e.Actor, c.clone)); name != c.actor {
			c.trouble(Foreign, fmt.Errorf("the line is by %q, the file is not", e.Actor))
		}
		e.Clone = c.clone
		c.events = append(c.events, e)
	}
	c.prev, c.known = link, true
}

// read takes whole lines from r up to its end; what follows the last newline waits.
func (c *chain) read(r io.Reader) error {
	br := bufio.NewReaderSize(r, 64<<10)
	for {
		line, size, err := readLine(br)
		if size == 0 {
			return err
		}
		if len(c.events) >= maxEvents {
			return fmt.Errorf("more than %d events; the rest is not read", maxEvents)
		}
		c.line++
		if err != nil {
			if _, derr := decode(line); derr == nil {
				c.trouble(Torn, errors.New("the last line has no newline"))
			} else {
				c.trouble(Torn, errors.New("the last line is not whole"))
			}
			c.line--
			return err
		}
		c.take(bytes.TrimSuffix(line, []byte("\r")))
		c.offset += size
	}
}

// readLine reads one line; of a line longer than an event may be it keeps the beginning. size counts its bytes in
// the file, newline included. err is nil at a newline, io.EOF at the end.
func readLine(br *bufio.Reader) (line []byte, size int64, err error) {
	for {
		part, err := br.ReadSlice('\n')
		size += int64(len(part))
		if room := keepLine - len(line); room > 0 {
			line = append(line, part[:min(room, len(part))]...)
		}
		if err == nil {
			return bytes.TrimSuffix(line, []byte("\n")), size, nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, size, err
		}
	}
}

// Summary is what Verify found in one file.
type Summary struct {
	File, Clone string
	Events      int
	Head        string // hash of the last line: whoever keeps it can prove that nothing before it changed
	Problems    []Problem
}

// Verify checks every hash and every chain. The error is only about listing the folder.
func Verify(pace string) ([]Summary, error) {
	dir := filepath.Join(pace, "journal")
	names, err := files(dir)
	if err != nil {
		return nil, err
	}
	var out []Summary
	for _, name := range names {
		c := newChain(name)
		if err := c.readFile(dir, 0); err != nil {
			c.trouble(Failed, err)
		}
		out = append(out, Summary{File: name, Clone: c.clone, Events: len(c.events), Head: c.prev, Problems: c.problems})
	}
	return out, nil
}

func newChain(name string) *chain {
	actor, clone, _ := splitName(name)
	return &chain{file: name, actor: actor, clone: clone, known: true}
}

func (c *chain) readFile(dir string, from int64) error {
	f, err := os.Open(filepath.Join(dir, c.file))
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		return err
	}
	if err := c.read(f); !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}
