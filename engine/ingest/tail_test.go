package ingest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// lines reads every complete line from the cursor on, at most max of them.
func lines(t *testing.T, path string, cur FileCursor, limit, max int) (got []string, tail *Tail, next FileCursor) {
	t.Helper()
	tail, err := OpenTail(t.Context(), path, cur)
	if err != nil {
		t.Fatal(err)
	}
	defer tail.Close()
	for len(got) < max {
		line, err := tail.Line(limit)
		switch {
		case errors.Is(err, io.EOF):
			return got, tail, tail.Cursor(true)
		case errors.Is(err, ErrLongLine):
			got = append(got, "<long>")
		case err != nil:
			t.Fatal(err)
		case line != nil:
			got = append(got, string(line))
		}
	}
	return got, tail, tail.Cursor(false)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const many = 1 << 30

func TestLinesSplitAndTorn(t *testing.T) {
	text := "one\ntwo\r\n\n" + strings.Repeat("x", 200_000) + "\nfive\nto"
	want := []string{"one", "two", "", "<long>", "five"}
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, text)
	got, _, cur := lines(t, path, FileCursor{}, 100, many)
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Fatalf("got %q", got)
	}
	if !cur.Torn() || cur.Line != 5 {
		t.Fatalf("torn %v, line %d; want true, 5", cur.Torn(), cur.Line)
	}
	info, _ := os.Stat(path)
	if !cur.Unchanged(StatOf(info)) {
		t.Fatal("a drained file is not unchanged")
	}
	var split []string
	next := FileCursor{}
	for range 20 {
		var some []string
		some, _, next = lines(t, path, next, 100, 1)
		split = append(split, some...)
	}
	if strings.Join(split, "|") != strings.Join(want, "|") {
		t.Fatalf("split: got %q", split)
	}
	if next != cur {
		t.Fatalf("split cursor %+v, whole %+v", next, cur)
	}
}

func TestTailSeesWhatHappenedToTheFile(t *testing.T) {
	base := strings.Repeat("0123456789abcdef\n", 20)
	cases := []struct {
		name     string
		change   func(path string)
		replaced bool
	}{
		{"append", func(p string) { appendTo(t, p, "more\n") }, false},
		{"truncate", func(p string) { write(t, p, base[:100]) }, true},
		{"rewrite longer", func(p string) { write(t, p, "new\n"+base+base) }, true},
		{"rewrite, same size, middle differs", func(p string) {
			write(t, p, base[:150]+"X"+base[151:])
			later(t, p)
		}, true},
		{"touch", func(p string) { later(t, p) }, false},
		{"rename over, same start", func(p string) { write(t, p+"~", base+"more\n"); mv(t, p) }, false},
		{"rename over, middle differs", func(p string) { write(t, p+"~", base[:150]+"X"+base[151:]+"more\n"); mv(t, p) }, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "f")
			write(t, path, base)
			_, _, cur := lines(t, path, FileCursor{}, 100, many)
			c.change(path)
			got, tail, next := lines(t, path, cur, 100, many)
			if tail.Replaced != c.replaced {
				t.Fatalf("replaced = %v", tail.Replaced)
			}
			content, _ := os.ReadFile(path)
			all := strings.Count(string(content), "\n")
			if want := all - 20; !c.replaced && len(got) != want || c.replaced && len(got) != all {
				t.Fatalf("%d lines after, file has %d", len(got), all)
			}
			if _, fresh, again := lines(t, path, FileCursor{}, 100, many); fresh.Replaced || again != next {
				t.Fatalf("cursor differs from a fresh one: %+v, %+v", next, again)
			}
		})
	}
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

func later(t *testing.T, path string) {
	t.Helper()
	at := time.Now().Add(time.Minute)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func mv(t *testing.T, path string) {
	t.Helper()
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
}

func TestTailCancelled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "a\nb\n")
	_, _, cur := lines(t, path, FileCursor{}, 10, many)
	later(t, path)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := OpenTail(ctx, path, cur); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
}

func TestBudget(t *testing.T) {
	b := NewBudget(Limits{Points: 3, Bytes: 100})
	if b.Spent() {
		t.Fatal("spent before anything was")
	}
	b.Spend(2, 10)
	if b.Spent() || b.PointsLeft() != 1 || b.BytesLeft() != 90 {
		t.Fatalf("%+v", b)
	}
	b.Spend(1, 1)
	if !b.Spent() {
		t.Fatal("not spent")
	}
	late := NewBudget(Limits{Time: 1})
	late.Spend(0, 0)
	time.Sleep(time.Microsecond)
	if !late.Spent() {
		t.Fatal("time is up")
	}
}

func TestCursorRoundTrip(t *testing.T) {
	w := NewCursor(3)
	w.Text("näme\x00")
	w.Flag(true)
	w.Int(-5)
	cur := FileCursor{Offset: 9, Line: 2, Skip: true, Seen: FileStat{12, -3, 1 << 63}, Sum: 7, Mark: 1 << 60, Inode: 4}
	cur.Write(w)
	spelled := w.Bytes()
	r := OpenCursor(3, spelled)
	if s, f, i := r.Text(), r.Flag(), r.Int(); s != "näme\x00" || !f || i != -5 {
		t.Fatal(s, f, i)
	}
	if got := ReadFileCursor(r); got != cur || r.Err() != nil {
		t.Fatalf("%+v, %v", got, r.Err())
	}
	if r.Int(); r.Err() == nil {
		t.Fatal("reading past the end is no error")
	}
	for i := range spelled {
		if OpenCursor(3, spelled[:i]).Err() == nil {
			t.Fatalf("truncated at %d: accepted", i)
		}
	}
	if OpenCursor(4, spelled).Err() == nil {
		t.Fatal("another version accepted")
	}
}

func FuzzCursor(f *testing.F) {
	w := NewCursor(1)
	w.Text("loss")
	FileCursor{Offset: 3}.Write(w)
	f.Add(w.Bytes())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, cursor []byte) {
		r := OpenCursor(1, cursor)
		for range r.Count() {
			_ = r.Text()
		}
		_ = ReadFileCursor(r)
		// The same without the guard of the checksum.
		r = &CursorReader{rest: cursor}
		n := r.Count()
		if n > len(cursor) {
			t.Fatalf("count %d of %d bytes", n, len(cursor))
		}
		_ = r.Text()
		_ = ReadFileCursor(r)
	})
}

func FuzzLines(f *testing.F) {
	f.Add([]byte("a\nbb\r\n\nccc"), uint8(2), uint64(1))
	f.Add(bytes.Repeat([]byte("x"), 300), uint8(9), uint64(2))
	f.Fuzz(func(t *testing.T, text []byte, limit uint8, seed uint64) {
		path := filepath.Join(t.TempDir(), "f")
		write(t, path, string(text))
		whole, _, end := lines(t, path, FileCursor{}, int(limit), many)
		rng := rand.New(rand.NewPCG(seed, 0))
		var split []string
		cur := FileCursor{}
		for cur.Seen == (FileStat{}) && len(split) <= len(whole) {
			var some []string
			some, _, cur = lines(t, path, cur, int(limit), 1+rng.IntN(3))
			split = append(split, some...)
			if len(text) == 0 {
				break
			}
		}
		if strings.Join(split, "|") != strings.Join(whole, "|") || cur != end {
			t.Fatalf("split %q %+v, whole %q %+v", split, cur, whole, end)
		}
	})
}
