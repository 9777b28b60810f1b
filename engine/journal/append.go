package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Journal appends what one actor says in one clone. Several processes may append to the same file.
type Journal struct {
	pace, actor, clone string
}

// Open names a journal; it touches no file. pace is the project's `.pace` folder, which the first Append makes.
// clone is the copy's id; "" reads or makes it in `.pace/clone` on Append.
func Open(pace, actor, clone string) *Journal {
	return &Journal{pace: pace, actor: actor, clone: clone}
}

// Append writes one event and returns it as written: with id, actor, clock, chain and, unless it is set, time.
// When it returns without an error the event is on the disk. The file is locked while it is read and written;
// the wait for the lock ends with ctx.
func (j *Journal) Append(ctx context.Context, e Event) (Event, error) {
	if err := e.check(); err != nil {
		return Event{}, fmt.Errorf("append to journal: %w", err)
	}
	if j.actor == "" {
		return Event{}, errors.New("append to journal: no actor")
	}
	if err := prepare(j.pace); err != nil {
		return Event{}, fmt.Errorf("append to journal: %w", err)
	}
	if j.clone == "" {
		clone, err := makeClone(j.pace)
		if err != nil {
			return Event{}, fmt.Errorf("append to journal: %w", err)
		}
		j.clone = clone
	}
	path := filepath.Join(j.pace, "journal", fileName(j.actor, j.clone))
	f, err := lockFile(ctx, path)
	if err != nil {
		return Event{}, fmt.Errorf("append to journal: %w", err)
	}
	e, err = j.write(f, path, e)
	if err = errors.Join(err, f.Close()); err != nil { // closing gives the lock back
		return Event{}, fmt.Errorf("append to journal: %w", err)
	}
	return e, nil
}

// lockFile opens a file and locks it; a file that was replaced meanwhile (git does that) is opened again.
func lockFile(ctx context.Context, path string) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
		if err != nil {
			return nil, err
		}
		if err := lock(ctx, f); err != nil {
			f.Close()
			return nil, err
		}
		mine, err1 := f.Stat()
		now, err2 := os.Stat(path)
		if err1 == nil && err2 == nil && os.SameFile(mine, now) {
			return f, nil
		}
		f.Close()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

// lock waits for the lock of a file.
func lock(ctx context.Context, f *os.File) error {
	for wait := time.Millisecond; ; wait = min(2*wait, 50*time.Millisecond) {
		ok, err := tryLock(f)
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("another process holds the journal: %w", ctx.Err())
		case <-time.After(wait):
		}
	}
}

// write appends to a locked file.
func (j *Journal) write(f *os.File, path string, e Event) (Event, error) {
	size, err := repair(f, path)
	if err != nil {
		return e, err
	}
	prev, clock, err := last(f, size)
	if err != nil {
		return e, err
	}
	if e.Clock, err = nextClock(filepath.Dir(path), clock); err != nil {
		return e, err
	}
	e.ID, e.Actor, e.Clone, e.Prev = newID(), j.actor, j.clone, prev
	if e.Time.IsZero() {
		e.Time = time.Now()
	}
	e.Time = e.Time.UTC().Round(0)
	line, err := encode(&e)
	if err != nil {
		return e, err
	}
	if _, err = f.Write(line); err == nil {
		err = f.Sync()
	}
	if err != nil {
		// Half a line is no line: the file is as it was, and the caller says it again.
		return e, errors.Join(err, f.Truncate(size))
	}
	if size == 0 {
		syncDir(filepath.Dir(path))
	}
	return e, nil
}

// repair looks at what stands behind the last newline, which a killed writer left: a whole event gets its
// newline, anything else is kept in <file>.torn and cut off. It returns the size of the file after that.
func repair(f *os.File, path string) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	size := info.Size()
	start, err := lineStart(f, size)
	if err != nil || start == size {
		return size, err
	}
	tail := make([]byte, size-start)
	if _, err := f.ReadAt(tail, start); err != nil {
		return 0, err
	}
	if _, err := decode(tail); err == nil {
		_, err = f.Write([]byte("\n"))
		return size + 1, err
	}
	if err := keepTorn(path+".torn", tail); err != nil {
		return 0, fmt.Errorf("keep torn line: %w", err)
	}
	return start, f.Truncate(start)
}

func keepTorn(path string, tail []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(append(bytes.Clone(tail), '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}

// lineStart is the offset behind the last newline before end, 0 without one. It gives up after 64 MiB.
func lineStart(f io.ReaderAt, end int64) (int64, error) {
	buf := make([]byte, 64<<10)
	for stop := end - 64*MaxLine; end > 0; {
		if end < stop {
			return 0, errors.New("the file holds no lines: it is no journal")
		}
		n := min(end, int64(len(buf)))
		if _, err := f.ReadAt(buf[:n], end-n); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(buf[:n], '\n'); i >= 0 {
			return end - n + int64(i) + 1, nil
		}
		end -= n
	}
	return 0, nil
}

// last reads what the next event is chained to: the hash and clock of the last line of a file that ends in a
// newline. The clock is that of the last line which is an event, searched over the last 64 lines.
func last(f io.ReaderAt, size int64) (prev string, clock int64, err error) {
	for end, first := size, true; end > 0 && size-end < 64*MaxLine; first = false {
		start, err := lineStart(f, end-1)
		if err != nil {
			return "", 0, err
		}
		line := make([]byte, min(end-start, keepLine))
		if _, err := f.ReadAt(line, start); err != nil {
			return "", 0, err
		}
		line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
		e, derr := decode(line)
		if first {
			prev = linkOf(line, e)
		}
		if derr == nil || errors.Is(derr, errHash) {
			return prev, e.Clock, nil
		}
		end = start
	}
	return prev, 0, nil
}

// linkOf is what the next line names as prev: the event's hash, or the digest of a line that is no event.
func linkOf(line []byte, e Event) string {
	if e.Hash != "" {
		return e.Hash
	}
	return digest(line)
}

// nextClock is one more than every clock in the folder: the last line of each file has its highest.
func nextClock(dir string, own int64) (int64, error) {
	names, err := files(dir)
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		if clock, err := lastClock(filepath.Join(dir, name)); err == nil {
			own = max(own, clock)
		}
	}
	if own >= maxClock {
		return 0, errors.New("a journal's clock has run out")
	}
	return own + 1, nil
}

func lastClock(path string) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	end, err := lineStart(f, info.Size())
	if err != nil {
		return 0, err
	}
	_, clock, err := last(f, end)
	return clock, err
}
