package profile

import (
	"fmt"
	"regexp"

	"pace/engine/table"
)

// The roles beside the names of the types.
const (
	RoleTarget   = "target"
	RoleConstant = "constant"
	RoleTime     = "time"
	RoleID       = "id"
	RoleOrdinal  = "ordinal" // whole numbers of few values
	RoleGeo      = "geo"     // degrees of latitude or longitude
)

var (
	latitude  = regexp.MustCompile(`(?i)^(.*_)?lat(itude)?$`)
	longitude = regexp.MustCompile(`(?i)^(.*_)?(lon|lng|long)(gitude)?$`)
)

// role is what a variable is for, as far as its figures tell, and why.
func (c *column) role(v *Variable, rows int64, o Options) (role, why string) {
	unique := v.Count > 1 && v.Count == rows && float64(v.Distinct) > 0.99*float64(v.Count)
	switch {
	case v.Name == o.Target && o.Target != "":
		return RoleTarget, "named as the target"
	case v.Count == 0:
		return RoleConstant, "no values"
	case v.Distinct == 1:
		return RoleConstant, "one value"
	case v.Type == table.Datetime:
		return RoleTime, ""
	case unique && v.Lengths != nil && v.Lengths.Max <= 64 && c.texts.words == c.count:
		return RoleID, "every value differs, none has spaces"
	case unique && v.Storage == table.Int.String():
		return RoleID, "whole numbers, every one different"
	case v.Moments != nil && within(v, 90) && latitude.MatchString(v.Name), v.Moments != nil && within(v, 180) && longitude.MatchString(v.Name):
		return RoleGeo, "name and range are those of degrees"
	case v.Type == table.Numeric && v.Storage == table.Int.String() && v.Distinct <= 20 && float64(v.Distinct) < 0.05*float64(v.Count):
		return RoleOrdinal, fmt.Sprintf("%d different whole numbers", v.Distinct)
	}
	return string(v.Type), ""
}

func within(v *Variable, degrees float64) bool {
	return v.Min != nil && float64(v.Min.Number) >= -degrees && float64(v.Max.Number) <= degrees
}

// hide takes every value of the data out of the profile.
func (p *Profile) hide() {
	for i := range p.Variables {
		v := &p.Variables[i]
		v.Top, v.Min, v.Max, v.MissingTokens, v.Histogram = nil, nil, nil, nil, nil
		v.Extremes, v.Outliers, v.TextFigures = nil, nil, v.TextFigures.hidden()
		if v.Moments != nil {
			v.Moments.Quantiles = nil
		}
		if v.Times != nil && v.Times.Cadence != nil {
			v.Times.Cadence.LargestGapEnd = ""
		}
		for j := range v.Errors {
			v.Errors[j].Value = ""
		}
	}
	for i := range p.Alerts {
		p.Alerts[i].Examples, p.Alerts[i].Rule = nil, nil
	}
}

func (f *TextFigures) hidden() *TextFigures {
	if f != nil {
		f.Masks, f.Variants = []ValueCount{}, nil
	}
	return f
}
