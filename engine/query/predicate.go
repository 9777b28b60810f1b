package query

import (
	"fmt"
	"math"
	"regexp"
	"strings"
)

// predicate is asked about a value that is there.
type predicate func(Value) bool

// operator is a comparison in canonical spelling.
type operator string

const (
	opEq       operator = "="
	opNe       operator = "!="
	opLt       operator = "<"
	opLe       operator = "<="
	opGt       operator = ">"
	opGe       operator = ">="
	opRegex    operator = "~"
	opNotRegex operator = "!~"
	opLike     operator = "LIKE"
	opILike    operator = "ILIKE"
	opIn       operator = "IN"
	opHas      operator = ":" // field:pat
)

// build makes the predicate of one operator and literal for a field; the error is the message alone.
func (p *parser) build(f Field, op operator, l literal) (predicate, string) {
	switch f.Kind {
	case Metric:
		return number(f, op, l)
	case Attr:
		a, _ := attribute(f.Key)
		switch a.Form {
		case Instant:
			return p.timed(f, op, l)
		case Duration:
			return duration(f, op, l)
		case Many:
			text, msg := textual(op, l)
			return anyElement(text, f.Key == "tag" || f.Key == "param"), msg
		case Status:
			return status(op, l)
		}
		return textual(op, l)
	case Short:
		return short(f, op, l)
	}
	return loose(op, l)
}

func number(f Field, op operator, l literal) (predicate, string) {
	want, ok := parseNumber(l.text)
	if !ok || l.regex != nil {
		return nil, fmt.Sprintf("%s is a number, so it is compared with a number, as in %s < 0.5", f, f)
	}
	holds := ordered(op)
	if holds == nil {
		return nil, fmt.Sprintf("%s is a number; use = != < <= > >= instead of %s", f, op)
	}
	return func(v Value) bool {
		got, ok := v.number()
		return ok && holds(got, want)
	}, ""
}

// ordered is the IEEE comparison, as MLflow's: NaN differs from everything and is neither more nor less.
func ordered(op operator) func(a, b float64) bool {
	switch op {
	case opEq, opHas, opIn:
		return func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
	case opNe:
		return func(a, b float64) bool { return a != b && !(math.IsNaN(a) && math.IsNaN(b)) }
	case opLt:
		return func(a, b float64) bool { return a < b }
	case opLe:
		return func(a, b float64) bool { return a <= b }
	case opGt:
		return func(a, b float64) bool { return a > b }
	case opGe:
		return func(a, b float64) bool { return a >= b }
	}
	return nil
}

// loose compares a param or tag: as MLflow does with a string, and by value with a number without quotes.
func loose(op operator, l literal) (predicate, string) {
	want, ok := parseNumber(l.text)
	holds := ordered(op)
	if l.quoted || l.regex != nil || !ok || holds == nil || op == opHas {
		return textual(op, l)
	}
	return func(v Value) bool {
		got, ok := v.number()
		if !ok {
			return op == opNe
		}
		return holds(got, want)
	}, ""
}

// short compares a name whose kind is only known row by row: a number for metrics, else as a param.
func short(f Field, op operator, l literal) (predicate, string) {
	text, msg := loose(op, l)
	if msg != "" {
		return nil, msg
	}
	num, msg := number(f, op, l)
	if msg != "" {
		num = func(Value) bool { return false }
	}
	return func(v Value) bool {
		if v.kind == isNumber {
			return num(v)
		}
		return text(v)
	}, ""
}

// textual compares strings: byte order for < and >, exact for = with quotes, a glob for = without.
func textual(op operator, l literal) (predicate, string) {
	holds, msg := stringTest(op, l)
	if msg != "" {
		return nil, msg
	}
	return func(v Value) bool { return v.kind == isText && holds(v.Str) }, ""
}

func stringTest(op operator, l literal) (func(string) bool, string) {
	want := l.text
	switch op {
	case opEq, opIn:
		return equal(l), ""
	case opNe:
		same := equal(l)
		return func(s string) bool { return !same(s) }, ""
	case opHas:
		return pattern(l), ""
	case opLike:
		return func(s string) bool { return wild(s, want, '%', '_', false) }, ""
	case opILike:
		return func(s string) bool { return wild(s, want, '%', '_', true) }, ""
	case opRegex, opNotRegex:
		return regexTest(op, l)
	case opLt:
		return func(s string) bool { return s < want }, ""
	case opLe:
		return func(s string) bool { return s <= want }, ""
	case opGt:
		return func(s string) bool { return s > want }, ""
	}
	return func(s string) bool { return s >= want }, ""
}

func regexTest(op operator, l literal) (func(string) bool, string) {
	re := l.regex
	if re == nil {
		var err error
		if re, err = regexp.Compile(l.text); err != nil {
			return nil, regexMessage(err)
		}
	}
	want := op == opRegex
	return func(s string) bool { return re.MatchString(s) == want }, ""
}

func regexMessage(err error) string {
	return "not a regular expression: " + strings.TrimPrefix(err.Error(), "error parsing regexp: ")
}

// equal is exact for a quoted string; without quotes * and ? are wild.
func equal(l literal) func(string) bool {
	if l.regex != nil {
		return l.regex.MatchString
	}
	if !l.quoted && isGlob(l.text) {
		return func(s string) bool { return wild(s, l.text, '*', '?', false) }
	}
	return func(s string) bool { return s == l.text }
}

// pattern is what a word means: a regex, a glob over the whole text, else a part of it; letters of any case.
func pattern(l literal) func(string) bool {
	if l.regex != nil {
		return l.regex.MatchString
	}
	if !l.quoted && isGlob(l.text) {
		return func(s string) bool { return wild(s, l.text, '*', '?', true) }
	}
	needle := strings.ToLower(l.text)
	return func(s string) bool { return containsFold(s, needle) }
}

func isGlob(s string) bool { return strings.ContainsAny(s, "*?") }

// anyElement asks the elements of a list; pairs are also asked for what stands before and after their =.
func anyElement(holds predicate, pairs bool) predicate {
	if holds == nil {
		return nil
	}
	return func(v Value) bool {
		if v.kind != isList {
			return holds(v)
		}
		for _, s := range v.List {
			if holds(Text(s)) {
				return true
			}
			if k, val, ok := strings.Cut(s, "="); pairs && ok && (holds(Text(k)) || holds(Text(val))) {
				return true
			}
		}
		return false
	}
}

// statusWords are pace's status words with MLflow's (mlflow.entities.RunStatus) and the words of the screen.
var statusWords = [...]struct{ pace, mlflow, screen string }{
	{"queued", "SCHEDULED", "queued"},
	{"running", "RUNNING", "live"},
	{"finished", "FINISHED", "ok"},
	{"failed", "FAILED", "failed"},
	{"killed", "KILLED", "killed"},
	{"unknown", "UNKNOWN", "unknown"},
}

// status compares with any of a status's words; != and !~ want none of them to be equal.
func status(op operator, l literal) (predicate, string) {
	positive := op
	switch op {
	case opNe:
		positive = opEq
	case opNotRegex:
		positive = opRegex
	}
	holds, msg := stringTest(positive, l)
	if msg != "" {
		return nil, msg
	}
	return func(v Value) bool {
		found := holds(v.Str)
		for _, w := range statusWords {
			if strings.EqualFold(w.pace, v.Str) || strings.EqualFold(w.mlflow, v.Str) {
				found = found || holds(w.pace) || holds(w.mlflow) || holds(w.screen)
			}
		}
		return found == (positive == op)
	}, ""
}

func duration(f Field, op operator, l literal) (predicate, string) {
	want, ok := parseDuration(l.text)
	if !ok {
		seconds, isNumber := parseNumber(l.text)
		want, ok = seconds*1000, isNumber
	}
	holds := ordered(op)
	if !ok || holds == nil || l.regex != nil {
		return nil, fmt.Sprintf("%s is a duration, as in %s > 1h30m; units are ms s m h d w", f, f)
	}
	return func(v Value) bool { return v.kind == isNumber && holds(v.Num, want) }, ""
}

// timed compares with an instant or a period: < before it, <= before its end, = inside, > after it, >= from its start.
func (p *parser) timed(f Field, op operator, l literal) (predicate, string) {
	s, ok := parseTime(l.text, p.opts.Now, p.opts.Zone)
	if !ok || l.regex != nil {
		return nil, fmt.Sprintf("%s is a time, as in %s > -7d, >= 2026-01-31, = today, or milliseconds", f, f)
	}
	inside := func(t float64) bool { return t >= s.from && (t < s.to || t == s.from) }
	holds := map[operator]func(float64) bool{
		opEq: inside, opHas: inside, opIn: inside,
		opNe: func(t float64) bool { return !inside(t) },
		opLt: func(t float64) bool { return t < s.from },
		opLe: func(t float64) bool { return t < s.from || inside(t) },
		opGe: func(t float64) bool { return t >= s.from },
		opGt: func(t float64) bool { return t >= s.from && !inside(t) },
	}[op]
	if holds == nil {
		return nil, fmt.Sprintf("%s is a time; use = != < <= > >= instead of %s", f, op)
	}
	return func(v Value) bool { return v.kind == isNumber && holds(v.Num) }, ""
}
