"""Write a large FileStore quickly, in the exact layout of MLflow, for the bench.

    python mlflow_bulk.py MLRUNS [--runs 1000] [--metrics 30] [--points 200] [--params 30]
                                 [--tags 8] [--check N]

1,000 runs of the default size are 69,000 files. Only the standard library is needed;
--check N reads N of the runs back through MLflow's client and compares every value.
"""

import argparse
import math
import os
import pathlib
import random
import sys

EXPERIMENT = "100000000000000001"
USER = "ana"
BASE_MS = 1_700_000_000_000
ARTIFACTS = "file:///srv/ml/bench/mlruns"
TAGS = ("mlflow.user", "mlflow.source.name", "mlflow.source.type", "mlflow.runName")
META = """artifact_uri: {artifacts}/{experiment}/{run}/artifacts
end_time: {end}
entry_point_name: ''
experiment_id: '{experiment}'
lifecycle_stage: active
run_id: {run}
run_name: {name}
run_uuid: {run}
source_name: ''
source_type: 4
source_version: ''
start_time: {start}
status: 3
tags: []
user_id: {user}
"""
EXPERIMENT_META = """artifact_location: {artifacts}/{experiment}
creation_time: {time}
experiment_id: '{experiment}'
last_update_time: {time}
lifecycle_stage: active
name: bench
"""


def value(run, metric, step):
    """A curve that falls, differently for each run and metric."""
    return (1 + metric) * math.exp(-step / (20 + run % 60)) + 0.01 * math.sin(step * metric + run)


def metric_lines(run, metric, points):
    start = BASE_MS + run * 60_000
    return "".join(f"{start + step * 250} {value(run, metric, step)!r} {step}\n"
                   for step in range(points))


def put(path, text):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def write_run(folder, number, run_id, options):
    for name in ("params", "metrics", "tags", "artifacts"):
        os.makedirs(folder / name)
    start, name = BASE_MS + number * 60_000, f"bench-{number:04d}"
    put(folder / "meta.yaml", META.format(
        artifacts=ARTIFACTS, experiment=EXPERIMENT, run=run_id, name=name, user=USER,
        start=start, end=start + options.points * 250))
    for i in range(options.metrics):
        put(folder / "metrics" / f"metric_{i:02d}", metric_lines(number, i, options.points))
    for i in range(options.params):
        put(folder / "params" / f"param_{i:02d}", str((number * 31 + i * 7) % 97 / 10))
    known = dict(zip(TAGS, (USER, "train.py", "LOCAL", name), strict=True))
    known.update((f"tag_{i}", f"group {number % 10}") for i in range(max(0, options.tags - 4)))
    for key, text in list(known.items())[: options.tags]:
        put(folder / "tags" / key, text)


def write(root, options):
    ids = random.Random(69)
    experiment = root / EXPERIMENT
    os.makedirs(experiment)
    put(experiment / "meta.yaml", EXPERIMENT_META.format(
        artifacts=ARTIFACTS, experiment=EXPERIMENT, time=BASE_MS))
    os.makedirs(root / ".trash")
    runs = [f"{ids.getrandbits(128):032x}" for _ in range(options.runs)]
    for number, run_id in enumerate(runs):
        write_run(experiment / run_id, number, run_id, options)
    return runs


def check(root, runs, options):
    """Read runs back through the client; whatever differs ends the script."""
    os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=root.resolve().as_uri())
    for number in random.Random(1).sample(range(len(runs)), options.check):
        run = client.get_run(runs[number])
        sizes = (len(run.data.metrics), len(run.data.params), len(run.data.tags))
        if sizes != (options.metrics, options.params, options.tags):
            sys.exit(f"run {runs[number]}: the client sees {sizes} metrics, params and tags")
        for i in range(options.metrics):
            history = client.get_metric_history(runs[number], f"metric_{i:02d}")
            got = [(m.step, m.value) for m in history]
            if got != [(step, value(number, i, step)) for step in range(options.points)]:
                sys.exit(f"run {runs[number]}: metric_{i:02d} differs")
    print(f"MLflow's client reads {options.check} of the runs as they were written")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("root", type=pathlib.Path)
    for name, default in (("runs", 1000), ("metrics", 30), ("points", 200), ("params", 30),
                          ("tags", 8), ("check", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    runs = write(options.root, options)
    files = options.runs * (1 + options.metrics + options.params + options.tags)
    print(f"{len(runs)} runs, {files + 1} files, "
          f"{options.runs * options.metrics * options.points} points")
    if options.check:
        check(options.root, runs, options)


if __name__ == "__main__":
    main()
