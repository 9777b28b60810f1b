package ingest

import (
	"context"
	"errors"
	"hash/crc32"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// FileStat is what a stat tells of a file that matters here.
type FileStat struct {
	Size, ModTime int64 // bytes, nanoseconds since 1970 UTC
	Inode         uint64
}

// StatOf takes a FileStat from a file's info.
func StatOf(info fs.FileInfo) FileStat {
	return FileStat{Size: info.Size(), ModTime: info.ModTime().UnixNano(), Inode: inode(info)}
}

// FileCursor is how far an append-only file was read. The zero value is the start of a file never seen.
type FileCursor struct {
	// Offset counts the bytes consumed; the next record starts there.
	Offset int64
	// Line counts the complete lines before Offset, for formats that have lines.
	Line int64
	// Skip is set inside a line that is too long to be kept.
	Skip bool
	// Seen is the stat of the file when it was last read to its end, zero when a limit ended the read.
	Seen FileStat
	// Sum is the CRC-32C of the bytes before Offset, Mark a hash of the first and last of them.
	Sum, Mark uint64
	// Inode is that of the file which was read.
	Inode uint64
}

// Unchanged is true when the file is as it was when it was last read to its end: there is nothing to open.
func (c FileCursor) Unchanged(st FileStat) bool { return c.Seen == st && c.Seen != FileStat{} }

// Torn is true when the file goes on after the last complete record.
func (c FileCursor) Torn() bool { return c.Seen != FileStat{} && c.Offset < c.Seen.Size }

// Write spells the cursor as part of a format's.
func (c FileCursor) Write(w *CursorWriter) {
	w.Int(c.Offset)
	w.Int(c.Line)
	w.Flag(c.Skip)
	w.Int(c.Seen.Size)
	w.Int(c.Seen.ModTime)
	w.Uint(c.Seen.Inode)
	w.Uint(c.Sum)
	w.Uint(c.Mark)
	w.Uint(c.Inode)
}

// ReadFileCursor reads back what Write wrote.
func ReadFileCursor(r *CursorReader) FileCursor {
	var c FileCursor
	c.Offset, c.Line, c.Skip = r.Int(), r.Int(), r.Flag()
	c.Seen = FileStat{Size: r.Int(), ModTime: r.Int(), Inode: r.Uint()}
	c.Sum, c.Mark, c.Inode = r.Uint(), r.Uint(), r.Uint()
	if c.Offset < 0 {
		r.err = ErrCursor
	}
	return c
}

const (
	markBytes  = 64       // of either end of the consumed bytes, in Mark
	fillBytes  = 64 << 10 // read at once
	checkBytes = 1 << 20  // summed between two looks at the context
)

// Tail reads an append-only file from a cursor on. It is opened with OpenTail; one goroutine uses it.
type Tail struct {
	// Replaced is set when the file is not the one that the cursor was read from, or no longer starts with
	// what was read: it was rotated, truncated or rewritten, and the tail stands at its start.
	Replaced bool

	cur  FileCursor
	stat FileStat
	file *os.File
	buf  []byte // read and not yet consumed: buf[from:]
	from int
	// summed is how far into buf the consumed bytes are counted.
	summed int
	end    bool
	head   []byte // the first consumed bytes, up to markBytes
	last   []byte // the last consumed bytes, up to markBytes
}

// OpenTail opens a regular file and stands at the cursor, or at the start where the file was replaced.
func OpenTail(ctx context.Context, path string, cur FileCursor) (*Tail, error) {
	f, info, err := OpenRegular(path)
	if err != nil {
		return nil, err
	}
	t := &Tail{cur: cur, stat: StatOf(info), file: f}
	same, err := t.resumes(ctx)
	if err != nil {
		f.Close()
		return nil, err
	}
	if !same {
		t.Replaced = true
		t.cur, t.head, t.last = FileCursor{}, nil, nil
	}
	t.cur.Inode = t.stat.Inode
	t.cur.Seen = FileStat{}
	return t, nil
}

// OpenRegular opens a file for reading and stats it. Pipes, sockets, devices and folders are refused;
// opening one doesn't wait for its other end.
func OpenRegular(path string) (*os.File, fs.FileInfo, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: path, Err: errors.New("not a regular file")}
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// resumes checks that the file still starts with what was read. A file that only grew is known by its
// ends; one with another inode (rsync) or with another time at the same size is summed from its start.
func (t *Tail) resumes(ctx context.Context) (bool, error) {
	c := t.cur
	if c.Offset == 0 {
		return !c.Skip && (c.Seen.Size <= t.stat.Size), nil
	}
	if t.stat.Size < max(c.Offset, c.Seen.Size) {
		return false, nil
	}
	if err := t.readEnds(c.Offset); err != nil {
		return false, err
	}
	if t.mark() != c.Mark {
		return false, nil
	}
	if t.stat.Inode == c.Inode && (t.stat.Size > c.Seen.Size || c.Seen == t.stat) {
		return true, nil
	}
	sum, err := t.sum(ctx, c.Offset)
	return sum == uint32(c.Sum), err
}

func (t *Tail) readEnds(offset int64) error {
	n := min(offset, markBytes)
	t.head, t.last = make([]byte, n), make([]byte, n)
	if _, err := t.file.ReadAt(t.head, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if _, err := t.file.ReadAt(t.last, offset-n); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

func (t *Tail) mark() uint64 {
	h := fnv.New64a()
	h.Write(t.head)
	h.Write(t.last)
	return h.Sum64()
}

func (t *Tail) sum(ctx context.Context, n int64) (uint32, error) {
	h := crc32.New(castagnoli)
	for at := int64(0); at < n; at += checkBytes {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		if _, err := io.Copy(h, io.NewSectionReader(t.file, at, min(checkBytes, n-at))); err != nil {
			return 0, err
		}
	}
	return h.Sum32(), nil
}

// Fill answers the bytes after the last consumed one: at least n of them unless the file ends before, as
// many as are at hand otherwise. They stay valid until the next Fill. A file that grows meanwhile is read
// to the size that it had when it was opened.
func (t *Tail) Fill(n int) ([]byte, error) {
	if len(t.buf)-t.from >= n || t.end {
		return t.buf[t.from:], nil
	}
	t.settle()
	t.buf = t.buf[:copy(t.buf, t.buf[t.from:])]
	t.from, t.summed = 0, 0
	left := t.stat.Size - t.cur.Offset
	if want := int(min(max(int64(n), fillBytes), max(left, 0))); cap(t.buf) < want {
		t.buf = append(make([]byte, 0, want), t.buf...)
	}
	room := t.buf[len(t.buf):min(int64(cap(t.buf)), max(left, int64(len(t.buf))))]
	got, err := t.file.ReadAt(room, t.cur.Offset+int64(len(t.buf)))
	t.buf = t.buf[:len(t.buf)+got]
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	t.end = err != nil || int64(len(t.buf)) >= left
	return t.buf[t.from:], nil
}

// Consume moves the cursor past n of the bytes that Fill answered.
func (t *Tail) Consume(n int) {
	t.from += n
	t.cur.Offset += int64(n)
}

// settle counts the consumed bytes of the buffer into the sum and the ends.
func (t *Tail) settle() {
	b := t.buf[t.summed:t.from]
	t.summed = t.from
	t.cur.Sum = uint64(crc32.Update(uint32(t.cur.Sum), castagnoli, b))
	if room := markBytes - len(t.head); room > 0 {
		t.head = append(t.head, b[:min(room, len(b))]...)
	}
	if len(b) >= markBytes {
		t.last = append(t.last[:0], b[len(b)-markBytes:]...)
		return
	}
	t.last = append(t.last, b...)
	t.last = t.last[max(0, len(t.last)-markBytes):]
}

// Offset is where the next record starts.
func (t *Tail) Offset() int64 { return t.cur.Offset }

// Cursor is where the tail stands. Drained says that no complete record is left: until the file changes
// there is nothing to open.
func (t *Tail) Cursor(drained bool) FileCursor {
	t.settle()
	c := t.cur
	c.Mark = t.mark()
	if drained {
		c.Seen = t.stat
	}
	return c
}

// Close closes the file.
func (t *Tail) Close() error { return t.file.Close() }
