"""A city is data: Los Angeles passes the same checker and loader, with no line of code changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cities import los_angeles
from tests.cities.conftest import Late
from zhongshu.cities.check import examine
from zhongshu.kernel.places import Level

ROOT = Path(__file__).parents[2]
SOURCE = (ROOT / os.environ.get("ZHONGSHU_REAL_DATA", "../shared/data")).resolve() / "requests"

packs, loading = Late("zhongshu.data.packs"), Late("zhongshu.cities.load")

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not SOURCE.is_dir(), reason="the real requests aren't here (set ZHONGSHU_REAL_DATA)"),
]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return los_angeles.build(SOURCE, tmp_path_factory.mktemp("angeles"))


def test_it_is_sound(pack: Path) -> None:
    verdict = examine(pack)
    assert verdict.flaws == []
    assert verdict.gaps == []
    assert verdict.pack is not None
    assert {row["level"] for row in verdict.pack.rows("divisions")} == {1, 2, 3, 4}
    assert len(verdict.pack.rows("categories")) == 12
    assert len(verdict.pack.rows("grids")) >= 90


def test_it_loads_and_answers(pack: Path, database: str) -> None:
    added = loading.load(pack).tables
    assert added["Category"] == packs.Change(added=12)
    assert loading.load(pack).touched == 0
    known = packs.knowledge()
    assert known.scheme.level(known.city) is Level.CITY
    assert known.calendars["office"].zone.utcoffset(None).total_seconds() == -8 * 3600
    graffiti = next(code for code, category in known.categories.items() if category.name == "Graffiti Removal")
    assert known.duties[graffiti][0].host == "city/beautification"
    assert known.unit_at[known.city, "beautification"] == "06-beautification"
