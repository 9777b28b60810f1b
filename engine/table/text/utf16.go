package text

import (
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// utf16Reader turns UTF-16 into UTF-8. Lone halves and an odd last byte become U+FFFD.
type utf16Reader struct {
	src  io.Reader
	big  bool
	in   [4096]byte
	n    int    // bytes in `in` that wait for more
	out  []byte // decoded and not yet read
	room [6144 + utf8.UTFMax]byte
	err  error
}

// Read gives what has been decoded.
func (u *utf16Reader) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		m, err := u.src.Read(u.in[u.n:])
		u.n += m
		u.err = err
		u.decode(err != nil)
	}
	n := copy(b, u.out)
	u.out = u.out[n:]
	return n, nil
}

func (u *utf16Reader) unit(i int) rune {
	if u.big {
		return rune(binary.BigEndian.Uint16(u.in[i:]))
	}
	return rune(binary.LittleEndian.Uint16(u.in[i:]))
}

// decode turns what is there into text; the first half of a pair waits for the second unless the input has ended.
func (u *utf16Reader) decode(ended bool) {
	u.out = u.room[:0]
	i := 0
	for ; i+2 <= u.n; i += 2 {
		c := u.unit(i)
		if utf16.IsSurrogate(c) {
			if i+4 > u.n && !ended {
				break
			}
			if i+4 <= u.n {
				if pair := utf16.DecodeRune(c, u.unit(i+2)); pair != utf8.RuneError {
					u.out = utf8.AppendRune(u.out, pair)
					i += 2
					continue
				}
			}
			c = utf8.RuneError
		}
		u.out = utf8.AppendRune(u.out, c)
	}
	if ended && i < u.n && errors.Is(u.err, io.EOF) {
		u.out = utf8.AppendRune(u.out, utf8.RuneError)
		i = u.n
	}
	u.n = copy(u.in[:], u.in[i:u.n])
}
