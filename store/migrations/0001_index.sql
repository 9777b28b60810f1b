CREATE TABLE meta (
  key   TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE source (
  path    TEXT NOT NULL,
  format  TEXT NOT NULL,
  stamp   TEXT NOT NULL,
  cursor  BLOB,
  missing INTEGER NOT NULL,
  seen    INTEGER,
  PRIMARY KEY (path, format)
);

CREATE TABLE experiment (
  id             TEXT NOT NULL PRIMARY KEY,
  native_id      TEXT NOT NULL,
  name           TEXT NOT NULL,
  source         TEXT NOT NULL,
  format         TEXT NOT NULL,
  deleted        INTEGER NOT NULL,
  created        INTEGER,
  updated        INTEGER,
  artifact       TEXT NOT NULL,
  primary_metric TEXT NOT NULL,
  direction      TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE run (
  rid          INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  told         INTEGER NOT NULL DEFAULT 0,
  native_id    TEXT NOT NULL DEFAULT '',
  source       TEXT NOT NULL DEFAULT '',
  format       TEXT NOT NULL DEFAULT '',
  experiment   TEXT NOT NULL DEFAULT '',
  parent       TEXT NOT NULL DEFAULT '',
  name         TEXT NOT NULL DEFAULT '',
  status       TEXT NOT NULL DEFAULT '',
  native       TEXT NOT NULL DEFAULT '',
  deleted      INTEGER NOT NULL DEFAULT 0,
  missing      INTEGER NOT NULL DEFAULT 0,
  artifact_dir TEXT NOT NULL DEFAULT '',
  started      INTEGER,
  ended        INTEGER,
  active       INTEGER,
  user         TEXT NOT NULL DEFAULT '',
  host         TEXT NOT NULL DEFAULT '',
  command      TEXT NOT NULL DEFAULT '',
  git_commit   TEXT NOT NULL DEFAULT '',
  git_branch   TEXT NOT NULL DEFAULT '',
  git_dirty    INTEGER
);
CREATE INDEX run_source ON run (source);

CREATE TABLE name (
  id      INTEGER PRIMARY KEY,
  text    TEXT NOT NULL UNIQUE,
  metrics INTEGER NOT NULL DEFAULT 0,
  params  INTEGER NOT NULL DEFAULT 0,
  tags    INTEGER NOT NULL DEFAULT 0,
  system  INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE param (
  key   INTEGER NOT NULL,
  run   INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (key, run)
) WITHOUT ROWID;
CREATE INDEX param_run ON param (run);

CREATE TABLE tag (
  key   INTEGER NOT NULL,
  run   INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (key, run)
) WITHOUT ROWID;
CREATE INDEX tag_run ON tag (run);

CREATE TABLE series (
  key       INTEGER NOT NULL,
  run       INTEGER NOT NULL,
  id        INTEGER NOT NULL,
  system    INTEGER NOT NULL,
  unordered INTEGER NOT NULL,
  latest    REAL,
  summary   BLOB NOT NULL,
  PRIMARY KEY (key, run)
) WITHOUT ROWID;
CREATE INDEX series_run ON series (run);
CREATE INDEX series_latest ON series (key, latest);

CREATE TABLE chunk (
  id         INTEGER PRIMARY KEY,
  n          INTEGER NOT NULL,
  nan        INTEGER NOT NULL,
  inf        INTEGER NOT NULL,
  first_step INTEGER,
  last_step  INTEGER,
  min        REAL,
  max        REAL,
  sum        REAL NOT NULL,
  latest     REAL,
  data       BLOB NOT NULL
);

CREATE TABLE input (
  run         INTEGER NOT NULL,
  name        TEXT NOT NULL,
  digest      TEXT NOT NULL,
  context     TEXT NOT NULL,
  source_type TEXT NOT NULL,
  location    TEXT NOT NULL,
  schema      INTEGER NOT NULL,
  profile     INTEGER NOT NULL,
  PRIMARY KEY (run, name, digest, context)
) WITHOUT ROWID;

CREATE TABLE document (
  id   INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  text TEXT NOT NULL
);

CREATE TABLE logged_model (
  run          INTEGER NOT NULL,
  id           TEXT NOT NULL,
  name         TEXT NOT NULL,
  type         TEXT NOT NULL,
  status       TEXT NOT NULL,
  artifact_dir TEXT NOT NULL,
  created      INTEGER,
  PRIMARY KEY (run, id)
) WITHOUT ROWID;

CREATE TABLE problem (
  source  TEXT NOT NULL,
  path    TEXT NOT NULL,
  place   TEXT NOT NULL,
  message TEXT NOT NULL,
  hint    TEXT NOT NULL,
  since   INTEGER,
  PRIMARY KEY (source, path, place, message)
) WITHOUT ROWID;

CREATE TABLE dataset (
  path     TEXT NOT NULL PRIMARY KEY,
  format   TEXT NOT NULL,
  bytes    INTEGER NOT NULL,
  modified INTEGER,
  version  TEXT NOT NULL,
  missing  INTEGER NOT NULL,
  rows     INTEGER NOT NULL,
  columns  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE result (
  kind      TEXT NOT NULL,
  content   TEXT NOT NULL,
  params    TEXT NOT NULL,
  algorithm INTEGER NOT NULL,
  bytes     BLOB NOT NULL,
  computed  INTEGER,
  PRIMARY KEY (kind, content, params, algorithm)
);

CREATE TABLE event (
  seq     INTEGER PRIMARY KEY,
  id      TEXT NOT NULL,
  actor   TEXT NOT NULL,
  clone   TEXT NOT NULL,
  time    INTEGER,
  clock   INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  subject TEXT NOT NULL,
  body    BLOB
);

CREATE TABLE note (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL,
  subject     TEXT NOT NULL,
  actor       TEXT NOT NULL,
  text        TEXT NOT NULL,
  time        INTEGER,
  edited      INTEGER,
  reply_to    TEXT NOT NULL,
  resolved    INTEGER NOT NULL,
  resolved_by TEXT NOT NULL
);

CREATE TABLE mark (
  seq     INTEGER PRIMARY KEY,
  subject TEXT NOT NULL,
  kind    TEXT NOT NULL,
  key     TEXT NOT NULL,
  value   TEXT NOT NULL,
  actor   TEXT NOT NULL,
  time    INTEGER
);

CREATE TABLE task (
  noun    TEXT NOT NULL PRIMARY KEY,
  unit    TEXT NOT NULL,
  done    INTEGER NOT NULL,
  total   INTEGER NOT NULL,
  started INTEGER,
  updated INTEGER
) WITHOUT ROWID;
