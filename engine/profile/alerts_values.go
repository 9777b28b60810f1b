package profile

import (
	"fmt"
	"math"
	"regexp"
	"slices"

	"github.com/zeebo/xxh3"

	"pace/engine/table"
)

func hashText(text string) uint64 { return xxh3.HashString(text) }

func cardinality(l *looker, v *Variable) []Alert {
	share := float64(v.Distinct) / float64(max(v.Count, 1))
	if v.Type != table.Categorical || v.Role == RoleID || v.Distinct <= 50 || share <= 0.05 {
		return nil
	}
	return one(alert("high-cardinality", SevereInfo, fmt.Sprintf("%d different values", v.Distinct), ev{"distinct", float64(v.Distinct)}, ev{"ratio", share}))
}

// levels are all values with their counts, or nil when they are not all listed.
func levels(v *Variable) []ValueCount {
	if v.Type != table.Categorical && v.Type != table.Boolean || v.Distinct < 2 || int64(len(v.Top)) != v.Distinct || v.TopError > 0 {
		return nil
	}
	return v.Top
}

func rareLevels(l *looker, v *Variable) []Alert {
	var rows int64
	var rare []ValueCount
	for _, t := range levels(v) {
		if float64(t.Count) < 0.01*float64(v.Count) {
			rare = append(rare, t)
			rows += t.Count
		}
	}
	share := float64(rows) / float64(max(v.Count, 1))
	if share <= 0.05 {
		return nil
	}
	a := alert("rare-levels", SevereInfo, fmt.Sprintf("%d levels of under 1 %% hold %s of the rows together", len(rare), percent(share)),
		ev{"levels", float64(len(rare))}, ev{"share", share})
	return one(a.at(l.rowsWith(rare)).like(valuesOf(rare)...))
}

func valuesOf(counts []ValueCount) (values []Value) {
	for _, c := range counts[:min(len(counts), shownRows)] {
		values = append(values, c.Value)
	}
	return values
}

// imbalance is 1 - H/log2(k) of the levels, when all of them are listed; of a target, the smallest class beside the largest.
func imbalance(l *looker, v *Variable) []Alert {
	all := levels(v)
	if v.Role == RoleTarget && v.Distinct >= 2 && v.Distinct <= int64(len(v.Top)) && v.TopError == 0 {
		all = v.Top
		least := all[len(all)-1]
		if ratio := float64(least.Count) / float64(all[0].Count); ratio < 0.1 {
			a := alert("imbalance", SevereWarn, fmt.Sprintf("the smallest class of the target has %s of the rows of the largest", percent(ratio)), ev{"ratio", ratio})
			return one(a.at(l.rowsWith([]ValueCount{least})).like(least.Value))
		}
	}
	if len(all) < 2 {
		return nil
	}
	var h float64
	for _, t := range all {
		share := float64(t.Count) / float64(v.Count)
		h -= share * math.Log2(share)
	}
	score := 1 - h/math.Log2(float64(v.Distinct))
	if score <= 0.5 {
		return nil
	}
	a := alert("imbalance", SevereInfo, fmt.Sprintf("levels are far from even: the largest holds %s", percent(float64(all[0].Count)/float64(v.Count))),
		ev{"imbalance", score})
	return one(a.at(l.rowsWith(all[len(all)-1:])).like(all[0].Value))
}

func skewed(l *looker, v *Variable) []Alert {
	if v.Moments == nil || v.Distinct <= 2 || v.Role == RoleID {
		return nil
	}
	var found []Alert
	far := func() []int64 {
		edge := float64(v.Quantiles.P99)
		if float64(v.Skewness) < 0 {
			low := float64(v.Quantiles.P01)
			return l.rowsWhere(func(x float64) bool { return x < low })
		}
		return l.rowsWhere(func(x float64) bool { return x > edge })
	}
	if s := float64(v.Skewness); math.Abs(s) > 2 {
		found = append(found, alert("skewed", SevereInfo, fmt.Sprintf("skewness %.3g", s), ev{"skewness", s}).at(far()))
	}
	if k := float64(v.Kurtosis); k > 10 {
		found = append(found, alert("heavy-tail", SevereInfo, fmt.Sprintf("excess kurtosis %.3g", k), ev{"kurtosis", k}).at(far()))
	}
	return found
}

func zeros(l *looker, v *Variable) []Alert {
	if v.Moments == nil || v.Count == 0 || v.Distinct <= 2 {
		return nil
	}
	share := float64(v.Zeros) / float64(v.Count)
	if share <= 0.5 {
		return nil
	}
	a := alert("zeros", SevereInfo, fmt.Sprintf("%s of the values are zero", percent(share)), ev{"zeros", float64(v.Zeros)}, ev{"share", share})
	return one(a.at(l.rowsWhere(func(x float64) bool { return x == 0 })))
}

func infinite(l *looker, v *Variable) []Alert {
	if v.Moments == nil || v.Infinite == 0 {
		return nil
	}
	a := alert("infinite", SevereWarn, fmt.Sprintf("%d values are infinite; mean and deviation are not finite", v.Infinite), ev{"values", float64(v.Infinite)},
		ev{"share", float64(v.Infinite) / float64(v.Count)})
	return one(a.at(l.g.rowsOf(l.g.marks[l.at].infinite)).ask(Rule{Kind: RuleFinite}))
}

// signs tells of a few negatives in a column that is positive elsewhere.
func signs(l *looker, v *Variable) []Alert {
	if v.Moments == nil || v.Negatives == 0 || v.Count < 1000 || float64(v.Negatives) > 0.001*float64(v.Count) {
		return nil
	}
	a := alert("few-negatives", SevereWarn, fmt.Sprintf("%d values are negative, all others are not", v.Negatives),
		ev{"values", float64(v.Negatives)}, ev{"share", float64(v.Negatives) / float64(v.Count)})
	if v.Extremes != nil {
		a = a.like(valuesOf(v.Extremes.Smallest[:1])...)
	}
	return one(a.at(l.rowsWhere(func(x float64) bool { return x < 0 })).ask(Rule{Kind: RuleRange, Min: bound(0)}))
}

// tail is the share of values beyond the outer fences from which they are no outliers but the shape of the distribution.
const tail = 0.05

// outlying tells of values beyond the outer fences, and of a largest value far beyond all others.
func outlying(l *looker, v *Variable) (found []Alert) {
	if v.Outliers == nil || v.Role == RoleID {
		return nil
	}
	low, high := float64(v.Outliers.Low), float64(v.Outliers.High)
	if share := float64(v.Outliers.Extreme) / float64(v.Count); share > 0.001 && share <= tail {
		a := alert("outliers", SevereInfo, fmt.Sprintf("%s of the values lie beyond three interquartile ranges (%d)", percent(share), v.Outliers.Extreme),
			ev{"values", float64(v.Outliers.Extreme)}, ev{"share", share})
		found = append(found, a.at(l.rowsWhere(func(x float64) bool { return x < low || x > high })))
	}
	if v.Extremes == nil || v.Count < 1000 {
		return found
	}
	reach := 10 * math.Max(math.Abs(float64(v.Quantiles.P99)), math.Abs(float64(v.Quantiles.P01)))
	for _, end := range [][]ValueCount{v.Extremes.Largest, v.Extremes.Smallest} {
		x := float64(end[0].Value.Number)
		if math.Abs(x) > reach && float64(end[0].Count) <= 0.001*float64(v.Count) && len(end) > 1 && math.Abs(x) > 10*math.Abs(float64(end[1].Value.Number)) && !math.IsInf(x, 0) {
			a := alert("extreme-value", SevereWarn, "one value is more than ten times any other", ev{"values", float64(end[0].Count)})
			found = append(found, a.at(l.rowsWhere(func(y float64) bool { return y == x })).like(end[0].Value).
				ask(Rule{Kind: RuleRange, Min: v.low(), Max: v.high()}))
			break
		}
	}
	return found
}

// low and high are the quantiles widened by the span of the middle 98 %: a range without what is far outside.
func (v *Variable) low() *Float {
	low := float64(v.Quantiles.P01 - (v.Quantiles.P99 - v.Quantiles.P01))
	if v.Quantiles.P01 >= 0 {
		low = math.Max(low, 0)
	}
	return bound(low)
}

func (v *Variable) high() *Float {
	return bound(float64(v.Quantiles.P99 + (v.Quantiles.P99 - v.Quantiles.P01)))
}

// placeholder tells of a stand-in for a missing value: a spike at one of the usual numbers outside the rest, or at an epoch.
func placeholder(l *looker, v *Variable) []Alert {
	usual := []float64{-1, -9, -99, -999, -9999, 99, 999, 9999, 99999, 999999}
	for _, t := range v.Top {
		share := float64(t.Count) / float64(v.Count)
		if share <= 0.01 || share > 0.9 {
			continue
		}
		x := float64(t.Value.Number)
		found := v.Type == table.Numeric && !t.Value.IsText && slices.Contains(usual, x) && v.apart(x)
		if v.Type == table.Datetime {
			found = slices.Contains([]string{"1970-01-01T00:00:00Z", "1900-01-01T00:00:00Z", "9999-12-31T00:00:00Z"}, t.Value.Text)
		}
		if !found {
			continue
		}
		a := alert("placeholder", SevereWarn, fmt.Sprintf("%s of the values look like a stand-in for a missing one", percent(share)),
			ev{"values", float64(t.Count)}, ev{"share", share})
		rows := l.rowsWhere(func(y float64) bool { return y == x })
		if v.Type == table.Datetime {
			rows = nil
		}
		return one(a.at(rows).like(t.Value).ask(Rule{Kind: RuleNotOneOf, Values: []Value{t.Value}}))
	}
	return nil
}

// apart tells whether x ends the range of the values and the next one is far: by more than the middle half is wide.
func (v *Variable) apart(x float64) bool {
	if v.Extremes == nil || v.Distinct < 10 {
		return false
	}
	for _, end := range [][]ValueCount{v.Extremes.Smallest, v.Extremes.Largest} {
		if float64(end[0].Value.Number) == x && len(end) > 1 {
			gap := math.Abs(float64(end[1].Value.Number) - x)
			return gap > math.Max(float64(v.IQR), 1) || x == -1 && gap >= 1 && v.Negatives == v.Top[0].Count
		}
	}
	return false
}

func wideIntegers(l *looker, v *Variable) []Alert {
	if v.Type != table.Numeric || v.Count == 0 || v.Integers != v.Count || math.Abs(float64(v.Max.Number)) <= 1<<53 && math.Abs(float64(v.Min.Number)) <= 1<<53 || v.Infinite > 0 {
		return nil
	}
	a := alert("wide-integers", SevereInfo, "whole numbers beyond 2^53: a float64 does not tell neighbours apart")
	return one(a.at(l.rowsWhere(func(x float64) bool { return math.Abs(x) > 1<<53 })))
}

// mixedNumbers tells of text that is partly numbers: more than a tenth, less than what makes the column numeric.
func mixedNumbers(l *looker, v *Variable) []Alert {
	c := l.g.marks[l.at].census
	if v.Type != table.Categorical && v.Type != table.Text || v.ZeroPadded > 0 || c.values == 0 {
		return nil
	}
	share := float64(c.numbers+c.times) / float64(c.values)
	if share < 0.1 || share > 1-minority+1e-9 {
		return nil
	}
	return one(alert("numbers-among-text", SevereWarn, fmt.Sprintf("%s of the texts are numbers or dates", percent(share)),
		ev{"values", float64(c.numbers + c.times)}, ev{"share", share}))
}

var dateMask = regexp.MustCompile(`^(99?[./-]99?[./-](99)?99|9999[./]99?[./]99?|99?[ -]Aaa[ -](99)?99|Aaa 99?, 9999|99991?[0-9]*)([ T]99?:99(:99)?( ?[Aa][Mm])?)?$`)

func textDates(l *looker, v *Variable) []Alert {
	if v.TextFigures == nil || len(v.TextFigures.Masks) == 0 {
		return nil
	}
	var n int64
	for _, m := range v.TextFigures.Masks {
		if dateMask.MatchString(m.Value.Text) {
			n += m.Count
		}
	}
	share := float64(n) / float64(v.TextFigures.Values)
	if share < 0.9 {
		return nil
	}
	a := alert("dates-as-text", SevereInfo, "the texts look like dates that are not in ISO 8601 order", ev{"share", share})
	return one(a.like(v.TextFigures.Masks[0].Value).ask(Rule{Kind: RuleType, Values: []Value{Str(string(table.Datetime))}, Share: 1 - share}))
}
