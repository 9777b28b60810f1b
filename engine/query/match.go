package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wild matches text against a pattern with one sign for "any run of characters" and one for "one character".
// It is linear in len(text) * stars at worst and allocates nothing.
func wild(text, pattern string, anyRun, one rune, fold bool) bool {
	t, p := 0, 0
	star, mark := -1, 0
	for t < len(text) {
		r, size := utf8.DecodeRuneInString(text[t:])
		if p < len(pattern) {
			q, qsize := utf8.DecodeRuneInString(pattern[p:])
			if q == anyRun {
				star, mark = p+qsize, t
				p = star
				continue
			}
			if q == one || same(r, q, fold) {
				t, p = t+size, p+qsize
				continue
			}
		}
		if star < 0 {
			return false
		}
		_, size = utf8.DecodeRuneInString(text[mark:])
		mark += size
		t, p = mark, star
	}
	for p < len(pattern) {
		q, qsize := utf8.DecodeRuneInString(pattern[p:])
		if q != anyRun {
			return false
		}
		p += qsize
	}
	return true
}

func same(a, b rune, fold bool) bool {
	return a == b || fold && unicode.ToLower(a) == unicode.ToLower(b)
}

// containsFold is a case-blind strings.Contains; needle is lower case already.
func containsFold(text, needle string) bool {
	if len(needle) == 0 {
		return true
	}
	if !ascii(needle) || !ascii(text) {
		return strings.Contains(strings.ToLower(text), needle)
	}
	first := needle[0]
	for i := 0; i+len(needle) <= len(text); i++ {
		if lower(text[i]) == first && hasPrefixLower(text[i:], needle) {
			return true
		}
	}
	return false
}

func hasPrefixLower(text, needle string) bool {
	for j := 1; j < len(needle); j++ {
		if lower(text[j]) != needle[j] {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
