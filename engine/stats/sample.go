package stats

import "slices"

// rowSample keeps the keys of the rows whose hash falls under a threshold that halves when the sample grows past its capacity.
// What is kept depends only on the rows, not on their order or on how they were cut into parts.
type rowSample struct {
	pri  []uint32
	keys []uint64
	bits uint // rows kept have this many leading zero bits in their hash
	cap  int
}

func (s *rowSample) add(keys, rows []uint64) {
	limit := ^uint64(0) >> s.bits
	for i, r := range rows {
		if r <= limit {
			s.pri = append(s.pri, uint32(r>>32))
			s.keys = append(s.keys, keys[i])
			if len(s.keys) > s.cap {
				s.halve()
				limit = ^uint64(0) >> s.bits
			}
		}
	}
}

func (s *rowSample) halve() {
	s.bits++
	s.filter()
}

func (s *rowSample) filter() {
	n := 0
	for i, p := range s.pri {
		if p <= ^uint32(0)>>s.bits {
			s.pri[n], s.keys[n] = p, s.keys[i]
			n++
		}
	}
	s.pri, s.keys = s.pri[:n], s.keys[:n]
}

func (s *rowSample) merge(o *rowSample) {
	s.bits = max(s.bits, o.bits)
	s.pri, s.keys = append(s.pri, o.pri...), append(s.keys, o.keys...)
	s.filter()
	for len(s.keys) > s.cap {
		s.halve()
	}
}

// sorted returns the sampled keys in order.
func (s *rowSample) sorted() []uint64 {
	keys := slices.Clone(s.keys)
	SortKeys(keys, nil)
	return keys
}

// hashSample keeps exact counts for the values whose hash falls under a halving threshold (Gibbons' distinct sampling, VLDB
// 2001); it tells which share of the distinct values was seen once.
type hashSample struct {
	seen *counter
	bits uint
	cap  int
}

func (s *hashSample) add(hashes []uint64) {
	if s.seen == nil {
		s.seen = newCounter(false)
	}
	limit := ^uint64(0) >> s.bits
	for _, h := range hashes {
		if h <= limit {
			s.seen.add(h, 1)
			if s.seen.used > s.cap {
				s.shrink(s.bits + 1)
				limit = ^uint64(0) >> s.bits
			}
		}
	}
}

func (s *hashSample) shrink(bits uint) {
	old := s.seen
	s.bits, s.seen = bits, newCounter(false)
	for i, n := range old.counts {
		if n > 0 && old.keys[i] <= ^uint64(0)>>bits {
			s.seen.add(old.keys[i], n)
		}
	}
}

func (s *hashSample) merge(o *hashSample) {
	if o.seen == nil {
		return
	}
	if s.seen == nil {
		s.seen = newCounter(false)
	}
	bits := max(s.bits, o.bits)
	s.seen.merge(o.seen)
	s.shrink(bits)
	for s.seen.used > s.cap {
		s.shrink(s.bits + 1)
	}
}

// onceShare is the share of sampled distinct values that were seen once, and how many distinct values were sampled.
func (s *hashSample) onceShare() (share float64, sampled int) {
	if s.seen == nil || s.seen.used == 0 {
		return 0, 0
	}
	once := 0
	for _, n := range s.seen.counts {
		if n == 1 {
			once++
		}
	}
	return float64(once) / float64(s.seen.used), s.seen.used
}
