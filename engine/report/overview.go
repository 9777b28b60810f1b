package report

import "pace/engine/profile"

// Overview is the control tower: what needs somebody, what runs now, what changed since they last looked.
type Overview struct {
	Project string
	Counts  Counts
	Needs   []Finding // worst first, then newest
	Live    []Live    // newest first
	// Seen is when somebody last looked; zero at the first look, and then News is empty.
	Seen Time
	News []News // newest first
	// Empty says why there is nothing at all, in a sentence; "" otherwise.
	Empty string
}

// Counts are how much there is.
type Counts struct {
	Runs, Live, Stale, Failed   int
	Datasets, Experiments       int
	Notes, Unresolved, Problems int
}

// Live is a run that runs now, with the curve of its primary metric.
type Live struct {
	RunHead
	Series Series // no columns where it has no metric yet
	// Best is the best value of this metric over the project's other runs; nil where no direction is known.
	Best *Float
	// Verdict says how it stands against Best: "best so far", "behind the best by 1.2 %", "" where unknown.
	Verdict string
}

// News is one thing that changed since somebody last looked. Sign is "+" (new), "~" (changed) or "✎" (said).
type News struct {
	Sign, Subject, Text string
	Time                Time
}

// Note is what somebody said, with the answers to it in the order in which they were given.
type Note struct {
	ID         string `json:"id"`
	Subject    string `json:"subject"`
	Actor      string `json:"actor"`
	Text       string `json:"text"`
	Time       Time   `json:"time"`
	Edited     Time   `json:"edited"`
	Resolved   bool   `json:"resolved"`
	ResolvedBy string `json:"resolved_by,omitempty"`
	Answers    []Note `json:"answers,omitempty"`
}

// JournalEvent is one line of a journal.
type JournalEvent struct {
	ID      string `json:"id"`
	Actor   string `json:"actor"`
	Clone   string `json:"clone"`
	Time    Time   `json:"time"`
	Clock   int64  `json:"clock"`
	Kind    string `json:"kind"`
	Subject string `json:"subject"`
	Text    string `json:"text,omitempty"` // what it says, as one line
}

// Journal is `pace.journal/1`: what people said, newest first.
type Journal struct {
	Schema string         `json:"schema"`
	Events []JournalEvent `json:"events"`
	Notes  []Note         `json:"notes"`
}

// Doctor is `pace.doctor/1`: what pace sees, what it can't read and why.
type Doctor struct {
	Schema   string         `json:"schema"`
	Project  string         `json:"project"`
	Sources  []DoctorSource `json:"sources"`
	Problems []Finding      `json:"problems"`
	Checks   []DoctorCheck  `json:"checks"` // limits and places, filled by whoever can look
	Counts   DoctorCounts   `json:"counts"`
	Verdict  Level          `json:"verdict"`
}

// DoctorSource is one unit that a format claimed.
type DoctorSource struct {
	Path    string `json:"path"`
	Format  string `json:"format"`
	Runs    int    `json:"runs"`
	Missing bool   `json:"missing,omitempty"`
	Seen    Time   `json:"seen"`
}

// DoctorCheck is one limit or place with what was found: "inotify watches", "812 of 8192".
type DoctorCheck struct {
	Level Level  `json:"level"`
	Name  string `json:"name"`
	Value string `json:"value"`
	Hint  string `json:"hint,omitempty"`
}

// DoctorCounts are how much the index holds.
type DoctorCounts struct {
	Runs        int `json:"runs"`
	Experiments int `json:"experiments"`
	Datasets    int `json:"datasets"`
	Notes       int `json:"notes"`
}

// DatasetHead is a table file of the project in one line.
type DatasetHead struct {
	Path     string `json:"path"`
	Format   string `json:"format"`
	Bytes    int64  `json:"bytes"`
	Modified Time   `json:"modified"`
	Version  string `json:"version"`
	Missing  bool   `json:"missing,omitempty"`
	Rows     int64  `json:"rows"`    // -1 until known
	Columns  int64  `json:"columns"` // -1 until known
	// Run is the run that wrote the file as an artifact; "" for a dataset of the project.
	Run string `json:"run,omitempty"`
	DatasetHealth
}

// DatasetHealth is what the profile says about a dataset, in numbers. Profiled is false until there is one.
type DatasetHealth struct {
	Profiled     bool  `json:"profiled"`
	MissingShare Float `json:"missing_share"`
	Duplicates   int64 `json:"duplicate_rows"`
	Errors       int   `json:"errors"` // alerts by severity
	Warnings     int   `json:"warnings"`
	Infos        int   `json:"infos"`
	UsedBy       int   `json:"used_by"` // runs that recorded it as an input
	// Worst is the gravest alert in words, "" where there is none at level warn or error.
	Worst string `json:"worst,omitempty"`
}

// Level is the worst alert of the dataset.
func (h DatasetHealth) Level() Level {
	switch {
	case !h.Profiled:
		return Nothing
	case h.Errors > 0:
		return Error
	case h.Warnings > 0:
		return Warn
	}
	return OK
}

// PaletteEntry is one thing that can be jumped to. Subject is its reference.
type PaletteEntry struct {
	Kind    string // "run", "dataset", "experiment", "note"
	Subject string
	Title   string
	Detail  string
}

// DatasetDetail is one dataset with its profile, once there is one, and what people said about it.
type DatasetDetail struct {
	DatasetHead
	Profile *profile.Profile // nil until the file was read once
	Notes   []Note
}
