"""呼应与指令 calls and directives: who is called or ordered, in which state each unit is, and what it may do next.

So are the causes (病因) that a joint task is convened to remove. The tables are call_arrows.csv, directive_arrows.csv
and cause_arrows.csv beside this file, read as the table of a case's moves is. A
matter (the call, the directive) is open until it ends; each unit in it goes its own way. Sources: 街乡吹哨、部门报到;
令行禁止、有呼必应 (民有所呼、街镇有呼、企业有呼、党有呼唤).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from zhongshu.kernel.errors import IllegalMove
from zhongshu.kernel.lifecycle import Arrow, Guard, Situation, Vocabulary
from zhongshu.kernel.places import metres_apart


class CallState(StrEnum):
    """呼应状态: of a call the first three, of each unit in it the rest."""

    OPEN = "open"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    NOTIFIED = "notified"
    """待响应."""
    ACKNOWLEDGED = "acknowledged"
    """已响应."""
    ARRIVED = "arrived"
    """已到场."""
    ACTED = "acted"
    """已处置, still there."""
    RELEASED = "released"
    """已放行."""
    SCORED = "scored"
    """已评分."""


class DirectiveState(StrEnum):
    """指令状态: of a directive the first three, of each addressee the rest."""

    OPEN = "open"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    SENT = "sent"
    """待签收."""
    RECEIVED = "received"
    """执行中."""
    EXECUTED = "executed"
    """待认可."""
    EXCEPTED = "excepted"
    """例外待答复."""
    ACCEPTED = "accepted"
    """已认可."""
    EXEMPT = "exempt"
    """准予例外."""


class CauseState(StrEnum):
    """病因状态."""

    FOUND = "found"
    """候选，待人确认."""
    CONFIRMED = "confirmed"
    """已确认，待联合治理."""
    DISMISSED = "dismissed"
    """已排除."""
    TASKED = "tasked"
    """联合治理中."""
    TREATED = "treated"
    """治理到位，看是否复发."""
    SETTLED = "settled"
    """已销号."""


NEAR = 200.0
"""Metres from the called place within which an arrival needs no reason (default, no standard)."""

SCORES = range(1, 6)
"""呼方评分: 1 (非常不满意) to 5 (非常满意)."""


def _called(s: Situation) -> str:
    own = s.viewer.unit == s.row["unit"]
    return "" if own else "your unit is not the one called / 贵单位不是被呼单位"


def _caller(s: Situation) -> str:
    own = s.viewer.unit == s.row["caller"]
    return "" if own else "only the caller may do this / 只能由呼叫方操作"


def _convenes(s: Situation) -> str:
    """派应: the caller, or the command desk of a level at or above the place."""
    own = s.viewer.unit in (s.row["caller"], *s.row.get("desks", ()))
    return "" if own else "only the caller or the command desk may call more units / 只能由呼叫方或指挥中心加呼"


def _photographed(s: Situation) -> str:
    return "" if s.payload.get("photos") else "an arrival needs a photo / 到场须上传现场照片"


def _on_site(s: Situation) -> str:
    """At the place, or elsewhere and unlocated with a reason."""
    if s.payload.get("reason"):
        return ""
    here = (s.payload.get("lon"), s.payload.get("lat"))
    if None in here:
        return "say where you are, or why that can't be told / 请提供定位，无法定位的须说明原因"
    apart = metres_apart(here, (s.row["lon"], s.row["lat"]))
    far = apart is not None and apart > NEAR
    return f"{apart:.0f} m away, say why / 距呼叫地点 {apart:.0f} 米，须说明原因" if far else ""


def _addressed(s: Situation) -> str:
    own = s.viewer.unit == s.row["unit"]
    return "" if own else "this directive is not addressed to your unit / 贵单位不是受令单位"


def _issuer(s: Situation) -> str:
    own = s.viewer.unit == s.row["issuer"]
    return "" if own else "only the issuer may do this / 只能由下达单位操作"


def _another(s: Situation) -> str:
    """Who proves never accepts."""
    same = s.viewer.user and s.viewer.user == s.row["handler"]
    return "who gave the proof can't judge it / 反馈人不得认可自己的反馈" if same else ""


def _proved(s: Situation) -> str:
    bare = s.row["proof"] == "photos" and not s.payload.get("photos")
    return "this directive asks for photos as proof / 本指令要求以照片为执行证据" if bare else ""


def _missed(s: Situation) -> str:
    return "" if s.row["missed"] else "nothing was missed here / 没有逾期或不执行的情形，不能问责"


def _not_tasker(s: Situation) -> str:
    """Who made the task never says that it worked."""
    same = s.viewer.user and s.viewer.user == s.row["tasked_by"]
    return "who made the joint task can't settle it / 立联合任务的人不得自行销号" if same else ""


CAUSE_ARROWS: Mapping[str, Arrow[CauseState]] = {
    arrow.kind: arrow for arrow in Vocabulary(CauseState, {}, (), {}, {"another": _not_tasker}).read("cause_arrows.csv")
}
"""Kind of fact -> the move of a cause (病因) that it is."""

M = TypeVar("M", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Matter(Generic[M]):
    """事: one kind of matter that several units answer: its table, and what its rows are called.

    `name` is its table, `parts` that of its units; `birth` begins it, `first` is the state in which a unit begins and
    `done` those in which it owes nothing; `opens` is the state of an open matter.
    """

    name: str
    arrows: Mapping[str, Arrow[M]]
    birth: Arrow[M]
    opens: M
    first: M
    done: frozenset[M]
    owner: str
    """Column of the unit that began it."""

    @property
    def parts(self) -> str:
        return f"{self.name}_unit"

    def whole(self, move: Arrow[M]) -> bool:
        """Whether a move is about the whole matter rather than about one unit in it."""
        return self.opens in move.sources


def _matter(name: str, arrows: tuple[Arrow[M], ...], states: tuple[M, M, frozenset[M]], owner: str) -> Matter[M]:
    opens, first, done = states
    by_kind: Mapping[str, Arrow[M]] = {arrow.kind: arrow for arrow in arrows}
    return Matter(name, by_kind, arrows[0], opens, first, done, owner)


_ANSWERING = frozenset({CallState.NOTIFIED, CallState.ACKNOWLEDGED, CallState.ARRIVED, CallState.ACTED})
_OWING = frozenset({DirectiveState.SENT, DirectiveState.RECEIVED, DirectiveState.EXECUTED, DirectiveState.EXCEPTED})
_CALL_CLOCKS = ("acknowledge", "arrive", "act")
_DIRECTIVE_CLOCKS = ("receive", "execute")
_CALL_GUARDS: Mapping[str, Guard] = {
    "called": _called,
    "caller": _caller,
    "convenes": _convenes,
    "photographed": _photographed,
    "on_site": _on_site,
}
_DIRECTIVE_GUARDS: Mapping[str, Guard] = {
    "addressed": _addressed,
    "issuer": _issuer,
    "another": _another,
    "proved": _proved,
    "missed": _missed,
}

CALL: Matter[CallState] = _matter(
    "call",
    Vocabulary(CallState, {"answering": _ANSWERING}, _CALL_CLOCKS, {"all": _CALL_CLOCKS}, _CALL_GUARDS).read(
        "call_arrows.csv"
    ),
    (CallState.OPEN, CallState.NOTIFIED, frozenset({CallState.SCORED})),
    "caller",
)
DIRECTIVE: Matter[DirectiveState] = _matter(
    "directive",
    Vocabulary(
        DirectiveState, {"owing": _OWING}, _DIRECTIVE_CLOCKS, {"all": _DIRECTIVE_CLOCKS}, _DIRECTIVE_GUARDS
    ).read("directive_arrows.csv"),
    (DirectiveState.OPEN, DirectiveState.SENT, frozenset({DirectiveState.ACCEPTED, DirectiveState.EXEMPT})),
    "issuer",
)


@dataclass(frozen=True, slots=True)
class CallRule:
    """呼应规则: who may call in this way, who is called when nobody is named, and the clocks, in minutes of `calendar`.

    `kind` is resident 民呼 | street 街镇呼 | enterprise 企业呼 | party 党呼 | directive 令 (acknowledge: receipt; act:
    execution). 0 minutes is no such clock. `levels` and `lines` narrow who may call, by level and by line of work;
    empty is everybody. `needs` are "level/kind". `raise_to` is line (the unit's own superior) or command.
    """

    code: str
    kind: str
    urgent: bool
    acknowledge_minutes: int
    arrive_minutes: int = 0
    act_minutes: int = 0
    calendar: str = "always"
    raise_to: str = "line"
    needs: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    basis: str = "default"

    def minutes(self, clock: str) -> int:
        """Of one of the clocks of the tables."""
        given = {"receive": self.acknowledge_minutes, "execute": self.act_minutes}
        return given[clock] if clock in given else int(getattr(self, f"{clock}_minutes"))


KINDS = ("resident", "street", "enterprise", "party")
"""民呼 街镇呼 企业呼 党呼."""

CALL_RULES: Mapping[str, CallRule] = {
    rule.code: rule
    for rule in (
        CallRule("resident", "resident", False, 1440, 0, 2100, "always", "line", ("community/office",)),
        CallRule("resident_urgent", "resident", True, 120, 240, 0, "always", "line", ("community/office",)),
        CallRule("street", "street", False, 240, 480, 6300, "office", "line", ("district/command",), ("street",)),
        CallRule("street_urgent", "street", True, 30, 60, 1440, "always", "line", ("district/command",), ("street",)),
        CallRule("enterprise", "enterprise", False, 420, 0, 2100, "office", "line", ("district/command",)),
        CallRule("enterprise_urgent", "enterprise", True, 120, 240, 420, "office", "line", ("district/command",)),
        CallRule("party", "party", False, 30, 120, 0, "always", "line", lines=("party",)),
        CallRule("party_urgent", "party", True, 15, 60, 0, "always", "line", lines=("party",)),
        CallRule("directive", "directive", False, 30, 0, 1440),
        CallRule("directive_urgent", "directive", True, 15, 0, 240),
    )
}
"""Defaults of the project for a pack that says nothing; only the 30 minutes of an urgent street call follow a known
practice (街乡吹哨: 30 分钟到场), the others have no law or standard behind them."""


def rule_of(rules: Mapping[str, CallRule], kind: str, urgent: bool) -> CallRule:
    """The rule of a kind; the ordinary one when there is none for urgent ones. IllegalMove when there is none."""
    found = {one.urgent: one for one in rules.values() if one.kind == kind}
    rule = found.get(urgent) or found.get(False)
    if rule is None:
        raise IllegalMove(f"kind: there is no rule for {kind!r} / 没有“{kind}”这类呼叫的规则")
    return rule


def tick(move: Arrow[Any], row: Mapping[str, Any], now: datetime, limits: Mapping[str, str]) -> dict[str, Any]:
    """What a move does to the clocks of one unit: `limits` (moments by clock), `stopped`, `missed`, `wake_at`.

    `limits` given here are new ones. A clock that runs out stops and stays missed; it starts again with a new limit.
    """
    due = {**row["limits"], **limits}
    again = [one for one in move.starts if one in limits or one not in row["missed"]]
    running = [one for one in due if one not in row["stopped"]]
    late = [one for one in move.stops if one in running and datetime.fromisoformat(due[one]) < now]
    stopped = [one for one in dict.fromkeys((*row["stopped"], *move.stops)) if one not in again]
    return {
        "limits": due,
        "stopped": stopped,
        "missed": [*row["missed"], *late],
        "wake_at": wake(due, stopped),
    }


def wake(limits: Mapping[str, str], stopped: Iterable[str]) -> str | None:
    """When the next running clock runs out (ISO 8601, UTC), or None."""
    held = set(stopped)
    running = [datetime.fromisoformat(due) for clock, due in limits.items() if clock not in held]
    return min(running).isoformat() if running else None
