"""A second city is data: real requests through the whole road, each on the desk of the owner the file names."""

from __future__ import annotations

import csv
import gzip
import os
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from tests.cities.los_angeles import build
from zhongshu.hub.hub import Hub
from zhongshu.hub.import_commands import Import, Rejects, connector_of
from zhongshu.kernel.settings import Settings

SOURCE = Path(os.environ.get("ZHONGSHU_REAL_DATA") or "../shared/data") / "requests"
FILE = SOURCE / "los_angeles_311.csv.gz"
MAPPING = Path(__file__).parent.parent / "connectors" / "los_angeles_311.toml"
SQL = """SELECT r.key, c.grid, c.host FROM report r JOIN "case" c ON c.id = r."case" """


@pytest.mark.real
def test_the_real_requests_reach_the_right_desk_and_council(database: str, tmp_path: Path) -> None:
    if not FILE.exists():
        pytest.skip(f"the real requests are not at {FILE}")
    from zhongshu.cities.load import load
    from zhongshu.hub.loading import load_tools

    load(build(SOURCE, tmp_path / "pack"))
    settings = Settings(home=str(tmp_path))
    hub = Hub(lambda: load_tools(settings, tmp_path / "none"))
    with ExitStack() as stack:
        job = Import(hub, FILE.name, Rejects(tmp_path / "rejects.csv", stack), False)
        assert list(job.run(connector_of(FILE).read(FILE, MAPPING)))
    rows = {row["srnumber"]: row for row in table(FILE)}
    agencies = {row["data_code"]: row["agency_name"] for row in table(SOURCE / "los_angeles_agencies.csv")}
    with psycopg.connect(database) as connection:
        found = connection.execute(SQL).fetchall()
    assert len(found) == job.tally.new > 23_000
    desks = Counter(
        agencies[rows[key]["owner"]] == hub.tools.knowledge.units[host].name_en for key, _grid, host in found
    )
    councils = Counter(council(rows[key]["nc"]) == grid[6:9] for key, grid, _host in found if grid)
    assert share(desks) > 0.99, desks
    assert share(councils) > 0.98, councils


def table(path: Path) -> list[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def council(number: str) -> str:
    return f"{int(float(number)):03d}"


def share(counted: Counter[bool]) -> float:
    return counted[True] / counted.total()
