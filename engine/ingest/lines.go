package ingest

import (
	"bytes"
	"errors"
	"io"
)

// ErrLongLine says that the line at the cursor is longer than the caller takes; it is being skipped.
var ErrLongLine = errors.New("read line: too long")

// Line answers the next complete line of at most limit bytes, without its "\n" or "\r\n". It answers io.EOF
// where the rest, if any, has no end yet; ErrLongLine once for a line that is too long; and nil, nil each
// time another piece of that line was passed over, so that the caller can look at its budget. LineNo tells
// which line was answered. The bytes stay valid until the next call.
func (t *Tail) Line(limit int) ([]byte, error) {
	b := t.buf[t.from:]
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		var err error
		if b, err = t.Fill(max(limit+2, len(b)+1)); err != nil {
			return nil, err
		}
		i = bytes.IndexByte(b, '\n')
	}
	switch {
	case t.cur.Skip:
		return nil, t.pass(b, i)
	case i < 0 && len(b) <= limit+1:
		return nil, io.EOF
	case i < 0:
		t.cur.Line++
		t.cur.Skip = true
		t.Consume(len(b))
		return nil, ErrLongLine
	}
	t.cur.Line++
	t.Consume(i + 1)
	line := b[:i]
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	if len(line) > limit {
		return nil, ErrLongLine
	}
	return line, nil
}

// pass goes over a piece of a long line, whose end stands at i if it is at hand.
func (t *Tail) pass(b []byte, i int) error {
	if len(b) == 0 {
		return io.EOF
	}
	if i < 0 {
		t.Consume(len(b))
		return nil
	}
	t.Consume(i + 1)
	t.cur.Skip = false
	return nil
}

// LineNo is the number of the last line that Line answered, from 1.
func (t *Tail) LineNo() int64 { return t.cur.Line }
