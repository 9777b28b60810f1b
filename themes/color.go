package themes

import "math"

// Color is one palette entry: its 24-bit value, its index on the xterm-256
// palette and its twin among the 16 ANSI colours. The zero value means "the
// terminal's own colour".
type Color struct {
	R, G, B uint8
	X256    uint8
	X16     uint8
	set     bool
}

// cube is a colour that sits exactly on the xterm-256 palette (16-255), with
// its 16-colour twin. Those 240 values do not depend on the user's settings,
// so that contrast can be promised.
func cube(index, twin uint8) Color {
	r, g, b := cubeRGB(index)
	return Color{R: r, G: g, B: b, X256: index, X16: twin, set: true}
}

// rgb is a colour off the cube (scheme files): both lesser profiles get the
// nearest entry.
func rgb(r, g, b uint8) Color {
	c := Color{R: r, G: g, B: b, set: true}
	c.X256 = nearest256(c)
	c.X16 = nearest16(c)
	return c
}

// Hex is the colour as "#rrggbb", or "" for the terminal's own.
func (c Color) Hex() string {
	if !c.set {
		return ""
	}
	const digits = "0123456789abcdef"
	out := []byte{'#', 0, 0, 0, 0, 0, 0}
	for i, v := range [3]uint8{c.R, c.G, c.B} {
		out[1+2*i], out[2+2*i] = digits[v>>4], digits[v&15]
	}
	return string(out)
}

// cubeRGB is xterm's fixed value for a palette index of 16 or more.
func cubeRGB(index uint8) (r, g, b uint8) {
	if index >= 232 {
		v := 8 + 10*(index-232)
		return v, v, v
	}
	level := [6]uint8{0, 95, 135, 175, 215, 255}
	i := index - 16
	return level[i/36], level[i/6%6], level[i%6]
}

// ansi16 is xterm's default for the sixteen colours a user may have changed.
// It only serves to find twins for scheme files.
func ansi16(i uint8) (r, g, b uint8) {
	table := [16][3]uint8{
		{0, 0, 0}, {205, 0, 0}, {0, 205, 0}, {205, 205, 0}, {0, 0, 238}, {205, 0, 205}, {0, 205, 205}, {229, 229, 229},
		{127, 127, 127}, {255, 0, 0}, {0, 255, 0}, {255, 255, 0}, {92, 92, 255}, {255, 0, 255}, {0, 255, 255}, {255, 255, 255},
	}
	return table[i][0], table[i][1], table[i][2]
}

func nearest256(c Color) uint8 {
	best, at := math.MaxInt, uint8(16)
	for i := 16; i < 256; i++ {
		r, g, b := cubeRGB(uint8(i))
		if d := distance(c, r, g, b); d < best {
			best, at = d, uint8(i)
		}
	}
	return at
}

func nearest16(c Color) uint8 {
	best, at := math.MaxInt, uint8(0)
	for i := uint8(0); i < 16; i++ {
		r, g, b := ansi16(i)
		if d := distance(c, r, g, b); d < best {
			best, at = d, i
		}
	}
	return at
}

// distance is the "redmean" approximation of perceived distance
// (https://www.compuphase.com/cmetric.htm), squared.
func distance(c Color, r, g, b uint8) int {
	mean := (int(c.R) + int(r)) / 2
	dr, dg, db := int(c.R)-int(r), int(c.G)-int(g), int(c.B)-int(b)
	return (512+mean)*dr*dr>>8 + 4*dg*dg + (767-mean)*db*db>>8
}

// Contrast is the WCAG 2.1 contrast ratio of two colours, 1 to 21.
func Contrast(a, b Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + .05) / (math.Min(la, lb) + .05)
}

// luminance is WCAG 2.1's relative luminance of an sRGB colour.
func luminance(c Color) float64 {
	linear := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= .04045 {
			return f / 12.92
		}
		return math.Pow((f+.055)/1.055, 2.4)
	}
	return .2126*linear(c.R) + .7152*linear(c.G) + .0722*linear(c.B)
}

// mix moves a towards b by t in 0..1.
func mix(a, b Color, t float64) Color {
	m := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + (float64(y)-float64(x))*t)) }
	return rgb(m(a.R, b.R), m(a.G, b.G), m(a.B, b.B))
}

// readable moves c towards ink until it stands out from paper by the ratio.
func readable(c, ink, paper Color, ratio float64) Color {
	if !c.set || !paper.set || Contrast(c, paper) >= ratio {
		return c
	}
	for t := .1; t < 1; t += .1 {
		if m := mix(c, ink, t); Contrast(m, paper) >= ratio {
			return m
		}
	}
	return ink
}
