"""Whole lives of calls and directives: random legal histories end, no clock wakes after, folding gives the same."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from tests import town
from tests.conftest import Watch
from tests.hub.test_calls import TOOLS
from zhongshu.data import attachments, convening, ledger, write
from zhongshu.hub.convening import open_moves
from zhongshu.hub.hub import Hub
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.convening import CALL, DIRECTIVE, Matter
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Arrow, Role
from zhongshu.screen.photos import Photo

PEOPLE = (Role.HANDLER, Role.OPERATOR, Role.CHECKER, Role.CHIEF)
STREET = town.viewer(town.STREET, "office", *PEOPLE, user=1)
CITY = town.viewer(town.CITY, "command", *PEOPLE, user=2)
EVERYBODY = {
    unit.code: town.viewer(unit.place, unit.kind, *PEOPLE, user=10 + n)
    for n, unit in enumerate(TOOLS.knowledge.units.values())
} | {STREET.unit: STREET, CITY.unit: CITY}
CALL_UNITS = [f"{town.DISTRICT}-water", f"{town.DISTRICT}-housing", f"{town.NEXT_DISTRICT}-water"]
ORDERED = ["street/office", f"{town.DISTRICT}-water"]
RARE = (Kind.CALL_WITHDRAWN, Kind.DIRECTIVE_WITHDRAWN, Kind.CALL_WIDENED, Kind.PROOF_RETURNED, Kind.HELD_ACCOUNTABLE)
RARER = (*RARE, Kind.CALL_ACTED)


@pytest.fixture
def hub(database: str, watch: Watch) -> Hub:
    return Hub(lambda: TOOLS, watch)


def begun(hub: Hub, matter: Matter[Any], dice: random.Random) -> int:
    said = {"text": "随机一生", "authority": "示范", "urgent": dice.random() < 0.5}
    forms: dict[str, tuple[Viewer, dict[str, Any]]] = {
        "call": (STREET, {"kind": "street", "lon": 113.3, "lat": 23.1, "units": dice.sample(CALL_UNITS, 2)}),
        "directive": (CITY, {"form": dice.choice(["order", "ban"]), "units": ORDERED, "place": town.STREET}),
    }
    viewer, more = forms[matter.name]
    return hub.convene(viewer, matter.birth.kind, {**said, **more})[0].subject


def payload(hub: Hub, arrow: Arrow[Any], unit: str, dice: random.Random) -> dict[str, Any]:
    photo = hub.ids.take()
    attachments.store([photo], [Photo("p.jpg", "image/jpeg", b"\xff", "0" * 64)])
    said: dict[str, Any] = {
        "unit": unit,
        "units": [*CALL_UNITS, f"{town.STREET}-command", "district/command", "city/water"],
        "reason": "有理由",
        "result": "已办",
        "photos": [photo],
        "score": dice.randint(1, 5),
        "word": "一句话",
        "measure": "约谈",
    }
    given = {name: said[name] for name in arrow.fields}
    near = {"lon": 113.3 + dice.choice([0, 0.02]), "lat": 23.1, "reason": "外围"}
    return given | (near if arrow.kind == Kind.CALL_ARRIVED else {})


def choices(hub: Hub, matter: Matter[Any], row: Mapping[str, Any]) -> list[tuple[Viewer, Arrow[Any], str]]:
    people = [EVERYBODY[code] for code in dict.fromkeys([row[matter.owner], *row["parts"]])]
    return [
        (viewer, arrow, unit)
        for viewer in people
        for arrow, unit in open_moves(viewer, matter, row, TOOLS.knowledge, hub.clock())
        if arrow.kind != Kind.CALL_WIDENED or len(row["parts"]) < 4
    ]


def lived(hub: Hub, watch: Watch, matter: Matter[Any], dice: random.Random) -> set[str]:
    """One whole life; the kinds of facts it took. Now and then everybody sleeps, and clocks run out."""
    subject = begun(hub, matter, dice)
    done: set[str] = set()
    for _ in range(200):
        row = convening.rows(matter, [subject])[subject]
        if row["state"] != matter.opens:
            assert [part["wake_at"] for part in row["parts"].values() if part["wake_at"]] == []
            return done
        open_ = choices(hub, matter, row)
        assert open_, f"nobody can go on with {row}"
        often = [one for one in open_ if one[1].kind not in RARER]
        viewer, arrow, unit = dice.choice(open_ + often * 8)
        done |= {fact.kind for fact in hub.convene(viewer, arrow.kind, payload(hub, arrow, unit, dice), subject)}
        watch.now += timedelta(minutes=dice.choice([1, 5, 20, 90]))
        hub.advance()
    raise AssertionError(f"{matter.name} {subject} did not end")


@pytest.mark.parametrize("matter", [CALL, DIRECTIVE], ids=["call", "directive"])
def test_every_life_ends_and_every_arrow_is_taken(hub: Hub, watch: Watch, matter: Matter[Any]) -> None:
    dice = random.Random(f"lives of {matter.name}")
    wanted = set(matter.arrows) - {matter.birth.kind, Kind.CALL_UNANSWERED, Kind.CALL_RAISED, Kind.DIRECTIVE_MISSED}
    taken: set[str] = set()
    for _ in range(30):
        taken |= lived(hub, watch, matter, dice)
    assert wanted <= taken
    assert list(ledger.verify()) == []
    before = write.snapshot()
    write.rebuild(batch=37)
    assert write.snapshot() == before
