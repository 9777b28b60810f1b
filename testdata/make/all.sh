#!/usr/bin/env bash
# Make every fixture again with the real tools: `make fixtures`, or all.sh [PART..] with parts
# mlflow, tfevents, metrics, table,
# associations, demo, projects. README.md says what each one writes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export FORMATS=$root/testdata/formats
export PROJECT=${PROJECT:-/srv/ml/project} # ends up inside the stores: keep it neutral
export VENVS=${VENVS:-$(mktemp -d)}
python=${PYTHON:-python3.11}
[ $# -gt 0 ] || set -- mlflow tfevents metrics table associations demo projects

# venv NAME: an environment with exactly requirements/NAME.txt, made once.
venv() {
	[ -x "$VENVS/$1/bin/python" ] && return
	echo "environment $1"
	"$python" -m venv "$VENVS/$1"
	"$VENVS/$1/bin/pip" install --quiet --no-deps --requirement "$here/requirements/$1.txt"
}

# torch: Debian's PyTorch seen through an environment; no such package, no such fixtures.
torch() {
	if ! /usr/bin/python3 -c 'import torch' 2>/dev/null; then
		echo "no PyTorch (apt install python3-torch): its fixtures stay as they are"
		return 1
	fi
	[ -x "$VENVS/torch/bin/python" ] && return
	/usr/bin/python3 -m venv --system-site-packages "$VENVS/torch"
	"$VENVS/torch/bin/pip" install --quiet --no-deps --requirement "$here/requirements/torch.txt"
}

for part in "$@"; do
	case $part in
	mlflow)
		venv mlflow1 && venv mlflow2 && venv mlflow3
		"$here/mlflow_fixtures.sh"
		;;
	tfevents)
		venv tensorboard
		if torch; then "$VENVS/torch/bin/python" "$here/torch_fixtures.py" tfevents "$FORMATS"; fi
		"$VENVS/tensorboard/bin/python" "$here/tfevents.py" "$FORMATS/tfevents"
		;;
	metrics)
		venv data
		if torch; then "$VENVS/torch/bin/python" "$here/torch_fixtures.py" csv "$FORMATS"; fi
		"$VENVS/data/bin/python" "$here/metricsfile.py" "$FORMATS/metricsfile"
		;;
	table)
		venv data
		"$VENVS/data/bin/python" "$here/table.py" "$FORMATS/table"
		;;
	associations)
		venv associations
		"$VENVS/associations/bin/python" "$here/associations.py" "$FORMATS/table" "$root/engine/stats/testdata" "$root/engine/profile/testdata"
		;;
	demo)
		venv mlflow2 && venv demo
		"$here/demo.sh" "$root/cmd/pace/demo"
		;;
	projects)
		venv data
		"$VENVS/data/bin/python" "$here/projects.py" "$FORMATS" "$root/testdata/projects"
		;;
	*)
		echo "unknown part $part" >&2
		exit 2
		;;
	esac
done
