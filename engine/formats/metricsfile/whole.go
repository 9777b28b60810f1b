package metricsfile

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
	"time"

	"pace/engine/ingest"
)

const (
	maxWhole = 16 << 20 // bytes of a JSON file that is read as one value
	maxText  = 500      // bytes of a text that becomes a tag
	// patience is how long a file may stay half written before it counts as damaged.
	patience = 5 * time.Second
)

var errTooLong = fmt.Errorf("longer than %d bytes", maxWhole)

// readWhole reads a file that is rewritten as one JSON object: final metrics, or the latest ones. While it
// is half written the old content stands.
func (t *turn) readWhole(st ingest.FileStat) error {
	if t.whole == st {
		return nil
	}
	text, st, err := t.content()
	if err != nil {
		return t.fault(st, err)
	}
	if isLines(text) {
		if err := t.forget(); err != nil {
			return err
		}
		t.mode = jsonLines
		return t.readLines(st)
	}
	n, err := scanObject(text, &t.object)
	if err == nil && len(bytes.TrimSpace(text[n:])) > 0 {
		err = errAfter
	}
	if err != nil {
		return t.fault(st, err)
	}
	h := fnv.New64a()
	h.Write(text)
	if sum := h.Sum64(); sum != t.sum {
		if err := t.forget(); err != nil {
			return err
		}
		t.sum = sum
		if err := t.sayWhole(); err != nil {
			return err
		}
	}
	t.whole = st
	return nil
}

// content reads the file, and what a stat told when it was opened.
func (t *turn) content() ([]byte, ingest.FileStat, error) {
	f, info, err := ingest.OpenRegular(t.src.Abs())
	if err != nil {
		return nil, ingest.FileStat{}, err
	}
	defer f.Close()
	st := ingest.StatOf(info)
	if st.Size > maxWhole {
		return nil, st, errTooLong
	}
	text := make([]byte, st.Size)
	n, err := io.ReadFull(f, text)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil // cut meanwhile; the next stat tells
	}
	t.budget.Spend(0, int64(n))
	return bytes.TrimPrefix(text[:n], []byte("\ufeff")), st, err
}

// forget takes back what an older content said.
func (t *turn) forget() error {
	if t.sum == 0 {
		return nil
	}
	return t.restart()
}

// fault says what an unreadable file means: half written while it is young, a problem once it has stood.
func (t *turn) fault(st ingest.FileStat, err error) error {
	if st == (ingest.FileStat{}) {
		return err
	}
	if young(st) && !errors.Is(err, errTooLong) {
		t.torn = true
		return nil
	}
	t.whole = st
	return t.sink.Put(ingest.Problem{Path: t.src.Path, Place: "file", Message: "read metrics: " + err.Error(),
		Hint: "it is read again when it is written again"})
}

// sayWhole says the object's numbers as points and its texts as tags.
func (t *turn) sayWhole() error {
	n, err := t.numbers(&t.object)
	if err != nil {
		return err
	}
	t.budget.Spend(n, 0)
	for i := range t.object.cells {
		c := &t.object.cells[i]
		text := strings.ToValidUTF8(string(plain(c.text)), "\ufffd")
		if c.kind != isText || text == "" || len(text) > maxText || len(t.tags) >= maxParams {
			continue
		}
		key := string(t.object.path(c))
		t.tags = append(t.tags, key)
		if err := t.sink.Put(ingest.Tag{Run: t.key, Key: key, Value: text}); err != nil {
			return err
		}
	}
	return t.flush()
}

// young is true for a file that was written just now: what is wrong with it may be put right.
func young(st ingest.FileStat) bool { return time.Since(time.Unix(0, st.ModTime)) < patience }
