package mlflowdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"pace/engine/formats/mlflow"
	"pace/engine/ingest"
	"pace/engine/sqlread"
)

// rows is how many rows one SELECT reads: a few milliseconds of lock.
const rows = 1000

// reader is one Read under way.
type reader struct {
	ctx    context.Context
	src    ingest.Source
	sink   ingest.Sink
	budget *ingest.Budget
	db     *sqlread.DB
	has    schema
	*dbCursor
	more bool
}

func read(ctx context.Context, src ingest.Source, cursor []byte, sink ingest.Sink, lim ingest.Limits) (ingest.Result, error) {
	if err := ctx.Err(); err != nil {
		return ingest.Result{}, err
	}
	c, known := openCursor(cursor)
	c.wipe = c.wipe || !known
	r := &reader{ctx: ctx, src: src, sink: sink, budget: ingest.NewBudget(lim), dbCursor: c}
	info, err := os.Stat(src.Abs())
	if err != nil {
		return ingest.Result{}, fmt.Errorf("stat database: %w", err)
	}
	if r.db, err = sqlread.Open(ctx, src.Abs(), sqlread.Options{}); err != nil {
		return ingest.Result{}, err
	}
	defer r.db.Close()
	err = r.follow(ingest.StatOf(info).Inode)
	if errors.Is(err, sqlread.ErrBusy) && r.budget.Any() {
		r.more, err = true, nil // what was said stands, and the cursor tells exactly that much
	}
	if err != nil {
		return ingest.Result{}, err
	}
	if r.db.Moved() {
		return ingest.Result{}, fmt.Errorf("read database %s: %w", src.Path, sqlread.ErrMoved)
	}
	return ingest.Result{Cursor: r.bytes(), More: r.more}, nil
}

// follow reads on from the cursor, table after table, until a limit is reached.
func (r *reader) follow(inode uint64) error {
	var err error
	if r.has, err = readSchema(r.ctx, r.db); err != nil {
		return err
	}
	if gone := r.has.missing(); len(gone) > 0 {
		return r.foreign(gone)
	}
	r.problem = false
	if err := r.checkSame(inode); err != nil {
		return err
	}
	for _, step := range []func() error{
		r.sayExperiments, r.sayEnded, r.sayRuns, r.sayTags, r.sayParams, r.sayInputs, r.sayModels, r.sayMetrics,
	} {
		if err := step(); err != nil || r.more {
			return err
		}
	}
	r.wipe = false
	if r.sweepDue() {
		return r.sweep()
	}
	return nil
}

// foreign says once that the tables are not those that are known.
func (r *reader) foreign(gone []string) error {
	if r.problem {
		return nil
	}
	r.problem = true
	return r.sink.Put(ingest.Problem{
		Path: r.src.Path, Place: "table " + strings.Join(gone, ", "),
		Message: "read MLflow database: a table or a column that is needed is not there",
		Hint:    "the file was written by a version of MLflow that this pace does not know; a newer pace may read it",
	})
}

// checkSame starts over when the file is another, its schema was migrated, or its rows were renumbered.
func (r *reader) checkSame(inode uint64) error {
	version, err := alembic(r.ctx, r.db, r.has)
	if err != nil {
		return err
	}
	same := r.inode == inode && r.alembic == version
	if same && r.metric > 0 {
		last := uint64(0)
		_, err := r.db.Each(r.ctx, sqlread.Query{SQL: r.metricSQL("= ?"), Args: []any{r.metric, 1}}, func(scan func(...any) error) error {
			var m metricRow
			err := m.scan(scan)
			last = m.digest()
			return err
		})
		if err != nil {
			return err
		}
		same = last == r.last
	}
	if !same && (r.run > 0 || r.inode != 0) {
		r.again()
	}
	r.inode, r.alembic = inode, version
	return nil
}

// each runs one SELECT of bounded length.
func (r *reader) each(sql string, f func(scan func(...any) error) error, args ...any) error {
	_, err := r.db.Each(r.ctx, sqlread.Query{SQL: sql, Args: args, Rows: 1 << 20, Time: time.Second}, f)
	return err
}

// sayExperiments says all of them when any changed: they are few.
func (r *reader) sayExperiments() error {
	tag := func(key string) string {
		if !r.has.has("experiment_tags", "key", "value", "experiment_id") {
			return "''"
		}
		return "coalesce((SELECT value FROM experiment_tags t WHERE t.key = '" + key + "' AND t.experiment_id = experiments.experiment_id), '')"
	}
	sql := "SELECT " + strings.Join([]string{
		r.has.text("experiments", "experiment_id"), r.has.text("experiments", "name"), r.has.text("experiments", "lifecycle_stage"),
		r.has.text("experiments", "artifact_location"), r.has.number("experiments", "creation_time"),
		r.has.number("experiments", "last_update_time"), tag(mlflow.TagPrimary), tag(mlflow.TagGreater),
	}, ", ") + " FROM experiments ORDER BY experiment_id LIMIT 100000"
	var found []ingest.Experiment
	sum := uint64(0)
	err := r.each(sql, func(scan func(...any) error) error {
		var e ingest.Experiment
		var stage, greater string
		var created, updated int64
		if err := scan(&e.NativeID, &e.Name, &stage, &e.Artifact, &created, &updated, &e.PrimaryMetric, &greater); err != nil {
			return err
		}
		e.Key, e.Deleted, e.Direction = mlflow.ExperimentKey(r.src.Path, e.NativeID), stage == "deleted", mlflow.Direction(greater)
		e.Created, e.Updated = millis(created), millis(updated)
		found = append(found, e)
		sum = sum*31 + digest(e.NativeID, e.Name, stage, e.Artifact, strconv.FormatInt(updated, 10), e.PrimaryMetric, greater)
		return nil
	})
	if err != nil || sum == r.experiments {
		return err
	}
	r.experiments = sum
	for _, e := range found {
		if err := r.sink.Put(e); err != nil {
			return err
		}
	}
	return nil
}

func millis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// artifacts resolves an artifact path below the folder of the database and below the project.
func (r *reader) artifacts(uri string) string {
	return mlflow.ArtifactDir(uri, "", filepath.Dir(r.src.Abs()), r.src.Root)
}
