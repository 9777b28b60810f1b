package stats

import (
	"cmp"
	"math/bits"
	"slices"
)

// textCap is how many bytes of a counted text are kept for showing.
const textCap = 256

// KeyCount is one counted value: its key, how often it was seen (a lower bound once the counter has dropped values) and the
// first bytes of its text when texts are counted.
type KeyCount struct {
	Key   uint64
	Count int64
	Text  string
}

// counter is an open-addressing table of key -> count, with an arena for texts. Past its capacity it becomes the frequent-items
// summary of Misra and Gries (1982) with batched decrements: counts are low by at most err.
type counter struct {
	keys   []uint64
	counts []int64
	refs   []uint32 // 1 + offset of the text in arena; nil when numbers are counted
	arena  []byte
	used   int
	shift  uint
	err    int64
}

func newCounter(texts bool) *counter {
	c := &counter{shift: 64}
	c.resize(16, texts)
	return c
}

func (c *counter) resize(size int, texts bool) {
	keys, counts, refs := c.keys, c.counts, c.refs
	c.keys, c.counts = make([]uint64, size), make([]int64, size)
	if texts {
		c.refs = make([]uint32, size)
	}
	c.shift = 64
	for s := size; s > 1; s >>= 1 {
		c.shift--
	}
	for i, n := range counts {
		if n > 0 {
			j := c.slot(keys[i])
			c.keys[j], c.counts[j] = keys[i], n
			if texts {
				c.refs[j] = refs[i]
			}
		}
	}
}

// slot finds the place of a key: its own, or the free one it would take.
func (c *counter) slot(key uint64) int {
	mask := len(c.keys) - 1
	i := int(key * 0x9e3779b97f4a7c15 >> c.shift)
	for c.counts[i] != 0 && c.keys[i] != key {
		i = (i + 1) & mask
	}
	return i
}

// add counts a key and returns its slot when it is new, else -1.
func (c *counter) add(key uint64, by int64) int {
	i := c.slot(key)
	if c.counts[i] != 0 {
		c.counts[i] += by
		return -1
	}
	if c.used*8 >= len(c.keys)*5 {
		c.resize(2*len(c.keys), c.refs != nil)
		i = c.slot(key)
	}
	c.keys[i], c.counts[i] = key, by
	c.used++
	return i
}

// setText keeps the text of a new key.
func (c *counter) setText(slot int, text []byte) {
	if len(text) > textCap {
		text = text[:textCap]
	}
	c.refs[slot] = uint32(len(c.arena)) + 1
	c.arena = append(c.arena, byte(len(text)), byte(len(text)>>8))
	c.arena = append(c.arena, text...)
}

func (c *counter) text(slot int) []byte {
	if c.refs == nil || c.refs[slot] == 0 {
		return nil
	}
	at := int(c.refs[slot]) - 1
	n := int(c.arena[at]) | int(c.arena[at+1])<<8
	return c.arena[at+2 : at+2+n]
}

// prune takes the (keep+1)-th largest count off every count, which leaves at most keep keys.
func (c *counter) prune(keep int) {
	if c.used <= keep {
		return
	}
	many := 0
	for _, n := range c.counts {
		if n > 1 {
			many++
		}
	}
	cut := int64(1)
	if many > keep {
		cut = c.largest(keep + 1)
	}
	c.err += cut
	c.drop(cut)
}

// largest is the k-th largest count.
func (c *counter) largest(k int) int64 {
	all := make([]int64, 0, c.used)
	for _, n := range c.counts {
		if n > 0 {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all[len(all)-k]
}

// shrink gives back the room of an exact table that became a summary of few keys; the size is rounded up to a power of two.
func (c *counter) shrink(size int) {
	size = 1 << bits.Len(uint(size-1))
	if len(c.keys) > size && c.used*8 < size*5 {
		c.resize(size, c.refs != nil)
	}
}

// drop lowers every count by cut and forgets what falls to nothing.
func (c *counter) drop(cut int64) {
	old := *c
	c.keys, c.counts, c.arena, c.used = make([]uint64, len(old.keys)), make([]int64, len(old.keys)), nil, 0
	if old.refs != nil {
		c.refs = make([]uint32, len(old.keys))
	}
	for i, n := range old.counts {
		if n <= cut {
			continue
		}
		j := c.slot(old.keys[i])
		c.keys[j], c.counts[j] = old.keys[i], n-cut
		c.used++
		if old.refs != nil && old.refs[i] != 0 {
			c.setText(j, old.text(i))
		}
	}
}

// merge adds the counts of another counter.
func (c *counter) merge(o *counter) {
	c.err += o.err
	for i, n := range o.counts {
		if n == 0 {
			continue
		}
		if j := c.add(o.keys[i], n); j >= 0 && c.refs != nil && o.refs[i] != 0 {
			c.setText(j, o.text(i))
		}
	}
}

// top lists the k largest counts, ties by text, then by key.
func (c *counter) top(k int) []KeyCount {
	all := make([]KeyCount, 0, c.used)
	var floor int64
	if c.used > 4*k && k > 0 {
		floor = c.largest(k)
	}
	for i, n := range c.counts {
		if n > 0 && n >= floor {
			all = append(all, KeyCount{Key: c.keys[i], Count: n, Text: string(c.text(i))})
		}
	}
	slices.SortFunc(all, byCount)
	return all[:min(k, len(all))]
}

func byCount(a, b KeyCount) int {
	return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Key, b.Key))
}
