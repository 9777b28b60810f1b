package store

import (
	"encoding/binary"
	"fmt"
	"math"
)

// chunkPoints is how many points a full chunk holds: every chunk of a series but the last is full.
const chunkPoints = 1024

// maxChunkPoints bounds what a decoder makes room for, whatever a blob says.
const maxChunkPoints = 1 << 16

// chunkLayout is the first byte of a chunk.
const chunkLayout = 1

// timeScales are the units that times are counted in: the greatest that divides every time of the chunk.
var timeScales = [...]int64{1, 1_000, 1_000_000}

// codec packs and unpacks chunks. It keeps scratch space and is not safe for two goroutines.
type codec struct{ ints []int64 }

func (c *codec) room(n int) []int64 {
	if cap(c.ints) < n {
		c.ints = make([]int64, max(n, chunkPoints))
	}
	return c.ints[:n]
}

// appendChunk packs 1 to maxChunkPoints points behind dst; FORMAT.md, "Chunk".
func (c *codec) appendChunk(dst []byte, p Points) []byte {
	ints := c.room(len(p.Values))
	dst = append(dst, chunkLayout)
	dst = binary.AppendUvarint(dst, uint64(len(p.Values)))
	dst = appendInts(dst, p.Steps)
	scale := timeScale(p.Times)
	dst = append(dst, scale)
	times := p.Times
	if unit := timeScales[scale]; unit != 1 {
		for i, t := range times {
			ints[i] = t / unit
		}
		times = ints
	}
	dst = appendInts(dst, times)
	return appendFloats(dst, p.Values, ints)
}

func timeScale(times []int64) byte {
	scale := len(timeScales) - 1
	for _, t := range times {
		for t%timeScales[scale] != 0 {
			scale--
		}
	}
	return byte(scale)
}

// chunkLen is how many points a chunk says it holds, and where its steps start.
func chunkLen(data []byte) (n, at int, err error) {
	if len(data) == 0 || data[0] != chunkLayout {
		return 0, 0, fmt.Errorf("decode chunk: %w", errHeader)
	}
	count, at := readUvarint(data, 1)
	if at == 0 || count == 0 || count > maxChunkPoints {
		return 0, 0, fmt.Errorf("decode chunk: %w", errHeader)
	}
	return int(count), at, nil
}

// decodeChunk unpacks a chunk behind p. Damaged bytes give an error and leave p as it was.
func (c *codec) decodeChunk(data []byte, p *Points) error {
	n, at, err := chunkLen(data)
	if err != nil {
		return err
	}
	was := len(p.Values)
	p.grow(n)
	if err := c.fill(data, at, p.slice(was, was+n)); err != nil {
		*p = p.slice(0, was)
		return fmt.Errorf("decode chunk: %w", err)
	}
	return nil
}

func (c *codec) fill(data []byte, at int, p Points) error {
	at, err := readInts(data, at, p.Steps)
	if err != nil {
		return err
	}
	if at >= len(data) || int(data[at]) >= len(timeScales) {
		return errHeader
	}
	unit := timeScales[data[at]]
	if at, err = readInts(data, at+1, p.Times); err != nil {
		return err
	}
	if unit != 1 {
		for i := range p.Times {
			p.Times[i] *= unit
		}
	}
	if at, err = readFloats(data, at, p.Values, c.room(len(p.Values))); err != nil {
		return err
	}
	if at != len(data) {
		return errTrailer
	}
	return nil
}

// slice is the points from i to before j; the capacity is kept.
func (p Points) slice(i, j int) Points {
	return Points{Steps: p.Steps[i:j], Times: p.Times[i:j], Values: p.Values[i:j], Unordered: p.Unordered}
}

// grow makes the slices n longer; what is new in them is undefined.
func (p *Points) grow(n int) {
	p.Steps = longer(p.Steps, n)
	p.Times = longer(p.Times, n)
	p.Values = longer(p.Values, n)
}

func longer[T any](s []T, n int) []T {
	if len(s)+n <= cap(s) {
		return s[:len(s)+n]
	}
	return append(s, make([]T, n)...)
}

func (p *Points) push(o Points) {
	p.Steps = append(p.Steps, o.Steps...)
	p.Times = append(p.Times, o.Times...)
	p.Values = append(p.Values, o.Values...)
}

// tally is what a chunk's row says about it without its points.
type tally struct {
	nan, inf      int64
	min, max, sum float64 // finite values only; min and max are NaN where there is none
}

func tallyOf(values []float64) tally {
	t := tally{min: math.Inf(1), max: math.Inf(-1)}
	for _, v := range values {
		if v-v != 0 { // NaN or infinite
			t.odd(v)
			continue
		}
		t.sum += v
		if v < t.min {
			t.min = v
		}
		if v > t.max {
			t.max = v
		}
	}
	if t.nan+t.inf == int64(len(values)) {
		t.min, t.max = math.NaN(), math.NaN()
	}
	return t
}

func (t *tally) odd(v float64) {
	if math.IsNaN(v) {
		t.nan++
	} else {
		t.inf++
	}
}
