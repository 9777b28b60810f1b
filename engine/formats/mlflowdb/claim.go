// Package mlflowdb reads MLflow's SQLite store, the file that is mostly called mlflow.db
// (mlflow/store/tracking/dbmodels/models.py). It must not know who asks, where facts go or how SQLite is
// reached.
//
// A database is followed by rowid: experiments, runs, params, tags, inputs and metrics are read where they
// were left, in SELECTs of a few milliseconds, each on its own, because a reader makes MLflow's COMMIT wait.
// What changes in place (a status, a name, a tag) is found by a sweep over runs and tags, which costs at
// most 2 % of a core: a sweep waits fifty times as long as the one before took.
package mlflowdb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"pace/engine/ingest"
	"pace/engine/sqlread"
)

// Name is the format's name.
const Name = "mlflow-db"

// Format is the format's entry in the list.
func Format() ingest.Format {
	return ingest.Format{Name: Name, Title: "MLflow (SQLite)", Claim: claim, Stamp: stamp, Read: read}
}

const magic = "SQLite format 3\x00"

// tables must be there for a SQLite file to be MLflow's; alembic_version alone is Optuna's as well.
var tables = [...]string{"experiments", "runs", "latest_metrics"}

// claim takes the SQLite files that hold MLflow's tables. Names decide which heads are opened.
func claim(d ingest.Dir) []ingest.Unit {
	var units []ingest.Unit
	for _, e := range d.Entries {
		if e.IsDir() || !nameFits(e.Name()) {
			continue
		}
		called := strings.Contains(strings.ToLower(e.Name()), "mlflow")
		head, err := d.Head(e.Name(), len(magic))
		if called && errors.Is(err, fs.ErrPermission) {
			units = append(units, ingest.Unit{Path: d.Join(e.Name()), Owns: true})
			continue
		}
		if err != nil || string(head) != magic {
			continue
		}
		if isMLflow(filepath.Join(d.Root, filepath.FromSlash(d.Path), e.Name()), called) {
			units = append(units, ingest.Unit{Path: d.Join(e.Name()), Owns: true})
		}
	}
	return units
}

// nameFits is true for the endings that SQLite files have, and for files without one that are called like
// MLflow's.
func nameFits(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".db", ".sqlite", ".sqlite3", ".db3", ".sql":
		return true
	case "":
		lower := strings.ToLower(name)
		return strings.Contains(lower, "mlflow") || strings.Contains(lower, "mlruns") || strings.Contains(lower, "tracking")
	}
	return false
}

// isMLflow looks for MLflow's tables. A file that is called so is claimed with a torn schema too, and where it can't be
// read: reading it says what is wrong.
func isMLflow(file string, called bool) bool {
	f, _, err := ingest.OpenRegular(file)
	if err != nil {
		return false
	}
	defer f.Close()
	names, whole := tableNames(f)
	if called && !whole {
		return true
	}
	for _, t := range tables {
		if !names[t] {
			return false
		}
	}
	return true
}

// ages are the ends of the stretches after the last write at whose passing a database is read once more:
// the sweep that was not yet due when it came is then made up for.
var ages = [...]time.Duration{2 * time.Second, 10 * time.Second, time.Minute, maxSweepPause}

func stamp(ctx context.Context, src ingest.Source) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	st, err := sqlread.StampOf(src.Abs())
	if err != nil {
		return "", fmt.Errorf("stat database: %w", err)
	}
	info, err := os.Stat(src.Abs())
	if err != nil {
		return "", fmt.Errorf("stat database: %w", err)
	}
	age, passed := time.Since(time.Unix(0, max(st.Modified, st.WALModified))), 0
	for _, a := range ages {
		if age >= a {
			passed++
		}
	}
	return fmt.Sprintf("%d %d %d %d %d %d %d", st.Size, st.WALSize, st.Modified, st.WALModified, st.Change,
		ingest.StatOf(info).Inode, passed), nil
}
