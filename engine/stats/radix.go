package stats

// SortKeys sorts keys in place with a least-significant-digit radix sort of 11-bit digits; passes in which all keys share the
// digit are skipped. scratch is grown when short and returned for reuse.
func SortKeys(keys, scratch []uint64) []uint64 {
	const digits, bits = 6, 11
	n := len(keys)
	if cap(scratch) < n {
		scratch = make([]uint64, n)
	}
	var counts [digits][1 << bits]uint32
	for _, k := range keys {
		for d := range digits {
			counts[d][k>>(d*bits)&(1<<bits-1)]++
		}
	}
	src, dst := keys, scratch[:n]
	for d := range digits {
		c := &counts[d]
		if n == 0 || int(c[src[0]>>(d*bits)&(1<<bits-1)]) == n {
			continue
		}
		var at uint32
		for i := range c {
			c[i], at = at, at+c[i]
		}
		for _, k := range src {
			p := &c[k>>(d*bits)&(1<<bits-1)]
			dst[*p] = k
			*p++
		}
		src, dst = dst, src
	}
	if n > 0 && &src[0] != &keys[0] {
		copy(keys, src)
	}
	return scratch
}
