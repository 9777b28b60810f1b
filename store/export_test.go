package store

import (
	"fmt"
	"testing"
)

// LimitPages keeps the database from growing past n pages.
func LimitPages(t testing.TB, db *DB, n int) { pragma(t, db, fmt.Sprint("max_page_count = ", n)) }

// Impatient makes the writer give up on a lock at once.
func Impatient(t testing.TB, db *DB) { pragma(t, db, "busy_timeout = 1") }

func pragma(t testing.TB, db *DB, text string) {
	t.Helper()
	if _, err := db.writer.conn.ExecContext(t.Context(), "PRAGMA "+text); err != nil {
		t.Fatal(err)
	}
}

// Schema is every table of a new index with its columns.
func Schema(t testing.TB, db *DB) map[string][]string {
	t.Helper()
	rows, err := db.writer.conn.QueryContext(t.Context(), `SELECT m.name, c.name FROM sqlite_master m
 JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string][]string{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		out[table] = append(out[table], column)
	}
	return out
}
