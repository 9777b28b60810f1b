package report

import (
	"math"

	"pace/store"
)

// numColumn is one metric over all rows of a Table, one slice per number that a series answers.
type numColumn struct {
	have                        []bool
	last, first, min, max, mean []float64
	points                      []float64
}

func newNumColumn(rows int) *numColumn {
	c := &numColumn{}
	c.grow(rows)
	return c
}

func (c *numColumn) grow(rows int) {
	add := rows - len(c.have)
	if add <= 0 {
		return
	}
	c.have = append(c.have, make([]bool, add)...)
	for _, s := range []*[]float64{&c.last, &c.first, &c.min, &c.max, &c.mean, &c.points} {
		*s = append(*s, make([]float64, add)...)
	}
}

func (c *numColumn) set(row int32, s store.Summary) {
	c.have[row] = true
	c.last[row], c.first[row] = s.Last.Value, s.First.Value
	c.min[row], c.max[row] = s.Min.Value, s.Max.Value
	c.points[row] = float64(s.N)
	c.mean[row] = math.NaN()
	if finite := s.N - s.NaN - s.Inf; finite > 0 {
		c.mean[row] = s.Sum / float64(finite)
	}
}

// number answers one aggregate; best needs the metric's direction.
func (c *numColumn) number(row int32, agg, direction string) (float64, bool) {
	if !c.have[row] {
		return 0, false
	}
	values := c.values(agg, direction)
	if values == nil {
		return 0, false
	}
	return values[row], true
}

// values is the slice of one aggregate (query.Aggregates); nil for best without a direction.
func (c *numColumn) values(agg, direction string) []float64 {
	switch agg {
	case "", "last":
		return c.last
	case "first":
		return c.first
	case "min":
		return c.min
	case "max":
		return c.max
	case "mean":
		return c.mean
	case "points":
		return c.points
	case "best":
		switch direction {
		case "min":
			return c.min
		case "max":
			return c.max
		}
	}
	return nil
}

// textColumn is one param or tag over all rows of a Table: a code per row into the texts that occur; 0 is absent.
type textColumn struct {
	codes []uint32
	texts []string
	index map[string]uint32
}

func newTextColumn(rows int) *textColumn {
	return &textColumn{codes: make([]uint32, rows), texts: []string{""}, index: make(map[string]uint32)}
}

func (c *textColumn) grow(rows int) {
	if add := rows - len(c.codes); add > 0 {
		c.codes = append(c.codes, make([]uint32, add)...)
	}
}

func (c *textColumn) set(row int32, text string) {
	code, ok := c.index[text]
	if !ok {
		code = uint32(len(c.texts))
		c.texts = append(c.texts, text)
		c.index[text] = code
	}
	c.codes[row] = code
}

func (c *textColumn) text(row int32) (string, bool) {
	code := c.codes[row]
	return c.texts[code], code != 0
}

// listColumn is what a run has many of: notes, datasets, models.
type listColumn map[int32][]string
