package store

import (
	"encoding/hex"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func same(a, b Points) bool {
	return slices.Equal(a.Steps, b.Steps) && slices.Equal(a.Times, b.Times) &&
		slices.EqualFunc(a.Values, b.Values, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

func roundTrip(t *testing.T, p Points) []byte {
	t.Helper()
	var c codec
	data := c.appendChunk(nil, p)
	var got Points
	if err := c.decodeChunk(data, &got); err != nil {
		t.Fatalf("%d points: %v", len(p.Values), err)
	}
	if !same(got, p) {
		t.Fatalf("came back different:\n%v\n%v", got, p)
	}
	return data
}

func points(steps, times []int64, values []float64) Points {
	return Points{Steps: steps, Times: times, Values: values}
}

// oddValues are floats that arithmetic would change.
var oddValues = []float64{
	math.NaN(), math.Float64frombits(0x7ff0000000000001), math.Float64frombits(0xfff8000000000000),
	math.Float64frombits(0x7ff8000020000000), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 0, 5e-324,
	math.MaxFloat64, math.MaxFloat32, math.SmallestNonzeroFloat32, 0.1, 1.0 / 3, 1 << 53, 1<<53 + 2, 123456.789, 1e22,
}

func TestChunksKeepEveryBit(t *testing.T) {
	edge := []int64{0, 1, -1, NoStep, math.MaxInt64, math.MinInt64 + 1, 1000, 1_000_000}
	for _, a := range edge {
		for _, b := range edge {
			for _, c := range edge {
				roundTrip(t, points([]int64{a, b, c}, []int64{c, a, b}, []float64{1, 2, 3}))
			}
		}
	}
	for _, a := range oddValues {
		roundTrip(t, points([]int64{1}, []int64{2}, []float64{a}))
		for _, b := range oddValues {
			for _, c := range oddValues {
				roundTrip(t, points([]int64{1, 2, 3}, []int64{1, 2, 3}, []float64{a, b, c}))
			}
		}
	}
}

func TestChunksOfEveryLength(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for n := 1; n <= 300; n++ {
		var p Points
		for i := range n {
			p.push(points([]int64{int64(i) + rng.Int64N(2)}, []int64{int64(i)*1_000_000 + rng.Int64N(9000)}, []float64{rng.NormFloat64()}))
		}
		roundTrip(t, p)
		for i := range p.Values {
			p.Values[i] = float64(float32(p.Values[i]))
		}
		roundTrip(t, p)
		for i := range p.Values {
			p.Values[i] = math.Round(p.Values[i]*1e3) / 1e3
		}
		roundTrip(t, p)
	}
}

// TestChunkBytes fixes the bytes of FORMAT.md's examples, worked out by hand.
func TestChunkBytes(t *testing.T) {
	for _, c := range []struct {
		name, want string
		p          Points
	}{
		// layout 1, 3 points; steps: runs, 0 then stride 1 (02) twice; times in s (2): runs, 10 (14), stride 2 (04)
		// twice; decimal, 10^1: 5 (0a), then stride 5 (0a) twice.
		{"decimal", "01 03 00 00 02 02 02 00 14 04 02 02 01 00 0a 0a 02",
			points([]int64{0, 1, 2}, []int64{10e6, 12e6, 14e6}, []float64{0.5, 1, 1.5})},
		// no step and no time: zigzag(-2^63) is 2^64-1; of two, the difference is shorter than a run. Values as float32: 2^-40 is 0x2b800000, inf 0x7f800000.
		{"single", "01 02 01 ffffffffffffffffff01 00 00 01 ffffffffffffffffff01 00 00 0000802b 0000807f",
			points([]int64{NoStep, NoStep}, []int64{NoTime, NoTime}, []float64{0x1p-40, math.Inf(1)})},
		// 1/3 is 3fd5555555555555: 8 bytes (nibble 0); repeated: none (8); 2/3 differs by 0030000000000000, which
		// is tailed and has one leading zero byte (a), as its bytes 00 .. 30 after the tail.
		{"xor", "01 03 00 00 00 02 02 00 00 00 02 01 80 0a 555555555555d53f 00000030",
			points([]int64{0, 0, 0}, []int64{0, 0, 0}, []float64{1.0 / 3, 1.0 / 3, 2.0 / 3})},
	} {
		got := hex.EncodeToString(roundTrip(t, c.p))
		if want := strings.ReplaceAll(c.want, " ", ""); got != want {
			t.Errorf("%s\n got %s\nwant %s", c.name, got, want)
		}
	}
}

func TestChunkSizes(t *testing.T) {
	var p Points
	for i := range chunkPoints {
		p.push(points([]int64{int64(i) * 10}, []int64{int64(i) * 1_000_000}, []float64{float64(i) / 8}))
	}
	if n := len(roundTrip(t, p)); n > 64 {
		t.Errorf("a straight line takes %d bytes", n)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range p.Values {
		p.Values[i] = float64(float32(rng.NormFloat64()))
	}
	if n := len(roundTrip(t, p)); n > 4*chunkPoints+64 {
		t.Errorf("float32 noise takes %d bytes", n)
	}
	for i := range p.Values {
		p.Values[i] = rng.NormFloat64()
	}
	if n := len(roundTrip(t, p)); 2*n > 17*chunkPoints+128 {
		t.Errorf("float64 noise takes %d bytes", n)
	}
}

func TestTruncatedChunksAreRefused(t *testing.T) {
	var c codec
	rng := rand.New(rand.NewPCG(5, 6))
	for _, scale := range []float64{0, 1e3, 1} {
		var p Points
		for range 100 {
			v := rng.NormFloat64()
			if scale > 1 {
				v = math.Round(v*scale) / scale
			} else if scale == 0 {
				v = float64(float32(v))
			}
			p.push(points([]int64{rng.Int64()}, []int64{rng.Int64N(1e9)}, []float64{v}))
		}
		data := c.appendChunk(nil, p)
		for n := range data {
			var got Points
			if err := c.decodeChunk(data[:n:n], &got); err == nil {
				t.Fatalf("%d of %d bytes were taken", n, len(data))
			}
			if len(got.Values) != 0 {
				t.Fatalf("a failed decode left %d points", len(got.Values))
			}
		}
		if err := c.decodeChunk(append(data, 0), &Points{}); err == nil {
			t.Error("a byte too many was taken")
		}
	}
}

// toPoints cuts fuzz bytes into points.
func toPoints(data []byte) Points {
	var p Points
	for ; len(data) >= 4; data = data[4:] {
		s, k, v := int64(int8(data[0])), int64(int8(data[1])), data[2]
		step, at := s, k*1000
		if s == -128 {
			step = NoStep
		}
		if k == -128 {
			at = NoTime
		} else if k < 0 {
			at = k << 40
		}
		value := float64(int8(v)) / 64
		if data[3] < byte(len(oddValues)) {
			value = oddValues[data[3]]
		} else if data[3] > 200 {
			value = math.Float64frombits(uint64(v)<<56 | uint64(data[3])<<48 | uint64(v)*0x9e3779b97f4a)
		}
		p.push(points([]int64{step}, []int64{at}, []float64{value}))
	}
	return p
}

func FuzzChunkRoundTrip(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4})
	f.Add([]byte("aaaabbbbccccdddd\x80\x80\x80\x80zzzz\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if p := toPoints(data[:min(len(data), 4*4096)]); len(p.Values) > 0 {
			roundTrip(t, p)
		}
	})
}

func FuzzDecodeChunk(f *testing.F) {
	var c codec
	f.Add(c.appendChunk(nil, toPoints([]byte("aaaabbbbccccdddd\x80\x80\x80\x80zzzz"))))
	f.Add(c.appendChunk(nil, points([]int64{0, 1}, []int64{0, 0}, []float64{1.0 / 3, 0.7})))
	f.Add([]byte{1, 0xff, 0xff, 3, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		var c codec
		var p Points
		if c.decodeChunk(data, &p) != nil {
			return
		}
		if n := len(p.Values); n == 0 || n > maxChunkPoints || len(p.Steps) != n || len(p.Times) != n {
			t.Fatalf("%d values, %d steps, %d times", n, len(p.Steps), len(p.Times))
		}
		roundTrip(t, p)
	})
}

func FuzzDecodeSummary(f *testing.F) {
	var s Summary
	s.add(toPoints([]byte("aaaabbbbccccdddd")))
	f.Add(appendSummary(nil, s))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s, again Summary
		if decodeSummary(data, &s) != nil {
			return
		}
		if err := decodeSummary(appendSummary(nil, s), &again); err != nil {
			t.Fatal(err)
		}
		if a, b := appendSummary(nil, s), appendSummary(nil, again); string(a) != string(b) {
			t.Fatalf("%x became %x", a, b)
		}
	})
}

func BenchmarkEncodeChunk(b *testing.B) { benchCodec(b, true) }
func BenchmarkDecodeChunk(b *testing.B) { benchCodec(b, false) }

func benchCodec(b *testing.B, encode bool) {
	kinds := []struct {
		name string
		f    func(float64) float64
	}{
		{"float64", func(v float64) float64 { return v }},
		{"float32", func(v float64) float64 { return float64(float32(v)) }},
		{"decimal", func(v float64) float64 { return math.Round(v*1e4) / 1e4 }},
	}
	for _, kind := range kinds {
		b.Run(kind.name, func(b *testing.B) {
			rng := rand.New(rand.NewPCG(3, 4))
			var p Points
			for i := range chunkPoints {
				v := kind.f(math.Exp(-float64(i)/1e4) + 0.1*rng.NormFloat64())
				p.push(points([]int64{int64(i)}, []int64{int64(i)*1_000_000 + rng.Int64N(20_000)}, []float64{v}))
			}
			var c codec
			data := c.appendChunk(nil, p)
			var got Points
			for b.Loop() {
				if encode {
					data = c.appendChunk(data[:0], p)
				} else if got = got.slice(0, 0); c.decodeChunk(data, &got) != nil {
					b.Fatal("damaged")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*chunkPoints), "ns/point")
			b.ReportMetric(float64(len(data))/chunkPoints, "B/point")
		})
	}
}
