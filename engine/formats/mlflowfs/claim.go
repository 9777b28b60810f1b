// Package mlflowfs reads MLflow's FileStore, the folder that is mostly called mlruns
// (mlflow/store/tracking/file_store.py). It must not know who asks, where facts go or how a database
// spells the same facts.
package mlflowfs

import (
	"bytes"
	"context"
	"errors"
	"path"
	"strings"

	"pace/engine/ingest"
)

// Name is the format's name.
const Name = "mlflow-fs"

// Format is the format's entry in the list.
func Format() ingest.Format {
	return ingest.Format{Name: Name, Title: "MLflow (files)", Claim: claim, Stamp: stamp, Read: read}
}

const metaFile = "meta.yaml"

// kind is what a folder with a meta.yaml is.
type kind int

const (
	notOurs kind = iota
	experiment
	run
	loggedModel
)

// claim takes a run's folder and a LoggedModel's folder whole, and the meta.yaml of an experiment. Folders
// without a meta.yaml are never MLflow's facts: an mlruns that is only the artifact root of a database
// holds none. Registry entries (models/<name>), datasets, inputs and traces hold no runs.
func claim(d ingest.Dir) []ingest.Unit {
	if e := d.Entry(metaFile); e == nil || e.IsDir() {
		return nil
	}
	switch kindOf(d) {
	case run, loggedModel:
		return []ingest.Unit{{Path: d.Path, Owns: true}}
	case experiment:
		return []ingest.Unit{{Path: d.Join(metaFile), Owns: true}}
	}
	return nil
}

func kindOf(d ingest.Dir) kind {
	name, parent := path.Base(d.Path), path.Base(path.Dir(d.Path))
	switch parent {
	case "datasets", "inputs", "outputs", "traces":
		return notOurs
	case "models":
		if isModelID(name) {
			return loggedModel
		}
		return notOurs
	}
	if isRunID(name) {
		return run
	}
	head, err := d.Head(metaFile, 4096)
	if err != nil {
		return notOurs
	}
	switch {
	case hasKey(head, "artifact_uri") && (hasKey(head, "run_id") || hasKey(head, "run_uuid")):
		return run // not a registered version, which names a run too
	case hasKey(head, "experiment_id") && hasKey(head, "artifact_location"):
		return experiment
	case len(bytes.TrimSpace(head)) == 0 && isDigits(name):
		return experiment // being written
	}
	return notOurs
}

// hasKey finds a key at the left edge of a YAML mapping.
func hasKey(head []byte, key string) bool {
	return bytes.HasPrefix(head, []byte(key+":")) || bytes.Contains(head, []byte("\n"+key+":"))
}

func isRunID(name string) bool { return len(name) == 32 && isHex(name) }

func isModelID(name string) bool { return len(name) == 34 && name[:2] == "m-" && isHex(name[2:]) }

func isHex(s string) bool { return strings.Trim(s, "0123456789abcdef") == "" }

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func read(ctx context.Context, src ingest.Source, cursor []byte, sink ingest.Sink, lim ingest.Limits) (ingest.Result, error) {
	if err := ctx.Err(); err != nil {
		return ingest.Result{}, err
	}
	r := &reader{ctx: ctx, src: src, sink: sink, budget: ingest.NewBudget(lim)}
	switch kindOfUnit(src.Path) {
	case experiment:
		return r.small(cursor, src.Path, "name", r.experiment)
	case loggedModel:
		return r.small(cursor, path.Join(src.Path, metaFile), "status", r.loggedModel)
	}
	return r.run(cursor)
}

func kindOfUnit(p string) kind {
	switch {
	case path.Base(p) == metaFile:
		return experiment
	case isModelID(path.Base(p)) && path.Base(path.Dir(p)) == "models":
		return loggedModel
	}
	return run
}

// storeOf is the folder of the store that holds a run's folder or an experiment's meta.yaml.
func storeOf(p string) string {
	dir := path.Dir(path.Dir(p))
	if path.Base(dir) == ".trash" {
		return path.Dir(dir)
	}
	return dir
}

// inTrash is true below the folder into which MLflow moves deleted experiments.
func inTrash(p string) bool {
	for part := range strings.SplitSeq(p, "/") {
		if part == ".trash" {
			return true
		}
	}
	return false
}

var errTorn = errors.New("not yet written")
