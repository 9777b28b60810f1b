package profile

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/zeebo/xxh3"

	"pace/engine/stats"
	"pace/engine/table"
)

// pairs holds the alerts about two columns and more.
func (l *looker) pairs() []Alert {
	same, found := l.sameColumns()
	found = append(found, l.correlated(same)...)
	return append(found, l.leaks()...)
}

// sameColumns finds columns that are equal in every sampled row; the result names every later one of a group.
func (l *looker) sameColumns() (later map[string]bool, found []Alert) {
	later = map[string]bool{}
	groups := map[uint64][]int{}
	var order []uint64
	for i := range l.Variables {
		v := &l.Variables[i]
		if v.Distinct < 2 || len(l.g.sample.ids) < 10 || v.Type == table.List || v.Type == table.Struct {
			continue
		}
		h := l.g.sample.columns[i].digest()
		if groups[h] == nil {
			order = append(order, h)
		}
		groups[h] = append(groups[h], i)
	}
	for _, h := range order {
		g := groups[h]
		if len(g) < 2 {
			continue
		}
		names := l.names(g)
		for _, n := range names[1:] {
			later[n] = true
		}
		a := alert("duplicate-column", SevereWarn, fmt.Sprintf("the same values as %s in every one of %d rows", names[0], len(l.g.sample.ids)),
			ev{"rows", float64(len(l.g.sample.ids))})
		a.Columns = names
		found = append(found, a.on(names[1]))
	}
	return later, found
}

func (l *looker) names(at []int) (names []string) {
	for _, i := range at {
		names = append(names, l.Variables[i].Name)
	}
	return names
}

// digest is a hash of a sampled column.
func (s *sampled) digest() uint64 {
	h := uint64(rowSeed)
	for _, x := range s.numbers {
		h = fold(h, stats.SortableBits(x))
	}
	for _, x := range s.hashes {
		h = fold(h, x)
	}
	return stats.Mix(h) ^ xxh3.HashString(fmt.Sprint(s.text))
}

// The strengths from which a correlation is spoken of, and from which columns are redundant.
const (
	strong    = 0.7
	redundant = 0.9
)

// correlated names clusters of redundant columns once, and for each other column its strongest partner.
func (l *looker) correlated(skip map[string]bool) (found []Alert) {
	for i := range l.Variables {
		if l.Variables[i].Role == RoleID {
			skip[l.Variables[i].Name] = true
		}
	}
	type link struct {
		a, b   string
		value  float64
		method string
	}
	var links []link
	for _, method := range []string{Pearson, Spearman, CramersV} {
		for _, p := range l.Correlations[method].Pairs {
			if v := float64(p.Value); math.Abs(v) >= strong && !skip[p.A] && !skip[p.B] && p.N >= 30 {
				links = append(links, link{p.A, p.B, v, method})
			}
		}
	}
	slices.SortStableFunc(links, func(x, y link) int {
		switch a, b := math.Abs(x.value), math.Abs(y.value); {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	said := map[string]bool{}
	for _, k := range links {
		if said[k.a] || said[k.b] && math.Abs(k.value) < redundant || said[k.a+"\x00"+k.b] {
			continue
		}
		cluster := []string{k.a, k.b}
		if math.Abs(k.value) >= redundant {
			for grown := true; grown; {
				grown = false
				for _, m := range links {
					in, out := slices.Contains(cluster, m.a), slices.Contains(cluster, m.b)
					if math.Abs(m.value) >= redundant && in != out {
						cluster = append(cluster, map[bool]string{true: m.b, false: m.a}[in])
						grown = true
					}
				}
			}
		}
		for _, c := range cluster {
			said[c] = true
		}
		slices.Sort(cluster[1:])
		s, message := SevereInfo, fmt.Sprintf("goes along with %s (%s %.2f)", k.b, k.method, k.value)
		if math.Abs(k.value) >= redundant {
			s, message = SevereWarn, fmt.Sprintf("redundant with %s (%s up to %.2f)", strings.Join(cluster[1:], ", "), k.method, k.value)
		}
		a := alert("high-correlation", s, message, ev{"correlation", k.value}, ev{"columns", float64(len(cluster))})
		a.Columns = cluster
		found = append(found, a.on(k.a))
	}
	return found
}

// leaks tells of variables that nearly give the target away.
func (l *looker) leaks() (found []Alert) {
	if l.target == "" {
		return nil
	}
	for _, p := range l.Correlations[NMI].Pairs {
		other := p.A
		if other == l.target {
			other = p.B
		}
		if p.A != l.target && p.B != l.target || float64(p.Value) <= 0.8 || p.N < 100 {
			continue
		}
		a := alert("target-leakage", SevereError, fmt.Sprintf("tells the target %s nearly for certain (NMI %.2f)", l.target, float64(p.Value)), ev{"nmi", float64(p.Value)}, ev{"rows", float64(p.N)})
		a.Columns = []string{l.target}
		found = append(found, a.on(other))
	}
	return found
}

// overTime tells of variables without a steady mean, false discoveries held at 5 % over all variables, and of seasons.
func (l *looker) overTime() (found []Alert) {
	var p []float64
	var vs []*Variable
	for i := range l.Variables {
		if s := l.Variables[i].Series; s != nil {
			p, vs = append(p, s.ADFP), append(vs, &l.Variables[i])
		}
	}
	steady := stats.BenjaminiHochberg(p, 0.05)
	for i, v := range vs {
		switch s := v.Series; {
		case s.Season > 0:
			found = append(found, alert("seasonal", SevereInfo, fmt.Sprintf("repeats every %d rows over %s", s.Season, s.Time), ev{"lag", float64(s.Season)}).on(v.Name))
		case !steady[i]:
			found = append(found, alert("non-stationary", SevereInfo, fmt.Sprintf("wanders over %s: no steady mean was found", s.Time),
				ev{"adf", s.ADF}, ev{"p_value", s.ADFP}, ev{"rows", float64(s.Rows)}).on(v.Name))
		}
	}
	return found
}
