"""Question 9, as far as cases go: a grid is split. What happens to last year's curve?"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from tests import town
from tests.conftest import Watch
from tests.hub.test_evaluate import live_through
from zhongshu.data import write
from zhongshu.data.databases import OWNER
from zhongshu.data.figures import rules, shown
from zhongshu.data.figures.counting import Asked, Cut, behind, counted
from zhongshu.hub.hub import Hub
from zhongshu.kernel.places import Place

OLD, NEW_A, NEW_B = f"{town.COMMUNITY}-1", f"{town.COMMUNITY}-2", f"{town.COMMUNITY}-3"
SOLVED = {"contacted": True, "solved": True, "satisfaction": 5}


@dataclass
class Split:
    """The atlas after the split: the same community, two grids by the number of what was said."""

    before: town.Atlas

    def locate(self, places: Sequence[Place], texts: Sequence[str]) -> list[Place]:
        found = self.before.locate(places, texts)
        return [replace(one, grid=NEW_A if "东" in text else NEW_B) for one, text in zip(found, texts, strict=True)]


@pytest.mark.practitioner
def test_last_years_curve_after_a_split(database: str, watch: Watch, capsys: pytest.CaptureFixture[str]) -> None:
    before = Hub(lambda: town.TOOLS, watch)
    window, june, july = rules.in_force().windows["natural_month"], date(2026, 6, 1), date(2026, 7, 1)
    old = [live_through(before, watch, f"一居垃圾{n}号东", **SOLVED) for n in range(3)]
    curve = counted(Asked(*window.bounds(june), Cut("grid")), OWNER)
    assert shown.keep(window, june, town.KNOWLEDGE, window.closes_at(june)) > 0
    assert {key: one["archive"] for key, one in curve.items()} == {OLD: 3}

    watch.now += timedelta(days=35)
    after = Hub(lambda: replace(town.TOOLS, atlas=Split(town.Atlas())), watch)
    live_through(after, watch, "一居垃圾东头", **SOLVED)
    live_through(after, watch, "一居垃圾西头", **SOLVED)
    again = counted(Asked(*window.bounds(june), Cut("grid")), OWNER)
    assert again == curve, "last year stands under the grid that was there"
    assert behind(Asked(*window.bounds(june), Cut("grid")), OLD, {"archive"}, (0, 10), OWNER) == old
    new = counted(Asked(*window.bounds(july), Cut("grid")), OWNER)
    assert {key: one["archive"] for key, one in new.items()} == {NEW_A: 1, NEW_B: 1}
    community = counted(Asked(window.bounds(june)[0], window.bounds(july)[1], Cut("place", 12)), OWNER)
    assert {key: one["archive"] for key, one in community.items()} == {town.COMMUNITY: 5}
    write.rebuild()
    assert shown.recompute(window, june, town.KNOWLEDGE) == []
    with capsys.disabled():
        sys.stdout.write(
            f"\n问 9（案件部分）：拆分前 6 月网格 {OLD} 办结 {curve[OLD]['archive']} 件，拆分后重算仍为 "
            f"{again[OLD]['archive']} 件，仍在原网格名下，名单不变；"
            f"拆分后 7 月记在 {NEW_A} {new[NEW_A]['archive']} 件、"
            f"{NEW_B} {new[NEW_B]['archive']} 件；按社区合计 {community[town.COMMUNITY]['archive']} 件，曲线不断。\n"
        )
