"""Compare what pace shows with what a tool's own reader said. Standard library only.

    python compare.py poll PACE PROJECT EXIT_FILE       watch until the job says how it ended
    python compare.py points PACE PROJECT OUT.jsonl       each point that mlflow_writer.py logged
    python compare.py mlflow PACE PROJECT WANT.json       the form of mlflow_dump.py
    python compare.py tfevents PACE PROJECT WANT.json      the form of tb_dump.py

Exit 0 when everything is equal, else 1 after the first differences.
"""

import collections
import datetime
import json
import math
import os
import subprocess
import sys
import time

DBL_MAX = sys.float_info.max
SHOWN = 10  # differences printed before giving up


def pace(binary, project, *words):
    """One headless command; its JSON."""
    done = subprocess.run([binary, *words, "--format", "json"], cwd=project, timeout=120,
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"pace {' '.join(words)}: exit {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def number(value):
    """A figure of either side as something that compares: a database keeps inf as DBL_MAX."""
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if abs(value) >= DBL_MAX:
        return "Infinity" if value > 0 else "-Infinity"
    return value


def milliseconds(stamp):
    if not stamp:
        return None
    at = datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    return round(at.timestamp() * 1000)


def shown_series(run):
    """key: [(step, ms, value)] of `pace show`."""
    return {key: [(p["step"], milliseconds(p["time"]), number(p["value"])) for p in points]
            for key, points in run["series"].items()}


class Differences:
    def __init__(self):
        self.found = 0

    def add(self, text):
        self.found += 1
        if self.found <= SHOWN:
            print("  differs:", text)

    def equal(self, what, got, want):
        if got != want:
            self.add(f"{what}: pace {str(got)[:200]}, tool {str(want)[:200]}")

    def points(self, what, got, want):
        """The same points, each as often, whatever their order."""
        got, want = collections.Counter(got), collections.Counter(want)
        for point, n in (want - got).items():
            self.add(f"{what}: {n} x {point} missing")
        for point, n in (got - want).items():
            self.add(f"{what}: {n} x {point} too many")

    def end(self, summary):
        print(f"{summary}: {self.found} differences")
        sys.exit(1 if self.found else 0)


def poll(binary, project, exit_file):
    """While the job lives: counts only grow, and no look takes the rest down."""
    seen, looks, worst = {}, 0, 0.0
    while not os.path.exists(exit_file):
        begun = time.monotonic()
        for run in pace(binary, project, "runs")["runs"]:
            count = sum(metric["points"] for metric in run["metrics"].values())
            if count < seen.get(run["id"], 0):
                sys.exit(f"run {run['name']} went from {seen[run['id']]} to {count} points")
            seen[run["id"]] = count
        worst = max(worst, time.monotonic() - begun)
        looks += 1
        time.sleep(max(0.0, 1 - (time.monotonic() - begun)))
    if not any(seen.values()):
        sys.exit("pace never showed a point while the job wrote")
    print(f"{looks} looks, {sum(seen.values())} points at the last, slowest {worst:.2f} s")


def points(binary, project, out):
    """Every point that the job logged, none missing, none twice."""
    wanted = collections.defaultdict(lambda: collections.defaultdict(list))
    with open(out) as lines:
        for line in map(json.loads, lines):
            point = (line["step"], line["timestamp"], number(line["value"]))
            wanted[line["run_id"]][line["key"]].append(point)
    differences, total = Differences(), 0
    for run_id, want in wanted.items():
        got = shown_series(pace(binary, project, "show", run_id))
        differences.equal(f"keys of {run_id}", sorted(got), sorted(want))
        for key, series in want.items():
            differences.points(f"{run_id} {key}", got.get(key, []), series)
            total += len(series)
    differences.end(f"{total} points of {len(wanted)} runs")


def mlflow(binary, project, path):
    """Every run of a dump: status, params, tags and each point."""
    with open(path) as file:
        want = json.load(file)
    differences, total = Differences(), 0
    for run in want["runs"]:
        got = pace(binary, project, "show", run["run_id"])
        what = f"{run['run_name']} {run['run_id'][:8]}"
        differences.equal(f"{what} name", got["name"], run["run_name"])
        differences.equal(f"{what} status", got["status"], run["status"].lower())
        differences.equal(f"{what} params", got["params"], run["params"])
        differences.equal(f"{what} tags", got["tags"], run["tags"])
        differences.equal(f"{what} started", milliseconds(got["started"]), run["start_time"])
        differences.equal(f"{what} ended", milliseconds(got["ended"]), run["end_time"])
        series = shown_series(got)
        differences.equal(f"{what} keys", sorted(series), sorted(run["metrics"]))
        for key, metric in run["metrics"].items():
            history = [(p["step"], p["timestamp"], number(p["value"])) for p in metric["history"]]
            differences.points(f"{what} {key}", series.get(key, []), history)
            total += len(history)
    differences.end(f"{len(want['runs'])} runs, {total} points by {want['tool']}")


def tfevents(binary, project, path):
    """Every run of a log directory: each step and value; float32 as TensorBoard widens it."""
    with open(path) as file:
        want = json.load(file)
    listed = {run["path"]: run for run in pace(binary, project, "runs")["runs"]}
    differences, total = Differences(), 0
    for folder, series in want["runs"].items():
        run = next((r for p, r in listed.items() if folder in (p, os.path.dirname(p) or ".")), None)
        if run is None:
            differences.add(f"run {folder} is not listed (there are {sorted(listed)[:5]})")
            continue
        got = shown_series(pace(binary, project, "show", run["id"]))
        differences.equal(f"keys of {folder}", sorted(got), sorted(series))
        for key, values in series.items():
            pairs = [(s, number(v)) for s, _, v in values]
            differences.points(f"{folder} {key}", [(s, v) for s, _, v in got.get(key, [])], pairs)
            total += len(pairs)
    differences.end(f"{len(want['runs'])} runs, {total} points by {want['tool']}")


def main():
    verbs = {"poll": poll, "points": points, "mlflow": mlflow, "tfevents": tfevents}
    if len(sys.argv) != 5 or sys.argv[1] not in verbs:
        sys.exit(__doc__)
    verbs[sys.argv[1]](*sys.argv[2:])


if __name__ == "__main__":
    main()
