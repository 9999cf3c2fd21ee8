"""The page of judgements: what is counted is listed, who sees what, and what is corrected right there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from tests import town, town_hall
from zhongshu.data import judgements, write
from zhongshu.data.databases import APP, OWNER, dicts
from zhongshu.data.judgements import Asked
from zhongshu.data.viewing import viewing
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.clocks import period
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.screen import gate

CITY = town.viewer(town.CITY, "command", Role.OPERATOR, user=31)
STREET = town.viewer(town.STREET, "office", Role.HANDLER, user=32)
FAR = town.viewer(town.NEXT_DISTRICT, "command", Role.CHIEF, user=33)


def tell(hub: Hub, text: str, **more: Any) -> Any:
    """A report; returns its receipt."""
    raw = {"text": text, "channel": "web", "lon": 113.3, "lat": 23.1, **more}
    return hub.take_in([normalise(raw, datetime.now(UTC))])[0]


def subject(receipt: Any, *kinds: str) -> int:
    return next(fact.subject for fact in receipt.facts if fact.kind in kinds)


@pytest.fixture(scope="module")
def told(database: str) -> dict[str, int]:
    """Reports judged in every way there is: name -> case; and `joined`, the report that was merged."""
    town_hall.people()
    hub = Hub(lambda: town.TOOLS)
    gate.install(hub)
    found = {
        "sure": subject(tell(hub, "一居 垃圾堆在门口没人管"), Kind.JUDGED),
        "wrong": subject(tell(hub, "一居 积水其实是垃圾", lon=113.4), Kind.JUDGED),
        "unsure": subject(tell(hub, "一居 说不清的事情", lon=113.5), Kind.UNCLEAR),
        "hard": subject(tell(hub, "二居 独居老人难分的事情", lon=113.6), Kind.UNCLEAR),
        "named": subject(tell(hub, "二居 什么都有", lon=113.7, category="rubbish"), Kind.JUDGED),
    }
    again = tell(hub, "一居 垃圾堆在门口没人管")
    assert subject(again, Kind.MERGED) == found["sure"]
    near = tell(hub, "一居 垃圾堆在门口没人收", lon=113.3008)
    found |= {"joined": again.report, "near": near.report}
    hub.act(CITY, found["wrong"], Kind.CLASSIFIED, {"category": "rubbish", "reason": "看过照片"})
    hub.act(CITY, found["hard"], Kind.CLASSIFIED, {"category": "hard"})
    return found


def today(**more: Any) -> Asked:
    day = timezone.localdate()
    return Asked(*period(day, day), **more)


def listed(viewer: Any, **more: Any) -> set[int]:
    return {row["case"] for row in judgements.page(viewer, today(**more))}


@pytest.fixture
def enter(told: dict[str, int]) -> Callable[[str], Client]:
    return town_hall.sign_in


@pytest.mark.parametrize("show", sorted(judgements.SHOWS))
def test_what_is_counted_is_listed(told: dict[str, int], show: str) -> None:
    counts = judgements.day(CITY, today()).counts
    assert counts[show] == len(judgements.page(CITY, today(show=show)))


def test_each_way_of_judging_is_told_apart(told: dict[str, int]) -> None:
    assert {told["sure"], told["wrong"]} <= listed(CITY, show="alone")
    assert listed(CITY, show="asked") == {told["unsure"], told["hard"]}
    assert listed(CITY, show="waiting") == {told["unsure"]}
    assert listed(CITY, show="told") == {told["named"]}
    assert listed(CITY, show="corrected") == {told["wrong"]}
    assert {row["id"] for row in judgements.page(CITY, today(show="merged"))} >= {told["joined"]}


def test_corrections_and_bands_add_up(told: dict[str, int]) -> None:
    day = judgements.day(CITY, today())
    assert day.turns == [("flood", "rubbish", 1)]
    assert sum(band.judged for band in day.bands) == day.counts["alone"] + 1
    assert [len(judgements.page(CITY, today(band=n))) for n in range(7)] == [band.judged for band in day.bands]
    assert sum(band.looked for band in day.bands) == 2
    assert sum(band.agreed for band in day.bands) == 1
    assert listed(CITY, turn=("flood", "rubbish")) == {told["wrong"]}
    band = next(n for n, (low, high) in enumerate(judgements.BANDS) if low <= 0.9 < high)
    assert told["wrong"] in listed(CITY, band=band)
    assert listed(CITY, band=0) == set()


def test_why_it_is_urgent_is_told(told: dict[str, int], enter: Callable[[str], Client]) -> None:
    assert "独居老人需要优先" in enter("city").get("/judgement").content.decode()


def test_filters_narrow(told: dict[str, int]) -> None:
    assert listed(CITY, categories=("flood",)) == {told["wrong"]}
    assert listed(CITY, place=town.SCHEME.span(town.NEXT_STREET)) == {told["hard"], told["named"]}
    assert listed(CITY, model="other") == set()


def test_each_place_sees_its_own(told: dict[str, int]) -> None:
    assert listed(STREET) == {told["sure"], told["wrong"], told["unsure"], *listed(STREET, show="proposed")}
    assert listed(FAR) == set()
    assert judgements.day(FAR, today()).counts["all"] == 0
    with viewing(FAR), connections[APP].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM judgement")
        assert cursor.fetchone() == (0,)


def test_pages_follow_one_another(told: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [row["id"] for row in judgements.page(CITY, today())]
    monkeypatch.setattr(judgements, "SIZE", 1)
    read: list[int] = []
    after = None
    for _ in whole:
        row = judgements.page(CITY, today(after=after))[0]
        read.append(row["id"])
        after = (row["at"], row["id"])
    assert read == whole


def test_a_rebuild_keeps_every_judgement(told: dict[str, int]) -> None:
    before = write.snapshot()["judgement"]
    write.rebuild()
    assert write.snapshot()["judgement"] == before


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("band", ["²", "9" * 30, "-1", "x"])
def test_a_band_that_is_none_is_passed_over(enter: Callable[[str], Client], band: str) -> None:
    assert enter("city").get("/judgement", {"band": band}).status_code == 200


def test_the_page_says_why_and_what_became_of_it(told: dict[str, int], enter: Callable[[str], Client]) -> None:
    page = enter("city").get("/judgement").content.decode()
    assert "积水 → 垃圾" in page
    assert "来源指定" in page
    assert f"/cases/{told['sure']}" in page
    assert 'show=corrected&amp;from=flood&amp;to=rubbish#rows">1</a>' in page
    assert enter("city").get("/judgement?day=x&band=99&show=no&cursor=?").status_code == 200
    assert f"/cases/{told['hard']}" not in enter("street").get("/judgement").content.decode()
    assert "没有符合条件的研判" in enter("city").get("/judgement?day=2020-01-01").content.decode()


def test_a_judgement_is_corrected_from_the_page(told: dict[str, int], enter: Callable[[str], Client]) -> None:
    city, back = enter("city"), "/judgement?show=waiting"
    page = city.get(back).content.decode()
    found = re.search(r'action="(/cases/\d+/act)"', page)
    assert found
    assert found[1] == f"/cases/{told['unsure']}/act"
    answer = city.post(found[1], {"kind": "Classified", "category": "垃圾", "back": back})
    assert (answer.status_code, answer["Location"]) == (302, back)
    assert listed(CITY, show="waiting") == set()
    elsewhere = city.post(f"/cases/{told['wrong']}/act", {"kind": "Urged", "back": "//evil.example"})
    assert elsewhere["Location"] == f"/cases/{told['wrong']}"
    assert 'data-opens="correct-' not in enter("street").get("/judgement").content.decode()


def test_a_merged_report_is_split_from_the_page(told: dict[str, int], enter: Callable[[str], Client]) -> None:
    city = enter("city")
    given = {"kind": "Split", "report": str(told["joined"]), "reason": "另一处", "back": "/judgement"}
    assert city.post(f"/cases/{told['sure']}/act", given)["Location"] == "/judgement"
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT * FROM judgement WHERE id = %s", [told["joined"]])
        [row] = dicts(cursor)
    assert (row["outcome"], row["split"], row["category"]) == ("merged", True, "rubbish")
    assert row["case"] != told["sure"]
    assert judgements.day(CITY, today()).counts["split"] == 1
