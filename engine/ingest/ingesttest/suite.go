package ingesttest

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"pace/engine/ingest"
)

// Kind is how a tool writes a file, which decides what may happen to it while pace looks.
type Kind int

const (
	// Ignored files are none of the format's business, or have tests of their own (databases).
	Ignored Kind = iota
	// Growing files hold records and are appended to. They may be cut, rotated, rewritten and removed, and
	// the state is then that of a first read.
	Growing
	// Value files hold one value and are rewritten in place.
	Value
	// Header files are rewritten in place, and while they are half written the old content stands.
	Header
)

// Member is what a format brings to the suite. Everything but the format and its samples has a default.
type Member struct {
	Format ingest.Format
	// Samples are project folders left by the real tool.
	Samples []string
	// Kind classifies a file of a unit by its path relative to the root. The default: every file Grows.
	Kind func(rel string) Kind
	// Garbage is appended to a growing file: damaged records, among them one over every limit, after which
	// the file goes on. Nil means the default: lines of text, one of 2 MiB.
	Garbage []byte
	// GarbageEnds is set for formats in which a damaged record ends the file (no way to find the next).
	GarbageEnds bool
	// MinBytes is the smallest limit of bytes that is tried, for formats with long samples.
	MinBytes int64
}

func (m Member) kind(rel string) Kind {
	if m.Kind == nil {
		return Growing
	}
	return m.Kind(rel)
}

// Run holds a format to the laws of reading, one subtest each.
func Run(t *testing.T, m Member) {
	if len(m.Samples) == 0 {
		t.Fatal("no samples")
	}
	for _, sample := range m.Samples {
		t.Run(filepath.Base(sample), func(t *testing.T) {
			whole := ReadAll(t, sample, m.Format, ingest.Limits{})
			if len(whole.Facts)+len(whole.Series) == 0 {
				t.Fatal("the format says nothing of its own sample")
			}
			t.Run("splits equal one read", func(t *testing.T) { m.splits(t, sample, whole) })
			t.Run("a second read adds nothing", func(t *testing.T) { m.second(t, sample) })
			t.Run("stamps", func(t *testing.T) { m.stamps(t, sample) })
			t.Run("bad cursors", func(t *testing.T) { m.badCursors(t, sample) })
			t.Run("cancel and refusal", func(t *testing.T) { m.stops(t, sample) })
			t.Run("cut anywhere, then completed", func(t *testing.T) { m.cuts(t, sample) })
			t.Run("cut, rewritten, rotated, removed", func(t *testing.T) { m.changes(t, sample) })
			t.Run("garbage", func(t *testing.T) { m.garbage(t, sample) })
		})
	}
}

func (m Member) splits(t *testing.T, sample string, whole *State) {
	limits := []ingest.Limits{{Points: 1}, {Points: 7}, {Bytes: 4096}, {Time: 1}, {Points: 3, Bytes: 100, Time: time.Millisecond}}
	if m.MinBytes <= 1 {
		limits = append(limits, ingest.Limits{Bytes: 1})
	}
	for _, lim := range limits {
		got := ReadAll(t, sample, m.Format, lim)
		if d := whole.Diff(got); d != "" {
			t.Fatalf("under %+v the state differs:\n%s", lim, d)
		}
		if got.Count != whole.Count {
			t.Fatalf("under %+v %d points were said, %d in one read", lim, got.Count, whole.Count)
		}
		if fmt.Sprint(got.Problems) != fmt.Sprint(whole.Problems) {
			t.Fatalf("under %+v problems are %v, in one read %v", lim, got.Problems, whole.Problems)
		}
	}
}

// units reads each unit of a sample once and hands it on with its cursor and its own state.
func (m Member) units(t *testing.T, root string, each func(src ingest.Source, u ingest.Unit, res ingest.Result, s *State)) {
	t.Helper()
	for _, u := range Claims(t, root, m.Format) {
		src := ingest.Source{Root: root, Path: u.Path}
		s := NewState()
		each(src, u, ReadUnit(t, m.Format, From{Source: src}, s), s)
	}
}

func (m Member) second(t *testing.T, sample string) {
	m.units(t, sample, func(src ingest.Source, _ ingest.Unit, res ingest.Result, _ *State) {
		again := NewState()
		next, err := m.Format.Read(t.Context(), src, res.Cursor, again, ingest.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if again.Records+again.Count != 0 || next.More {
			t.Errorf("%s: %d facts and %d points again, more %v: %v", src.Path, again.Records, again.Count, next.More, again.Lines())
		}
	})
}

func (m Member) badCursors(t *testing.T, sample string) {
	m.units(t, sample, func(src ingest.Source, _ ingest.Unit, res ingest.Result, s *State) {
		want := s.Lines()
		bad := [][]byte{{}, []byte("no cursor"), make([]byte, 64)}
		if n := len(res.Cursor); n > 0 {
			flipped := append([]byte{}, res.Cursor...)
			flipped[n/2] ^= 0x55
			bad = append(bad, res.Cursor[:n-1], flipped)
		}
		for _, cursor := range bad {
			ReadUnit(t, m.Format, From{src, cursor, ingest.Limits{}}, s)
			if got := s.Lines(); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("%s: after the cursor %.20x the state differs: a cursor of another version starts again with Reset", src.Path, cursor)
			}
		}
	})
}
