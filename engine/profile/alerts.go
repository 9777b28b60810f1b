package profile

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"pace/engine/table"
)

// rule looks at one variable of a profile.
type rule func(p *Profile, v *Variable) []Alert

// rules are asked in this order for each variable; thresholds are those of the product's alert table.
func rules() []rule {
	return []rule{missing, constant, errorsAlert, spellings, padded, identifier, cardinality, imbalance, skewed, zeros, infinite}
}

// alerts lists what stands out, the gravest first, then by column.
func alerts(p *Profile, o Options) []Alert {
	found := append([]Alert{}, dataset(p)...)
	if p.Rows > 0 {
		for i := range p.Variables {
			v := &p.Variables[i]
			if v.Type == table.List || v.Type == table.Struct {
				continue
			}
			for _, r := range rules() {
				for _, a := range r(p, v) {
					a.Column = v.Name
					found = append(found, a)
				}
			}
		}
	}
	if o.Target != "" && p.Variable(o.Target) == nil {
		found = append(found, alert("target-absent", SevereError, fmt.Sprintf("target %q is not a column", o.Target)))
	}
	rank := map[Severity]int{SevereError: 0, SevereWarn: 1, SevereInfo: 2}
	slices.SortStableFunc(found, func(a, b Alert) int { return cmp.Compare(rank[a.Severity], rank[b.Severity]) })
	return found
}

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

// dataset holds the alerts about the whole.
func dataset(p *Profile) (found []Alert) {
	if p.Rows == 0 {
		return []Alert{alert("empty-data", SevereError, "there are no rows")}
	}
	if n := p.DuplicateRows; n > 0 {
		s := SevereInfo
		switch {
		case p.DuplicateRowsShare > 0.05:
			s = SevereError
		case p.DuplicateRowsShare > 0.01:
			s = SevereWarn
		}
		found = append(found, alert("duplicate-rows", s, fmt.Sprintf("%d rows are copies of an earlier one (%s)", n, percent(p.DuplicateRowsShare)),
			ev{"duplicate_rows", float64(n)}, ev{"share", p.DuplicateRowsShare}))
	}
	if n := p.Source.BadRows; n > 0 {
		found = append(found, alert("ragged-rows", SevereWarn, fmt.Sprintf("%d records do not fit the header; first: row %d, line %d: %s", n,
			p.Source.Issues[0].Row, p.Source.Issues[0].Line, p.Source.Issues[0].Reason), ev{"records", float64(n)}))
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

func missing(p *Profile, v *Variable) []Alert {
	evidence := []ev{{"missing", float64(v.Missing)}, {"share", v.MissingShare}}
	message := fmt.Sprintf("%s of the values are missing (%d)", percent(v.MissingShare), v.Missing)
	switch {
	case v.Missing == p.Rows:
		return []Alert{alert("all-missing", SevereWarn, "every value is missing", evidence...)}
	case v.MissingShare > 0.5:
		return []Alert{alert("missing", SevereError, message, evidence...)}
	case v.MissingShare > 0.05:
		return []Alert{alert("missing", SevereWarn, message, evidence...)}
	case v.MissingShare > 0.01:
		return []Alert{alert("missing", SevereInfo, message, evidence...)}
	}
	return nil
}

func constant(p *Profile, v *Variable) []Alert {
	if v.Distinct == 1 && v.Count > 1 {
		return []Alert{alert("constant", SevereWarn, "all values are the same", ev{"count", float64(v.Count)})}
	}
	if len(v.Top) > 0 && v.Count >= 100 {
		if share := float64(v.Top[0].Count) / float64(v.Count); share > 0.99 {
			return []Alert{alert("near-constant", SevereInfo, fmt.Sprintf("one value holds %s of the rows", percent(share)), ev{"share", share})}
		}
	}
	return nil
}

func errorsAlert(p *Profile, v *Variable) []Alert {
	if v.ErrorCount == 0 {
		return nil
	}
	share := float64(v.ErrorCount) / float64(v.Count+v.ErrorCount)
	return []Alert{alert("mixed-types", SevereWarn, fmt.Sprintf("%d values are not %s; the first is in row %d", v.ErrorCount, v.Type, v.Errors[0].Row),
		ev{"values", float64(v.ErrorCount)}, ev{"share", share}, ev{"row", float64(v.Errors[0].Row)})}
}

func spellings(_ *Profile, v *Variable) []Alert {
	if len(v.MissingTokens) < 2 {
		return nil
	}
	return []Alert{alert("missing-tokens-mixed", SevereWarn, fmt.Sprintf("missing values are spelled in %d ways", len(v.MissingTokens)),
		ev{"spellings", float64(len(v.MissingTokens))})}
}

func padded(_ *Profile, v *Variable) []Alert {
	if v.ZeroPadded == 0 {
		return nil
	}
	return []Alert{alert("leading-zeros", SevereInfo, fmt.Sprintf("%d values are digits with leading zeros: codes, kept as text", v.ZeroPadded),
		ev{"values", float64(v.ZeroPadded)})}
}

func identifier(p *Profile, v *Variable) []Alert {
	if v.Role != "id" {
		return nil
	}
	return []Alert{alert("unique-id", SevereInfo, "nearly every value is different: an identifier, not a feature",
		ev{"distinct", float64(v.Distinct)}, ev{"rows", float64(p.Rows)})}
}

func cardinality(_ *Profile, v *Variable) []Alert {
	share := float64(v.Distinct) / float64(max(v.Count, 1))
	if v.Type != table.Categorical || v.Role == "id" || v.Distinct <= 50 || share <= 0.05 {
		return nil
	}
	return []Alert{alert("high-cardinality", SevereInfo, fmt.Sprintf("%d different values", v.Distinct), ev{"distinct", float64(v.Distinct)}, ev{"share", share})}
}

// imbalance is 1 - H/log2(k) of the levels, when all of them are listed.
func imbalance(_ *Profile, v *Variable) []Alert {
	if v.Type != table.Categorical && v.Type != table.Boolean || v.Distinct < 2 || int64(len(v.Top)) != v.Distinct || v.TopError > 0 {
		return nil
	}
	var h float64
	for _, t := range v.Top {
		share := float64(t.Count) / float64(v.Count)
		h -= share * math.Log2(share)
	}
	score := 1 - h/math.Log2(float64(v.Distinct))
	if score <= 0.5 {
		return nil
	}
	return []Alert{alert("imbalance", SevereInfo, fmt.Sprintf("levels are far from even: the largest holds %s", percent(float64(v.Top[0].Count)/float64(v.Count))),
		ev{"imbalance", score})}
}

func skewed(_ *Profile, v *Variable) []Alert {
	if v.Moments == nil || v.Distinct <= 2 {
		return nil
	}
	var found []Alert
	if s := float64(v.Skewness); math.Abs(s) > 2 {
		found = append(found, alert("skewed", SevereInfo, fmt.Sprintf("skewness %.3g", s), ev{"skewness", s}))
	}
	if k := float64(v.Kurtosis); k > 10 {
		found = append(found, alert("heavy-tail", SevereInfo, fmt.Sprintf("excess kurtosis %.3g", k), ev{"kurtosis", k}))
	}
	return found
}

func zeros(_ *Profile, v *Variable) []Alert {
	if v.Moments == nil || v.Count == 0 || v.Distinct < 2 {
		return nil
	}
	share := float64(v.Zeros) / float64(v.Count)
	if share <= 0.5 {
		return nil
	}
	return []Alert{alert("zeros", SevereInfo, fmt.Sprintf("%s of the values are zero", percent(share)), ev{"zeros", float64(v.Zeros)}, ev{"share", share})}
}

func infinite(_ *Profile, v *Variable) []Alert {
	if v.Moments == nil || v.Infinite == 0 {
		return nil
	}
	return []Alert{alert("infinite", SevereWarn, fmt.Sprintf("%d values are infinite; mean and deviation are not finite", v.Infinite), ev{"values", float64(v.Infinite)})}
}
