package profile

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"pace/engine/stats"
	"pace/engine/table"
)

// shownRows bounds the rows of an alert.
const shownRows = 20

// looker looks at one variable after another; g knows rows.
type looker struct {
	*Profile
	g      *gathered
	at     int // place of the variable
	target string
}

// rule looks at one variable of a profile.
type rule func(l *looker, v *Variable) []Alert

// rules are asked in this order for each variable; thresholds are those of the product's alert table.
func rules() []rule {
	return []rule{missing, constant, errorsAlert, spellings, padded, identifier, cardinality, rareLevels, imbalance, skewed, zeros, infinite,
		signs, outlying, placeholder, wideIntegers, mixedNumbers, textDates, spelledVariants, unclean, lengths, personal, stampsAlert}
}

// alerts lists what stands out, the gravest first, then those of more rows, then by column.
func (g *gathered) alerts(p *Profile, o Options) []Alert {
	l := &looker{Profile: p, g: g, target: o.Target}
	found := append([]Alert{}, l.dataset()...)
	if p.Rows > 0 {
		for i := range p.Variables {
			v := &p.Variables[i]
			if v.Type == table.List || v.Type == table.Struct {
				continue
			}
			l.at = i
			for _, r := range rules() {
				for _, a := range r(l, v) {
					found = append(found, a.on(v.Name))
				}
			}
		}
		found = append(found, l.pairs()...)
		found = append(found, l.overTime()...)
	}
	if o.Target != "" && p.Variable(o.Target) == nil {
		found = append(found, alert("target-absent", SevereError, fmt.Sprintf("target %q is not a column", o.Target)))
	}
	slices.SortStableFunc(found, func(a, b Alert) int {
		return cmp.Or(cmp.Compare(a.Severity.rank(), b.Severity.rank()), cmp.Compare(b.weight(), a.weight()))
	})
	return found
}

func (s Severity) rank() int { return slices.Index([]Severity{SevereError, SevereWarn, SevereInfo}, s) }

// weight ranks alerts of one severity: the share of the rows they are about, where that is known.
func (a Alert) weight() float64 { return float64(a.Evidence["share"]) }

// ev is one number of an alert's evidence.
type ev struct {
	name  string
	value float64
}

func alert(id string, s Severity, message string, evidence ...ev) Alert {
	a := Alert{ID: id, Severity: s, Message: message, Evidence: map[string]Float{}}
	for _, e := range evidence {
		a.Evidence[e.name] = Float(e.value)
	}
	return a
}

// on says which column an alert and its rule are about.
func (a Alert) on(column string) Alert {
	a.Column = column
	if a.Rule != nil {
		a.Rule.Column = column
	}
	return a
}

func (a Alert) at(rows []int64) Alert {
	a.Rows = rows[:min(len(rows), shownRows)]
	return a
}

func (a Alert) like(values ...Value) Alert {
	a.Examples = values[:min(len(values), shownRows)]
	return a
}

func (a Alert) ask(r Rule) Alert {
	a.Rule = &r
	return a
}

func one(a Alert) []Alert { return []Alert{a} }

func bound(x float64) *Float {
	f := Float(x)
	return &f
}

// dataset holds the alerts about the whole.
func (l *looker) dataset() (found []Alert) {
	if l.Profile.Rows == 0 {
		return one(alert("empty-data", SevereError, "there are no rows"))
	}
	if n := l.DuplicateRows; n > 0 {
		s := SevereInfo
		switch {
		case l.DuplicateRowsShare > 0.05 && n >= 10:
			s = SevereError
		case l.DuplicateRowsShare > 0.01 && n > 1:
			s = SevereWarn
		}
		a := alert("duplicate-rows", s, fmt.Sprintf("%d rows are copies of an earlier one (%s)", n, percent(l.DuplicateRowsShare)),
			ev{"duplicate_rows", float64(n)}, ev{"groups", float64(l.Duplicates.Groups)}, ev{"share", l.DuplicateRowsShare})
		var rows []int64
		for _, g := range l.Duplicates.Largest {
			rows = append(rows, g.Rows...)
		}
		found = append(found, a.at(rows).ask(Rule{Kind: RuleDistinct}))
	}
	if n := l.Source.BadRows; n > 0 {
		a := alert("ragged-rows", SevereWarn, fmt.Sprintf("%d records do not fit the header; first: row %d, line %d: %s", n,
			l.Source.Issues[0].Row, l.Source.Issues[0].Line, l.Source.Issues[0].Reason), ev{"records", float64(n)})
		var rows []int64
		for _, issue := range l.Source.Issues {
			rows = append(rows, issue.Row)
		}
		found = append(found, a.at(rows))
	}
	if l.Missing != nil && l.Missing.EmptyRows > 0 && l.Columns > 1 {
		n := float64(l.Missing.EmptyRows)
		found = append(found, alert("empty-rows", SevereWarn, fmt.Sprintf("%d rows have no value at all", l.Missing.EmptyRows),
			ev{"rows", n}, ev{"share", n / float64(l.Profile.Rows)}))
	}
	return found
}

// percent writes a share so that a small one does not look like none.
func percent(share float64) string {
	if share > 0 && share < 0.001 {
		return "under 0.1 %"
	}
	return fmt.Sprintf("%.1f %%", 100*share)
}

// rowsOf are the dataset's rows of places.
func (g *gathered) rowsOf(places []placed) []int64 {
	out := make([]int64, len(places))
	for i, p := range places {
		out[i] = g.row(p)
	}
	return out
}

// rowsWhere are the first rows of the sample whose number in the column fits.
func (l *looker) rowsWhere(fits func(x float64) bool) (rows []int64) {
	for i, x := range l.g.sample.columns[l.at].numbers {
		if len(rows) == shownRows {
			break
		}
		if fits(x) {
			rows = append(rows, l.g.row(l.g.sample.rows[i]))
		}
	}
	return rows
}

// rowsWith are the first rows of the sample with one of the values.
func (l *looker) rowsWith(values []ValueCount) (rows []int64) {
	hashes := map[uint64]bool{}
	numbers := map[float64]bool{}
	for _, v := range values {
		hashes[max(hashText(v.Value.Text), replacedHash)] = true
		numbers[float64(v.Value.Number)] = !v.Value.IsText
	}
	for i, h := range l.g.sample.columns[l.at].hashes {
		if hashes[h] && len(rows) < shownRows {
			rows = append(rows, l.g.row(l.g.sample.rows[i]))
		}
	}
	if len(rows) > 0 {
		return rows
	}
	return l.rowsWhere(func(x float64) bool { return numbers[x] })
}

func missing(l *looker, v *Variable) []Alert {
	share := v.MissingShare
	a := alert("missing", SevereInfo, fmt.Sprintf("%s of the values are missing (%d)", percent(share), v.Counts.Missing),
		ev{"missing", float64(v.Counts.Missing)}, ev{"share", share})
	switch {
	case v.Counts.Missing == l.Profile.Rows:
		return one(alert("all-missing", SevereError, "every value is missing", ev{"missing", float64(v.Counts.Missing)}, ev{"share", 1}))
	case share > 0.05:
		a.Severity = SevereWarn
	case share <= 0.01:
		return nil
	}
	_, most := stats.Wilson(v.Counts.Missing, l.Profile.Rows)
	return one(a.at(l.g.emptyRows(l.at)).ask(Rule{Kind: RuleRequired, Share: math.Ceil(most*1000) / 1000}))
}

func constant(l *looker, v *Variable) []Alert {
	if v.Distinct == 1 && v.Count > 1 {
		return one(alert("constant", SevereWarn, "all values are the same", ev{"count", float64(v.Count)}))
	}
	if len(v.Top) > 0 && v.Count >= 100 {
		if share := float64(v.Top[0].Count) / float64(v.Count); share > 0.99 {
			a := alert("near-constant", SevereInfo, fmt.Sprintf("one value holds %s of the rows", percent(share)), ev{"share", share})
			return one(a.at(l.rowsWith(v.Top[1:])).like(v.Top[0].Value))
		}
	}
	return nil
}

func errorsAlert(_ *looker, v *Variable) []Alert {
	if v.ErrorCount == 0 {
		return nil
	}
	share := float64(v.ErrorCount) / float64(v.Count+v.ErrorCount)
	a := alert("mixed-types", SevereWarn, fmt.Sprintf("%d values are not %s; the first is in row %d", v.ErrorCount, v.Type, v.Errors[0].Row),
		ev{"values", float64(v.ErrorCount)}, ev{"share", share}, ev{"row", float64(v.Errors[0].Row)})
	var rows []int64
	var values []Value
	for _, e := range v.Errors {
		rows, values = append(rows, e.Row), append(values, Str(e.Value))
	}
	return one(a.at(rows).like(values...).ask(Rule{Kind: RuleType, Values: []Value{Str(string(v.Type))}}))
}

func spellings(l *looker, v *Variable) []Alert {
	if len(v.MissingTokens) < 2 {
		return nil
	}
	a := alert("missing-tokens-mixed", SevereWarn, fmt.Sprintf("missing values are spelled in %d ways", len(v.MissingTokens)),
		ev{"spellings", float64(len(v.MissingTokens))}, ev{"share", v.MissingShare})
	tokens := commonest(v.MissingTokens, shownRows)
	var values []Value
	for _, t := range tokens {
		values = append(values, t.Value)
	}
	return one(a.at(l.g.emptyRows(l.at)).like(values...).ask(Rule{Kind: RuleMissingAs, Values: values[:1]}))
}

func padded(l *looker, v *Variable) []Alert {
	if v.ZeroPadded == 0 || v.ZeroPadded*1000 < v.Count {
		return nil
	}
	return one(alert("leading-zeros", SevereInfo, fmt.Sprintf("%d values are digits with leading zeros: codes, kept as text", v.ZeroPadded),
		ev{"values", float64(v.ZeroPadded)}, ev{"share", float64(v.ZeroPadded) / float64(l.Profile.Rows)}))
}

func identifier(l *looker, v *Variable) []Alert {
	if v.Role != RoleID {
		return nil
	}
	a := alert("unique-id", SevereInfo, "nearly every value is different: an identifier, not a feature",
		ev{"distinct", float64(v.Distinct)}, ev{"rows", float64(l.Profile.Rows)})
	if v.DistinctExact && v.Distinct == v.Count {
		a = a.ask(Rule{Kind: RuleUnique})
	}
	return one(a)
}
