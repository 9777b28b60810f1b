package store

// PutSource tells or replaces a source. Only a new one, and one whose files came or went, is a change that
// shows: a cursor moves with every read.
func (tx *Tx) PutSource(s Source) error {
	var was bool
	known, err := tx.find(findSource, "source", []any{&was}, s.Path, s.Format)
	if err != nil {
		return err
	}
	if !known || was != s.Missing {
		tx.change.Sources = true
	}
	_, err = tx.exec(putSource, "source", s.Path, s.Format, s.Stamp, s.Cursor, s.Missing, micros(s.Seen))
	return err
}

// MarkMissing says that the files at a source's path are gone, or back: the source, its runs and the dataset
// at that path stay, marked.
func (tx *Tx) MarkMissing(path string, missing bool) error {
	n, err := tx.exec(missSource, "source", path, missing)
	if err != nil {
		return err
	}
	tx.change.Sources = tx.change.Sources || n > 0
	if n, err = tx.exec(missDataset, "dataset", path, missing); err != nil {
		return err
	}
	if n > 0 {
		tx.change.Datasets[path] = true
	}
	return tx.missRuns(path, missing)
}

func (tx *Tx) missRuns(path string, missing bool) error {
	rows, err := tx.w.stmts[missRun].Query(path, missing)
	if err != nil {
		return fail("write", "run", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return fail("write", "run", err)
		}
		tx.change.Runs[id] = true
	}
	return fail("write", "run", rows.Err())
}

// PutProblem tells a problem. The same one again keeps the time it was first seen.
func (tx *Tx) PutProblem(p Problem) error {
	n, err := tx.exec(putProblem, "problem", p.Source, p.Path, p.Place, p.Message, p.Hint, micros(p.Since))
	tx.change.Sources = tx.change.Sources || n > 0
	return err
}

// ClearProblems forgets a source's problems.
func (tx *Tx) ClearProblems(source string) error {
	n, err := tx.exec(clearProblems, "problem", source)
	tx.change.Sources = tx.change.Sources || n > 0
	return err
}

// PutDataset tells or replaces a dataset.
func (tx *Tx) PutDataset(d Dataset) error {
	n, err := tx.exec(putDataset, "dataset", d.Path, d.Format, d.Bytes, micros(d.Modified), d.Version, d.Missing,
		d.Rows, d.Columns)
	if n > 0 {
		tx.change.Datasets[d.Path] = true
	}
	return err
}

// PutResult tells or replaces derived work.
func (tx *Tx) PutResult(r Result) error {
	data := r.Bytes
	if data == nil {
		data = []byte{}
	}
	_, err := tx.exec(putResult, "result", r.Kind, r.Content, r.Params, r.Algorithm, data, micros(r.Computed))
	tx.change.Results = true
	return err
}

// PutTask tells or replaces work under way.
func (tx *Tx) PutTask(t Task) error {
	_, err := tx.exec(putTask, "task", t.Noun, t.Unit, t.Done, t.Total, micros(t.Started), micros(t.Updated))
	tx.change.Tasks = true
	return err
}

// DropTask forgets work that ended.
func (tx *Tx) DropTask(noun string) error {
	n, err := tx.exec(dropTask, "task", noun)
	tx.change.Tasks = tx.change.Tasks || n > 0
	return err
}

// PutMeta keeps one of the engine's own facts. It is no change that shows.
func (tx *Tx) PutMeta(key, value string) error {
	_, err := tx.exec(putMeta, "meta", key, value)
	return err
}

// ReplaceProjection replaces what the journals amount to, in the order given; touched names the subjects
// that differ from before.
func (tx *Tx) ReplaceProjection(events []Event, notes []Note, marks []Mark, touched map[string]bool) error {
	for _, s := range [...]statement{dropEvents, dropNotes, dropMarks} {
		if _, err := tx.exec(s, "journal"); err != nil {
			return err
		}
	}
	for _, e := range events {
		_, err := tx.exec(addEvent, "event", e.ID, e.Actor, e.Clone, micros(e.Time), e.Clock, e.Kind, e.Subject, e.Body)
		if err != nil {
			return err
		}
	}
	for _, n := range notes {
		_, err := tx.exec(addNote, "note", n.ID, n.Subject, n.Actor, n.Text, micros(n.Time), micros(n.Edited),
			n.ReplyTo, n.Resolved, n.ResolvedBy)
		if err != nil {
			return err
		}
	}
	for _, m := range marks {
		_, err := tx.exec(addMark, "mark", m.Subject, m.Kind, m.Key, m.Value, m.Actor, micros(m.Time))
		if err != nil {
			return err
		}
	}
	for subject := range touched {
		tx.change.Subjects[subject] = true
	}
	return nil
}
