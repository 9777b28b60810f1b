package widget

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes a string from a file safe to draw: escape sequences, control and
// format characters (bidirectional overrides, zero-width ones) go, line breaks
// and tabs become a space, broken UTF-8 becomes U+FFFD. A clean string is
// returned as it is, without allocation.
func Clean(s string) string {
	i := 0
	for i < len(s) && s[i] >= 0x20 && s[i] < 0x7f {
		i++
	}
	if i == len(s) {
		return s
	}
	for j := i; j < len(s); {
		r, n := utf8.DecodeRuneInString(s[j:])
		if fate(r, n) != keep {
			return scrub(s, j)
		}
		j += n
	}
	return s
}

type verdict uint8

const (
	keep verdict = iota
	drop
	space
	replace
)

func fate(r rune, size int) verdict {
	switch {
	case r >= 0x20 && r < 0x7f:
		return keep
	case r == '\n' || r == '\t' || r == '\r' || r == '\v' || r == '\f' || r == 0x85 || r == 0x2028 || r == 0x2029:
		return space
	case r == utf8.RuneError && size == 1:
		return replace
	case unicode.In(r, unicode.Cc, unicode.Cf):
		return drop
	}
	return keep
}

// scrub copies s, clean up to from, and cleans the rest.
func scrub(s string, from int) string {
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:from])
	for i := from; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == 0x1b || r == 0x9b {
			i += sequence(s[i:], n)
			continue
		}
		switch fate(r, n) {
		case keep:
			b.WriteString(s[i : i+n])
		case space:
			if r == '\r' && strings.HasPrefix(s[i+n:], "\n") {
				break
			}
			b.WriteByte(' ')
		case replace:
			b.WriteRune(utf8.RuneError)
		}
		i += n
	}
	return b.String()
}

// sequence is how many bytes the control sequence at the start of s takes; at
// least n, the introducer's own. A string sequence (OSC, DCS, ...) that never
// ends takes two bytes only: otherwise a name could hide what follows it.
func sequence(s string, n int) int {
	kind := byte('[')
	i := n
	if s[0] == 0x1b {
		if len(s) == 1 {
			return 1
		}
		kind = s[1]
		i = 2
	}
	switch kind {
	case '[':
		for i < len(s) && s[i] >= 0x20 && s[i] < 0x40 {
			i++
		}
		if i < len(s) && s[i] >= 0x40 && s[i] < 0x7f {
			i++
		}
		return i
	case ']', 'P', 'X', '^', '_':
		for j := i; j < len(s); j++ {
			switch {
			case s[j] == 0x07:
				return j + 1
			case s[j] == 0x1b && j+1 < len(s) && s[j+1] == '\\':
				return j + 2
			}
		}
		return 2
	}
	if kind >= 0x20 && kind < 0x7f {
		return 2
	}
	return 1
}
