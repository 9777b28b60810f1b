"""Write testdata/formats/metricsfile: training logs in plain CSV, JSONL and JSON.

    python metricsfile.py OUT

Each folder holds one metrics file and its want.json: `series` maps a key to
`[step or null, value]` in file order, computed with pandas or json. The step is the first
of the columns step, iteration, epoch; a clock (time, timestamp) is no series; nested keys
join with "/". OUT/lightning was written by torch_fixtures.py and only gets its want.json.
"""

import csv
import json
import math
import pathlib
import shutil
import sys

import numpy as np
import pandas as pd

NAN, INF = float("nan"), float("inf")
STEPS = ("step", "iteration", "epoch")
CLOCKS = ("time", "timestamp")


def spell(value):
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def save_want(folder, series):
    with open(folder / "want.json", "w") as file:
        json.dump({"series": series}, file, indent=1, sort_keys=True, allow_nan=False)
        file.write("\n")


def want_csv(path):
    """The series of a CSV file. A cell that spells NaN is a point, an empty one is none."""
    cells = pd.read_csv(path, dtype=str, keep_default_na=False, skipinitialspace=True)
    cells.columns = [name.strip() for name in cells.columns]
    step = next(name for name in STEPS if name in cells.columns)
    series = {}
    for key in cells.columns:
        if key == step or key in CLOCKS:
            continue
        kept = [(int(s), spell(v)) for s, v in zip(cells[step], cells[key], strict=True)
                if v.strip() not in ("", "NA")]
        if kept:
            series[key] = kept
    return series


def flatten(value, prefix=""):
    """The numbers of a JSON object; strings, lists, nulls and booleans are no metrics."""
    for key, item in value.items():
        if isinstance(item, dict):
            yield from flatten(item, f"{prefix}{key}/")
        elif isinstance(item, (int, float)) and not isinstance(item, bool):
            yield prefix + key, item


def want_json(records):
    series = {}
    for record in records:
        counter = next((name for name in STEPS if name in record), None)
        for key, value in flatten(record):
            if key != counter and key not in CLOCKS:
                series.setdefault(key, []).append([record.get(counter), spell(value)])
    return series


def keras(folder):
    """tf.keras.callbacks.CSVLogger: epoch first, the rest sorted, NA where a log is absent."""
    keys = ["accuracy", "loss", "lr", "val_accuracy", "val_loss"]
    with open(folder / "training.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, ["epoch", *keys], lineterminator="\n")
        writer.writeheader()
        for epoch in range(12):
            row = {"epoch": epoch, "accuracy": 1 - 1 / (epoch + 2), "lr": 0.1,
                   "loss": np.float32(2 * math.exp(-epoch / 4))}
            for key in ("val_accuracy", "val_loss"):
                row[key] = row[key[4:]] * 1.1 if epoch % 3 == 2 else "NA"
            writer.writerow(row)
    return want_csv(folder / "training.csv")


def keras_resumed(folder):
    """CSVLogger(append=True) after a restart: the epoch begins again."""
    with open(folder / "training.csv", "w") as file:
        file.write("epoch,loss\n")
        for start in (0, 3):
            file.writelines(f"{epoch},{1 / (epoch + 1 + start)}\n" for epoch in range(start, 8))
    return want_csv(folder / "training.csv")


def by_pandas(folder):
    """DataFrame.to_csv with every float a double can be."""
    frame = pd.DataFrame({
        "iteration": range(8),
        "train/loss": [1.0, 0.1 + 0.2, 1e-05, 5e-324, 1.7976931348623157e308, NAN, INF, -INF],
        "valid auc": [0.5, None, 0.625, None, 0.75, None, 0.8123456789012345, None],
        "time": pd.date_range("2024-01-01", periods=8, freq="min"),
    })
    frame.to_csv(folder / "metrics.csv", index=False)
    return want_csv(folder / "metrics.csv")


def padded(folder):
    """Ultralytics' results.csv: names and numbers padded with spaces."""
    names = ["epoch", "train/box_loss", "metrics/mAP50(B)", "lr/pg0"]
    with open(folder / "results.csv", "w") as file:
        file.write(",".join(f"{name:>23}" for name in names) + "\n")
        for epoch in range(1, 7):
            row = [epoch, 2.5 / epoch, 1 - 1 / (epoch + 1), 0.01 * (1 - epoch / 10)]
            file.write(",".join(f"{value:>23.5g}" for value in row) + "\n")
    return want_csv(folder / "results.csv")


def dump_lines(path, records):
    with open(path, "w") as file:
        file.writelines(json.dumps(record) + "\n" for record in records)
    return want_json([json.loads(line) for line in path.read_text().splitlines()])


def jsonl(folder):
    """One object a line, NaN and Infinity bare as Python writes them."""
    records = [{"step": s, "time": 1.7e9 + s, "loss": 1 / (s + 1), "lr": 0.1 * 0.9**s}
               for s in range(10)]
    records[3]["loss"], records[4]["loss"], records[5]["loss"] = NAN, INF, -INF
    records[6]["val"] = {"loss": 0.3, "auc": {"macro": 0.8}}
    records[7].update(note="a string", flags=[1, 2], best=True, nothing=None)
    records.append({"step": 4, "loss": 0.15})
    return dump_lines(folder / "metrics.jsonl", records)


def jsonl_without_step(folder):
    """Nothing counts the lines."""
    return dump_lines(folder / "log.jsonl", [{"loss": 2.0**-i, "acc": i / 8} for i in range(6)])


def dvclive(folder):
    """DVCLive's metrics.json: the latest values only, nested by the "/" of their names."""
    record = {"train": {"loss": 0.25, "acc": 0.9}, "eval": {"loss": 0.5}, "step": 19}
    (folder / "metrics.json").write_text(json.dumps(record, indent=4))
    return want_json([record])


def results(folder):
    """A dictionary that an evaluation script leaves behind."""
    record = {"eval_loss": 0.5, "eval_f1": NAN, "samples": 872, "model": "bert-base"}
    (folder / "metrics.json").write_text(json.dumps(record, indent=4))
    return want_json([record])


def main():
    out = pathlib.Path(sys.argv[1])
    for name, make in (("keras", keras), ("keras-resumed", keras_resumed), ("pandas", by_pandas),
                       ("padded", padded), ("jsonl", jsonl),
                       ("jsonl-no-step", jsonl_without_step), ("dvclive", dvclive),
                       ("json-no-step", results)):
        folder = out / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        save_want(folder, make(folder))
    for path in (out / "lightning").rglob("metrics.csv"):
        save_want(out / "lightning", want_csv(path))


if __name__ == "__main__":
    main()
