"""The import: good rows once, bad rows back, a dry run that changes nothing."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import town
from zhongshu.data import write
from zhongshu.hub.hub import Hub
from zhongshu.hub.import_commands import Import, Rejects, Tally, connector_of, summary
from zhongshu.kernel.errors import BadInput

MAPPING = """
source = "works"
key = "no"
[columns]
text = "words"
at = "made"
category = "kind"
lon = "x"
lat = "y"
[constants]
merge = "off"
[dates]
made = "%Y-%m-%d %H:%M"
"""
ROWS = """no,made,kind,x,y,words
1,2026-05-01 08:30,垃圾,113.3,23.1,一居路边
2,2026-05-01 08:31,rubbish,113.3,23.1,一居路边
3,2026-05-01 08:31,月亮,113.3,23.1,一居路边
4,2026-05-01 08:31,,xx,23.1,一居垃圾
5,2029-05-01 08:31,,,,一居垃圾
6,2026-05-01 08:31,,,,不知哪里的垃圾
6,2026-05-01 08:31,,,,不知哪里的垃圾
"""
Run = Callable[..., Tally]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "t.csv"
    path.write_text(ROWS, "utf-8")
    (tmp_path / "map.toml").write_text(MAPPING, "utf-8")
    return path


def run(hub: Hub, table: Path, mapping: Path, dry: bool = False) -> Tally:
    with ExitStack() as stack:
        job = Import(hub, table.name, Rejects(table.with_suffix(".rejects.csv"), stack), dry)
        assert list(job.run(connector_of(table).read(table, mapping)))
    return job.tally


def test_dry_then_real_then_again(hub: Hub, table: Path) -> None:
    mapping = table.with_name("map.toml")
    before = write.snapshot()
    dry = run(hub, table, mapping, dry=True)
    assert write.snapshot() == before
    real = run(hub, table, mapping)
    assert (
        (dry.rows, dry.new, dry.known, dry.rejected) == (real.rows, real.new, real.known, real.rejected) == (7, 3, 1, 3)
    )
    assert dry.units == real.units == {f"{town.STREET}-office": 2, "待人工 waits for a person": 1}
    after = write.snapshot()
    again = run(hub, table, mapping)
    assert (again.new, again.known, write.snapshot()) == (0, 4, after)


def test_bad_rows_come_back_with_their_reason(hub: Hub, table: Path) -> None:
    tally = run(hub, table, table.with_name("map.toml"), dry=True)
    with table.with_suffix(".rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        back = list(csv.DictReader(file))
    assert [(row["no"], row["line"], row["field"]) for row in back] == [
        ("3", "4", "category"), ("4", "5", "lon, lat"), ("5", "6", "at")
    ]  # fmt: skip
    assert (back[0]["found"], back[0]["words"]) == ("月亮", "一居路边")
    assert all(row["expected"] for row in back)
    told = "\n".join(summary(tally, True, table))
    assert ("dry run" in told, "t.csv:4: category" in told) == (True, True)


def test_only_tables(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="xlsx"):
        connector_of(tmp_path / "t.pdf")


ROOT = Path(__file__).parents[2]
SOURCE = (ROOT / os.environ.get("ZHONGSHU_REAL_DATA", "../shared/data")).resolve() / "requests"


@pytest.fixture
def angeles(database: str, tmp_path: Path) -> Iterator[Hub]:
    from tests.cities import los_angeles
    from zhongshu.cities.load import load
    from zhongshu.hub.loading import load_tools
    from zhongshu.kernel.settings import Settings

    load(los_angeles.build(SOURCE, tmp_path / "pack"))
    settings = Settings(home=str(tmp_path / "home"))
    yield Hub(lambda: load_tools(settings, ROOT / "zhongshu" / "scenarios"))


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.skipif(not SOURCE.is_dir(), reason="the real requests aren't here (set ZHONGSHU_REAL_DATA)")
def test_the_real_requests(angeles: Hub, tmp_path: Path) -> None:
    source, mapping = SOURCE / "los_angeles_311.csv.gz", ROOT / "tests/connectors/los_angeles_311.toml"
    rejects = tmp_path / "rejects.csv"

    def go() -> Tally:
        with ExitStack() as stack:
            job = Import(angeles, source.name, Rejects(rejects, stack))
            assert list(job.run(connector_of(source).read(source, mapping)))
        return job.tally

    first = go()
    assert first.rows == first.new + first.rejected == 29_999
    assert first.new > 26_000
    assert first.merged == 0
    assert {"latitude: a value", "nc: a value"} <= set(first.reasons)
    assert any(reason.startswith("closeddate: >= createddate") for reason in first.reasons)
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        assert len({row["srnumber"] for row in csv.DictReader(file)}) == first.rejected
    again = go()
    assert (again.new, again.known) == (0, first.new)
