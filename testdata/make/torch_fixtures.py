"""Write the fixtures that need PyTorch, with Debian's python3-torch.

    python torch_fixtures.py tfevents|csv FORMATS

tfevents: torch.utils.tensorboard, with the sub-run of add_hparams; tfevents.py prints its
want.json. csv: Lightning's CSVLogger; metricsfile.py prints the want.json.
"""

import math
import pathlib
import shutil
import sys
import warnings

warnings.filterwarnings("ignore")

WALL = 1_700_000_000.25


def write_tfevents(folder):
    """What a training loop in PyTorch leaves behind."""
    from torch.utils.tensorboard import SummaryWriter

    shutil.rmtree(folder, ignore_errors=True)
    with SummaryWriter(str(folder)) as writer:
        for step in range(30):
            writer.add_scalar("Loss/train", 2 * math.exp(-step / 9), step, walltime=WALL + step)
            writer.add_scalar("Accuracy", step / 30, step, walltime=WALL + step)
        writer.add_hparams({"lr": 0.1, "depth": 3}, {"hparam/accuracy": 0.9}, run_name="hp")
    for number, path in enumerate(sorted(folder.rglob("events.out.tfevents.*"))):
        path.rename(path.with_name(f"events.out.tfevents.17000000{number:02d}.trainer.{number}"))


def write_csv(folder):
    """Sparse rows, and a key that comes late: Lightning rewrites the file's header."""
    from lightning_fabric.loggers.csv_logs import CSVLogger

    shutil.rmtree(folder, ignore_errors=True)
    logger = CSVLogger(root_dir=str(folder), name="lightning_logs", flush_logs_every_n_steps=5)
    for step in range(0, 40, 2):
        logger.log_metrics({"epoch": step // 10, "train_loss": 2 * math.exp(-step / 9)}, step)
        if step % 10 == 8:
            logger.log_metrics({"epoch": step // 10, "val_loss": 2.5 * math.exp(-step / 9)}, step)
    logger.log_metrics({"test_accuracy": 0.875, "test_loss": float("nan")}, 40)
    logger.save()


def main():
    kind, formats = sys.argv[1], pathlib.Path(sys.argv[2])
    if kind == "tfevents":
        write_tfevents(formats / "tfevents" / "torch")
    else:
        write_csv(formats / "metricsfile" / "lightning")


if __name__ == "__main__":
    main()
