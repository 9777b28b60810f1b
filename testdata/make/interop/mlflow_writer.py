"""A training job: log N points a second for S seconds with the real client.

    python mlflow_writer.py URI OUT.jsonl [--rate 100] [--seconds 300] [--runs 2] [--batch 10]

Each point that the client accepted is a line of OUT (run_id, key, step, timestamp, value, and
asked and done: Unix seconds at the begin and the end of the call that logged it).
The job fails, exit 1, when a call errors or takes longer than --patience seconds (5): a
workbench that only looks must never do that to it. The last line printed is a JSON summary.
"""

import argparse
import json
import logging
import math
import os
import sys
import time
import warnings

os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
warnings.filterwarnings("ignore")

from mlflow.entities import Metric  # noqa: E402  (the variable above must be set first)
from mlflow.tracking import MlflowClient  # noqa: E402

KEYS = ("loss", "val/loss", "auc")
ODD = {97: float("nan"), 193: float("inf"), 389: float("-inf")}


class Clock:
    """Times each call of the client and gives up on a slow one."""

    def __init__(self, patience):
        self.patience, self.longest, self.calls = patience, 0.0, 0

    def call(self, function, *args, **kwargs):
        begun = time.monotonic()
        result = function(*args, **kwargs)
        took = time.monotonic() - begun
        self.longest, self.calls = max(self.longest, took), self.calls + 1
        if took > self.patience:
            raise TimeoutError(f"{function.__name__} took {took:.1f} s")
        return result


def spell(value):
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def points(number, count):
    """The next points of a run; steps repeat and values are awkward now and then."""
    now = int(time.time() * 1000)
    for i in range(number, number + count):
        value = ODD.get(i % 400, math.exp(-i / 1000) + 0.1 * math.sin(i))
        yield Metric(KEYS[i % len(KEYS)], value, now, i // len(KEYS))


def open_runs(client, clock, count):
    experiment = clock.call(client.create_experiment, f"interop {os.getpid()} {time.time():.0f}")
    runs = []
    for number in range(count):
        run = clock.call(client.create_run, experiment, run_name=f"writer-{number}")
        clock.call(client.log_param, run.info.run_id, "rate", "as fast as said")
        runs.append(run.info.run_id)
    return runs


def write(client, clock, options, out):
    runs = open_runs(client, clock, options.runs)
    counts = dict.fromkeys(runs, 0)
    begun, turn = time.monotonic(), 0
    while (elapsed := time.monotonic() - begun) < options.seconds:
        due = turn * options.batch / options.rate
        if due > elapsed:
            time.sleep(due - elapsed)
        run = runs[turn % len(runs)]
        batch, asked = list(points(counts[run], options.batch)), time.time()
        clock.call(client.log_batch, run, metrics=batch)
        done = time.time()
        for m in batch:
            out.write(json.dumps({"run_id": run, "key": m.key, "step": m.step,
                                  "timestamp": m.timestamp, "value": spell(m.value),
                                  "asked": asked, "done": done}) + "\n")
        out.flush()
        counts[run] += options.batch
        turn += 1
    for run in runs:
        clock.call(client.set_terminated, run)
    return sum(counts.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("uri")
    parser.add_argument("out")
    parser.add_argument("--rate", type=float, default=100, help="points a second")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--batch", type=int, default=10, help="points a call; autologging's is 10")
    parser.add_argument("--patience", type=float, default=5, help="seconds a call may take")
    options = parser.parse_args()
    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    clock = Clock(options.patience)
    client = MlflowClient(tracking_uri=options.uri)
    with open(options.out, "w") as out:
        try:
            total = write(client, clock, options, out)
        except Exception as err:
            print(f"the training job was hurt: {type(err).__name__}: {err}", file=sys.stderr)
            sys.exit(1)
    print(json.dumps({"points": total, "calls": clock.calls,
                      "longest_call_ms": round(clock.longest * 1000, 1)}))


if __name__ == "__main__":
    main()
