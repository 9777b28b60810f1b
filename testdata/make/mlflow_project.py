"""Log one small, awkward project through the real MLflow client.

    cd /srv/ml/project && python train.py URI

all.sh copies this file to a neutral folder under that name, so that the paths, the user
and the source name in a store belong to nobody's machine. The same content is written by
MLflow 1.x, 2.x and 3.x; what a version cannot do is left out, never imitated.
"""

import os
import sys
import tempfile
import warnings

os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
warnings.filterwarnings("ignore")

import mlflow  # noqa: E402  (the variable above must be set first)
from mlflow.entities import Metric, Param, RunTag  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from mlflow.tracking import MlflowClient  # noqa: E402

NAN, INF = float("nan"), float("inf")
COMMIT = "3f2a1c5b7d9e0f1a2b3c4d5e6f708192a3b4c5d6"
BASE_MS = 1_700_000_000_000

# Every trap of a metric history: (value, timestamp offset in ms, step).
CURVES = {
    "loss": [(1.0, 0, 0), (0.5, 1000, 1), (0.25, 2000, 2), (0.1, 3000, 3)],
    "val/loss": [(1.5, 0, 0), (0.1 + 0.2, 1000, 1), (1e-05, 2000, 2)],
    "val/deep/er/auc": [(0.5, 0, 0), (0.8123456789012345, 1000, 1)],
    "not-a-number": [(NAN, 0, 0), (0.7, 1000, 1), (NAN, 2000, 2)],
    "infinite": [(INF, 0, 0), (-INF, 1000, 1), (1.7976931348623157e308, 2000, 2)],
    "negative steps": [(1.0, 0, -10), (2.0, 1000, -1), (3.0, 2000, 0)],
    "repeated": [(1.0, 0, 5), (2.0, 1000, 5), (2.0, 1000, 5), (0.5, 1000, 5)],
    "unordered": [(3.0, 3000, 3), (1.0, 1000, 1), (9.0, 500, 9), (2.0, 2000, 2)],
    "restarted": [(1.0, 0, 0), (0.8, 1, 1), (0.9, 5000, 0), (0.7, 5001, 1), (0.6, 5002, 2)],
    "huge": [(1e300, 0, 2**40), (-1e-300, 1, 2**40 + 1)],
    "final": [(42, 0, 0)],
}

PARAMS = {
    "learning_rate": "0.05",
    "optimizer/name": "adam",
    "optimizer/betas/first": "0.9",
    "layers": "[64, 32]",
    "command": "train \\\n  --epochs 3\n  --note 'two lines'",
    "empty": "",
    "unicode": "Größe ✓ 東京",
    "escape": "\x1b[31mred\x1b[0m",
    "spaces around": "  kept  ",
}

NOTE = "# A baseline\n\nBeats *nothing* yet, see `loss`.\n"


def attempt(what, call, *args, **kwargs):
    """Do what this MLflow can; say what it refused."""
    try:
        return call(*args, **kwargs)
    except (MlflowException, AttributeError, TypeError) as err:
        print(f"  this MLflow refuses {what}: {str(err).splitlines()[0]}", file=sys.stderr)
        return None


def log_curves(client, run_id, curves):
    for key, points in curves.items():
        for value, offset, step in points:
            client.log_metric(run_id, key, value, timestamp=BASE_MS + offset, step=step)


def full_run(client, experiment_id):
    """One run with every param, tag, curve and artifact."""
    with mlflow.start_run(experiment_id=experiment_id, run_name="baseline 1") as run:
        run_id = run.info.run_id
        for key, value in PARAMS.items():
            attempt(f"param {key!r}", client.log_param, run_id, key, value)
        mlflow.set_tags({
            "mlflow.note.content": NOTE,
            "mlflow.source.git.commit": COMMIT,
            "team": "flights",
            "stage/owner": "ana\nben",
            "empty tag": "",
        })
        log_curves(client, run_id, CURVES)
        log_artifacts()
        attempt("dataset inputs", log_inputs)
    return run_id


def log_artifacts():
    mlflow.log_text("First line.\nSecond line.\n", "notes.txt")
    mlflow.log_dict({"auc": 0.81, "classes": ["late", "on time"]}, "report/summary.json")
    mlflow.log_text("a,b\n1,2\n", "report/tables/counts.csv")


def log_inputs():
    import pandas as pd

    frame = pd.DataFrame({"distance": [229.0, 719.0, None], "late": [0, 1, 0]})
    train = mlflow.data.from_pandas(frame, source="data/flights.csv", name="flights",
                                    targets="late")
    test = mlflow.data.from_pandas(frame.tail(2), source="data/test.csv", name="flights test")
    mlflow.log_input(train, context="training")
    mlflow.log_input(test, context="evaluation")


def sweep(client, experiment_id):
    """A parent with three children, one of them failed, one killed."""
    with mlflow.start_run(experiment_id=experiment_id, run_name="sweep") as parent:
        for depth, status in ((3, "FINISHED"), (6, "FAILED"), (9, "KILLED")):
            with mlflow.start_run(experiment_id=experiment_id, run_name=f"depth-{depth}",
                                  nested=True) as child:
                mlflow.log_param("max_depth", depth)
                for step in range(5):
                    client.log_metric(child.info.run_id, "auc", 0.7 + depth * step / 300,
                                      timestamp=BASE_MS + step * 250, step=step)
            client.set_terminated(child.info.run_id, status=status)
        mlflow.log_metric("best auc", 0.82)
    return parent.info.run_id


def unfinished(client, experiment_id):
    """A run that nobody ended: RUNNING for ever."""
    run = client.create_run(experiment_id, start_time=BASE_MS, tags={"mlflow.user": "ben"})
    client.log_batch(
        run.info.run_id,
        metrics=[Metric("loss", 1 / (step + 1), BASE_MS + step, step) for step in range(20)],
        params=[Param("epochs", "100")],
        tags=[RunTag("mlflow.runName", "still going")],
    )
    return run.info.run_id


def deleted_things(client):
    """A deleted run in a live experiment; a deleted experiment with a run in it."""
    keep = client.create_experiment("live but with a deleted run", tags={"team": "ops"})
    gone = client.create_run(keep)
    client.log_metric(gone.info.run_id, "loss", 0.3, timestamp=BASE_MS, step=1)
    client.set_terminated(gone.info.run_id)
    client.delete_run(gone.info.run_id)
    trash = client.create_experiment("abandoned")
    run = client.create_run(trash)
    client.log_metric(run.info.run_id, "loss", 0.9, timestamp=BASE_MS, step=0)
    client.set_terminated(run.info.run_id)
    client.delete_experiment(trash)


def tiny_model():
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression().fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1])


def model_run(experiment_id):
    """Log a scikit-learn model; on MLflow 3 it is a LoggedModel with linked metrics."""
    import pandas as pd
    import sklearn

    with mlflow.start_run(experiment_id=experiment_id, run_name="logistic") as run:
        mlflow.log_param("C", 1.0)
        info = mlflow.sklearn.log_model(
            tiny_model(), "model", pip_requirements=[f"scikit-learn=={sklearn.__version__}"])
        model_id = getattr(info, "model_id", None)
        if model_id:
            frame = pd.DataFrame({"x": [1.0, 2.0]})
            data = mlflow.data.from_pandas(frame, source="data/v.csv", name="validation_set")
            for step, value in enumerate((0.75, 1.0, NAN)):
                mlflow.log_metric("accuracy", value, step=step, timestamp=BASE_MS + step,
                                  model_id=model_id, dataset=data)
            mlflow.log_metric("size", 1.0, step=7, timestamp=BASE_MS, model_id=model_id)
    return run.info.run_id, info.model_uri


def registry(client, run_ids):
    """A model with three versions, an alias each way and a stage where there are any."""
    client.create_registered_model("LateArrival", tags={"owner": "ana"},
                                   description="Will the flight be late?")
    for run_id in run_ids:
        source = client.get_run(run_id).info.artifact_uri + "/model"
        client.create_model_version("LateArrival", source, run_id, tags={"git": COMMIT[:7]})
    client.update_model_version("LateArrival", "1", description="the first one")
    attempt("aliases", lambda: client.set_registered_model_alias("LateArrival", "champion", "2"))
    attempt("aliases",
            lambda: client.set_registered_model_alias("LateArrival", "challenger", "3"))
    attempt("stages", lambda: client.transition_model_version_stage("LateArrival", "1",
                                                                    "Archived"))


def main():
    uri = sys.argv[1]
    tempfile.tempdir = os.getcwd()  # the stores put temporary files beside themselves
    mlflow.set_tracking_uri(uri)
    attempt("registry uri", mlflow.set_registry_uri, uri)
    client = MlflowClient(tracking_uri=uri)
    experiment_id = client.create_experiment("late arrivals", tags={"mlflow.note.content": NOTE})
    runs = [full_run(client, experiment_id), sweep(client, experiment_id)]
    unfinished(client, experiment_id)
    deleted_things(client)
    try:
        run_id, _ = model_run(experiment_id)
        runs.append(run_id)
    except ImportError as err:
        print(f"  no model: {err}", file=sys.stderr)
        runs.append(runs[0])
    attempt("a registry", registry, client, runs)


if __name__ == "__main__":
    main()
