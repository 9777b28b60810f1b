"""Write testdata/formats/tfevents with the real writers.

    python tfevents.py OUT

tensorboardX (simple_value) and TensorFlow 2 (tensor-style scalars with plugin metadata);
torch_fixtures.py adds PyTorch's. Beside each folder want.json: what
TensorBoard's EventAccumulator reads, nothing sampled away, orphaned steps kept.
"""

import json
import math
import os
import pathlib
import shutil
import socket
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import numpy as np  # noqa: E402  (the variables above must be set first)
import tensorflow as tf  # noqa: E402
from tensorboard.backend.event_processing import event_accumulator  # noqa: E402
from tensorboard.util import tensor_util  # noqa: E402
from tensorboardX import SummaryWriter  # noqa: E402

NAN, INF = float("nan"), float("inf")
WALL = 1_700_000_000.25
HOST = "trainer"  # part of every file's name


def curve(step):
    return 2.0 * math.exp(-step / 20.0) + 0.1 * math.sin(step)


def rename(folder):
    """Names of our own: the writers put the clock, the host and the process in them."""
    for number, path in enumerate(sorted(folder.rglob("events.out.tfevents.*"))):
        path.rename(path.with_name(f"events.out.tfevents.17000000{number:02d}.{HOST}.{number}"))


def by_tensorboardx(folder):
    """Scalars as simple_value, one text and one histogram that are no scalars."""
    with SummaryWriter(str(folder / "exp")) as writer:
        for step in range(50):
            writer.add_scalar("loss/train", curve(step), step, walltime=WALL + step)
            if step % 10 == 0:
                writer.add_scalar("lr", 0.1 * 0.5 ** (step // 10), step, walltime=WALL + step)
        writer.add_text("notes", "the *first* try", 0, walltime=WALL)
        writer.add_histogram("weights", np.linspace(-1, 1, 100), 0, walltime=WALL)


def by_tensorflow(folder):
    """Keras' layout: train/ and validation/, tensor summaries, a text and a histogram."""
    for split, lift in (("train", 0.0), ("validation", 0.25)):
        with tf.summary.create_file_writer(str(folder / "fit" / split)).as_default():
            for step in range(20):
                tf.summary.scalar("epoch_loss", curve(step) + lift, step=step)
                tf.summary.scalar("epoch_accuracy", 1 - 1 / (step + 2) - lift / 4, step=step,
                                  description="share of right answers")
            if split == "train":
                tf.summary.text("hyperparameters", "lr=0.1", step=0)
                tf.summary.histogram("dense/kernel", tf.linspace(-1.0, 1.0, 64), step=0)


def by_two_files(folder):
    """One folder, two files: a run that was stopped and taken up again, step going on."""
    for part, suffix in enumerate((".first", ".second")):
        with SummaryWriter(str(folder), filename_suffix=suffix) as writer:
            for step in range(part * 10, part * 10 + 10):
                writer.add_scalar("loss", curve(step), step, walltime=WALL + 100 * part + step)


def by_restart(folder):
    """A restart from a checkpoint: the second file goes back to step 6."""
    for part, (suffix, start) in enumerate(((".first", 0), (".second", 6))):
        with SummaryWriter(str(folder), filename_suffix=suffix) as writer:
            for step in range(start, start + 10):
                writer.add_scalar("loss", curve(step) - part, step,
                                  walltime=WALL + 100 * part + step)


def by_odd_values(folder):
    """What a float32 may hold, negative steps and large ones, a tag with spaces."""
    values = [0.1, NAN, INF, -INF, 0.0, -0.0, 3.4028234663852886e38, 1e-45, 16777217.0]
    with SummaryWriter(str(folder)) as writer:
        for step, value in enumerate(values):
            writer.add_scalar("odd", value, step, walltime=WALL + step)
        for step in (-3, -1, 0, 2**31, 2**40):
            writer.add_scalar("a tag with spaces/and more", 1.0, step, walltime=WALL)
        for value in (1.0, 2.0, 3.0):
            writer.add_scalar("repeated", value, 7, walltime=WALL + value)


def spell(value):
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def read_run(folder):
    """Every scalar of one directory, as EventAccumulator gives it."""
    accumulator = event_accumulator.EventAccumulator(
        str(folder), purge_orphaned_data=False,
        size_guidance={kind: 0 for kind in event_accumulator.DEFAULT_SIZE_GUIDANCE})
    accumulator.Reload()
    tags, series, other = accumulator.Tags(), {}, []
    for tag in tags["scalars"]:
        series[tag] = [[e.step, e.wall_time, spell(e.value)] for e in accumulator.Scalars(tag)]
    for tag in tags["tensors"]:
        plugin = accumulator.SummaryMetadata(tag).plugin_data.plugin_name
        if plugin != "scalars":
            other.append(tag)
            continue
        series[tag] = [[e.step, e.wall_time,
                        spell(float(tensor_util.make_ndarray(e.tensor_proto).item()))]
                       for e in accumulator.Tensors(tag)]
    other += [t for kind in ("histograms", "images", "audio") for t in tags[kind]]
    return series, sorted(other)


def want(folder):
    """The folder's runs, by directory, the root as "."."""
    import tensorboard

    runs, skipped = {}, {}
    dirs = sorted({path.parent for path in folder.rglob("events.out.tfevents.*")})
    for directory in dirs:
        name = directory.relative_to(folder).as_posix()
        runs[name], other = read_run(directory)
        if other:
            skipped[name] = other
    return {"tool": f"tensorboard {tensorboard.__version__}", "runs": runs, "skipped": skipped}


def write_want(folder):
    with open(folder / "want.json", "w") as file:
        json.dump(want(folder), file, indent=1, sort_keys=True, allow_nan=False)
        file.write("\n")


def write(out, name, make):
    folder = out / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    make(folder)
    rename(folder)
    write_want(folder)


def main():
    socket.gethostname = lambda: HOST
    out = pathlib.Path(sys.argv[1])
    for name, make in (("tensorboardx", by_tensorboardx), ("tensorflow", by_tensorflow),
                       ("two-files", by_two_files), ("restart", by_restart),
                       ("odd-values", by_odd_values)):
        write(out, name, make)
    if (out / "torch").is_dir():
        write_want(out / "torch")


if __name__ == "__main__":
    main()
