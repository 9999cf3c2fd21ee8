"""Merging on the real road: named places, proposals taken and refused, splitting again, nothing lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests import town
from tests.conftest import Watch
from zhongshu.data import casefile, cases, ledger, write
from zhongshu.hub.hub import Hub, Receipt
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Place

OPERATOR = town.viewer(town.CITY, "command", Role.OPERATOR, user=13)
NAMES = ("甲楼", "乙楼")


class Atlas(town.Atlas):
    """Knows two houses by name as well."""

    def locate(self, places: Sequence[Place], texts: Sequence[str]) -> list[Place]:
        found = super().locate(places, texts)
        said = [next((name for name in NAMES if name in text), "") for text in texts]
        return [replace(place, named=name) for place, name in zip(found, said, strict=True)]


@pytest.fixture
def hub(database: str, watch: Watch) -> Hub:
    return Hub(lambda: replace(town.TOOLS, atlas=Atlas()), watch)


def tell(hub: Hub, watch: Watch, text: str, spot: float, **more: Any) -> Receipt:
    """A report at a spot of its own: `spot` is a longitude."""
    raw = {"text": f"一居{text}", "lon": spot, "lat": 23.1, **more}
    return hub.take_in([normalise(raw, watch())])[0]


def row(case: int) -> Any:
    return cases.rows([case])[case]


def proposals(case: int) -> list[Any]:
    found = casefile.whole(OPERATOR, case)
    assert found is not None
    return list(found["proposals"])


def test_the_same_named_place_merges_whatever_the_words(hub: Hub, watch: Watch) -> None:
    first = tell(hub, watch, "甲楼垃圾发臭了", 113.401).facts[0].subject
    watch.now += timedelta(hours=2)
    again = tell(hub, watch, "住在甲楼，门口一大堆垃圾没有谁来管过", 113.4012).facts[0]
    assert (again.kind, again.subject) == (Kind.MERGED, first)
    assert ["same_name", 1.0] in [list(pair) for pair in again.payload["reasons"]]
    watch.now += timedelta(hours=13)
    late = tell(hub, watch, "甲楼今天新的一堆垃圾", 113.4012).facts
    assert [fact.kind for fact in late][:2] == [Kind.JUDGED, Kind.MERGE_PROPOSED], "after half a day a person judges"


def test_two_named_places_are_only_proposed_however_alike_the_words(hub: Hub, watch: Watch) -> None:
    first = tell(hub, watch, "甲楼门口垃圾堆得老高没人清走", 113.411).facts[0].subject
    other = tell(hub, watch, "乙楼门口垃圾堆得老高没人清走", 113.411).facts
    assert [fact.kind for fact in other][:2] == [Kind.JUDGED, Kind.MERGE_PROPOSED]
    assert other[1].payload["other"] == first


def test_the_name_is_known_to_the_next_batch_and_within_one(hub: Hub, watch: Watch) -> None:
    batch = [
        normalise({"text": f"一居甲楼{words}垃圾", "lon": 113.421, "lat": 23.1}, watch())
        for words in ("一大堆", "谁来收一收门口的", "三天了还有")
    ]
    receipts = hub.take_in(batch)
    assert [one.facts[0].kind for one in receipts] == [Kind.JUDGED, Kind.MERGED, Kind.MERGED]
    assert len({one.facts[0].subject for one in receipts}) == 1


def test_a_proposal_is_accepted_from_either_page_and_every_reporter_kept(hub: Hub, watch: Watch) -> None:
    first = tell(hub, watch, "甲楼边垃圾堆得老高没人清走", 113.431, channel="phone")
    second = tell(hub, watch, "乙楼边垃圾堆得老高没人清走", 113.431, channel="web")
    case, other = first.facts[0].subject, second.facts[0].subject
    assert [one["id"] for one in proposals(case)] == [one["id"] for one in proposals(other)]
    offer = proposals(case)[0]
    hub.act(OPERATOR, case, Kind.MERGED, {"report": offer["report"], "proposal": offer["id"]})
    assert [one["report"] for one in row(case)["reporters"]] == [first.report, second.report]
    assert (row(other)["state"], row(other)["reporters"]) == ("closed", [])
    assert proposals(case) == []


def test_a_refused_pair_is_remembered(hub: Hub, watch: Watch) -> None:
    first = tell(hub, watch, "甲楼西垃圾堆得老高没人清走", 113.441).facts[0].subject
    second = tell(hub, watch, "乙楼西垃圾堆得老高没人清走", 113.441)
    other = second.facts[0].subject
    offer = proposals(first)[0]
    hub.act(OPERATOR, other, Kind.MERGE_DECLINED, {"proposal": offer["id"], "report": offer["report"]})
    assert (proposals(first), proposals(other)) == ([], [])
    with pytest.raises((BadInput, IllegalMove)):
        hub.act(OPERATOR, first, Kind.MERGE_DECLINED, {"proposal": offer["id"], "report": offer["report"]})
    joined = tell(hub, watch, "乙楼西边垃圾堆得老高还是没人清走", 113.441)
    assert (joined.facts[0].kind, joined.facts[0].subject) == (Kind.MERGED, other)
    before = write.snapshot()["merge_proposal"]
    write.rebuild()
    assert write.snapshot()["merge_proposal"] == before
    assert (proposals(first), proposals(other)) == ([], []), "neither a further report nor a rebuild asks again"


def test_split_again_without_loss_across_channels(hub: Hub, watch: Watch) -> None:
    channels = ("phone", "web", "app", "grid")
    told = [tell(hub, watch, f"甲楼{n}号梯垃圾", 113.451, channel=one) for n, one in enumerate(channels)]
    case = told[0].facts[0].subject
    assert [one["report"] for one in row(case)["reporters"]] == [one.report for one in told]
    born = []
    for one in told[1:]:
        facts = hub.act(OPERATOR, case, Kind.SPLIT, {"report": one.report, "reason": "另一件事"})
        born.append(next(fact.subject for fact in facts if fact.kind == Kind.JUDGED))
    assert len({case, *born}) == len(channels)
    for one, new, channel in zip(told[1:], born, channels[1:], strict=True):
        kept = cases.report_row(one.report)
        assert kept is not None
        assert (kept["case"], kept["merged"], kept["channel"]) == (new, False, channel)
        assert row(new)["channel"] == channel
        assert proposals(new) == [], "what a person has parted is not proposed again"
    assert [one["report"] for one in row(case)["reporters"]] == [told[0].report]
    assert row(case)["reports"] == 1
    assert list(ledger.verify()) == []
