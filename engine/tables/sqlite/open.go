// Package sqlite reads a table of a SQLite file as a table source: path.db#table, or path.db where there is only one.
// It must not know whose file it is, beyond which files are a tool's bookkeeping and no data.
package sqlite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"pace/engine/sqlread"
	"pace/engine/table"
)

// Format is a table of a SQLite file.
var Format = table.Format{Name: "sqlite", Claim: claim, Open: open}

var magic = []byte("SQLite format 3\x00")

// claim goes by the first bytes alone: .db and .sqlite are anybody's names.
func claim(_ string, head []byte) bool { return bytes.HasPrefix(head, magic) }

// bookkeeping are tables that tell a tool's own database: MLflow, Optuna, and pace's index.
var bookkeeping = [...][]string{{"experiments", "runs", "metrics"}, {"studies", "trials", "trial_params"}, {"run", "chunk", "dataset"}}

// Tables names the tables of a file that are data, sorted; none for a tool's own database. Errors are those of sqlread.
func Tables(ctx context.Context, path string) ([]string, error) {
	db, err := sqlread.Open(ctx, path, sqlread.Options{})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	all, err := db.Tables(ctx)
	if err != nil {
		return nil, err
	}
	return data(all), nil
}

func data(all map[string]sqlread.Table) (names []string) {
	for _, tool := range bookkeeping {
		if !slices.ContainsFunc(tool, func(name string) bool { return len(all[name].Columns) == 0 }) {
			return nil
		}
	}
	for name := range all {
		if !strings.HasPrefix(name, "sqlite_") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

var errNoTable = errors.New("no table of data")

// source is one table.
type source struct {
	path   string
	opts   table.Options
	size   int64
	schema table.Schema
	query
	stream cursor
	pages  pager
}

func open(ctx context.Context, path string, opts table.Options) (table.Source, error) {
	s := &source{path: path, opts: opts}
	if err := s.begin(ctx); err != nil {
		if s.stream.db != nil {
			s.stream.db.Close()
		}
		return nil, fmt.Errorf("open table: %w", &table.Error{Path: path, Row: -1, Err: err})
	}
	return s, nil
}

func (s *source) begin(ctx context.Context) error {
	file, name := table.Split(s.path)
	stat, err := os.Stat(file)
	if err != nil {
		return err
	}
	s.size = stat.Size()
	if s.stream.db, err = sqlread.Open(ctx, file, sqlread.Options{}); err != nil {
		return err
	}
	all, err := s.stream.db.Tables(ctx)
	if err != nil {
		return err
	}
	if name, err = pick(all, name); err != nil {
		return err
	}
	if s.query, err = newQuery(ctx, s.stream.db, all[name], s.opts.Columns); err != nil {
		return err
	}
	s.most = s.size
	if wal, err := os.Stat(file + "-wal"); err == nil {
		s.most += wal.Size()
	}
	return s.look(ctx)
}

// pick is the table that is meant.
func pick(all map[string]sqlread.Table, name string) (string, error) {
	if name != "" {
		if len(all[name].Columns) == 0 {
			return "", fmt.Errorf("no table %q", name)
		}
		return name, nil
	}
	names := data(all)
	switch len(names) {
	case 0:
		return "", errNoTable
	case 1:
		return names[0], nil
	}
	return "", fmt.Errorf("%d tables: name one with # behind the path: %s", len(names), strings.Join(names[:min(len(names), 20)], ", "))
}

const headRows = 2000

// look decides by the first rows which columns are words that no one reads as anything else.
func (s *source) look(ctx context.Context) error {
	for _, c := range s.columns {
		s.schema = append(s.schema, table.Field{Name: c.Name, Storage: table.Raw, Native: c.Type})
	}
	plain := make([]bool, len(s.columns))
	other := make([]bool, len(s.columns))
	c := cursor{db: s.stream.db}
	_, err := c.rows(ctx, &s.query, headRows, 0, func(values []any) error {
		for i, v := range values {
			switch v := v.(type) {
			case nil:
			case string:
				if _, ok := table.ParseTime([]byte(v)); !ok {
					plain[i] = true
				}
			case []byte:
				plain[i] = true
			default:
				other[i] = true
			}
		}
		return nil
	})
	for i := range s.schema {
		if plain[i] && !other[i] {
			s.schema[i].Storage = table.String
		}
	}
	return err
}

// Schema has a raw column for numbers and times and a string for words: SQLite's own types bind no value.
func (s *source) Schema() table.Schema { return s.schema }

// Info does not know the rows before the end.
func (s *source) Info() table.Info {
	return table.Info{Format: Format.Name, Bytes: s.size, Rows: -1}
}

// Close closes the database.
func (s *source) Close() error {
	err := s.stream.db.Close()
	if s.pages.db != nil {
		err = errors.Join(err, s.pages.db.Close())
	}
	return err
}
