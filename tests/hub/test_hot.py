"""Hot issues live: gathered from what came in, remembered under one number, seen in part, acted on, kept by facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from tests import town
from tests.conftest import Watch
from zhongshu.data import hot, ledger, write
from zhongshu.data.databases import APP, OWNER, dicts
from zhongshu.data.viewing import viewing
from zhongshu.hub import hot as gathering
from zhongshu.hub import issue_acts
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role

CITY = town.viewer(town.CITY, "command", Role.CHIEF, Role.OPERATOR, user=21)
DISTRICT = town.viewer(town.DISTRICT, "command", Role.CHIEF, user=22)
STREET = town.viewer(town.STREET, "command", Role.CHIEF, user=23)
NEXT = town.viewer(town.NEXT_STREET, "office", Role.HANDLER, user=24)
FAR = town.viewer(town.NEXT_DISTRICT, "command", Role.CHIEF, user=25)

SAID = ("垃圾堆了一地", "垃圾没人清运", "垃圾又满出来", "垃圾发臭", "垃圾挡住楼道", "垃圾引来老鼠", "垃圾烧起来了")


def tell(hub: Hub, watch: Watch, place: str, lon: float, people: Sequence[int], **more: Any) -> list[int]:
    """One report of each person about the rubbish there, an hour apart; returns the cases."""
    cases = []
    for n, person in enumerate(people):
        watch.now += timedelta(hours=1)
        raw = {"text": f"{place} {SAID[n % len(SAID)]}", "lon": lon, "lat": 23.1, "channel": "phone", "merge": "off"}
        one = normalise({**raw, "name": "陈某", "phone": f"138000{person:05}", **more}, watch())
        cases += [fact.subject for fact in hub.take_in([one])[0].facts if fact.kind == "Judged"]
    return cases


def rows(where: str = "true") -> list[dict[str, Any]]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"SELECT * FROM issue WHERE {where} ORDER BY id")
        return dicts(cursor)


def kinds() -> list[str]:
    return [fact.kind for batch in ledger.read() for fact in batch if fact.kind.startswith("Issue")]


@pytest.fixture(autouse=True)
def empty(database: str) -> None:
    with connections[OWNER].cursor() as cursor:
        cursor.execute('TRUNCATE issue, issue_voice, issue_turn, issue_look, "case", report, task, clock')


def look(hub: Hub, watch: Watch) -> int:
    return gathering.follow_all(hub.desk, watch())


def test_many_people_about_one_place_are_one_hot_issue(hub: Hub, watch: Watch) -> None:
    cases = tell(hub, watch, "一居", 113.3, range(6))
    tell(hub, watch, "二居", 113.9, [90])
    assert look(hub, watch) == 1
    [issue] = rows()
    assert (issue["state"], issue["place"], issue["cases"], issue["reports"], issue["people"]) == (
        "hot",
        town.COMMUNITY,
        6,
        6,
        6,
    )
    assert issue["trend"] == "rising"
    assert "垃圾" in issue["title"]
    assert hot.cases(CITY, issue["id"], None, 50) == sorted(cases, reverse=True)
    assert kinds()[-1] == Kind.ISSUE_HOT


def test_one_person_who_calls_often_makes_nothing_hot(hub: Hub, watch: Watch) -> None:
    tell(hub, watch, "一居", 113.3, [7] * 7)
    assert look(hub, watch) == 0
    [issue] = rows()
    assert (issue["people"], issue["reports"], issue["state"]) == (1, 7, "watched")


def test_what_the_citys_own_staff_file_is_no_person(hub: Hub, watch: Watch) -> None:
    tell(hub, watch, "一居", 113.3, range(7), channel="grid", name="", phone="")
    look(hub, watch)
    [issue] = rows()
    assert (issue["people"], issue["state"]) == (0, "watched")


def test_an_issue_keeps_its_number_cools_and_ends(hub: Hub, watch: Watch) -> None:
    tell(hub, watch, "一居", 113.3, range(6))
    look(hub, watch)
    [first] = rows()
    tell(hub, watch, "一居", 113.3, range(6, 9))
    assert look(hub, watch) == 0
    [again] = rows()
    assert (again["id"], again["number"], again["reports"], again["people"]) == (first["id"], first["number"], 9, 9)
    watch.now += timedelta(days=27)
    assert look(hub, watch) == 1
    assert rows()[0]["state"] == "cooled"
    watch.now += timedelta(days=9)
    look(hub, watch)
    [ended] = rows()
    assert (ended["id"], ended["state"]) == (first["id"], "ended")
    assert kinds()[-2:] == [Kind.ISSUE_HOT, Kind.ISSUE_COOLED]
    tell(hub, watch, "一居", 113.3, range(6))
    look(hub, watch)
    assert [one["state"] for one in rows()] == ["ended", "hot"]


def test_two_issues_that_prove_to_be_one_are_merged(hub: Hub, watch: Watch) -> None:
    tell(hub, watch, "一居", 113.3, range(5))
    wrong = tell(hub, watch, "一居", 113.3, range(20, 23), text="一居 楼下积水发臭")
    look(hub, watch)
    left, right = rows()
    assert (left["cases"], right["cases"]) == (5, 3)
    for case in wrong:
        hub.act(CITY, case, Kind.CLASSIFIED, {"category": "rubbish"})
    look(hub, watch)
    by_state = {one["state"]: one for one in rows()}
    assert by_state["merged"]["merged_into"] == by_state["hot"]["id"] == left["id"]
    assert by_state["hot"]["cases"] == 8
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT DISTINCT issue FROM issue_voice")
        assert cursor.fetchall() == [(left["id"],)]


@pytest.fixture
def wide(hub: Hub, watch: Watch) -> dict[str, Any]:
    """An issue over two streets: six people in one, two in the other."""
    tell(hub, watch, "一居", 113.3, range(6))
    tell(hub, watch, "二居", 113.3, range(40, 42))
    look(hub, watch)
    [issue] = rows()
    assert issue["place"] == town.DISTRICT
    return issue


def test_each_place_sees_its_own_part(hub: Hub, watch: Watch, wide: dict[str, Any]) -> None:
    seen = {}
    for who in (CITY, DISTRICT, STREET, NEXT):
        [row] = issue_acts.own(who, [hot.whole(who, wide["id"])], watch())  # type: ignore[list-item]
        seen[who.place] = (row["people"], row["cases"], row["part"], len(hot.cases(who, wide["id"], None, 50)))
    assert seen == {
        town.CITY: (8, 8, False, 8),
        town.DISTRICT: (8, 8, False, 8),
        town.STREET: (6, 6, True, 6),
        town.NEXT_STREET: (2, 2, True, 2),
    }
    assert hot.whole(FAR, wide["id"]) is None
    today = watch().date()
    assert hot.listed(FAR, "hot", (watch(), today)) == []
    for table in ("issue", "issue_voice", "issue_turn"):
        with viewing(FAR), connections[APP].cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)


def test_a_directive_takes_an_issue_up(hub: Hub, watch: Watch, wide: dict[str, Any]) -> None:
    days = (watch() + timedelta(days=4), watch().date() + timedelta(days=4))
    assert hot.ignored(DISTRICT, days) == 1
    given = {"form": "order", "text": "清运", "authority": "热点", "place": town.DISTRICT}
    asked = {**given, "units": [f"{town.STREET}-office"], "cases": hot.cases(DISTRICT, wide["id"], None, 20)}
    with pytest.raises(NotFound):
        hub.convene(DISTRICT, Kind.DIRECTED, {**asked, "issue": 1})
    [directed, *_] = hub.convene(DISTRICT, Kind.DIRECTED, {**asked, "issue": wide["id"]})
    turn = hot.whole(CITY, wide["id"])["turn"]  # type: ignore[index]
    assert (turn["matter"], turn["matter_id"], turn["taken_by"]) == ("directive", directed.subject, DISTRICT.post)
    assert hot.ignored(DISTRICT, days) == 0
    assert [row["id"] for row in hot.listed(STREET, "taken", days)] == [wide["id"]]


def test_known_and_silenced_stand_in_the_ledger(hub: Hub, watch: Watch, wide: dict[str, Any]) -> None:
    with pytest.raises(IllegalMove, match="whole issue"):
        issue_acts.act(hub, STREET, wide["id"], Kind.ISSUE_KNOWN, {"reason": "已知"})
    with pytest.raises(NotFound):
        issue_acts.act(hub, FAR, wide["id"], Kind.ISSUE_KNOWN, {"reason": "已知"})
    with pytest.raises(BadInput, match="until"):
        issue_acts.act(hub, CITY, wide["id"], Kind.ISSUE_SILENCED, {"reason": "已知", "until": "2026-06-01"})
    with pytest.raises(BadInput, match="reason"):
        issue_acts.act(hub, CITY, wide["id"], Kind.ISSUE_SILENCED, {"until": "2026-06-20"})
    with pytest.raises(IllegalMove, match="topic"):
        issue_acts.act(hub, CITY, wide["id"], Kind.ISSUE_KNOWN, {"reason": "已知", "topic": "none"})
    issue_acts.act(hub, CITY, wide["id"], Kind.ISSUE_SILENCED, {"reason": "等设备到货", "until": "2026-06-20"})
    early, late = watch() + timedelta(days=4), watch() + timedelta(days=30)
    assert hot.ignored(CITY, (early, early.date())) == 0
    assert hot.ignored(CITY, (late, late.date())) == 1
    issue_acts.act(hub, DISTRICT, wide["id"], Kind.ISSUE_KNOWN, {"reason": "列入本月", "topic": "rubbish"})
    assert hot.ignored(CITY, (late, late.date())) == 0
    before = write.snapshot()["issue_turn"][-1]
    write.rebuild()
    assert write.snapshot()["issue_turn"][-1] == before


def test_every_district_has_its_turn_once_in_a_while(hub: Hub, watch: Watch) -> None:
    tell(hub, watch, "一居", 113.3, range(6))
    assert [gathering.follow(hub.desk, watch()) for _ in range(2)] == [1, 0]
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT place, cases, left_out FROM issue_look ORDER BY place")
        assert cursor.fetchall() == [(town.DISTRICT, 6, 0), (town.NEXT_DISTRICT, 0, 0)]


def test_only_so_many_cases_are_gathered(hub: Hub, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST", 4)
    tell(hub, watch, "一居", 113.3, range(6))
    look(hub, watch)
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT cases, left_out FROM issue_look WHERE place = %s", [town.DISTRICT])
        assert cursor.fetchone() == (4, 2)
