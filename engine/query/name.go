package query

import (
	"fmt"
	"slices"
	"strings"
)

// name is a field or a word as it was written.
type name struct {
	raw      string
	prefix   string // metrics, params, ... in any spelling; "" without
	key      string // without quotes and prefix
	quoted   bool   // some of it stood in quotes
	explicit bool   // it has a known prefix and a key
	pos, len int
}

// name reads a word, a quoted text, or a prefix with a quoted key: metrics."val loss".
func (p *parser) name() (name, error) {
	from := p.pos
	var parts []string
	var quotes []bool
	for {
		c := p.peek()
		if c == '"' || c == '`' || c == '\'' {
			if len(parts) > 0 && !strings.HasSuffix(parts[len(parts)-1], ".") {
				break
			}
			s, err := p.quoted()
			if err != nil {
				return name{}, err
			}
			parts, quotes = append(parts, s), append(quotes, true)
			if _, _, ok := prefixKind(s); ok && len(parts) == 1 && p.peek() == '.' {
				continue
			}
			break
		}
		w := p.word("")
		if w == "" {
			break
		}
		parts, quotes = append(parts, w), append(quotes, false)
	}
	n := name{raw: p.src[from:p.pos], pos: from, len: p.pos - from}
	n.split(parts, quotes)
	return n, nil
}

// split finds the prefix: what stands before the first dot that is outside quotes.
func (n *name) split(parts []string, quotes []bool) {
	n.key = strings.Join(parts, "")
	n.quoted = slices.Contains(quotes, true)
	if len(parts) == 0 || len(parts) == 1 && n.quoted {
		return
	}
	prefix, rest := "", ""
	if quotes[0] { // `metrics`.x
		prefix, rest = parts[0], strings.Join(parts[1:], "")
		if !strings.HasPrefix(rest, ".") {
			return
		}
		rest = rest[1:]
	} else {
		head, tail, ok := strings.Cut(parts[0], ".")
		if !ok {
			return
		}
		prefix, rest = head, tail+strings.Join(parts[1:], "")
	}
	if _, _, ok := prefixKind(prefix); ok && rest != "" {
		n.prefix, n.key, n.explicit = prefix, rest, true
	}
}

// resolve finds the field that a name means.
func (p *parser) resolve(n name) (Field, *SyntaxError) {
	if n.explicit {
		return p.prefixed(n)
	}
	if a, ok := attribute(n.key); ok {
		if !a.Prefix || p.peek() == ':' || !n.quoted {
			return Field{Kind: Attr, Key: a.Name}, nil
		}
	}
	if n.key == "" {
		return Field{}, p.fail(n.pos, n.len, "a name is missing here")
	}
	if p.opts.Names == nil {
		return Field{Kind: Short, Key: n.key}, nil
	}
	return p.short(n)
}

func (p *parser) prefixed(n name) (Field, *SyntaxError) {
	kind, dataset, _ := prefixKind(n.prefix)
	if kind == Metric {
		return p.aggregate(n.key), nil
	}
	if kind != Attr {
		return Field{Kind: kind, Key: n.key}, nil
	}
	key := n.key
	if dataset {
		key = "dataset." + key
	}
	a, ok := attribute(key)
	if !ok {
		return Field{}, p.unknown(n, "no attribute is called "+key, attributeNames())
	}
	return Field{Kind: Attr, Key: a.Name}, nil
}

// aggregate tells loss.min the metric from loss.min the smallest loss where the names are known.
func (p *parser) aggregate(key string) Field {
	if names := p.opts.Names; names != nil && !slices.Contains(names.Metrics, key) {
		if base, agg, ok := splitAgg(key); ok && slices.Contains(names.Metrics, base) {
			return Field{Kind: Metric, Key: base, Agg: agg}
		}
	}
	return Field{Kind: Metric, Key: key}
}

// short resolves a name without prefix: the exact key of a metric, param or tag in this order, else the one key
// that ends with it (val/auc for auc) in the same order.
func (p *parser) short(n name) (Field, *SyntaxError) {
	names := p.opts.Names
	groups := [...]struct {
		kind Kind
		keys []string
	}{{Metric, names.Metrics}, {Param, names.Params}, {Tag, names.Tags}}
	base, agg, hasAgg := splitAgg(n.key)
	for _, g := range groups {
		if slices.Contains(g.keys, n.key) {
			return Field{Kind: g.kind, Key: n.key}, nil
		}
		if g.kind == Metric && hasAgg && slices.Contains(g.keys, base) {
			return Field{Kind: Metric, Key: base, Agg: agg}, nil
		}
	}
	for _, g := range groups {
		found := endings(g.keys, n.key)
		field := Field{Kind: g.kind}
		if len(found) == 0 && g.kind == Metric && hasAgg {
			found, field.Agg = endings(g.keys, base), agg
		}
		if len(found) == 1 {
			field.Key = found[0]
			return field, nil
		}
		if len(found) > 1 {
			return Field{}, p.ambiguous(n, field, found)
		}
	}
	return Field{}, p.unknown(n, fmt.Sprintf("no metric, param, tag or attribute is called %s", n.key), p.allNames())
}

// endings are the keys whose last part, behind a slash or dot, is the name.
func endings(keys []string, name string) []string {
	var out []string
	for _, k := range keys {
		if cut := len(k) - len(name) - 1; cut >= 0 && strings.HasSuffix(k, name) && (k[cut] == '/' || k[cut] == '.') {
			out = append(out, k)
		}
	}
	return out
}

func (p *parser) ambiguous(n name, f Field, keys []string) *SyntaxError {
	e := p.fail(n.pos, n.len, "")
	for _, k := range keys {
		f.Key = k
		e.Candidates = append(e.Candidates, f.String())
	}
	slices.Sort(e.Candidates)
	e.Msg = fmt.Sprintf("%s could be %s", n.key, listing(e.Candidates))
	return e
}

func (p *parser) unknown(n name, msg string, known []string) *SyntaxError {
	e := p.fail(n.pos, n.len, msg)
	e.Candidates = nearest(n.key, known)
	if len(e.Candidates) > 0 {
		e.Msg += "; is it " + listing(e.Candidates) + "?"
	}
	return e
}

func listing(names []string) string {
	if len(names) > 8 {
		return strings.Join(names[:8], ", ") + fmt.Sprintf(" or %d more", len(names)-8)
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

func attributeNames() []string {
	out := make([]string, len(Attributes))
	for i, a := range Attributes {
		out[i] = a.Name
	}
	return out
}

func (p *parser) allNames() []string {
	out := attributeNames()
	for _, a := range Attributes {
		out = append(out, a.Aliases...)
	}
	for _, k := range p.opts.Names.Metrics {
		out = append(out, Field{Kind: Metric, Key: k}.String())
	}
	for _, k := range p.opts.Names.Params {
		out = append(out, Field{Kind: Param, Key: k}.String())
	}
	return out
}

// nearest are up to three known names within two edits of what was written, nearest first.
func nearest(written string, known []string) []string {
	type scored struct {
		name string
		dist int
	}
	var found []scored
	for _, k := range known {
		plain := strings.Trim(k[strings.IndexByte(k, '.')+1:], "`")
		if d := min(edits(written, k), edits(written, plain)); d <= min(2, len(written)/2) {
			found = append(found, scored{k, d})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int { return a.dist - b.dist })
	var out []string
	for _, f := range found[:min(3, len(found))] {
		out = append(out, f.name)
	}
	return out
}

// edits is the Levenshtein distance in bytes, or 3 for anything farther than that by length alone.
func edits(a, b string) int {
	if len(a) > 64 || len(a)-len(b) > 2 || len(b)-len(a) > 2 {
		return 3
	}
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range len(a) {
		diag := prev[0]
		prev[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diag, prev[j+1] = prev[j+1], min(diag+cost, prev[j]+1, prev[j+1]+1)
		}
	}
	return prev[len(b)]
}
