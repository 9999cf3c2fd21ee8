"""志愿规则 who may do what to a volunteer task, and whose look at a matter counts: one table, pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhongshu.hub.community_rules import TOPIC, Speaker, above, keeps

ENROLLED, WITHDRAWN, CAME, ABSENT = "enrolled", "withdrawn", "came", "absent"
AT_MOST = 500
"""Volunteers of one task."""
LONGEST = 24
"""Hours of one task."""
SEEN = ("checking", "calling", "closed", "archived")
"""States of a case in which there is something done to look at."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """一步: what somebody wants to do to a task, and about which enrolment (None: there is none)."""

    task: Row
    enrolment: Row | None
    speaker: Speaker
    now: datetime


def _member(step: Step) -> str:
    who = step.speaker.member
    if who is None or who["left_at"] is not None or who["place"] != step.task["place"]:
        return "for members with a link / 凭本社区的居民凭证报名"
    return ""


def _enrols(step: Step) -> str:
    if step.now >= step.task["begins_at"]:
        return "it has begun / 任务已开始，不能再报名"
    if step.enrolment and step.enrolment["state"] != WITHDRAWN:
        return "enrolled already / 已经报过名"
    full = step.task["enrolled"] >= step.task["wanted"]
    return "it is full / 人数已满" if full else _member(step)


def _withdraws(step: Step) -> str:
    if step.enrolment is None or step.enrolment["state"] != ENROLLED:
        return "not enrolled / 没有报名"
    if step.now >= step.task["begins_at"]:
        return "it has begun / 任务已开始，不能再退出，请告知社区"
    return _member(step)


def _keeper(step: Step) -> str:
    who = step.speaker.viewer
    return "" if keeps(who, step.task["place"]) else "for the community's own post / 由本社区工作人员办理"


def _finds(step: Step) -> str:
    """Who came is found by another person than who put the task up, and never by the volunteer himself."""
    who = step.speaker.viewer
    if not (keeps(who, step.task["place"]) or above(who, step.task["place"])):
        return "for the community's post or a chief above / 由本社区或上级负责人确认"
    if step.speaker.user == step.task["by"]:
        return "who put it up can't confirm who came / 发布任务的人不能自己确认到场，须由另一人办理"
    if step.enrolment is None or step.enrolment["state"] not in (ENROLLED, ABSENT):
        return "nobody is waiting to be confirmed / 没有待确认的报名，或已确认"
    return "it is not over / 任务还没有结束" if step.now < step.task["ends_at"] else ""


def _misses(step: Step) -> str:
    """Who was noted as absent by mistake may still be confirmed; the other way round goes by a reversal."""
    noted = step.enrolment is not None and step.enrolment["state"] == ABSENT
    return "noted already / 已记为未到" if noted else _finds(step)


def _cancels(step: Step) -> str:
    """Until it is over: what was done can't be called off."""
    return "it is over / 任务已结束，不能再取消" if step.now >= step.task["ends_at"] else _keeper(step)


MOVES: Mapping[str, Callable[[Step], str]] = {
    "enrol": _enrols,
    "withdraw": _withdraws,
    CAME: _finds,
    ABSENT: _misses,
    "cancel": _cancels,
}
"""报名、退出、到场、未到、取消."""


def refusal(move: str, step: Step) -> str:
    """ "" when it may be done, otherwise the sentence that says why not."""
    who = MOVES.get(move)
    if who is None:
        return f"{move} is no move of a task / 没有“{move}”这种操作"
    if step.task["state"] != "open":
        return "it was called off / 任务已取消"
    return who(step)


def open_moves(step: Step) -> list[str]:
    """What this speaker may do now, whatever he would have to say with it."""
    return [name for name in MOVES if not refusal(name, step)]


def planned(task: Row) -> float:
    """Hours that a task was planned for: nobody is confirmed for more."""
    return float((task["ends_at"] - task["begins_at"]).total_seconds()) / 3600


def hours_refusal(task: Row, hours: float) -> str:
    """Half hours, and no more of them than the task lasted."""
    good = 0.5 <= hours <= planned(task) and hours * 2 == int(hours * 2)
    said = f"hours: found {hours:g}, expected half hours from 0.5 to {planned(task):g}"
    return "" if good else f"{said} / 请填写实际时长，以半小时计，不超过任务时长"


def look_refusal(topic: Row, speaker: Speaker, state: str, held: Row | None) -> str:
    """Whether this member may say that he saw a matter done; `state` is its case's. "" when he may."""
    who = speaker.member
    if who is None or who["left_at"] is not None or who["place"] != topic["place"]:
        return "for members of this community / 凭本社区的居民凭证核实"
    if topic["kind"] != TOPIC or topic["state"] not in ("open", "ended"):
        return "not to be looked at / 这里没有可核实的事项"
    if who["id"] in (topic["member"], topic["adopter"]):
        return "not one's own matter / 本人提出或认领的事项，由别人核实"
    if topic["adoption"] not in ("done", "confirmed") and state not in SEEN:
        return "nothing is reported done yet / 还没有报办好，办好后再核实"
    settled = held is not None and held["state"] != "said"
    return "the community has settled it / 您的核实社区已经采信或未采信" if settled else ""


def settle_refusal(speaker: Speaker, held: Row | None) -> str:
    """Whether this post may take a member's look as true, or not; "" when it may."""
    if held is None or held["state"] != "said":
        return "there is no look to settle / 没有待采信的核实"
    return "" if keeps(speaker.viewer, held["place"]) else "for the community's own post / 由本社区工作人员办理"
