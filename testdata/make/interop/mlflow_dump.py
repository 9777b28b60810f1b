"""Print what MLflow's own client says about a store, as canonical JSON.

    python mlflow_dump.py URI [--brief] > want.json

URI is anything MLFLOW_TRACKING_URI may be (file:///…/mlruns, sqlite:///…/mlflow.db).
Every figure comes from MlflowClient; this script only spells it. NaN and the
infinities become the strings "NaN", "Infinity", "-Infinity", and a history keeps the
order in which the client returned it; --brief counts the history instead of printing it.
It runs on MLflow 1.28 and every later one.
"""

import argparse
import json
import logging
import math
import os
import sys
import warnings

os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
warnings.filterwarnings("ignore")

import mlflow  # noqa: E402  (the variable above must be set first)
from mlflow.entities import ViewType  # noqa: E402
from mlflow.exceptions import MlflowException  # noqa: E402
from mlflow.tracking import MlflowClient  # noqa: E402


def spell(value):
    """A float as JSON can carry it."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def pages(search, **query):
    """Every item of a paged search."""
    token = None
    while True:
        page = search(page_token=token, **query)
        yield from page
        token = page.token
        if not token:
            return


def point(metric):
    return {"step": metric.step, "timestamp": metric.timestamp, "value": spell(metric.value)}


def dump_metrics(client, run):
    metrics = {}
    for latest in run.data._metric_objs:  # the public dict holds neither step nor time
        history = client.get_metric_history(run.info.run_id, latest.key)
        metrics[latest.key] = {"latest": point(latest), "history": [point(m) for m in history]}
    return metrics


def dump_inputs(run):
    inputs = getattr(run, "inputs", None)
    found = []
    for item in getattr(inputs, "dataset_inputs", None) or []:
        tags = {tag.key: tag.value for tag in item.tags}
        found.append({
            "name": item.dataset.name,
            "digest": item.dataset.digest,
            "source_type": item.dataset.source_type,
            "context": tags.get("mlflow.data.context"),
        })
    return sorted(found, key=lambda i: (i["name"], i["digest"], i["context"] or ""))


def dump_outputs(run):
    outputs = getattr(run, "outputs", None)
    found = getattr(outputs, "model_outputs", None) or []
    return sorted(({"model_id": o.model_id, "step": o.step} for o in found),
                  key=lambda o: (o["model_id"], o["step"]))


def dump_run(client, run, experiment):
    info = run.info
    name = getattr(info, "run_name", None) or run.data.tags.get("mlflow.runName", "")
    return {
        "run_id": info.run_id,
        "experiment_id": str(info.experiment_id),
        "experiment_name": experiment.name,
        "run_name": name,
        "status": info.status,
        "lifecycle_stage": info.lifecycle_stage,
        "start_time": info.start_time,
        "end_time": info.end_time,
        "user_id": info.user_id,
        "artifact_uri": info.artifact_uri,
        "params": dict(run.data.params),
        "tags": dict(run.data.tags),
        "metrics": dump_metrics(client, run),
        "inputs": dump_inputs(run),
        "outputs": dump_outputs(run),
    }


def dump_experiment(experiment):
    return {
        "experiment_id": str(experiment.experiment_id),
        "name": experiment.name,
        "lifecycle_stage": experiment.lifecycle_stage,
        "artifact_location": experiment.artifact_location,
        "tags": dict(experiment.tags),
    }


def dump_version(version):
    return {
        "version": str(version.version),
        "stage": version.current_stage,
        "status": version.status,
        "run_id": version.run_id,
        "source": version.source,
        "description": version.description or "",
        "tags": dict(version.tags),
        "created": version.creation_timestamp,
    }


def dump_models(client):
    """The registry; an empty list where the store has none."""
    try:
        found = list(pages(client.search_registered_models))
    except MlflowException as err:
        print(f"no registry: {err}", file=sys.stderr)
        return []
    models = []
    for brief in found:
        model = client.get_registered_model(brief.name)
        escaped = model.name.replace("'", "''")
        versions = client.search_model_versions(f"name='{escaped}'")
        models.append({
            "name": model.name,
            "description": model.description or "",
            "tags": dict(model.tags),
            "aliases": {k: str(v) for k, v in (getattr(model, "aliases", None) or {}).items()},
            "versions": sorted((dump_version(v) for v in versions),
                               key=lambda v: int(v["version"])),
        })
    return sorted(models, key=lambda m: m["name"])


def dump_logged_models(client, experiments):
    """MLflow 3's LoggedModels; older clients have none."""
    if not hasattr(client, "search_logged_models"):
        return []
    ids = [e.experiment_id for e in experiments if e.lifecycle_stage == "active"]
    found = []
    for model in pages(client.search_logged_models, experiment_ids=ids):
        metrics = [dict(point(m), key=m.key, run_id=m.run_id, dataset_name=m.dataset_name,
                        dataset_digest=m.dataset_digest) for m in model.metrics or []]
        found.append({
            "model_id": model.model_id,
            "experiment_id": str(model.experiment_id),
            "name": model.name,
            "source_run_id": model.source_run_id,
            "status": str(getattr(model.status, "value", model.status)),
            "artifact_location": model.artifact_location,
            "params": dict(model.params or {}),
            "tags": dict(model.tags or {}),
            "metrics": sorted(metrics, key=lambda m: (m["key"], m["step"], m["timestamp"])),
        })
    return sorted(found, key=lambda m: m["model_id"])


def dump(uri):
    """Everything the client sees at uri, deleted experiments and runs included."""
    mlflow.set_tracking_uri(uri)  # or a look at a model opens a store of its own here
    client = MlflowClient(tracking_uri=uri, registry_uri=uri)
    experiments = list(pages(client.search_experiments, view_type=ViewType.ALL))
    by_id = {e.experiment_id: e for e in experiments}
    runs = []
    for run in pages(client.search_runs, experiment_ids=list(by_id),
                     run_view_type=ViewType.ALL):
        runs.append(dump_run(client, run, by_id[run.info.experiment_id]))
    return {
        "tool": f"mlflow {mlflow.__version__}",
        "experiments": sorted((dump_experiment(e) for e in experiments),
                              key=lambda e: int(e["experiment_id"])),
        "runs": sorted(runs, key=lambda r: r["run_id"]),
        "registered_models": dump_models(client),
        "logged_models": dump_logged_models(client, experiments),
    }


def shorten(runs):
    """Put a count where each history stands."""
    for run in runs:
        for metric in run["metrics"].values():
            metric["points"] = len(metric.pop("history"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("uri")
    parser.add_argument("--brief", action="store_true")
    options = parser.parse_args()
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.ERROR)
    found = dump(options.uri)
    if options.brief:
        shorten(found["runs"])
    json.dump(found, sys.stdout, indent=1, sort_keys=True, allow_nan=False, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
