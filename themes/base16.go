package themes

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// schemeLimit bounds a scheme file: real ones are under 2 KiB.
const schemeLimit = 64 << 10

// Base16 reads a base16 scheme (https://github.com/tinted-theming/home, both
// the flat layout and the one with a palette section) in YAML or JSON. It
// returns the scheme's name, which may be empty, and a palette in which colours
// too weak for the scheme's own background have been moved towards its text
// colour. Build it with paint, since the colours are made for that background.
func Base16(data []byte) (name string, p Palette, err error) {
	if len(data) > schemeLimit {
		return "", p, fmt.Errorf("read scheme: %d bytes, more than %d", len(data), schemeLimit)
	}
	var fields map[string]string
	if strings.HasPrefix(strings.TrimSpace(string(data)), "{") {
		fields, err = schemeJSON(data)
	} else {
		fields = schemeYAML(string(data))
	}
	if err != nil {
		return "", p, err
	}
	var base [16]Color
	for i := range base {
		key := fmt.Sprintf("base%02X", i)
		v, ok := fields[strings.ToLower(key)]
		if !ok {
			return "", p, fmt.Errorf("read scheme: no %s", key)
		}
		if base[i], err = parseHex(v); err != nil {
			return "", p, fmt.Errorf("read scheme %s: %w", key, err)
		}
	}
	name = fields["name"]
	if name == "" {
		name = fields["scheme"]
	}
	return name, schemePalette(base), nil
}

// schemeJSON flattens one level of objects, which is all the format has.
func schemeJSON(data []byte) (map[string]string, error) {
	var doc map[string]any
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("read scheme: %w", err)
	}
	out := make(map[string]string)
	add := func(k string, v any) {
		if s, ok := v.(string); ok {
			out[strings.ToLower(k)] = s
		}
	}
	for k, v := range doc {
		add(k, v)
		if inner, ok := v.(map[string]any); ok && k == "palette" {
			for k, v := range inner {
				add(k, v)
			}
		}
	}
	return out, nil
}

// schemeYAML reads "key: value" lines; scheme files use nothing else of YAML.
func schemeYAML(text string) map[string]string {
	out := make(map[string]string)
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(key, "#") {
			continue
		}
		key = strings.ToLower(strings.Trim(strings.TrimSpace(key), `"'`))
		out[key] = schemeScalar(strings.TrimSpace(value))
	}
	return out
}

// schemeScalar drops quotes and a trailing comment.
func schemeScalar(v string) string {
	if v != "" && (v[0] == '"' || v[0] == '\'') {
		if end := strings.IndexByte(v[1:], v[0]); end >= 0 {
			return v[1 : 1+end]
		}
	}
	if i := strings.Index(v, " #"); i >= 0 {
		v = v[:i]
	}
	return strings.TrimSpace(v)
}

var errHex = errors.New("want six hexadecimal digits")

func parseHex(s string) (Color, error) {
	s = strings.TrimPrefix(s, "#")
	v, err := strconv.ParseUint(s, 16, 32)
	if err != nil || len(s) != 6 {
		return Color{}, fmt.Errorf("colour %q: %w", s, errHex)
	}
	return rgb(uint8(v>>16), uint8(v>>8), uint8(v)), nil
}

// schemePalette assigns base16's sixteen slots to roles as the styling guide
// does (https://github.com/tinted-theming/home/blob/main/styling.md).
func schemePalette(base [16]Color) Palette {
	p := Palette{Paper: base[0], Dark: luminance(base[0]) < luminance(base[5])}
	p.Under = [NumSurfaces]Color{Page: base[0], Cursor: base[2], Rest: base[1]}
	slots := [NumRoles]int{
		Fg: 5, Strong: 7, Dim: 4, Header: 4, Accent: 0xD, Key: 0xD, Match: 0xA, Caret: 7,
		OK: 0xB, Warn: 0xA, Err: 8, Live: 0xC, Bad: 8, Faint: 3, Border: 3, Focus: 0xD,
		Series0: 0xD, Series0 + 1: 9, Series0 + 2: 0xB, Series0 + 3: 0xE, Series0 + 4: 8, Series0 + 5: 0xC, Series0 + 6: 0xA, Series0 + 7: 4,
		Heat0: 3, Heat0 + 1: 0xC, Heat0 + 2: 0xD, Heat0 + 3: 7, Cold0: 3, Cold0 + 1: 0xF, Cold0 + 2: 9, Cold0 + 3: 0xA,
	}
	black, white := rgb(0, 0, 0), rgb(255, 255, 255)
	end := black
	if p.Dark {
		end = white
	}
	ink := readable(base[5], end, base[0], 4.5)
	for r, slot := range slots {
		ratio := 4.5
		if Role(r).IsMark() {
			ratio = 3
		}
		p.Ink[r] = readable(base[slot], ink, base[0], ratio)
	}
	// A selection colour close to the text would hide it: fall back to the
	// next one out.
	if Contrast(ink, p.Under[Cursor]) < 4.5 {
		p.Under[Cursor] = p.Under[Rest]
	}
	if Contrast(ink, p.Under[Cursor]) < 4.5 {
		p.Under[Cursor], p.Under[Rest] = base[0], base[0]
	}
	return p
}
