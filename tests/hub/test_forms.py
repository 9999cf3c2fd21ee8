"""What a move may carry: whatever is sent, the answer is a payload of the right types or a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import town
from tests.conftest import Watch
from zhongshu.data.databases import OWNER
from zhongshu.data.figures.counting import Asked, counted
from zhongshu.hub import forms
from zhongshu.hub.hub import Hub
from zhongshu.hub.sense.normalise import normalise
from zhongshu.kernel.convening import CALL, DIRECTIVE
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import ARROWS, Role

HANDLER = town.viewer(town.STREET, "office", Role.HANDLER, user=11)
CHECKER = town.viewer(town.DISTRICT, "command", Role.CHECKER, Role.CHIEF, user=12)
OPERATOR = town.viewer(town.CITY, "command", Role.OPERATOR, Role.ARBITER, user=13)
NAMES = sorted({name for fields in forms.FIELDS.values() for name in fields} | {"emptied", "by"})
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.sampled_from(["x", "5", "²"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
)
PAYLOADS = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4), ANYTHING, max_size=5)
TYPES = {"contacted": bool, "responded": bool, "solved": bool, "satisfaction": int, "report": int, "photos": list}


@given(kind=st.sampled_from([*Kind, "Flown"]), payload=PAYLOADS)
def test_anything_is_read_or_refused_with_a_sentence(kind: str, payload: dict[str, Any]) -> None:
    try:
        found = forms.read(kind, payload)
    except (BadInput, IllegalMove) as error:
        assert " / " in str(error)
    else:
        assert set(found) <= set(forms.FIELDS.get(kind, {}))
        assert all(type(value) is TYPES.get(name, type(value)) for name, value in found.items())
        assert found == forms.read(kind, found)


def test_every_move_of_a_person_has_its_form() -> None:
    arrows = [*ARROWS, *CALL.arrows.values(), *DIRECTIVE.arrows.values()]
    people = {arrow.kind for arrow in arrows if arrow.roles - {Role.SYSTEM}}
    assert people - {Kind.UNSTUCK} == set(forms.FIELDS)
    assert all(set(arrow.fields) <= set(forms.FIELDS.get(arrow.kind, arrow.fields)) for arrow in arrows)


@pytest.mark.parametrize(
    ("kind", "payload", "field"),
    [
        (Kind.CALLED_BACK, {"report": 1, "contacted": "maybe"}, "contacted"),
        (Kind.CALLED_BACK, {"report": 1, "contacted": True, "satisfaction": "x"}, "satisfaction"),
        (Kind.CALLED_BACK, {"report": 1, "contacted": True, "satisfaction": 6}, "satisfaction"),
        (Kind.CALLED_BACK, {"report": 1, "contacted": True, "satisfaction": True}, "satisfaction"),
        (Kind.CALLED_BACK, {"report": 1, "contacted": False, "satisfaction": 5}, "satisfaction"),
        (Kind.CALLED_BACK, {"report": 1.5, "contacted": True}, "report"),
        (Kind.CALLED_BACK, {"report": 2**63, "contacted": True}, "report"),
        (Kind.HANDLED, {"result": ["done"]}, "result"),
        (Kind.HANDLED, {"result": "done", "photos": ["x"]}, "photos"),
        (Kind.ESCALATED, {"level": 0}, "level"),
        (Kind.MERGED, {"report": 1, "emptied": 5}, "emptied"),
    ],
)
def test_odd_fields_are_named(kind: str, payload: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput, match=f"^{field}: "):
        forms.read(kind, payload)


def test_numbers_may_come_as_digits_and_text_is_cleaned() -> None:
    assert forms.read(Kind.SPLIT, {"report": "12", "reason": " 两\0件事 "}) == {"report": 12, "reason": "两件事"}
    assert forms.read(Kind.RETURNED, {"reason": "  "}) == {}


def called(hub: Hub, watch: Watch) -> tuple[int, int]:
    """A case that waits for its call-back, and the report it came from."""
    receipt = hub.take_in([normalise({"text": "一居垃圾", "phone": "1", "merge": "off"}, watch())])[0]
    case = receipt.facts[0].subject
    hub.act(HANDLER, case, Kind.SIGNED, {})
    hub.act(HANDLER, case, Kind.HANDLED, {"result": "已清运垃圾"})
    hub.act(CHECKER, case, Kind.CHECK_PASSED, {})
    return case, receipt.report


def test_a_refused_answer_leaves_figures_countable(hub: Hub, watch: Watch) -> None:
    case, report = called(hub, watch)
    for payload in ({"report": report, "contacted": "maybe"}, {"report": report, "contacted": True, "solved": "x"}):
        with pytest.raises(BadInput):
            hub.act(OPERATOR, case, Kind.CALLED_BACK, payload)
    with pytest.raises(IllegalMove, match="no part of this case"):
        hub.act(OPERATOR, case, Kind.CALLED_BACK, {"report": report + 1, "contacted": True})
    with pytest.raises(IllegalMove, match="contacted"):
        hub.act(OPERATOR, case, Kind.CALLED_BACK, {"report": report})
    answer = {"contacted": True, "responded": False, "solved": True, "satisfaction": 4}
    hub.act(OPERATOR, case, Kind.CALLED_BACK, {"report": report, **answer})
    whole = counted(Asked(town.NOON, watch().replace(year=2027)), OWNER)[""]
    assert (whole["valid"], whole["responded"], whole["solved"], whole["satisfied"]) == (1, 0, 1, 1)


def test_what_a_move_points_at_must_exist_and_be_near(hub: Hub, watch: Watch) -> None:
    case = hub.take_in([normalise({"text": "一居无人管", "merge": "off"}, watch())])[0].facts[0].subject
    with pytest.raises(IllegalMove, match="nowhere"):
        hub.act(OPERATOR, case, Kind.RULED, {"host": "nowhere", "reason": "会商"})
    with pytest.raises(IllegalMove, match="category"):
        hub.act(OPERATOR, case, Kind.CLASSIFIED, {"category": "none"})
    near = town.viewer(town.DISTRICT, "command", Role.OPERATOR)
    with pytest.raises(IllegalMove, match="place"):
        hub.act(near, case, Kind.CLASSIFIED, {"category": "rubbish", "place": town.CITY})
    with pytest.raises(IllegalMove, match="other cases"):
        hub.act(OPERATOR, case, Kind.MERGE_DECLINED, {"proposal": 7})
    with pytest.raises(IllegalMove, match="list of them"):
        hub.act(OPERATOR, case, Kind.UNSTUCK, {"stuck": 7})
