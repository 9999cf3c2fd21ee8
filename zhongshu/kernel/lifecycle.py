"""案件状态机 the life of a case: every state and every arrow. The table itself is arrows.csv, beside this file.

Each row says who may take the arrow, what it must carry, which request it answers, what it does to the clocks and which
clause asked for it. Sources: GB/T 30428.8 and CJ/T 315 (立案、处置和结案), 国办函〔2025〕66号 (政务服务便民热线).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from zhongshu.kernel.errors import IllegalMove
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.places import Level

if TYPE_CHECKING:
    from zhongshu.kernel.access import Viewer


class State(StrEnum):
    """案件状态."""

    JUDGED = "judged"
    """受理."""
    UNCLEAR = "unclear"
    """待人工研判."""
    VERIFYING = "verifying"
    """核实中."""
    DECIDED = "decided"
    """立案."""
    UNDECIDED = "undecided"
    """待裁定."""
    DISPATCHED = "dispatched"
    """待签收."""
    HANDLING = "handling"
    """处置中."""
    WAITING = "waiting"
    """待补充."""
    HUNG = "hung"
    """挂账."""
    RETURNED = "returned"
    """退单审核."""
    CHECKING = "checking"
    """核查中."""
    CALLING = "calling"
    """回访中."""
    CLOSED = "closed"
    """办结."""
    ARCHIVED = "archived"
    """归档."""
    REJECTED = "rejected"
    """不予受理."""
    NOT_FILED = "not_filed"
    """不予立案."""
    VOID = "void"
    """作废."""


ENDED = frozenset({State.CLOSED, State.ARCHIVED, State.REJECTED, State.NOT_FILED, State.VOID})
"""States in which nobody owes anything any more. A case in one of them has a `closed_at`, an open one has none."""

OPEN = frozenset(State) - ENDED


class Role(StrEnum):
    """岗位角色: what a post may do."""

    OPERATOR = "operator"
    """受理员/坐席: takes in, classifies, calls back."""
    ARBITER = "arbiter"
    """裁定岗: rules who is responsible."""
    HANDLER = "handler"
    """承办人."""
    CHECKER = "checker"
    """监督员/核查员: verifies and checks."""
    CHIEF = "chief"
    """值班长/负责人: sees and supervises, grants what others ask for."""
    SYSTEM = "system"
    """The road itself."""


CLOCKS = (
    "accept",
    "verify",
    "dispatch",
    "rule",
    "sign",
    "contact",
    "make_safe",
    "handle",
    "bundled",
    "check",
    "call_back",
    "supervise",
    "supplement",
    "review",
    "overall",
    "special",
    "rare",
)
"""受理 核实 派遣 裁定 签收 首次联系 安全措施 处置 捆绑 核查 回访 督办 待补充 挂账复查 整体 特需首接 罕见首接."""

_STATES = {
    "open": OPEN,
    "ended": ENDED,
    "unfiled": frozenset({State.UNCLEAR, State.VERIFYING, State.UNDECIDED, State.RETURNED}),
    "at_work": frozenset({State.DISPATCHED, State.HANDLING}),
    "given": frozenset({State.DISPATCHED, State.HANDLING, State.WAITING, State.HUNG}),
}
"""Words of the table that mean several states."""

_CLOCKS = {
    "all": CLOCKS,
    "working": ("sign", "contact", "make_safe", "handle", "bundled"),
    "standing": ("make_safe", "handle", "bundled", "overall"),
}
"""Words of the table that mean several clocks: those of the unit at work, those that stand still while it can't be."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Who wants to do what to which case: all that a guard may look at.

    `row` is the case with its `assists`, and its open `requests`, each {id, kind, by, unit}.
    """

    row: Mapping[str, Any]
    payload: Mapping[str, Any]
    viewer: Viewer
    now: datetime


Guard = Callable[[Situation], str]
"""条件: "" when the move is allowed in this situation, otherwise the sentence that refuses it."""

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Arrow(Generic[S]):
    """One allowed move (流转): `kind` takes its matter from any of `sources` to `target` (None: it stays).

    `fields` are the payload keys that must be given; `answers` the request that another person must have made and
    that this grants or refuses. `starts`, `stops`, `pauses` and `resumes` name clocks; a pause is a stop that only a
    resumption undoes. `clause` is why the move exists.
    """

    kind: Kind
    name: str
    sources: frozenset[S]
    target: S | None
    roles: frozenset[Role]
    fields: tuple[str, ...]
    answers: Kind | None
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    pauses: tuple[str, ...]
    resumes: tuple[str, ...]
    guards: tuple[Guard, ...]
    clause: str


def _foreign(s: Situation) -> str:
    return f"this case is {s.row['host']}'s task, not {s.viewer.unit}'s / 本案不由贵单位承办"


def _hosts(s: Situation) -> str:
    """The unit that answers for the case does it, nobody else's."""
    return "" if s.viewer.unit == s.row["host"] else _foreign(s)


def _assists(s: Situation) -> str:
    return "" if s.viewer.unit in s.row["assists"] else _foreign(s)


def _in_contact(s: Situation) -> str:
    """首接负责: the first unit may speak to the reporter though another handles."""
    known = (s.row["host"], *s.row["assists"], s.row.get("contact_unit"))
    return "" if Role.OPERATOR in s.viewer.roles or s.viewer.unit in known else _foreign(s)


def _another(s: Situation) -> str:
    """Who handles never says that it is done."""
    same = s.viewer.user and s.viewer.user == s.row["handler"]
    return "who handled a case can't check it / 处置人不得核查自己办理的案件" if same else ""


def _apart(s: Situation) -> str:
    """监督与处置分离: above the communities, which close their own small matters, another unit checks."""
    own = s.viewer.unit and s.viewer.unit == s.row["host"] and s.viewer.level is not Level.COMMUNITY
    return "the unit that handled a case can't check it / 承办单位不得核查本单位办理的案件" if own else ""


def _returnable(s: Situation) -> str:
    return "a ruling forbids to return this case / 经裁定，本案不得退回" if s.row.get("forbid_return") else ""


def _met(s: Situation) -> str:
    """Two returns force a joint meeting before anybody rules."""
    if s.row["returned"] < 2 or s.row.get("met"):
        return ""
    return "returned twice: hold the joint meeting first / 已两次退单，须先召开联席会议"


def _in_time(s: Situation) -> str:
    due = s.row.get("due_at")
    late = s.row["overdue"] or (due is not None and s.now >= datetime.fromisoformat(str(due)))
    return "the limit has passed, it can't be extended any more / 已超过办理时限，不能再申请延期" if late else ""


def _own_circle(s: Situation) -> str:
    """自办自结: a checker calls back only a small matter of his own community; everybody else's is the hotline's."""
    own = s.viewer.level is Level.COMMUNITY and s.row.get("small") and s.row.get("host_place") == s.viewer.place
    return "" if own or Role.OPERATOR in s.viewer.roles else "the hotline calls back here / 本案由热线回访"


def _third(s: Situation) -> str:
    """An exclusion is looked at again by neither of the two who made it."""
    two = {one["by"] for one in s.row.get("exclusions", ())}
    return "neither of the two may review it / 抽查须由申请人、批准人以外的第三人进行" if s.viewer.user in two else ""


_GUARDS: Mapping[str, Guard] = {
    "hosts": _hosts,
    "assists": _assists,
    "in_contact": _in_contact,
    "another": _another,
    "apart": _apart,
    "returnable": _returnable,
    "met": _met,
    "in_time": _in_time,
    "own_circle": _own_circle,
    "third": _third,
}


@dataclass(frozen=True, slots=True)
class Vocabulary(Generic[S]):
    """What the words of a table of moves mean (词汇): states and clocks, one or several at once, and guards."""

    states: type[S]
    groups: Mapping[str, frozenset[S]]
    clocks: tuple[str, ...]
    clock_groups: Mapping[str, tuple[str, ...]]
    guards: Mapping[str, Guard]

    def read(self, file: str) -> tuple[Arrow[S], ...]:
        """Every row of a table beside this module. ValueError or KeyError for a word that means nothing."""
        text = (files(__package__) / file).read_text(encoding="utf-8")
        return tuple(self._arrow(row) for row in csv.DictReader(text.splitlines()))

    def _named(self, text: str) -> tuple[str, ...]:
        return tuple(self.clocks[self.clocks.index(name)] for name in _several(text, self.clock_groups))

    def _arrow(self, row: Mapping[str, str]) -> Arrow[S]:
        return Arrow(
            Kind(row["kind"]),
            row["name"],
            frozenset(self.states(one) for one in _several(row["from"], self.groups)),
            self.states(row["to"]) if row["to"] else None,
            frozenset(Role(one) for one in row["who"].split()),
            tuple(row["fields"].split()),
            Kind(row["answers"]) if row["answers"] else None,
            self._named(row["starts"]),
            self._named(row["stops"]),
            self._named(row["pauses"]),
            self._named(row["resumes"]),
            tuple(self.guards[name] for name in row["guards"].split()),
            row["clause"],
        )


def _several(text: str, groups: Mapping[str, Iterable[Any]]) -> list[Any]:
    return [one for word in text.split() for one in groups.get(word, (word,))]


ARROWS: tuple[Arrow[State], ...] = Vocabulary(State, _STATES, CLOCKS, _CLOCKS, _GUARDS).read("arrows.csv")

BY_KIND: Mapping[str, Arrow[State]] = {arrow.kind: arrow for arrow in ARROWS}

REQUESTS: frozenset[Kind] = frozenset(arrow.answers for arrow in ARROWS if arrow.answers)
"""申请: kinds that ask for what another person grants or refuses."""

BIRTHS: dict[str, State] = {Kind.JUDGED: State.JUDGED, Kind.UNCLEAR: State.UNCLEAR, Kind.WARNED: State.JUDGED}
"""Facts that begin a case (受理), and the state it begins in."""

_BORN_WITH = {Kind.JUDGED: ("overall",), Kind.UNCLEAR: ("accept", "overall"), Kind.WARNED: ("overall",)}


def starts(kind: str) -> tuple[str, ...]:
    """Clocks that a fact of this kind starts."""
    move = BY_KIND.get(kind)
    return move.starts if move else _BORN_WITH.get(Kind(kind), ())


def arrow(kind: str) -> Arrow[State]:
    """The arrow of a fact kind; raises IllegalMove when no person or room may do such a thing to a case."""
    try:
        return BY_KIND[kind]
    except KeyError:
        raise IllegalMove(f"{kind} is not a move that a case can make / 没有“{kind}”这种流转") from None


def check(kind: str, state: State, roles: Iterable[Role], payload: Iterable[str]) -> Arrow[State]:
    """The arrow, when this move is allowed now; otherwise IllegalMove with the sentence a person reads."""
    move = arrow(kind)
    permit(move, state, roles, payload)
    return move


def permit(move: Arrow[S], state: S, roles: Iterable[Role], payload: Iterable[str]) -> None:
    """IllegalMove with the sentence a person reads, unless state, role and fields allow this move; for every table."""
    kind = move.kind
    if state not in move.sources:
        allowed = "、".join(sorted(move.sources))
        raise IllegalMove(f"{kind} needs one in {allowed}, this one is {state} / 当前状态“{state}”不能执行“{kind}”")
    if not move.roles & set(roles):
        raise IllegalMove(f"{kind} is for {', '.join(sorted(move.roles))} / 本岗位无权执行“{kind}”")
    missing = [name for name in move.fields if name not in set(payload)]
    if missing:
        raise IllegalMove(f"{kind} needs {', '.join(missing)} / “{kind}”缺少必填项：{'、'.join(missing)}")


def refusal(move: Arrow[S], situation: Situation) -> str:
    """Why this person may not make this move on this case now, beyond state, role and fields; "" when he may."""
    said = (guard(situation) for guard in move.guards)
    return _requested(move, situation) or next(filter(None, said), "")


def _requested(move: Arrow[S], s: Situation) -> str:
    """两人: one asks, another person answers; the same is not asked twice at once."""
    wanted = move.answers or move.kind
    waiting = [one for one in s.row.get("requests", ()) if one["kind"] == wanted]
    if move.kind in REQUESTS:
        return "this has been asked for already / 同一申请尚未答复，不能重复提出" if waiting else ""
    if move.answers is None:
        return ""
    if not waiting:
        return "nobody has asked for this / 没有待答复的申请"
    own = s.viewer.user and any(one["by"] == s.viewer.user for one in waiting)
    return "who asked can't answer it / 申请人不得批准自己的申请" if own else ""


def moves(state: State, roles: Iterable[Role]) -> list[Arrow[State]]:
    """What these roles may do to a case in this state: the buttons of its page."""
    held = set(roles)
    return [move for move in ARROWS if state in move.sources and move.roles & held]
