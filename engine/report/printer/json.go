package printer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// writeJSON writes one value, indented. Characters that a terminal could take for a command, or that turn text around,
// are written as \u escapes: the value is the same, and showing it is harmless.
func writeJSON(w io.Writer, v any) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("print json: %w", err)
	}
	_, err := w.Write(escapeHidden(buf.Bytes()))
	return err
}

// escapeHidden escapes DEL, the C1 controls and the bidirectional overrides; they stand only inside JSON strings.
func escapeHidden(in []byte) []byte {
	if !bytes.ContainsFunc(in, hidden) {
		return in
	}
	out := make([]byte, 0, len(in)+64)
	for _, r := range string(in) {
		if hidden(r) {
			out = fmt.Appendf(out, `\u%04x`, r)
			continue
		}
		out = append(out, string(r)...)
	}
	return out
}

func hidden(r rune) bool {
	return r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}
