package query

import (
	"fmt"
	"slices"
	"strings"
)

// parser reads one source; saved filters are read by parsers of their own that share the count.
type parser struct {
	src    string
	pos    int
	opts   Options
	depth  int
	count  *int     // terms read so far
	within []string // saved filters being read
}

// filter reads the whole source.
func (p *parser) filter() (node, error) {
	if len(p.src) > maxSource {
		return nil, p.fail(maxSource, len(p.src)-maxSource, fmt.Sprintf("a filter has at most %d bytes", maxSource))
	}
	p.spaces()
	if p.end() {
		return allOf{}, nil
	}
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if !p.end() {
		return nil, p.fail(p.pos, 1, "this ) was never opened")
	}
	return n, nil
}

func (p *parser) or() (node, error) {
	var list anyOf
	for {
		n, err := p.and()
		if err != nil {
			return nil, err
		}
		list = append(list, flat(n)...)
		p.spaces()
		if !p.keyword("OR") && !p.bar() {
			break
		}
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return list, nil
}

// flat takes the members of an OR inside an OR, so that parentheses which change nothing leave no trace.
func flat(n node) []node {
	if o, ok := n.(anyOf); ok {
		return o
	}
	return []node{n}
}

func (p *parser) bar() bool {
	if p.peek() != '|' {
		return false
	}
	p.pos++
	if p.peek() == '|' {
		p.pos++
	}
	return true
}

func (p *parser) and() (node, error) {
	var list allOf
	for {
		n, err := p.not()
		if err != nil {
			return nil, err
		}
		if inner, ok := n.(allOf); ok {
			list = append(list, inner...)
		} else {
			list = append(list, n)
		}
		p.spaces()
		if p.keyword("AND") {
			continue
		}
		from := p.pos
		stop := p.end() || p.peek() == ')' || p.peek() == '|' || p.keyword("OR")
		p.pos = from
		if stop {
			break
		}
	}
	if len(list) == 1 {
		return list[0], nil
	}
	return list, nil
}

func (p *parser) not() (node, error) {
	p.spaces()
	from := p.pos
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail(from, 1, fmt.Sprintf("more than %d filters inside each other", maxDepth))
	}
	defer func() { p.depth-- }()
	c := p.peek()
	minus := (c == '-' || c == '!') && p.pos+1 < len(p.src) && p.src[p.pos+1] > ' '
	if minus {
		p.pos++
	} else if !p.keyword("NOT") {
		return p.primary()
	}
	n, err := p.not()
	if err != nil {
		return nil, err
	}
	return notOf{n}, nil
}

func (p *parser) primary() (node, error) {
	if *p.count++; *p.count > maxTerms {
		return nil, p.fail(p.pos, 1, fmt.Sprintf("a filter has at most %d terms", maxTerms))
	}
	from := p.pos
	switch c := p.peek(); {
	case p.end():
		return nil, p.fail(p.pos, 0, "something is missing here: a word or a comparison such as metrics.rmse < 0.8")
	case c == '(':
		return p.group()
	case c == '/':
		l, err := p.regex()
		if err != nil {
			return nil, err
		}
		return words{holds: pattern(l), src: l.canonical()}, nil
	case c == '@':
		return p.saved()
	case p.keyword("AND") || p.keyword("OR"):
		return nil, p.fail(from, p.pos-from, p.src[from:p.pos]+" needs a filter before it; the word itself goes in quotes")
	case p.keyword("has") && p.peek() == ':':
		p.pos++
		return p.has()
	}
	p.pos = from
	return p.term()
}

func (p *parser) group() (node, error) {
	from := p.pos
	p.pos++
	n, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.peek() != ')' {
		return nil, p.fail(from, 1, "this ( is never closed")
	}
	p.pos++
	return n, nil
}

func (p *parser) saved() (node, error) {
	from := p.pos
	p.pos++
	name := p.word("")
	if p.opts.Saved == nil {
		return nil, p.fail(from, p.pos-from, "there are no saved filters here; the text itself goes in quotes")
	}
	src, ok := p.opts.Saved(name)
	if !ok {
		return nil, p.fail(from, p.pos-from, fmt.Sprintf("no saved filter is called %q", name))
	}
	if slices.Contains(p.within, name) {
		return nil, p.fail(from, p.pos-from, fmt.Sprintf("the saved filter %s names itself", name))
	}
	if strings.TrimSpace(src) == "" {
		return nil, p.fail(from, p.pos-from, fmt.Sprintf("the saved filter %s is empty", name))
	}
	inner := &parser{src: src, opts: p.opts, depth: p.depth, count: p.count, within: append(slices.Clone(p.within), name)}
	n, err := inner.filter()
	if err != nil {
		return nil, p.fail(from, p.pos-from, fmt.Sprintf("in the saved filter %s: %s", name, message(err)))
	}
	return n, nil
}

func message(err error) string {
	if s, ok := err.(*SyntaxError); ok {
		return s.Msg
	}
	return err.Error()
}

// has reads what stands behind has: — a field in any spelling, or a key that may be a metric, param or tag.
func (p *parser) has() (node, error) {
	n, err := p.name()
	if err != nil {
		return nil, err
	}
	if n.key == "" {
		return nil, p.fail(n.pos, n.len, "has: wants a name, as in has:note or has:metrics.auc")
	}
	f, serr := p.resolve(n)
	if serr != nil {
		if n.explicit || len(serr.Candidates) > 0 {
			return nil, serr
		}
		f = Field{Kind: Short, Key: n.key}
	}
	return exists{field: f, has: true}, nil
}

// term reads a comparison, field:pat, or a bare word.
func (p *parser) term() (node, error) {
	n, err := p.name()
	if err != nil {
		return nil, err
	}
	if n.len == 0 {
		return nil, p.fail(p.pos, 1, fmt.Sprintf("%q does not belong here", p.src[p.pos:p.pos+1]))
	}
	if p.peek() == ':' {
		return p.colon(n)
	}
	after := p.pos
	p.spaces()
	if node, err := p.comparison(n); node != nil || err != nil {
		return node, err
	}
	p.pos = after
	if n.explicit {
		return nil, p.fail(n.pos, n.len, fmt.Sprintf("%s needs a comparison behind it; has:%s asks whether it is there", n.raw, n.raw))
	}
	l := literal{text: n.key, quoted: n.quoted}
	return words{holds: pattern(l), src: bare(l)}, nil
}

// bare writes a word so that it reads back as a word.
func bare(l literal) string {
	if l.quoted || l.text == "" || reserved(l.text) {
		return quoteText(l.text)
	}
	return l.text
}

func reserved(s string) bool {
	switch strings.ToUpper(s) {
	case "AND", "OR", "NOT":
		return true
	}
	return strings.ContainsAny(s[:1], "-!@/")
}
