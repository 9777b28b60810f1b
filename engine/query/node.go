package query

import "strings"

// Binding strengths for writing parentheses only where they are needed.
const (
	precOr = iota
	precAnd
	precNot
)

// node is one part of a filter: asked about a row, written in canonical form, listed for what it touches.
type node interface {
	match(r Row) bool
	text(prec int) string
	walk(u *uses)
}

type (
	allOf []node
	anyOf []node
	notOf struct{ n node }
)

func (a allOf) match(r Row) bool {
	for _, n := range a {
		if !n.match(r) {
			return false
		}
	}
	return true
}

func (a allOf) text(prec int) string { return join(a, " AND ", precAnd, prec) }

func (a allOf) walk(u *uses) {
	for _, n := range a {
		n.walk(u)
	}
}

func (o anyOf) match(r Row) bool {
	for _, n := range o {
		if n.match(r) {
			return true
		}
	}
	return false
}

func (o anyOf) text(prec int) string { return join(o, " OR ", precOr, prec) }

func (o anyOf) walk(u *uses) {
	for _, n := range o {
		n.walk(u)
	}
}

func (x notOf) match(r Row) bool     { return !x.n.match(r) }
func (x notOf) text(prec int) string { return "NOT " + x.n.text(precNot) }
func (x notOf) walk(u *uses)         { x.n.walk(u) }

func join(ns []node, sep string, own, prec int) string {
	parts := make([]string, len(ns))
	for i, n := range ns {
		parts[i] = n.text(own + 1)
	}
	s := strings.Join(parts, sep)
	if prec > own {
		return "(" + s + ")"
	}
	return s
}

// compare is a comparison of one field with a literal.
type compare struct {
	field Field
	holds predicate
	src   string // canonical operator and right side, with its leading space or colon
}

func (c compare) match(r Row) bool {
	v, ok := c.field.Value(r)
	return ok && c.holds(v)
}

func (c compare) text(int) string { return c.field.String() + c.src }
func (c compare) walk(u *uses)    { u.add(c.field) }

// exists asks whether a field has a value.
type exists struct {
	field Field
	null  bool // IS NULL
	has   bool // has: also wants the value not to be empty
}

func (e exists) match(r Row) bool {
	v, ok := e.field.Value(r)
	if e.has && ok {
		ok = v.kind == isNumber || v.Str != "" || len(v.List) > 0 || e.field.Kind == Tag || e.field.Kind == Param
	}
	return ok != e.null
}

func (e exists) text(int) string {
	switch {
	case e.has:
		return "has:" + e.field.String()
	case e.null:
		return e.field.String() + " IS NULL"
	}
	return e.field.String() + " IS NOT NULL"
}

func (e exists) walk(u *uses) { u.add(e.field) }

// words looks for text in everything a row is called.
type words struct {
	holds func(string) bool
	src   string
}

func (w words) match(r Row) bool {
	found := false
	r.Words(func(s string) bool {
		found = w.holds(s)
		return !found
	})
	return found
}

func (w words) text(int) string { return w.src }
func (w words) walk(u *uses)    { u.words = true }
