package mlflowfs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"pace/engine/formats/mlflow"
	"pace/engine/ingest"
)

// turn is the state of one Read of a run: its cursor and what it will answer.
type turn struct {
	*reader
	*runCursor
	more, torn bool
}

func (r *reader) run(cursor []byte) (ingest.Result, error) {
	c, known := openRunCursor(cursor)
	t := &turn{reader: r, runCursor: c}
	tags, err := list(r.src.Abs("tags"))
	if err != nil {
		if err := r.unreadable(r.rel("tags"), err); err != nil {
			return ingest.Result{}, err
		}
	}
	if err := t.sayHeader(tags); err != nil {
		return ingest.Result{}, err
	}
	if t.key == "" {
		return ingest.Result{Cursor: t.bytes(), Torn: t.torn}, nil
	}
	if !known {
		if err := r.sink.Put(ingest.Reset{Run: t.key}); err != nil {
			return ingest.Result{}, err
		}
	}
	for _, step := range []func() error{
		func() error { return t.sayTags(tags, err == nil) },
		t.sayParams,
		t.sayInputs,
		t.saySeries,
	} {
		if err := step(); err != nil {
			return ingest.Result{}, err
		}
		if t.more {
			break
		}
	}
	return ingest.Result{Cursor: t.bytes(), More: t.more, Torn: t.torn && !t.more}, nil
}

// sayHeader says the run itself when meta.yaml or a tag that belongs into the header changed.
func (t *turn) sayHeader(tags []file) error {
	rel := t.rel(metaFile)
	digest, err := t.headerDigest(rel, tags)
	if err != nil || digest == t.header {
		return err
	}
	m, st, err := t.meta(rel, "status")
	if err == nil && m["run_id"] == "" && m["run_uuid"] == "" {
		err = errTorn
	}
	if err != nil {
		var perr *fs.PathError
		if errors.As(err, &perr) && !errors.Is(err, errTooLong) && t.key == "" {
			return err
		}
		if t.torn, err = t.fault(rel, st, err); err == nil && !t.torn {
			t.header = digest
		}
		return err
	}
	run, err := t.makeHeader(m, tags)
	if err != nil {
		return err
	}
	if t.key != "" && t.key != run.Key {
		if err := t.sink.Put(ingest.RunGone{Run: t.key}); err != nil {
			return err
		}
		*t.runCursor = *newRunCursor()
	}
	t.key, t.header = run.Key, digest
	return t.sink.Put(run)
}

// headerDigest digests the stats of what the header is made from.
func (t *turn) headerDigest(rel string, tags []file) (uint64, error) {
	info, err := statRegular(t.abs(rel))
	if err != nil {
		if t.key != "" && errors.Is(err, fs.ErrNotExist) {
			t.torn = true // the folder is there: it is being replaced
			return t.header, nil
		}
		return 0, err
	}
	digest := statDigest(info)
	for _, f := range tags {
		if mlflow.IsHeaderTag(f.key) {
			digest = digest*31 + f.digest()
		}
	}
	return digest, nil
}

func (t *turn) makeHeader(m meta, tags []file) (ingest.Run, error) {
	values := map[string]string{}
	for _, f := range tags {
		if !mlflow.IsHeaderTag(f.key) {
			continue
		}
		text, _, err := readAll(t.src.Abs("tags", f.key), maxValue)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			continue // sayTags says why
		}
		values[f.key] = string(text)
	}
	n := mlflow.Native{
		Store: storeOf(t.src.Path), RunID: m["run_id"], Experiment: m["experiment_id"], Name: m["run_name"], User: m["user_id"],
		Source: m["source_name"], Version: m["source_version"], Status: mlflow.StatusName(m["status"]),
		Deleted:     m.deleted() || inTrash(t.src.Path),
		Span:        ingest.Span{Started: m.time("start_time"), Ended: m.time("end_time")},
		ArtifactDir: mlflow.ArtifactDir(m["artifact_uri"], t.src.Abs("artifacts"), t.roots()...),
	}
	if n.RunID == "" {
		n.RunID = m["run_uuid"]
	}
	if n.Experiment == "" {
		n.Experiment = path.Base(path.Dir(t.src.Path))
	}
	return mlflow.Header(n, values), nil
}

// saySeries says the new points of each metric file, and takes back those of files that are gone.
func (t *turn) saySeries() error {
	files, err := list(t.src.Abs("metrics"))
	if err != nil {
		return t.unreadable(t.rel("metrics"), err)
	}
	there := make(map[string]bool, len(files))
	for _, f := range files {
		there[f.key] = true
	}
	for _, key := range slices.Sorted(maps.Keys(t.series)) {
		if there[key] {
			continue
		}
		delete(t.series, key)
		if err := t.sink.Put(ingest.Reset{Run: t.key, Series: key}); err != nil {
			return err
		}
	}
	for _, f := range files {
		s := t.series[f.key]
		if !s.Unchanged(f.stat) {
			if t.budget.Spent() {
				t.more = true
				return nil
			}
			if s, err = t.oneSeries(f.key, s); err != nil {
				return err
			}
			t.series[f.key] = s
		}
		t.torn = t.torn || s.Torn()
		if t.more {
			return nil
		}
	}
	return nil
}

// oneSeries reads a metric file from its cursor to its end or to the limits.
func (t *turn) oneSeries(key string, s seriesCursor) (seriesCursor, error) {
	tail, err := ingest.OpenTail(t.ctx, t.src.Abs("metrics", key), s.FileCursor)
	switch {
	case t.ctx.Err() != nil:
		return s, t.ctx.Err()
	case errors.Is(err, fs.ErrNotExist):
		return s, nil // the next turn takes it back
	case err != nil:
		return s, t.unreadable(t.rel("metrics", key), err)
	}
	defer tail.Close()
	if tail.Replaced {
		s.bad = 0
		if err := t.sink.Put(ingest.Reset{Run: t.key, Series: key}); err != nil {
			return s, err
		}
	}
	for drained := false; !drained && !t.more; {
		from := tail.Offset()
		if drained, err = t.fill(tail, key, &s); err != nil {
			return s, err
		}
		n := len(t.batch.Values)
		if n > 0 {
			if err := t.sink.Points(t.batch); err != nil {
				return s, err
			}
		}
		t.budget.Spend(n, tail.Offset()-from)
		t.more = !drained && t.budget.Spent()
		s.FileCursor = tail.Cursor(drained)
		if err := t.ctx.Err(); err != nil {
			return s, err
		}
	}
	return s, nil
}

const batchPoints = 8192 // said at once

// fill reads lines into the batch until it is full, a limit is near or the file ends.
func (t *turn) fill(tail *ingest.Tail, key string, s *seriesCursor) (drained bool, err error) {
	b := &t.batch
	*b = ingest.Points{
		Run: t.key, Series: key, System: mlflow.IsSystem(key), Unordered: true,
		Steps: b.Steps[:0], Times: b.Times[:0], Values: b.Values[:0],
	}
	most := min(batchPoints, t.budget.PointsLeft())
	until := tail.Offset() + min(t.budget.BytesLeft(), batchPoints*maxLine)
	for lines := 0; lines < most && tail.Offset() < until; lines++ {
		line, err := tail.Line(maxLine)
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil && !errors.Is(err, ingest.ErrLongLine) {
			return false, fmt.Errorf("read metric %s: %w", key, err)
		}
		if line == nil && err == nil {
			continue
		}
		var p point
		if err == nil {
			p, err = parseLine(line)
		}
		if err != nil {
			if err := t.badLine(tail, key, s, err); err != nil {
				return false, err
			}
			continue
		}
		b.Steps, b.Times, b.Values = append(b.Steps, p.step), append(b.Times, p.time), append(b.Values, p.value)
	}
	return false, nil
}

const maxBad = 3 // lines of one file that are said to be bad one by one

func (t *turn) badLine(tail *ingest.Tail, key string, s *seriesCursor, cause error) error {
	if s.bad++; s.bad > maxBad+1 {
		return nil
	}
	p := ingest.Problem{
		Path: t.rel("metrics", key), Place: fmt.Sprintf("line %d", tail.LineNo()),
		Message: "read metric line: " + strings.TrimPrefix(cause.Error(), "read line: "),
		Hint:    "the other lines of the file are shown",
	}
	if s.bad > maxBad {
		p.Message = "read metric file: more lines like the ones before can't be read"
	}
	return t.sink.Put(p)
}
