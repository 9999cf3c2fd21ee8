"""Forms: every move that a person may take has one, with exactly the fields that the hub reads, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import translation
from django.utils.encoding import force_str

from tests import town
from zhongshu.hub.forms import FIELDS, HANGINGS, REJECTIONS
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import ARROWS, CLOCKS, Role, State
from zhongshu.screen import acts, convening, fields, naming, story
from zhongshu.screen.fields import Scene
from zhongshu.screen.templatetags.screen import STATE_LOOK

PEOPLE = frozenset(Role) - {Role.SYSTEM}
TAKEN = sorted(arrow.kind for arrow in ARROWS if arrow.roles & PEOPLE and arrow.kind not in acts.ELSEWHERE)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HOST = f"{town.STREET}-office"


@pytest.fixture(autouse=True, scope="module")
def configured(database: str) -> None:
    """Translations need Django's settings, and whom a task can be given to is asked of the database."""


def case(**changes: Any) -> dict[str, Any]:
    """A case at work with two reports, as data.casefile gives it."""
    reported = [
        {"id": 1, "called": False, "contact": 5, "merged": False, "channel": "web", "text": "垃圾"},
        {"id": 2, "called": False, "contact": 6, "merged": True, "channel": "phone", "text": "又有垃圾"},
    ]
    counted = dict.fromkeys(naming.COUNTERS, 0)
    about = {"id": 9, "state": "handling", "host": HOST, "assists": [], "place": town.COMMUNITY, "escalated": 0}
    more = {"handler": 0, "contact_unit": HOST, "forbid_return": False, "met": False, "overdue": False, "due_at": None}
    lists: dict[str, Any] = {"reported": reported, "clocks": [], "requests": [], "exclusions": [], "timeline": []}
    return {**counted, **about, **more, **lists, **changes}


def who(kind: str = "office", place: str = town.STREET, *roles: Role, user: int = 1) -> Viewer:
    return town.viewer(place, kind, *(roles or PEOPLE), user=user)


def scene(viewer: Viewer | None = None, **changes: Any) -> Scene:
    return Scene(viewer or who(), case(**changes), town.KNOWLEDGE)


def offered(where: Scene) -> set[str]:
    return {button["kind"] for button in acts.buttons(where)}


@pytest.mark.parametrize("kind", TAKEN)
def test_a_form_asks_for_what_the_hub_reads(kind: Kind) -> None:
    made = {one["name"]: one for one in fields.form(scene(), kind)}
    pointed = {name for one, name in fields.POINTED if one == kind}
    assert set(made) == set(FIELDS[kind]) - pointed
    required = {name for name, one in made.items() if one["required"]}
    assert required == set(acts.lifecycle.arrow(kind).fields)
    assert all(CHINESE.search(str(one["label"])) for one in made.values())


@pytest.mark.parametrize("kind", TAKEN)
def test_a_form_is_english_for_who_reads_english(kind: Kind) -> None:
    with translation.override("en"):
        shown = [force_str(one["label"]) for one in fields.form(scene(), kind)]
        names = [str(naming.FACTS[kind])]
    assert [text for text in (*shown, *names) if CHINESE.search(text)] == []


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (naming.FACTS | convening.FACTS, set(Kind)),
        (naming.STATES, set(State)),
        (naming.CLOCKS, set(CLOCKS)),
        (naming.CODES["Rejected"], set(REJECTIONS)),
        (naming.CODES["HangAsked"], set(HANGINGS)),
        (naming.NATURES, {"general", "works", "special"}),
    ],
)
def test_every_code_has_a_name_in_both_languages(names: dict[str, Any], codes: set[str]) -> None:
    assert {str(code) for code in codes} <= set(names)
    assert all(CHINESE.search(str(name)) for name in names.values())
    with translation.override("en"):
        assert [str(name) for name in names.values() if CHINESE.search(str(name))] == []


def test_every_state_has_a_shape_of_its_own() -> None:
    sprite = (Path(fields.__file__).parent / "static" / "screen" / "icons.svg").read_text("utf-8")
    assert set(STATE_LOOK) == set(State)
    icons = [picture for picture, _tone in STATE_LOOK.values()]
    assert len(set(icons)) == len(icons)
    assert [icon for icon in icons if f'id="{icon}"' not in sprite] == []


@pytest.mark.parametrize("state", sorted(set(State) - {State.VOID}))
def test_every_state_is_one_step_of_the_path(state: str) -> None:
    assert [one["look"] for one in story.path(case(state=state))].count("here") == 1


def test_where_nobody_left_a_number_the_path_says_so() -> None:
    silent = [{**one, "contact": 0} for one in case()["reported"]]
    steps = story.path(case(state="closed", reported=silent))
    assert [(one["name"], one["look"]) for one in steps if one["look"] == "left"] == [("无人可回访", "left")]
    called = [{**one, "called": True} for one in silent]
    assert all(one["look"] != "left" for one in story.path(case(state="closed", reported=called)))


def test_a_refusal_calls_moves_and_states_by_their_names() -> None:
    said = "Signed needs one in x, this one is handling / 当前状态“handling”不能执行“Signed”"
    with translation.override("zh-hans"):
        assert story.sentence(said) == "当前状态“办理中”不能执行“签收”"


def test_a_void_case_left_its_path() -> None:
    looks = [one["look"] for one in story.path(case(state="void"))]
    assert (looks[0], looks[-1]) == ("done", "left")


def test_only_the_units_own_people_handle() -> None:
    assert {"Handled", "ExtensionAsked", "HangAsked", "SupplementAsked"} <= offered(scene())
    stranger = offered(scene(who("water", town.DISTRICT)))
    assert not stranger & {"Handled", "ExtensionAsked", "HangAsked", "SupplementAsked"}
    assert {"Urged", "Supervised"} <= stranger


def test_who_handled_is_not_offered_the_check() -> None:
    assert "CheckPassed" not in offered(scene(state="checking", handler=1))
    watch = who("supervision", town.STREET, Role.CHECKER)
    assert "CheckPassed" not in offered(scene(watch, state="checking", handler=1))
    assert "CheckPassed" in offered(scene(watch, state="checking", handler=2))


def test_the_unit_that_handled_is_not_offered_the_check() -> None:
    """Nor is a chief who doesn't check: supervision stands apart from handling and from dispatching."""
    own = who("office", town.STREET, Role.CHECKER)
    assert own.unit == HOST
    assert "CheckPassed" not in offered(scene(own, state="checking"))
    assert "CheckPassed" not in offered(scene(who("command", town.DISTRICT, Role.CHIEF), state="checking"))


def test_who_asked_is_not_offered_the_answer() -> None:
    asked = [{"id": 3, "kind": "ExtensionAsked", "by": 1, "unit": HOST, "at": "2026-06-01T00:00:00+00:00"}]
    asked[0]["asked"] = {"extra_minutes": 840, "reason": "配件未到"}  # type: ignore[assignment]
    assert "Extended" not in offered(scene(requests=asked))
    chief = scene(who(user=2), requests=asked)
    assert {"Extended", "ExtensionRefused"} <= offered(chief)
    shown = story.requests(chief.case, acts.buttons(chief), town.KNOWLEDGE)[0]
    assert [button["kind"] for button in shown["buttons"]] == ["Extended", "ExtensionRefused"]
    assert shown["lines"] == ["延长 14 个工作小时", "配件未到"]
    laid = acts.panel(chief, acts.buttons(chief))
    assert not {"Extended"} & {one["kind"] for _name, group in laid["more"] for one in group}


def test_a_ruling_that_forbids_return_takes_the_button_away() -> None:
    assert "Returned" in offered(scene())
    assert "Returned" not in offered(scene(forbid_return=True))


def test_two_returns_bring_the_meeting_to_the_front() -> None:
    arbiter = who("command", town.CITY, Role.ARBITER)
    first = acts.panel(here := scene(arbiter, state="returned", returned=2, met=False), acts.buttons(here))
    assert [one["kind"] for one in first["main"]] == ["MeetingHeld"]
    after = acts.panel(here := scene(arbiter, state="returned", returned=2, met=True), acts.buttons(here))
    assert after["main"][0]["kind"] == "Ruled"


def test_a_supervision_that_waits_brings_its_answer_to_the_front() -> None:
    waiting = {"name": "supervise", "stopped_at": None, "calendar": "office"}
    here = scene(clocks=[waiting])
    assert "Answered" in {one["kind"] for one in acts.panel(here, acts.buttons(here))["main"]}
    here = scene()
    assert "Answered" not in {one["kind"] for one in acts.panel(here, acts.buttons(here))["main"]}


def test_a_choice_without_options_is_no_button() -> None:
    alone = [case()["reported"][0]]
    assert "Split" in offered(scene(who("command", town.CITY)))
    assert "Split" not in offered(scene(who("command", town.CITY), reported=alone))
    assert "CalledBack" not in offered(scene(who("command", town.CITY, Role.OPERATOR), state="calling", reported=[]))


def posted(kind: str, text: str, where: Scene | None = None) -> dict[str, Any]:
    return acts.payload(where or scene(), kind, QueryDict(text))


def test_working_days_become_minutes_of_the_calendar() -> None:
    assert fields.workday(scene()) == 420
    assert posted("ExtensionAsked", "reason=x&extra_minutes=2&extra_minutes_unit=420")["extra_minutes"] == 840
    assert posted("ExtensionAsked", "reason=x&extra_minutes=1.5&extra_minutes_unit=60")["extra_minutes"] == 90
    assert posted("ExtensionAsked", "extra_minutes=nan")["extra_minutes"] == "nan"
    assert posted("ExtensionAsked", "extra_minutes=1e999")["extra_minutes"] == "1e999"


def test_a_calendar_without_shifts_has_days_of_eight_hours() -> None:
    clock = {"name": "handle", "calendar": "always", "stopped_at": None}
    assert fields.workday(scene(clocks=[clock])) == fields.WORKDAY


def test_units_are_found_by_name_or_code() -> None:
    water = f"{town.DISTRICT}-water"
    assert posted("Ruled", "host=water单位")["host"] == water
    assert posted("Ruled", f"host=water单位（{town.CITY}-water）")["host"] == f"{town.CITY}-water"
    assert posted("Ruled", f"host={town.NEXT_DISTRICT}-water")["host"] == f"{town.NEXT_DISTRICT}-water"
    assert posted("Ruled", f"host={water}&forbid_return=1") == {"host": water, "forbid_return": True}
    with pytest.raises(IllegalMove, match="not offered"):
        posted("Ruled", "host=nobody")


def test_several_units_come_apart() -> None:
    found = posted("MeetingHeld", "attendees=office单位、housing单位&attendees=housing单位&minutes=纪要")
    assert len(found["attendees"]) == 2
    assert found["minutes"] == "纪要"
    assert "units" not in posted("AssistAdded", "units=&reason=x")


def test_a_reason_that_is_not_offered_is_refused() -> None:
    assert posted("HangAsked", "reason_code=budget") == {"reason_code": "budget"}
    with pytest.raises(IllegalMove, match="not offered"):
        posted("HangAsked", "reason_code=lazy")


def test_a_call_back_asks_for_the_whole_answer() -> None:
    here = scene(who("command", town.CITY, Role.OPERATOR), state="calling")
    with pytest.raises(BadInput, match="responded"):
        posted("CalledBack", "report=1&contacted=yes", here)
    said = posted("CalledBack", "report=1&contacted=yes&responded=no&solved=yes&satisfaction=4", here)
    assert said == {"report": "1", "contacted": True, "responded": False, "solved": True, "satisfaction": "4"}


def test_a_move_without_a_form_carries_nothing() -> None:
    assert posted("Signed", "reason=x") == {}
    assert posted("Nonsense", "reason=x") == {}


def test_clocks_say_how_they_stand() -> None:
    def clock(name: str, due: int, **more: Any) -> dict[str, Any]:
        plain = {"stopped_at": None, "paused_at": None, "nearly": False, "overdue": False}
        at = (fields.timezone.now() + timedelta(hours=due)).isoformat()
        return {"name": name, "due_at": at, "minutes": 60, "calendar": "office", **plain, **more}

    now = fields.timezone.now().isoformat()
    told = story.clocks(
        case(
            clocks=[
                clock("check", 2, stopped_at=now),
                clock("handle", 3),
                clock("sign", -3),
                clock("overall", 4, paused_at=now),
                clock("contact", -3, stopped_at=now),
                clock("rule", 5, nearly=True),
            ]
        )
    )
    assert [one["state"] for one in told] == ["late", "nearly", "running", "paused", "stopped_late", "stopped"]
    assert [one["ticking"] for one in told] == [True, True, True, False, False, False]


def test_escalation_goes_up_one_level_and_ends_at_the_leading_group() -> None:
    assert fields.above(scene()) == (2, f"{town.DISTRICT}-command")
    assert fields.above(scene(escalated=2)) == (1, f"{town.CITY}-command")
    assert fields.above(scene(escalated=1)) == (1, f"{town.CITY}-command")


def test_above_the_city_stands_the_leading_group() -> None:
    units = {**town.KNOWLEDGE.unit_at, (town.CITY, "leading_group"): "leaders"}
    here = Scene(who(), case(escalated=1), replace(town.KNOWLEDGE, unit_at=units))
    assert fields.above(here) == (1, "leaders")
    assert fields.above(replace(here, case=case(escalated=2))) == (1, f"{town.CITY}-command")
