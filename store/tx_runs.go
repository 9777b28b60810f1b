package store

import "crypto/sha256"

// PutExperiment tells or replaces an experiment.
func (tx *Tx) PutExperiment(e Experiment) error {
	n, err := tx.exec(putExperiment, "experiment", e.ID, e.NativeID, e.Name, e.Source, e.Format, e.Deleted,
		micros(e.Created), micros(e.Updated), e.Artifact, e.PrimaryMetric, e.Direction)
	if n > 0 {
		tx.change.All = true // every one of its runs shows its name
	}
	return err
}

// PutRun tells or replaces a run's header. Params, tags and points stay, and Active never goes back: it is
// the newest of what PutRun said and of the points' times.
func (tx *Tx) PutRun(r Run) error {
	if _, err := tx.run(r.ID); err != nil {
		return err
	}
	var dirty any
	if r.Dirty != nil {
		dirty = *r.Dirty
	}
	n, err := tx.exec(putRun, "run", r.ID, r.NativeID, r.Source, r.Format, r.Experiment, r.Parent, r.Name, r.Status,
		r.Native, r.Deleted, r.Missing, r.ArtifactDir, micros(r.Started), micros(r.Ended), r.User, r.Host,
		r.Command, r.Commit, r.Branch, dirty, micros(r.Active))
	if n > 0 {
		tx.change.Runs[r.ID] = true
	}
	return err
}

// RunOwner is the path of the source that told a run's header, and whether its files are gone; ok is false
// where no header was told. Two copies of one run in a project have one owner.
func (tx *Tx) RunOwner(run string) (source string, missing, ok bool, err error) {
	ok, err = tx.find(runOwner, "run", []any{&source, &missing}, run)
	return source, missing, ok, err
}

// PutParam tells or replaces a param.
func (tx *Tx) PutParam(run string, kv KV) error {
	return tx.putKV(addParam, setParam, counts{params: 1}, run, kv)
}

// PutTag tells or replaces one of the tool's tags.
func (tx *Tx) PutTag(run string, kv KV) error {
	return tx.putKV(addTag, setTag, counts{tags: 1}, run, kv)
}

func (tx *Tx) putKV(add, set statement, one counts, run string, kv KV) error {
	rid, err := tx.run(run)
	if err != nil {
		return err
	}
	key, err := tx.name(kv.Key)
	if err != nil {
		return err
	}
	n, err := tx.exec(add, "key", key, rid, kv.Value)
	if err != nil {
		return err
	}
	if n > 0 {
		tx.count(key, one)
	} else if n, err = tx.exec(set, "key", key, rid, kv.Value); err != nil {
		return err
	}
	if n > 0 {
		tx.change.Runs[run] = true
	}
	return nil
}

// DeleteTag takes a tag back. A tag that nobody told is no error.
func (tx *Tx) DeleteTag(run, key string) error {
	rid, ok, err := tx.knownRun(run)
	if err != nil || !ok {
		return err
	}
	name, err := tx.name(key)
	if err != nil {
		return err
	}
	n, err := tx.exec(dropTag, "tag", name, rid)
	if n > 0 {
		tx.count(name, counts{tags: -1})
		tx.change.Runs[run] = true
	}
	return err
}

// PutInput tells or replaces a dataset that a run read; run, name, digest and context together are its key.
func (tx *Tx) PutInput(in Input) error {
	rid, err := tx.run(in.Run)
	if err != nil {
		return err
	}
	schema, err := tx.document(in.Schema)
	if err != nil {
		return err
	}
	profile, err := tx.document(in.Profile)
	if err != nil {
		return err
	}
	n, err := tx.exec(putInput, "input", rid, in.Name, in.Digest, in.Context, in.SourceType, in.Location, schema, profile)
	if n > 0 {
		tx.change.Runs[in.Run] = true
	}
	return err
}

// document is the number of a long text that many rows share; 0 for the empty one.
func (tx *Tx) document(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	hash := sha256.Sum256([]byte(text))
	var id int64
	ok, err := tx.find(findDocument, "document", []any{&id}, hash[:])
	if err != nil || ok {
		return id, err
	}
	return tx.insert(addDocument, "document", hash[:], text)
}

// PutLoggedModel tells or replaces a model that a run wrote.
func (tx *Tx) PutLoggedModel(m LoggedModel) error {
	rid, err := tx.run(m.Run)
	if err != nil {
		return err
	}
	n, err := tx.exec(putModel, "model", rid, m.ID, m.Name, m.Type, m.Status, m.ArtifactDir, micros(m.Created))
	if n > 0 {
		tx.change.Runs[m.Run] = true
	}
	return err
}

// DeleteRun forgets a run and everything that belongs to it. An unknown run is no error. What people said
// about it stays.
func (tx *Tx) DeleteRun(run string) error {
	if err := tx.ResetSeries(run, ""); err != nil {
		return err
	}
	rid, ok, err := tx.knownRun(run)
	if err != nil || !ok {
		return err
	}
	for _, s := range [...]statement{countParams, dropParams, countTags, dropTags, dropInputs, dropModels, dropRun} {
		if _, err := tx.exec(s, "run", rid); err != nil {
			return err
		}
	}
	delete(tx.runs, run)
	delete(tx.active, rid)
	tx.change.Runs[run] = true
	return nil
}
