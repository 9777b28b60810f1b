package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// applicationID marks our databases in SQLite's header: "pace".
const applicationID = 0x70616365

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one numbered step of the schema. Steps that a release has shipped are never edited.
type migration struct {
	name, sql string
}

// migrations lists the steps in order; the position from 1 is the version of the schema.
func migrations() ([]migration, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	out := make([]migration, 0, len(names))
	for _, name := range names {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out = append(out, migration{name: name[len("migrations/"):], sql: string(text)})
	}
	return out, nil
}

// inspect reads whose database this is and how far it was migrated. A file without a table is ours at 0.
func inspect(ctx context.Context, conn *sql.Conn) (version int, err error) {
	var app, tables int
	err = conn.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM sqlite_master)").Scan(&tables)
	if err != nil {
		return 0, err
	}
	if err := conn.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app); err != nil {
		return 0, err
	}
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return 0, err
	}
	if tables > 0 && app != applicationID {
		return 0, ErrForeign
	}
	return version, nil
}

// migrate applies the steps that are missing, each in a transaction of its own.
func migrate(ctx context.Context, conn *sql.Conn, version int) error {
	steps, err := migrations()
	if err != nil {
		return err
	}
	if version > len(steps) {
		return ErrNewer
	}
	for i, step := range steps[version:] {
		if err := step.apply(ctx, conn, version+i+1); err != nil {
			return fmt.Errorf("migrate to %s: %w", step.name, err)
		}
	}
	return nil
}

func (m migration) apply(ctx context.Context, conn *sql.Conn, version int) (err error) {
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, undo := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
			err = errors.Join(err, undo)
		}
	}()
	// Another process may have come first.
	var now int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&now); err != nil {
		return err
	}
	if now >= version {
		_, err := conn.ExecContext(ctx, "ROLLBACK")
		return err
	}
	for _, text := range [...]string{
		m.sql,
		"CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied INTEGER NOT NULL)",
		fmt.Sprintf("PRAGMA application_id = %d", applicationID),
		fmt.Sprintf("PRAGMA user_version = %d", version),
	} {
		if _, err := conn.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	_, err = conn.ExecContext(ctx, "INSERT INTO migration (version, name, applied) VALUES (?, ?, ?)",
		version, m.name, time.Now().UnixMicro())
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return err
}
