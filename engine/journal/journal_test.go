package journal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func say(t testing.TB, j *Journal, e Event) Event {
	t.Helper()
	e, err := j.Append(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func note(text string) Event { return Event{Kind: Note, Subject: "run:a", Body: Body{Text: text}} }

func all(t testing.TB, pace string) []Event {
	t.Helper()
	events, problems := ReadAll(pace)
	for _, p := range problems {
		t.Fatal(p)
	}
	return events
}

func TestAppendAndRead(t *testing.T) {
	pace := filepath.Join(t.TempDir(), "p", ".pace")
	ann, bob := Open(pace, "Ann@x.org", ""), Open(pace, "bob", "")
	if events, problems := ReadAll(pace); len(events)+len(problems) != 0 {
		t.Fatal("an empty journal is not empty")
	}
	if _, err := os.Stat(pace); err == nil {
		t.Fatal("looking made the folder")
	}
	a := say(t, ann, note("looks like a leak <b> & \x1b[31m"))
	b := say(t, bob, Event{Kind: Answer, Body: Body{Text: "no", Event: a.ID}})
	c := say(t, ann, Event{Kind: Resolve, Body: Body{Event: a.ID}})
	got := all(t, pace)
	if want := []Event{a, b, c}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if a.Clock != 1 || b.Clock != 2 || c.Clock != 3 || c.Prev != a.Hash || b.Prev != "" || a.Clone != b.Clone {
		t.Errorf("clocks and chains: %+v %+v %+v", a, b, c)
	}
	clone, err := CloneID(pace)
	if err != nil || clone != a.Clone {
		t.Errorf("clone %q %v, events say %q", clone, err, a.Clone)
	}
	names, _ := files(filepath.Join(pace, "journal"))
	if want := []string{"%41nn@x.org." + clone + ".jsonl", "bob." + clone + ".jsonl"}; !slices.Equal(names, want) {
		t.Errorf("files %q, want %q", names, want)
	}
}

// TestTheHashIsSHA256OfTheLine checks the chain with nothing of the package's own.
func TestTheHashIsSHA256OfTheLine(t *testing.T) {
	pace := t.TempDir()
	j := Open(pace, "ann", "c1")
	say(t, j, note("one"))
	say(t, j, note("two"))
	raw, err := os.ReadFile(filepath.Join(pace, "journal", "ann.c1.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	prev := ""
	for _, line := range strings.SplitAfter(strings.TrimSuffix(string(raw), "\n"), "\n") {
		open, rest, _ := strings.Cut(line, `,"hash":"`)
		sum := sha256.Sum256([]byte("pace.journal/1\n" + open))
		if got := rest[:64]; got != hex.EncodeToString(sum[:]) || !strings.HasSuffix(open, `"prev":"`+prev+`"`) {
			t.Errorf("line %s", line)
		}
		prev = rest[:64]
	}
}

func TestAppendRefuses(t *testing.T) {
	j := Open(t.TempDir(), "ann", "c1")
	for _, e := range []Event{
		{Kind: "dance"}, {Kind: Note, Subject: "run:a"}, {Kind: Note, Body: Body{Text: "x"}}, {Kind: Undo},
		{Kind: Tag, Subject: "run:a"}, {Kind: Direction, Body: Body{Key: "auc", Value: "up"}},
		{Kind: Note, Subject: "run:a", Body: Body{Text: strings.Repeat("x", MaxText+1)}},
	} {
		if _, err := j.Append(t.Context(), e); err == nil {
			t.Errorf("%.80v was taken", e)
		}
	}
	if _, err := Open(t.TempDir(), "", "c").Append(t.Context(), note("x")); err == nil {
		t.Error("nobody said something")
	}
}

func TestAppendWaitsForTheLockUntilCancelled(t *testing.T) {
	pace := t.TempDir()
	j := Open(pace, "ann", "c1")
	say(t, j, note("one"))
	f, err := lockFile(t.Context(), filepath.Join(pace, "journal", "ann.c1.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := j.Append(ctx, note("two")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	f.Close()
	say(t, j, note("two"))
	if n := len(all(t, pace)); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestManyWritersKeepOneChain(t *testing.T) {
	pace := t.TempDir()
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			j := Open(pace, []string{"ann", "bob"}[w%2], "c1")
			for i := range 15 {
				if _, err := j.Append(context.Background(), note(fmt.Sprint(w, i))); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	wg.Wait()
	if n := len(all(t, pace)); n != 60 {
		t.Errorf("%d events of 60", n)
	}
}

// TestTruncationAtEveryByte cuts the last line anywhere: reading keeps the lines before it, the next Append
// repairs the file, and the cut bytes are still somewhere.
func TestTruncationAtEveryByte(t *testing.T) {
	pace := t.TempDir()
	j := Open(pace, "ann", "c1")
	first := say(t, j, note("one"))
	path := filepath.Join(pace, "journal", "ann.c1.jsonl")
	whole, _ := os.ReadFile(path)
	say(t, j, note("two é"))
	both, _ := os.ReadFile(path)
	for cut := len(whole); cut < len(both); cut++ {
		os.Remove(path + ".torn")
		if err := os.WriteFile(path, both[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		events, problems := ReadAll(pace)
		if len(events) != 1 || events[0].ID != first.ID || (len(problems) == 1) != (cut > len(whole)) {
			t.Fatalf("cut at %d: %d events, %v", cut, len(events), problems)
		}
		say(t, j, note("three"))
		after := all(t, pace)
		wantEvents, tornLen := 2, cut-len(whole)
		if cut == len(both)-1 { // only the newline was missing
			wantEvents, tornLen = 3, 0
		}
		torn, _ := os.ReadFile(path + ".torn")
		if len(after) != wantEvents || !bytes.HasPrefix(torn, both[len(whole):len(whole)+tornLen]) || len(torn) > 0 != (tornLen > 0) {
			t.Fatalf("cut at %d: %d events after repair, torn %q", cut, len(after), torn)
		}
	}
}

func TestVerifyFindsEveryChangedByte(t *testing.T) {
	pace := t.TempDir()
	j := Open(pace, "ann", "c1")
	for _, s := range []string{"one", "two", "three"} {
		say(t, j, note(s))
	}
	path := filepath.Join(pace, "journal", "ann.c1.jsonl")
	good, _ := os.ReadFile(path)
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1
		if err := os.WriteFile(path, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		sums, err := Verify(pace)
		if err != nil || len(sums) != 1 || len(sums[0].Problems) == 0 {
			t.Fatalf("byte %d (%q): %v %v", i, good[i], sums, err)
		}
	}
	lines := bytes.SplitAfter(good, []byte("\n"))
	for name, text := range map[string][]byte{
		"a line taken out": append(bytes.Clone(lines[0]), lines[2]...),
		"lines swapped":    append(append(bytes.Clone(lines[1]), lines[0]...), lines[2]...),
		"a line twice":     append(bytes.Clone(good), lines[2]...),
	} {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		sums, _ := Verify(pace)
		if len(sums[0].Problems) == 0 || sums[0].Problems[0].Kind != Broken {
			t.Errorf("%s: %v", name, sums)
		}
	}
}

func TestGarbageIsKeptAndTheChainGoesOn(t *testing.T) {
	pace := t.TempDir()
	j := Open(pace, "ann", "c1")
	say(t, j, note("one"))
	path := filepath.Join(pace, "journal", "ann.c1.jsonl")
	f, _ := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	fmt.Fprintf(f, "\x00\xff{]\r\n%s\n", strings.Repeat("z", 3*MaxLine))
	f.Close()
	e := say(t, j, note("two"))
	events, problems := ReadAll(pace)
	if len(events) != 2 || e.Clock != 2 || len(problems) != 2 || problems[0].Kind != Garbage || problems[1].Line != 3 {
		t.Errorf("%d events, clock %d, %v", len(events), e.Clock, problems)
	}
}

func TestTailSeesEachEventOnce(t *testing.T) {
	pace := t.TempDir()
	j, k := Open(pace, "ann", "c1"), Open(pace, "bob", "c1")
	var cur Cursor
	var got []string
	step := func() {
		var events []Event
		var problems []Problem
		events, cur, problems = Tail(pace, cur)
		for _, p := range problems {
			t.Error(p)
		}
		for _, e := range events {
			got = append(got, e.Body.Text)
		}
	}
	step()
	for i := range 5 {
		say(t, j, note(fmt.Sprint("a", i)))
		if i%2 == 0 {
			say(t, k, note(fmt.Sprint("b", i)))
			step()
		}
	}
	step()
	want := []string{"a0", "b0", "a1", "a2", "b2", "a3", "a4", "b4"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	path := filepath.Join(pace, "journal", "bob.c1.jsonl")
	raw, _ := os.ReadFile(path)
	line, _, _ := bytes.Cut(raw, []byte("\n"))
	os.WriteFile(path, append(line, '\n'), 0o644)
	got = nil
	step()
	if want := []string{"b0"}; !slices.Equal(got, want) {
		t.Errorf("after a cut: got %v, want %v", got, want)
	}
}

// randomEvents makes a history of three actors over clones that see each other only now and then.
func randomEvents(r *rand.Rand, n int) []Event {
	var out []Event
	clocks := map[string]int64{}
	ids := []string{"nobody"}
	kinds := []Kind{Note, Note, Answer, Edit, Resolve, Reopen, Tag, Untag, Pin, Unpin, Archive, Direction, Undo, Undo, Redo}
	for i := range n {
		actor := []string{"ann", "bob", "cy"}[r.IntN(3)]
		if r.IntN(3) == 0 {
			for _, c := range clocks {
				clocks[actor] = max(clocks[actor], c)
			}
		}
		clocks[actor]++
		e := Event{
			ID: fmt.Sprintf("e%03d", i), Actor: actor, Clock: clocks[actor], Kind: kinds[r.IntN(len(kinds))],
			Time: time.Unix(int64(r.IntN(50)), 0).UTC(), Subject: []string{"run:a", "run:b"}[r.IntN(2)],
			Body: Body{Text: fmt.Sprint("t", i), Key: []string{"k", "l"}[r.IntN(2)], Value: []string{"min", "max", ""}[r.IntN(3)], Event: ids[r.IntN(len(ids))]},
		}
		ids = append(ids, e.ID)
		out = append(out, e)
	}
	return out
}

func TestProjectDoesNotDependOnOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		events := randomEvents(r, 40)
		want := Project(events)
		for range 5 {
			mixed := slices.Clone(events)
			for range r.IntN(10) { // unions hold lines twice
				mixed = append(mixed, events[r.IntN(len(events))])
			}
			r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
			if got := Project(mixed); !reflect.DeepEqual(got, want) {
				t.Fatalf("got  %+v\nwant %+v", got, want)
			}
		}
	}
}

// TestUndoIsAsIfNeverSaid: the state with the last event undone is the state without it, and redo brings it back.
func TestUndoIsAsIfNeverSaid(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	tried := 0
	for range 500 {
		events := ordered(randomEvents(r, 30))
		last, ok := Undoable(events, "ann")
		if !ok {
			continue
		}
		tried++
		at := func(kind Kind, of string, clock int64) Event {
			return Event{ID: fmt.Sprint(kind, clock), Actor: "ann", Clock: clock, Kind: kind, Body: Body{Event: of}}
		}
		undone := append(slices.Clone(events), at(Undo, last.ID, 1000))
		without := slices.DeleteFunc(slices.Clone(living(events)), func(e Event) bool { return e.ID == last.ID || e.Kind == Undo || e.Kind == Redo })
		if got, want := Project(undone), Project(without); !reflect.DeepEqual(got, want) {
			t.Fatalf("undo %+v:\ngot  %+v\nwant %+v", last, got, want)
		}
		u, ok := Redoable(undone, "ann")
		if !ok || u.Body.Event != last.ID {
			t.Fatalf("redo names %+v, want the undo of %s", u, last.ID)
		}
		redone := append(slices.Clone(undone), at(Redo, u.ID, 1001))
		if got, want := Project(redone), Project(events); !reflect.DeepEqual(got, want) {
			t.Fatalf("redo of %+v changed the state", last)
		}
	}
	if tried < 100 {
		t.Fatalf("only %d tried", tried)
	}
}

func TestOthersCannotBeTakenBack(t *testing.T) {
	events := []Event{
		{ID: "1", Actor: "ann", Clock: 1, Kind: Note, Subject: "run:a", Body: Body{Text: "mine"}},
		{ID: "2", Actor: "bob", Clock: 2, Kind: Undo, Body: Body{Event: "1"}},
		{ID: "3", Actor: "bob", Clock: 3, Kind: Edit, Body: Body{Event: "1", Text: "his"}},
		{ID: "4", Actor: "bob", Clock: 4, Kind: Answer, Body: Body{Event: "1", Text: "why?"}},
		{ID: "5", Actor: "bob", Clock: 5, Kind: Resolve, Body: Body{Event: "1"}},
		{ID: "6", Actor: "bob", Clock: 6, Kind: Tag, Subject: "run:a", Body: Body{Key: "k", Value: "v"}},
		{ID: "7", Actor: "ann", Clock: 7, Kind: Untag, Subject: "run:b", Body: Body{Key: "k"}},
	}
	want := State{
		Notes: []Remark{
			{ID: "1", Subject: "run:a", Actor: "ann", Text: "mine", Resolved: true, ResolvedBy: "bob"},
			{ID: "4", Subject: "run:a", Actor: "bob", Text: "why?", ReplyTo: "1"},
		},
		Marks: []Mark{{Subject: "run:a", Kind: "tag", Key: "k", Value: "v", Actor: "bob"}},
	}
	if got := Project(events); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestMergeIsUnion: two clones that write apart and then hold both files say the same.
func TestMergeIsUnion(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	a := say(t, Open(one, "ann", ""), note("from one"))
	say(t, Open(two, "ann", ""), note("from two"))
	say(t, Open(two, "bob", ""), note("too"))
	for _, dirs := range [][2]string{{one, two}, {two, one}} {
		names, _ := files(filepath.Join(dirs[0], "journal"))
		for _, n := range names {
			raw, _ := os.ReadFile(filepath.Join(dirs[0], "journal", n))
			os.WriteFile(filepath.Join(dirs[1], "journal", n), raw, 0o644)
		}
	}
	s, u := Project(all(t, one)), Project(all(t, two))
	if !reflect.DeepEqual(s, u) || len(s.Notes) != 3 {
		t.Errorf("one %+v\ntwo %+v", s, u)
	}
	e := say(t, Open(one, "ann", ""), Event{Kind: Answer, Body: Body{Event: a.ID, Text: "after"}})
	if e.Clock != 3 {
		t.Errorf("clock %d after a merge, want 3", e.Clock)
	}
}

// TestKilledWriters kills a process that appends, many times: every event it had confirmed is there, the chain holds.
func TestKilledWriters(t *testing.T) {
	if os.Getenv("JOURNAL_WRITER") != "" {
		j := Open(os.Getenv("JOURNAL_WRITER"), "ann", "c1")
		for i := 0; ; i++ {
			e, err := j.Append(context.Background(), note(strings.Repeat("x", i%2000)+"."))
			if err != nil {
				fmt.Println("error", err)
				os.Exit(1)
			}
			fmt.Println(e.ID)
		}
	}
	if testing.Short() {
		t.Skip("kills processes")
	}
	pace := t.TempDir()
	confirmed := 0
	for i := range 10 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKilledWriters$")
		cmd.Env = append(os.Environ(), "JOURNAL_WRITER="+pace)
		var out bytes.Buffer
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(30+7*i) * time.Millisecond)
		cmd.Process.Kill()
		cmd.Wait()
		ids := strings.Split(out.String(), "\n")
		have := map[string]bool{}
		say(t, Open(pace, "ann", "c1"), note("still here"))
		for _, e := range all(t, pace) {
			have[e.ID] = true
		}
		for _, id := range ids[:len(ids)-1] {
			if confirmed++; !have[id] {
				t.Errorf("event %s was confirmed and is gone", id)
			}
		}
	}
	if confirmed == 0 {
		t.Error("no writer wrote")
	}
}

func TestFileNames(t *testing.T) {
	seen := map[string]string{}
	for _, actor := range []string{
		"ann", "Ann", "a/b", "a\\b", "..", ".", "con", "con.x", "CON", "lpt1", "a b", "é", "a%41", "aA", "x:y", "~", "-", "a\x00b",
		strings.Repeat("x", 300), strings.Repeat("x", 301), strings.Repeat("É", 100),
	} {
		n := fileName(actor, "c1")
		if other, ok := seen[strings.ToLower(n)]; ok {
			t.Errorf("%q and %q share %s", actor, other, n)
		}
		seen[strings.ToLower(n)] = actor
		if len(n) > 200 || strings.ContainsAny(n, "/\\:\x00 ") || n[0] == '.' {
			t.Errorf("%q: %s", actor, n)
		}
		if enc, clone, ok := splitName(n); !ok || clone != "c1" || enc+".c1.jsonl" != n {
			t.Errorf("%s does not split", n)
		}
	}
}

func TestRefs(t *testing.T) {
	for s, want := range map[string]Ref{
		"run:ab12":               {Kind: "run", ID: "ab12"},
		"model:churn":            {Kind: "model", ID: "churn"},
		"model:churn@champion":   {Kind: "model", ID: "churn", Version: "champion"},
		"data:a/b c.csv":         {Kind: "data", ID: "a/b c.csv"},
		"data:s3://u%40h/x@9f":   {Kind: "data", ID: "s3://u@h/x", Version: "9f"},
		"row:a#b.csv#12":         {Kind: "row", ID: "a#b.csv", Row: 12},
		"var:a.csv#dep delay":    {Kind: "var", ID: "a.csv", Name: "dep delay"},
		"var:a.csv#n%23":         {Kind: "var", ID: "a.csv", Name: "n#"},
		"cell:a.csv#3/x/y":       {Kind: "cell", ID: "a.csv", Row: 3, Name: "x/y"},
		"pred:req-1":             {Kind: "pred", ID: "req-1"},
		"curve:ab12/val/loss@-3": {Kind: "curve", ID: "ab12", Name: "val/loss", Step: -3, HasStep: true},
		"curve:ab12/recall@k":    {Kind: "curve", ID: "ab12", Name: "recall@k"},
		"curve:ab12/p%401@5":     {Kind: "curve", ID: "ab12", Name: "p@1", Step: 5, HasStep: true},
		"data:100%.csv":          {Kind: "data", ID: "100%.csv"},
	} {
		got, err := ParseRef(s)
		if err != nil || got != want {
			t.Errorf("%s: got %+v %v, want %+v", s, got, err, want)
		}
		if again, err := ParseRef(got.String()); err != nil || again != want {
			t.Errorf("%s: written %s", s, got)
		}
	}
	for _, s := range []string{"", "run", "run:", "row:a", "row:a#x", "row:a#-1", "ship:1", "var:a", "cell:a#1", "curve:a"} {
		if r, err := ParseRef(s); err == nil {
			t.Errorf("%q was read as %+v", s, r)
		}
	}
}

func FuzzRead(f *testing.F) {
	pace := f.TempDir()
	j := Open(pace, "ann", "c1")
	say(f, j, note("one"))
	say(f, j, Event{Kind: Tag, Subject: "run:a", Body: Body{Key: "k"}})
	raw, _ := os.ReadFile(filepath.Join(pace, "journal", "ann.c1.jsonl"))
	f.Add(raw)
	f.Add(raw[:len(raw)-5])
	f.Add([]byte("{}\n\n\r\n{\"hash\":\"\"}"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c := newChain("ann.c1.jsonl")
		_ = c.read(bytes.NewReader(raw))
		if c.offset > int64(len(raw)) {
			t.Fatal("read more than there is")
		}
		Project(c.events)
		prev, _, err := last(bytes.NewReader(raw), c.offset)
		if err != nil || prev != c.prev {
			t.Fatalf("from the end the chain's link is %q %v, from the beginning %q", prev, err, c.prev)
		}
	})
}

func FuzzRef(f *testing.F) {
	f.Add("row:a%2#1")
	f.Add("curve:a/b@1@2")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseRef(s)
		if err != nil {
			return
		}
		if again, err := ParseRef(r.String()); err != nil || again != r {
			t.Fatalf("%q: %+v written %q read %+v %v", s, r, r, again, err)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	j := Open(b.TempDir(), "ann", "c1")
	for b.Loop() {
		say(b, j, note("a note of usual length, a sentence or two."))
	}
}

func BenchmarkReadAndProject10k(b *testing.B) {
	var buf bytes.Buffer
	prev := ""
	for _, e := range randomEvents(rand.New(rand.NewPCG(1, 1)), 10_000) {
		e.Actor, e.Prev = "ann", prev
		line, err := encode(&e)
		if err != nil {
			b.Fatal(err)
		}
		prev = e.Hash
		buf.Write(line)
	}
	b.SetBytes(int64(buf.Len()))
	for b.Loop() {
		c := newChain("ann.c1.jsonl")
		_ = c.read(bytes.NewReader(buf.Bytes()))
		Project(c.events)
	}
}
