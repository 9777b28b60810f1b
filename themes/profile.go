package themes

import (
	"fmt"
	"strconv"
	"strings"
)

// Profile is how many colours the terminal shows.
type Profile uint8

// The profiles, from least to most.
const (
	// ProfileNone keeps bold, underline and reverse but no colour.
	ProfileNone Profile = iota
	// Profile16 is the sixteen ANSI colours.
	Profile16
	// Profile256 is xterm's palette.
	Profile256
	// ProfileTrue is 24-bit colour.
	ProfileTrue
)

// DetectProfile decides from the --color flag ("", auto, always, never, 16,
// 256, true) and the environment. Any non-empty NO_COLOR means none
// (https://no-color.org) unless the flag says otherwise. An unknown flag value
// is an error. COLORTERM is not believed inside tmux and screen, which floor
// at 256 colours whatever the outer terminal can do.
func DetectProfile(flag string, getenv func(string) string) (Profile, error) {
	switch flag {
	case "never":
		return ProfileNone, nil
	case "16":
		return Profile16, nil
	case "256":
		return Profile256, nil
	case "true":
		return ProfileTrue, nil
	case "", "auto":
		if getenv("NO_COLOR") != "" {
			return ProfileNone, nil
		}
		return terminalProfile(getenv), nil
	case "always":
		return max(Profile16, terminalProfile(getenv)), nil
	}
	return ProfileNone, fmt.Errorf("read --color %q: want auto, always, never, 16, 256 or true", flag)
}

func terminalProfile(getenv func(string) string) Profile {
	term, color := getenv("TERM"), getenv("COLORTERM")
	multiplexed := strings.HasPrefix(term, "tmux") || strings.HasPrefix(term, "screen")
	switch {
	case term == "dumb":
		return ProfileNone
	case (color == "truecolor" || color == "24bit") && !multiplexed, strings.HasSuffix(term, "-direct"), getenv("WT_SESSION") != "":
		return ProfileTrue
	case strings.Contains(term, "256color"), multiplexed, color != "":
		return Profile256
	case term == "":
		return ProfileNone
	}
	return Profile16
}

func (p Profile) foreground(b []byte, c Color) []byte { return p.code(b, c, 30, 90, "38") }

func (p Profile) background(b []byte, c Color) []byte { return p.code(b, c, 40, 100, "48") }

// code appends the parameters of one colour, each followed by a semicolon. A
// colour that sits on the cube is named by index even where 24 bits would do:
// the value is the same and the sequence half as long.
func (p Profile) code(b []byte, c Color, low, high int64, extended string) []byte {
	switch {
	case !c.set || p == ProfileNone:
		return b
	case p == Profile16 && c.X16 < 8:
		b = strconv.AppendInt(b, low+int64(c.X16), 10)
	case p == Profile16:
		b = strconv.AppendInt(b, high+int64(c.X16)-8, 10)
	case p == Profile256 || c.onCube():
		b = append(append(b, extended...), ";5;"...)
		b = strconv.AppendInt(b, int64(c.X256), 10)
	default:
		b = append(append(b, extended...), ";2;"...)
		b = strconv.AppendInt(b, int64(c.R), 10)
		b = strconv.AppendInt(append(b, ';'), int64(c.G), 10)
		b = strconv.AppendInt(append(b, ';'), int64(c.B), 10)
	}
	return append(b, ';')
}

func (c Color) onCube() bool {
	r, g, b := cubeRGB(c.X256)
	return r == c.R && g == c.G && b == c.B
}
