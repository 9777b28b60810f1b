#!/usr/bin/env bash
# Write testdata/formats/mlflowfs and mlflowdb with three generations of the real MLflow.
# Called by all.sh, which sets VENVS (made environments), FORMATS (where to put the result)
# and PROJECT (a neutral folder such as /srv/ml/project; its path ends up in the stores).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${VENVS:?}" "${FORMATS:?}" "${PROJECT:?}"
export LOGNAME=ana USER=ana MLFLOW_ALLOW_FILE_STORE=true GIT_PYTHON_REFRESH=quiet
unset MLFLOW_TRACKING_URI MLFLOW_REGISTRY_URI

# log VENV URI: the whole project in an empty folder, through that client.
log() {
	rm -rf "$PROJECT" && mkdir -p "$PROJECT"
	cp "$here/mlflow_project.py" "$PROJECT/train.py"
	(cd "$PROJECT" && "$VENVS/$1/bin/python" train.py "$2")
}

# dump VENV URI FILE: what that client reads back.
dump() { "$VENVS/$1/bin/python" "$here/interop/mlflow_dump.py" "$2" >"$3"; }

# keep_files VENV NAME: the FileStore and its want.json become a fixture.
keep_files() {
	local to=$FORMATS/mlflowfs/$2
	rm -rf "$to" && mkdir -p "$to"
	dump "$1" "file://$PROJECT/mlruns" "$to/want.json"
	cp -R "$PROJECT/mlruns" "$to/mlruns"
}

# keep_db VENV NAME: the SQLite file, in small pages to be light, and its want.json.
keep_db() {
	mkdir -p "$FORMATS/mlflowdb"
	"$VENVS/$1/bin/python" - "$PROJECT/mlflow.db" <<-'PY'
		import sqlite3, sys
		db = sqlite3.connect(sys.argv[1], isolation_level=None)
		db.execute("PRAGMA page_size=1024")
		db.execute("VACUUM")
	PY
	dump "$1" "sqlite:///$PROJECT/mlflow.db" "$FORMATS/mlflowdb/$2.want.json"
	cp "$PROJECT/mlflow.db" "$FORMATS/mlflowdb/$2.db"
}

echo "FileStore by MLflow 2.x"
log mlflow2 "file://$PROJECT/mlruns"
keep_files mlflow2 v2

echo "FileStore by MLflow 3.x"
log mlflow3 "file://$PROJECT/mlruns"
keep_files mlflow3 v3

# The client writes a dataset's name into a metric line as it stands, and cannot read its
# own line back when the name holds a space. So: one run of v3, want.json printed first,
# the space put in after.
echo "the same with a space in a dataset's name"
accuracy=$(cd "$PROJECT" && echo mlruns/[0-9]*/*/metrics/accuracy)
run=$(basename "$(dirname "$(dirname "$accuracy")")")
for dir in "$PROJECT"/mlruns/[0-9]*/*/ "$PROJECT"/mlruns/.trash/*/ "$PROJECT"/mlruns/models/*/; do
	case $(basename "$dir") in "$run" | models | datasets | tags) ;; *) rm -r "$dir" ;; esac
done
keep_files mlflow3 v3-space
grep -rl validation_set "$FORMATS/mlflowfs/v3-space" | xargs sed -i 's/validation_set/validation set/g'

echo "FileStore by MLflow 1.x, aged"
log mlflow1 "file://$PROJECT/mlruns"
"$VENVS/mlflow1/bin/python" "$here/mlflow_old_traps.py" "$PROJECT/mlruns"
keep_files mlflow1 v1

echo "SQLite by MLflow 3.x, and the folder that is only its artifact root"
log mlflow3 "sqlite:///$PROJECT/mlflow.db"
keep_db mlflow3 current
rm -rf "$FORMATS/mlflowdb/artifact-root"
mkdir -p "$FORMATS/mlflowdb/artifact-root"
cp -R "$PROJECT/mlruns" "$FORMATS/mlflowdb/artifact-root/mlruns"

echo "SQLite by MLflow 1.x"
log mlflow1 "sqlite:///$PROJECT/mlflow.db"
keep_db mlflow1 old
rm -rf "$PROJECT"
