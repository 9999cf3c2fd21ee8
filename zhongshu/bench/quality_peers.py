"""质量检查的同行 the eight common rules in the words of other tools, over the same rows, with the rows that fail."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any

import polars as pl

PHONE = r"^1[3-9]\d{9}$"
SEXES = ("男", "女", "未知")
AGES = (0, 130)
LONS = (113.0, 114.0)
PEERS: Mapping[str, str] = {
    "dataframely": "dataframely",
    "duckdb": "duckdb",
    "pandera": "pandera",
    "great_expectations": "great-expectations",
}
"""Module -> name of the package; all of them are in the extra `bench`."""


def installed() -> dict[str, bool]:
    return {name: find_spec(name) is not None for name in PEERS}


def dataframely(frame: pl.DataFrame) -> tuple[Callable[[], Any], Callable[[Any], int]]:
    import dataframely as dy

    class People(dy.Schema):
        number = dy.Int64(nullable=False)
        phone = dy.String(nullable=True, regex=PHONE)
        name = dy.String(nullable=False)
        sex = dy.String(nullable=True, check=lambda item: item.is_in(SEXES))
        age = dy.Int32(nullable=True, min=AGES[0], max=AGES[1])
        lon = dy.Float64(nullable=True, min=LONS[0], max=LONS[1])
        since = dy.Date(nullable=True)
        until = dy.Date(nullable=True)

        @dy.rule()
        def ordered(cls) -> pl.Expr:  # noqa: N805
            return pl.col("since") <= pl.col("until")

        @dy.rule()
        def unique(cls) -> pl.Expr:  # noqa: N805
            return pl.col("number").is_unique()

    return lambda: People.filter(frame), lambda found: sum(found[1].counts().values())


_BAD = (
    "number IS NULL",
    f"NOT regexp_matches(phone, '{PHONE}')",
    "name IS NULL",
    "sex NOT IN ('男', '女', '未知')",
    "NOT age BETWEEN 0 AND 130",
    "NOT lon BETWEEN 113 AND 114",
    "since > until",
)


def duckdb(frame: pl.DataFrame) -> tuple[Callable[[], Any], Callable[[Any], int]]:
    """Counts and failing rows by one statement, those that share a key by another: its own storage, in memory."""
    connection = importlib.import_module("duckdb").connect()
    connection.from_arrow(frame.to_arrow()).create("people")
    flags = ", ".join(f"coalesce({bad}, false) AS bad{n}" for n, bad in enumerate(_BAD))
    rows = f"FROM people SELECT rowid, {flags} WHERE {' OR '.join(_BAD)}"
    twice = "FROM people SELECT number GROUP BY number HAVING count(*) > 1"
    shared = f"FROM people SELECT rowid WHERE number IN ({twice})"

    def run() -> Any:
        return connection.sql(rows).to_arrow_table(), connection.sql(shared).to_arrow_table()

    return run, _counted


def _counted(found: Any) -> int:
    flagged, shared = found
    return sum(sum(flagged.column(f"bad{n}").to_pylist()) for n in range(len(_BAD))) + len(shared)


def pandera(frame: pl.DataFrame) -> tuple[Callable[[], Any], Callable[[Any], int]]:
    pa = importlib.import_module("pandera.polars")
    between, order = pa.Check.in_range, pl.col("since") <= pl.col("until")
    schema = pa.DataFrameSchema(
        {
            "number": pa.Column(pl.Int64, unique=True),
            "phone": pa.Column(pl.String, pa.Check.str_matches(PHONE), nullable=True),
            "name": pa.Column(pl.String),
            "sex": pa.Column(pl.String, pa.Check.isin(list(SEXES)), nullable=True),
            "age": pa.Column(pl.Int32, between(*AGES), nullable=True),
            "lon": pa.Column(pl.Float64, between(*LONS), nullable=True),
            "since": pa.Column(pl.Date, nullable=True),
            "until": pa.Column(pl.Date, nullable=True),
        },
        checks=pa.Check(lambda data: data.lazyframe.select(order)),
    )
    errors = importlib.import_module("pandera.errors")

    def run() -> Any:
        try:
            schema.validate(frame, lazy=True)
        except errors.SchemaErrors as error:
            return error.failure_cases
        return None

    return run, lambda found: 0 if found is None else len(found)


def great_expectations(frame: pl.DataFrame) -> tuple[Callable[[], Any], Callable[[Any], int]]:
    """On pandas, which is what it works on in memory."""
    gx = importlib.import_module("great_expectations")
    gxe = gx.expectations
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("people")
    batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame.to_pandas()})
    suite = gx.ExpectationSuite(
        "people",
        expectations=[
            gxe.ExpectColumnValuesToBeUnique(column="number"),
            gxe.ExpectColumnValuesToNotBeNull(column="number"),
            gxe.ExpectColumnValuesToMatchRegex(column="phone", regex=PHONE),
            gxe.ExpectColumnValuesToNotBeNull(column="name"),
            gxe.ExpectColumnValuesToBeInSet(column="sex", value_set=list(SEXES)),
            gxe.ExpectColumnValuesToBeBetween(column="age", min_value=AGES[0], max_value=AGES[1]),
            gxe.ExpectColumnValuesToBeBetween(column="lon", min_value=LONS[0], max_value=LONS[1]),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="until", column_B="since", or_equal=True),
        ],
    )
    told = {"result_format": "COMPLETE", "unexpected_index_column_names": []}

    def count(found: Any) -> int:
        return sum(one.result.get("unexpected_count", 0) for one in found.results)

    return lambda: batch.validate(suite, result_format=told), count


def seconds(run: Callable[[], Any], times: int) -> tuple[float, float, Any]:
    """The best of some runs by the clock on the wall and by the processor, and what the last one found."""
    wall, processor, found = float("inf"), float("inf"), None
    for _ in range(times):
        began, used = time.perf_counter(), time.process_time()
        found = run()
        wall = min(wall, time.perf_counter() - began)
        processor = min(processor, time.process_time() - used)
    return wall, processor, found
