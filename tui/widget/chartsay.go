package widget

import (
	"math"
	"strings"
)

// Sentences says what the chart shows, one sentence a curve, for a screen
// reader or a plain printer.
func (c *Chart) Sentences() []string {
	out := make([]string, 0, len(c.Curves))
	for i := range c.Curves {
		s := &c.Curves[i].Sum
		var b strings.Builder
		b.WriteString(Clean(c.Title))
		if name := Clean(c.Curves[i].Name); name != "" {
			if b.Len() > 0 {
				b.WriteString(" of ")
			}
			b.WriteString(name)
		}
		if b.Len() > 0 {
			b.WriteString(": ")
		}
		points := Count(s.N, NoLimit) + " points"
		if s.NaNs >= s.N {
			out = append(out, b.String()+points+", none of them a number.")
			continue
		}
		b.WriteString("last " + Num(s.Last, NoLimit))
		b.WriteString(", least " + Num(s.Min, NoLimit) + c.where(s.MinAt))
		b.WriteString(", most " + Num(s.Max, NoLimit) + c.where(s.MaxAt) + ", " + points)
		if s.NaNs > 0 {
			b.WriteString(", " + Count(s.NaNs, NoLimit) + " not a number")
		}
		out = append(out, b.String()+".")
	}
	return out
}

// where is a place on the axis in words, "" when it is not known.
func (c *Chart) where(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return " at " + c.axisName() + " " + c.Axis.place(x)
}

// axisName is what X counts.
func (c *Chart) axisName() string {
	switch {
	case c.Axis.Name != "":
		return Clean(c.Axis.Name)
	case c.Axis.Kind == AxisStep:
		return "step"
	}
	return "x"
}
