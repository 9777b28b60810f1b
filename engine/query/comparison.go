package query

import "strings"

// colon reads field:pat, also with an operator: auc:>.9.
func (p *parser) colon(n name) (node, error) {
	f, serr := p.resolve(n)
	if serr != nil {
		return nil, serr
	}
	p.pos++
	op, ok := p.symbol()
	if !ok {
		op = opHas
	}
	l, err := p.value(op, "!=<>~:,'\"`")
	if err != nil {
		return nil, err
	}
	return p.compare(f, op, l)
}

// comparison reads an operator and its right side, or nothing at all.
func (p *parser) comparison(n name) (node, error) {
	from := p.pos
	if op, ok := p.symbol(); ok {
		return p.against(n, op, false)
	}
	negate := p.keywords("NOT")
	p.spaces()
	switch {
	case p.keyword("LIKE") && p.quoteAhead(n):
		return p.against(n, opLike, negate)
	case p.keyword("ILIKE") && p.quoteAhead(n):
		return p.against(n, opILike, negate)
	case p.keyword("IN") && p.ahead("("):
		return p.list(n, negate)
	case !negate && p.keywords("IS", "NOT", "NULL"):
		return p.null(n, false)
	case !negate && p.keywords("IS", "NULL"):
		return p.null(n, true)
	}
	p.pos = from
	return nil, nil
}

// quoteAhead keeps "looks like that" three words: LIKE wants a quoted pattern or a full field name before it.
func (p *parser) quoteAhead(n name) bool { return n.explicit || p.ahead("'\"") }

func (p *parser) ahead(any string) bool {
	p.spaces()
	return !p.end() && strings.IndexByte(any, p.peek()) >= 0
}

func (p *parser) null(n name, null bool) (node, error) {
	f, serr := p.resolve(n)
	if serr != nil {
		return nil, serr
	}
	return exists{field: f, null: null}, nil
}

func (p *parser) against(n name, op operator, negate bool) (node, error) {
	f, serr := p.resolve(n)
	if serr != nil {
		return nil, serr
	}
	p.spaces()
	l, err := p.value(op, ":")
	if err != nil {
		return nil, err
	}
	c, err := p.compare(f, op, l)
	if err != nil || !negate {
		return c, err
	}
	// NOT LIKE wants the value to be there, as NOT IN does.
	return allOf{exists{field: f}, notOf{c}}, nil
}

// value reads a quoted text, a regex, or a word that may hold the stop bytes in allow.
func (p *parser) value(op operator, allow string) (literal, error) {
	from := p.pos
	switch c := p.peek(); {
	case c == '\'' || c == '"':
		s, err := p.quoted()
		return literal{text: s, quoted: true, pos: from, len: p.pos - from}, err
	case c == '/' && (op == opEq || op == opNe || op == opRegex || op == opNotRegex || op == opHas):
		return p.regex()
	}
	w := p.word(allow)
	if w == "" {
		return literal{}, p.fail(from, 1, "a value is missing here")
	}
	return literal{text: w, pos: from, len: p.pos - from}, nil
}

func (p *parser) compare(f Field, op operator, l literal) (node, error) {
	holds, msg := p.build(f, op, l)
	if msg != "" {
		return nil, p.fail(l.pos, l.len, msg)
	}
	src := " " + string(op) + " " + l.canonical()
	if op == opHas {
		src = ":" + l.canonical()
	}
	return compare{field: f, holds: holds, src: src}, nil
}

// list reads ( value, value ) behind IN.
func (p *parser) list(n name, negate bool) (node, error) {
	f, serr := p.resolve(n)
	if serr != nil {
		return nil, serr
	}
	open := p.pos
	p.pos++
	var tests []predicate
	var texts []string
	for {
		p.spaces()
		l, err := p.value(opIn, ":")
		if err != nil {
			return nil, err
		}
		holds, msg := p.build(f, opIn, l)
		if msg != "" {
			return nil, p.fail(l.pos, l.len, msg)
		}
		if *p.count++; *p.count > maxTerms {
			return nil, p.fail(l.pos, l.len, "the list is too long")
		}
		tests, texts = append(tests, holds), append(texts, l.canonical())
		p.spaces()
		if p.peek() == ',' {
			p.pos++
			continue
		}
		if p.peek() != ')' {
			return nil, p.fail(open, 1, "this list is never closed; it reads ('a', 'b')")
		}
		p.pos++
		break
	}
	return compare{field: f, holds: oneOf(tests, !negate), src: inText(negate) + strings.Join(texts, ", ") + ")"}, nil
}

func inText(negate bool) string {
	if negate {
		return " NOT IN ("
	}
	return " IN ("
}

func oneOf(tests []predicate, want bool) predicate {
	return func(v Value) bool {
		for _, t := range tests {
			if t(v) {
				return want
			}
		}
		return !want
	}
}
