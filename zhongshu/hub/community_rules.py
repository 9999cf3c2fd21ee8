"""社区议事规则 who may do what to a topic or a reply, and when: one table, pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhongshu.kernel.access import Viewer
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level

NOTICE, TOPIC, VOTE = "notice", "topic", "vote"
RESIDENT, FIRM, BODY = "resident", "firm", "body"
MEMBERS = (RESIDENT, FIRM, BODY)
GROUNDS = ("privacy", "abuse", "false", "illegal", "advert", "off_topic")
"""Why something may be hidden; that it is unwelcome is none."""
VOTERS = ("residents", "all")
OPTIONS = (2, 8)
"""Choices of a vote, at least and at most."""
FEW = 5
"""Votes below which no counts are shown while a vote is open: among few, everybody knows who chose what."""
TITLE, TEXT = 60, 2000
"""Characters."""
MODERATORS = frozenset({Role.CHECKER, Role.CHIEF, Role.HANDLER})


@dataclass(frozen=True, slots=True)
class Speaker:
    """谁在说话: a member by his link, or somebody in a post; one of the two."""

    member: Mapping[str, Any] | None = None
    viewer: Viewer | None = None

    @property
    def number(self) -> int:
        return int(self.member["id"]) if self.member else 0

    @property
    def user(self) -> int:
        return self.viewer.user if self.viewer else 0


@dataclass(frozen=True, slots=True)
class Turn:
    """一步: what somebody wants to do to `row`: a topic, a reply or a line of points, each with its own state."""

    row: Mapping[str, Any]
    speaker: Speaker
    now: datetime


def keeps(viewer: Viewer | None, place: str) -> bool:
    """Whether this is somebody of the community's own post: who moderates, admits members and puts up notices."""
    return bool(viewer and viewer.level is Level.COMMUNITY and viewer.place == place and viewer.roles & MODERATORS)


def above(viewer: Viewer | None, place: str) -> bool:
    """Whether this is a chief of a level above, who may hear an appeal."""
    return bool(
        viewer and viewer.level is not Level.COMMUNITY and Role.CHIEF in viewer.roles and viewer.span.holds(place)
    )


def _keeper(turn: Turn) -> str:
    return (
        "" if keeps(turn.speaker.viewer, turn.row["place"]) else "for the community's own post / 由本社区工作人员办理"
    )


def _another(turn: Turn) -> str:
    """An appeal is heard by somebody else than who hid it: of the community, or a chief above."""
    who = turn.speaker.viewer
    if not (keeps(who, turn.row["place"]) or above(who, turn.row["place"])):
        return "for the community's post or a chief above / 由本社区或上级负责人办理"
    same = turn.speaker.user == turn.row["hidden_by"]
    return "who hid it can't hear the appeal / 隐藏的人不能自己裁定申诉，须由另一人办理" if same else ""


def _author(turn: Turn) -> str:
    own = turn.speaker.number and turn.speaker.number == turn.row["member"]
    return "" if own else "only its author may appeal / 只有发布人本人可以申诉"


def _files(turn: Turn) -> str:
    """Its author or the community's post has it done by the administration, once."""
    if turn.row["report"]:
        return "it is a case already / 已转为案件办理"
    return (
        "" if not _author(turn) or not _keeper(turn) else "for its author or the community / 由发布人或本社区提交办理"
    )


def _adopts(turn: Turn) -> str:
    if turn.row["report"]:
        return "it is a case already / 已转为案件办理"
    return "" if turn.speaker.member else "for members / 由持凭证的成员认领"


def _adopter(turn: Turn) -> str:
    own = turn.speaker.number and turn.speaker.number == turn.row["adopter"]
    return "" if own else "only who took it on may say so / 只有认领人可以办理"


@dataclass(frozen=True, slots=True)
class Rule:
    """一条: from which states and adoptions, who (a sentence when not), what must be said, only of topics?"""

    states: tuple[str, ...]
    who: Callable[[Turn], str]
    needs: tuple[str, ...] = ()
    adoptions: tuple[str, ...] | None = None
    topics_only: bool = False


_OPEN = ("open",)
MOVES: Mapping[str, Rule] = {
    "hide": Rule(_OPEN, _keeper, ("ground", "reason")),
    "appeal": Rule(("hidden",), _author, ("text",)),
    "restore": Rule(("hidden", "appealed"), _another, ("reason",)),
    "uphold": Rule(("appealed",), _another, ("reason",)),
    "file": Rule(_OPEN, _files, (), None, True),
    "adopt": Rule(_OPEN, _adopts, ("text",), ("",), True),
    "done": Rule(_OPEN, _adopter, ("text",), ("adopted",), True),
    "confirm": Rule(_OPEN, _keeper, ("text",), ("done",), True),
    "drop": Rule(_OPEN, lambda turn: _adopter(turn) and _keeper(turn), ("reason",), ("adopted", "done"), True),
    "end": Rule(_OPEN, _keeper, (), None, True),
}
"""隐藏、申诉、恢复、维持、转办、认领、报完成、确认、放弃、结束."""


def refusal(move: str, turn: Turn, given: Mapping[str, Any]) -> str:
    """ "" when it may be done, otherwise the sentence that says why not."""
    rule = MOVES.get(move)
    if rule is None:
        return f"{move} is no move of a topic / 没有“{move}”这种操作"
    said = _stands(rule, turn)
    if said:
        return said
    missing = [name for name in rule.needs if not str(given.get(name, "")).strip()]
    return f"{missing[0]}: found nothing, expected words / 请写明理由或说明" if missing else ""


def _stands(rule: Rule, turn: Turn) -> str:
    # Replies, and lines of points, which are hidden and appealed by the same table, have no kind.
    if rule.topics_only and "kind" not in turn.row:
        return "not for a reply / 回帖不能这样办理"
    if turn.row["state"] not in rule.states:
        return "it is in another state by now / 状态已改变，请刷新后再看"
    if rule.topics_only and turn.row["kind"] != TOPIC and rule is not MOVES["end"]:
        return "only for topics / 只有话题可以这样办理"
    if rule.adoptions is not None and turn.row["adoption"] not in rule.adoptions:
        return "somebody else took it on, or nobody / 认领状态已改变，请刷新后再看"
    return rule.who(turn)


def open_moves(turn: Turn) -> list[str]:
    """What this speaker may do now, whatever he would have to say with it."""
    return [name for name, rule in MOVES.items() if not _stands(rule, turn)]


def vote_refusal(turn: Turn, option: int) -> str:
    """Whether this member may choose this; "" when he may."""
    topic, member = turn.row, turn.speaker.member
    if topic["kind"] != VOTE or topic["state"] != "open":
        return "this vote is not open / 表决未开放"
    if topic["closes_at"] and turn.now >= topic["closes_at"]:
        return "this vote is over / 表决已截止"
    if member is None:
        return "for members with a link / 凭居民凭证参加表决"
    if topic["voters"] == "residents" and member["kind"] != RESIDENT:
        return "for residents / 本次表决只限居民"
    return "" if 0 <= option < len(topic["options"]) else "option: found none of the choices / 请选择一项"
