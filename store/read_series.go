package store

import (
	"context"
	"database/sql"
	"fmt"
)

// SeriesPoints is a whole series: its points in arrival order and what they come to.
type SeriesPoints struct {
	Summary
	Points
	Segment []int32 // each point's segment, counted from 0; nil where there is one
}

// Summaries are a run's series without their points, by key.
func (r *Reader) Summaries(ctx context.Context, run string) ([]Summary, error) {
	return list(ctx, r, scanSummary, `SELECT r.id, n.text, s.system, s.summary FROM run r
 CROSS JOIN series q INDEXED BY series_run ON q.run = r.rid
 CROSS JOIN series s ON s.key = q.key AND s.run = q.run CROSS JOIN name n ON n.id = s.key
 WHERE r.id = ? ORDER BY n.text`, run)
}

func scanSummary(rows *sql.Rows, s *Summary) error {
	var blob sql.RawBytes
	if err := rows.Scan(&s.Run, &s.Key, &s.System, &blob); err != nil {
		return err
	}
	return s.decode(blob)
}

func (s *Summary) decode(blob []byte) error {
	if err := decodeSummary(blob, s); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

// MetricColumn calls fn with the summary of every run that has the metric, in no order that lasts. An error
// of fn ends it and comes back inside.
func (r *Reader) MetricColumn(ctx context.Context, key string, fn func(run string, s Summary) error) error {
	return r.each(ctx, func(rows *sql.Rows) error {
		s := Summary{Key: key}
		var blob sql.RawBytes
		if err := rows.Scan(&s.Run, &s.System, &blob); err != nil {
			return err
		}
		if err := s.decode(blob); err != nil {
			return err
		}
		return fn(s.Run, s)
	}, `SELECT r.id, s.system, s.summary FROM name n CROSS JOIN series s ON s.key = n.id
 CROSS JOIN run r ON r.rid = s.run WHERE n.text = ? AND r.told`, key)
}

// TopRuns are the n runs whose latest value of a metric is greatest (or least), best first, then by age of
// the row. Runs that their tool marks as deleted, and those whose latest value is NaN, are left out.
func (r *Reader) TopRuns(ctx context.Context, key string, max bool, n int) ([]Summary, error) {
	order := "ASC"
	if max {
		order = "DESC"
	}
	return list(ctx, r, scanSummary, `SELECT r.id, n.text, s.system, s.summary FROM name n
 CROSS JOIN series t INDEXED BY series_latest ON t.key = n.id
 CROSS JOIN run r ON r.rid = t.run CROSS JOIN series s ON s.key = t.key AND s.run = t.run
 WHERE n.text = ? AND t.latest IS NOT NULL AND r.told AND NOT r.deleted
 ORDER BY t.latest `+order+`, t.run `+order+` LIMIT ?`, key, n)
}

// Series is a run's whole series; false where the run has none of that key.
func (r *Reader) Series(ctx context.Context, run, key string) (SeriesPoints, bool, error) {
	out := SeriesPoints{Summary: Summary{Run: run, Key: key}}
	var c codec
	var summary, data sql.RawBytes
	found := false
	err := r.each(ctx, func(rows *sql.Rows) error {
		if err := rows.Scan(&out.System, &out.Unordered, &summary, &data); err != nil {
			return err
		}
		if !found {
			found = true
			if err := out.Summary.decode(summary); err != nil {
				return err
			}
			out.reserve(out.N)
		}
		if err := c.decodeChunk(data, &out.Points); err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		return nil
	}, `SELECT s.system, s.unordered, s.summary, c.data FROM run r CROSS JOIN name n CROSS JOIN series s
 ON s.key = n.id AND s.run = r.rid CROSS JOIN chunk c ON c.id >= s.id << 20 AND c.id < (s.id + 1) << 20
 WHERE r.id = ? AND n.text = ? ORDER BY c.id`, run, key)
	if err != nil || !found {
		return SeriesPoints{}, false, err
	}
	if int64(len(out.Values)) != out.N {
		return SeriesPoints{}, false, fail("read", "series",
			fmt.Errorf("%w: %d points where the summary says %d", ErrDamaged, len(out.Values), out.N))
	}
	if out.Segments > 1 {
		out.Segment = segments(out.Steps)
	}
	return out, true, nil
}

// reserve makes room for n points, but for no more than a damaged summary may cost.
func (p *Points) reserve(n int64) {
	room := int(min(n, 1<<21))
	p.Steps, p.Times, p.Values = make([]int64, 0, room), make([]int64, 0, room), make([]float64, 0, room)
}
