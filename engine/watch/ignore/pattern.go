package ignore

import (
	"strings"
)

// pattern is one line of a .gitignore, compiled. Semantics: gitignore(5) and git's wildmatch.c.
type pattern struct {
	src      string
	line     int
	negated  bool
	dirOnly  bool
	anchored bool // matched against the path from the file's folder; else against the name alone
	segments []string
}

// compile reads one line; ok is false for blanks and comments.
func compile(line string, number int) (pattern, bool) {
	p := pattern{src: line, line: number}
	line = trimSpaces(strings.TrimSuffix(line, "\r"))
	if line == "" || line[0] == '#' {
		return p, false
	}
	if line[0] == '!' {
		p.negated = true
		line = line[1:]
	}
	if strings.HasSuffix(line, "/") {
		p.dirOnly = true
		line = line[:len(line)-1]
	}
	if line == "" {
		return p, false
	}
	p.anchored = strings.Contains(line, "/")
	p.segments = strings.Split(strings.TrimPrefix(line, "/"), "/")
	return p, len(p.segments) <= maxSegments
}

const maxSegments = 64

// trimSpaces cuts trailing spaces that no backslash protects.
func trimSpaces(s string) string {
	for strings.HasSuffix(s, " ") {
		slashes := len(s) - 1 - len(strings.TrimRight(s[:len(s)-1], `\`))
		if slashes%2 == 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return s
}

// match asks for a path relative to the pattern's folder, split at slashes.
func (p *pattern) match(path []string, folder bool) bool {
	if p.dirOnly && !folder {
		return false
	}
	if !p.anchored {
		return glob(p.segments[0], path[len(path)-1])
	}
	return segments(p.segments, path)
}

// segments matches whole names; ** stands for any number of them, at the end for at least one.
func segments(pat, path []string) bool {
	star, mark := -1, 0
	i, j := 0, 0
	for j < len(path) {
		switch {
		case i < len(pat) && pat[i] == "**":
			if i == len(pat)-1 {
				return true
			}
			star, mark = i, j
			i++
			continue
		case i < len(pat) && glob(pat[i], path[j]):
			i, j = i+1, j+1
			continue
		case star < 0:
			return false
		}
		mark++
		i, j = star+1, mark
	}
	return i == len(pat)
}

// glob matches one name: * ? [class] and backslash.
func glob(pat, name string) bool {
	star, mark := -1, 0
	i, j := 0, 0
	for j < len(name) {
		if i < len(pat) {
			if pat[i] == '*' {
				star, mark = i, j
				i++
				continue
			}
			if n, ok := one(pat[i:], name[j]); ok {
				i, j = i+n, j+1
				continue
			}
		}
		if star < 0 {
			return false
		}
		mark++
		i, j = star+1, mark
	}
	return strings.Trim(pat[i:], "*") == ""
}

// one matches the first element of a pattern with one byte and tells how long the element is.
func one(pat string, c byte) (int, bool) {
	switch pat[0] {
	case '?':
		return 1, true
	case '[':
		return class(pat, c)
	case '\\':
		if len(pat) == 1 {
			return 1, false
		}
		return 2, pat[1] == c
	}
	return 1, pat[0] == c
}

// class matches [a-z], [!a], [[:digit:]]; one that is never closed matches nothing.
func class(pat string, c byte) (int, bool) {
	i, negated, found := 1, false, false
	if i < len(pat) && (pat[i] == '!' || pat[i] == '^') {
		negated = true
		i++
	}
	for first := true; i < len(pat) && (first || pat[i] != ']'); first = false {
		if strings.HasPrefix(pat[i:], "[:") {
			if end := strings.Index(pat[i:], ":]"); end > 1 { // the two colons of "[:]" are one
				known, in := posix(pat[i+2:i+end], c)
				if !known {
					return 1, false
				}
				found = found || in
				i += end + 2
				continue
			}
		}
		lo, n := element(pat[i:])
		i += n
		hi := lo
		if i+1 < len(pat) && pat[i] == '-' && pat[i+1] != ']' {
			hi, n = element(pat[i+1:])
			i += 1 + n
		}
		found = found || lo <= c && c <= hi
	}
	if i >= len(pat) {
		return 1, false
	}
	return i + 1, found != negated
}

func element(pat string) (byte, int) {
	if pat[0] == '\\' && len(pat) > 1 {
		return pat[1], 2
	}
	return pat[0], 1
}

func posix(name string, c byte) (known, in bool) {
	digit := c >= '0' && c <= '9'
	upper, lower := c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z'
	switch name {
	case "digit":
		return true, digit
	case "alpha":
		return true, upper || lower
	case "alnum":
		return true, upper || lower || digit
	case "upper":
		return true, upper
	case "lower":
		return true, lower
	case "space":
		return true, c == ' ' || c >= '\t' && c <= '\r'
	case "blank":
		return true, c == ' ' || c == '\t'
	case "punct":
		return true, c > ' ' && c < 0x7f && !upper && !lower && !digit
	case "xdigit":
		return true, digit || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
	case "cntrl":
		return true, c < ' ' || c == 0x7f
	case "graph":
		return true, c > ' ' && c < 0x7f
	case "print":
		return true, c >= ' ' && c < 0x7f
	}
	return false, false
}
