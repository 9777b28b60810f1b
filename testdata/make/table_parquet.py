"""Parquet files with every type and encoding that a data scientist's tools write."""

import datetime
import decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 120
START = datetime.datetime(2024, 1, 1, 12, 30, 15, 250)


def every(number, value):
    """A column with a null in each row that number divides."""
    return [None if row % number == 0 else value(row) for row in range(ROWS)]


def flat_columns():
    stamps = [START + datetime.timedelta(hours=7 * row) for row in range(ROWS)]
    days = [stamp.date() for stamp in stamps]
    words = pa.array(every(11, lambda r: ("red", "green", "blue")[r % 3]))
    return {
        "i8": pa.array([row - 60 for row in range(ROWS)], pa.int8()),
        "i32": pa.array(every(7, lambda r: r * r), pa.int32()),
        "i64": pa.array([2**53 + row for row in range(ROWS)], pa.int64()),
        "u64": pa.array([2**63 + row * 4096 for row in range(ROWS)], pa.uint64()),
        "f32": pa.array(every(5, lambda r: r / 10), pa.float32()),
        "f64": pa.array([row / 7 - 3 for row in range(ROWS)], pa.float64()),
        "flag": pa.array(every(13, lambda r: r % 3 == 0), pa.bool_()),
        "word": pa.array([f"word {row % 17} ✓" for row in range(ROWS)]),
        "colour": words.dictionary_encode(),
        "raw": pa.array([bytes([row, 255 - row]) for row in range(ROWS)], pa.binary()),
        "money": pa.array(every(9, lambda r: decimal.Decimal(r * 125) / 100),
                          pa.decimal128(9, 2)),
        "day": pa.array(days, pa.date32()),
        "at_us": pa.array(every(10, lambda r: stamps[r]), pa.timestamp("us")),
        "at_utc": pa.array(stamps, pa.timestamp("ms", tz="UTC")),
        "nothing": pa.nulls(ROWS, pa.float64()),
    }


def nested_columns():
    point = pa.struct([("x", pa.float64()), ("y", pa.int32())])
    return {
        "list": pa.array(every(6, lambda r: list(range(r % 4))), pa.list_(pa.int64())),
        "struct": pa.array(every(8, lambda r: {"x": r / 2, "y": r}), point),
        "structs": pa.array([[{"x": 1.0, "y": row}] * (row % 3) for row in range(ROWS)],
                            pa.list_(point)),
    }


def plain_numbers():
    """Columns that can take the delta and split encodings."""
    return pa.table({
        "i": pa.array([row * 3 - 100 for row in range(ROWS)], pa.int64()),
        "s": pa.array([f"prefix-{row:04d}" for row in range(ROWS)]),
        "f": pa.array([row / 3 for row in range(ROWS)], pa.float64()),
    })


def many_rows():
    """Row groups longer than a batch, a dictionary that overflows into plain pages, nulls."""
    rows = range(14_000)
    return pa.table({
        "i": pa.array(rows, pa.int32()),
        "level": pa.array([None if r % 97 == 0 else f"level {r * r % 7}" for r in rows]),
        "word": pa.array([f"w{r % 3000 if r < 7000 else r}" for r in rows]),
        "none": pa.nulls(len(rows), pa.string()),
        "flag": pa.array([None if r % 5 == 0 else r % 2 == 0 for r in rows], pa.bool_()),
    })


def write(out):
    """Write the files below out; return their names."""
    flat, nested = flat_columns(), nested_columns()
    pq.write_table(pa.table({**flat, **nested}), out / "types_zstd.parquet",
                   compression="zstd", row_group_size=50)
    pq.write_table(pa.table(flat), out / "types_snappy.parquet", compression="snappy",
                   row_group_size=32, data_page_version="2.0", data_page_size=256)
    pq.write_table(plain_numbers(), out / "encodings.parquet", compression="gzip",
                   use_dictionary=False, data_page_version="2.0",
                   column_encoding={"i": "DELTA_BINARY_PACKED", "s": "DELTA_BYTE_ARRAY",
                                    "f": "BYTE_STREAM_SPLIT"})
    pq.write_table(pa.table(flat).slice(0, 0), out / "no_rows.parquet")
    pq.write_table(many_rows(), out / "row_groups.parquet", row_group_size=6000, compression="zstd",
                   dictionary_pagesize_limit=16_000, data_page_size=4_000, write_batch_size=500)
    return ["row_groups.parquet", "types_zstd.parquet", "types_snappy.parquet", "encodings.parquet",
            "no_rows.parquet"]


def read(path):
    return convert(pq.read_table(path))


def convert(table):
    """A table as pandas has it, decimals and dates in types that pandas computes with."""
    frame = table.to_pandas(integer_object_nulls=False)
    for field in table.schema:
        if pa.types.is_decimal(field.type):
            frame[field.name] = pd.to_numeric(frame[field.name].astype("float64"))
        elif pa.types.is_date(field.type):
            frame[field.name] = pd.to_datetime(frame[field.name])
        elif pa.types.is_dictionary(field.type):
            words = pa.types.is_string(field.type.value_type)
            frame[field.name] = frame[field.name].astype("object" if words else "float64")
        elif pa.types.is_boolean(field.type):
            frame[field.name] = frame[field.name].astype("boolean")
    return frame
