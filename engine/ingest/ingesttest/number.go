package ingesttest

import (
	"encoding/json"
	"math"
)

// Number is a float as the scripts of testdata/make spell it in a want.json: NaN and infinities are strings.
type Number float64

// UnmarshalJSON reads a number, or one of the strings "NaN", "Infinity" and "-Infinity".
func (n *Number) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case `"NaN"`:
		*n = Number(math.NaN())
	case `"Infinity"`:
		*n = Number(math.Inf(1))
	case `"-Infinity"`:
		*n = Number(math.Inf(-1))
	default:
		return json.Unmarshal(b, (*float64)(n))
	}
	return nil
}
