"""Arrow IPC files and streams with every type that is read, by pyarrow and polars."""

import polars
import pyarrow as pa
import pyarrow.feather

import table_parquet

ROWS = table_parquet.ROWS


def more_columns():
    """What Parquet does not keep apart."""
    every = table_parquet.every
    return {
        "f16": pa.array(every(3, lambda r: r / 4), pa.float16()),
        "large": pa.array(every(4, lambda r: f"large {r}"), pa.large_string()),
        "view": pa.array(every(5, lambda r: "a view that is longer than twelve bytes " * (r % 2) + str(r)),
                         pa.string_view()),
        "four": pa.array([f"{row:04d}".encode() for row in range(ROWS)], pa.binary(4)),
        "day64": pa.array([row * 86_400_000 for row in range(ROWS)], pa.date64()),
        "at_s": pa.array(every(6, lambda r: r * 1_000_003), pa.timestamp("s")),
        "at_ns": pa.array([row * 1_000_000_000 - 1_000 for row in range(ROWS)], pa.timestamp("ns")),
        "codes": pa.array(every(7, lambda r: r % 5 * 1.5)).dictionary_encode(),
        "pair": pa.array(every(9, lambda r: [r, r + 1]), pa.list_(pa.int16(), 2)),
        "map": pa.array([[("a", row), ("b", None)] for row in range(ROWS)],
                        pa.map_(pa.string(), pa.int32())),
        "big": pa.array([[f"x{row}"] * (row % 3) for row in range(ROWS)], pa.large_list(pa.string())),
    }


def stream(path):
    """A stream whose dictionary grows, and is replaced by another."""
    kind = pa.dictionary(pa.int8(), pa.string())
    schema = pa.schema([("colour", kind), ("n", pa.int64())])
    levels = (["red", "green"], ["red", "green", "blue"], ["black", "white", None])
    with pa.ipc.new_stream(str(path), schema,
                           options=pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True)) as file:
        for k, words in enumerate(levels):
            ids = pa.array([None if row % 7 == 0 else row % len(words) for row in range(30)], pa.int8())
            colour = pa.DictionaryArray.from_arrays(ids, pa.array(words))
            file.write_batch(pa.record_batch([colour, pa.array(range(k * 30, k * 30 + 30))], schema=schema))


def write(out, flights):
    """Yield each file's path and the table in it."""
    table = pa.table({**table_parquet.flat_columns(), **table_parquet.nested_columns(), **more_columns()})
    for name, options in (("types_lz4.feather", {"compression": "lz4", "chunksize": 50}),
                          ("types_zstd.arrow", {"compression": "zstd"}),
                          ("types_plain.arrow", {"compression": "uncompressed", "chunksize": 70})):
        path = out / name
        pa.feather.write_feather(table, str(path), **options)
        yield path, pa.feather.read_table(str(path))
    path = out / "flights_polars.arrow"
    polars.from_pandas(flights.head(200)).write_ipc(path, compression="uncompressed")
    yield path, pa.feather.read_table(str(path))
    path = out / "rows.arrow"
    pa.feather.write_feather(table_parquet.many_rows(), str(path), compression="zstd", chunksize=9000)
    yield path, pa.feather.read_table(str(path))
    path = out / "dictionary.arrows"
    stream(path)
    with pa.ipc.open_stream(str(path)) as file:
        batches = [pa.table({"colour": b.column(0).cast(pa.string()), "n": b.column(1)}) for b in file]
    yield path, pa.concat_tables(batches)
