"""What the champion said in the later months, logged as a service would.

    python predict.py

logs/predictions holds one file a day, July to December, as it was. The second folder,
logs/predictions-hourly-injected, holds three weeks of October by the hour in which a ramp
and a step were put in on purpose; the README.md beside them dates both.
"""

import json
import pathlib

import mlflow
import numpy as np
import pandas as pd
import xgboost

import features

MODEL = "LateArrival"
A_DAY = 50  # predictions kept of each day
LOGGED = ["carrier", "origin", "dest", "hour", "weekday", "distance", "temp", "wind_speed",
          "precip", "visib"]
SEED = 7

HOURLY = (pd.Timestamp("2013-10-01T00:00Z"), pd.Timestamp("2013-10-22T00:00Z"))
RAMP = (pd.Timestamp("2013-10-08T00:00Z"), pd.Timestamp("2013-10-13T00:00Z"), 18.0)
STEP = (pd.Timestamp("2013-10-16T12:00Z"), 1.609344)

README = f"""# Predictions by the hour, with two faults put in

The rows are real flights of October 2013 scored by {MODEL}@champion, stamped by the hour of
their scheduled departure. Two columns were changed **before** scoring, so that what notices
drift can be judged by a date that is known:

- **ramp** in `temp`: from {RAMP[0]:%Y-%m-%dT%H:%MZ} to {RAMP[1]:%Y-%m-%dT%H:%MZ} the sensor reads
  a little higher every hour, from 0 to {RAMP[2]:.0f} °F too much, and stays there.
- **step** in `distance`: from {STEP[0]:%Y-%m-%dT%H:%MZ} on the distance arrives in kilometres
  instead of miles (times {STEP[1]}).

Nothing else was touched. `../predictions` has the same months as they were.
"""


def champion():
    """The champion's booster and its version."""
    client = mlflow.MlflowClient()
    version = client.get_model_version_by_alias(MODEL, "champion")
    model = mlflow.xgboost.load_model(version.source)
    return model, version.version


def score(model, rows):
    names = features.columns()
    return model.predict(xgboost.DMatrix(rows[names].astype("float64")))


def lines(rows, version, prefix):
    """One JSON object a prediction: when, which, what it saw, what it said, what came true."""
    for number, row in enumerate(rows.to_dict("records")):
        seen = {name: row[name] for name in LOGGED}
        seen = {k: None if isinstance(v, float) and np.isnan(v) else v for k, v in seen.items()}
        yield json.dumps({
            "timestamp": row["time_hour"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "request_id": f"{prefix}-{row['time_hour']:%m%d}-{number:04d}",
            "model": MODEL, "version": str(version), **seen,
            "prediction": "late" if row["score"] > 0.5 else "on time",
            "score": round(float(row["score"]), 6),
            "label": "late" if row["late"] else "on time",
        })


def write(folder, rows, version, prefix):
    """One file a day."""
    folder.mkdir(parents=True)
    rows = rows.sort_values(["time_hour", "flight"])
    for day, group in rows.groupby(rows["time_hour"].dt.strftime("%Y-%m-%d")):
        text = "\n".join(lines(group, version, prefix)) + "\n"
        (folder / f"{day}.jsonl").write_text(text)


def inject(rows):
    """The ramp and the step."""
    at = rows["time_hour"]
    start, end, rise = RAMP
    share = ((at - start) / (end - start)).clip(0, 1)
    rows["temp"] = (rows["temp"] + rise * share).round(2)
    rows.loc[at >= STEP[0], "distance"] *= STEP[1]
    rows["distance"] = rows["distance"].round(1)
    return rows


def main():
    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    model, version = champion()
    flights = features.load()
    later = flights[flights["month"].isin(features.LATER_MONTHS)].copy()
    day = later["time_hour"].dt.date
    kept = later.groupby(day, group_keys=False).sample(frac=1, random_state=SEED)
    kept = kept.groupby(kept["time_hour"].dt.date).head(A_DAY)
    kept["score"] = score(model, kept)
    write(pathlib.Path("logs/predictions"), kept, version, "p")

    hourly = later[later["time_hour"].between(*HOURLY, inclusive="left")].copy()
    hourly["distance"] = hourly["distance"].astype("float64")
    hourly = inject(hourly)
    hourly["score"] = score(model, hourly)
    folder = pathlib.Path("logs/predictions-hourly-injected")
    write(folder, hourly, version, "h")
    (folder / "README.md").write_text(README)


if __name__ == "__main__":
    main()
