package stats

import "sort"

// EachText calls f for every counted text (its first 256 bytes) in no order; false, and no call, when not all texts are kept.
func (d *Distribution) EachText(f func(text []byte, count int64)) bool {
	if d.number || d.cum == nil {
		return false
	}
	for i, n := range d.top.counts {
		if n > 0 {
			f(d.top.text(i), n)
		}
	}
	return true
}

// EachNumber calls f for every different number with its count, in order; from the row sample when sketched.
func (d *Distribution) EachNumber(f func(x float64, count int64)) {
	d.eachRun(func(key uint64, n int64) { f(d.at(key), n) })
}

// Below counts the values smaller than x, and those not larger. From sketches both are the middle of the bucket of x.
func (d *Distribution) Below(x float64) (less, notMore int64) {
	if d.sk != nil {
		lo, hi := d.log.Rank(x)
		return lo + (hi-lo)/2, lo + (hi-lo)/2
	}
	upTo := func(i int) int64 {
		if d.cum == nil || i == 0 {
			return int64(i)
		}
		return d.cum[i-1]
	}
	i := sort.Search(len(d.keys), func(i int) bool { return d.at(d.keys[i]) >= x })
	j := sort.Search(len(d.keys), func(i int) bool { return d.at(d.keys[i]) > x })
	return upTo(i), upTo(j)
}

// Ends are the k smallest different values in rising and the k largest in falling order; without sketches only.
func (d *Distribution) Ends(k int) (low, high []KeyCount) {
	if d.sk != nil {
		return nil, nil
	}
	for at := 0; at < len(d.keys) && len(low) < k; {
		end := at + 1
		n := int64(1)
		if d.cum != nil {
			n = d.cum[at]
			if at > 0 {
				n -= d.cum[at-1]
			}
		}
		for ; d.cum == nil && end < len(d.keys) && d.keys[end] == d.keys[at]; end++ {
			n++
		}
		low = append(low, KeyCount{Key: d.keys[at], Count: n})
		at = end
	}
	for at := len(d.keys); at > 0 && len(high) < k; {
		start := at - 1
		n := int64(1)
		if d.cum != nil {
			n = d.cum[start]
			if start > 0 {
				n -= d.cum[start-1]
			}
		}
		for ; d.cum == nil && start > 0 && d.keys[start-1] == d.keys[at-1]; start-- {
			n++
		}
		high = append(high, KeyCount{Key: d.keys[at-1], Count: n})
		at = start
	}
	return low, high
}
