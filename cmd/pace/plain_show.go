package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"pace/engine/profile"
	"pace/engine/query"
	"pace/engine/report"
	"pace/tui/panes/draw"
	"pace/tui/widget"
)

func (p *plain) listRuns(ctx context.Context, args []string) error {
	t, err := report.LoadTable(ctx, p.reader(), p.local())
	if err != nil {
		return err
	}
	q := report.ViewQuery{Now: p.now()}
	if text := strings.Join(args, " "); text != "" {
		if q.Filter, err = query.Parse(text, t.QueryOptions()); err != nil {
			return usage(err, "")
		}
	}
	columns, err := t.DefaultColumns(ctx, p.reader())
	if err != nil {
		return err
	}
	rows, err := t.View(ctx, p.reader(), q)
	if err != nil {
		return err
	}
	p.refs = nil
	p.say(draw.Plural(len(rows), "run") + ".")
	for _, row := range rows {
		var parts []string
		for i, c := range columns {
			switch v := t.Cell(row, c, p.now()); {
			case !v.Have || v.Text == "":
			case i < 2:
				parts = append(parts, v.Text)
			default:
				parts = append(parts, c.Title+" "+v.Text)
			}
		}
		p.list("run:"+t.ID(row), strings.Join(parts, ", "))
	}
	return nil
}

func (p *plain) listData(ctx context.Context, _ []string) error {
	all, err := report.LoadDatasets(ctx, p.reader(), p.local())
	if err != nil {
		return err
	}
	p.refs = nil
	p.say(draw.Plural(len(all), "dataset") + ".")
	for _, d := range all {
		text := d.Path
		if d.Rows >= 0 && d.Columns >= 0 {
			text += fmt.Sprintf(", %s by %s", draw.Plural(int(d.Rows), "row"), draw.Plural(int(d.Columns), "column"))
		}
		switch {
		case d.Missing:
			text += ", the file is gone"
		case !d.Profiled:
			text += ", not read yet"
		case d.Errors+d.Warnings > 0:
			text += ", " + draw.Plural(d.Errors, "error") + ", " + draw.Plural(d.Warnings, "warning") + ": " + d.Worst
		default:
			text += ", nothing wrong"
		}
		p.list("data:"+d.Path, text)
	}
	return nil
}

func (p *plain) show(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return usage(errors.New("show what?"), "show 2, or show NAME")
	}
	ref, err := p.ref(ctx, args[0])
	if err != nil {
		return err
	}
	if path, ok := strings.CutPrefix(ref, "data:"); ok {
		return p.showData(ctx, path)
	}
	id, ok := strings.CutPrefix(ref, "run:")
	if !ok {
		return usage(fmt.Errorf("%s is neither a run nor a dataset", ref), "")
	}
	return p.showRun(ctx, id)
}

func (p *plain) showRun(ctx context.Context, id string) error {
	d, err := report.LoadRun(ctx, p.reader(), p.local(), report.RunQuery{ID: id})
	if err != nil {
		return err
	}
	p.say("Run " + d.RunHead.Title() + ", " + d.State() + ", experiment " + d.Experiment + ", told by " + d.Source + ".")
	for _, m := range d.Metrics {
		series, err := report.LoadCurves(ctx, p.reader(), p.local(), []string{id}, report.SeriesQuery{Key: m.Key, Width: 40})
		if err != nil {
			return err
		}
		// The sentences are the chart's own: a person who sees it and one who hears it are told the same.
		var c draw.Curves
		c.Set([]draw.Panel{{Key: m.Key, Series: series}}, []string{""})
		for _, s := range c.Chart.Sentences() {
			p.say(s)
		}
	}
	for _, kv := range d.Params {
		p.say("Param " + kv.Key + ": " + kv.Value + ".")
	}
	for _, in := range d.Datasets {
		p.say("Read " + strings.TrimSpace(in.Name+" "+in.Digest) + ".")
	}
	for _, f := range d.Findings {
		p.say(string(f.Level) + ": " + f.Message + ".")
	}
	p.notes(d.Notes)
	return nil
}

func (p *plain) notes(all []report.Note) {
	for _, n := range all {
		p.say("Note by " + n.Actor + ": " + n.Text)
		for _, a := range n.Answers {
			p.say("Answer by " + a.Actor + ": " + a.Text)
		}
	}
}

func (p *plain) showData(ctx context.Context, path string) error {
	d, err := report.LoadDataset(ctx, p.reader(), p.local(), path)
	if err != nil {
		return err
	}
	if d.Profile == nil {
		answer, err := p.engine.Ask(ctx, report.ProfileRequest{Path: path})
		if err != nil {
			return err
		}
		if got, ok := answer.(report.Profiled); ok {
			d.Profile = got.Profile
		}
	}
	x := d.Profile
	if x == nil {
		p.say(path + " has not been read yet.")
		return nil
	}
	p.say(fmt.Sprintf("%s: %s by %s, %s of the cells missing, %s.", path, draw.Plural(int(x.Rows), "row"), draw.Plural(x.Columns, "column"),
		widget.Percent(x.MissingCellsShare, widget.NoLimit), draw.Plural(int(x.DuplicateRows), "duplicate row")))
	for _, a := range x.Alerts {
		p.say(string(a.Severity) + ", " + a.Column + ": " + a.Message + ".")
	}
	for i := range x.Variables {
		p.say(variableSentence(&x.Variables[i]))
	}
	p.notes(d.Notes)
	return nil
}

// variableSentence says of one variable what its row in the table shows.
func variableSentence(v *profile.Variable) string {
	num := func(f float64) string { return widget.Num(f, widget.NoLimit) }
	text := fmt.Sprintf("%s, %s, %s missing, %s distinct", v.Name, v.Type, widget.Percent(v.MissingShare, widget.NoLimit), widget.Count(v.Distinct, widget.NoLimit))
	if v.Moments != nil {
		text += ", mean " + num(float64(v.Mean)) + ", standard deviation " + num(float64(v.Std))
	}
	if v.Min != nil && v.Max != nil && !v.Min.IsText && !v.Max.IsText {
		text += ", from " + num(float64(v.Min.Number)) + " to " + num(float64(v.Max.Number))
	}
	if v.Moments == nil && len(v.Top) > 0 && v.Top[0].Value.IsText {
		text += ", most often " + v.Top[0].Value.Text
	}
	return text + "."
}

func (p *plain) compare(ctx context.Context, args []string) error {
	var q report.CompareQuery
	for _, a := range args {
		ref, err := p.ref(ctx, a)
		if err != nil {
			return err
		}
		id, ok := strings.CutPrefix(ref, "run:")
		if !ok {
			return usage(fmt.Errorf("%s is no run", a), "compare 1 2")
		}
		q.IDs = append(q.IDs, id)
	}
	if len(q.IDs) < 2 {
		return usage(errors.New("compare takes two runs or more"), "compare 1 2")
	}
	c, err := report.LoadCompare(ctx, p.reader(), p.local(), q)
	if err != nil {
		return err
	}
	base := c.Runs[c.Baseline].Title()
	p.say(fmt.Sprintf("%d of %d things differ. The baseline is %s. %s.", c.Shown, c.Total, base, c.Data))
	for _, m := range c.Metrics {
		kind := widget.KindNum
		if m.Unit == "s" {
			kind = widget.KindDuration
		}
		num := func(v report.Float) string { return widget.Format(kind, float64(v), widget.NoLimit) }
		var parts []string
		for i, v := range m.Values {
			switch {
			case !v.Have:
				parts = append(parts, c.Runs[i].Title()+" has none")
			case i == c.Baseline:
				parts = append(parts, c.Runs[i].Title()+" "+num(v.Value))
			default:
				parts = append(parts, c.Runs[i].Title()+" "+num(v.Value)+", "+v.Verdict+" by "+num(max(v.Delta, -v.Delta)))
			}
		}
		p.say(m.Key + ": " + strings.Join(parts, "; ") + ".")
	}
	for _, r := range c.Rows {
		var parts []string
		for i, v := range r.Values {
			text := "none"
			if v.Have {
				text = v.Text
			}
			parts = append(parts, c.Runs[i].Title()+" "+text)
		}
		p.say(r.Group + " " + r.Key + ": " + strings.Join(parts, "; ") + ".")
	}
	return nil
}
