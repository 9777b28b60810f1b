package report

import (
	"time"

	"pace/engine/query"
	"pace/store"
)

// tableRow is one row of a Table as a filter sees it. It is moved from row to row.
type tableRow struct {
	t   *Table
	row int32
	now Moment
}

// Attr answers an attribute by its canonical name.
func (r *tableRow) Attr(name string) (query.Value, bool) {
	run := &r.t.rows.runs[r.row]
	switch name {
	case "start_time":
		return instant(run.Started)
	case "end_time":
		return instant(run.Ended)
	case "duration":
		ms := r.now.durationMS(*run, r.now.stale(*run, r.t.rows.quiet[r.row]))
		if ms == nil {
			return query.Value{}, false
		}
		return query.Number(float64(*ms)), true
	case "note", "tag", "param", "metric", "model", "dataset.name", "dataset.digest", "dataset.context":
		list := r.list(name)
		return query.List(list), len(list) > 0
	}
	s := r.text(run, name)
	return query.Text(s), s != ""
}

func instant(t time.Time) (query.Value, bool) {
	if t.IsZero() {
		return query.Value{}, false
	}
	return query.Number(float64(t.UnixMilli())), true
}

// text answers the attributes that are one text; "" where the run has none.
func (r *tableRow) text(run *store.Run, name string) string {
	switch name {
	case "run_id":
		return run.ID
	case "run_name":
		return run.Name
	case "status":
		return run.Status
	case "user_id":
		return run.User
	case "artifact_uri":
		return run.ArtifactDir
	case "native_id":
		return run.NativeID
	case "experiment":
		return r.t.rows.experiments[run.Experiment].Name
	case "experiment_id":
		return r.t.rows.experiments[run.Experiment].NativeID
	case "source":
		return run.Format
	case "path":
		return run.Source
	case "host":
		return run.Host
	case "commit":
		return run.Commit
	case "branch":
		return run.Branch
	case "parent":
		return run.Parent
	}
	return ""
}

// list answers the attributes that a run has many of. Params and tags read key=value.
func (r *tableRow) list(name string) []string {
	switch name {
	case "note":
		return r.t.rows.said[r.t.rows.runs[r.row].ID].notes
	case "model":
		return r.t.cols.models[r.row]
	case "tag":
		return r.pairs(r.t.cols.tags)
	case "param":
		return r.pairs(r.t.cols.params)
	case "metric":
		var keys []string
		for key, c := range r.t.cols.metrics {
			if c.have[r.row] {
				keys = append(keys, key)
			}
		}
		return keys
	}
	return r.t.cols.datasets[name][r.row]
}

func (r *tableRow) pairs(cols map[string]*textColumn) []string {
	var out []string
	for key, c := range cols {
		if v, ok := c.text(r.row); ok {
			out = append(out, key+"="+v)
		}
	}
	return out
}

// Metric answers one number of a series.
func (r *tableRow) Metric(key, agg string) (float64, bool) {
	c := r.t.cols.metrics[key]
	if c == nil {
		return 0, false
	}
	direction := ""
	if agg == "best" {
		direction, _ = r.t.dirs.Of(key)
	}
	return c.number(r.row, agg, direction)
}

// Param answers a param.
func (r *tableRow) Param(key string) (string, bool) { return textAt(r.t.cols.params[key], r.row) }

// Tag answers a tag, the tool's or a person's.
func (r *tableRow) Tag(key string) (string, bool) { return textAt(r.t.cols.tags[key], r.row) }

func textAt(c *textColumn, row int32) (string, bool) {
	if c == nil {
		return "", false
	}
	return c.text(row)
}

// Words yields what a bare word is looked for in.
func (r *tableRow) Words(yield func(string) bool) {
	run := &r.t.rows.runs[r.row]
	for _, s := range [...]string{run.Name, run.ID, run.NativeID, r.t.rows.experiments[run.Experiment].Name, run.User} {
		if s != "" && !yield(s) {
			return
		}
	}
	if r.now.stale(*run, r.t.rows.quiet[r.row]) && !yield("stale") {
		return
	}
	for _, c := range r.t.cols.tags {
		if v, ok := c.text(r.row); ok && !yield(v) {
			return
		}
	}
	for _, s := range r.t.rows.said[run.ID].notes {
		if !yield(s) {
			return
		}
	}
}
