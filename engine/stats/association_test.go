package stats

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// said is what the real tools say (testdata/make/associations.py).
type said struct {
	Pairs []struct {
		X, Y              []*float64
		Pearson, Spearman *float64
	}
	Nominal []struct {
		A, B      []int32
		Z         []*float64
		V         float64  `json:"cramers_v"`
		DythonV   *float64 `json:"dython_v"`
		UAB       float64  `json:"u_ab"`
		UBA       float64  `json:"u_ba"`
		MI, NMI   float64
		Chi2, Eta float64
	}
	Series []struct {
		Name       string
		X, ACF     []float64
		Stat, P    float64
		Lags, Used int
	}
}

func tools(t *testing.T) (s said) {
	t.Helper()
	raw, err := os.ReadFile("testdata/associations.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func floats(xs []*float64) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = math.NaN()
		if x != nil {
			out[i] = *x
		}
	}
	return out
}

func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if got != got && want != want {
		return
	}
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestCorrelationsEqualPandas(t *testing.T) {
	for i, p := range tools(t).Pairs {
		x, y := floats(p.X), floats(p.Y)
		want := floats([]*float64{p.Pearson, p.Spearman})
		r, _ := Pearson(x, y)
		within(t, "pearson", r, want[0], 1e-9)
		a, b := make([]float64, len(x)), make([]float64, len(x))
		Ranks(a, x, y, Order(x))
		Ranks(b, y, x, Order(y))
		r, n := Pearson(a, b)
		within(t, "spearman", r, want[1], 1e-12)
		if n < 2 && want[1] == want[1] {
			t.Errorf("pair %d: %d rows", i, n)
		}
	}
}

func TestNominalEqualsScipySklearnDython(t *testing.T) {
	for i, p := range tools(t).Nominal {
		var c Contingency
		c.Reset(40, 40)
		c.Add(p.A, p.B)
		within(t, "cramers v", c.CramersV(), p.V, 1e-12)
		if p.DythonV != nil && i > 0 { // the first is 2 x 2: dython takes Yates' correction off
			within(t, "cramers v of dython", c.CramersV(), *p.DythonV, 1e-12)
		}
		chi2, _ := c.ChiSquared()
		within(t, "chi squared", chi2, p.Chi2, 1e-8)
		e := c.Entropies()
		within(t, "mutual information", e.MutualInformation(), p.MI, 1e-12)
		within(t, "nmi", e.NMI(), p.NMI, 1e-12)
		within(t, "U(A|B)", e.TheilsU(), p.UAB, 1e-12)
		within(t, "U(B|A)", e.Swap().TheilsU(), p.UBA, 1e-12)
		eta, _ := CorrelationRatio(p.A, 40, floats(p.Z))
		within(t, "eta", eta, p.Eta, 1e-9)
	}
}

func TestTimeSeriesEqualsStatsmodels(t *testing.T) {
	for _, s := range tools(t).Series {
		got, ok := DickeyFuller(s.X)
		if !ok || got.Lags != s.Lags || got.N != s.Used {
			t.Errorf("%s: %+v %v, want %d lags, %d observations", s.Name, got, ok, s.Lags, s.Used)
		}
		within(t, s.Name+" statistic", got.Statistic, s.Stat, 1e-6*math.Abs(s.Stat))
		within(t, s.Name+" p", got.P, s.P, 1e-6)
		for k, r := range Autocorrelation(s.X, 20) {
			within(t, s.Name+" acf", r, s.ACF[k], 1e-9)
		}
	}
	for _, x := range [][]float64{nil, {1}, make([]float64, 50)} {
		if _, ok := DickeyFuller(x); ok {
			t.Errorf("%d values were tested", len(x))
		}
	}
}

// TestAssociationLaws: associations are symmetric where they should be, stay in their ranges, and independence is near nothing.
func TestAssociationLaws(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n, ka, kb := 2+rng.IntN(300), 1+rng.IntN(8), 1+rng.IntN(8)
		a, b := make([]int32, n), make([]int32, n)
		y := make([]float64, n)
		for i := range a {
			a[i], b[i], y[i] = int32(rng.IntN(ka)), int32(rng.IntN(kb+1))-1, rng.NormFloat64()
		}
		var c, d Contingency
		c.Reset(ka, kb)
		c.Add(a, b)
		d.Reset(kb, ka)
		d.Add(b, a)
		within(t, "V of the transposed", c.CramersV(), d.CramersV(), 1e-12)
		within(t, "NMI of the transposed", c.Entropies().Corrected().NMI(), d.Entropies().Corrected().NMI(), 1e-12)
		within(t, "U of the transposed", c.Entropies().TheilsU(), d.Entropies().Swap().TheilsU(), 1e-12)
		eta, _ := CorrelationRatio(b, kb, y)
		r, _ := Pearson(y, y)
		for what, x := range map[string]float64{"V": c.CramersV(), "NMI": c.Entropies().NMI(), "U": c.Entropies().TheilsU(), "eta": eta, "r": r} {
			if x < 0 || x > 1+1e-12 {
				t.Errorf("%s is %v", what, x)
			}
		}
	}
}

// TestSamplingErrorCovers: the 95 % interval of a sampled correlation holds the true one about 95 times of 100.
func TestSamplingErrorCovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, rho := range []float64{0, 0.5, 0.9} {
		hit := 0
		for range 400 {
			x, y := make([]float64, 200), make([]float64, 200)
			for i := range x {
				x[i] = rng.NormFloat64()
				y[i] = rho*x[i] + math.Sqrt(1-rho*rho)*rng.NormFloat64()
			}
			r, n := Pearson(x, y)
			if math.Abs(r-rho) <= CorrelationError(r, n) {
				hit++
			}
		}
		if hit < 365 {
			t.Errorf("rho %v: %d of 400 intervals hold it", rho, hit)
		}
	}
}
