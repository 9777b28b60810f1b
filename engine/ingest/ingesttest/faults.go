package ingesttest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pace/engine/ingest"
)

var errRefused = errors.New("the sink refuses")

// stops checks that a cancelled context and an error of the sink end the read at once, as they are.
func (m Member) stops(t *testing.T, sample string) {
	m.units(t, sample, func(src ingest.Source, _ ingest.Unit, _ ingest.Result, whole *State) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := m.Format.Read(ctx, src, nil, NewState(), ingest.Limits{}); !errors.Is(err, context.Canceled) {
			t.Fatalf("%s: cancelled before: %v", src.Path, err)
		}
		if _, err := m.Format.Stamp(ctx, src); !errors.Is(err, context.Canceled) {
			t.Fatalf("%s: stamp cancelled before: %v", src.Path, err)
		}
		calls := whole.Records + len(whole.Series)
		for n := range min(calls, 40) {
			left := n
			s := NewState()
			s.said = func() error {
				if left--; left < 0 {
					return errRefused
				}
				return nil
			}
			if _, err := m.Format.Read(t.Context(), src, nil, s, ingest.Limits{}); !errors.Is(err, errRefused) {
				t.Fatalf("%s: refused at call %d of %d: %v", src.Path, n, calls, err)
			}
		}
	})
}

// stamps checks that a stamp stands while nothing changes and changes with every growing and header file.
func (m Member) stamps(t *testing.T, sample string) {
	root := Copy(t, sample)
	for _, u := range Claims(t, root, m.Format) {
		src := ingest.Source{Root: root, Path: u.Path}
		before := m.stamp(t, src)
		if again := m.stamp(t, src); again != before {
			t.Fatalf("%s: two stamps of the same files differ", src.Path)
		}
		for _, rel := range filesOf(t, root, u) {
			if k := m.kind(rel); k == Ignored {
				continue
			}
			appendFile(t, root, rel, "\n")
			after := m.stamp(t, src)
			if after == before {
				t.Fatalf("%s: the stamp does not tell that %s grew", src.Path, rel)
			}
			before = after
		}
	}
}

func (m Member) stamp(t *testing.T, src ingest.Source) string {
	t.Helper()
	s, err := m.Format.Stamp(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// cutsPerFile bounds the places at which a file is cut: every byte of short files, places spread over long
// ones with both ends tried byte by byte.
const cutsPerFile = 160

func places(size int) []int {
	var at []int
	step := max(1, size/cutsPerFile)
	for i := 0; i < size; i++ {
		if i < 40 || i >= size-40 || i%step == 0 {
			at = append(at, i)
		}
	}
	return at
}

// perKind bounds the files that are cut and changed in one sample: they are many and alike.
const perKind = 5

// each hands the first files of every kind to a test, with the unit they belong to, in a fresh copy.
func (m Member) each(t *testing.T, sample string, test func(root, rel string, u ingest.Unit, k Kind)) {
	root := Copy(t, sample)
	count := map[Kind]int{}
	for _, u := range Claims(t, root, m.Format) {
		for _, rel := range filesOf(t, root, u) {
			k := m.kind(rel)
			if count[k]++; k != Ignored && count[k] <= perKind {
				test(root, rel, u, k)
			}
		}
	}
}

// cuts truncates a file at every byte, reads, completes it, and reads on.
func (m Member) cuts(t *testing.T, sample string) {
	m.each(t, sample, func(root, rel string, u ingest.Unit, k Kind) {
		src := ingest.Source{Root: root, Path: u.Path}
		abs := filepath.Join(root, filepath.FromSlash(rel))
		content := contentOf(t, abs)
		want := NewState()
		ReadUnit(t, m.Format, From{Source: src}, want)
		for _, n := range places(len(content)) {
			rewrite(t, abs, content[:n])
			s := NewState()
			res := ReadUnit(t, m.Format, From{Source: src}, s)
			if k == Growing && len(s.Problems) > len(want.Problems) {
				t.Fatalf("%s cut at byte %d is called damaged: %v", rel, n, s.Problems)
			}
			appendFile(t, root, rel, string(content[n:]))
			ReadUnit(t, m.Format, From{Source: src, Cursor: res.Cursor}, s)
			if d := want.Diff(s); d != "" {
				t.Fatalf("%s cut at byte %d and completed:\n%s", rel, n, d)
			}
		}
	})
}

// changes does to a file what happens to files, and compares reading on with reading anew.
func (m Member) changes(t *testing.T, sample string) {
	m.each(t, sample, func(root, rel string, u ingest.Unit, k Kind) {
		if k != Growing {
			return
		}
		src := ingest.Source{Root: root, Path: u.Path}
		abs := filepath.Join(root, filepath.FromSlash(rel))
		content := contentOf(t, abs)
		if len(content) < 8 || rel == u.Path && len(content) == 0 {
			return
		}
		half := content[:len(content)/2]
		for name, do := range map[string]func(){
			"cut in place":       func() { rewrite(t, abs, half) },
			"rotated, shorter":   func() { rotate(t, abs, half) },
			"rotated, same size": func() { rotate(t, abs, flip(content)) },
			"rewritten in place": func() { rewrite(t, abs, flip(content)); touch(t, abs, time.Second) },
			"only touched":       func() { touch(t, abs, time.Minute) },
			"emptied":            func() { rewrite(t, abs, nil) },
			"doubled":            func() { appendFile(t, root, rel, string(content)) },
			"removed": func() {
				if rel != u.Path {
					os.Remove(abs)
				}
			},
		} {
			rewrite(t, abs, content)
			s := NewState()
			res := ReadUnit(t, m.Format, From{Source: src}, s)
			do()
			ReadUnit(t, m.Format, From{src, res.Cursor, ingest.Limits{Points: 2}}, s)
			fresh := NewState()
			ReadUnit(t, m.Format, From{Source: src}, fresh)
			if d := fresh.Diff(s); d != "" {
				t.Fatalf("%s %s: reading on differs from reading anew:\n%s", rel, name, d)
			}
		}
		rewrite(t, abs, content)
	})
}

// garbage appends damaged records, and what the file held once more.
func (m Member) garbage(t *testing.T, sample string) {
	damage := m.Garbage
	if damage == nil {
		damage = append([]byte("\x00\xff not a record \x1b[31m\n\n"), bytes.Repeat([]byte("x"), 2<<20)...)
		damage = append(damage, '\n')
	}
	m.each(t, sample, func(root, rel string, u ingest.Unit, k Kind) {
		if k != Growing {
			return
		}
		src := ingest.Source{Root: root, Path: u.Path}
		abs := filepath.Join(root, filepath.FromSlash(rel))
		content := contentOf(t, abs)
		clean := NewState()
		ReadUnit(t, m.Format, From{Source: src}, clean)
		appendFile(t, root, rel, string(damage)+string(content))
		s, split := NewState(), NewState()
		ReadUnit(t, m.Format, From{Source: src}, s)
		ReadUnit(t, m.Format, From{src, nil, ingest.Limits{Points: 1}}, split)
		if d := s.Diff(split); d != "" {
			t.Fatalf("%s with garbage: splits differ:\n%s", rel, d)
		}
		if len(s.Problems) <= len(clean.Problems) {
			t.Fatalf("%s with garbage: no problem is said", rel)
		}
		for p := range s.Problems {
			if p.Path == "" || p.Place == "" || p.Message == "" {
				t.Errorf("%s with garbage: a problem without path, place or message: %+v", rel, p)
			}
		}
		if s.Count < clean.Count || !m.GarbageEnds && s.Count <= clean.Count && clean.Count > 0 {
			t.Errorf("%s with garbage: %d points, %d without", rel, s.Count, clean.Count)
		}
		rewrite(t, abs, content)
	})
}

func contentOf(t testing.TB, abs string) []byte {
	t.Helper()
	content, err := os.ReadFile(abs)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// rewrite writes a file in place: the same inode, as open(path, "w") does.
func rewrite(t testing.TB, abs string, content []byte) {
	t.Helper()
	if err := os.WriteFile(abs, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func rotate(t testing.TB, abs string, content []byte) {
	t.Helper()
	rewrite(t, abs+".new", content)
	if err := os.Rename(abs+".new", abs); err != nil {
		t.Fatal(err)
	}
}

func touch(t testing.TB, abs string, ahead time.Duration) {
	t.Helper()
	at := time.Now().Add(ahead)
	if err := os.Chtimes(abs, at, at); err != nil {
		t.Fatal(err)
	}
}

func appendFile(t testing.TB, root, rel, text string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(root, filepath.FromSlash(rel)), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

// flip changes a byte in the middle of the content and keeps its size: a digit where there is one near.
func flip(content []byte) []byte {
	changed := bytes.Clone(content)
	for i := len(changed) / 2; i < len(changed); i++ {
		if c := changed[i]; c >= '1' && c <= '8' {
			changed[i] = c + 1
			return changed
		}
	}
	changed[len(changed)/2] ^= 1
	return changed
}
