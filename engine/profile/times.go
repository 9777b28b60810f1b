package profile

import (
	"math"
	"slices"
	"time"

	"pace/engine/stats"
)

// Times is what the stamps of a datetime variable tell beside their range.
type Times struct {
	SpanSeconds float64   `json:"span_seconds"`
	Granularity string    `json:"granularity"`  // the coarsest unit all stamps are whole in: day, hour, minute, second or subsecond
	Future      int64     `json:"future"`       // stamps after the time of profiling
	Epoch       int64     `json:"epoch"`        // stamps of exactly 1970-01-01T00:00:00Z
	OutOfOrder  int64     `json:"out_of_order"` // rows whose stamp lies before that of the row before
	OrderRows   []int64   `json:"order_rows,omitempty"`
	Repeated    int64     `json:"repeated"` // stamps that were there already
	Weekdays    [7]int64  `json:"weekdays"` // from Monday; of the sampled rows when Sampled
	Hours       [24]int64 `json:"hours"`
	Sampled     bool      `json:"sampled,omitempty"`
	// Cadence is absent when there are too many different stamps to be kept.
	Cadence *Cadence `json:"cadence,omitempty"`
}

// Cadence describes the steps between different stamps in order of time.
type Cadence struct {
	StepSeconds   float64 `json:"step_seconds"`  // the median step
	RegularShare  float64 `json:"regular_share"` // steps that are just that long
	Gaps          int64   `json:"gaps"`          // steps of more than twice the median
	LargestGap    float64 `json:"largest_gap_seconds"`
	LargestGapEnd string  `json:"largest_gap_end,omitempty"`
}

// units from fine to coarse, in microseconds.
func units() []unit {
	return []unit{{"subsecond", 1}, {"second", 1e6}, {"minute", 60e6}, {"hour", 3600e6}, {"day", 86400e6}}
}

type unit struct {
	name   string
	micros int64
}

// coarsest lowers the place of a unit until all stamps are whole in it.
func coarsest(at int, micros []float64) int {
	all := units()
	for _, x := range micros {
		for at > 0 && int64(x)%all[at].micros != 0 {
			at--
		}
		if at == 0 {
			break
		}
	}
	return at
}

// times describes the stamps of a column.
func (g *gathered) times(c *column, d *stats.Distribution) *Times {
	t := &Times{SpanSeconds: (c.numbers.max - c.numbers.min) / 1e6, Granularity: units()[c.unit].name, Epoch: c.numbers.zeros}
	t.Future = c.future
	distinct, _ := d.Distinct()
	t.Repeated = c.count - distinct
	var rows []int64
	slices.SortFunc(c.runs, func(a, b run) int { return a.part - b.part })
	for i, r := range c.runs {
		t.OutOfOrder += r.down
		if i > 0 && r.first < c.runs[i-1].last {
			t.OutOfOrder++
			rows = append(rows, g.first[r.part])
		}
		for _, row := range r.back {
			rows = append(rows, g.first[r.part]+row)
		}
	}
	slices.Sort(rows)
	t.OrderRows = rows[:min(len(rows), shownRows)]
	d.EachNumber(func(micros float64, n int64) {
		at := time.UnixMicro(int64(micros)).UTC()
		t.Weekdays[(int(at.Weekday())+6)%7] += n
		t.Hours[at.Hour()] += n
	})
	if t.Sampled = !d.Exact(); !t.Sampled {
		t.Cadence = cadence(d)
	}
	return t
}

// cadence measures the steps between different stamps; nil for fewer than three.
func cadence(d *stats.Distribution) *Cadence {
	var steps []float64
	var stamps []float64
	d.EachNumber(func(micros float64, _ int64) {
		if len(stamps) > 0 {
			steps = append(steps, micros-stamps[len(stamps)-1])
		}
		stamps = append(stamps, micros)
	})
	if len(steps) < 2 {
		return nil
	}
	sorted := slices.Clone(steps)
	slices.Sort(sorted)
	c := &Cadence{StepSeconds: sorted[len(sorted)/2] / 1e6, LargestGap: sorted[len(sorted)-1] / 1e6}
	same := 0
	for i, s := range steps {
		if s == sorted[len(sorted)/2] {
			same++
		}
		if s > 2*sorted[len(sorted)/2] {
			c.Gaps++
		}
		if s == sorted[len(sorted)-1] && c.LargestGapEnd == "" {
			c.LargestGapEnd = stamp(stamps[i+1]).Text
		}
	}
	c.RegularShare = float64(same) / float64(len(steps))
	return c
}

// Outliers counts values beyond the fences of Tukey (Exploratory Data Analysis, 1977): 1.5 and 3 interquartile ranges from the
// quartiles.
type Outliers struct {
	Mild    int64 `json:"mild"`
	Extreme int64 `json:"extreme"`
	Low     Float `json:"low"` // the outer fences
	High    Float `json:"high"`
}

func outliers(d *stats.Distribution, q1, q3 float64) *Outliers {
	iqr := q3 - q1
	if !(iqr > 0) || math.IsInf(iqr, 0) {
		return nil
	}
	beyond := func(by float64) int64 {
		below, _ := d.Below(q1 - by*iqr)
		_, upTo := d.Below(q3 + by*iqr)
		return below + d.N() - upTo
	}
	return &Outliers{Mild: beyond(1.5), Extreme: beyond(3), Low: Float(q1 - 3*iqr), High: Float(q3 + 3*iqr)}
}

// extremes lists the smallest and the largest values; nil when not every value was kept.
func extremes(d *stats.Distribution) *Extremes {
	if !d.Exact() {
		return nil
	}
	e := &Extremes{}
	show := func(k stats.KeyCount) ValueCount {
		x, _, _ := d.Number(k)
		return ValueCount{Num(x), k.Count}
	}
	low, high := d.Ends(shownExtremes)
	for _, k := range low {
		e.Smallest = append(e.Smallest, show(k))
	}
	for _, k := range high {
		e.Largest = append(e.Largest, show(k))
	}
	return e
}

const shownExtremes = 10

// Extremes are the smallest values from below and the largest from above, each with its count.
type Extremes struct {
	Smallest []ValueCount `json:"smallest"`
	Largest  []ValueCount `json:"largest"`
}
