package profile

import (
	"fmt"
	"math"

	"pace/engine/table"
)

func spelledVariants(l *looker, v *Variable) []Alert {
	if v.TextFigures == nil || len(v.TextFigures.Variants) == 0 || v.Role == RoleID || v.Type == table.Text {
		return nil
	}
	var rare []ValueCount
	var values []Value
	var n int64
	for _, g := range v.TextFigures.Variants {
		values = append(values, valuesOf(g.Values)...)
		for _, t := range g.Values[1:] {
			rare = append(rare, t)
			n += t.Count
		}
	}
	a := alert("spelling-variants", SevereWarn, fmt.Sprintf("%d groups of values differ only in case, spaces or punctuation", len(v.TextFigures.Variants)),
		ev{"groups", float64(len(v.TextFigures.Variants))}, ev{"share", float64(n) / float64(v.TextFigures.Values)})
	return one(a.at(l.rowsWith(rare)).like(values...))
}

// unclean tells of white space at the ends, control characters and broken encoding, and of texts without a letter or digit.
func unclean(l *looker, v *Variable) (found []Alert) {
	f := v.TextFigures
	if f == nil {
		return nil
	}
	for _, odd := range []struct {
		id, what string
		count    int64
		least    float64
		has      func(seen) bool
	}{
		{"padded-text", "begin or end with white space", f.Padded, 0.001, func(s seen) bool { return s.padded }},
		{"control-characters", "hold control characters", f.Control, 0.001, func(s seen) bool { return s.control }},
		{"invalid-utf8", "are not valid UTF-8", f.InvalidUTF8, 0, func(s seen) bool { return s.invalid }},
		{"special-only", "have neither a letter nor a digit", f.SpecialOnly, 0.001, func(s seen) bool { return s.kinds[0]+s.kinds[1] == 0 }},
	} {
		share := float64(odd.count) / float64(f.Values)
		if odd.count == 0 || share <= odd.least {
			continue
		}
		a := alert(odd.id, SevereWarn, fmt.Sprintf("%s of the texts %s", percent(share), odd.what), ev{"values", float64(odd.count)}, ev{"share", share})
		var with []ValueCount
		for _, t := range l.g.marks[l.at].texts {
			if len(with) < shownRows && odd.has(look(t.text)) {
				with = append(with, ValueCount{Str(t.text), t.count})
			}
		}
		found = append(found, a.at(l.rowsWith(with)).like(valuesOf(with)...).ask(Rule{Kind: RuleClean}))
	}
	return found
}

// lengths tells of texts far longer than nearly all others.
func lengths(l *looker, v *Variable) []Alert {
	if v.TextFigures == nil || v.Lengths == nil || v.Count < 100 {
		return nil
	}
	low, high := v.TextFigures.LengthBounds[0], v.TextFigures.LengthBounds[1]
	span := high - low
	limit := high + 4*max(span, 1)
	if v.Lengths.Max <= limit || v.Lengths.Max-high < 5 || float64(v.Lengths.Max) < 1.5*float64(high) {
		return nil
	}
	a := alert("length-outliers", SevereInfo, fmt.Sprintf("the longest text has %d characters; 97 %% have %d at most", v.Lengths.Max, high),
		ev{"longest", float64(v.Lengths.Max)}, ev{"usual", float64(high)})
	var with []ValueCount
	for _, t := range l.g.marks[l.at].texts {
		if len(with) < shownRows && look(t.text).chars > limit {
			with = append(with, ValueCount{Str(t.text), t.count})
		}
	}
	return one(a.at(l.rowsWith(with)).ask(Rule{Kind: RuleLength, Max: bound(float64(limit))}))
}

func personal(l *looker, v *Variable) (found []Alert) {
	var hints []PII
	if v.TextFigures != nil {
		hints = v.TextFigures.PII
	}
	for _, h := range append(hints, l.cards(v)...) {
		switch {
		case h.By == "name":
			found = append(found, alert("pii", SevereInfo, "the name of the column speaks of persons"))
		case h.Share > 0.01:
			found = append(found, alert("pii", SevereWarn, fmt.Sprintf("%s of the values look like personal data: %s", percent(h.Share), h.Kind),
				ev{"values", float64(h.Count)}, ev{"share", h.Share}))
		}
	}
	return found
}

// cards looks for card numbers in a numeric column, among the sampled rows.
func (l *looker) cards(v *Variable) []PII {
	if v.Type != table.Numeric || v.Count == 0 || v.Integers != v.Count || v.Min.Number < 1e12 || v.Infinite > 0 {
		return nil
	}
	var n, hit int64
	for _, x := range l.g.sample.columns[l.at].numbers {
		if x == x {
			n++
			if math.Abs(x) <= 1<<53 && isCard(fmt.Sprintf("%.0f", x)) {
				hit++
			}
		}
	}
	if share := float64(hit) / float64(max(n, 1)); share >= cardShare {
		return []PII{{"card", hit, share, "values"}}
	}
	return nil
}

// stampsAlert tells of stamps that are in the future, out of a nearly kept order, or far apart.
func stampsAlert(l *looker, v *Variable) (found []Alert) {
	t := v.Times
	if t == nil {
		return nil
	}
	share := func(n int64) ev { return ev{"share", float64(n) / float64(v.Count)} }
	if t.Future > 0 {
		found = append(found, alert("future-dates", SevereWarn, fmt.Sprintf("%d stamps lie in the future", t.Future), ev{"values", float64(t.Future)}, share(t.Future)).
			at(l.rowsWhere(func(x float64) bool { return x > l.g.now })).ask(Rule{Kind: RuleNotFuture}))
	}
	if t.OutOfOrder > 0 && float64(t.OutOfOrder) < 0.01*float64(v.Count) {
		found = append(found, alert("out-of-order", SevereWarn, fmt.Sprintf("%d stamps lie before that of the row before; all others are in order", t.OutOfOrder),
			ev{"rows", float64(t.OutOfOrder)}, share(t.OutOfOrder)).at(t.OrderRows).ask(Rule{Kind: RuleOrdered}))
	}
	if c := t.Cadence; c != nil && c.Gaps > 0 && c.RegularShare > 0.5 {
		a := alert("time-gaps", SevereWarn, fmt.Sprintf("%d steps are longer than twice the usual one", c.Gaps),
			ev{"gaps", float64(c.Gaps)}, ev{"largest_seconds", c.LargestGap}, ev{"step_seconds", c.StepSeconds})
		found = append(found, a.like(Str(c.LargestGapEnd)))
	}
	return found
}
