"""页签 the lists that a post works from, one beside the other, and what may be done to many cases of a list at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhongshu.hub.forms import FIELDS
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import Role, arrow
from zhongshu.kernel.places import Level
from zhongshu.screen import naming
from zhongshu.screen.frame import URLS

WORKING = frozenset({Role.OPERATOR, Role.ARBITER, Role.CHECKER, Role.HANDLER})
Query = Mapping[str, str]

_UPPER = frozenset({Role.ARBITER, Role.CHIEF})
_TABS: tuple[tuple[frozenset[Role], Any, Query], ...] = (
    (WORKING, _("待我办理"), {"mine": "1"}),
    (_UPPER, _("待我审批"), {"queue": "asked"}),
    (frozenset({Role.ARBITER}), _("待裁定"), {"state": "undecided,returned"}),
    (frozenset({Role.HANDLER}), _("我的组"), {"queue": "team"}),
    (frozenset({Role.HANDLER}), _("我的"), {"queue": "own"}),
    (frozenset({Role.HANDLER}), _("未认领"), {"queue": "unclaimed"}),
    (frozenset({Role.HANDLER}), _("协办"), {"queue": "assists"}),
    (frozenset({Role.OPERATOR}), _("待研判"), {"state": "unclear"}),
    (frozenset({Role.CHECKER, Role.OPERATOR}), _("待核实"), {"state": "verifying"}),
    (frozenset({Role.CHECKER}), _("待核查"), {"state": "checking"}),
    (frozenset({Role.OPERATOR}), _("待回访"), {"state": "calling"}),
    (frozenset({*_UPPER, Role.HANDLER}), _("督办"), {"queue": "supervised"}),
    (frozenset({*_UPPER, Role.HANDLER}), _("预逾期"), {"queue": "nearly"}),
    (frozenset({*WORKING, *_UPPER}), _("特需与罕见"), {"queue": "tail"}),
    (_UPPER, _("提级到本级"), {"queue": "escalated"}),
    (_UPPER, _("逾期"), {"overdue": "1"}),
    (_UPPER, _("两次退单"), {"queue": "twice"}),
    (_UPPER, _("未解决重办"), {"queue": "unsolved"}),
    (_UPPER, _("不满意"), {"queue": "unhappy"}),
    (frozenset(Role), _("待补充"), {"state": "waiting"}),
    (frozenset(Role), _("挂账"), {"state": "hung"}),
    (frozenset(Role), _("全部在办"), {"open": "1"}),
)
"""Who sees the tab, what it is called, and the query that it is."""

BULK = (
    Kind.SIGNED,
    Kind.CLAIMED,
    Kind.ASSIGNED,
    Kind.SUPERVISED,
    Kind.RETURNED,
    Kind.HANDLED,
    Kind.CHECK_PASSED,
    Kind.CHECK_FAILED,
    Kind.URGED,
)
ANSWERS = (Kind.EXTENDED, Kind.EXTENSION_REFUSED, Kind.HUNG, Kind.HANG_REFUSED)
"""Offered where a list shows what waits for an answer."""
OWN = frozenset({Kind.SIGNED, Kind.CLAIMED, Kind.ASSIGNED, Kind.RETURNED, Kind.HANDLED})
"""Moves of the unit that answers for a case: offered on a list of other units' cases they would only be refused."""
ANSWER_LIMITS: tuple[tuple[int, Any], ...] = (
    (240, _("4 小时内答复")),
    (1440, _("24 小时内答复")),
    (4320, _("3 日内答复")),
)
"""Limits of a supervision that is put to many cases at once, in minutes."""
_BESIDE = ("cursor", "q", "category", "order")
"""What narrows or orders a list and leaves it the same list."""
_WORDY = ("reason", "result", "text", "issue", "note")


def tabs(who: Viewer, given: Query) -> list[dict[str, Any]]:
    """label, url and whether it is `here`, of the lists that this post's roles open."""
    narrowed = {name: value for name, value in given.items() if value and name not in _BESIDE}
    found = []
    for roles, label, query in _TABS:
        if roles & who.roles or _calls_back(who, query):
            address = URLS["cases"] + "?" + _spelt(query)
            found.append({"label": label, "url": address, "here": narrowed == query})
    return found


def _calls_back(who: Viewer, query: Query) -> bool:
    """自办自结: a community's checker calls back what the community handled."""
    return query == {"state": "calling"} and who.level is Level.COMMUNITY and Role.CHECKER in who.roles


def counted(who: Viewer, given: Query, count: Callable[[Query], int]) -> list[dict[str, Any]]:
    """The tabs with how many cases each holds; `count` is asked for each one's query."""
    asked = {URLS["cases"] + "?" + _spelt(query): query for _roles, _label, query in _TABS}
    return [{**tab, "n": count(asked[tab["url"]])} for tab in tabs(who, given)]


def _spelt(query: Query) -> str:
    return "&".join(f"{name}={value}" for name, value in query.items())


def bulk_acts(who: Viewer, given: Query, own: bool = True) -> list[tuple[str, Any]]:
    """kind and label of what this post may try on many cases of this list; `own`: some are its own unit's."""
    kinds = ANSWERS if given.get("queue") == "asked" else BULK
    fitting = [kind for kind in kinds if arrow(kind).roles & who.roles and _team(who, kind)]
    return [(kind.value, naming.FACTS[kind]) for kind in fitting if own or kind not in OWN]


def _team(who: Viewer, kind: Kind) -> bool:
    """A task is put into somebody's hands by its own unit only, and those are the units with handlers."""
    return kind != Kind.ASSIGNED or Role.HANDLER in who.roles


def bulk_payload(kind: str, given: Query) -> dict[str, Any]:
    """What the bar says, as the payload of a move: one sentence in each field that holds words, a limit, a person."""
    if kind not in {*BULK, *ANSWERS}:
        return {}
    words = given.get("reason", "").strip()[:2000]
    said = {name: words for name in FIELDS[kind] if name in _WORDY and words}
    own = {Kind.SUPERVISED: "answer_minutes", Kind.ASSIGNED: "person"}.get(Kind(kind), "")
    return {**said, **({own: given[own]} if given.get(own) else {})}
