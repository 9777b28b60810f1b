package sqlite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pace/engine/sqlread"
)

// query is how the rows of one table are asked for, in the order of its key.
type query struct {
	name    string
	columns []sqlread.Column
	key     []string // quoted: the rowid, or the primary key of a table without one
	most    int64    // rows that the file can hold; a damaged tree may go round in a circle
}

// rises tells whether the rowid is above that of the row before.
func (q *query) rises(last, cells []any) bool {
	if last == nil {
		return true
	}
	before, ok := last[0].(int64)
	now, same := cells[0].(int64)
	return len(q.key) > 1 || !ok || !same || now > before
}

// newQuery settles the key and the columns.
func newQuery(ctx context.Context, db *sqlread.DB, t sqlread.Table, wanted []string) (query, error) {
	q := query{name: t.Name}
	for _, c := range t.Columns {
		if len(wanted) == 0 || slices.Contains(wanted, c.Name) {
			q.columns = append(q.columns, c)
		}
	}
	for _, name := range wanted {
		if !slices.ContainsFunc(q.columns, func(c sqlread.Column) bool { return c.Name == name }) {
			return q, fmt.Errorf("no column %q", name)
		}
	}
	for _, id := range [...]string{"rowid", "_rowid_", "oid"} {
		if slices.ContainsFunc(t.Columns, func(c sqlread.Column) bool { return strings.EqualFold(c.Name, id) }) {
			continue
		}
		q.key = []string{id}
		_, err := db.Each(ctx, sqlread.Query{SQL: "SELECT " + id + " FROM " + sqlread.Quote(t.Name) + " LIMIT 1"}, func(scan func(...any) error) error {
			var any any
			return scan(&any)
		})
		if err == nil || errors.Is(err, sqlread.ErrSlow) || ctx.Err() != nil {
			return q, err
		}
		break
	}
	keys := slices.DeleteFunc(slices.Clone(t.Columns), func(c sqlread.Column) bool { return c.Key == 0 })
	slices.SortFunc(keys, func(a, b sqlread.Column) int { return a.Key - b.Key })
	q.key = nil
	for _, c := range keys {
		q.key = append(q.key, sqlread.Quote(c.Name))
	}
	if len(q.key) == 0 {
		return q, fmt.Errorf("table %q has no key to read it by", t.Name)
	}
	return q, nil
}

// sql asks for rows behind a key: its key, then the columns. A plus before a name keeps the driver from reading dates.
func (q *query) sql(after bool) string {
	var b strings.Builder
	b.WriteString("SELECT +" + strings.Join(q.key, ", +"))
	for _, c := range q.columns {
		b.WriteString(", +" + sqlread.Quote(c.Name))
	}
	b.WriteString(" FROM " + sqlread.Quote(q.name))
	order := strings.Join(q.key, ", ")
	if after {
		b.WriteString(" WHERE (" + order + ") > (?" + strings.Repeat(", ?", len(q.key)-1) + ")")
	}
	b.WriteString(" ORDER BY " + order + " LIMIT ? OFFSET ?")
	return b.String()
}

// cursor is how far the reading has come: the key of the last row.
type cursor struct {
	db   *sqlread.DB
	last []any
	row  int64 // rows before it
}

// rows reads up to n rows behind the cursor, skip of them left out, and goes there. The values are f's for the call.
func (c *cursor) rows(ctx context.Context, q *query, n, skip int, f func(values []any) error) (read int, err error) {
	cells := make([]any, len(q.key)+len(q.columns))
	dest := make([]any, len(cells))
	for i := range cells {
		dest[i] = &cells[i]
	}
	ask := sqlread.Query{SQL: q.sql(c.last != nil), Args: append(slices.Clone(c.last), n, skip), Rows: n + 1}
	_, err = c.db.Each(ctx, ask, func(scan func(...any) error) error {
		if err := scan(dest...); err != nil {
			return err
		}
		if read == 0 {
			c.row += int64(skip)
		}
		if read++; !q.rises(c.last, cells) || c.row+int64(read) > q.most {
			return sqlread.ErrCorrupt
		}
		c.last = append(c.last[:0:0], cells[:len(q.key)]...)
		return f(cells[len(q.key):])
	})
	c.row += int64(read)
	return read, err
}
