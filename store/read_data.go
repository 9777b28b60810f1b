package store

import (
	"context"
	"database/sql"
)

// Sources are all sources, by path and format.
func (r *Reader) Sources(ctx context.Context) ([]Source, error) {
	return list(ctx, r, scanSource, sourceQuery+" ORDER BY path, format")
}

// Source is what one format knows of one path.
func (r *Reader) Source(ctx context.Context, path, format string) (Source, bool, error) {
	return one(list(ctx, r, scanSource, sourceQuery+" WHERE path = ? AND format = ?", path, format))
}

const sourceQuery = "SELECT path, format, stamp, cursor, missing, seen FROM source"

func scanSource(rows *sql.Rows, s *Source) error {
	return rows.Scan(&s.Path, &s.Format, &s.Stamp, &s.Cursor, &s.Missing, instant{&s.Seen})
}

// Problems are all problems, by source, path and place.
func (r *Reader) Problems(ctx context.Context) ([]Problem, error) {
	return list(ctx, r, func(rows *sql.Rows, p *Problem) error {
		return rows.Scan(&p.Source, &p.Path, &p.Place, &p.Message, &p.Hint, instant{&p.Since})
	}, "SELECT source, path, place, message, hint, since FROM problem ORDER BY source, path, place, message")
}

// Datasets are all datasets, by path.
func (r *Reader) Datasets(ctx context.Context) ([]Dataset, error) {
	return list(ctx, r, scanDataset, "SELECT path, "+datasetFacts+" FROM dataset ORDER BY path")
}

// Dataset is the dataset at a path.
func (r *Reader) Dataset(ctx context.Context, path string) (Dataset, bool, error) {
	return one(list(ctx, r, scanDataset, "SELECT path, "+datasetFacts+" FROM dataset WHERE path = ?", path))
}

func scanDataset(rows *sql.Rows, d *Dataset) error {
	return rows.Scan(&d.Path, &d.Format, &d.Bytes, instant{&d.Modified}, &d.Version, &d.Missing, &d.Rows, &d.Columns)
}

// Result is derived work under its whole key.
func (r *Reader) Result(ctx context.Context, kind, content, params string, algorithm int) (Result, bool, error) {
	return one(list(ctx, r, func(rows *sql.Rows, v *Result) error {
		return rows.Scan(&v.Kind, &v.Content, &v.Params, &v.Algorithm, &v.Bytes, instant{&v.Computed})
	}, `SELECT kind, content, params, algorithm, bytes, computed FROM result
 WHERE kind = ? AND content = ? AND params = ? AND algorithm = ?`, kind, content, params, algorithm))
}

// Tasks are the work under way, by noun.
func (r *Reader) Tasks(ctx context.Context) ([]Task, error) {
	return list(ctx, r, func(rows *sql.Rows, t *Task) error {
		return rows.Scan(&t.Noun, &t.Unit, &t.Done, &t.Total, instant{&t.Started}, instant{&t.Updated})
	}, "SELECT noun, unit, done, total, started, updated FROM task ORDER BY noun")
}

// Meta is one of the engine's own facts.
func (r *Reader) Meta(ctx context.Context, key string) (string, bool, error) {
	return one(list(ctx, r, func(rows *sql.Rows, v *string) error { return rows.Scan(v) },
		"SELECT value FROM meta WHERE key = ?", key))
}

// Notes are what was said about a subject ("" for all), in the order of the projection.
func (r *Reader) Notes(ctx context.Context, subject string) ([]Note, error) {
	return list(ctx, r, func(rows *sql.Rows, n *Note) error {
		return rows.Scan(&n.ID, &n.Subject, &n.Actor, &n.Text, instant{&n.Time}, instant{&n.Edited}, &n.ReplyTo,
			&n.Resolved, &n.ResolvedBy)
	}, `SELECT id, subject, actor, text, time, edited, reply_to, resolved, resolved_by FROM note
 WHERE ?1 = '' OR subject = ?1 ORDER BY seq`, subject)
}

// Marks are the marks of a kind ("" for all), in the order of the projection.
func (r *Reader) Marks(ctx context.Context, kind string) ([]Mark, error) {
	return list(ctx, r, func(rows *sql.Rows, m *Mark) error {
		return rows.Scan(&m.Subject, &m.Kind, &m.Key, &m.Value, &m.Actor, instant{&m.Time})
	}, "SELECT subject, kind, key, value, actor, time FROM mark WHERE ?1 = '' OR kind = ?1 ORDER BY seq", kind)
}

// Events are the newest limit events of the projection (0 for all), the newest first.
func (r *Reader) Events(ctx context.Context, limit int) ([]Event, error) {
	if limit <= 0 {
		limit = -1
	}
	return list(ctx, r, func(rows *sql.Rows, e *Event) error {
		return rows.Scan(&e.ID, &e.Actor, &e.Clone, instant{&e.Time}, &e.Clock, &e.Kind, &e.Subject, &e.Body)
	}, "SELECT id, actor, clone, time, clock, kind, subject, body FROM event ORDER BY seq DESC LIMIT ?", limit)
}
