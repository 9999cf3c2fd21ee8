"""案件状态机 the life of a case: every state and every arrow, in one table, with who may take it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from zhongshu.kernel.errors import IllegalMove
from zhongshu.kernel.facts import Kind


class State(StrEnum):
    """案件状态."""

    JUDGED = "judged"
    UNCLEAR = "unclear"
    DECIDED = "decided"
    UNDECIDED = "undecided"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    RETURNED = "returned"
    CHECKING = "checking"
    CALLING = "calling"
    CLOSED = "closed"


OPEN = frozenset(State) - {State.CLOSED}


class Role(StrEnum):
    """岗位角色: what a post may do."""

    OPERATOR = "operator"
    """受理员/坐席: takes in, classifies, calls back."""
    ARBITER = "arbiter"
    """裁定岗: rules who is responsible."""
    HANDLER = "handler"
    """承办人."""
    CHECKER = "checker"
    """核查员."""
    CHIEF = "chief"
    """值班长/负责人: sees and supervises."""
    SYSTEM = "system"
    """The road itself."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One allowed move (流转): `kind` takes a case from any of `sources` to `target` (None: stays where it is).

    `fields` are the payload keys that must be given; `clause` is why the move exists.
    """

    kind: Kind
    sources: frozenset[State]
    target: State | None
    roles: frozenset[Role]
    fields: tuple[str, ...] = ()
    clause: str = ""


def _arrow(
    kind: Kind, sources: Iterable[State], target: State | None, roles: Iterable[Role], *fields: str, clause: str = ""
) -> Arrow:
    return Arrow(kind, frozenset(sources), target, frozenset(roles), fields, clause)


_S, _R = State, Role

ARROWS: tuple[Arrow, ...] = (
    _arrow(
        Kind.CLASSIFIED,
        {_S.UNCLEAR, _S.UNDECIDED, _S.DISPATCHED, _S.HANDLING, _S.RETURNED},
        _S.JUDGED,
        {_R.OPERATOR, _R.ARBITER},
        "category",
        clause="D-corrected category re-decides",
    ),
    _arrow(Kind.DECIDED, {_S.JUDGED, _S.RETURNED, _S.UNDECIDED}, _S.DECIDED, {_R.SYSTEM}, clause="派单目录"),
    _arrow(Kind.UNDECIDED, {_S.JUDGED, _S.RETURNED}, _S.UNDECIDED, {_R.SYSTEM}, clause="国办函〔2025〕66号 兜底"),
    _arrow(Kind.RULED, {_S.UNDECIDED, _S.RETURNED}, _S.DECIDED, {_R.ARBITER}, "host", "reason", clause="派单异议审核"),
    _arrow(Kind.DISPATCHED, {_S.DECIDED}, _S.DISPATCHED, {_R.SYSTEM}, clause="七步闭环 3"),
    _arrow(Kind.SIGNED, {_S.DISPATCHED}, _S.HANDLING, {_R.HANDLER}, clause="签收"),
    _arrow(Kind.RETURNED, {_S.DISPATCHED, _S.HANDLING}, _S.RETURNED, {_R.HANDLER}, "reason", clause="退单"),
    _arrow(Kind.OVERDUE, OPEN, None, {_R.SYSTEM}, clause="逾期"),
    _arrow(Kind.ESCALATED, OPEN, None, {_R.SYSTEM, _R.CHIEF}, "level", clause="提级办理"),
    _arrow(Kind.HANDLED, {_S.HANDLING}, _S.CHECKING, {_R.HANDLER}, "result", clause="处理反馈"),
    _arrow(Kind.CHECK_PASSED, {_S.CHECKING}, _S.CALLING, {_R.CHECKER, _R.CHIEF}, clause="核查 ≠ 处置"),
    _arrow(Kind.CHECK_FAILED, {_S.CHECKING}, _S.HANDLING, {_R.CHECKER, _R.CHIEF}, "reason", clause="返工"),
    _arrow(Kind.CALLED_BACK, {_S.CALLING}, None, {_R.OPERATOR}, "report", "contacted", clause="有效回访"),
    _arrow(Kind.CLOSED, {_S.CALLING}, _S.CLOSED, {_R.SYSTEM}, clause="办结"),
    _arrow(Kind.REOPENED, {_S.CLOSED, _S.CALLING}, _S.JUDGED, {_R.OPERATOR, _R.SYSTEM}, "reason", clause="重启/重办"),
    _arrow(Kind.MERGED, OPEN, None, {_R.SYSTEM, _R.OPERATOR}, "report", clause="66号文 重复诉求并单"),
    _arrow(Kind.MERGE_PROPOSED, OPEN, None, {_R.SYSTEM}, "report"),
    _arrow(Kind.MERGE_DECLINED, OPEN, None, {_R.OPERATOR}, "proposal"),
    _arrow(Kind.ABSORBED, OPEN, _S.CLOSED, {_R.SYSTEM}, clause="66号文 重复诉求并单"),
    _arrow(Kind.SPLIT, OPEN, None, {_R.OPERATOR}, "report", "reason"),
    _arrow(Kind.STUCK, OPEN | {_S.CLOSED}, None, {_R.SYSTEM}),
    _arrow(Kind.UNSTUCK, OPEN | {_S.CLOSED}, None, {_R.OPERATOR, _R.CHIEF}, "stuck"),
    _arrow(Kind.CLEARED, OPEN | {_S.CLOSED}, None, {_R.SYSTEM}),
    _arrow(Kind.EVALUATED, {_S.CLOSED}, None, {_R.SYSTEM}),
)

_BY_KIND = {arrow.kind: arrow for arrow in ARROWS}

BIRTHS: dict[str, State] = {Kind.JUDGED: State.JUDGED, Kind.UNCLEAR: State.UNCLEAR, Kind.WARNED: State.JUDGED}
"""Facts that begin a case (立案), and the state it begins in."""


def arrow(kind: str) -> Arrow:
    """The arrow of a fact kind; raises IllegalMove when no person or room may do such a thing to a case."""
    try:
        return _BY_KIND[Kind(kind)]
    except (KeyError, ValueError):
        raise IllegalMove(f"{kind} is not a move that a case can make / 没有“{kind}”这种流转") from None


def check(kind: str, state: State, roles: Iterable[Role], payload: Iterable[str]) -> Arrow:
    """The arrow, when this move is allowed now; otherwise IllegalMove with the sentence a person reads."""
    move = arrow(kind)
    if state not in move.sources:
        allowed = "、".join(sorted(move.sources))
        raise IllegalMove(f"{kind} needs a case in {allowed}, this one is {state} / 当前状态“{state}”不能执行“{kind}”")
    if not move.roles & set(roles):
        raise IllegalMove(f"{kind} is for {', '.join(sorted(move.roles))} / 本岗位无权执行“{kind}”")
    missing = [name for name in move.fields if name not in set(payload)]
    if missing:
        raise IllegalMove(f"{kind} needs {', '.join(missing)} / “{kind}”缺少必填项：{'、'.join(missing)}")
    return move


def moves(state: State, roles: Iterable[Role]) -> list[Arrow]:
    """What these roles may do to a case in this state: the buttons of its page."""
    held = set(roles)
    return [move for move in ARROWS if state in move.sources and move.roles & held]
