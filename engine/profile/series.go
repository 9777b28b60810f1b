package profile

import (
	"cmp"
	"slices"

	"pace/engine/stats"
	"pace/engine/table"
)

// Series is what a numeric variable does over time, when the dataset is one series: a time variable that hardly repeats, and few
// enough rows to have them all. It looks at Rows rows in order of time, missing values left out.
type Series struct {
	Time string `json:"time"`
	Rows int    `json:"rows"`
	// ADF is the augmented Dickey-Fuller test with a constant; a p under 0.05 speaks against a unit root.
	ADF        float64 `json:"adf"`
	ADFP       float64 `json:"adf_p"`
	Lags       int     `json:"adf_lags"`
	Stationary bool    `json:"stationary"`       // p < 0.05 and no season
	Season     int     `json:"season,omitempty"` // lag of the first clear peak of the autocorrelation
	ACF        []Float `json:"acf"`              // from lag 1
}

const (
	seriesRows  = 5000
	seriesLeast = 50
	seriesLags  = 400
	shownLags   = 40
)

// clock finds the time variable that orders the dataset, or -1.
func (g *gathered) clock(p *Profile) int {
	if !g.sample.whole() || g.total < seriesLeast {
		return -1
	}
	for i := range p.Variables {
		v := &p.Variables[i]
		if v.Type == table.Datetime && v.Count == g.total && float64(v.Distinct) >= 0.99*float64(v.Count) {
			return i
		}
	}
	return -1
}

// series looks at the numeric variables in order of time.
func (g *gathered) series(p *Profile) {
	at := g.clock(p)
	if at < 0 {
		return
	}
	stamps := g.sample.columns[at].numbers
	order := make([]int, len(stamps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(stamps[a], stamps[b]) })
	inParallel(min(len(p.Variables), correlatedColumns), func(int) func(int) {
		return func(i int) {
			v := &p.Variables[i]
			if v.Type != table.Numeric || v.Distinct < 3 || v.Infinite > 0 || v.Role == "id" {
				return
			}
			x := make([]float64, 0, seriesRows)
			for _, j := range order {
				if y := g.sample.columns[i].numbers[j]; y == y && len(x) < seriesRows {
					x = append(x, y)
				}
			}
			v.Series = overTime(p.Variables[at].Name, x)
		}
	})
}

func overTime(time string, x []float64) *Series {
	if len(x) < seriesLeast {
		return nil
	}
	test, ok := stats.DickeyFuller(x)
	acf := stats.Autocorrelation(x, min(shownLags, len(x)/2))
	if !ok || acf == nil {
		return nil
	}
	s := &Series{Time: time, Rows: len(x), ADF: test.Statistic, ADFP: test.P, Lags: test.Lags}
	s.Season = season(stats.Autocorrelation(stats.Detrend(x), min(seriesLags, len(x)/3)))
	s.Stationary = s.ADFP < 0.05 && s.Season == 0
	for _, r := range acf[1:] {
		s.ACF = append(s.ACF, Float(r))
	}
	return s
}

// season is the lag of the highest of the clear peaks of an autocorrelation, 0 for none: at least 0.3, and 0.2 above the lowest
// point before it. A multiple of a lag with nearly the same height is not taken for it.
func season(acf []float64) int {
	best, low := 0, 1.0
	for k := 2; k+1 < len(acf); k++ {
		low = min(low, acf[k-1])
		peak := acf[k] >= acf[k-1] && acf[k] >= acf[k+1]
		if peak && acf[k] >= 0.3 && acf[k]-low >= 0.2 && (best == 0 || acf[k] > acf[best]+0.1) {
			best = k
		}
	}
	return best
}
