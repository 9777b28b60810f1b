package query

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SyntaxError says what is wrong with a filter or sort key and where.
type SyntaxError struct {
	Src string // the whole text
	Pos int    // byte offset of the bad part
	Len int    // its length in bytes; 0 at the end of the text
	Msg string // what is wrong and what would be right
	// Candidates are the names that an ambiguous or unknown name could stand for, in full.
	Candidates []string
}

// Error is the message with its column, counted in characters from 1.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("filter: column %d: %s", utf8.RuneCountInString(e.Src[:e.Pos])+1, e.Msg)
}

// Caret renders three lines: the text, carets under the bad part, the message. Control characters are
// drawn as one dot each; a character is taken to be one cell wide.
func (e *SyntaxError) Caret() string {
	shown := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return '.'
		}
		return r
	}, e.Src)
	before := utf8.RuneCountInString(e.Src[:e.Pos])
	width := max(1, utf8.RuneCountInString(e.Src[e.Pos:e.Pos+e.Len]))
	pad := strings.Repeat(" ", before)
	return shown + "\n" + pad + strings.Repeat("^", width) + "\n" + pad + e.Msg
}
