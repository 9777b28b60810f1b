package table

import (
	"math"
	"math/big"
)

// Half widens an IEEE 754 binary16.
func Half(h uint16) float64 {
	exp, man := int(h>>10&31), float64(h&1023)
	var x float64
	switch exp {
	case 0:
		x = math.Ldexp(man, -24)
	case 31:
		x = math.Inf(1)
		if man != 0 {
			return math.NaN()
		}
	default:
		x = math.Ldexp(1024+man, exp-25)
	}
	if h>>15 != 0 {
		return -x
	}
	return x
}

// Decimal divides a big-endian two's complement number by a scale; NaN for more than 64 bytes or none.
func Decimal(b []byte, scale float64) float64 {
	if len(b) == 0 || len(b) > 64 {
		return math.NaN()
	}
	n := new(big.Int).SetBytes(b)
	if b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	f, _ := new(big.Float).SetInt(n).Float64()
	return f / scale
}
