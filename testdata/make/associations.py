"""Write what scipy, scikit-learn, dython, pandas and statsmodels say of pairs of columns.

    python associations.py TABLES STATS PROFILE

TABLES is testdata/formats/table; STATS and PROFILE are the testdata folders of engine/stats and
engine/profile. dython's Cramer's V has Yates' correction for 2 x 2 tables and scipy's association
none: the bias-corrected V is therefore written from scipy's chi-squared without it, and dython's
beside it for the tables where both are the same.
"""

import json
import math
import pathlib
import sys
import warnings

import numpy as np
import pandas as pd
from dython.nominal import correlation_ratio, cramers_v, theils_u
from scipy import stats
from sklearn.metrics import mutual_info_score, normalized_mutual_info_score
from statsmodels.tsa.stattools import acf, adfuller

warnings.simplefilter("ignore")
tables, stats_out, profile_out = map(pathlib.Path, sys.argv[1:4])
rng = np.random.default_rng(13)


def plain(x):
    x = float(x)
    return None if math.isnan(x) else x


def corrected_v(a, b):
    table = pd.crosstab(pd.Series(a), pd.Series(b))
    n = table.to_numpy().sum()
    phi = stats.chi2_contingency(table, correction=False)[0] / n
    r, k = table.shape
    phi = max(0, phi - (k - 1) * (r - 1) / (n - 1))
    rc, kc = r - (r - 1) ** 2 / (n - 1), k - (k - 1) ** 2 / (n - 1)
    return math.sqrt(phi / min(kc - 1, rc - 1))


def coded(n, a, b, noise):
    x = rng.integers(0, a, n)
    y = np.where(rng.random(n) < noise, rng.integers(0, b, n), x % b)
    return x, y


def nominal(x, y, z):
    return {
        "a": x.tolist(), "b": y.tolist(), "z": [plain(v) for v in z],
        "cramers_v": corrected_v(x, y), "dython_v": plain(cramers_v(x, y)),
        "u_ab": theils_u(x, y), "u_ba": theils_u(y, x),
        "mi": mutual_info_score(x, y), "nmi": normalized_mutual_info_score(x, y),
        "chi2": stats.chi2_contingency(pd.crosstab(x, y), correction=False)[0],
        "eta": plain(correlation_ratio(x[~np.isnan(z)], z[~np.isnan(z)])),
    }


def pairs():
    out = []
    for n, tied, gaps in ((50, False, 0), (400, True, 0), (300, False, 0.2), (500, True, 0.4), (2, False, 0), (40, True, 0.9)):
        x = rng.normal(1e6, 3, n)
        y = x * 0.4 + rng.normal(0, 1, n)
        if tied:
            x, y = np.round(x), np.round(y)
        x[rng.random(n) < gaps] = np.nan
        y[rng.random(n) < gaps / 2] = np.nan
        f = pd.DataFrame({"x": x, "y": y})
        out.append({"x": [plain(v) for v in x], "y": [plain(v) for v in y], "pearson": plain(f.corr().iloc[0, 1]),
                    "spearman": plain(f.corr("spearman").iloc[0, 1])})
    return out


def nominals():
    out = []
    for n, a, b, noise in ((60, 2, 2, 0.3), (300, 5, 3, 0.2), (300, 7, 7, 0.0), (500, 12, 4, 1.0), (1000, 30, 6, 0.5)):
        x, y = coded(n, a, b, noise)
        z = y * 1.5 + rng.normal(0, 1, n)
        z[rng.random(n) < 0.1] = np.nan
        out.append(nominal(x, y, z))
    return out


def series():
    t = np.arange(400)
    walk = np.cumsum(rng.normal(size=400))
    kinds = {"noise": rng.normal(size=300), "walk": walk, "trend": 0.05 * t + rng.normal(size=400),
             "season": np.sin(t * 2 * np.pi / 12) + rng.normal(0, 0.2, 400), "ar": np.zeros(250), "short": rng.normal(size=25)}
    for i in range(1, 250):
        kinds["ar"][i] = 0.8 * kinds["ar"][i - 1] + rng.normal()
    out = []
    for name, x in kinds.items():
        stat, p, lags, used, *_ = adfuller(x)
        out.append({"name": name, "x": x.tolist(), "stat": stat, "p": p, "lags": int(lags), "used": int(used),
                    "acf": acf(x, nlags=min(20, len(x) - 1), fft=False).tolist()})
    return out


def columns(file):
    f = pd.read_csv(tables / file)
    f = f.loc[:, f.nunique() > 1]
    numbers = f.select_dtypes("number")
    found = {"file": file}
    for method in ("pearson", "spearman"):
        m = numbers.corr(method)
        found[method] = [[a, b, plain(m.loc[a, b])] for i, a in enumerate(m) for b in list(m)[i + 1:]]
    gaps = pd.read_csv(tables / file).isna()
    gaps = gaps.loc[:, gaps.any()].corr() if gaps.any().sum() > 1 else pd.DataFrame()
    found["nullity"] = [[a, b, plain(gaps.loc[a, b])] for i, a in enumerate(gaps) for b in list(gaps)[i + 1:]]
    texts = f.select_dtypes(exclude="number")
    texts = texts.loc[:, (texts.nunique() <= 100) & (texts.nunique() > 1)]
    found["eta"] = [[c, v, plain(correlation_ratio(f[c][f[[c, v]].notna().all(axis=1)], f[v][f[[c, v]].notna().all(axis=1)]))]
                    for c in texts for v in numbers]
    found["cramers_v"] = [[a, b, corrected_v(f[a], f[b])] for i, a in enumerate(texts) for b in list(texts)[i + 1:]]
    patterns = pd.read_csv(tables / file).isna()
    patterns = patterns[patterns.any(axis=1)].value_counts()
    found["patterns"] = [[[c for c, m in zip(patterns.index.names, key) if m], int(n)] for key, n in patterns.items()][:20]
    return found


profile_out.mkdir(exist_ok=True)
(stats_out / "associations.json").write_text(json.dumps({"pairs": pairs(), "nominal": nominals(), "series": series()}))
(profile_out / "correlations.json").write_text(json.dumps([columns(f) for f in ("weather.csv", "flights.csv.gz", "wine.csv", "iris.csv", "missing.csv")], indent=1))
