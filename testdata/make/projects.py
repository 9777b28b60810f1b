"""Write testdata/projects/mixed: a repository that nobody prepared.

    python projects.py FORMATS OUT

An MLflow folder, event files, CSVs and a metrics.jsonl side by side, as copied from the
fixtures of the formats, with what a reader must leave alone: node_modules, .venv, .git-like
folders and what .gitignore names. Decoys hold files that would be runs and tables elsewhere.
"""

import json
import pathlib
import shutil
import sys

IGNORE = "node_modules/\n.venv/\n__pycache__/\nscratch/\n*.tmp\n"
PYPROJECT = '[project]\nname = "late"\nversion = "0.1.0"\n'
TRAIN = '"""Train; see README.md."""\n\nprint("training")\n'


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def jsonl(path, losses):
    lines = (json.dumps({"step": i, "loss": v}) for i, v in enumerate(losses))
    write(path, "\n".join(lines) + "\n")


def decoys(out):
    """Everything here is a fault when it appears on a screen."""
    for folder in ("node_modules/chart", ".venv/lib/python3.11/site-packages/sklearn/datasets",
                   "scratch/old"):
        write(out / folder / "decoy.csv", "a,b\n1,2\n")
        jsonl(out / folder / "metrics.jsonl", [9.0, 8.0])
        write(out / folder / "mlruns/1/meta.yaml", "experiment_id: '1'\nname: decoy\n")
    write(out / ".venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11.7\n")
    write(out / "node_modules/chart/package.json", '{"name": "chart", "version": "1.0.0"}\n')
    write(out / "src/__pycache__/decoy.csv", "a,b\n1,2\n")
    write(out / "data/half-written.csv.tmp", "a,b\n1,2\n3,")


def main():
    formats, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]) / "mixed"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    write(out / "README.md", "# late\n\nRuns in mlruns and runs/, tables in data/.\n")
    write(out / ".gitignore", IGNORE)
    write(out / "pyproject.toml", PYPROJECT)
    write(out / "src/train.py", TRAIN)
    write(out / "config/model.yaml", "model:\n  depth: 5\n  eta: 0.1\n")
    write(out / "package.json", '{"name": "late", "private": true}\n')
    shutil.copytree(formats / "mlflowfs/v2/mlruns", out / "mlruns")
    for name in ("tensorboardx/exp", "tensorflow/fit"):
        shutil.copytree(formats / "tfevents" / name, out / "runs" / pathlib.Path(name).name)
    shutil.copytree(formats / "metricsfile/lightning/lightning_logs", out / "lightning_logs")
    shutil.copy(formats / "table/iris.csv", out / "iris.csv")
    for name in ("weather.csv", "flights.csv.zst", "types_snappy.parquet"):
        (out / "data").mkdir(exist_ok=True)
        shutil.copy(formats / "table" / name, out / "data" / name)
    jsonl(out / "outputs/first/metrics.jsonl", [2.0**-i for i in range(12)])
    jsonl(out / "outputs/second/metrics.jsonl", [3.0**-i for i in range(12)])
    decoys(out)


if __name__ == "__main__":
    main()
