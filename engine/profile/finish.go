package profile

import (
	"slices"
	"sort"
	"strconv"

	"pace/engine/stats"
	"pace/engine/table"
)

const (
	histogramBins = 40
	topValues     = 20
)

// profile turns what was gathered into the shape.
func (g *gathered) profile(o Options) *Profile {
	p := &Profile{Schema: Schema, Rows: g.total, Columns: len(g.schema), Types: map[table.Type]int{}, Alerts: []Alert{}, Approx: []string{}}
	p.Source = Source{Path: o.Path, Format: g.info.Format, Bytes: g.info.Bytes, Dialect: g.info.Dialect, Version: o.Version,
		Sampled: g.sampled, BadRows: g.bad}
	for i, issue := range g.issues {
		p.Source.Issues = append(p.Source.Issues, Issue{Row: g.row(issue), Line: g.lines[i], Reason: issue.text})
	}
	sort.Slice(p.Source.Issues, func(i, j int) bool { return p.Source.Issues[i].Row < p.Source.Issues[j].Row })
	p.Source.Issues = p.Source.Issues[:min(len(p.Source.Issues), keptErrors)]
	g.marks, g.now = make([]marks, len(g.columns)), float64(o.started.UnixMicro())
	for i, c := range g.columns {
		g.marks[i] = marks{empty: c.empty, infinite: c.infinite, census: c.texts.census}
		v := g.variable(c, o, &g.marks[i])
		p.Variables = append(p.Variables, v)
		p.Types[v.Type]++
		p.MissingCells += v.Missing
		p.MemoryBytes += c.memory(g.total)
		g.columns[i] = nil
	}
	g.overview(p)
	p.Missing = g.missing(p)
	p.Correlations = g.correlations(p)
	g.series(p)
	if int64(len(g.sample.ids)) < g.total && len(p.Correlations) > 0 {
		p.Approx = append(p.Approx, "correlations")
	}
	p.Alerts = g.alerts(p, o)
	if o.Sensitive {
		p.hide()
	}
	return p
}

// overview fills the shares and the duplicate rows.
func (g *gathered) overview(p *Profile) {
	found := g.rows.duplicates()
	n := found.copies
	p.DuplicateRows, p.DuplicateRowsError = n, found.copiesError
	p.Duplicates = g.duplicates(found)
	if found.copiesError > 0 {
		p.Approx = append(p.Approx, "duplicate_rows", "duplicate_rows_share", "duplicates")
	}
	if p.Rows > 0 {
		p.DuplicateRowsShare = float64(n) / float64(p.Rows)
		p.MissingCellsShare = float64(p.MissingCells) / (float64(p.Rows) * float64(p.Columns))
		p.AvgRecordBytes = float64(p.MemoryBytes) / float64(p.Rows)
	}
	for _, v := range p.Variables {
		for _, f := range v.Approx {
			if name := "variables." + f; !slices.Contains(p.Approx, name) {
				p.Approx = append(p.Approx, name)
			}
		}
	}
}

// memory estimates the column in columnar memory: its values, offsets of texts, and a bit for each row that may be missing.
func (c *column) memory(rows int64) int64 {
	bytes := (rows + 7) / 8
	switch c.kind {
	case table.Numeric, table.Datetime:
		return bytes + 8*rows
	case table.Boolean:
		return bytes + rows
	}
	return bytes + 4*(rows+1) + c.texts.bytes
}

// variable turns one column into its figures.
func (g *gathered) variable(c *column, o Options, m *marks) Variable {
	d := c.values.Distribution()
	v := Variable{Name: c.field.Name, Type: c.kind, Storage: c.storage(), Approx: []string{}}
	v.Count, v.Missing, v.ErrorCount, v.MissingTokens = c.count, c.missing, c.bad, c.tokens
	v.ZeroPadded = c.texts.census.padded
	if c.field.Storage != table.Raw {
		v.MissingTokens = nil
	}
	v.Errors = []CellError{}
	for _, e := range c.errors {
		v.Errors = append(v.Errors, CellError{Row: g.row(e), Value: e.text})
	}
	if g.total > 0 {
		v.MissingShare = float64(c.missing) / float64(g.total)
	}
	if c.kind == table.List || c.kind == table.Struct {
		return v
	}
	v.Distinct, v.DistinctError = d.Distinct()
	v.DistinctExact = v.DistinctError == 0
	v.Unique, v.UniqueError = d.Unique()
	if !v.DistinctExact {
		v.Approx = append(v.Approx, "distinct", "unique")
	}
	switch c.kind {
	case table.Numeric:
		g.numeric(&v, c, d)
	case table.Datetime:
		c.datetime(&v, d)
		if v.Count > 0 {
			v.Times = g.times(c, d)
		}
	case table.Boolean:
		v.Top, v.TopError = tops(d, func(k stats.KeyCount) Value {
			if stats.FromSortableBits(k.Key) == 1 {
				return Str("true")
			}
			return Str("false")
		})
	default:
		m.texts = c.textual(&v, d)
	}
	v.Role, v.RoleReason = c.role(&v, g.total, o)
	return v
}

func (c *column) storage() string {
	if c.field.Storage != table.Raw {
		return c.field.Storage.String()
	}
	switch c.kind {
	case table.Numeric:
		if c.numbers.fractions == 0 && c.count > 0 {
			return table.Int.String()
		}
		return table.Float.String()
	case table.Boolean:
		return table.Bool.String()
	case table.Datetime:
		return table.Time.String()
	}
	return table.String.String()
}

func tops(d *stats.Distribution, show func(stats.KeyCount) Value) ([]ValueCount, int64) {
	top, bound := d.Top(topValues)
	out := make([]ValueCount, 0, len(top))
	for _, k := range top {
		out = append(out, ValueCount{show(k), k.Count})
	}
	return out, bound
}

func (v *Variable) approximate(names ...string) { v.Approx = append(v.Approx, names...) }

// numeric fills the statistics of numbers.
func (g *gathered) numeric(v *Variable, c *column, d *stats.Distribution) {
	n := &c.numbers
	m := &Moments{Mean: Float(n.moments.Mean()), Std: Float(n.moments.Std()), Variance: Float(n.moments.Variance()),
		Sum: Float(n.moments.Sum()), Skewness: Float(n.moments.Skewness()), Kurtosis: Float(n.moments.Kurtosis()),
		Zeros: n.zeros, Negatives: n.negatives, Infinite: n.infinite}
	v.Moments = m
	m.CV = Float(n.moments.Std() / n.moments.Mean())
	m.Monotonic = monotonic(c.runs)
	q := func(p float64) Float { return Float(d.Quantile(p)) }
	m.Quantiles = &Quantiles{q(.01), q(.05), q(.1), q(.25), q(.5), q(.75), q(.9), q(.95), q(.99)}
	m.IQR = m.Quantiles.P75 - m.Quantiles.P25
	m.MAD = Float(d.MAD())
	if m.QuantilesError = d.RankError(); m.QuantilesError > 0 {
		m.MADError = m.QuantilesError
		v.approximate("quantiles", "iqr", "mad", "histogram")
	}
	if c.count == 0 {
		return
	}
	v.Integers = c.count - n.fractions
	v.Outliers, v.Extremes = outliers(d, float64(m.Quantiles.P25), float64(m.Quantiles.P75)), extremes(d)
	lo, hi := Num(n.min), Num(n.max)
	v.Min, v.Max = &lo, &hi
	v.Histogram = histogram(d, n.finMin, n.finMax, 1)
	v.Top, v.TopError = tops(d, func(k stats.KeyCount) Value {
		x, integer, wide := d.Number(k)
		if wide {
			return Str(strconv.FormatInt(integer, 10)) // no JSON number would keep its digits
		}
		return Num(x)
	})
	if v.TopError > 0 {
		v.approximate("top")
	}
}

// datetime fills the range of times.
func (c *column) datetime(v *Variable, d *stats.Distribution) {
	if c.count == 0 {
		return
	}
	lo, hi := stamp(c.numbers.min), stamp(c.numbers.max)
	v.Min, v.Max = &lo, &hi
	v.Histogram = histogram(d, c.numbers.min, c.numbers.max, 1e-6)
	v.Top, v.TopError = tops(d, func(k stats.KeyCount) Value { return stamp(stats.FromSortableBits(k.Key)) })
	if v.TopError > 0 {
		v.approximate("top")
	}
	if !d.Exact() {
		v.approximate("histogram")
	}
}

func stamp(micros float64) Value { return Str(string(table.FormatTime(nil, int64(micros)))) }

// histogram cuts the finite range; scale brings edges to the unit that is shown.
func histogram(d *stats.Distribution, lo, hi, scale float64) *Histogram {
	edges := stats.Edges(lo, hi, histogramBins)
	if edges == nil {
		return nil
	}
	h := &Histogram{Counts: d.Histogram(edges)}
	for _, e := range edges {
		h.Edges = append(h.Edges, Float(e*scale))
	}
	return h
}

// textual fills lengths and top values, and tells text from categories.
func (c *column) textual(v *Variable, d *stats.Distribution) []counted {
	v.Top, v.TopError = tops(d, func(k stats.KeyCount) Value { return Str(k.Text) })
	if v.TopError > 0 {
		v.approximate("top")
	}
	if c.count == 0 {
		return nil
	}
	v.Lengths = &Lengths{Min: c.texts.minLen, Max: c.texts.maxLen, Mean: float64(c.texts.chars) / float64(c.count)}
	if c.texts.census.padded == 0 && c.freeText(v) {
		v.Type = table.Text
	}
	texts, sampled := c.looked(d)
	v.TextFigures = figures(v.Name, texts, sampled)
	if sampled {
		v.approximate("text")
	}
	return texts
}

// freeText tells text that someone wrote from codes, names of levels and keys: most values differ and have several words or are
// long, or there are many different ones of more than three words.
func (c *column) freeText(v *Variable) bool {
	words := float64(c.texts.words) / float64(c.count)
	differ := float64(v.Distinct) >= 0.5*float64(c.count)
	return v.Distinct > 10 && differ && (words >= 1.5 || v.Lengths.Mean > 20) || v.Distinct > 50 && words > 3
}

// monotonic joins the order of the parts.
func monotonic(runs []run) string {
	if len(runs) == 0 {
		return "none"
	}
	slices.SortFunc(runs, func(a, b run) int { return a.part - b.part })
	all := run{}
	for i, r := range runs {
		all.up, all.down, all.flat = all.up+r.up, all.down+r.down, all.flat+r.flat
		if i > 0 {
			all.step(runs[i-1].last, r.first)
		}
	}
	switch {
	case all.up > 0 && all.down > 0:
		return "none"
	case all.up > 0 && all.flat > 0:
		return "non-decreasing"
	case all.up > 0:
		return "increasing"
	case all.down > 0 && all.flat > 0:
		return "non-increasing"
	case all.down > 0:
		return "decreasing"
	}
	return "constant"
}
