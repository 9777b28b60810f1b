package json

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// What a byte is outside strings.
const (
	other uint8 = iota
	blank
	bare // part of a number, true, null, NaN, -Infinity
	open
	shut
	quote
)

// classes is a table of the above; it is never written.
var classes = func() (t [256]uint8) {
	for _, c := range " \t\r\n" {
		t[c] = blank
	}
	for c := range t {
		if b := byte(c); b-'0' <= 9 || b|0x20 >= 'a' && b|0x20 <= 'z' || b == '+' || b == '-' || b == '.' {
			t[c] = bare
		}
	}
	t['{'], t['['], t['}'], t[']'], t['"'] = open, open, shut, shut, quote
	return t
}()

func space(b []byte, i int) int {
	for i < len(b) && classes[b[i]] == blank {
		i++
	}
	return i
}

func bareEnd(b []byte, i int) int {
	for i < len(b) && classes[b[i]] == bare {
		i++
	}
	return i
}

const (
	ones = 0x0101010101010101
	low7 = 0x7f7f7f7f7f7f7f7f
)

// zeroBytes marks the zero bytes of x with their high bit, exactly.
func zeroBytes(x uint64) uint64 { return ^((x&low7 + low7) | x | low7) }

// stringEnd finds the closing quote of a string whose first character is at i; len(b) when it is never closed.
func stringEnd(b []byte, i int) (end int, escaped bool) {
	for {
		for i+8 <= len(b) {
			w := binary.LittleEndian.Uint64(b[i:])
			if m := zeroBytes(w^ones*'"') | zeroBytes(w^ones*'\\'); m != 0 {
				i += bits.TrailingZeros64(m) >> 3
				break
			}
			i += 8
		}
		for i < len(b) && b[i] != '"' && b[i] != '\\' {
			i++
		}
		if i >= len(b) {
			return len(b), escaped
		}
		if b[i] == '"' {
			return i, escaped
		}
		escaped = true
		i += 2
	}
}

// skip is the offset after the value at i, whatever it is; whole is false when the text ends before it does. It always moves on.
func skip(b []byte, i int) (end int, whole bool) {
	switch classes[b[i]] {
	case quote:
		end, _ = stringEnd(b, i+1)
		return min(end+1, len(b)), end < len(b)
	case open:
		return skipNested(b, i)
	case bare:
		end = bareEnd(b, i)
		return end, end < len(b)
	}
	return i + 1, true
}

// skipNested counts brackets of both kinds alike.
func skipNested(b []byte, i int) (end int, whole bool) {
	for depth := 0; i < len(b); i++ {
		switch classes[b[i]] {
		case quote:
			if i, _ = stringEnd(b, i+1); i == len(b) {
				return i, false
			}
		case open:
			depth++
		case shut:
			if depth--; depth == 0 {
				return i + 1, true
			}
		}
	}
	return len(b), false
}

// unquote appends what a string with escapes says. Unknown escapes stand for themselves, lone surrogates become U+FFFD.
func unquote(dst, s []byte) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			dst = append(dst, s[i])
			continue
		}
		i++
		switch c := s[i]; c {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r, n := unicodeEscape(s[i:])
			dst = utf8.AppendRune(dst, r)
			i += n - 1
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// unicodeEscape reads u0041 or ud83d\ude00 and tells its length.
func unicodeEscape(s []byte) (r rune, n int) {
	r, ok := hex4(s)
	if !ok {
		return utf8.RuneError, 1
	}
	if !utf16.IsSurrogate(r) {
		return r, 5
	}
	if len(s) > 6 && s[5] == '\\' && s[6] == 'u' {
		if low, ok := hex4(s[6:]); ok {
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, 11
			}
		}
	}
	return utf8.RuneError, 5
}

// hex4 reads four hexadecimal digits behind a u.
func hex4(s []byte) (r rune, ok bool) {
	if len(s) < 5 {
		return 0, false
	}
	for _, c := range s[1:5] {
		switch {
		case c-'0' <= 9:
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
