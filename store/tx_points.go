package store

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

const (
	// maxBuffered bounds the points, and maxOpen the series, that a transaction holds before it writes
	// its open tails: about 12 MB.
	maxBuffered = 1 << 18
	maxOpen     = 1 << 15
	// chunkShift makes a chunk's id: the series' id above it, the chunk's place in the series below.
	chunkShift = 20
)

type seriesKey struct{ run, key int64 }

// openSeries is a series that this transaction appends to.
type openSeries struct {
	seriesKey
	id      int64
	fresh   bool // has no row yet
	system  bool
	summary Summary
	chunks  int64  // full chunks written
	tail    Points // the points after them
}

// tails are the open series of a transaction.
type tails struct {
	open     map[seriesKey]*openSeries
	buffered int
	nextID   int64 // 0 until looked up
	// The series of the call before: formats say a series' points in a row.
	last             *openSeries
	lastRun, lastKey string
}

// AppendPoints takes points of one series in arrival order. The slices have one length and may be reused
// after the call. A series is unordered from the first batch on that says so.
func (tx *Tx) AppendPoints(run, key string, system bool, p Points) error {
	if len(p.Steps) != len(p.Values) || len(p.Times) != len(p.Values) {
		return fmt.Errorf("append points: %d steps, %d times, %d values", len(p.Steps), len(p.Times), len(p.Values))
	}
	if len(p.Values) == 0 {
		return nil
	}
	s, err := tx.series(run, key, system)
	if err != nil {
		return err
	}
	s.tail.Unordered = s.tail.Unordered || p.Unordered
	p.Unordered = s.tail.Unordered
	s.summary.add(p)
	tx.seen(s.run, p.Times)
	return tx.pack(s, p)
}

// TouchRun says that a run was seen to grow at a time, for points without one.
func (tx *Tx) TouchRun(run string, at time.Time) error {
	rid, err := tx.run(run)
	if err != nil {
		return err
	}
	tx.seen(rid, []int64{at.UnixMicro()})
	return nil
}

// seen keeps the newest time of a run's points.
func (tx *Tx) seen(run int64, times []int64) {
	newest := NoTime
	for _, t := range times {
		newest = max(newest, t)
	}
	if newest == NoTime {
		return
	}
	if t, ok := tx.active[run]; !ok || newest > t {
		tx.active[run] = newest
	}
}

// pack writes what fills a chunk and keeps the rest as the open tail.
func (tx *Tx) pack(s *openSeries, p Points) error {
	for len(p.Values) > 0 {
		have := len(s.tail.Values)
		n := min(chunkPoints-have, len(p.Values))
		if n == chunkPoints { // nothing open: straight from the caller's slices
			if err := tx.putChunk(s, p.slice(0, n)); err != nil {
				return err
			}
			s.chunks++
		} else {
			s.tail.push(p.slice(0, n))
			tx.tails.buffered += n
			if have+n == chunkPoints {
				if err := tx.putChunk(s, s.tail); err != nil {
					return err
				}
				s.chunks++
				s.tail = s.tail.slice(0, 0)
				tx.tails.buffered -= chunkPoints
			}
		}
		p = p.slice(n, len(p.Values))
	}
	if tx.tails.buffered > maxBuffered || len(tx.tails.open) > maxOpen {
		return tx.spill()
	}
	return nil
}

// series opens a series for appending.
func (tx *Tx) series(run, key string, system bool) (*openSeries, error) {
	if t := &tx.tails; t.last != nil && t.lastRun == run && t.lastKey == key {
		return t.last, nil
	}
	rid, err := tx.run(run)
	if err != nil {
		return nil, err
	}
	name, err := tx.name(key)
	if err != nil {
		return nil, err
	}
	tx.change.Runs[run] = true
	s := tx.tails.open[seriesKey{rid, name}]
	if s == nil {
		if s, err = tx.openSeries(seriesKey{rid, name}, system); err != nil {
			return nil, err
		}
		tx.tails.open[s.seriesKey] = s
	}
	tx.tails.last, tx.tails.lastRun, tx.tails.lastKey = s, run, key
	return s, nil
}

func (tx *Tx) openSeries(k seriesKey, system bool) (*openSeries, error) {
	s := &openSeries{seriesKey: k}
	var blob []byte
	ok := !tx.fresh[k.run]
	var err error
	if ok {
		ok, err = tx.find(findSeries, "series", []any{&s.id, &s.system, &s.tail.Unordered, &blob}, k.key, k.run)
	}
	if err != nil {
		return nil, err
	}
	if !ok {
		s.fresh, s.system = true, system
		s.id, err = tx.newSeriesID()
		return s, err
	}
	if err := decodeSummary(blob, &s.summary); err != nil {
		return nil, fail("read", "series", fmt.Errorf("%w: %w", ErrDamaged, err))
	}
	s.chunks = s.summary.N / chunkPoints
	if s.summary.N%chunkPoints == 0 {
		return s, nil
	}
	return s, tx.openTail(s)
}

// openTail reads the last, short chunk back.
func (tx *Tx) openTail(s *openSeries) error {
	var blob []byte
	ok, err := tx.find(getChunk, "series", []any{&blob}, s.id<<chunkShift+s.chunks)
	if err != nil {
		return err
	}
	if ok {
		err = tx.w.codec.decodeChunk(blob, &s.tail)
	}
	if err != nil || int64(len(s.tail.Values)) != s.summary.N%chunkPoints {
		return fail("read", "series", fmt.Errorf("%w: last chunk does not match its series", ErrDamaged))
	}
	tx.tails.buffered += len(s.tail.Values)
	return nil
}

func (tx *Tx) newSeriesID() (int64, error) {
	if tx.tails.nextID == 0 {
		var top int64
		if _, err := tx.find(maxChunk, "series", []any{&top}); err != nil {
			return 0, err
		}
		tx.tails.nextID = top>>chunkShift + 1
	}
	tx.tails.nextID++
	return tx.tails.nextID - 1, nil
}

// spill writes every open tail and closes the series, in the order of the tables: the page cache is small.
func (tx *Tx) spill() error {
	open := slices.Collect(maps.Values(tx.tails.open))
	slices.SortFunc(open, func(a, b *openSeries) int { return cmp.Compare(a.id, b.id) })
	for _, s := range open {
		if len(s.tail.Values) == 0 {
			continue
		}
		if err := tx.putChunk(s, s.tail); err != nil {
			return err
		}
	}
	slices.SortFunc(open, func(a, b *openSeries) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.run, b.run))
	})
	for _, s := range open {
		if err := tx.putSeries(s); err != nil {
			return err
		}
	}
	clear(tx.tails.open)
	clear(tx.fresh)
	tx.tails.last, tx.tails.buffered = nil, 0
	return nil
}

func (tx *Tx) putSeries(s *openSeries) error {
	w := tx.w
	w.blob = appendSummary(w.blob[:0], s.summary)
	latest := real(s.summary.Last.Value)
	if !s.fresh {
		_, err := tx.exec(setSeries, "series", s.key, s.run, s.tail.Unordered, latest, w.blob)
		return err
	}
	one := counts{metrics: 1}
	if s.system {
		one.system = 1
	}
	tx.count(s.key, one)
	_, err := tx.exec(addSeries, "series", s.key, s.run, s.id, s.system, s.tail.Unordered, latest, w.blob)
	return err
}

// putChunk writes the chunk after those that are full.
func (tx *Tx) putChunk(s *openSeries, p Points) error {
	if s.chunks >= 1<<chunkShift {
		return fmt.Errorf("append points: series is longer than %d points", chunkPoints<<chunkShift)
	}
	w := tx.w
	w.blob = w.codec.appendChunk(w.blob[:0], p)
	t := tallyOf(p.Values)
	n := len(p.Values)
	_, err := tx.exec(putChunk, "chunk", s.id<<chunkShift+s.chunks, n, t.nan, t.inf, step(p.Steps[0]), step(p.Steps[n-1]),
		real(t.min), real(t.max), t.sum, real(p.Values[n-1]), w.blob)
	return err
}

// real is NULL for NaN, as SQLite would have it.
func real(v float64) any {
	if math.IsNaN(v) {
		return nil
	}
	return v
}

func step(s int64) any {
	if s == NoStep {
		return nil
	}
	return s
}

// ResetSeries forgets the points of one series, or of every series of the run where key is "". An unknown
// one is no error.
func (tx *Tx) ResetSeries(run, key string) error {
	rid, ok, err := tx.knownRun(run)
	if err != nil || !ok {
		return err
	}
	if err := tx.spill(); err != nil { // so that every series has its row
		return err
	}
	rows, err := tx.seriesOf(rid)
	if err != nil {
		return err
	}
	name := int64(0)
	if key != "" {
		if name, err = tx.name(key); err != nil {
			return err
		}
	}
	for _, s := range rows {
		if key != "" && s.key != name {
			continue
		}
		if err := tx.dropSeries(s); err != nil {
			return err
		}
		tx.change.Runs[run] = true
	}
	return nil
}

func (tx *Tx) seriesOf(run int64) ([]openSeries, error) {
	rows, err := tx.w.stmts[runSeries].Query(run)
	if err != nil {
		return nil, fail("read", "series", err)
	}
	defer rows.Close()
	var out []openSeries
	for rows.Next() {
		s := openSeries{seriesKey: seriesKey{run: run}}
		if err := rows.Scan(&s.key, &s.id, &s.system); err != nil {
			return nil, fail("read", "series", err)
		}
		out = append(out, s)
	}
	return out, fail("read", "series", rows.Err())
}

func (tx *Tx) dropSeries(s openSeries) error {
	if _, err := tx.exec(dropChunks, "series", s.id<<chunkShift, (s.id+1)<<chunkShift); err != nil {
		return err
	}
	if _, err := tx.exec(dropSeries, "series", s.key, s.run); err != nil {
		return err
	}
	one := counts{metrics: -1}
	if s.system {
		one.system = -1
	}
	tx.count(s.key, one)
	return nil
}
