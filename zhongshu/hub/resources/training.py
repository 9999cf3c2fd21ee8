"""培训上岗 taking a course with its examination, or having it recorded by a trainer; no certificate, no reporting."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from zhongshu.data.databases import ROAD
from zhongshu.data.training import classes, courses
from zhongshu.data.training.courses import Course
from zhongshu.hub import runner
from zhongshu.hub.desk import LiveDesk
from zhongshu.hub.resources import moves
from zhongshu.hub.resources.proceedings import MakeDesk
from zhongshu.hub.sense.normalise import clean
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Role

EXAM, TRAINER = "exam", "trainer"
LONGEST = 500
TRAINERS = frozenset({Role.CHIEF, Role.ARBITER})


def course_of(code: str) -> Course:
    found = courses.every().get(code)
    if found is None:
        raise NotFound(f"there is no course {code[:60]!r} / 没有这门课程")
    return found


def take(make_desk: MakeDesk, viewer: Viewer, code: str, answers: Mapping[str, int]) -> Fact:
    """考试: question -> the option chosen, from 1. It may be taken as often as one likes; each attempt is a fact."""
    course, asked = course_of(code), courses.questions(code)
    open_ = [one.question for one in asked if one.question not in answers]
    if not asked or open_:
        raise BadInput(
            f"answers: found {len(asked) - len(open_)}, expected {len(asked)} / 还有 {len(open_)} 题没有作答"
        )
    _attended(course, viewer.user, make_desk().now())
    right = sum(answers[one.question] == one.right for one in asked)
    passed = right >= course.pass_share * len(asked)
    told = {"person": viewer.user, "how": EXAM, "right": right, "asked": len(asked), "passed": passed, "note": ""}
    return _kept(make_desk, viewer, course, told, (viewer.unit, viewer.place))


def may_record(viewer: Viewer, unit: str, knowledge: Knowledge) -> bool:
    """Who records that others learned: the data bureau, and whoever leads their unit."""
    return bool(viewer.roles & TRAINERS) and (moves.of_bureau(viewer, knowledge) or viewer.unit == unit)


def record(make_desk: MakeDesk, viewer: Viewer, code: str, person: int, note: str) -> Fact:
    """补记: a trainer says that somebody took a course otherwise. Raises NotFound, BadInput or IllegalMove."""
    desk, course, text = make_desk(), course_of(code), clean(note, LONGEST)
    row = next((one for one in courses.people(viewer, desk.now(), course=code) if one["person"] == person), None)
    if row is None:
        raise NotFound(f"nobody {person} must hold {code} here / 此人不需要这门课程，或不在您的范围内")
    if not may_record(viewer, row["unit"], desk.knowledge) or person == viewer.user:
        raise IllegalMove("only the data bureau and who leads the unit / 由数据管理部门或本单位负责人为他人补记")
    if not text:
        raise BadInput("note: has to be filled / 请写明培训的时间与方式")
    _attended(course, person, desk.now())
    told = {"person": person, "how": TRAINER, "right": 0, "asked": 0, "passed": True, "note": text}
    return _kept(make_desk, viewer, course, told, (row["unit"], row["place"]))


def _attended(course: Course, person: int, now: datetime) -> None:
    """须到课: IllegalMove when the course asks for a class and nobody noted this person there within its validity."""
    if course.classroom and not classes.attended(person, course.code, now - timedelta(days=course.valid_days)):
        raise IllegalMove(
            f"{course.code}: a class has to be attended first / 须先到培训班上“{course.name}”，到场由讲课方记"
        )


def _kept(make_desk: MakeDesk, viewer: Viewer, course: Course, told: dict[str, Any], where: tuple[str, str]) -> Fact:
    with transaction.atomic(using=ROAD):
        desk: LiveDesk = make_desk()
        until = desk.now() + timedelta(days=course.valid_days) if told["passed"] else None
        payload = {**told, "course": course.code, "until": until and until.isoformat()}
        payload |= {"unit": where[0], "by": viewer.user}
        number = desk.new_id()
        fact = Fact(number, Kind.COURSE_TAKEN, number, desk.now(), None, viewer.post, where[1], payload=payload)
        runner.submit([fact], desk)
    return fact


def lacking(viewer: Viewer, forms: Collection[str], knowledge: Knowledge, now: datetime) -> dict[str, Course]:
    """Form -> the course that this person must have passed before he fills it in, and has not."""
    gating = [one for one in courses.every().values() if one.gates and not set(forms).isdisjoint(one.forms)]
    if not gating:
        return {}
    unit = knowledge.units.get(viewer.unit)
    must, held = courses.wanted(viewer, unit.kind if unit else ""), courses.mine(viewer.user)
    closed = [one for one in gating if one.code in must and not courses.holds(held.get(one.code), now)]
    return {form: one for one in reversed(closed) for form in one.forms}


def gate(viewer: Viewer, form: str, knowledge: Knowledge, now: datetime) -> None:
    """IllegalMove when this post must hold a course about a form first, and this person doesn't."""
    one = lacking(viewer, [form], knowledge, now).get(form)
    if one is not None:
        raise IllegalMove(f"{one.code} has to be passed first / 须先通过培训“{one.name}”方可填报")
