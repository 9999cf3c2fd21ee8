"""办理事项的流转表 which moves a proceeding can make, who may make them, and how long each gives: kernel's two tables.

`limit` of a move is how long the other side has after it: so many working days (`code/days`: as many as the pack's row
of share_limits.csv says, the days when it has none), `@field` to the end of the date given in that field, `^field` to
its beginning or, of a field that is a moment, to that moment. When it runs out, the move of `system` from that state
is taken, else it is overdue.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from zhongshu.data.sharing.rules import limits
from zhongshu.hub import forms
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import CITY_TIME, Calendar
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.lifecycle import Role

BUREAU = "data"
"""Line of work of the units that run the platform (数据管理部门)."""
SIDES = ("asker", "provider", "bureau", "any")
"""申请方 提供方 数据管理部门 任一单位."""
EVERYBODY = "*"
"""Place of what every viewer sees."""


@dataclass(frozen=True, slots=True)
class Field:
    """字段: what a move carries; `type` is one of forms.READERS."""

    name: str
    type: str
    required: bool


@dataclass(frozen=True, slots=True)
class Move:
    """流转: one row of the table. `sources` empty begins a proceeding; no `target` leaves its state."""

    family: str
    name: str
    label: str
    english: str
    sources: frozenset[str]
    target: str
    roles: frozenset[Role]
    side: str
    fields: tuple[Field, ...]
    limit: str
    others: tuple[str, ...]
    clause: str

    @property
    def key(self) -> str:
        return f"{self.family}.{self.name}"


@dataclass(frozen=True, slots=True)
class State:
    """状态 of a proceeding, or, with `name` "", the family itself."""

    family: str
    name: str
    label: str
    english: str
    tone: str
    ended: bool
    letter: str


@dataclass(frozen=True, slots=True)
class About:
    """标的: what a proceeding is about, and which units must answer, the one at `place` first."""

    title: str
    providers: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a guard looks at: the row (with what was `given` before), what is given now, and who does it."""

    row: Mapping[str, Any]
    given: Mapping[str, Any]
    viewer: Viewer
    knowledge: Knowledge
    now: datetime


Guard = Callable[[Looked], str]
"""条件: "" when the move is allowed, otherwise the sentence that refuses it."""
Teller = Callable[[Looked], Mapping[str, Any]]
"""补充: what the hub itself adds to what was given, so that the fact holds all that follows from the move."""
Finder = Callable[[str, Mapping[str, Any], Viewer, Knowledge], About]
"""Subject and what is given -> what it is about. Raises NotFound or BadInput."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What an area adds to a family of the table: how its subjects are found; conditions and additions of moves.

    `after` is told the subject in the transaction of every move on it, once its fact is written: for what isn't folded.
    """

    about: Finder
    guards: Mapping[str, Guard]
    tells: Mapping[str, Teller] = field(default_factory=dict)
    after: Callable[[str], None] = lambda subject: None


def _rows(file: str) -> list[dict[str, str]]:
    text = (files("zhongshu.kernel") / file).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _field(word: str) -> Field:
    name, _, kind = word.rstrip("?").partition(":")
    found = Field(name, kind or "text", not word.endswith("?"))
    if found.type not in forms.READERS:
        raise ValueError(f"proceeding_arrows.csv: fields: found {word!r}, expected one of {', '.join(forms.READERS)}")
    return found


def _move(row: Mapping[str, str]) -> Move:
    if row["side"] not in ("", *SIDES):
        raise ValueError(f"proceeding_arrows.csv: side: found {row['side']!r}, expected one of {', '.join(SIDES)}")
    return Move(
        row["family"],
        row["move"],
        row["name"],
        row["english"],
        frozenset(row["from"].split()),
        row["to"],
        frozenset(Role(one) for one in row["who"].split()),
        row["side"] or "any",
        tuple(_field(word) for word in row["fields"].split()),
        row["limit"],
        tuple(row["other"].split()),
        row["clause"],
    )


MOVES: Mapping[str, Move] = {move.key: move for move in map(_move, _rows("proceeding_arrows.csv"))}
"""By "family.move"."""
STATES: Mapping[tuple[str, str], State] = {
    (row["family"], row["state"]): State(
        row["family"], row["state"], row["name"], row["english"], row["tone"], row["ended"] == "1", row["letter"]
    )
    for row in _rows("proceeding_states.csv")
}
"""By family and state; the family itself under ""."""
FREE = frozenset({"standard"})
"""Families that begin by themselves; the others begin where their subject is shown."""


def move_of(family: str, name: str) -> Move:
    """IllegalMove when there is no such move."""
    found = MOVES.get(f"{family}.{name}")
    if found is None:
        raise IllegalMove(f"{family} has no move {name} / “{family}”没有“{name}”这种操作")
    return found


def births(family: str) -> list[Move]:
    return [move for move in MOVES.values() if move.family == family and not move.sources]


def by_clock(family: str, state: str) -> Move | None:
    """What happens by itself when the limit of this state runs out."""
    fitting = (one for one in MOVES.values() if one.family == family and state in one.sources)
    return next((one for one in fitting if Role.SYSTEM in one.roles), None)


def read(move: Move, given: Mapping[str, object]) -> dict[str, Any]:
    """The fields of a move, each of its type. BadInput names the odd one; IllegalMove what is missing."""
    known = {field.name: field for field in move.fields}
    extra = [name for name in given if name not in known]
    if extra:
        raise BadInput(f"{extra[0]}: {move.name} carries no such field / “{move.label}”没有“{extra[0]}”这一项")
    sent = {name: value for name, value in given.items() if value not in (None, "")}
    found = {name: forms.READERS[known[name].type](name, value) for name, value in sent.items()}
    missing = [field.name for field in move.fields if field.required and found.get(field.name) in (None, "", [])]
    if missing:
        raise IllegalMove(f"{move.name} needs {', '.join(missing)} / “{move.label}”缺少必填项：{'、'.join(missing)}")
    return found


def stands(move: Move, row: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> str:
    """Why this person doesn't stand where he could make this move; "" when he does: state, role, side, two persons."""
    if move.sources and row["state"] not in move.sources:
        return f"{move.name} can't follow {row['state']} / 当前状态不能执行“{move.label}”"
    if not move.roles & viewer.roles:
        return f"{move.name} is for {', '.join(sorted(move.roles))} / 本岗位无权执行“{move.label}”"
    if not _on_side(move.side, row, viewer, knowledge):
        return f"{move.name} is for the {move.side} / 只能由{_SIDE[move.side]}执行“{move.label}”"
    done = [name for name in move.others if viewer.user and row["people"].get(name) == viewer.user]
    if done:
        return f"who made {done[0]} can't make {move.name} / 须由他人执行：本人已办“{_label(move.family, done[0])}”"
    return ""


_SIDE = {"asker": "申请方", "provider": "提供方", "bureau": "数据管理部门", "any": "在岗人员"}


def _label(family: str, name: str) -> str:
    found = MOVES.get(f"{family}.{name}")
    return found.label if found else name


def of_bureau(viewer: Viewer, knowledge: Knowledge) -> bool:
    """Whether somebody works in a unit that runs the platform."""
    unit = knowledge.units.get(viewer.unit)
    return unit is not None and unit.kind == BUREAU


def _on_side(side: str, row: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> bool:
    if side == "bureau":
        return of_bureau(viewer, knowledge)
    return side == "any" or viewer.unit in ([row["asker"]] if side == "asker" else row["providers"])


def due(move: Move, given: Mapping[str, Any], knowledge: Knowledge, now: datetime) -> str | None:
    """When the limit that this move gives runs out (ISO 8601), or None. BadInput when its date has passed."""
    if not move.limit:
        return None
    code, _, days = move.limit.rpartition("/")
    if days.isdecimal():
        return _working(code, int(days), knowledge, now).isoformat()
    name = move.limit[1:]
    if name not in given or any(one.name == name and one.type == "moment" for one in move.fields):
        return given.get(name)
    day = date.fromisoformat(given[name]) + timedelta(days=move.limit[0] == "@")
    found = datetime.combine(day, time(), CITY_TIME)
    if move.limit[0] == "@" and found <= now:
        raise BadInput(f"{name}: found {given[name]}, expected today or a later day / “{name}”不得早于今天")
    return found.isoformat()


def _working(code: str, days: int, knowledge: Knowledge, now: datetime) -> datetime:
    """So many working days, or as many as the pack's row of this code in share_limits.csv says."""
    row = limits(now).get(code) if code else None
    calendar = knowledge.calendar(row["calendar"] if row else "office")
    return _after(calendar, now, row["days"] if row else days)


def _after(calendar: Calendar, now: datetime, days: int) -> datetime:
    """The end of the `days`-th working day after today, as limits of law are counted (the day itself is not)."""
    day = now.astimezone(calendar.zone).date()
    while days:
        day += timedelta(days=1)
        days -= calendar.works(day)
    windows = calendar.windows(day)
    return (windows[-1][1] if windows else datetime.combine(day + timedelta(days=1), time(), CITY_TIME)).astimezone(UTC)
