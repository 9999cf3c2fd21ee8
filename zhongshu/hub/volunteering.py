"""志愿服务 volunteer tasks and neighbours' looks through the hub: put up, enrolled, confirmed by another, settled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from zhongshu.data import community as talk
from zhongshu.data import volunteering as rows
from zhongshu.data import write
from zhongshu.data.databases import ROAD
from zhongshu.hub import community_rules, point_rules, points
from zhongshu.hub import volunteer_rules as rules
from zhongshu.hub.community_facts import told
from zhongshu.hub.community_rules import Speaker
from zhongshu.hub.points import Earning
from zhongshu.hub.sense.normalise import clean, whole
from zhongshu.hub.volunteer_rules import Step
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind

if TYPE_CHECKING:
    from zhongshu.hub.hub import Hub


def post(hub: Hub, viewer: Viewer, given: Mapping[str, Any]) -> int:
    """发布志愿任务 in the post's own community; its number.

    `given` has title, text, spot, rule, wanted, begins_at and ends_at (moments). Raises BadInput or IllegalMove.
    """
    if not community_rules.keeps(viewer, viewer.place):
        raise IllegalMove("for the community's own post / 由本社区工作人员办理")
    told_ = {name: clean(given.get(name), size) for name, size in (("title", 60), ("text", 2000), ("spot", 60))}
    for name, word in (("title", "标题"), ("spot", "地点")):
        if not told_[name]:
            raise BadInput(f"{name}: found nothing, expected words / 请填写{word}")
    wanted = whole(str(given.get("wanted", ""))) or 0
    if not 1 <= wanted <= rules.AT_MOST:
        raise BadInput(f"wanted: found {given.get('wanted')!r}, expected 1 to {rules.AT_MOST} / 请填写需要几人")
    known = [one.code for one in points.rules_at(hub.clock()) if one.act == point_rules.VOLUNTEER]
    rule = str(given.get("rule", ""))
    if rule not in known:
        raise BadInput(f"rule: found {rule!r}, expected one of {', '.join(known) or 'none'} / 请选择志愿服务种类")
    payload = {**told_, "rule": rule, "wanted": wanted, **_hours(given, hub.clock())}
    with transaction.atomic(using=ROAD):
        number = hub.ids.take()
        write.append([told(hub, Kind.TASK_POSTED, (number, viewer.place), (Speaker(viewer=viewer), payload))])
    return number


def _hours(given: Mapping[str, Any], now: datetime) -> dict[str, str]:
    begins, ends = given.get("begins_at"), given.get("ends_at")
    if not isinstance(begins, datetime) or begins <= now:
        raise BadInput("begins_at: expected a moment to come / 请填写将来的开始时间")
    if not isinstance(ends, datetime) or not 0.5 <= (ends - begins).total_seconds() / 3600 <= rules.LONGEST:
        said = f"ends_at: expected half an hour to {rules.LONGEST} hours after the beginning"
        raise BadInput(f"{said} / 结束时间须晚于开始半小时以上，且不超过 {rules.LONGEST} 小时")
    return {"begins_at": begins.isoformat(), "ends_at": ends.isoformat()}


def move(hub: Hub, speaker: Speaker, place: str, task: int, given: Mapping[str, Any]) -> Fact:
    """One of volunteer_rules.MOVES on a task: a member for himself, a post for the member that `given` names.

    Raises BadInput, IllegalMove or NotFound. Who came gets the points of the task's rule for the hours found.
    """
    name, member = str(given.get("move", "")), str(given.get("member", ""))
    about = speaker.number if speaker.member else whole(member) or 0
    with transaction.atomic(using=ROAD):
        held = rows.task(task, lock=True)
        if held is None or held["place"] != place:
            raise NotFound(f"there is no task {task} here / 没有这个志愿任务")
        said = rules.refusal(name, Step(held, rows.enrolment(task, about), speaker, hub.clock()))
        if not said and name == "enrol" and rows.overlapping(about, held):
            said = "enrolled in another task of the same hours / 同一时段已报名别的任务"
        if said:
            raise IllegalMove(said)
        payload = {"move": name, "volunteer": about, "hours": 0.0, "reason": ""} | _found(held, name, given)
        fact = told(hub, Kind.TASK_MOVED, (task, place), (speaker, payload))
        write.append([fact, *(_earned(hub, speaker, held, fact) if name == rules.CAME else [])])
        return fact


def _found(task: Mapping[str, Any], name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What must be said with a move: hours of who came, a reason of what is called off."""
    if name == "cancel":
        reason = clean(given.get("reason"), 200)
        if not reason:
            raise BadInput("reason: found nothing, expected words / 请写明取消的理由")
        return {"reason": reason}
    if name != rules.CAME:
        return {}
    try:
        hours = float(str(given.get("hours", "")))
    except ValueError:
        hours = 0.0
    said = rules.hours_refusal(task, hours)
    if said:
        raise BadInput(said)
    return {"hours": hours}


def _earned(hub: Hub, speaker: Speaker, task: Mapping[str, Any], came: Fact) -> list[Fact]:
    who, hours = came.payload["volunteer"], came.payload["hours"]
    about = (task["id"], who, task["place"], task["begins_at"], came.id)
    return points.reckoned(hub, speaker, Earning(point_rules.VOLUNTEER, *about, hours, task["rule"]))


def look(hub: Hub, speaker: Speaker, place: str, topic: int, given: Mapping[str, Any]) -> Fact:
    """核实: a member says whether he saw a public matter really done; beside the official check, never instead of it.

    `given` has done ("1" or "0") and text. May be said anew until the community has settled it.
    """
    text = clean(given.get("text"), 500)
    if str(given.get("done", "")) not in ("0", "1"):
        raise BadInput("done: expected 1 or 0 / 请选择是否真的办好")
    if not text:
        raise BadInput("text: found nothing, expected what was seen / 请写明看到了什么")
    with transaction.atomic(using=ROAD):
        found = _topic(topic, place)
        held = rows.look(topic, speaker.number, lock=True)
        said = rules.look_refusal(found, speaker, rows.case_state(found["report"]), held)
        if said:
            raise IllegalMove(said)
        payload = {"done": given["done"] == "1", "text": text}
        fact = told(hub, Kind.NEIGHBOUR_LOOKED, (topic, place), (speaker, payload))
        write.append([fact])
        return fact


def _topic(topic: int, place: str) -> dict[str, Any]:
    found = talk.topic(topic, lock=True)
    if found is None or found["place"] != place:
        raise NotFound(f"there is no topic {topic} here / 没有这个话题")
    return found


def settle(hub: Hub, speaker: Speaker, place: str, target: tuple[int, int], given: Mapping[str, Any]) -> Fact:
    """采信: the community's post takes a look as true, or not and says why; `target` is (topic, member)."""
    topic, member = target
    accepted, reason = str(given.get("accepted", "")) == "1", clean(given.get("reason"), 200)
    if not accepted and not reason:
        raise BadInput("reason: found nothing, expected words / 不采信须写明理由")
    with transaction.atomic(using=ROAD):
        found = _topic(topic, place)
        held = rows.look(topic, member, lock=True)
        said = rules.settle_refusal(speaker, held)
        if said or held is None:
            raise IllegalMove(said)
        payload = {"who": member, "accepted": accepted, "reason": reason}
        fact = told(hub, Kind.LOOK_SETTLED, (topic, place), (speaker, payload))
        served = tuple(one for one in (found["member"], found["adopter"]) if one)
        about = (topic, member, place, held["at"], fact.id)
        one = Earning(point_rules.VERIFY, *about, served=served)
        write.append([fact, *(points.reckoned(hub, speaker, one) if accepted else [])])
        return fact
