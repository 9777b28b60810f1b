"""JSON tables as data scientists' tools write them, and by hand where loggers differ.

What is wanted is what Python's json module reads, put into a frame without guessing: a word
stays a word, unlike in pandas.read_json, which turns "00501" into a number.
"""

import gzip
import json

import pandas as pd

RAGGED = '''{"timestamp": "2024-03-01T10:00:00Z", "id": "00501", "score": 0.5, "label": "late", "n": 1}
{"id": "00502", "timestamp": "2024-03-01T11:00:00Z", "score": NaN, "label": null, "n": 2}

{"timestamp": "2024-03-01T12:00:00.250Z", "id": "NA", "score": Infinity, "label": "", "n": 3, "extra": {"a": [1, 2], "b": "}"}}\r
{"timestamp":"2024-03-02T00:00:00Z","id":"00502","score":-1.5e-3,"label":"on \\"time\\"","n":4,"tags":["x","y, z"]}
{"n": 9007199254740993, "label": "\\ud834\\udd1e \\u00e9\\u6771\\n", "score": 2, "extra": {}, "n": 9007199254740992}
{}
  {"gr\\u00f6\\u00dfe" : 1.25 , "id":"a\\\\b\\/c", "tags" : [ ] }
'''

VALUES = ["7", "8.5", "9", "10", "-1e2", "11", "12"] * 5
VALUES[3], VALUES[20] = '"abc"', '"12x"'


def frame(records):
    """The records as pandas has them, truth values with missing ones in their own type."""
    found = pd.DataFrame(records)
    for name in found.columns:
        kinds = {type(value) for value in found[name].dropna()}
        if kinds == {bool}:
            found[name] = found[name].astype("boolean")
    return found


def write(out, weather, flights, iris):
    """Yield each file's path, its frame and the columns where words stand among numbers."""
    path = out / "ragged.jsonl"
    path.write_text(RAGGED, newline="")
    yield path, frame([json.loads(line) for line in RAGGED.splitlines() if line.strip()]), ()

    path = out / "mixed.ndjson"
    path.write_text("".join(f'{{"row": {i}, "value": {v}}}\n' for i, v in enumerate(VALUES)))
    yield path, frame([json.loads(line) for line in path.read_text().splitlines()]), ("value",)

    path = out / "weather.jsonl.gz"
    lines = weather.head(400).to_json(orient="records", lines=True)
    path.write_bytes(gzip.compress(lines.encode(), mtime=0))
    yield path, frame([json.loads(line) for line in lines.splitlines()]), ()

    path = out / "iris.json"
    path.write_text(json.dumps(iris.to_dict(orient="records"), indent=1))
    yield path, frame(json.loads(path.read_text())), ()

    path = out / "flights_split.json"
    path.write_text(flights.head(120).to_json(orient="split"))
    found = json.loads(path.read_text())
    yield path, pd.DataFrame(found["data"], columns=found["columns"]), ()

    path = out / "flags.json"
    path.write_text('[{"on": true, "n": 1}, {"on": null, "n": 2}, {"on": false, "n": null}, {"n": 3}]')
    yield path, frame(json.loads(path.read_text())), ()
