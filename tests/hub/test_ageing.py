"""What time alone does: clocks wake, closed cases are archived; and what it never does by itself."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connections, transaction

from tests import town, walk
from tests.conftest import Watch
from tests.hub.test_histories import born
from zhongshu.data import cases, timing, write
from zhongshu.data.counting import Count, count
from zhongshu.data.databases import OWNER
from zhongshu.hub.ageing import Order
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.clocks import Calendar, ClockRule
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role

HANDLER = town.viewer(town.STREET, "office", Role.HANDLER, user=11)
CHECKER = town.viewer(town.DISTRICT, "command", Role.CHECKER, user=12)
OPERATOR = town.viewer(town.CITY, "command", Role.OPERATOR, user=13)
CHANGED = Calendar(
    "office", "2", town.OFFICE.shifts, {date(2026, 6, 3): False, date(2026, 6, 6): True, date(2026, 6, 10): False}
)
RULES = {
    **town.KNOWLEDGE.clocks,
    "overall": ClockRule("overall", 3000, nearly=0.8),
    "bundled": ClockRule("bundled", 1500, nearly=0.5),
    "contact": ClockRule("contact", 300, "always", nearly=0.8),
}
KNOWLEDGE = replace(town.KNOWLEDGE, clocks=RULES)
AFTER = replace(
    KNOWLEDGE,
    calendars={**KNOWLEDGE.calendars, "office": CHANGED},
    former={"office@1": town.OFFICE, "office@2": CHANGED},
)


def knowing(hub: Hub, knowledge: Any) -> Hub:
    hub.load = lambda: replace(town.TOOLS, knowledge=knowledge)
    hub.refresh()
    return hub


def report(hub: Hub, watch: Watch, text: str, **more: Any) -> int:
    return hub.take_in([normalise({"text": text, "merge": "off", **more}, watch())])[0].facts[0].subject


def row(case: int) -> Any:
    return cases.rows([case])[case]


def close(hub: Hub, case: int) -> None:
    hub.act(HANDLER, case, Kind.SIGNED, {})
    hub.act(HANDLER, case, Kind.HANDLED, {"result": "已清运"})
    hub.act(CHECKER, case, Kind.CHECK_PASSED, {})


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def as_in_table(one: Count) -> dict[str, Any]:
    """What the table of clocks says of a clock, told from the facts."""
    return {
        "minutes": one.limit,
        "calendar": one.calendar,
        "due_at": one.due_at,
        "stopped_at": one.stopped_at,
        "paused": bool(one.pauses) and one.pauses[-1].end is None,
        "overdue": one.overdue_at is not None,
    }


def in_table(clock: dict[str, Any]) -> dict[str, Any]:
    return {
        "minutes": clock["minutes"],
        "calendar": clock["calendar"],
        "due_at": instant(clock["due_at"]),
        "stopped_at": instant(clock["stopped_at"]),
        "paused": clock["paused_at"] is not None,
        "overdue": clock["overdue"],
    }


@pytest.mark.parametrize("seed", range(3))
def test_what_is_explained_is_what_the_clocks_of_random_lives_say(hub: Hub, watch: Watch, seed: int) -> None:
    """Histories with extensions, hangings, returns and rework, in the middle of which the calendar changes."""
    dice = random.Random(f"explained {seed}")
    knowing(hub, KNOWLEDGE)
    found = born(hub, watch, 100 + seed, dice)
    for n in range(60):
        watch.now += timedelta(minutes=dice.randint(0, 200))
        walk.step(hub, dice.choice(found), dice)
        hub.advance()
        changing = [lambda: None, lambda: knowing(hub, AFTER).retime(Order("office", "改历"))][n == 30]
        changing()
    for case in found:
        last = {one.name: one for one in count(timing.facts_of(case), AFTER.calendar, watch()) if not one.automatic}
        table = {clock["name"]: clock for clock in row(case)["clocks"]}
        assert {name: as_in_table(one) for name, one in last.items()} == {n: in_table(c) for n, c in table.items()}
        running = [one for one in last.values() if not (one.stopped_at or one.paused or one.late)]
        for one in running:
            left = AFTER.calendar(one.calendar).used(watch(), one.due_at or watch())
            assert one.used + left == pytest.approx(one.limit, abs=0.51), (
                "what is left of the limit is what was not counted"
            )


def test_a_case_page_is_told_the_clocks_of_its_own_cases_only(hub: Hub, watch: Watch) -> None:
    case = report(hub, watch, "一居垃圾谁能看")
    near, far = (town.viewer(place, "office", Role.HANDLER) for place in (town.STREET, town.NEXT_STREET))
    names = [one.name for one in timing.counted(near, case, KNOWLEDGE.calendar, watch())]
    assert names == ["accept", "file", "dispatch", "sign", "contact", "handle"]
    assert timing.counted(far, case, KNOWLEDGE.calendar, watch()) == []


def test_all_clocks_that_woke_are_taken_at_once(hub: Hub, watch: Watch) -> None:
    watch.now += timedelta(days=100)
    while hub.advance():
        continue
    knowing(hub, KNOWLEDGE)
    raws = [normalise({"text": f"一居垃圾满地第{n}处", "merge": "off"}, watch()) for n in range(200)]
    found = [one.facts[0].subject for one in hub.take_in(raws)]
    watch.now += timedelta(days=4)
    due = len(timing.awake(watch(), 10_000))
    assert due > 500, "more than one batch"
    assert hub.advance() == due
    assert hub.advance() == 0
    assert all(row(case)["overdue"] for case in found[::40])


def test_a_case_in_somebodys_hands_is_left_for_the_next_look(hub: Hub, watch: Watch) -> None:
    watch.now += timedelta(days=200)
    while hub.advance():
        continue
    case = report(hub, watch, "一居垃圾正在办理")
    watch.now += timedelta(days=3)
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute('SELECT id FROM "case" WHERE id = %s FOR UPDATE', [case])
        assert hub.advance() == 0
    assert hub.advance() > 0


def test_closed_cases_are_archived_when_the_window_has_passed(hub: Hub, watch: Watch) -> None:
    watch.now += timedelta(days=300)
    again, kept, running = (report(hub, watch, f"一居垃圾归档{n}") for n in range(3))
    close(hub, again)
    close(hub, kept)
    watch.now += timedelta(days=29)
    assert [row(case)["state"] for case in (again, kept)] == ["closed", "closed"]
    hub.archive()
    assert row(kept)["state"] == "closed", "the window of thirty days is open"
    hub.act(OPERATOR, again, Kind.REOPENED, {"reason": "又堆满了"})
    watch.now += timedelta(days=2)
    while hub.archive():
        continue
    assert [row(case)["state"] for case in (again, kept, running)] == ["dispatched", "archived", "dispatched"]
    with pytest.raises(IllegalMove, match="archived"):
        hub.act(OPERATOR, kept, Kind.REOPENED, {"reason": "又堆满了"})
    live = write.snapshot()
    write.rebuild()
    assert write.snapshot() == live


def test_no_window_is_no_archive(hub: Hub, watch: Watch) -> None:
    close(hub, report(hub, watch, "一居垃圾永不归档"))
    watch.now += timedelta(days=900)
    knowing(hub, replace(KNOWLEDGE, clocks={**RULES, "archive": ClockRule("archive", 0)}))
    assert hub.archive() == 0
    knowing(hub, replace(KNOWLEDGE, clocks={**RULES, "archive": ClockRule("archive", 9_000_000, "office")}))
    assert hub.archive() == 0, "working minutes are longer than they look"


def test_an_unknown_calendar_is_a_sentence(hub: Hub) -> None:
    with pytest.raises(BadInput, match="no calendar 'moon'"):
        hub.retime(Order("moon", "改历"))


def test_the_due_moment_of_a_case_is_that_of_its_handling(hub: Hub, watch: Watch) -> None:
    """A rework gives back the time that the check took: the unit may still ask for more."""
    case = report(hub, watch, "一居垃圾返工")
    hub.act(HANDLER, case, Kind.SIGNED, {})
    hub.act(HANDLER, case, Kind.HANDLED, {"result": "已清运"})
    watch.now += timedelta(days=2)
    hub.act(CHECKER, case, Kind.CHECK_FAILED, {"reason": "仍有遗留"})
    handle = next(one for one in row(case)["clocks"] if one["name"] == "handle")
    assert instant(row(case)["due_at"]) == instant(handle["due_at"]) > watch.now
    hub.act(HANDLER, case, Kind.EXTENSION_ASKED, {"reason": "须返工", "extra_minutes": 60})
