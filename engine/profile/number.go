package profile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
)

// Float is a float64 whose NaN and infinities are the JSON strings "NaN", "Infinity" and "-Infinity".
type Float float64

// MarshalJSON writes the shortest text that reads back as the same number.
func (f Float) MarshalJSON() ([]byte, error) {
	switch x := float64(f); {
	case x != x:
		return []byte(`"NaN"`), nil
	case math.IsInf(x, 1):
		return []byte(`"Infinity"`), nil
	case math.IsInf(x, -1):
		return []byte(`"-Infinity"`), nil
	default:
		return json.Marshal(x)
	}
}

// UnmarshalJSON reads a number or one of the three strings.
func (f *Float) UnmarshalJSON(b []byte) error {
	x, err := strconv.ParseFloat(string(bytes.Trim(b, `"`)), 64)
	if err != nil {
		return fmt.Errorf("decode number: %w", err)
	}
	*f = Float(x)
	return nil
}

// Value is a cell as JSON carries it: a number or a text.
type Value struct {
	Number Float
	Text   string
	IsText bool
}

// Num is a Value that is a number.
func Num(x float64) Value { return Value{Number: Float(x)} }

// Str is a Value that is a text.
func Str(s string) Value { return Value{Text: s, IsText: true} }

// String is the value as a person reads it; raw, so strip control sequences before drawing it.
func (v Value) String() string {
	if v.IsText {
		return v.Text
	}
	return strconv.FormatFloat(float64(v.Number), 'g', -1, 64)
}

// MarshalJSON writes a number or a string. Infinities of numbers are strings as everywhere.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.IsText {
		return json.Marshal(v.Text)
	}
	return v.Number.MarshalJSON()
}

// UnmarshalJSON reads either.
func (v *Value) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		v.IsText = true
		return json.Unmarshal(b, &v.Text)
	}
	return v.Number.UnmarshalJSON(b)
}
