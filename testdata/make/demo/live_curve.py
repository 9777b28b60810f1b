"""Print the curve of a run of mlflow.db, one JSON object a round: what the live demo replays.

    python live_curve.py RUN_NAME
"""

import json
import sys

import mlflow

KEYS = ("auc", "logloss", "train_auc", "train_logloss")


def main():
    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    client = mlflow.MlflowClient()
    run = next(r for r in client.search_runs(["1"]) if r.info.run_name == sys.argv[1])
    rounds = {}
    for key in KEYS:
        for metric in client.get_metric_history(run.info.run_id, key):
            rounds.setdefault(metric.step, {"step": metric.step})[key] = round(metric.value, 6)
    for step in sorted(rounds):
        print(json.dumps(rounds[step]))


if __name__ == "__main__":
    main()
