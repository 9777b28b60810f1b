#!/usr/bin/env bash
# Build the demo project for real and pack it: demo.sh OUT (a folder). Called by all.sh, which
# sets VENVS and PROJECT; the project is built in a neutral folder beside $PROJECT.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)/demo
out=$(cd "$1" && pwd)
: "${VENVS:?}" "${PROJECT:?}"
dump=$here/../interop/mlflow_dump.py
project=$(dirname "$PROJECT")/flights
py3=$VENVS/demo/bin/python py2=$VENVS/mlflow2/bin/python
export TZ=UTC PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=ignore MLFLOW_DISABLE_TELEMETRY=true DO_NOT_TRACK=true
unset MLFLOW_TRACKING_URI MLFLOW_REGISTRY_URI

rm -rf "$project" && mkdir -p "$project"
cd "$project"
"$py3" "$here/prepare.py"
cp "$here"/{README.md,features.py,train.py,baseline.py,predict.py} .

# A real commit for MLflow to find; the repository itself is left out of the archive.
export GIT_AUTHOR_NAME=ana GIT_AUTHOR_EMAIL=ana@example.org GIT_AUTHOR_DATE=2026-10-11T08:00:00Z
export GIT_COMMITTER_NAME=ana GIT_COMMITTER_EMAIL=ana@example.org
export GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
git init --quiet --initial-branch=main
git add README.md features.py baseline.py && git commit --quiet -m "baselines"
PYTHONPATH=. "$py2" "$here/calendar_runs.py" old
export GIT_AUTHOR_DATE=2026-11-02T09:00:00Z GIT_COMMITTER_DATE=2026-11-02T09:00:00Z
git add train.py predict.py && git commit --quiet -m "train with gradient boosting and the weather"
PYTHONPATH=. "$py3" "$here/calendar_runs.py" new
"$py3" predict.py
PATH=$VENVS/demo/bin:$PATH "$py3" "$here/notebook.py"
n=0
for events in runs/*/events.out.tfevents.*; do
	mv "$events" "$(dirname "$events")/events.out.tfevents.17634579$n.trainer.0"
	n=$((n + 1))
done
"$py3" -c 'import sqlite3; sqlite3.connect("mlflow.db").execute("VACUUM")'
"$py3" "$here/live_curve.py" xgb-deep-7 >"$out/live.jsonl"
rm -rf .git
mkdir -p "$out/testdata"
MLFLOW_ALLOW_FILE_STORE=true "$py3" "$dump" --brief "sqlite:///$project/mlflow.db" \
	>"$out/testdata/mlflow.want.json"
"$py2" "$dump" --brief "file://$project/old/mlruns" >"$out/testdata/old.want.json"
"$py3" "$here/pack.py" "$project" "$out/demo.tar.zst"
