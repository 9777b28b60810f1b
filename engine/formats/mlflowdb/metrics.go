package mlflowdb

import (
	"math"
	"strconv"

	"pace/engine/formats/mlflow"
	"pace/engine/ingest"
)

// greatest is how MLflow stores infinity in a column that can't hold one (SqlAlchemyStore.log_metric).
const greatest = math.MaxFloat64

// metricRow is a row of metrics.
type metricRow struct {
	rowid, time, step int64 // time in milliseconds
	nan               int64
	run, key          string
	value             float64
}

func (m *metricRow) scan(scan func(...any) error) error {
	return scan(&m.rowid, &m.run, &m.key, &m.value, &m.time, &m.step, &m.nan)
}

func (m *metricRow) digest() uint64 {
	return digest(m.run, m.key, strconv.FormatUint(math.Float64bits(m.value), 16), strconv.FormatInt(m.time, 10), strconv.FormatInt(m.step, 10))
}

// number is the value that was logged.
func (m *metricRow) number() float64 {
	switch {
	case m.nan != 0:
		return math.NaN()
	case m.value == greatest:
		return math.Inf(1)
	case m.value == -greatest:
		return math.Inf(-1)
	}
	return m.value
}

// micros is the time in microseconds; times beyond any calendar are cut off.
func (m *metricRow) micros() int64 {
	return min(max(m.time, -math.MaxInt64/1000), math.MaxInt64/1000) * 1000
}

// metricSQL reads rows whose rowid compares; its last argument is the number of rows.
func (r *reader) metricSQL(rowid string) string {
	return "SELECT metrics.rowid, " + r.has.text("metrics", "run_uuid") + ", " + r.has.text("metrics", "key") +
		", coalesce(CAST(metrics.value AS REAL), 0.0), " + r.has.number("metrics", "timestamp") + ", " +
		r.has.number("metrics", "step") + ", " + r.has.number("metrics", "is_nan") +
		" FROM metrics WHERE rowid " + rowid + " ORDER BY rowid LIMIT ?"
}

const metricBytes = 64 // what a row counts against a limit of bytes

// sayMetrics says the points that were added, in the order in which they were logged.
func (r *reader) sayMetrics() error {
	sql := r.metricSQL("> ?")
	g := &gatherer{}
	for {
		if r.budget.Spent() {
			r.more = true
			return nil
		}
		n := int(min(2*rows, int64(r.budget.PointsLeft()), r.budget.BytesLeft()/metricBytes+1))
		g.reset()
		var last metricRow
		found := 0
		err := r.each(sql, func(scan func(...any) error) error {
			err := last.scan(scan)
			g.add(&last)
			found++
			return err
		}, r.metric, n)
		if err != nil || found == 0 {
			return err
		}
		if err := r.sayPoints(g); err != nil {
			return err
		}
		r.metric, r.last = last.rowid, last.digest()
		r.budget.Spend(found, int64(found)*metricBytes)
	}
}

func (r *reader) sayPoints(g *gatherer) error {
	looked := false
	for i := range g.series[:g.used] {
		p := &g.series[i]
		s, err := r.known(p.Run, &looked)
		if err != nil {
			return err
		}
		if s == nil {
			continue
		}
		out := p.Points
		out.Run = s.key
		if err := r.sink.Points(out); err != nil {
			return err
		}
	}
	return nil
}

// gatherer joins the rows of one SELECT by run and series; its slices are used again.
type gatherer struct {
	at     map[[2]string]int
	series []gathered
	used   int
}

type gathered struct{ ingest.Points }

func (g *gatherer) reset() {
	g.used = 0
	g.at = map[[2]string]int{}
}

func (g *gatherer) add(m *metricRow) {
	id := [2]string{m.run, m.key}
	i, ok := g.at[id]
	if !ok {
		if i = g.used; i == len(g.series) {
			g.series = append(g.series, gathered{})
		}
		g.used++
		g.at[id] = i
		p := &g.series[i].Points
		*p = ingest.Points{Run: m.run, Series: m.key, System: mlflow.IsSystem(m.key), Unordered: true,
			Steps: p.Steps[:0], Times: p.Times[:0], Values: p.Values[:0]}
	}
	p := &g.series[i].Points
	p.Steps, p.Times, p.Values = append(p.Steps, m.step), append(p.Times, m.micros()), append(p.Values, m.number())
}
