package profile

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pace/engine/stats"
	"pace/engine/table"
)

// cut splits rows of a part into batches of any size and deals parts to workers; f is called in any order of the workers.
func cut(rng *rand.Rand, rows, part int, f func(worker, part int, first, n int64)) {
	for p := 0; p*part < rows; p++ {
		worker := rng.IntN(3)
		n := int64(min(part, rows-p*part))
		for first := int64(0); first < n; {
			size := min(1+rng.Int64N(400), n-first)
			f(worker, p, first, size)
			first += size
		}
	}
}

func nameOf(part int, row int64) uint64 { return stats.Mix(uint64(part)<<40 + uint64(row) + 1) }

// TestSampleIsOrderFree: the rows that are kept, and their values, do not depend on the cut, the order or the workers.
func TestSampleIsOrderFree(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	var want sample
	for round := range 6 {
		workers := [3]sample{}
		for i := range workers {
			workers[i] = newSample([]table.Type{table.Numeric, table.Categorical})
			workers[i].cap = 500
		}
		cut(rng, 20_000, 3000, func(w, part int, first, n int64) {
			var ids, hashes []uint64
			var at []int64
			var vals []float64
			for i := range n {
				ids = append(ids, nameOf(part, first+i))
				if (first+i)%7 > 0 {
					at, vals, hashes = append(at, i), append(vals, float64(part)*1e6+float64(first+i)), append(hashes, uint64(first+i))
				}
			}
			s := &workers[w]
			s.pick(part, first, ids)
			s.take(0, at, vals, nil)
			s.take(1, at, nil, hashes)
		})
		order := rng.Perm(3)
		s := &workers[order[0]]
		if round%2 == 0 {
			s.merge(&workers[order[1]])
			s.merge(&workers[order[2]])
		} else {
			workers[order[1]].merge(&workers[order[2]])
			s.merge(&workers[order[1]])
		}
		s.sort()
		if len(s.ids) < 100 || len(s.ids) > 500 || s.whole() {
			t.Fatalf("%d rows were kept", len(s.ids))
		}
		for i, p := range s.rows {
			x, h := s.columns[0].numbers[i], s.columns[1].hashes[i]
			missing := p.row%7 == 0
			if missing != (x != x) || missing != (h == missingHash) || !missing && (x != float64(p.part)*1e6+float64(p.row) || h != max(uint64(p.row), replacedHash)) {
				t.Fatalf("row %+v has %v and %d", p, x, h)
			}
		}
		if round == 0 {
			want = *s
		} else if !slices.Equal(s.ids, want.ids) || !reflect.DeepEqual(s.rows, want.rows) {
			t.Error("other rows were kept")
		}
	}
}

// TestPatternsEqualCounting compares the patterns of any cut with a map.
func TestPatternsEqualCounting(t *testing.T) {
	rng := rand.New(rand.NewPCG(43, 44))
	for _, columns := range []int{3, 64, 65, 200} {
		truth := map[string]int64{}
		workers := [3]patterns{newPatterns(columns), newPatterns(columns), newPatterns(columns)}
		cut(rng, 4000, 700, func(w, part int, first, n int64) {
			p := &workers[w]
			p.start(int(n))
			var names []uint64
			for i := range n {
				names = append(names, nameOf(part, first+i))
				var at []int
				for c := range columns {
					if rng.IntN(columns) == 0 && c%3 == 0 {
						p.mark(int(i), c)
						at = append(at, c)
					}
				}
				if at != nil {
					truth[fmt.Sprint(at)]++
				}
			}
			p.end(names)
		})
		workers[2].merge(&workers[0])
		workers[1].merge(&workers[2])
		d := workers[1].values.Distribution()
		top, bound := d.Top(patternLimit)
		if distinct, _ := d.Distinct(); bound == 0 && (distinct != int64(len(truth)) || len(top) != len(truth)) {
			t.Errorf("%d patterns, want %d", distinct, len(truth))
		}
		for _, k := range top {
			if want := truth[fmt.Sprint(setColumns(k.Text))]; k.Count > want || k.Count+bound < want {
				t.Errorf("%v: %d rows, want %d", setColumns(k.Text), k.Count, want)
			}
		}
	}
}

// TestTracesKeepAllCopies: of every row whose hash is kept, all places are kept, whatever the cut.
func TestTracesKeepAllCopies(t *testing.T) {
	rng := rand.New(rand.NewPCG(45, 46))
	truth := map[uint64]int{}
	workers := [3]traces{}
	cut(rng, 300_000, 40_000, func(w, part int, first, n int64) {
		hashes := make([]uint64, n)
		for i := range hashes {
			hashes[i] = stats.Mix(uint64(rng.IntN(100_000)))
			truth[hashes[i]]++
		}
		workers[w].add(part, first, hashes)
	})
	workers[0].merge(&workers[2])
	workers[1].merge(&workers[0])
	kept := map[uint64]int{}
	for _, h := range workers[1].hashes {
		kept[h]++
	}
	if len(workers[1].hashes) > tracedRows || len(kept) < 1000 {
		t.Fatalf("%d places of %d rows", len(workers[1].hashes), len(kept))
	}
	for h, n := range kept {
		if n != truth[h] {
			t.Errorf("%d places of a row that stands %d times", n, truth[h])
		}
	}
}

func TestPersonalData(t *testing.T) {
	// Numbers are the test values that the schemes' own documents give.
	for text, kind := range map[string]string{
		"ann.lee@example.org": "email", "write to bob@mail.example.co.uk, please": "email", "GB82 WEST 1234 5698 7654 32": "iban", "DE89370400440532013000": "iban",
		"4111 1111 1111 1111": "card", "5555555555554444": "card", "378282246310005": "card", "192.168.0.1": "ip", "2001:db8::ff00:42:8329": "ip",
		"078-05-1120": "ssn", "+49 30 901820": "phone", "(212) 555-0100 99": "phone",
		"2024-01-31": "", "2024-01-31 10:11:12": "", "12:30:15": "", "a@b": "", "user@": "", "3.14159265": "", "DE00370400440532013000": "",
		"4111 1111 1111 1112": "", "000-12-3456": "", "1.2.3": "", "hello world": "", "N722MQ-XX": "", "10.1016/j.x.2020": "",
	} {
		found := private("value", []counted{{text, 3}}, 3)
		got := ""
		if len(found) > 0 {
			got = found[0].Kind
		}
		if got != kind || kind != "" && found[0].Count != 3 {
			t.Errorf("%q is %v, want %q", text, found, kind)
		}
	}
	if found := private("e-mail", nil, 0); len(found) != 1 || found[0].By != "name" {
		t.Errorf("a column called e-mail: %v", found)
	}
}

func TestTextFigures(t *testing.T) {
	f := figures("city", []counted{{"New York", 5}, {"new york", 2}, {" Oslo", 1}, {"Oslo", 4}, {"Köln", 3}, {"--", 1}, {"a\x01b", 1}, {"\xff", 1}}, false)
	want := Oddities{NonASCII: 4, InvalidUTF8: 1, Control: 1, Padded: 1, SpecialOnly: 2}
	if f.Values != 18 || f.Oddities != want || f.MedianLength != 4 || len(f.Variants) != 2 || f.Variants[0].Values[0].Value.Text != "New York" {
		t.Errorf("figures %+v", f)
	}
	if m := f.Masks[0]; m.Value.Text != "Aaaa" || m.Count != 7 {
		t.Errorf("masks %v", f.Masks)
	}
}

func TestSeason(t *testing.T) {
	rng := rand.New(rand.NewPCG(47, 48))
	for _, period := range []int{7, 12, 24} {
		x := make([]float64, 600)
		for i := range x {
			x[i] = float64(i%period*(period-i%period)) + rng.NormFloat64()
		}
		if s := overTime("t", x); s == nil || s.Season != period || s.Stationary {
			t.Errorf("a period of %d is %+v", period, s)
		}
	}
	noise := make([]float64, 600)
	for i := range noise {
		noise[i] = rng.NormFloat64()
	}
	if s := overTime("t", noise); s.Season != 0 || !s.Stationary {
		t.Errorf("noise is %+v", s)
	}
}
