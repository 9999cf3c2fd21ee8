"""引擎 who answers: DuckDB in this process, or a Spark cluster by setting; the same files, the same expression."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Protocol

import duckdb
import ibis
import pyarrow as pa

from zhongshu.data.lake.cuts import Cut
from zhongshu.data.lake.files import SCHEMAS
from zhongshu.data.lake.wanted import NAMES
from zhongshu.kernel.errors import Outdated, Unavailable


@dataclass(frozen=True, slots=True)
class Source:
    """一张表: the cold part, in files, and the hot part, in memory."""

    table: str
    cold: Sequence[Path]
    hot: pa.Table


class Engine(Protocol):
    """Answers a cut of the named tables."""

    def ask(self, cut: Cut, sources: Sequence[Source]) -> pa.Table: ...


SETTINGS = {
    "TimeZone": "UTC",
    "parquet_metadata_cache": "true",
    "memory_limit": "4GB",
    "temp_directory": str(Path(gettempdir()) / "zhongshu-duckdb"),
    "autoinstall_known_extensions": "false",
}
"""DuckDB beside the web server leaves it room to breathe, and fetches nothing from anywhere."""


class DuckDB:
    """内嵌引擎. Ibis says the statement, DuckDB's own connection runs it."""

    def __init__(self) -> None:
        self._root = duckdb.connect()
        for name, value in SETTINGS.items():
            self._root.execute(f"SET {name} = '{value}'")

    def ask(self, cut: Cut, sources: Sequence[Source]) -> pa.Table:
        return self.say(_in_duckdb(cut), sources)

    def say(self, statement: str, sources: Sequence[Source]) -> pa.Table:
        """The answer to a SELECT in DuckDB's own words. Outdated when a file went since it was listed."""
        with self._root.cursor() as cursor:
            try:
                for source in sources:
                    _view(cursor, source)
                return cursor.sql(statement).to_arrow_table()
            except duckdb.IOException as error:
                raise Outdated(f"a file of the lake went while it was read: {error} / 查询时湖文件已更替") from error


@lru_cache(maxsize=1000)
def _in_duckdb(cut: Cut) -> str:
    """Remembered, because screens ask the same again and again, and saying it takes longer than many an answer."""
    return str(ibis.to_sql(cut.expression(), dialect="duckdb"))


def _view(cursor: Any, source: Source) -> None:
    name, names = NAMES[source.table], ", ".join(f'"{one}"' for one in SCHEMAS[source.table].names)
    parts = []
    if source.cold:
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in source.cold)
        parts.append(f"SELECT {names} FROM read_parquet([{listed}], hive_partitioning = false)")
    if source.hot.num_rows or not source.cold:
        cursor.register(f"hot_{name}", source.hot)
        parts.append(f"SELECT {names} FROM hot_{name}")
    cursor.execute(f'CREATE OR REPLACE TEMP VIEW "{name}" AS {" UNION ALL ".join(parts)}')


class Spark:
    """集群引擎: a Spark cluster whose workers see the lake's folder; `master` as spark://host:7077."""

    def __init__(self, master: str, options: Mapping[str, str] | None = None) -> None:
        """Unavailable when pyspark is not installed."""
        try:
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise Unavailable("pyspark is not installed: pip install 'zhongshu[spark]' / 未安装 pyspark") from error
        builder = SparkSession.builder.master(master).appName("zhongshu")
        for name, value in {"spark.sql.session.timeZone": "UTC", **(options or {})}.items():
            builder = builder.config(name, value)
        self.session = builder.getOrCreate()
        self._ibis = ibis.pyspark.connect(self.session)

    def ask(self, cut: Cut, sources: Sequence[Source]) -> pa.Table:
        for source in sources:
            self._bind(source)
        return self.session.sql(self._ibis.compile(cut.expression())).toArrow()

    def _bind(self, source: Source) -> None:
        found: Any = self.session.createDataFrame(source.hot) if source.hot.num_rows or not source.cold else None
        if source.cold:
            cold = self.session.read.parquet(*map(str, source.cold))
            found = cold if found is None else cold.unionByName(found)
        found.createOrReplaceTempView(NAMES[source.table])


_made: dict[str, Engine] = {}
_making = threading.Lock()


def engine(master: str = "") -> Engine:
    """The engine of this process: DuckDB, or the cluster at `master`."""
    with _making:
        if master not in _made:
            _made[master] = Spark(master) if master else DuckDB()
        return _made[master]
