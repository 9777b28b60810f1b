package metricsfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"pace/engine/ingest"
)

const (
	maxLine   = 1 << 20
	maxSeries = 10_000   // in one run
	maxHeld   = 32 << 10 // points that were read and not yet said
)

// turn is one Read under way.
type turn struct {
	ctx    context.Context
	src    ingest.Source
	sink   ingest.Sink
	budget *ingest.Budget
	*cursor
	key     string
	header  header
	columns []*series // by the header's columns
	cells   [][]byte
	object  object
	pending []*series
	held    int
	more    bool
	torn    bool
}

func read(ctx context.Context, src ingest.Source, old []byte, sink ingest.Sink, lim ingest.Limits) (ingest.Result, error) {
	if err := ctx.Err(); err != nil {
		return ingest.Result{}, err
	}
	info, err := os.Stat(src.Abs())
	if err != nil {
		return ingest.Result{}, err
	}
	c, known := openCursor(old)
	t := &turn{ctx: ctx, src: src, sink: sink, budget: ingest.NewBudget(lim), cursor: c, key: keyOf(src)}
	if !known {
		if err := sink.Put(ingest.RunGone{Run: t.key}); err != nil {
			return ingest.Result{}, err
		}
	}
	if err := t.begin(); err != nil {
		return ingest.Result{}, err
	}
	if t.mode == jsonWhole {
		err = t.readWhole(ingest.StatOf(info))
	} else {
		err = t.readLines(ingest.StatOf(info))
	}
	if err != nil {
		return ingest.Result{}, err
	}
	return ingest.Result{Cursor: t.bytes(), More: t.more, Torn: t.torn && !t.more}, nil
}

// begin says the run once, and its params when their files changed.
func (t *turn) begin() error {
	if !t.said {
		if err := t.sayRun(); err != nil {
			return err
		}
	}
	if t.mode == undecided {
		t.mode = modeOf(t.src.Path)
	}
	return t.sayParams()
}

// sayRun says the header. Nothing in such a file says whether the run goes on.
func (t *turn) sayRun() error {
	t.said = true
	r := ingest.Run{Key: t.key, NativeID: t.src.Path, Name: nameOf(t.src), Status: ingest.Unknown}
	if t.began != ingest.NoTime {
		r.Started = time.UnixMicro(t.began).UTC()
	}
	return t.sink.Put(r)
}

// restart forgets what was read: the file was replaced or rewritten. The run stays and is said again, for
// its first time is another.
func (t *turn) restart() error {
	params, tags := t.params, t.tags
	t.cursor, t.pending, t.held, t.torn = newCursor(), nil, 0, false
	t.header, t.columns = header{}, nil
	t.mode, t.params = modeOf(t.src.Path), params
	if err := t.sink.Put(ingest.Reset{Run: t.key}); err != nil {
		return err
	}
	for _, tag := range tags {
		if err := t.sink.Put(ingest.TagGone{Run: t.key, Key: tag}); err != nil {
			return err
		}
	}
	return t.sayRun()
}

// readLines reads a file that is appended to, from the cursor to its end or to the limits.
func (t *turn) readLines(st ingest.FileStat) error {
	if t.Unchanged(st) {
		t.torn = t.Torn()
		return nil
	}
	tail, err := ingest.OpenTail(t.ctx, t.src.Abs(), t.FileCursor)
	switch {
	case t.ctx.Err() != nil:
		return t.ctx.Err()
	case errors.Is(err, fs.ErrPermission):
		return t.sink.Put(ingest.Problem{Path: t.src.Path, Place: "file", Message: "read metrics: permission denied",
			Hint: "ask the owner for permission to read it"})
	case err != nil:
		return err
	}
	defer tail.Close()
	if tail.Replaced {
		if err := t.restart(); err != nil {
			return err
		}
		if t.mode == jsonWhole {
			return t.readWhole(st)
		}
	}
	if t.head != "" {
		if err := t.setHeader(t.head); err != nil {
			return err
		}
	}
	for drained := false; !drained && !t.more; {
		from := tail.Offset()
		n := 0
		if n, drained, err = t.lines(tail); err != nil {
			return err
		}
		t.budget.Spend(n, tail.Offset()-from)
		t.more = !drained && t.budget.Spent()
		t.FileCursor = tail.Cursor(drained)
		if err := t.ctx.Err(); err != nil {
			return err
		}
	}
	t.torn = t.Torn()
	return t.flush()
}

const stretch = 1 << 20 // bytes read between two looks at the clock

// lines reads lines until a limit is near or the file ends, and answers the points in them.
func (t *turn) lines(tail *ingest.Tail) (points int, drained bool, err error) {
	most := t.budget.PointsLeft()
	until := tail.Offset() + min(t.budget.BytesLeft(), stretch)
	for points < most && tail.Offset() < until {
		line, err := tail.Line(maxLine)
		if errors.Is(err, io.EOF) {
			return points, true, nil
		}
		if err != nil && !errors.Is(err, ingest.ErrLongLine) {
			return points, false, fmt.Errorf("read metrics: %w", err)
		}
		if line == nil && err == nil {
			continue
		}
		n, bad := 0, err
		if err == nil {
			if n, bad, err = t.line(line); err != nil {
				return points, false, err
			}
		}
		if bad != nil {
			if err := t.badLine(tail.LineNo(), bad); err != nil {
				return points, false, err
			}
		}
		points += n
	}
	return points, false, nil
}
