"""The tables of the project and what a model sees of them."""

import numpy as np
import pandas as pd

LATE_MINUTES = 15  # a flight is late when it arrives more than this behind its schedule
FIRST_MONTHS, LATER_MONTHS = range(1, 7), range(7, 13)
VALID_EVERY = 5  # of the first months, every fifth day is kept to judge by

PLAN = ["hour", "minute_of_day", "weekday", "distance", "carrier_code", "origin_code", "dest_code"]
WEATHER = ["temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib"]
KEYS = ["origin", "year", "month", "day", "hour"]


def load(weather=True):
    """The flights that arrived, with the weather at their scheduled hour."""
    flights = pd.read_parquet("data/flights.parquet").dropna(subset=["arr_delay"])
    flights = flights.assign(
        late=(flights["arr_delay"] > LATE_MINUTES).astype("int8"),
        minute_of_day=flights["hour"] * 60 + flights["minute"],
        weekday=pd.to_datetime(flights[["year", "month", "day"]]).dt.weekday,
    )
    for name in ("carrier", "origin", "dest"):
        order = sorted(flights[name].unique())
        flights[f"{name}_code"] = flights[name].map({v: i for i, v in enumerate(order)})
    if weather:
        hours = pd.read_csv("data/weather.csv")[[*KEYS, *WEATHER]].drop_duplicates(KEYS)
        flights = flights.merge(hours, on=KEYS, how="left")
    return flights


def columns(weather=True, leak=False):
    """The names of the features; leak adds what is known only after departure."""
    return PLAN + (WEATHER if weather else []) + (["dep_delay"] if leak else [])


def split(flights):
    """The rows to learn from and the rows to judge by, both of the first months."""
    first = flights[flights["month"].isin(FIRST_MONTHS)]
    kept = first["day"] % VALID_EVERY == 0
    return first[~kept], first[kept]


def auc(truth, score):
    """The chance that a late flight scores above one on time."""
    order = np.argsort(score, kind="stable")
    _, inverse, counts = np.unique(score[order], return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = (ends - (counts - 1) / 2)[inverse]
    late = truth[order] == 1
    n, m = late.sum(), (~late).sum()
    return float((ranks[late].sum() - n * (n + 1) / 2) / (n * m))


def logloss(truth, chance):
    """Mean negative log likelihood. Not a number where a sure answer is wrong by rounding."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = truth * np.log(chance) + (1 - truth) * np.log(1 - chance)
    return float(-terms.mean())
