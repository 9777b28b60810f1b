package mlflowfs

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"pace/engine/formats/mlflow"
	"pace/engine/ingest"
)

// patience is how long a meta.yaml may stay empty or half written before it counts as damaged. MLflow
// itself tries again twice, 0.1 and 0.2 s later.
const patience = 5 * time.Second

// reader is one Read under way.
type reader struct {
	ctx    context.Context
	src    ingest.Source
	sink   ingest.Sink
	budget *ingest.Budget
	batch  ingest.Points
}

// rel is the path, relative to the project, of something below the unit.
func (r *reader) rel(elem ...string) string {
	return path.Join(append([]string{r.src.Path}, elem...)...)
}

// abs is where a path that is relative to the project lies.
func (r *reader) abs(rel string) string { return filepath.Join(r.src.Root, filepath.FromSlash(rel)) }

// meta reads a meta.yaml that must hold some keys.
func (r *reader) meta(rel string, need ...string) (meta, ingest.FileStat, error) {
	text, st, err := readAll(r.abs(rel), maxMeta)
	if err != nil {
		return nil, st, err
	}
	r.budget.Spend(0, int64(len(text)))
	m, err := parseMeta(text)
	young := time.Since(time.Unix(0, st.ModTime)) < patience
	if err == nil && (!m.has(need...) || young && text[len(text)-1] != '\n') {
		err = errTorn
	}
	return m, st, err
}

var yamlLine = regexp.MustCompile(`line \d+`)

// fault says what an unreadable meta.yaml means: torn while it is young, a problem once it has stood for a
// while.
func (r *reader) fault(rel string, st ingest.FileStat, err error) (torn bool, _ error) {
	if time.Since(time.Unix(0, st.ModTime)) < patience && !errors.Is(err, errTooLong) {
		return true, nil
	}
	cause := err.Error()
	if errors.Is(err, errTorn) {
		cause = "empty or incomplete"
	}
	place := yamlLine.FindString(cause)
	if place == "" {
		place = "line 1"
	}
	return false, r.sink.Put(ingest.Problem{
		Path: rel, Place: place, Message: "read " + metaFile + ": " + flat(cause),
		Hint: "MLflow can't read this folder either; restore the file from a backup, or move the folder away",
	})
}

// flat puts an error of several lines on one.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// unreadable says that a file or folder can't be read, and goes on.
func (r *reader) unreadable(rel string, err error) error {
	var perr *fs.PathError
	cause := err
	if errors.As(err, &perr) {
		cause = perr.Err
	}
	p := ingest.Problem{Path: rel, Message: "read file: " + cause.Error()}
	if errors.Is(err, fs.ErrPermission) {
		p.Hint = "ask the owner for permission to read it"
	}
	return r.sink.Put(p)
}

// small reads a unit that is one meta.yaml, complete when it has a key that is written late. Its cursor is
// the stamp at the last read.
func (r *reader) small(cursor []byte, rel string, need string, say func(meta) error) (ingest.Result, error) {
	now, err := stamp(r.ctx, r.src)
	if err != nil {
		return ingest.Result{}, err
	}
	old := ingest.OpenCursor(cursorVersion, cursor)
	if old.Text() == now && old.Err() == nil {
		return ingest.Result{Cursor: cursor}, nil
	}
	w := ingest.NewCursor(cursorVersion)
	w.Text(now)
	m, st, err := r.meta(rel, "experiment_id", need)
	if err == nil {
		return ingest.Result{Cursor: w.Bytes()}, say(m)
	}
	var perr *fs.PathError
	if errors.As(err, &perr) && !errors.Is(err, errTooLong) {
		return ingest.Result{}, err
	}
	torn, err := r.fault(rel, st, err)
	if torn {
		return ingest.Result{Cursor: cursor, Torn: true}, err
	}
	return ingest.Result{Cursor: w.Bytes()}, err
}

func (r *reader) experiment(m meta) error {
	dir := path.Dir(r.src.Path)
	tag := func(key string) string {
		text, _, err := readAll(r.abs(path.Join(dir, "tags", key)), maxValue)
		if err != nil {
			return ""
		}
		return string(text)
	}
	return r.sink.Put(ingest.Experiment{
		Key: mlflow.ExperimentKey(storeOf(r.src.Path), m["experiment_id"]), NativeID: m["experiment_id"], Name: m["name"],
		Deleted: m.deleted() || inTrash(r.src.Path),
		Created: m.time("creation_time"), Updated: m.time("last_update_time"),
		Artifact:      m["artifact_location"],
		PrimaryMetric: tag(mlflow.TagPrimary), Direction: mlflow.Direction(tag(mlflow.TagGreater)),
	})
}

// loggedModel says a model of MLflow 3. Its metrics stand in its run as well and are not said again.
func (r *reader) loggedModel(m meta) error {
	model := ingest.LoggedModel{
		ID: m["model_id"], Name: m["name"], Type: m["model_type"], Status: mlflow.ModelStatusName(m["status"]),
		ArtifactDir: mlflow.ArtifactDir(m["artifact_location"], r.src.Abs("artifacts"), r.roots()...),
		Created:     m.time("creation_timestamp"),
	}
	if model.ID == "" {
		model.ID = path.Base(r.src.Path)
	}
	if m["source_run_id"] != "" {
		model.Run = mlflow.RunKey(m["experiment_id"], m["source_run_id"])
	}
	return r.sink.Put(model)
}

// roots are the folders below which a moved artifact path may lie: the one that holds the store, and the
// project.
func (r *reader) roots() []string {
	store := path.Dir(path.Dir(r.src.Path)) // <store>/<experiment>/<run>
	return []string{r.abs(path.Dir(store)), r.src.Root}
}

// file is one file of a run: its key, which is its path below the kind's folder with slashes, and a stat.
type file struct {
	key  string
	stat ingest.FileStat
}

func (f file) digest() uint64 { return statDigest(f.stat) }

func statDigest(st ingest.FileStat) uint64 {
	h := fnv.New64a()
	var b [24]byte
	binary.LittleEndian.PutUint64(b[0:], uint64(st.Size))
	binary.LittleEndian.PutUint64(b[8:], uint64(st.ModTime))
	binary.LittleEndian.PutUint64(b[16:], st.Inode)
	h.Write(b[:])
	return h.Sum64()
}

const (
	maxNesting = 32      // folders that a key's slashes may make
	maxFiles   = 100_000 // of one kind in one run
)

// list finds the files below a folder of a run, sorted by key. A folder that isn't there holds none.
func list(dir string) ([]file, error) { return appendFiles(nil, dir, "", 0) }

func appendFiles(files []file, dir, prefix string, depth int) ([]file, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) && depth == 0 {
			err = nil
		}
		return files, err
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		if e.IsDir() {
			if depth < maxNesting {
				if files, err = appendFiles(files, name, prefix+e.Name()+"/", depth+1); err != nil {
					return files, err
				}
			}
			continue
		}
		info, err := os.Stat(name)
		if err != nil || !info.Mode().IsRegular() || len(files) >= maxFiles {
			continue // removed meanwhile, a dangling link, a pipe
		}
		files = append(files, file{prefix + e.Name(), ingest.StatOf(info)})
	}
	return files, nil
}
