package query

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// scan.go reads the smallest parts: spaces, words, quoted names, regexes, operators.

// stopsWord tells whether an ASCII byte ends a bare word.
func stopsWord(c byte) bool {
	return c <= ' ' || c == 0x7f || strings.IndexByte("()<>=!~:,|'\"`", c) >= 0
}

func (p *parser) end() bool { return p.pos >= len(p.src) }

func (p *parser) peek() byte {
	if p.end() {
		return 0
	}
	return p.src[p.pos]
}

func (p *parser) spaces() {
	for !p.end() {
		r, size := utf8.DecodeRuneInString(p.src[p.pos:])
		if !unicode.IsSpace(r) {
			return
		}
		p.pos += size
	}
}

// word reads up to a stop byte or a space of any alphabet; allow lists stop bytes that this word may hold.
func (p *parser) word(allow string) string {
	from := p.pos
	for !p.end() {
		r, size := utf8.DecodeRuneInString(p.src[p.pos:])
		if r < utf8.RuneSelf && stopsWord(byte(r)) && strings.IndexByte(allow, byte(r)) < 0 || unicode.IsSpace(r) {
			break
		}
		p.pos += size
	}
	return p.src[from:p.pos]
}

// quoted reads a quoted text whose quote stands at the position; a doubled quote inside is one quote.
func (p *parser) quoted() (string, error) {
	from, quote := p.pos, p.src[p.pos]
	var b strings.Builder
	for i := p.pos + 1; i < len(p.src); i++ {
		if p.src[i] != quote {
			b.WriteByte(p.src[i])
			continue
		}
		if i+1 < len(p.src) && p.src[i+1] == quote {
			b.WriteByte(quote)
			i++
			continue
		}
		p.pos = i + 1
		return b.String(), nil
	}
	return "", p.fail(from, len(p.src)-from, "this quote is never closed")
}

// regex reads /source/ or /source/i; \/ is a slash.
func (p *parser) regex() (literal, error) {
	from := p.pos
	var b strings.Builder
	for i := p.pos + 1; i < len(p.src); i++ {
		switch {
		case p.src[i] == '\\' && i+1 < len(p.src):
			if p.src[i+1] != '/' {
				b.WriteByte('\\')
			}
			b.WriteByte(p.src[i+1])
			i++
		case p.src[i] == '/':
			p.pos = i + 1
			return p.compileRegex(from, b.String())
		default:
			b.WriteByte(p.src[i])
		}
	}
	return literal{}, p.fail(from, len(p.src)-from, "a regex ends with a slash; a path goes in quotes")
}

func (p *parser) compileRegex(from int, src string) (literal, error) {
	if p.peek() == 'i' {
		p.pos++
		src = "(?i)" + strings.TrimPrefix(src, "(?i)")
	}
	if !p.end() && !stopsWord(p.peek()) {
		return literal{}, p.fail(from, p.pos-from, "a regex stands alone between its slashes; a path goes in quotes")
	}
	re, err := regexp.Compile(src)
	if err != nil {
		return literal{}, p.fail(from, p.pos-from, regexMessage(err))
	}
	return literal{text: src, regex: re, pos: from, len: p.pos - from}, nil
}

var symbols = [...]struct {
	text string
	op   operator
}{ // longest first
	{"==", opEq}, {"!=", opNe}, {"<>", opNe}, {"<=", opLe}, {">=", opGe}, {"!~", opNotRegex}, {"=~", opRegex},
	{"=", opEq}, {"<", opLt}, {">", opGt}, {"~", opRegex},
}

// symbol reads a comparison made of signs.
func (p *parser) symbol() (operator, bool) {
	for _, s := range symbols {
		if strings.HasPrefix(p.src[p.pos:], s.text) {
			p.pos += len(s.text)
			return s.op, true
		}
	}
	return "", false
}

// keyword reads a word in any case when a word ends behind it.
func (p *parser) keyword(word string) bool {
	rest := p.src[p.pos:]
	if len(rest) < len(word) || !strings.EqualFold(rest[:len(word)], word) {
		return false
	}
	if after := rest[len(word):]; after != "" && !stopsWord(after[0]) {
		if r, _ := utf8.DecodeRuneInString(after); !unicode.IsSpace(r) {
			return false
		}
	}
	p.pos += len(word)
	return true
}

// keywords reads several keywords with spaces between; the position stays when one is missing.
func (p *parser) keywords(list ...string) bool {
	from := p.pos
	for _, w := range list {
		p.spaces()
		if !p.keyword(w) {
			p.pos = from
			return false
		}
	}
	return true
}

func (p *parser) fail(pos, length int, msg string) *SyntaxError {
	pos = min(pos, len(p.src))
	return &SyntaxError{Src: p.src, Pos: pos, Len: min(length, len(p.src)-pos), Msg: msg}
}
