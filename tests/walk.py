"""Random legal histories: persons who do whatever the table of moves lets them do to a case."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests import town
from zhongshu.data import cases
from zhongshu.hub.hub import Hub
from zhongshu.kernel import lifecycle
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import ENDED, Arrow, Role, Situation, State, moves

PEOPLE = frozenset(Role) - {Role.SYSTEM}
CLERK = town.viewer(town.CITY, "command", *PEOPLE, user=21)
CHECKING = (f"{town.CITY}-command", f"{town.DISTRICT}-command")
FORWARD = (Kind.SIGNED, Kind.HANDLED, Kind.CHECK_PASSED, Kind.CALLED_BACK, Kind.VERIFIED, Kind.RESUMED)
"""What brings a case nearer to its end: done more often than the rest, so that histories end."""
ELSEWHERE = (
    Kind.MERGED,
    Kind.SPLIT,
    Kind.MERGE_DECLINED,
    Kind.UNSTUCK,
    Kind.PRECEDENT_WITHDRAWN,
    Kind.SUMMARY_CONFIRMED,
    Kind.ASSIGNED,
    Kind.ASSIGNMENT_WITHDRAWN,
    Kind.SUPERVISION_WITHDRAWN,
)
"""Moves that need more than one case or a stuck fact, or bring nothing on; they have tests of their own."""


def payload(kind: str, row: Mapping[str, Any], dice: random.Random) -> dict[str, Any]:
    """Something that a person could say with this move: every required field, now and then an optional one."""
    unit = dice.choice([one.code for one in town.UNITS])
    reporters = [one["report"] for one in row["reporters"]]
    said: dict[str, Any] = {
        "category": dice.choice(["rubbish", "flood", "odd", "building"]),
        "host": unit,
        "unit": unit,
        "units": [unit],
        "attendees": [unit, f"{town.STREET}-office"],
        "minutes": "会议纪要",
        "reason": "有理由",
        "reason_code": "secret" if kind == Kind.REJECTED else "budget",
        "told": "请走信访渠道",
        "text": "已联系",
        "result": "已到场拆除",
        "ruling": "第1号",
        "clause": "第三条",
        "issue": "为何未办",
        "answer_minutes": dice.randint(30, 600),
        "extra_minutes": dice.randint(30, 2000),
        "review_on": "2026-12-31",
        "owner": "某科长",
        "upheld": dice.random() < 0.5,
        "level": dice.randint(1, 3),
        "report": dice.choice(reporters or [0]),
        "contacted": True,
    }
    given = {name: said[name] for name in lifecycle.arrow(kind).fields}
    if kind == Kind.CALLED_BACK:
        given |= {"solved": dice.random() < 0.7, "satisfaction": dice.randint(1, 5)}
    return given


def choices(row: Mapping[str, Any], hub: Hub, dice: random.Random) -> list[tuple[Viewer, Arrow]]:
    """Who may do what to this case now: three persons in the posts of its host and assistants, and one who checks.

    The one who checks is of another unit than the host: who handles never checks.
    """
    units = (row["host"], *row["assists"])
    posts = [replace(CLERK, user=user, unit=unit) for user in (21, 22, 23) for unit in units]
    posts.append(replace(CLERK, user=24, unit=next(unit for unit in CHECKING if unit != row["host"])))
    found = []
    for person in posts:
        for move in moves(State(row["state"]), PEOPLE):
            asked = Situation({**row, "host_place": ""}, {}, person, hub.clock())
            if move.kind not in ELSEWHERE and not lifecycle.refusal(move, asked):
                found.append((person, move))
    return found


def step(hub: Hub, case: int, dice: random.Random, closing: bool = False) -> set[str]:
    """One legal move of some person on one case; the kinds of facts it became. `closing` prefers what ends a case."""
    row = cases.rows([case])[case]
    open_ = choices(row, hub, dice)
    forward = [one for one in open_ if one[1].kind in FORWARD]
    if not open_:
        assert State(row["state"]) in ENDED, f"nobody can go on with a case in {row['state']}"
        return set()
    person, move = dice.choice(forward if closing and forward else open_ + forward * 6)
    return {fact.kind for fact in hub.act(person, case, move.kind, payload(move.kind, row, dice))}
