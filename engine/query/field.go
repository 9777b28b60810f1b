package query

import (
	"math"
	"strings"
)

// Kind says where a field's value is looked up.
type Kind uint8

// Kinds of a field.
const (
	Attr   Kind = iota // Row.Attr
	Metric             // Row.Metric
	Param              // Row.Param
	Tag                // Row.Tag
	Short              // metric, else param, else tag: decided row by row
)

// Field is one thing a row can be asked for.
type Field struct {
	Kind Kind
	Key  string // canonical attribute name, or the key as the tool wrote it
	Agg  string // one of Aggregates for a metric that is known to have the key; else ""
}

// Aggregates are the numbers that a series answers: `metrics.loss.min`. Without one it is the last, as in MLflow.
var Aggregates = [...]string{"last", "first", "min", "max", "best", "mean", "points"}

// Form says how an attribute's literals are read.
type Form uint8

// Forms of an attribute.
const (
	Words    Form = iota // a string
	Instant              // milliseconds since 1970 UTC
	Duration             // milliseconds
	Many                 // a list of strings: true when one of them fits
	Status               // a status word of pace, also known by MLflow's
)

// Attribute is one attribute that a filter may name.
type Attribute struct {
	Name    string   // canonical, what Row.Attr is asked for
	Form    Form     //
	Aliases []string // other spellings that filters may use
	Prefix  bool     // also heads a longer name (`tag.x`), so it is an attribute only before a colon
}

// Attributes are all attributes: MLflow's names first, then pace's.
var Attributes = [...]Attribute{
	{Name: "run_id", Aliases: []string{"id"}},
	{Name: "run_name", Aliases: []string{"name", "run name", "Run name", "Run Name"}},
	{Name: "status", Form: Status, Aliases: []string{"state"}},
	{Name: "user_id", Aliases: []string{"user"}},
	{Name: "artifact_uri"},
	{Name: "start_time", Form: Instant, Aliases: []string{"created", "Created", "started"}},
	{Name: "end_time", Form: Instant, Aliases: []string{"ended"}},
	{Name: "dataset.name", Form: Many, Aliases: []string{"data"}},
	{Name: "dataset.digest", Form: Many},
	{Name: "dataset.context", Form: Many},
	{Name: "native_id"},
	{Name: "experiment", Aliases: []string{"exp"}},
	{Name: "experiment_id"},
	{Name: "duration", Form: Duration, Aliases: []string{"dur"}},
	{Name: "source", Aliases: []string{"tool"}},
	{Name: "path"},
	{Name: "host"},
	{Name: "commit", Aliases: []string{"git"}},
	{Name: "branch"},
	{Name: "parent"},
	{Name: "model", Form: Many},
	{Name: "env"},
	{Name: "note", Form: Many, Aliases: []string{"notes"}},
	{Name: "tag", Form: Many, Aliases: []string{"tags"}, Prefix: true},
	{Name: "param", Form: Many, Aliases: []string{"params"}, Prefix: true},
	{Name: "metric", Form: Many, Aliases: []string{"metrics"}, Prefix: true},
}

func attribute(name string) (Attribute, bool) {
	for _, a := range Attributes {
		if a.Name == name {
			return a, true
		}
		for _, other := range a.Aliases {
			if other == name {
				return a, true
			}
		}
	}
	return Attribute{}, false
}

// prefixKind reads the part of a name before its first dot, in MLflow's spellings.
func prefixKind(s string) (kind Kind, dataset, ok bool) {
	switch s {
	case "metric", "metrics":
		return Metric, false, true
	case "param", "params", "parameter", "parameters":
		return Param, false, true
	case "tag", "tags":
		return Tag, false, true
	case "attribute", "attributes", "attr", "run":
		return Attr, false, true
	case "dataset", "datasets":
		return Attr, true, true
	}
	return 0, false, false
}

// splitAgg cuts an aggregate off a metric's name: loss.min is loss, min.
func splitAgg(key string) (base, agg string, ok bool) {
	i := strings.LastIndexByte(key, '.')
	if i <= 0 {
		return "", "", false
	}
	for _, a := range Aggregates {
		if key[i+1:] == a {
			return key[:i], a, true
		}
	}
	return "", "", false
}

// String writes the field so that ParseSort and Parse read it back.
func (f Field) String() string {
	switch f.Kind {
	case Metric:
		if f.Agg != "" && f.Agg != "last" {
			return "metrics." + quoteKey(f.Key+"."+f.Agg)
		}
		return "metrics." + quoteKey(f.Key)
	case Param:
		return "params." + quoteKey(f.Key)
	case Tag:
		return "tags." + quoteKey(f.Key)
	case Attr:
		return f.Key
	}
	return backticks(f.Key)
}

func backticks(key string) string { return "`" + strings.ReplaceAll(key, "`", "``") + "`" }

// quoteKey puts a key in backticks where it needs them. A key that holds backticks cannot be written in MLflow's
// grammar; here they are doubled.
func quoteKey(key string) string {
	if key != "" && !strings.ContainsFunc(key, func(r rune) bool { return r >= 0x80 || stopsWord(byte(r)) }) {
		return key
	}
	return backticks(key)
}

// Value looks the field up in a row.
func (f Field) Value(r Row) (Value, bool) {
	switch f.Kind {
	case Metric:
		return f.metric(r)
	case Param:
		return textOf(r.Param(f.Key))
	case Tag:
		return textOf(r.Tag(f.Key))
	case Attr:
		return r.Attr(f.Key)
	}
	if v, ok := f.metric(r); ok {
		return v, true
	}
	if v, ok := r.Param(f.Key); ok {
		return Text(v), true
	}
	return textOf(r.Tag(f.Key))
}

// metric prefers the key as written, so that a metric really called loss.min stays reachable as in MLflow.
func (f Field) metric(r Row) (Value, bool) {
	if f.Agg != "" {
		v, ok := r.Metric(f.Key, f.Agg)
		return Number(v), ok
	}
	if v, ok := r.Metric(f.Key, "last"); ok {
		return Number(v), true
	}
	if base, agg, ok := splitAgg(f.Key); ok {
		v, ok := r.Metric(base, agg)
		return Number(v), ok
	}
	return Value{}, false
}

func textOf(s string, ok bool) (Value, bool) { return Text(s), ok }

// Value is what a row answers: text, a number, or a list of texts.
type Value struct {
	Str  string
	List []string
	Num  float64
	kind valueKind
}

type valueKind uint8

const (
	isText valueKind = iota
	isNumber
	isList
)

// Text is a string value.
func Text(s string) Value { return Value{Str: s} }

// Number is a numeric value; of times and durations in milliseconds.
func Number(f float64) Value { return Value{Num: f, kind: isNumber} }

// List is a value of several strings.
func List(s []string) Value { return Value{List: s, kind: isList} }

// number reads the value as a number: text when it is one, else false.
func (v Value) number() (float64, bool) {
	switch v.kind {
	case isNumber:
		return v.Num, true
	case isText:
		return parseNumber(v.Str)
	}
	return math.NaN(), false
}
