"""The first tries, before mlflow.db: four small models into old/mlruns.

    python baseline.py NAME
"""

import sys
import warnings

import mlflow
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import features

RUNS = {
    "majority": None,
    "logit-C1": LogisticRegression(C=1.0),
    "logit-C0.01": LogisticRegression(C=0.01),
    "small-forest": RandomForestClassifier(n_estimators=5, max_depth=4, random_state=1),
}


def train(name):
    model = RUNS[name]
    learn, judge = features.split(features.load(weather=False))
    names, truth = features.columns(weather=False), judge["late"].to_numpy()
    with mlflow.start_run(run_name=name) as run:
        mlflow.log_param("rows", len(learn))
        mlflow.set_tag("stage", "baseline")
        chance = truth * 0.0 + learn["late"].mean()
        if model is not None:
            mlflow.log_params({k: v for k, v in model.get_params().items() if v is not None})
            for step, rows in enumerate((1_000, 4_000, 16_000, len(learn))):
                part = learn.head(rows)
                fitted = make_pipeline(StandardScaler(), model).fit(part[names], part["late"])
                chance = fitted.predict_proba(judge[names])[:, 1]
                mlflow.log_metric("auc", features.auc(truth, chance), step=step)
                mlflow.log_metric("logloss", features.logloss(truth, chance), step=step)
        else:
            mlflow.log_metric("auc", features.auc(truth, chance))
            mlflow.log_metric("logloss", features.logloss(truth, chance))
        mlflow.log_text(f"{name}: {len(names)} features, no weather\n", "notes.txt")
    return run.info.run_id


def main():
    warnings.filterwarnings("ignore")
    mlflow.set_experiment("baselines")
    for name in sys.argv[1:]:
        print(name, train(name))


if __name__ == "__main__":
    main()
