"""Run the demo project's own scripts on the days of its calendar.

    python calendar_runs.py old|new

The clock is moved before each run and then ticks as it does: dates are the project's,
durations are real. Run ids come from a seeded generator, so that they stay the same when
the demo is made again.
"""

import datetime
import os
import random
import sys
import uuid

os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")

import time_machine  # noqa: E402  (the variable above must be set first)

OLD = [("2026-10-12T09:14", "ana", "majority"), ("2026-10-12T09:31", "ana", "logit-C1"),
       ("2026-10-12T10:02", "ana", "logit-C0.01"), ("2026-10-13T15:47", "ben", "small-forest")]
NEW = [
    ("2026-11-02T10:05", "ana", "enet-1"), ("2026-11-02T11:40", "ana", "enet-2"),
    ("2026-11-03T08:52", "ben", "enet-unscaled"), ("2026-11-04T14:20", "ben", "forest-1"),
    ("2026-11-05T16:33", "ben", "forest-2"), ("2026-11-09T09:10", "ana", "xgb-depth-sweep"),
    ("2026-11-10T13:05", "ana", "xgb-with-dep-delay"), ("2026-11-11T09:48", "ana", "xgb-deep-5"),
    ("2026-11-11T10:15", "ana", "xgb-deep-5-s2"), ("2026-11-11T10:41", "ana", "xgb-deep-5-s3"),
    ("2026-11-12T17:22", "ben", "lgbm-gpu"), ("2026-11-12T17:30", "ben", "lgbm-31"),
    ("2026-11-12T17:55", "ben", "lgbm-31-s2"), ("2026-11-12T18:20", "ben", "lgbm-31-s3"),
    ("2026-11-16T18:02", "ana", "xgb-slow"), ("2026-11-18T09:26", "ana", "xgb-deep-7"),
]
VERSIONS = [  # when, who, run, description
    ("2026-11-02T15:00", "ana", "enet-1", "a straight line, to have something"),
    ("2026-11-03T09:30", "ana", "enet-2", "with the weather"),
    ("2026-11-04T16:05", "ben", "forest-1", "first trees"),
    ("2026-11-06T09:05", "ben", "forest-2", "trees and the weather"),
    ("2026-11-11T16:40", "ana", "xgb-deep-5", "boosted trees; three seeds agree"),
    ("2026-11-18T16:12", "ana", "xgb-deep-7", "slower, deeper; on trial beside v5"),
]


def travel(when, who):
    os.environ["LOGNAME"] = os.environ["USER"] = who
    at = datetime.datetime.fromisoformat(when).replace(tzinfo=datetime.timezone.utc)
    return time_machine.travel(at, tick=True)


def seed_ids(store):
    source = random.Random(f"flights {store}")
    uuid.uuid4 = lambda: uuid.UUID(int=source.getrandbits(128), version=4)


def old_runs():
    import baseline
    import mlflow

    sys.argv = ["baseline.py"]
    mlflow.set_tracking_uri(f"file://{os.getcwd()}/old/mlruns")
    for number, (when, who, name) in enumerate(OLD):
        with travel(when, who):
            if number == 0:
                mlflow.set_experiment("baselines")
            print(name, baseline.train(name))


def run(train, client, name):
    """One script run; what went wrong stays in the store as it would."""
    try:
        print(name, train.sweep() if name == "xgb-depth-sweep" else train.train(name))
    except KeyboardInterrupt:
        last = client.search_runs(["1"], order_by=["start_time DESC"], max_results=1)[0]
        client.set_terminated(last.info.run_id, status="KILLED")
    except Exception as err:  # lgbm-gpu: there is no such device
        last = client.search_runs(["1"], order_by=["start_time DESC"], max_results=1)[0]
        client.log_text(last.info.run_id, f"{type(err).__name__}: {err}\n", "error.txt")


def register(client):
    """Six versions of one model; the aliases stand where they stand today."""
    runs = {r.info.run_name: r.info.run_id for r in client.search_runs(["1"])}
    for number, (when, who, name, why) in enumerate(VERSIONS):
        with travel(when, who):
            if number == 0:
                client.create_registered_model(
                    "LateArrival", tags={"team": "operations"},
                    description="Chance that a flight from New York arrives over 15 minutes late.")
            model = client.get_run(runs[name]).outputs.model_outputs[0].model_id
            logged = client.get_logged_model(model)
            client.create_model_version("LateArrival", logged.artifact_location, runs[name],
                                        description=why, model_id=model, tags={"by": who})
    with travel("2026-11-12T11:02", "ana"):
        client.set_registered_model_alias("LateArrival", "champion", "5")
    with travel("2026-11-18T16:20", "ana"):
        client.set_registered_model_alias("LateArrival", "challenger", "6")


def new_runs():
    import mlflow
    import train

    sys.argv = ["train.py"]
    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    client = mlflow.MlflowClient()
    for number, (when, who, name) in enumerate(NEW):
        with travel(when, who):
            if number == 0:
                mlflow.set_experiment(train.EXPERIMENT)
                client.set_experiment_tag("1", "mlflow.experiment.primaryMetric.name", "auc")
                client.set_experiment_tag(
                    "1", "mlflow.experiment.primaryMetric.greaterIsBetter", "true")
            run(train, client, name)
    register(client)


def main():
    seed_ids(sys.argv[1])
    old_runs() if sys.argv[1] == "old" else new_runs()


if __name__ == "__main__":
    main()
