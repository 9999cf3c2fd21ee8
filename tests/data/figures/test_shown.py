"""What a day showed stays: late words, exclusions and reopened cases change what is counted now, never what was."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests import town
from tests.conftest import Watch
from tests.hub.test_evaluate import HANDLER, OPERATOR, live_through
from zhongshu.data import ledger, write
from zhongshu.data.databases import OWNER
from zhongshu.data.figures import ledgers, rules, shown
from zhongshu.data.figures.counting import Asked, Cut, behind, counted
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.errors import IllegalMove
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role

DAY = date(2026, 6, 1)
CHIEF = town.viewer(town.DISTRICT, "command", Role.CHIEF, user=31)
THIRD = town.viewer(town.CITY, "command", Role.CHIEF, user=32)
SOLVED = {"contacted": True, "solved": True, "satisfaction": 5}


def today(counters: str, day: date = DAY, cut: Cut | None = None) -> Any:
    window = rules.in_force().windows["natural_day"]
    found = counted(Asked(*window.bounds(day), cut or Cut()), OWNER)
    return found[""][counters] if "" in found else 0


def exclude(hub: Hub, case: int) -> None:
    hub.act(HANDLER, case, Kind.EXCLUSION_ASKED, {"reason": "不可抗力", "clause": "第九条"})
    hub.act(CHIEF, case, Kind.EXCLUDED, {})


def test_a_past_day_stays_what_it_was(hub: Hub, watch: Watch) -> None:
    first = live_through(hub, watch, "一居垃圾甲", **SOLVED)
    second = live_through(hub, watch, "一居垃圾乙", contacted=True, solved=True, satisfaction=3)
    window = rules.in_force().windows["natural_day"]
    assert shown.kept_head("natural_day", DAY) is None
    assert shown.keep(window, DAY, town.KNOWLEDGE, window.closes_at(DAY)) > 0
    assert shown.keep(window, DAY, town.KNOWLEDGE, window.closes_at(DAY)) == 0, "kept once"
    then = shown.kept("natural_day", DAY, "all")[""]
    assert (then.counters["archive"], then.counters["valid"]) == (2, 2)
    assert then.rates["overall"] == pytest.approx(0.1 + 0.4 * 1.9 / 2 + 0.5)

    watch.now += timedelta(days=2)
    hub.act(OPERATOR, first, Kind.REOPENED, {"reason": "又堆了"})
    exclude(hub, first)
    back = [normalise({"text": "一居垃圾补录", "at": "2026-06-01T06:00:00+00:00"}, watch())]
    hub.take_in(back)
    hub.act(HANDLER, second, Kind.EXCLUSION_ASKED, {"reason": "补件", "clause": "第一条"})
    assert today("report") == 3, "the report that was written down later counts when the day is counted anew"
    assert shown.recompute(window, DAY, town.KNOWLEDGE) == [], "and never in what the day showed"
    assert shown.kept("natural_day", DAY, "all")[""] == then
    head = shown.kept_head("natural_day", DAY)
    unit = f"{town.STREET}-office"
    solved = behind(Asked(*window.bounds(DAY), Cut("unit"), head), unit, {"solved"}, (0, 10), OWNER)
    assert solved == sorted([first, second]), "the list of a shown figure is the list of then"
    assert write.rebuild() > 0
    assert shown.recompute(window, DAY, town.KNOWLEDGE) == []


def test_a_changed_past_is_found(hub: Hub, watch: Watch) -> None:
    from django.db import connections

    window, day = rules.in_force().windows["natural_day"], date(2026, 8, 3)
    watch.now += timedelta(days=63)
    live_through(hub, watch, "一居垃圾丙", **SOLVED)
    shown.keep(window, day, town.KNOWLEDGE, window.closes_at(day))
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "UPDATE shown_figure SET counters = jsonb_set(counters, '{solved}', '9') WHERE day = %s AND cut = 'all'",
            [day],
        )
    found = shown.recompute(window, day, town.KNOWLEDGE)
    assert [(one.cut, one.name, one.shown, one.counted) for one in found] == [("all", "solved", 9, 1)]


def test_exclusions_count_from_then_and_are_listed(hub: Hub, watch: Watch) -> None:
    watch.now += timedelta(days=92)
    start, day = watch.now, watch.now.date()
    case = live_through(hub, watch, "一居垃圾丁", contacted=True, solved=False, satisfaction=1)
    other = live_through(hub, watch, "一居垃圾戊", **SOLVED)
    assert (today("valid", day), today("excluded", day)) == (2, 0)
    hub.act(HANDLER, case, Kind.EXCLUSION_ASKED, {"reason": "不合理诉求", "clause": "第九条"})
    with pytest.raises(IllegalMove, match="who asked"):
        hub.act(town.viewer(town.STREET, "office", Role.CHIEF, user=HANDLER.user), case, Kind.EXCLUDED, {})
    hub.act(CHIEF, case, Kind.EXCLUDED, {})
    assert (today("valid", day), today("excluded", day)) == (1, 1), "out of the base, and counted apart"
    window = rules.in_force().windows["natural_day"]
    left = behind(Asked(*window.bounds(day)), "", {"excluded"}, (0, 10), OWNER)
    assert left == [case]

    end = watch.now + timedelta(days=1)
    found = ledgers.exclusions(THIRD, start, end, (1.0, 2026))
    assert [(one.case, one.sampled, one.upheld) for one in found] == [(case, True, None)]
    assert [one.sampled for one in ledgers.exclusions(THIRD, start, end, (0.0, 2026))] == [False]
    with pytest.raises(IllegalMove, match="neither of the two"):
        hub.act(CHIEF, case, Kind.EXCLUSION_REVIEWED, {"upheld": False, "reason": "依据不足"})
    hub.act(THIRD, case, Kind.EXCLUSION_REVIEWED, {"upheld": False, "reason": "依据不足"})
    assert (today("valid", day), today("excluded", day)) == (2, 0), "not upheld counts again"
    assert [one.upheld for one in ledgers.exclusions(THIRD, start, end, (1.0, 2026))] == [False]
    assert other != case


def test_the_sample_is_the_same_each_time(hub: Hub, watch: Watch) -> None:
    watch.now += timedelta(days=123)
    start = watch.now
    for number in range(12):
        case = live_through(hub, watch, f"一居垃圾第{number}堆", **SOLVED)
        exclude(hub, case)
    end = watch.now + timedelta(days=1)
    drawn = [one.case for one in ledgers.exclusions(THIRD, start, end, (0.5, 7)) if one.sampled]
    assert drawn == [one.case for one in ledgers.exclusions(THIRD, start, end, (0.5, 7)) if one.sampled]
    assert 0 < len(drawn) < 12
    assert drawn != [one.case for one in ledgers.exclusions(THIRD, start, end, (0.5, 8)) if one.sampled]


def test_closed_periods_are_kept_by_themselves(hub: Hub, watch: Watch) -> None:
    watch.now += timedelta(days=200)
    live_through(hub, watch, "一居垃圾末", **SOLVED)
    now = watch.now + timedelta(days=3)
    assert shown.keep_due(town.KNOWLEDGE, now) > 0
    assert shown.keep_due(town.KNOWLEDGE, now) == 0
    assert shown.keep_due(town.KNOWLEDGE, now + timedelta(days=1)) >= 2, "one more day of both kinds"
    assert list(ledger.verify()) == []
