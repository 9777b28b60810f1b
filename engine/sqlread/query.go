package sqlread

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Query is one bounded SELECT.
type Query struct {
	SQL  string
	Args []any
	Rows int           // most rows; 0: 10,000
	Time time.Duration // most time that the file's lock is held between rows; 0: 50 ms
}

// hardLimit is how long a query may take to its end, however few rows it gives.
const hardLimit = 3 * time.Second

// Each calls f for every row, with a function that scans it. f runs while the file is locked against writers'
// commits: it must not wait for anything. more tells that rows were left when the bounds were reached; the caller
// goes on with a condition on a key (`rowid > ?`). A query that is too slow is ErrSlow.
func (db *DB) Each(ctx context.Context, q Query, f func(scan func(dest ...any) error) error) (more bool, err error) {
	if q.Rows <= 0 {
		q.Rows = 10_000
	}
	if q.Time <= 0 {
		q.Time = 50 * time.Millisecond
	}
	limited, cancel := context.WithTimeout(ctx, hardLimit)
	defer cancel()
	more, err = db.each(limited, q, f)
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		err = errors.Join(ErrSlow, err)
	}
	if err != nil {
		return false, wrap("read", db.path, err)
	}
	return more, nil
}

func (db *DB) each(ctx context.Context, q Query, f func(scan func(dest ...any) error) error) (more bool, err error) {
	rows, err := db.sql.QueryContext(ctx, q.SQL, q.Args...)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	began := time.Now()
	for n := 0; rows.Next(); n++ {
		if n == q.Rows || n > 0 && n%64 == 0 && time.Since(began) > q.Time {
			return true, nil
		}
		if err := f(rows.Scan); err != nil {
			return false, err
		}
	}
	return false, rows.Err()
}

// Table is one table of the schema.
type Table struct {
	Name    string
	Columns []Column
}

// Column is one column.
type Column struct {
	Name, Type string
	Key        int // place in the primary key from 1, 0 outside it
}

// Has tells whether the table has all the columns.
func (t Table) Has(columns ...string) bool {
	for _, want := range columns {
		found := false
		for _, c := range t.Columns {
			found = found || c.Name == want
		}
		if !found {
			return false
		}
	}
	return true
}

// Limits of a schema; what lies beyond is ErrLimit.
const (
	maxTables  = 2000
	maxColumns = 20_000
)

// Tables reads the schema: tables by name with their columns, views left out.
func (db *DB) Tables(ctx context.Context) (map[string]Table, error) {
	out := map[string]Table{}
	columns := 0
	more, err := db.Each(ctx, Query{
		SQL: `SELECT m.name, c.name, c.type, c.pk FROM sqlite_schema m, pragma_table_info(m.name) c
			WHERE m.type = 'table' ORDER BY m.name, c.cid`,
		Rows: maxColumns, Time: hardLimit,
	}, func(scan func(...any) error) error {
		var table string
		var c Column
		if err := scan(&table, &c.Name, &c.Type, &c.Key); err != nil {
			return err
		}
		t := out[table]
		t.Name, t.Columns = table, append(t.Columns, c)
		out[table] = t
		columns++
		return nil
	})
	if err != nil {
		return nil, err
	}
	if more || len(out) > maxTables {
		return nil, wrap("read schema of", db.path, fmt.Errorf("%w: %d tables, %d columns", ErrLimit, len(out), columns))
	}
	return out, nil
}

// MaxRowID is the highest rowid of a table, 0 for an empty one: one step down an index, whatever the table's size.
func (db *DB) MaxRowID(ctx context.Context, table string) (int64, error) {
	var id int64
	_, err := db.Each(ctx, Query{SQL: "SELECT coalesce(max(rowid), 0) FROM " + Quote(table)}, func(scan func(...any) error) error {
		return scan(&id)
	})
	return id, err
}

// Quote writes a table's or column's name for SQL.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
