"""Writes mlflow.json: what the real MLflow client answers for a list of filters and sort keys.

    pip install mlflow-skinny sqlalchemy alembic
    python make_mlflow.py > mlflow.json

It logs a dozen small runs to a fresh SQLite store, asks search_runs, and records run names in order.
"""
import json
import logging
import os
import tempfile

import mlflow
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag
from mlflow.tracking import MlflowClient

logging.disable(logging.CRITICAL)

T0 = 1_700_000_000_000
RUNS = [
    # name, user, status, minutes after T0, metrics, params, tags, dataset
    ("alpha", "ann@x.org", "FINISHED", 0, {"rmse": 0.7, "val/auc": 0.9}, {"model": "tree", "lr": "0.1"}, {"team": "risk"}, ("flights", "d1", "training")),
    ("beta", "bob@x.org", "FINISHED", 1, {"rmse": 0.8, "val/auc": 0.91}, {"model": "Tree", "lr": "0.10"}, {"team": "Risk"}, ("flights", "d2", "training")),
    ("gamma", "ann@x.org", "FAILED", 2, {"rmse": float("nan")}, {"model": "forest", "lr": "1e-1"}, {"debug": ""}, None),
    ("delta", "bob@x.org", "KILLED", 3, {"rmse": float("inf"), "loss.min": 0.25}, {"model": "deep tree"}, {}, ("weather", "d3", "evaluation")),
    ("epsilon", "ann@x.org", "RUNNING", 4, {"rmse": -float("inf")}, {"model": "50%_off"}, {"team": "ops", "a b": "c d"}, None),
    ("zeta", "cy", "FINISHED", 5, {"rmse": 0.0, "val/auc": 1e-05}, {"model": "it's", "odd key": "v"}, {"team": "risk\nsecond line"}, None),
    ("eta", "cy", "SCHEDULED", 6, {}, {}, {"note": "say \"hi\""}, None),
    ("theta", "ann@x.org", "FINISHED", 7, {"rmse": 0.8}, {"model": "tree", "lr": "0.1", "depth": "10"}, {"team": "risk"}, ("flights", "d1", "evaluation")),
    ("iota_x", "dee", "FINISHED", 8, {"rmse": -1.5}, {"model": "ÄRGER"}, {}, None),
    ("iotaYx", "dee", "FINISHED", 9, {"rmse": 3}, {"model": "ärger"}, {}, None),
]

FILTERS = r"""
metrics.rmse < 0.8
metric.rmse <= 0.8
metrics.rmse = 0.8
metrics.rmse != 0.8
metrics.rmse > 0
metrics.rmse >= 0
metrics.rmse < 0
metrics.rmse>-2
metrics.`val/auc` > 0.5
metrics."val/auc" >= 0.91
metrics.`val/auc` < 1e-4
metrics.`loss.min` = 0.25
metrics.absent != 1
params.model = 'tree'
params.model = "tree"
param.model != 'tree'
parameter.model = 'Tree'
parameters.lr = '0.1'
params.lr = '0.10'
params.lr != '0.1'
params.model LIKE '%tree'
params.model LIKE 'tree%'
params.model like '%e%'
params.model ILIKE '%TREE%'
params.model ilike 't_ee'
params.model LIKE '50%'
params.model LIKE '%_off'
params.model LIKE 'for_st'
params.model LIKE 'forest'
params.model = "it's"
params.`odd key` = 'v'
params."odd key" = 'v'
params.depth = '10'
params.lr IS NULL
params.lr IS NOT NULL
params.lr is not null and params.model = 'tree'
tags.team = 'risk'
tag.team != 'risk'
tags.team ILIKE 'risk%'
tags.team LIKE 'risk%line'
tags.debug = ''
tags.`a b` = 'c d'
tags."a b" LIKE 'c%'
tags.team IS NULL
tags.note = 'say "hi"'
tags.mlflow.runName = 'alpha'
tags.`mlflow.runName` LIKE '%eta'
attributes.status = 'FINISHED'
attribute.status != 'FINISHED'
status = 'RUNNING'
attr.status LIKE 'F%'
run.status ILIKE 'f%'
run_name = 'alpha'
attributes.run_name LIKE '%eta'
`run_name` = 'beta'
"run_name" = 'beta'
attributes."Run name" = 'gamma'
run_name LIKE 'iota_x'
user_id = 'ann@x.org'
user_id != 'ann@x.org'
attributes.user_id LIKE '%@x.org'
start_time > 1700000240000
attributes.start_time >= 1700000240000
attributes.start_time = 1700000240000
attributes.start_time != 1700000240000
attributes.start_time < 1700000060000
created <= 1700000060000
attributes.Created <= 1700000060000
end_time > 0
attributes.end_time > 1700000000000
run_name IN ('alpha', 'beta', 'nobody')
run_id IN ('nobody')
run_id NOT IN ('nobody')
dataset.name = 'flights'
datasets.name LIKE '%ight%'
dataset.name != 'flights'
dataset.digest IN ('d1', 'd3')
dataset.context = 'training'
dataset.name = 'flights' and dataset.context = 'evaluation'
metrics.rmse < 1 and params.model = 'tree'
metrics.rmse < 1 AND params.model = 'tree' AND tags.team = 'risk'
metrics.rmse<1 and metrics.rmse>=0
metrics.rmse < 1   and   status = 'FINISHED'
params.model ILIKE 'ärger'
metrics.rmse = 3
metrics.rmse = 3.0
tags.team LIKE '%second%'
params.absent != 'x'
""".strip().splitlines()

SORTS = [
    "metrics.rmse",
    "metrics.rmse DESC",
    "metrics.rmse asc",
    "metrics.`val/auc` DESC",
    'metrics."val/auc"',
    "attributes.start_time",
    "start_time DESC",
    "attributes.run_name DESC",
    "run_name",
    "params.model",
    "params.model DESC",
    "tags.team",
    "created DESC",
    "status ASC",
]


def fill(client, exp):
    for name, user, status, minute, metrics, params, tags, data in RUNS:
        run = client.create_run(exp, start_time=T0 + 60_000 * minute, run_name=name, tags={"mlflow.user": user, **tags})
        rid = run.info.run_id
        client.log_batch(rid, [Metric(k, v, T0, 0) for k, v in metrics.items()], [Param(k, v) for k, v in params.items()], [])
        if data:
            ds = Dataset(name=data[0], digest=data[1], source_type="local", source="{}")
            client.log_inputs(rid, [DatasetInput(ds, [InputTag("mlflow.data.context", data[2])])])
        if status in ("FINISHED", "FAILED", "KILLED"):
            client.set_terminated(rid, status, T0 + 60_000 * minute + 30_000)
        else:
            client.update_run(rid, status=status)


def number(v):
    return v if v == v and abs(v) != float("inf") else {"inf": "Infinity", "-inf": "-Infinity"}.get(str(v), "NaN")


def dump(client, run):
    run = client.get_run(run.info.run_id)
    i = run.info
    return {
        "run_name": i.run_name, "user_id": i.user_id, "status": i.status, "start_time": i.start_time, "end_time": i.end_time,
        "metrics": {k: number(v) for k, v in run.data.metrics.items()},
        "params": run.data.params,
        "tags": run.data.tags,
        "datasets": [
            {"name": d.dataset.name, "digest": d.dataset.digest, "context": d.tags[0].value} for d in run.inputs.dataset_inputs
        ],
    }


def ask(client, exp, **kw):
    try:
        return [r.info.run_name for r in client.search_runs([exp], **kw)]
    except Exception as e:  # the client refuses it; the message is for the reader of the golden
        return {"refused": str(e).splitlines()[0][:160]}


with tempfile.TemporaryDirectory() as d:
    client = MlflowClient("sqlite:///" + os.path.join(d, "m.db"))
    exp = client.create_experiment("e", artifact_location=d)
    fill(client, exp)
    out = {
        "mlflow": mlflow.__version__,
        "runs": [dump(client, r) for r in client.search_runs([exp], order_by=["start_time"])],
        "filters": [{"filter": f, "runs": ask(client, exp, filter_string=f, order_by=["start_time"])} for f in FILTERS],
        "sorts": [{"sort": s, "runs": ask(client, exp, order_by=[s])} for s in SORTS],
    }
    for part in out["runs"]:
        part["tags"] = {k: v for k, v in part["tags"].items() if k != "mlflow.source.name"}
    print("{")
    keys = list(out)
    for k in keys:
        end = "," if k != keys[-1] else ""
        if isinstance(out[k], list):
            rows = ",\n  ".join(json.dumps(x, ensure_ascii=False) for x in out[k])
            print(f' "{k}": [\n  {rows}\n ]{end}')
        else:
            print(f' "{k}": {json.dumps(out[k])}{end}')
    print("}")
