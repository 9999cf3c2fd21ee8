"""The same expressions on a Spark cluster give the same answers as DuckDB inside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from tests import town
from tests.data.lake import shore
from zhongshu.data.lake.asking import Asker
from zhongshu.data.lake.place import Lake
from zhongshu.data.lake.wanted import Wanted
from zhongshu.kernel.settings import Settings

pytest.importorskip("pyspark", reason="Spark is not installed: pip install 'zhongshu[spark]', and a Java runtime")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning"),
]
ASKED: list[tuple[tuple[str, ...], str, dict[str, Any]]] = [
    (("day", "grid"), "", {}),
    (("district", "hour"), "", {}),
    (("hour",), "", {"grid": f"{shore.PLACES['S3']}-3"}),
    (("district", "hour"), "rows", {}),
    (("sensor", "day"), "rows", {}),
    (("kind", "district"), "rows", {"table": "fact", "end": shore.NOW + timedelta(days=500)}),
]


@pytest.fixture
def folder(database: str, tmp_path: Path) -> Iterator[Path]:
    shore.empty()
    with override_settings(ZHONGSHU_LAKE=Settings(lake=str(tmp_path))):
        yield tmp_path


def test_the_cluster_answers_as_duckdb_does(folder: Path, master: str) -> None:
    from zhongshu.data.lake.engines import DuckDB, Spark

    shore.keep(shore.readings())
    shore.run(shore.mover(folder))
    spark = Spark(master, {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2"})
    for by, grain, narrowed in ASKED:
        wanted = Wanted(shore.START, narrowed.pop("end", shore.EVERY_DAY[1]), by, **narrowed)
        here, there = (
            Asker(Lake(folder), town.SCHEME, shore.CITY, one).ask(wanted, grain) for one in (DuckDB(), spark)
        )
        assert there.rows.equals(here.rows)
        assert here.rows.num_rows > 0
        assert here.hot > 0
    spark.session.stop()


@pytest.fixture
def master() -> str:
    import os

    return os.environ.get("ZHONGSHU_LAKE_SPARK") or "local[2]"
