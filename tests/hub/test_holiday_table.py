"""A practitioner asks: one case from phone call to archive, every clock in working minutes, with the calendar version.

Then the holiday table changes: which open cases move, which closed ones stay?
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Watch
from zhongshu.cities.demo.generate import generate
from zhongshu.data import cases, timing, write
from zhongshu.data.counting import Count, count
from zhongshu.hub.ageing import Order
from zhongshu.hub.clock_commands import COMMANDS, told
from zhongshu.hub.clock_page import as_json, page
from zhongshu.hub.desk import Tools
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.desk import Guess, Knowledge
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import EVERYWHERE, Place
from zhongshu.kernel.settings import Settings

pytestmark = pytest.mark.practitioner


class Model:
    """The category is said by the source."""

    def classify(self, texts: Sequence[str]) -> list[Guess]:
        return [Guess("", 0.0) for _ in texts]


@dataclass
class Atlas:
    code: str

    def locate(self, places: Sequence[Place], texts: Sequence[str]) -> list[Place]:
        return [Place(code=self.code, grid="", how="said") for _ in places]


@dataclass
class City:
    """The demo city, its hub, and people of its units."""

    hub: Hub
    watch: Watch
    folder: Path
    place: str

    @property
    def knowledge(self) -> Knowledge:
        return self.hub.tools.knowledge

    def category(self, name: str) -> str:
        return next(c.code for c in self.knowledge.categories.values() if c.name == name)

    def report(self, category: str, text: str, /, **more: Any) -> int:
        raw = {"text": text, "category": self.category(category), "merge": "off", "channel": "phone", **more}
        return self.hub.take_in([normalise(raw, self.watch())])[0].facts[0].subject

    def act(self, case: int, kind: str, user: int, **payload: Any) -> None:
        row = cases.rows([case])[case]
        unit = self.knowledge.units[row["host"]]
        if kind in (Kind.CHECK_PASSED, Kind.CHECK_FAILED):
            unit = next(one for one in self.knowledge.units.values() if one.kind == "supervision")
        viewer = Viewer(unit.code, unit.name, unit.code, unit.level, unit.place, EVERYWHERE, frozenset(Role), user)
        self.hub.act(viewer, case, kind, payload)

    def counts(self, case: int) -> list[Count]:
        return count(timing.facts_of(case), self.knowledge.calendar, self.watch())


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CITY_TIME)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("pack")
    generate(found, "small", 7)
    return found


@pytest.fixture
def city(database: str, watch: Watch, folder: Path) -> Iterator[City]:
    from zhongshu.cities.load import load
    from zhongshu.data import packs

    load(folder)
    knowledge = packs.knowledge()
    place = next(code for code in sorted(knowledge.names) if code.endswith("001") and knowledge.scheme.level(code) == 4)
    yield City(Hub(lambda: Tools(packs.knowledge(), Model(), Atlas(place)), watch), watch, folder, place)


def whole_life(city: City) -> int:
    """道路破损, five working days: from the phone call on Monday the 21st to the archive."""
    city.watch.now = at(9, 21, 9, 30)
    case = city.report("路面破损", "门前道路破损，车辆颠簸", name="张三", phone="13800000000")
    for moment, kind, user, payload in (
        (at(9, 21, 11), Kind.SIGNED, 1, {}),
        (at(9, 21, 15), Kind.CONTACTED, 1, {"text": "已联系来电人"}),
        (at(9, 24, 10), Kind.HANDLED, 1, {"result": "已铣刨罩面"}),
        (at(9, 24, 16), Kind.CHECK_FAILED, 2, {"reason": "接缝不平"}),
        (at(9, 28, 9, 45), Kind.HANDLED, 1, {"result": "已重新压实"}),
        (at(9, 28, 11), Kind.CHECK_PASSED, 2, {}),
    ):
        city.watch.now = moment
        city.hub.advance()
        city.act(case, kind, user, **payload)
    city.watch.now = at(9, 28, 20)
    (reporter,) = cases.rows([case])[case]["reporters"]
    answer = {"report": reporter["report"], "contacted": True, "solved": True, "satisfaction": 5}
    city.act(case, Kind.CALLED_BACK, 3, **answer)
    return case


def change_holidays(city: City) -> None:
    """The 10th of October is no make-up workday any more, and the 8th is a holiday too."""
    from zhongshu.cities.load import load

    path = city.folder / "calendar_days.csv"
    with path.open(encoding="utf-8", newline="") as file:
        days = [row for row in csv.DictReader(file) if (row["calendar"], row["date"]) != ("*", "2026-10-10")]
    days.append({"calendar": "*", "date": "2026-10-08", "works": "0", "name": "临时放假"})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(days[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(days)
    load(city.folder)
    city.hub.refresh()


def short(counts: Sequence[Count]) -> list[tuple[str, float, int, bool]]:
    """(clock, minutes counted, limit, late) in the order they began."""
    return [(one.name, one.used, one.limit, one.late) for one in counts]


def due(city: City, case: int) -> dict[str, str]:
    """When the clocks that run are due, in city time."""
    clocks = [one for one in cases.rows([case])[case]["clocks"] if not one["stopped_at"]]
    return {one["name"]: f"{datetime.fromisoformat(one['due_at']).astimezone(CITY_TIME):%m-%d %H:%M}" for one in clocks}


def command(name: str, *words: str) -> str:
    """What a command prints."""
    found = next(one for one in COMMANDS if one.name == name)
    parser = argparse.ArgumentParser()
    found.configure(parser)
    with redirect_stdout(StringIO()) as out:
        assert found.run(parser.parse_args(words), Settings()) == 0
    return out.getvalue()


def unnamed(text: str) -> str:
    """Without numbers of facts and cases, which differ from run to run."""
    return re.sub(r"fact \d+", "fact #", re.sub(r"\d{8}-\d+ \(\d+\)", "#", text))


LIFE = [
    ("accept", 0, 0, False),
    ("overall", 2070, 6300, False),
    ("file", 0, 0, False),
    ("dispatch", 0, 0, False),
    ("sign", 90, 210, False),
    ("contact", 210, 420, False),
    ("handle", 1290 + 165, 2100, False),
    ("bundled", 1770, 5460, False),
    ("check", 240, 420, False),
    ("check", 75, 420, False),
    ("call_back", 540, 840, False),
]
"""Reckoned by hand: the 25th is a holiday (中秋节), a working day has 420 minutes, the hotline counts 09:00-21:00."""


def test_from_phone_call_to_archive_then_the_holidays_change(city: City) -> None:
    closed = whole_life(city)
    old = city.knowledge.calendars["office"].version
    counts = city.counts(closed)
    first = page(counts, "一问：从来电到归档", city.watch())
    sys.stdout.write(unnamed(first))
    assert sorted(short(counts)) == sorted(LIFE)
    assert f"限 limit 2100 分 min · office@{old}" in first
    assert "放假不计 holidays not counted: 2026-09-25" in first
    assert json.loads(json.dumps(as_json(counts)))[0]["used"] == 0

    city.watch.now = at(9, 28, 16)
    road = city.report("路面破损", "路面破损积水")
    cover = city.report("井盖缺失", "路上没有井盖")
    assert due(city, road)["handle"] == "10-10 16:00", "the make-up Saturday counts"
    change_holidays(city)
    new = city.knowledge.calendars["office"].version
    city.watch.now = at(9, 29, 10)
    assert new != old
    assert due(city, road)["handle"] == "10-10 16:00", "a changed calendar moves nothing by itself"

    printed = command("clock move", "--calendar", "office", "--dry-run")
    assert f"office@{new}: 在办 open cases 2 件" in printed
    assert "dry run, nothing written" in printed
    before = write.snapshot()
    rehearsed = city.hub.retime(Order("office", "临时放假", dry_run=True))
    assert write.snapshot() == before
    moved = city.hub.retime(Order("office", "临时放假"))
    sys.stdout.write(unnamed(told(moved, dry_run=False)))
    assert (rehearsed.cases, rehearsed.shifts) == (moved.cases, moved.shifts)
    assert (moved.version, moved.cases, moved.moved) == (f"office@{new}", 2, 2)
    assert due(city, road) == {**due(city, road), "handle": "10-13 16:00", "sign": "09-29 10:30"}
    assert [one["clock"] for one in moved.sample[1]["moved"]] == ["bundled", "overall"], "its handling runs 7x24"
    assert [fact.kind for fact in timing.facts_of(closed) if fact.kind == Kind.RETIMED] == []
    assert page(city.counts(closed), "一问：从来电到归档", at(9, 28, 20)) == first, (
        "what is closed stays, to the letter"
    )
    handle = next(one for one in city.counts(road) if one.name == "handle")
    assert [one.calendar for one in handle.stretches] == [f"office@{old}", f"office@{new}"][: len(handle.stretches)]
    assert city.hub.retime(Order("office", "再来一次")).cases == 0, "done once, there is nothing left to move"

    number = cases.rows([closed])[closed]["number"]
    assert "【处置 handle】 限 limit 2100 分 min" in command("clock explain", number)
    assert json.loads(command("clock explain", str(closed), "--json"))[-1]["stopped_kind"] == "Closed"
    with pytest.raises(NotFound, match="没有这个案件"):
        command("clock explain", "no-such-case")

    city.watch.now = at(10, 28, 21)
    while city.hub.archive():
        continue
    assert cases.rows([closed, cover])[closed]["state"] == "archived"
    with pytest.raises(Exception, match="archived"):
        city.act(closed, Kind.REOPENED, 1, reason="又坏了")
    sys.stdout.write(f"归档 archived {city.watch():%Y-%m-%d}，时限说明不变 explanation unchanged\n")
    live = write.snapshot()
    write.rebuild()
    assert write.snapshot() == live
