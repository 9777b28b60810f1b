package mlflowdb

import (
	"context"
	"strings"
	"time"

	"pace/engine/formats/mlflow"
	"pace/engine/sqlread"
)

// schema is what a database of any version has of the tables that are read.
type schema map[string]sqlread.Table

// readSchema asks for the tables that matter: MLflow has some sixty, and this is asked at every turn.
func readSchema(ctx context.Context, db *sqlread.DB) (schema, error) {
	const sql = `SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'
		AND m.name IN ('alembic_version', 'experiments', 'experiment_tags', 'runs', 'metrics', 'params', 'tags',
		'inputs', 'input_tags', 'datasets', 'logged_models')`
	s := schema{}
	_, err := db.Each(ctx, sqlread.Query{SQL: sql, Time: time.Second}, func(scan func(...any) error) error {
		var table, column string
		err := scan(&table, &column)
		t := s[table]
		t.Columns = append(t.Columns, sqlread.Column{Name: column})
		s[table] = t
		return err
	})
	return s, err
}

// needed are the columns without which nothing can be said; whatever else is missing reads as empty.
var needed = map[string][]string{
	"experiments": {"experiment_id", "name"},
	"runs":        {"run_uuid", "experiment_id"},
	"metrics":     {"key", "value", "run_uuid"},
	"params":      {"key", "value", "run_uuid"},
	"tags":        {"key", "value", "run_uuid"},
}

func (s schema) missing() (gone []string) {
	for _, table := range []string{"experiments", "runs", "metrics", "params", "tags"} {
		if !s[table].Has(needed[table]...) {
			gone = append(gone, table)
		}
	}
	return gone
}

func (s schema) has(table string, columns ...string) bool {
	t, ok := s[table]
	return ok && t.Has(columns...)
}

// text reads a column as text, "" where it is NULL or not there.
func (s schema) text(table, column string) string {
	if !s.has(table, column) {
		return "''"
	}
	return "coalesce(CAST(" + table + "." + sqlread.Quote(column) + " AS TEXT), '')"
}

// number reads a column as a whole number, 0 where it is NULL or not there.
func (s schema) number(table, column string) string {
	if !s.has(table, column) {
		return "0"
	}
	return "coalesce(CAST(" + table + "." + sqlread.Quote(column) + " AS INTEGER), 0)"
}

// runColumns are the columns of a run's row in the order of runRow.
func (s schema) runColumns() string {
	var cols []string
	for _, c := range []string{"run_uuid", "experiment_id", "name", "user_id", "status", "source_name",
		"source_version", "lifecycle_stage", "artifact_uri"} {
		cols = append(cols, s.text("runs", c))
	}
	return strings.Join(append(cols, s.number("runs", "start_time"), s.number("runs", "end_time")), ", ")
}

// headerTags reads the tags that belong into a header, each by one step down the primary key's index.
func headerTags() string {
	var b strings.Builder
	for _, key := range mlflow.HeaderTags() {
		b.WriteString(", coalesce((SELECT value FROM tags WHERE tags.key = '" + key + "' AND tags.run_uuid = runs.run_uuid), '')")
	}
	return b.String()
}

// alembic is the schema's version, "" where none is kept.
func alembic(ctx context.Context, db *sqlread.DB, s schema) (version string, err error) {
	if !s.has("alembic_version", "version_num") {
		return "", nil
	}
	_, err = db.Each(ctx, sqlread.Query{SQL: "SELECT " + s.text("alembic_version", "version_num") + " FROM alembic_version ORDER BY 1"},
		func(scan func(...any) error) error {
			var v string
			err := scan(&v)
			version += v
			return err
		})
	return version, err
}
