#!/usr/bin/env bash
# Real clients write while pace looks: `make interop`, with the binary in $PACE.
# SECONDS_EACH (60) is how long each training job writes; 300 is the acceptance run.
# VENVS keeps the environments between runs; PYTHON names a Python 3.11.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
: "${PACE:?the pace binary}"
length=${SECONDS_EACH:-60}
rate=${RATE:-100}
screen_rate=${SCREEN_RATE:-20}
python=${PYTHON:-python3.11}
work=$(mktemp -d)
export VENVS=${VENVS:-$work/venvs}
export MLFLOW_ALLOW_FILE_STORE=true GIT_PYTHON_REFRESH=quiet MLFLOW_DISABLE_TELEMETRY=true
export XDG_CACHE_HOME=$work/cache # an index of our own
writer=
trap '[ -z "$writer" ] || kill "$writer" 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir -p "$VENVS" "$XDG_CACHE_HOME"

venv() {
	[ -x "$VENVS/$1/bin/python" ] && return
	echo "environment $1"
	"$python" -m venv "$VENVS/$1"
	"$VENVS/$1/bin/pip" install --quiet --no-deps --requirement "$here/../requirements/$1.txt"
}

compare() { "$python" "$here/compare.py" "$1" "$PACE" "$2" "$3"; }

# job NAME URI: a training job, looked at each second, then compared point by point.
job() {
	local project=$work/$1
	echo "== $1: $rate points a second for $length s"
	{
		"$VENVS/mlflow3/bin/python" "$here/mlflow_writer.py" "$2" "$work/$1.jsonl" \
			--rate "$rate" --seconds "$length" >"$work/$1.summary" && failed=0 || failed=$?
		echo "$failed" >"$work/$1.exit"
		exit "$failed"
	} &
	writer=$!
	while [ ! -s "$work/$1.jsonl" ] && [ ! -e "$work/$1.exit" ]; do sleep 0.5; done
	compare poll "$project" "$work/$1.exit"
	wait "$writer" # fails here when pace hurt the job
	writer=
	cat "$work/$1.summary"
	compare points "$project" "$work/$1.jsonl"
	"$VENVS/mlflow3/bin/python" "$here/mlflow_dump.py" "$2" >"$work/$1.want.json"
	compare mlflow "$project" "$work/$1.want.json"
}

# on_screen NAME URI BUDGET_MS: pace is open in tmux on the run while a job logs point by point.
on_screen() {
	local project=$work/$1
	echo "== $1: a point a call for $length s, pace open on a screen"
	mkdir "$project"
	{
		"$VENVS/mlflow3/bin/python" "$here/mlflow_writer.py" "$2" "$work/$1.jsonl" --runs 1 --batch 1 \
			--rate "$screen_rate" --seconds "$length" >"$work/$1.summary" && failed=0 || failed=$?
		echo "$failed" >"$work/$1.exit"
		exit "$failed"
	} &
	writer=$!
	"$python" "$here/screen.py" "$PACE" "$project" "$work/$1.jsonl" "$work/$1.exit" "$3"
	wait "$writer"
	writer=
	cat "$work/$1.summary"
	compare points "$project" "$work/$1.jsonl"
}

venv mlflow3
venv tensorboard
mkdir "$work/files" "$work/database" "$work/events"
job files "file://$work/files/mlruns"
job database "sqlite:///$work/database/mlflow.db"
if command -v tmux >/dev/null; then
	on_screen screen-files "file://$work/screen-files/mlruns" 250
	on_screen screen-database "sqlite:///$work/screen-database/mlflow.db" 1000
else
	echo "no tmux: nothing is looked at on a screen"
fi

echo "== event files"
"$VENVS/tensorboard/bin/python" "$here/../tfevents.py" "$work/events" 2>"$work/events.log"
find "$work/events" -name want.json -delete
"$VENVS/tensorboard/bin/python" "$here/tb_dump.py" "$work/events" >"$work/events.want.json"
compare tfevents "$work/events" "$work/events.want.json"
echo "all equal"
