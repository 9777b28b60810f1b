"""Age a FileStore written by MLflow 1.x by a few years.

    python mlflow_old_traps.py mlruns

Clients before 0.9 wrote two fields a metric line (no step), the next ones no run_name in
meta.yaml and the experiment id as a bare number. Real stores of that age are still read
by every later MLflow, so want.json is printed by the real client after this edit.
"""

import pathlib
import re
import sys


def drop_steps(path):
    """Keep `timestamp value` of every line."""
    lines = path.read_text().splitlines()
    path.write_text("".join(" ".join(line.split(" ")[:2]) + "\n" for line in lines))


def age_meta(path):
    """Take run_name away and the quotes off the experiment id."""
    text = path.read_text()
    text = re.sub(r"^run_name:.*\n", "", text, flags=re.M)
    text = re.sub(r"^experiment_id: '(\d+)'$", r"experiment_id: \1", text, flags=re.M)
    path.write_text(text)


def main():
    root = pathlib.Path(sys.argv[1])
    runs = sorted(meta.parent for meta in root.glob("[0-9]*/*/meta.yaml")
                  if (meta.parent / "metrics").is_dir())
    if not runs:
        sys.exit(f"no run under {root}")
    for run in runs:
        age_meta(run / "meta.yaml")
        for name in ("auc", "best auc"):
            path = run / "metrics" / name
            if path.exists():
                drop_steps(path)
    for meta in root.glob("[0-9]*/meta.yaml"):
        age_meta(meta)


if __name__ == "__main__":
    main()
