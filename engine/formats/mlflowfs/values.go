package mlflowfs

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"pace/engine/formats/mlflow"
	"pace/engine/ingest"
)

func statRegular(path string) (ingest.FileStat, error) {
	info, err := os.Stat(path)
	if err != nil {
		return ingest.FileStat{}, err
	}
	return ingest.StatOf(info), nil
}

func (t *turn) sayTags(files []file, complete bool) error {
	if complete {
		for _, key := range t.vanished("t/", files) {
			if err := t.sink.Put(ingest.TagGone{Run: t.key, Key: key}); err != nil {
				return err
			}
		}
	}
	return t.sayValues("t/", "tags", files, func(key, value string) ingest.Record {
		return ingest.Tag{Run: t.key, Key: key, Value: value}
	})
}

// sayParams says new and changed params. MLflow writes a param once and never removes it.
func (t *turn) sayParams() error {
	files, err := list(t.src.Abs("params"))
	if err != nil {
		return t.unreadable(t.rel("params"), err)
	}
	t.vanished("p/", files)
	return t.sayValues("p/", "params", files, func(key, value string) ingest.Record {
		return ingest.Param{Run: t.key, Key: key, Value: value}
	})
}

// vanished forgets, and answers sorted, what was said and is no longer among the files.
func (t *turn) vanished(prefix string, files []file) []string {
	there := make(map[string]bool, len(files))
	for _, f := range files {
		there[f.key] = true
	}
	var gone []string
	for said := range maps.Keys(t.said) {
		if key, ok := strings.CutPrefix(said, prefix); ok && !there[key] {
			gone = append(gone, key)
			delete(t.said, said)
		}
	}
	slices.Sort(gone)
	return gone
}

// sayValues says each file of a folder whose stat changed: the whole file is the value.
func (t *turn) sayValues(prefix, dir string, files []file, record func(key, value string) ingest.Record) error {
	for _, f := range files {
		if t.said[prefix+f.key] == f.digest() {
			continue
		}
		if t.budget.Spent() {
			t.more = true
			return nil
		}
		if err := t.ctx.Err(); err != nil {
			return err
		}
		text, st, err := readAll(t.src.Abs(dir, f.key), maxValue)
		t.budget.Spend(0, int64(len(text)))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err == nil:
			err = t.sink.Put(record(f.key, string(text)))
			t.said[prefix+f.key] = statDigest(st)
		case errors.Is(err, errTooLong):
			t.said[prefix+f.key] = statDigest(st)
			err = t.unreadable(t.rel(dir, f.key), err)
		default:
			err = t.unreadable(t.rel(dir, f.key), err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sayInputs says the datasets that the run read: inputs/<id>/meta.yaml names a folder of the experiment's
// datasets. Its destination_id is wrong in every MLflow (it repeats source_id); the run is known anyway.
func (t *turn) sayInputs() error {
	entries, err := os.ReadDir(t.src.Abs("inputs"))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return t.unreadable(t.rel("inputs"), err)
	}
	for _, e := range entries[:min(len(entries), maxFiles)] {
		rel := t.rel("inputs", e.Name(), metaFile)
		st, err := statRegular(t.abs(rel))
		if err != nil || t.said["i/"+e.Name()] == statDigest(st) {
			continue // not yet written, or said
		}
		if t.budget.Spent() {
			t.more = true
			return nil
		}
		if err := t.oneInput(e.Name(), rel); err != nil {
			return err
		}
	}
	return nil
}

func (t *turn) oneInput(name, rel string) error {
	edge, st, err := t.meta(rel, "source_id", "source_type", "tags")
	if err == nil && edge["source_type"] != "DATASET" {
		t.said["i/"+name] = statDigest(st)
		return nil
	}
	var data meta
	if err == nil {
		rel = path.Join(path.Dir(t.src.Path), "datasets", path.Base(edge["source_id"]), metaFile)
		data, _, err = t.meta(rel, "name")
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = t.sink.Put(ingest.Problem{Path: rel, Message: "read dataset of a run: no such file"})
	case err != nil:
		torn, err := t.fault(rel, st, err)
		t.torn = t.torn || torn
		if torn || err != nil {
			return err
		}
	default:
		err = t.sink.Put(ingest.Input{
			Run: t.key, Name: data["name"], Digest: data["digest"], Context: edge["tags/"+mlflow.TagContext],
			SourceType: data["source_type"], Source: data["source"],
			Schema: data["schema"], Profile: data["profile"],
		})
	}
	t.said["i/"+name] = statDigest(st)
	return err
}
