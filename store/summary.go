package store

import (
	"encoding/binary"
	"fmt"
	"math"
)

// add takes points into the summary, in arrival order.
func (s *Summary) add(p Points) {
	if len(p.Values) == 0 {
		return
	}
	if s.N == 0 {
		none := Point{NoStep, NoTime, math.NaN()}
		s.First = p.at(0)
		s.Last, s.Min, s.Max, s.Segments = s.First, none, none, 1
	}
	s.N += int64(len(p.Values))
	for i, v := range p.Values {
		if v-v != 0 { // NaN or infinite
			if math.IsNaN(v) {
				s.NaN++
			} else {
				s.Inf++
			}
			continue
		}
		s.Sum += v
		if !(v >= s.Min.Value) {
			s.Min = p.at(i)
		}
		if !(v <= s.Max.Value) {
			s.Max = p.at(i)
		}
	}
	if p.Unordered {
		s.latest(p)
	} else {
		s.restarts(p)
	}
}

// latest keeps the greatest point by (step, time, value), as MLflow's own client does
// (mlflow/store/tracking/file_store.py, _get_metric_from_lines: Python's max over that tuple). As there, a NaN
// is greater than nothing and nothing is greater than it: at one step and time the one that came first stays.
func (s *Summary) latest(p Points) {
	last := s.Last
	for i, step := range p.Steps {
		if step < last.Step {
			continue
		}
		if o := p.at(i); last.before(o) {
			last = o
		}
	}
	s.Last, s.Segments = last, 1
}

func (p Point) before(o Point) bool {
	if p.Step != o.Step {
		return p.Step < o.Step
	}
	if p.Time != o.Time {
		return p.Time < o.Time
	}
	return p.Value < o.Value
}

// restarts counts the steps that go back. Where one of two neighbours has no step there is no restart.
func (s *Summary) restarts(p Points) {
	prev := s.Last.Step
	for _, step := range p.Steps {
		if back(prev, step) {
			s.Segments++
		}
		prev = step
	}
	s.Last = p.at(len(p.Values) - 1)
}

func back(prev, step int64) bool { return step < prev && step != NoStep }

// segments numbers each point's segment from 0.
func segments(steps []int64) []int32 {
	out := make([]int32, len(steps))
	n := int32(0)
	for i := 1; i < len(steps); i++ {
		if back(steps[i-1], steps[i]) {
			n++
		}
		out[i] = n
	}
	return out
}

func (p Points) at(i int) Point { return Point{p.Steps[i], p.Times[i], p.Values[i]} }

// appendSummary packs everything but run, key and system; FORMAT.md, "Summary".
func appendSummary(dst []byte, s Summary) []byte {
	for _, n := range [...]int64{s.N, s.NaN, s.Inf, s.Segments} {
		dst = binary.AppendUvarint(dst, uint64(n))
	}
	var from Point
	for _, p := range [...]Point{s.First, s.Last, s.Min, s.Max} {
		dst = appendVarint(dst, p.Step-from.Step)
		dst = appendVarint(dst, p.Time-from.Time)
		dst = binary.LittleEndian.AppendUint64(dst, math.Float64bits(p.Value))
		from = p
	}
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(s.Sum))
}

// decodeSummary undoes appendSummary.
func decodeSummary(src []byte, s *Summary) error {
	at := 0
	for _, n := range [...]*int64{&s.N, &s.NaN, &s.Inf, &s.Segments} {
		u, next := readUvarint(src, at)
		if next == 0 || u > math.MaxInt64 {
			return fmt.Errorf("decode summary: %w", errHeader)
		}
		*n, at = int64(u), next
	}
	var from Point
	for _, p := range [...]*Point{&s.First, &s.Last, &s.Min, &s.Max} {
		step, next := readVarint(src, at)
		if next == 0 {
			return fmt.Errorf("decode summary: %w", errInts)
		}
		micros, next := readVarint(src, next)
		if next == 0 || len(src)-next < 8 {
			return fmt.Errorf("decode summary: %w", errInts)
		}
		*p = Point{from.Step + step, from.Time + micros, readFloat(src[next:])}
		from, at = *p, next+8
	}
	if len(src)-at != 8 {
		return fmt.Errorf("decode summary: %w", errTrailer)
	}
	s.Sum = readFloat(src[at:])
	return nil
}

func readFloat(src []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(src)) }
