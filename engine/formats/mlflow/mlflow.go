// Package mlflow holds the words that every MLflow store shares: keys, statuses, well-known tags, where
// artifacts lie. It must not know how any one store spells them on disk.
package mlflow

import (
	"strings"

	"pace/engine/ingest"
)

// Well-known tags (mlflow/utils/mlflow_tags.py).
const (
	TagRunName = "mlflow.runName"
	TagParent  = "mlflow.parentRunId"
	TagUser    = "mlflow.user"
	TagSource  = "mlflow.source.name"
	TagCommit  = "mlflow.source.git.commit"
	TagBranch  = "mlflow.source.git.branch"
	TagDirty   = "mlflow.source.git.dirty"
	TagContext = "mlflow.data.context"

	tagOldBranch = "mlflow.gitBranchName"

	// TagPrimary and TagGreater stand on an experiment: its primary metric's name, and "True" or "False".
	TagPrimary = "mlflow.experiment.primaryMetric.name"
	TagGreater = "mlflow.experiment.primaryMetric.greaterIsBetter"
)

// headerTags are the tags that a run's header is made from.
var headerTags = [...]string{TagRunName, TagParent, TagUser, TagSource, TagCommit, TagBranch, TagDirty, tagOldBranch}

// HeaderTags lists the tags that Header looks at, always in the same order.
func HeaderTags() []string { return headerTags[:] }

// IsHeaderTag is true for a tag that Header looks at.
func IsHeaderTag(key string) bool {
	for _, k := range headerTags {
		if k == key {
			return true
		}
	}
	return false
}

// ExperimentKey is an experiment's key. Every store counts its experiments from 0, so the store's place in the
// project tells two of one number apart.
func ExperimentKey(store, id string) string { return "mlflow/" + store + "/" + id }

// RunKey is a run's key. `mlflow migrate-filestore` keeps ids, so a store of files and the database made from it name
// the same runs.
func RunKey(experiment, run string) string { return "mlflow/" + experiment + "/" + run }

// Native is a run's header as a store tells it, before its tags are looked at.
type Native struct {
	Store             string // path of the database or of the folder that holds the experiments
	RunID, Experiment string // native ids
	Name, User        string
	Source, Version   string // source_name, source_version (the commit in old stores)
	Status            string // RUNNING, SCHEDULED, FINISHED, FAILED, KILLED
	Deleted           bool
	ingest.Span
	ArtifactDir string
}

// Header makes a run's header from what the store and the tags tell.
func Header(n Native, tags map[string]string) ingest.Run {
	r := ingest.Run{
		Key: RunKey(n.Experiment, n.RunID), NativeID: n.RunID, Experiment: ExperimentKey(n.Store, n.Experiment),
		Name: first(n.Name, tags[TagRunName]), Status: Status(n.Status), Native: n.Status,
		Deleted: n.Deleted, Span: n.Span, ArtifactDir: n.ArtifactDir,
	}
	if parent := tags[TagParent]; parent != "" {
		r.Parent = RunKey(n.Experiment, parent)
	}
	r.User = first(n.User, tags[TagUser])
	r.Command = first(tags[TagSource], n.Source)
	r.Commit = first(tags[TagCommit], n.Version)
	r.Branch = first(tags[TagBranch], tags[tagOldBranch])
	switch strings.ToLower(tags[TagDirty]) {
	case "true":
		r.Dirty = new(true)
	case "false":
		r.Dirty = new(false)
	}
	return r
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// Direction turns the value of TagGreater into "max" or "min", "" where it says neither.
func Direction(greater string) string {
	switch strings.ToLower(greater) {
	case "true":
		return "max"
	case "false":
		return "min"
	}
	return ""
}

// Status puts MLflow's word into pace's.
func Status(native string) ingest.Status {
	switch native {
	case "RUNNING":
		return ingest.Running
	case "SCHEDULED":
		return ingest.Queued
	case "FINISHED":
		return ingest.Finished
	case "FAILED":
		return ingest.Failed
	case "KILLED":
		return ingest.Killed
	}
	return ingest.Unknown
}

// StatusName is the word of a status number (mlflow/protos/service.proto, RunStatus). A text that is no
// such number is answered as it is.
func StatusName(number string) string {
	switch number {
	case "1":
		return "RUNNING"
	case "2":
		return "SCHEDULED"
	case "3":
		return "FINISHED"
	case "4":
		return "FAILED"
	case "5":
		return "KILLED"
	}
	return number
}

// ModelStatusName is the word of a LoggedModel's status number (LoggedModelStatus in service.proto).
func ModelStatusName(number string) string {
	switch number {
	case "1":
		return "PENDING"
	case "2":
		return "READY"
	case "3":
		return "UPLOAD_FAILED"
	}
	return number
}

// IsSystem is true for the machine metrics that MLflow's monitor logs.
func IsSystem(series string) bool { return strings.HasPrefix(series, "system/") }
