package mlflowdb

import (
	"strings"

	"pace/engine/formats/mlflow"
	"pace/engine/ingest"
)

// sayInputs says the datasets that runs read.
func (r *reader) sayInputs() error {
	if !r.has.has("inputs", "input_uuid", "source_type", "source_id", "destination_type", "destination_id") ||
		!r.has.has("datasets", "dataset_uuid", "name", "digest") {
		return nil
	}
	context := "''"
	if r.has.has("input_tags", "input_uuid", "name", "value") {
		context = "coalesce((SELECT value FROM input_tags t WHERE t.input_uuid = inputs.input_uuid AND t.name = '" + mlflow.TagContext + "'), '')"
	}
	sql := "SELECT inputs.rowid, inputs.destination_id, inputs.source_type || inputs.destination_type, " + strings.Join([]string{
		r.has.text("datasets", "name"), r.has.text("datasets", "digest"), r.has.text("datasets", "dataset_source_type"),
		r.has.text("datasets", "dataset_source"), r.has.text("datasets", "dataset_schema"), r.has.text("datasets", "dataset_profile"), context,
	}, ", ") + " FROM inputs LEFT JOIN datasets ON datasets.dataset_uuid = inputs.source_id WHERE inputs.rowid > ? ORDER BY inputs.rowid LIMIT 100"
	for {
		type row struct {
			ingest.Input
			rowid int64
			edge  string
		}
		var found []row
		err := r.each(sql, func(scan func(...any) error) error {
			var w row
			err := scan(&w.rowid, &w.Run, &w.edge, &w.Name, &w.Digest, &w.SourceType, &w.Source, &w.Schema, &w.Profile, &w.Context)
			found = append(found, w)
			return err
		}, r.input)
		if err != nil || len(found) == 0 {
			return err
		}
		looked := false
		for _, w := range found {
			if r.budget.Spent() {
				r.more = true
				return nil
			}
			r.input = w.rowid
			r.budget.Spend(0, int64(len(w.Source)+len(w.Schema)+len(w.Profile)))
			s, err := r.known(w.Run, &looked)
			if err != nil {
				return err
			}
			if s == nil || w.edge != "DATASETRUN" {
				continue
			}
			w.Run = s.key
			if err := r.sink.Put(w.Input); err != nil {
				return err
			}
		}
	}
}

// sayModels says the LoggedModels (MLflow 3) that were added or changed.
func (r *reader) sayModels() error {
	const table = "logged_models"
	if !r.has.has(table, "model_id", "experiment_id", "last_updated_timestamp_ms") {
		return nil
	}
	sql := "SELECT logged_models.rowid, " + strings.Join([]string{
		r.has.text(table, "model_id"), r.has.text(table, "experiment_id"), r.has.text(table, "name"), r.has.text(table, "model_type"),
		r.has.text(table, "status"), r.has.text(table, "artifact_location"), r.has.text(table, "source_run_id"),
		r.has.number(table, "creation_timestamp_ms"), r.has.number(table, "last_updated_timestamp_ms"),
	}, ", ") + " FROM logged_models WHERE rowid > ? OR last_updated_timestamp_ms > ? ORDER BY last_updated_timestamp_ms, rowid LIMIT 10000"
	type row struct {
		ingest.LoggedModel
		experiment       string
		rowid            int64
		created, updated int64
	}
	var found []row
	err := r.each(sql, func(scan func(...any) error) error {
		var w row
		err := scan(&w.rowid, &w.ID, &w.experiment, &w.Name, &w.Type, &w.Status, &w.ArtifactDir, &w.Run, &w.created, &w.updated)
		found = append(found, w)
		return err
	}, r.model, r.modelTime)
	if err != nil {
		return err
	}
	for _, w := range found {
		w.Status, w.ArtifactDir, w.Created = mlflow.ModelStatusName(w.Status), r.artifacts(w.ArtifactDir), millis(w.created)
		if w.Run != "" {
			w.Run = mlflow.RunKey(w.experiment, w.Run)
		}
		if err := r.sink.Put(w.LoggedModel); err != nil {
			return err
		}
		r.model, r.modelTime = max(r.model, w.rowid), max(r.modelTime, w.updated)
		r.budget.Spend(0, 200)
	}
	return nil
}
