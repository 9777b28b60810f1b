package stats

// sieve keeps rare keys away from the summary of the frequent ones: a key passes once its cell was hit sieveDepth times since the
// sieve was last emptied. Each emptying lets a key lose sieveDepth occurrences at most.
type sieve struct {
	cells []uint8
	held  int // occurrences that did not pass since it was emptied
}

const (
	sieveBits  = 16
	sieveDepth = 2
)

// pass tells which keys of a batch pass, by their places appended to out; lost is how much lower counts may be for it.
func (s *sieve) pass(keys []uint64, out []uint32) (passed []uint32, lost int64) {
	if s.cells == nil {
		s.cells = make([]uint8, 1<<sieveBits)
		lost = sieveDepth
	}
	cells := s.cells[:1<<sieveBits]
	for i, k := range keys {
		c := &cells[k*0xd6e8feb86659fd93>>(64-sieveBits)]
		if *c < sieveDepth {
			*c++
			s.held++
			continue
		}
		out = append(out, uint32(i))
	}
	if s.held >= sieveDepth<<(sieveBits-1) {
		clear(s.cells)
		s.held = 0
		lost += sieveDepth
	}
	return out, lost
}
