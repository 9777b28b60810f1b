package metricsfile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"pace/engine/ingest"
)

var (
	errStep  = errors.New("the step is no number")
	errAfter = errors.New("something follows the object")
)

// line takes one line and answers how many points it holds, or what is bad about it. An error of the sink is
// the second one.
func (t *turn) line(line []byte) (points int, bad, err error) {
	if len(bytes.TrimSpace(line)) == 0 {
		return 0, nil, nil
	}
	if t.mode == jsonLines {
		return t.jsonLine(line)
	}
	return t.row(line)
}

func (t *turn) jsonLine(line []byte) (points int, bad, err error) {
	n, err := scanObject(line, &t.object)
	switch {
	case err != nil:
		return 0, err, nil
	case len(bytes.TrimSpace(line[n:])) > 0:
		return 0, errAfter, nil
	}
	points, err = t.numbers(&t.object)
	return points, nil, err
}

// numbers takes the numbers of one object, but those that count and tell the time. Lists of numbers are taken
// from a history, which is a whole file of them and of no other numbers (Keras' History.history).
func (t *turn) numbers(o *object) (points int, err error) {
	counter, clock := roles(o)
	step, at := ingest.NoStep, ingest.NoTime
	if counter != nil {
		step, _ = stepOf(counter.number)
	}
	if clock != nil {
		if clock.kind == isText {
			at, _ = parseTime(clock.text)
		} else {
			at, _ = microsOf(clock.number)
		}
	}
	if err := t.start(at); err != nil {
		return 0, err
	}
	history := t.mode == jsonWhole && o.scalar == 0
	for i := range o.cells {
		c := &o.cells[i]
		if c == counter || c == clock || c.listed && !history {
			continue
		}
		v := c.number
		if c.kind == isText {
			var ok bool
			if v, ok = spelled(c.text); !ok {
				continue
			}
		}
		if c.kind == isOther {
			continue
		}
		s, err := t.meet(o.path(c))
		if err != nil {
			return points, err
		}
		if s == nil {
			continue
		}
		if err := t.hold(s, step, at, v); err != nil {
			return points, err
		}
		points++
	}
	return points, nil
}

// spelled reads the texts that stand for a float where a writer keeps to strict JSON.
func spelled(text []byte) (float64, bool) {
	switch string(text) {
	case "NaN", "Infinity", "-Infinity":
		return named(text)
	}
	return 0, false
}

// roles finds the number that counts and the value that tells the time, nil where there is none.
func roles(o *object) (counter, clock *cell) {
	step, at := len(stepNames), len(clockNames)
	for i := range o.cells {
		c := &o.cells[i]
		if c.kind == isOther || c.listed || c.to-c.from > len("time/total_timesteps") {
			continue
		}
		name := string(o.path(c))
		if r := rank(stepNames[:], name); r < step && c.kind == isNumber {
			if _, whole := stepOf(c.number); whole {
				step, counter = r, c
			}
			continue
		}
		if r := rank(clockNames[:], name); r < at && tellsTime(c) {
			at, clock = r, c
		}
	}
	return counter, clock
}

func tellsTime(c *cell) (ok bool) {
	if c.kind == isText {
		_, ok = parseTime(c.text)
	} else {
		_, ok = microsOf(c.number)
	}
	return ok
}

// row takes one line of CSV: the header, the header of another start, or a row.
func (t *turn) row(line []byte) (points int, bad, err error) {
	if t.head == "" {
		if line[0] == '#' {
			return 0, nil, nil
		}
		return 0, nil, t.setHeader(strings.TrimPrefix(string(line), "\ufeff"))
	}
	cells, bad := splitRow(line, t.header.comma, t.cells[:0])
	t.cells = cells
	switch {
	case len(t.columns) == 0:
		return 0, nil, nil
	case bad != nil:
		return 0, bad, nil
	case isHeader(cells):
		return 0, nil, t.setHeader(string(line))
	case len(cells) != len(t.columns):
		return 0, widthError(len(cells), len(t.columns)), nil
	}
	counter, counts := parseNumber(cells[t.header.step])
	if !counts && !absent(cells[t.header.step]) {
		return 0, errStep, nil
	}
	step, at := ingest.NoStep, ingest.NoTime
	own := t.header.step // a column that is no series in this row
	if counts {
		if s, whole := stepOf(counter); whole {
			step = s
		} else {
			own = -1
		}
	}
	clock := t.header.clock
	if clock >= 0 {
		if v, ok := parseNumber(cells[clock]); !ok {
			at, _ = parseTime(cells[clock])
		} else if at, ok = microsOf(v); !ok {
			clock = -1
		}
	}
	if err := t.start(at); err != nil {
		return 0, nil, err
	}
	for i, c := range cells {
		if i == own || i == clock || t.columns[i] == nil {
			continue
		}
		v, ok := parseNumber(c)
		if !ok {
			continue
		}
		if err := t.hold(t.columns[i], step, at, v); err != nil {
			return points, nil, err
		}
		points++
	}
	return points, nil, nil
}

// setHeader takes a header's columns as series. A file without a column that counts has none.
func (t *turn) setHeader(line string) error {
	h, err := parseHeader(line)
	t.head, t.header, t.columns = line, h, nil
	if err == nil && (h.step < 0 || len(h.names) > maxColumns) {
		err = fmt.Errorf("no column counts the rows")
	}
	if err != nil {
		return t.sink.Put(ingest.Problem{Path: t.src.Path, Place: "header", Message: "read metrics: " + err.Error(),
			Hint: "it is read as a dataset when the folder is looked at again"})
	}
	columns := make([]*series, len(h.names))
	for i, name := range h.names {
		if name == "" {
			continue
		}
		if columns[i], err = t.meet([]byte(name)); err != nil {
			return err
		}
	}
	t.columns = columns
	return nil
}

// start notes the first time that is met as the run's start.
func (t *turn) start(at int64) error {
	if t.began != ingest.NoTime || at == ingest.NoTime {
		return nil
	}
	t.began = at
	return t.sayRun()
}

// meet finds a series by its name, nil where there are too many.
func (t *turn) meet(name []byte) (*series, error) {
	if s := t.series[string(name)]; s != nil {
		return s, nil
	}
	if len(t.series) >= maxSeries {
		if t.full {
			return nil, nil
		}
		t.full = true
		return nil, t.sink.Put(ingest.Problem{Path: t.src.Path, Place: "keys",
			Message: fmt.Sprintf("read metrics: more than %d keys", maxSeries), Hint: "the first ones are shown"})
	}
	s := &series{name: string(name)}
	t.series[s.name] = s
	return s, nil
}

func (t *turn) hold(s *series, step, at int64, v float64) error {
	if len(s.values) == 0 {
		t.pending = append(t.pending, s)
	}
	s.steps, s.times, s.values = append(s.steps, step), append(s.times, at), append(s.values, v)
	if t.held++; t.held >= maxHeld {
		return t.flush()
	}
	return nil
}

func (t *turn) flush() error {
	for _, s := range t.pending {
		p := ingest.Points{Run: t.key, Series: s.name, Steps: s.steps, Times: s.times, Values: s.values}
		if err := t.sink.Points(p); err != nil {
			return err
		}
		if cap(s.values)*len(t.series) > 4*maxHeld {
			s.steps, s.times, s.values = nil, nil, nil // many series may not keep long slices each
		}
		s.steps, s.times, s.values = s.steps[:0], s.times[:0], s.values[:0]
	}
	t.pending, t.held = t.pending[:0], 0
	return nil
}

const maxBad = 8 // lines that are said to be bad one by one

func (t *turn) badLine(line int64, cause error) error {
	if t.bad++; t.bad > maxBad+1 {
		return nil
	}
	p := ingest.Problem{
		Path: t.src.Path, Place: fmt.Sprintf("line %d", line),
		Message: "read metrics: " + cause.Error(), Hint: "the other lines of the file are shown",
	}
	if t.bad > maxBad {
		p.Message = "read metrics: more lines like the ones before can't be read"
	}
	return t.sink.Put(p)
}
