"""Train one model that says which flights will arrive late.

    python train.py xgb-deep-7

Every run goes to mlflow.db: parameters, the curve of each round, the data it saw, a report
and, when it is worth keeping, the model.
"""

import sys
import warnings

import lightgbm
import mlflow
import numpy as np
import pandas as pd
import xgboost
from mlflow.models import infer_signature
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import ElasticNet, SGDClassifier
from sklearn.metrics import classification_report, confusion_matrix
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import features

EXPERIMENT = "late arrivals"
THREADS = 2

XGB = {"objective": "binary:logistic", "eval_metric": ["logloss", "auc"], "tree_method": "hist",
       "nthread": THREADS, "seed": 1, "subsample": 0.8, "colsample_bytree": 0.8}
LGBM = {"objective": "binary", "metric": ["binary_logloss", "auc"], "num_threads": THREADS,
        "deterministic": True, "force_row_wise": True, "verbosity": -1, "seed": 1}

# name: (kind, parameters, rounds, options)
RUNS = {
    "enet-1": ("enet", {"alpha": 0.1, "l1_ratio": 0.5}, 30, {"weather": False, "keep": True}),
    "enet-2": ("enet", {"alpha": 0.002, "l1_ratio": 0.15}, 30, {"keep": True}),
    "enet-unscaled": ("sgd", {"alpha": 1e-4, "eta0": 0.5, "scaled": False}, 12, {}),
    "forest-1": ("forest", {"max_depth": 6, "min_samples_leaf": 60}, 24,
                 {"weather": False, "keep": True}),
    "forest-2": ("forest", {"max_depth": 8, "min_samples_leaf": 60}, 40, {"keep": True}),
    "xgb-depth-3": ("xgb", {"max_depth": 3, "eta": 0.2}, 80, {"weather": False}),
    "xgb-depth-5": ("xgb", {"max_depth": 5, "eta": 0.2}, 80, {"weather": False}),
    "xgb-depth-7": ("xgb", {"max_depth": 7, "eta": 0.2}, 80, {"weather": False}),
    "xgb-depth-9": ("xgb", {"max_depth": 9, "eta": 0.2}, 80, {"weather": False}),
    "xgb-deep-5": ("xgb", {"max_depth": 5, "eta": 0.1, "seed": 1}, 150,
                   {"keep": True, "group": "xgb-deep-5"}),
    "xgb-deep-5-s2": ("xgb", {"max_depth": 5, "eta": 0.1, "seed": 2}, 150,
                      {"group": "xgb-deep-5"}),
    "xgb-deep-5-s3": ("xgb", {"max_depth": 5, "eta": 0.1, "seed": 3}, 150,
                      {"group": "xgb-deep-5"}),
    "xgb-deep-7": ("xgb", {"max_depth": 7, "eta": 0.04, "min_child_weight": 60,
                           "colsample_bytree": 0.5}, 240, {"keep": True, "events": True}),
    "xgb-slow": ("xgb", {"max_depth": 6, "eta": 0.005}, 400, {"stop_at": 110}),
    "xgb-with-dep-delay": ("xgb", {"max_depth": 5, "eta": 0.1}, 60, {"leak": True}),
    "lgbm-31": ("lgbm", {"num_leaves": 31, "learning_rate": 0.08, "bagging_seed": 1}, 120,
                {"group": "lgbm-31"}),
    "lgbm-31-s2": ("lgbm", {"num_leaves": 31, "learning_rate": 0.08, "bagging_seed": 2}, 120,
                   {"group": "lgbm-31"}),
    "lgbm-31-s3": ("lgbm", {"num_leaves": 31, "learning_rate": 0.08, "bagging_seed": 3}, 120,
                   {"group": "lgbm-31"}),
    "lgbm-gpu": ("lgbm", {"num_leaves": 63, "learning_rate": 0.05, "device_type": "gpu"}, 200, {}),
}
SWEEP = ["xgb-depth-3", "xgb-depth-5", "xgb-depth-7", "xgb-depth-9"]
NOTES = {
    "xgb-with-dep-delay": "Only to see how much the departure delay tells. **Not a candidate**: "
                          "it is known when the plane has left.",
    "xgb-deep-7": "Slower and deeper, with the weather. Candidate for the next version.",
}


class Curve:
    """Logs the validation and training figures of one round at a time."""

    def __init__(self, events=None):
        self.events = events

    def log(self, step, **figures):
        mlflow.log_metrics(figures, step=step)
        if self.events:
            for key, value in figures.items():
                self.events.add_scalar(key, value, step)


class RoundLog(xgboost.callback.TrainingCallback):
    """XGBoost's figures of each round; stop_at is a colleague's Ctrl-C."""

    def __init__(self, curve, stop_at=None):
        super().__init__()
        self.curve, self.stop_at = curve, stop_at

    def after_iteration(self, model, epoch, evals_log):
        train, valid = evals_log["train"], evals_log["valid"]
        self.curve.log(epoch, auc=valid["auc"][-1], logloss=valid["logloss"][-1],
                       train_auc=train["auc"][-1], train_logloss=train["logloss"][-1])
        if epoch == self.stop_at:
            raise KeyboardInterrupt
        return False


def fit_xgb(data, params, rounds, curve, stop_at=None):
    x, y, xv, yv = data
    train, valid = xgboost.DMatrix(x, y), xgboost.DMatrix(xv, yv)
    model = xgboost.train({**XGB, **params}, train, rounds, verbose_eval=False,
                          evals=[(train, "train"), (valid, "valid")],
                          callbacks=[RoundLog(curve, stop_at)])
    gain = model.get_score(importance_type="gain")
    return model, model.predict(valid), gain


def fit_lgbm(data, params, rounds, curve, stop_at=None):
    x, y, xv, yv = data
    params = {**LGBM, "bagging_fraction": 0.8, "bagging_freq": 1, **params}
    train = lightgbm.Dataset(x, y)

    def log(env):
        figures = {(part, key): value for part, key, value, _ in env.evaluation_result_list}
        curve.log(env.iteration, auc=figures["valid", "auc"],
                  logloss=figures["valid", "binary_logloss"], train_auc=figures["train", "auc"],
                  train_logloss=figures["train", "binary_logloss"])

    model = lightgbm.train(params, train, rounds, valid_sets=[train, lightgbm.Dataset(xv, yv)],
                           valid_names=["train", "valid"], callbacks=[log])
    gain = dict(zip(x.columns, model.feature_importance("gain"), strict=True))
    return model, model.predict(xv), gain


def fit_forest(data, params, rounds, curve, stop_at=None):
    x, y, xv, yv = data
    forest = RandomForestClassifier(warm_start=True, n_jobs=THREADS, random_state=1, **params)
    model = make_pipeline(SimpleImputer(strategy="median"), forest)
    for trees in range(2, rounds + 1, 2):
        forest.set_params(n_estimators=trees)
        model.fit(x, y)
        chance = model.predict_proba(xv)[:, 1]
        curve.log(trees, auc=features.auc(yv, chance), logloss=features.logloss(yv, chance))
    return model, chance, dict(zip(x.columns, forest.feature_importances_, strict=True))


def fit_enet(data, params, rounds, curve, stop_at=None):
    """A straight line through 0 and 1, one pass of coordinate descent at a time."""
    x, y, xv, yv = data
    line = ElasticNet(warm_start=True, max_iter=1, random_state=1, selection="random", **params)
    prepare = make_pipeline(SimpleImputer(strategy="median"), StandardScaler()).fit(x)
    xs, xvs = prepare.transform(x), prepare.transform(xv)
    for step in range(rounds):
        line.fit(xs, y)
        chance = np.clip(line.predict(xvs), 1e-6, 1 - 1e-6)
        curve.log(step, auc=features.auc(yv, chance), logloss=features.logloss(yv, chance),
                  coefficients=float((line.coef_ != 0).sum()))
    model = make_pipeline(*[step for _, step in prepare.steps], line)
    return model, chance, dict(zip(x.columns, np.abs(line.coef_), strict=True))


def fit_sgd(data, params, rounds, curve, stop_at=None):
    """Somebody forgot to scale: sure of everything, and the loss is not a number."""
    x, y, xv, yv = data
    prepare = SimpleImputer(strategy="median").fit(x)
    xs, xvs = prepare.transform(x), prepare.transform(xv)
    line = SGDClassifier(loss="log_loss", penalty="elasticnet", alpha=params["alpha"],
                         learning_rate="invscaling", eta0=params["eta0"], random_state=1)
    for epoch in range(rounds):
        line.partial_fit(xs, y, classes=[0, 1])
        chance = line.predict_proba(xvs)[:, 1]
        curve.log(epoch, auc=features.auc(yv, chance), logloss=features.logloss(yv, chance))
    return line, chance, dict(zip(x.columns, np.abs(line.coef_[0]), strict=True))


FITS = {"xgb": fit_xgb, "lgbm": fit_lgbm, "forest": fit_forest, "enet": fit_enet, "sgd": fit_sgd}
FLAVOURS = {"xgb": "xgboost", "lgbm": "lightgbm", "forest": "sklearn", "enet": "sklearn"}


def log_data(parts, names, weather):
    """The table as the run saw it, with a digest of its content."""
    title = "flights with weather" if weather else "flights"
    for context, rows in zip(("training", "validation"), parts, strict=True):
        mlflow.log_input(mlflow.data.from_pandas(
            rows[[*names, "late"]], source="data/flights.parquet", name=title, targets="late"),
            context=context)


def log_report(truth, chance, gain):
    """What a person reads after a run."""
    late = (chance > 0.5).astype(int)
    (tn, fp), (fn, tp) = confusion_matrix(truth, late).tolist()
    mlflow.log_dict({"threshold": 0.5, "on time": {"right": tn, "wrong": fp},
                     "late": {"right": tp, "wrong": fn}}, "confusion.json")
    mlflow.log_text(classification_report(truth, late, target_names=["on time", "late"],
                                          zero_division=0), "report.txt")
    table = pd.Series(gain, name="importance").sort_values(ascending=False)
    mlflow.log_text(table.to_csv(index_label="feature"), "importance.csv")


def keep(kind, model, sample, chance):
    """Log the model with its signature."""
    flavour = FLAVOURS[kind]
    needs = {"sklearn": "scikit-learn"}.get(flavour, flavour)
    options = {"model_format": "ubj"} if flavour == "xgboost" else {}
    if flavour == "sklearn":
        options["serialization_format"] = "cloudpickle"
    getattr(mlflow, flavour).log_model(
        model, name="model", signature=infer_signature(sample, chance[: len(sample)]),
        pip_requirements=[needs], **options)


def train(name, nested=False):
    """One run from start to end; the run's id."""
    kind, params, rounds, options = RUNS[name]
    weather, events = options.get("weather", True), None
    names = features.columns(weather, options.get("leak", False))
    parts = features.split(features.load(weather))
    data = [part for rows in parts
            for part in (rows[names].astype("float64"), rows["late"].to_numpy())]
    if options.get("events"):
        from tensorboardX import SummaryWriter

        events = SummaryWriter(f"runs/{name}")
    with mlflow.start_run(run_name=name, nested=nested) as run:
        mlflow.set_tags({"model": kind, "mlflow.source.git.branch": "main"})
        if "group" in options:
            mlflow.set_tag("group", options["group"])
        if name in NOTES:
            mlflow.set_tag("mlflow.note.content", NOTES[name])
        defaults = {"xgb": XGB, "lgbm": LGBM}.get(kind, {})
        mlflow.log_params({**defaults, **params, "rounds": rounds, "features": len(names)})
        log_data(parts, names, weather)
        model, chance, gain = FITS[kind](data, params, rounds, Curve(events),
                                         options.get("stop_at"))
        log_report(data[3], chance, gain)
        if options.get("keep"):
            keep(kind, model, data[2].head(50), chance)
    if events:
        events.close()
    return run.info.run_id


def sweep():
    """Four depths under one parent."""
    with mlflow.start_run(run_name="xgb-depth-sweep") as parent:
        mlflow.log_param("depths", [RUNS[name][1]["max_depth"] for name in SWEEP])
        children = [train(name, nested=True) for name in SWEEP]
        best = max(mlflow.get_run(child).data.metrics["auc"] for child in children)
        mlflow.log_metric("best_auc", best)
    return parent.info.run_id


def main():
    warnings.filterwarnings("ignore")
    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    mlflow.set_experiment(EXPERIMENT)
    for name in sys.argv[1:]:
        print(name, sweep() if name == "xgb-depth-sweep" else train(name))


if __name__ == "__main__":
    main()
