package store

// statement names one prepared statement of the writer.
type statement int

// What the writer says to the database.
const (
	begin statement = iota
	commit
	rollback
	findName
	addName
	countName
	findRun
	addRun
	putRun
	touchRun
	dropRun
	missRun
	dropParams
	countParams
	countTags
	dropTags
	dropInputs
	dropModels
	addParam
	setParam
	addTag
	setTag
	dropTag
	findSeries
	addSeries
	setSeries
	dropSeries
	runSeries
	maxChunk
	getChunk
	putChunk
	dropChunks
	putSource
	findSource
	missSource
	putExperiment
	findDocument
	addDocument
	putInput
	putModel
	putProblem
	clearProblems
	putDataset
	missDataset
	putResult
	dropEvents
	dropNotes
	dropMarks
	addEvent
	addNote
	addMark
	putTask
	dropTask
	putMeta
	runOwner
	statementCount
)

// statements are prepared once, when the writer opens. An upsert whose WHERE finds nothing new changes no
// row, which is how the writer learns that a fact was known.
var statements = [statementCount]string{
	begin:    "BEGIN IMMEDIATE",
	commit:   "COMMIT",
	rollback: "ROLLBACK",

	findName:  "SELECT id FROM name WHERE text = ?",
	addName:   "INSERT INTO name (text) VALUES (?)",
	countName: "UPDATE name SET metrics = metrics + ?2, params = params + ?3, tags = tags + ?4, system = system + ?5 WHERE id = ?1",

	findRun: "SELECT rid FROM run WHERE id = ?",
	addRun:  "INSERT INTO run (id) VALUES (?)",
	putRun: `INSERT INTO run (told, id, ` + runHeader + `, active)
 VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (id) DO UPDATE SET told = 1, (` + runHeader + `) = (` + runHeaderNew + `),
 active = max(coalesce(active, excluded.active), coalesce(excluded.active, active))
 WHERE NOT told OR (` + runHeader + `) IS NOT (` + runHeaderNew + `)
 OR excluded.active > coalesce(active, excluded.active - 1)`,
	touchRun: "UPDATE run SET active = ?2 WHERE rid = ?1 AND (active IS NULL OR active < ?2)",
	dropRun:  "DELETE FROM run WHERE rid = ?",
	missRun:  "UPDATE run SET missing = ?2 WHERE source = ?1 AND missing <> ?2 RETURNING id",
	runOwner: "SELECT source, missing FROM run WHERE id = ? AND told",

	countParams: "UPDATE name SET params = params - 1 WHERE id IN (SELECT key FROM param WHERE run = ?)",
	dropParams:  "DELETE FROM param WHERE run = ?1 AND key IN (SELECT key FROM param WHERE run = ?1)",
	countTags:   "UPDATE name SET tags = tags - 1 WHERE id IN (SELECT key FROM tag WHERE run = ?)",
	dropTags:    "DELETE FROM tag WHERE run = ?1 AND key IN (SELECT key FROM tag WHERE run = ?1)",
	dropInputs:  "DELETE FROM input WHERE run = ?",
	dropModels:  "DELETE FROM logged_model WHERE run = ?",

	addParam: "INSERT INTO param (key, run, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
	setParam: "UPDATE param SET value = ?3 WHERE key = ?1 AND run = ?2 AND value <> ?3",
	addTag:   "INSERT INTO tag (key, run, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
	setTag:   "UPDATE tag SET value = ?3 WHERE key = ?1 AND run = ?2 AND value <> ?3",
	dropTag:  "DELETE FROM tag WHERE key = ? AND run = ?",

	findSeries: "SELECT id, system, unordered, summary FROM series WHERE key = ? AND run = ?",
	addSeries:  "INSERT INTO series (key, run, id, system, unordered, latest, summary) VALUES (?, ?, ?, ?, ?, ?, ?)",
	setSeries:  "UPDATE series SET unordered = ?3, latest = ?4, summary = ?5 WHERE key = ?1 AND run = ?2",
	dropSeries: "DELETE FROM series WHERE key = ? AND run = ?",
	runSeries:  "SELECT key, id, system FROM series WHERE run = ?",

	maxChunk: "SELECT coalesce(max(id), 0) FROM chunk",
	getChunk: "SELECT data FROM chunk WHERE id = ?",
	putChunk: `INSERT OR REPLACE INTO chunk (id, n, nan, inf, first_step, last_step, min, max, sum, latest, data)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	dropChunks: "DELETE FROM chunk WHERE id >= ? AND id < ?",

	findSource: "SELECT missing FROM source WHERE path = ? AND format = ?",
	putSource: `INSERT INTO source (path, format, stamp, cursor, missing, seen) VALUES (?, ?, ?, ?, ?, ?)
 ON CONFLICT (path, format) DO UPDATE SET (stamp, cursor, missing, seen)
 = (excluded.stamp, excluded.cursor, excluded.missing, excluded.seen)`,
	missSource: "UPDATE source SET missing = ?2 WHERE path = ?1 AND missing <> ?2",
	putExperiment: `INSERT INTO experiment (id, ` + experimentFacts + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (id) DO UPDATE SET (` + experimentFacts + `) = (` + experimentFactsNew + `)
 WHERE (` + experimentFacts + `) IS NOT (` + experimentFactsNew + `)`,

	findDocument: "SELECT id FROM document WHERE hash = ?",
	addDocument:  "INSERT INTO document (hash, text) VALUES (?, ?)",
	putInput: `INSERT INTO input (run, name, digest, context, source_type, location, schema, profile)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET (source_type, location, schema, profile)
 = (excluded.source_type, excluded.location, excluded.schema, excluded.profile)
 WHERE (source_type, location, schema, profile)
 IS NOT (excluded.source_type, excluded.location, excluded.schema, excluded.profile)`,
	putModel: `INSERT INTO logged_model (run, id, name, type, status, artifact_dir, created) VALUES (?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT DO UPDATE SET (name, type, status, artifact_dir, created)
 = (excluded.name, excluded.type, excluded.status, excluded.artifact_dir, excluded.created)
 WHERE (name, type, status, artifact_dir, created)
 IS NOT (excluded.name, excluded.type, excluded.status, excluded.artifact_dir, excluded.created)`,

	putProblem: `INSERT INTO problem (source, path, place, message, hint, since) VALUES (?, ?, ?, ?, ?, ?)
 ON CONFLICT DO UPDATE SET hint = excluded.hint WHERE hint <> excluded.hint`,
	clearProblems: "DELETE FROM problem WHERE source = ?",

	putDataset: `INSERT INTO dataset (path, ` + datasetFacts + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (path) DO UPDATE SET (` + datasetFacts + `) = (` + datasetFactsNew + `)
 WHERE (` + datasetFacts + `) IS NOT (` + datasetFactsNew + `)`,
	missDataset: "UPDATE dataset SET missing = ?2 WHERE path = ?1 AND missing <> ?2",
	putResult: `INSERT OR REPLACE INTO result (kind, content, params, algorithm, bytes, computed)
 VALUES (?, ?, ?, ?, ?, ?)`,

	dropEvents: "DELETE FROM event",
	dropNotes:  "DELETE FROM note",
	dropMarks:  "DELETE FROM mark",
	addEvent: `INSERT INTO event (id, actor, clone, time, clock, kind, subject, body)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
	addNote: `INSERT INTO note (id, subject, actor, text, time, edited, reply_to, resolved, resolved_by)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	addMark: "INSERT INTO mark (subject, kind, key, value, actor, time) VALUES (?, ?, ?, ?, ?, ?)",

	putTask:  "INSERT OR REPLACE INTO task (noun, unit, done, total, started, updated) VALUES (?, ?, ?, ?, ?, ?)",
	dropTask: "DELETE FROM task WHERE noun = ?",
	putMeta:  "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
}

// The columns of a few tables, in the order in which they are written and read.
const (
	runHeader = `native_id, source, format, experiment, parent, name, status, native, deleted, missing,
 artifact_dir, started, ended, user, host, command, git_commit, git_branch, git_dirty`
	runHeaderNew = `excluded.native_id, excluded.source, excluded.format, excluded.experiment, excluded.parent,
 excluded.name, excluded.status, excluded.native, excluded.deleted, excluded.missing, excluded.artifact_dir,
 excluded.started, excluded.ended, excluded.user, excluded.host, excluded.command, excluded.git_commit,
 excluded.git_branch, excluded.git_dirty`
	experimentFacts = `native_id, name, source, format, deleted, created, updated, artifact, primary_metric,
 direction`
	experimentFactsNew = `excluded.native_id, excluded.name, excluded.source, excluded.format, excluded.deleted,
 excluded.created, excluded.updated, excluded.artifact, excluded.primary_metric, excluded.direction`
	datasetFacts    = `format, bytes, modified, version, missing, rows, columns`
	datasetFactsNew = `excluded.format, excluded.bytes, excluded.modified, excluded.version, excluded.missing,
 excluded.rows, excluded.columns`
)
