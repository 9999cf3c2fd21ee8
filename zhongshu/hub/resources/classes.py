"""培训班规则 what classes add to proceedings: a course, seats, who is put on the list by whom, who notes attendance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhongshu.data.training import classes, courses
from zhongshu.hub.resources.moves import EVERYBODY, About, Looked, Rules
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.lifecycle import Role

CLASS_FAMILY = "class"
MOST = 1000
"""Seats of one class."""


def course_code(subject: str) -> str:
    return subject.removeprefix(classes.SUBJECT)


def _about(subject: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    """A course of the pack, as course:CODE; everybody sees that a class is put up."""
    found = courses.every().get(course_code(subject))
    if found is None or not subject.startswith(classes.SUBJECT):
        raise NotFound(f"there is no course {course_code(subject)[:60]!r} / 没有这门课程")
    if not 1 <= given["seats"] <= MOST:
        raise BadInput(f"seats: found {given['seats']}, expected 1 to {MOST} / 座位数应为 1 至 {MOST}")
    return About(f"{found.name}培训班", place=EVERYBODY)


def _to_come(looked: Looked) -> str:
    past = datetime.fromisoformat(looked.given["when"]) <= looked.now
    return "when: expected a moment to come / 开课时间应在将来" if past else ""


def _whom(looked: Looked) -> int:
    return int(looked.given.get("person") or looked.viewer.user)


def _for_others(looked: Looked) -> str:
    """Who puts somebody else on or off the list: a chief at or above that person's post."""
    if _whom(looked) == looked.viewer.user:
        return ""
    if Role.CHIEF not in looked.viewer.roles:
        return "only a chief enrols others / 只有负责人可以为他人报名或退出"
    held = classes.post_of(_whom(looked), looked.viewer.span, looked.now)
    return "" if held else "nobody of that number works within your range / 此人不在您的范围内"


def _seat_of(looked: Looked) -> tuple[str, str] | None:
    """(unit, place) that somebody sits there for: the post in which he asks, or the one that his chief leads."""
    if _whom(looked) == looked.viewer.user:
        return looked.viewer.unit, looked.viewer.place
    return classes.post_of(_whom(looked), looked.viewer.span, looked.now)


def _enrol(looked: Looked) -> str:
    said = _for_others(looked)
    held = _seat_of(looked)
    if said or held is None:
        return said or "no post here / 本人没有岗位"
    reach = looked.knowledge.scheme.span(looked.row["place"])
    if not reach.holds(held[1] or looked.knowledge.city):
        return "this class is for another place / 这个班只收开班单位所在区划的人员"
    if datetime.fromisoformat(looked.row["given"]["when"]) <= looked.now:
        return "it has begun / 已经开课，不再报名"
    taken = classes.taken(looked.row["id"])
    if _whom(looked) in taken:
        return "already enrolled / 已经报名"
    full = len(taken) >= looked.row["given"]["seats"]
    return f"full: {len(taken)} seats / 已经报满 {len(taken)} 人" if full else ""


def _leave(looked: Looked) -> str:
    there = _whom(looked) in classes.taken(looked.row["id"])
    return _for_others(looked) or ("" if there else "not enrolled / 没有报名")


def _note(looked: Looked) -> str:
    """Who sat there never notes it himself."""
    if _whom(looked) == looked.viewer.user:
        return "who attends can't note it himself / 本人不得记自己到场，须由讲课方他人记"
    return "" if _whom(looked) in classes.taken(looked.row["id"]) else "not enrolled / 没有报名"


def _all_noted(looked: Looked) -> str:
    open_ = sum(state == "enrolled" for state in classes.taken(looked.row["id"]).values())
    return f"{open_} not noted yet / 还有 {open_} 人没有记到场或缺席" if open_ else ""


def _nobody_attended(looked: Looked) -> str:
    """What was held can't be said not to have been."""
    there = "attended" in classes.taken(looked.row["id"]).values()
    return "somebody attended / 已记有人到场，不能取消，请结班" if there else ""


def _enrolled(looked: Looked) -> dict[str, Any]:
    unit, place = _seat_of(looked) or ("", "")
    return {
        "seat": {"person": _whom(looked), "unit": unit, "place": place, "course": course_code(looked.row["subject"])}
    }


def _named(looked: Looked) -> dict[str, Any]:
    return {"seat": {"person": _whom(looked)}}


CLASS = Rules(
    _about,
    {
        "open": _to_come,
        "enrol": _enrol,
        "leave": _leave,
        "attend": _note,
        "absent": _note,
        "close": _all_noted,
        "cancel": _nobody_attended,
    },
    {"enrol": _enrolled, "leave": _named, "attend": _named, "absent": _named},
)
