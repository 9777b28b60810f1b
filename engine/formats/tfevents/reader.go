package tfevents

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"time"

	"pace/engine/ingest"
)

// errRestart says that what was read no longer is the start of what there is to read: a file was replaced
// or removed, or one grew whose points come before points that were said.
var errRestart = errors.New("read from the start")

// turn is one Read under way.
type turn struct {
	ctx    context.Context
	src    ingest.Source
	sink   ingest.Sink
	budget *ingest.Budget
	*cursor
	again      bool        // a cursor of another version was thrown away: the run was said before
	pending    []*tagState // tags with points that were read and not yet said
	held       int         // those points
	other      bool        // a tag that is no scalar was met
	more, torn bool
}

func read(ctx context.Context, src ingest.Source, old []byte, sink ingest.Sink, lim ingest.Limits) (ingest.Result, error) {
	if err := ctx.Err(); err != nil {
		return ingest.Result{}, err
	}
	files, err := list(src.Abs())
	if err != nil {
		return ingest.Result{}, err
	}
	c, known := openCursor(old)
	t := &turn{ctx: ctx, src: src, sink: sink, budget: ingest.NewBudget(lim), cursor: c, again: !known}
	if !c.follows(files) {
		if err := t.restart(); err != nil {
			return ingest.Result{}, err
		}
	}
	if err = t.pass(files); errors.Is(err, errRestart) {
		if err = t.restart(); err == nil {
			err = t.pass(files)
		}
	}
	if errors.Is(err, errRestart) { // changed twice while it was read
		t.more, err = true, t.restart()
	}
	if err != nil {
		return ingest.Result{}, err
	}
	return ingest.Result{Cursor: t.bytes(), More: t.more, Torn: t.torn && !t.more}, nil
}

// restart forgets everything. The run is taken back whole, for a param can't be taken back alone.
func (t *turn) restart() error {
	key := t.key
	t.cursor, t.pending, t.held, t.other, t.torn = newCursor(), nil, 0, false, false
	if key == "" {
		return nil
	}
	return t.sink.Put(ingest.RunGone{Run: key})
}

// pass reads the files in their order, from the one at which the last Read stopped. What grew before that
// one waits until the pass is over: a folder with several writers is shown whole before it is read again.
func (t *turn) pass(files []file) error {
	t.take(files)
	if t.key == "" {
		if err := t.identify(files); err != nil {
			return err
		}
	}
	from := t.at
	for i := from; i < len(files) && !t.more; i++ {
		if err := t.file(i, files[i].stat); err != nil {
			return err
		}
	}
	if !t.more {
		t.at = 0
		t.more = from > 0
	}
	if err := t.flush(); err != nil {
		return err
	}
	if t.other {
		return t.sayOthers()
	}
	return nil
}

// identify finds the run's key and says the run.
func (t *turn) identify(files []file) error {
	for _, f := range files {
		id, ok, err := identityOf(t.src.Abs(f.name), f.name)
		if err != nil || !ok {
			continue // reading the file says why
		}
		t.key, t.keyFile, t.began = id.key, f.name, id.began
		if t.again {
			t.again = false
			if err := t.sink.Put(ingest.RunGone{Run: t.key}); err != nil {
				return err
			}
		}
		return t.sayRun()
	}
	return nil
}

func (t *turn) sayRun() error {
	status, native := t.state()
	r := ingest.Run{
		Key: t.key, NativeID: t.src.Path, Parent: t.parent(), Name: nameOf(t.src), Status: status, Native: native,
		Span:   ingest.Span{Ended: t.end()},
		Origin: ingest.Origin{Host: hostOf(t.keyFile)},
	}
	if t.began != ingest.NoTime {
		r.Started = time.UnixMicro(t.began).UTC()
	}
	return t.sink.Put(r)
}

// file reads one file from its cursor to its end or to the limits.
func (t *turn) file(i int, st ingest.FileStat) error {
	f := &t.files[i]
	if f.Unchanged(st) {
		t.torn = t.torn || f.torn()
		return nil
	}
	if t.budget.Spent() {
		t.more, t.at = true, i
		return nil
	}
	tail, err := ingest.OpenTail(t.ctx, t.src.Abs(f.name), f.FileCursor)
	switch {
	case t.ctx.Err() != nil:
		return t.ctx.Err()
	case errors.Is(err, fs.ErrNotExist):
		return nil // the next turn finds out
	case err != nil:
		return t.unreadable(f.name, err)
	}
	defer tail.Close()
	if tail.Replaced && f.touched() {
		return errRestart
	}
	for drained := false; !drained && !t.more; {
		from := tail.Offset()
		n := 0
		if n, drained, err = t.records(tail, i); err != nil {
			return err
		}
		t.budget.Spend(n, tail.Offset()-from)
		if t.more = !drained && t.budget.Spent(); t.more {
			t.at = i
		}
		f.FileCursor = tail.Cursor(drained)
		if err := t.ctx.Err(); err != nil {
			return err
		}
	}
	t.torn = t.torn || f.torn()
	return nil
}

const stretch = 1 << 20 // bytes read between two looks at the clock

// records reads records until a limit is near or the file ends, and answers the points in them.
func (t *turn) records(tail *ingest.Tail, i int) (points int, drained bool, err error) {
	f := &t.files[i]
	most := t.budget.PointsLeft()
	until := tail.Offset() + min(t.budget.BytesLeft(), stretch)
	for points < most && tail.Offset() < until {
		if f.skip > 0 {
			b, err := tail.Fill(1)
			n := min(int64(len(b)), f.skip)
			f.skip -= n
			tail.Consume(int(n))
			if n == 0 || err != nil {
				return points, n == 0, err
			}
			continue
		}
		size, data, err := t.record(tail, f)
		if size <= 0 || err != nil {
			return points, size == 0, err
		}
		if data != nil {
			n, err := t.event(data, i, tail.Offset())
			if err != nil {
				return points, false, err
			}
			points += n
		}
		if f.skip == 0 {
			tail.Consume(size)
		}
	}
	return points, false, nil
}

// record answers the size of the next record and its data; 0 where there is none as yet, and no data where
// it can't be read.
func (t *turn) record(tail *ingest.Tail, f *fileCursor) (int, []byte, error) {
	b, err := tail.Fill(headBytes)
	if f.dead || len(b) < headBytes || err != nil || unwritten(b[:headBytes]) {
		return 0, nil, err
	}
	if !headOK(b[:headBytes]) {
		f.dead = true
		return 0, nil, t.sink.Put(ingest.Problem{
			Path: t.rel(f.name), Place: fmt.Sprintf("offset %d", tail.Offset()),
			Message: "read event file: the length of a record does not match its checksum",
			Hint:    "what follows in this file can't be found; what stands before it is shown",
		})
	}
	length := int64(little(b[:8]))
	if length > maxRecord {
		return 1, nil, t.passOver(tail, f, length)
	}
	size := headBytes + int(length) + footBytes
	if b, err = tail.Fill(size); len(b) < size || err != nil {
		return 0, nil, err
	}
	if t.key == "" || f.name < t.keyFile {
		return 0, nil, errRestart // it was not there when the run was named
	}
	data := b[headBytes : headBytes+length : headBytes+length]
	if uint32(little(b[headBytes+length:size])) != masked(data) {
		return size, nil, t.badRecord(f, tail.Offset(), "the data does not match its checksum")
	}
	return size, data, nil
}

// passOver begins to go over a record that is too long to be looked into. Somebody is told where it may hold
// points.
func (t *turn) passOver(tail *ingest.Tail, f *fileCursor, length int64) error {
	f.skip = headBytes + length + footBytes
	b, err := tail.Fill(headBytes + maxPeek)
	if err != nil || dull(b[headBytes:min(len(b), headBytes+maxPeek)]) {
		return err
	}
	return t.badRecord(f, tail.Offset(), fmt.Sprintf("a record of %d bytes is longer than %d", length, maxRecord))
}

// maxPeek is how much of a long record is looked at: its time and step, and the field that follows.
const maxPeek = 64

func (t *turn) rel(name string) string { return path.Join(t.src.Path, name) }

// unreadable says that a file can't be read, and goes on.
func (t *turn) unreadable(name string, err error) error {
	var perr *fs.PathError
	cause := err
	if errors.As(err, &perr) {
		cause = perr.Err
	}
	p := ingest.Problem{Path: t.rel(name), Place: "file", Message: "read event file: " + cause.Error()}
	if errors.Is(err, fs.ErrPermission) {
		p.Hint = "ask the owner for permission to read it"
	}
	return t.sink.Put(p)
}

const maxBad = 8 // records of one file that are said to be bad one by one

func (t *turn) badRecord(f *fileCursor, offset int64, cause string) error {
	if f.bad++; f.bad > maxBad+1 {
		return nil
	}
	p := ingest.Problem{
		Path: t.rel(f.name), Place: fmt.Sprintf("offset %d", offset),
		Message: "read event: " + cause, Hint: "the other records of the file are shown",
	}
	if f.bad > maxBad {
		p.Message = "read event file: more records like the ones before can't be read"
	}
	return t.sink.Put(p)
}
