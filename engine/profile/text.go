package profile

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"

	"pace/engine/stats"
)

// TextFigures are what the texts of a variable are made of. They are counted over Values values: all of them while the different
// texts are few enough to be kept, else a sample of the rows (Sampled). Of a text the first 256 bytes are looked at.
type TextFigures struct {
	Values       int64        `json:"values"`
	Sampled      bool         `json:"sampled,omitempty"`
	MedianLength int64        `json:"median_length"` // in characters
	LengthBounds [2]int64     `json:"length_bounds"` // the 3 % and the 97 % quantile of the length
	WordsMean    float64      `json:"words_mean"`
	Masks        []ValueCount `json:"masks"` // A a 9 for upper, lower and digits, else the character itself
	Classes      Classes      `json:"classes"`
	Oddities
	Variants []Variants `json:"variants,omitempty"`
	PII      []PII      `json:"pii,omitempty"`
}

// Classes are shares of the characters.
type Classes struct {
	Letters     float64 `json:"letters"`
	Digits      float64 `json:"digits"`
	Spaces      float64 `json:"spaces"`
	Punctuation float64 `json:"punctuation"`
	Other       float64 `json:"other"`
}

// Oddities count values with something unusual in them.
type Oddities struct {
	NonASCII    int64 `json:"non_ascii"`
	InvalidUTF8 int64 `json:"invalid_utf8"`
	Control     int64 `json:"control"`      // control characters other than tab and newline
	Padded      int64 `json:"padded"`       // white space at an end
	SpecialOnly int64 `json:"special_only"` // neither a letter nor a digit
}

// Variants are spellings that differ in case, spaces and punctuation only, the most frequent first.
type Variants struct {
	Values []ValueCount `json:"values"`
}

const (
	shownMasks    = 10
	maskCap       = 32
	shownVariants = 10
	examples      = 4096
)

// examples keeps the texts of some rows, chosen as those of sample.
type textSample struct {
	ids   []uint64
	texts []string
	bits  uint
	cap   int
}

func (s *textSample) add(w *worker, data []byte) {
	limit := ^uint64(0) >> s.bits
	for i, id := range w.rowIDs {
		if id > limit {
			continue
		}
		lo, hi := w.start[i], min(w.end[i], w.start[i]+256)
		s.ids, s.texts = append(s.ids, id), append(s.texts, string(data[lo:hi]))
		if len(s.ids) > s.cap {
			s.halve(s.bits + 1)
			limit = ^uint64(0) >> s.bits
		}
	}
}

func (s *textSample) halve(bits uint) {
	s.bits = bits
	n := 0
	for i, id := range s.ids {
		if id <= ^uint64(0)>>bits {
			s.ids[n], s.texts[n] = id, s.texts[i]
			n++
		}
	}
	s.ids, s.texts = s.ids[:n], s.texts[:n]
}

func (s *textSample) merge(o *textSample) {
	bits := max(s.bits, o.bits)
	s.halve(bits)
	o.halve(bits)
	s.ids, s.texts = append(s.ids, o.ids...), append(s.texts, o.texts...)
	for len(s.ids) > s.cap {
		s.halve(s.bits + 1)
	}
}

// counted is a text and how often it stands there.
type counted struct {
	text  string
	count int64
}

// looked lists the texts to look at, and whether they are only a sample.
func (c *column) looked(d *stats.Distribution) (texts []counted, sampled bool) {
	if d.EachText(func(text []byte, n int64) { texts = append(texts, counted{string(text), n}) }) {
		return texts, false
	}
	for _, t := range c.examples.texts {
		texts = append(texts, counted{t, 1})
	}
	return texts, true
}

// figures looks at the texts of a column.
func figures(name string, texts []counted, sampled bool) *TextFigures {
	slices.SortFunc(texts, func(a, b counted) int { return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.text, b.text)) })
	f := &TextFigures{Sampled: sampled, Masks: []ValueCount{}}
	masks, lengths := map[string]int64{}, map[int64]int64{}
	var kinds [5]int64
	var words int64
	for _, t := range texts {
		f.Values += t.count
		seen := look(t.text)
		for i, n := range seen.kinds {
			kinds[i] += n * t.count
		}
		f.Oddities.add(seen, t.count)
		words += seen.words * t.count
		lengths[seen.chars] += t.count
		if len(masks) < 10_000 || masks[seen.mask] > 0 {
			masks[seen.mask] += t.count
		}
	}
	if f.Values == 0 {
		return nil
	}
	f.WordsMean = float64(words) / float64(f.Values)
	f.MedianLength, f.LengthBounds = rankOf(lengths, f.Values, 0.5), [2]int64{rankOf(lengths, f.Values, 0.03), rankOf(lengths, f.Values, 0.97)}
	all := float64(max(kinds[0]+kinds[1]+kinds[2]+kinds[3]+kinds[4], 1))
	f.Classes = Classes{float64(kinds[0]) / all, float64(kinds[1]) / all, float64(kinds[2]) / all, float64(kinds[3]) / all, float64(kinds[4]) / all}
	f.Masks = commonest(masks, shownMasks)
	f.Variants = variants(texts)
	f.PII = private(name, texts, f.Values)
	return f
}

func commonest(counts map[string]int64, most int) []ValueCount {
	out := make([]ValueCount, 0, len(counts))
	for text, n := range counts {
		out = append(out, ValueCount{Str(text), n})
	}
	slices.SortFunc(out, func(a, b ValueCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value.Text, b.Value.Text))
	})
	return out[:min(len(out), most)]
}

// rankOf is a quantile of counted lengths.
func rankOf(lengths map[int64]int64, total int64, p float64) int64 {
	keys := make([]int64, 0, len(lengths))
	for k := range lengths {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	rank, seen := int64(p*float64(total-1)), int64(0)
	for _, k := range keys {
		if seen += lengths[k]; seen > rank {
			return k
		}
	}
	return 0
}

// seen is what one text is made of: letters, digits, spaces, punctuation, other.
type seen struct {
	kinds                      [5]int64
	chars, words               int64
	mask                       string
	control, invalid, nonASCII bool
	padded                     bool
}

func (o *Oddities) add(s seen, n int64) {
	for _, odd := range []struct {
		count *int64
		is    bool
	}{{&o.NonASCII, s.nonASCII}, {&o.InvalidUTF8, s.invalid}, {&o.Control, s.control}, {&o.Padded, s.padded},
		{&o.SpecialOnly, s.chars > 0 && s.kinds[0]+s.kinds[1] == 0}} {
		if odd.is {
			*odd.count += n
		}
	}
}

func look(text string) (s seen) {
	mask := make([]rune, 0, maskCap)
	space := true
	for i, r := range text {
		s.chars++
		m := r
		switch {
		case r == utf8.RuneError:
			_, size := utf8.DecodeRuneInString(text[i:])
			// A text that was cut may end within a character.
			s.invalid = s.invalid || size == 1 && i < 250
			s.kinds[4]++
		case unicode.IsLetter(r):
			s.kinds[0]++
			if m = 'a'; unicode.IsUpper(r) {
				m = 'A'
			}
		case unicode.IsDigit(r):
			s.kinds[1]++
			m = '9'
		case unicode.IsSpace(r):
			s.kinds[2]++
		case unicode.IsControl(r):
			s.control = true
			s.kinds[4]++
		case unicode.IsPunct(r) || unicode.IsSymbol(r):
			s.kinds[3]++
		default:
			s.kinds[4]++
		}
		if space && !unicode.IsSpace(r) {
			s.words++
		}
		space = unicode.IsSpace(r)
		s.padded = s.padded || space && i == 0
		s.nonASCII = s.nonASCII || r >= utf8.RuneSelf
		if len(mask) < maskCap {
			mask = append(mask, m)
		} else if len(mask) == maskCap {
			mask = append(mask, '…')
		}
	}
	s.padded = s.padded || space && s.chars > 0
	s.mask = string(mask)
	return s
}

// variants groups spellings that are equal without case, spaces and punctuation. Texts are in order of frequency.
func variants(texts []counted) (found []Variants) {
	groups := map[string][]counted{}
	var order []string
	for _, t := range texts[:min(len(texts), 20_000)] {
		key := plainForm(t.text)
		if len(key) < 2 {
			continue
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], t)
	}
	for _, key := range order {
		if g := groups[key]; len(g) > 1 && len(found) < shownVariants {
			v := Variants{}
			for _, t := range g[:min(len(g), 5)] {
				v.Values = append(v.Values, ValueCount{Str(t.text), t.count})
			}
			found = append(found, v)
		}
	}
	return found
}

// plainForm is a text without case and anything but letters and digits; empty where that would join numbers ("1.5" and "15").
func plainForm(text string) string {
	out := make([]rune, 0, len(text))
	letters := false
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters = true
			out = append(out, unicode.ToLower(r))
		} else if unicode.IsDigit(r) {
			out = append(out, r)
		}
	}
	if !letters {
		return ""
	}
	return string(out)
}
