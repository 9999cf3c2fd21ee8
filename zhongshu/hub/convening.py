"""呼应与指令的动作 calls and directives through the hub: who may begin one, move one, and which clocks ran out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from zhongshu.data import attachments, cases, convening, hot
from zhongshu.data.databases import ROAD
from zhongshu.hub import forms, runner
from zhongshu.hub.command.raising import superior
from zhongshu.hub.desk import LiveDesk
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import number_of
from zhongshu.kernel.convening import CALL, DIRECTIVE, CallRule, Matter, rule_of, tick, wake
from zhongshu.kernel.desk import Knowledge, Unit
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Arrow, Situation, permit, refusal
from zhongshu.kernel.places import Level, metres_apart

MATTERS: Mapping[str, Matter[Any]] = {kind: matter for matter in (CALL, DIRECTIVE) for kind in matter.arrows}
"""Kind of fact -> the matter whose table has it."""

MOST = 500
"""Units in one matter."""


def begin(viewer: Viewer, kind: str, given: Mapping[str, Any], desk: LiveDesk) -> Fact:
    """The fact that begins a call or a directive. Raises BadInput, IllegalMove or NotFound."""
    matter = _matter(kind)
    payload = forms.read(kind, given)
    permit(replace(matter.birth, sources=frozenset({matter.opens})), matter.opens, viewer.roles, payload)
    knowledge = desk.knowledge
    payload["place"] = _place(viewer, payload.get("place") or viewer.place, knowledge)
    rule = rule_of(knowledge.calls, payload["kind"] if matter is CALL else "directive", payload.get("urgent", False))
    _may_begin(viewer, matter, rule, knowledge)
    named = payload.pop("units", None)
    units = _others(viewer, named, payload["place"], knowledge) if named else []
    if matter is CALL and not named:
        units = answering(viewer, rule, payload["place"], knowledge)
    _may_name(viewer, matter, units, knowledge)
    cases_ = _cases(viewer, payload.pop("cases", ()))
    payload |= _issue(viewer, payload.pop("issue", 0))
    at, subject = desk.now(), desk.new_id()
    limits = _limits(matter.birth, rule, payload, desk)
    parts = [_part(unit, limits, "needed" if matter is CALL else "") for unit in units]
    common = {
        **_DEFAULTS[matter.name],
        **payload,
        "number": number_of(at, subject, _LETTER[matter.name]),
        "urgent": payload.get("urgent", False),
        "by": viewer.user,
        "unit": "",
        matter.owner: viewer.unit,
        "owner_place": viewer.place,
        "cases": cases_,
        "rule": rule.code,
        "units": parts,
    }
    place = common.pop("place")
    return Fact(desk.new_id(), kind, subject, at, actor=viewer.post, place=place, payload=common)


def answering(viewer: Viewer, rule: CallRule, place: str, knowledge: Knowledge) -> list[Unit]:
    """Who is called when the caller names nobody: whom the rule needs there, and where that is nobody else, the unit
    that would be called next if he were called and did not answer."""
    own = knowledge.units.get(viewer.unit)
    above = superior(own, rule, knowledge) if own else None
    return _others(viewer, rule.needs, place, knowledge) or ([above] if above else [])


def _others(viewer: Viewer, wanted: Iterable[str], place: str, knowledge: Knowledge) -> list[Unit]:
    return [unit for unit in _resolved(wanted, place, knowledge) if unit.code != viewer.unit]


_LETTER = {"call": "H", "directive": "L"}
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "call": {"on_behalf": "", "address": "", "lon": None, "lat": None, "leave": ""},
    "directive": {"proof": "text", "calls": []},
}


def _matter(kind: str) -> Matter[Any]:
    if kind not in MATTERS:
        raise IllegalMove(f"{kind} is no move of a call or a directive / 没有“{kind}”这种操作")
    return MATTERS[kind]


def _place(viewer: Viewer, place: str, knowledge: Knowledge) -> str:
    if place not in knowledge.names or not viewer.span.holds(place):
        raise IllegalMove(f"place: there is no division {place!r} here / 没有这个区划，或不在您的范围内")
    return place


def _may_begin(viewer: Viewer, matter: Matter[Any], rule: CallRule, knowledge: Knowledge) -> None:
    own = knowledge.units.get(viewer.unit)
    line = own.kind if own else ""
    if rule.levels and viewer.level.name.lower() not in rule.levels:
        raise IllegalMove(f"{rule.kind} is not for your level to call / 贵单位所在层级不能发起这类呼叫")
    if rule.lines and line not in (*rule.lines, "leading_group"):
        raise IllegalMove(f"{rule.kind} is for {', '.join(rule.lines)} to call / 贵单位不能发起这类呼叫")


def _resolved(wanted: Iterable[str], place: str, knowledge: Knowledge) -> list[Unit]:
    """Units by code, or by "level/kind": the one that serves the place, or every one below it."""
    found: dict[str, Unit] = {}
    for word in wanted:
        level, slash, kind = word.partition("/")
        if slash and level.upper() in Level.__members__:
            found.update({unit.code: unit for unit in _of_level(Level[level.upper()], kind, place, knowledge)})
        elif word in knowledge.units:
            found[word] = knowledge.units[word]
        else:
            raise IllegalMove(f"units: there is no {word!r} / 没有“{word}”这个单位")
    return list(found.values())


def _of_level(level: Level, kind: str, place: str, knowledge: Knowledge) -> list[Unit]:
    scheme = knowledge.scheme
    if level <= scheme.level(place):
        code = knowledge.unit_at.get((scheme.at(place, level), kind), "")
        return [knowledge.units[code]] if code else []
    span = scheme.span(place)
    return [
        one for one in knowledge.units.values() if one.level == level and one.kind == kind and span.holds(one.place)
    ]


def _may_name(viewer: Viewer, matter: Matter[Any], units: list[Unit], knowledge: Knowledge) -> None:
    if not 1 <= len(units) <= MOST:
        raise BadInput(f"units: found {len(units)}, expected 1 to {MOST} other units / 请指明 1 至 {MOST} 个其他单位")
    if matter is DIRECTIVE:
        beyond = [unit for unit in units if unit.level < viewer.level or not viewer.span.holds(unit.place)]
        if beyond:
            raise IllegalMove(
                f"units: {beyond[0].code} is not at or below your place / “{beyond[0].name}”不在贵单位指挥范围内"
            )


def _cases(viewer: Viewer, ids: Iterable[int]) -> list[int]:
    """Linked cases, which the viewer must be able to see."""
    found = cases.rows(list(ids))
    strange = [one for one in ids if one not in found or not viewer.span.holds(found[one]["place"])]
    if strange:
        raise NotFound(f"there is no case {strange[0]} here / 没有这个案件，或不在您的范围内")
    return list(found)


def _issue(viewer: Viewer, issue: int) -> dict[str, Any]:
    """转为任务: the hot issue that this takes up, which the viewer must be able to see."""
    found = hot.whole(viewer, issue) if issue else None
    if issue and found is None:
        raise NotFound(f"there is no issue {issue} here / 没有这个热点，或不在您的范围内")
    return {"issue": issue, "issue_place": found["place"]} if found else {}


def _limits(move: Arrow[Any], rule: CallRule, payload: Mapping[str, Any], desk: LiveDesk) -> dict[str, str]:
    """Moments by clock: what the payload names (`arrive_by`, `deadline`), otherwise by the rule."""
    calendar = desk.knowledge.calendar(rule.calendar)
    named = {"arrive": payload.get("arrive_by"), "execute": payload.get("deadline")}
    found = {}
    for clock in move.starts:
        minutes = (clock == "receive" and payload.get("receive_minutes")) or rule.minutes(clock)
        if named.get(clock):
            found[clock] = _future(clock, str(named[clock]), desk.now())
        elif minutes:
            found[clock] = calendar.due(desk.now(), minutes).isoformat()
    return found


def _future(clock: str, moment: str, now: datetime) -> str:
    if datetime.fromisoformat(moment) <= now:
        raise BadInput(f"{clock}: found a moment that has passed / 时限须晚于当前时间")
    return moment


def _part(unit: Unit, limits: Mapping[str, str], role: str, **more: Any) -> dict[str, Any]:
    part = {"unit": unit.code, "unit_place": unit.place, "limits": dict(limits), "stopped": [], "missed": []}
    return {**part, "wake_at": wake(limits, ()), **({"role": role} if role else {}), **more}


@dataclass(frozen=True, slots=True)
class Act:
    """One person's move on a matter: `row` is the matter's, and over it that of the unit that the move is about."""

    viewer: Viewer
    matter: Matter[Any]
    arrow: Arrow[Any]
    row: Mapping[str, Any]
    payload: Mapping[str, Any]
    desk: LiveDesk

    @property
    def others_left(self) -> list[str]:
        """Units that still owe something when this move is made."""
        done = {one.value for one in self.matter.done}
        return [code for code, part in self.row["parts"].items() if part["state"] not in done and code != self.unit]

    @property
    def unit(self) -> str:
        return str(self.payload["unit"])


def move(viewer: Viewer, subject: int, kind: str, given: Mapping[str, Any], desk: LiveDesk) -> Fact:
    """The fact that a person's move on a call or a directive is. Raises BadInput, IllegalMove or NotFound."""
    matter = _matter(kind)
    arrow, payload = matter.arrows[kind], forms.read(kind, given)
    row = convening.rows(matter, [subject], lock=True).get(subject)
    if row is None or not _sees(viewer, row):
        raise NotFound(f"there is no {matter.name} {subject} here / 没有这条呼叫或指令，或与贵单位无关")
    if arrow is matter.birth:
        raise IllegalMove(f"{kind} begins another one / “{kind}”须另行发起")
    if row["state"] != matter.opens:
        raise IllegalMove("this has ended already / 已结束，不能再操作")
    unit = payload.get("unit") or viewer.unit
    scene = _scene(matter, arrow, row, unit, desk.knowledge)
    permit(arrow, type(matter.opens)(scene["state"]), viewer.roles, payload)
    said = refusal(arrow, Situation(scene, payload, viewer, desk.now()))
    if said:
        raise IllegalMove(said)
    act = Act(viewer, matter, arrow, scene, {**payload, "by": viewer.user, "unit": unit}, desk)
    made = {**act.payload, **(_on_whole(act) if matter.whole(arrow) else _on_unit(act))}
    _tie(made.get("photos", ()), subject, row["place"])
    return Fact(desk.new_id(), kind, subject, desk.now(), actor=viewer.post, place=row["place"], payload=made)


def _sees(viewer: Viewer, row: Mapping[str, Any]) -> bool:
    places = [row["place"], *(part["unit_place"] for part in row["parts"].values())]
    return any(viewer.span.holds(place) for place in places)


def _scene(
    matter: Matter[Any], arrow: Arrow[Any], row: Mapping[str, Any], unit: str, knowledge: Knowledge
) -> dict[str, Any]:
    """What the guards look at: the matter, its command desks, and the unit that the move is about."""
    scene = {**row, "desks": _desks(row["place"], knowledge)}
    if matter.whole(arrow):
        return scene
    part = row["parts"].get(unit)
    if part is None:
        raise IllegalMove(f"{unit} has no part in this / “{_name(unit, knowledge)}”不在被呼、受令单位之列")
    return {**scene, **part, "lon": row.get("lon"), "lat": row.get("lat")}


def _name(unit: str, knowledge: Knowledge) -> str:
    return knowledge.units[unit].name if unit in knowledge.units else unit


def _desks(place: str, knowledge: Knowledge) -> list[str]:
    """呼应指挥中心: the command units of the place and of every level above."""
    levels = [level for level in Level if level <= knowledge.scheme.level(place)]
    codes = [knowledge.unit_at.get((knowledge.scheme.at(place, level), "command"), "") for level in levels]
    return [code for code in codes if code]


def _on_whole(act: Act) -> dict[str, Any]:
    if act.arrow.kind != Kind.CALL_WIDENED:
        return {"unit": "", "all_units": list(act.row["parts"])}
    rule = rule_of(act.desk.knowledge.calls, act.row["kind"], act.row["urgent"])
    limits = _limits(act.matter.birth, rule, act.payload, act.desk)
    found = _resolved(act.payload["units"], act.row["place"], act.desk.knowledge)
    new = [unit for unit in found if unit.code not in (*act.row["parts"], act.row["caller"])]
    if not new:
        raise IllegalMove("these units are called already / 这些单位已在被呼之列")
    return {"unit": "", "units": [_part(unit, limits, "needed") for unit in new]}


def _on_unit(act: Act) -> dict[str, Any]:
    """What the fact must carry besides what was said: clocks, distance, who is left, who was held accountable."""
    row, payload, now = act.row, act.payload, act.desk.now()
    deadline = payload.get("deadline")
    limits = {"execute": _future("execute", deadline, now)} if deadline else {}
    added = tick(act.arrow, row, now, limits)
    if act.arrow.kind == Kind.CALL_ARRIVED:
        apart = metres_apart((payload.get("lon"), payload.get("lat")), (row["lon"], row["lat"]))
        added["metres"] = None if apart is None else round(apart, 1)
    if act.arrow.kind == Kind.HELD_ACCOUNTABLE:
        mark = {"by": act.viewer.name, "post": act.viewer.post, "at": now.isoformat()}
        added["accountable"] = [
            *row["accountable"],
            mark | {"measure": payload["measure"], "reason": payload["reason"]},
        ]
    if act.arrow.target in act.matter.done:
        added |= {"left": len(act.others_left), "all_units": list(row["parts"])}
    return added


def _tie(photos: Sequence[int], subject: int, place: str) -> None:
    """Photos become part of the matter; each must have been stored and belong to nothing yet."""
    if photos and attachments.claim(photos, subject, place) < len(set(photos)):
        raise BadInput("photos: one of them was not uploaded, or belongs elsewhere / 照片未上传，或已用于别处")


def open_moves(
    viewer: Viewer, matter: Matter[Any], row: Mapping[str, Any], knowledge: Knowledge, now: datetime
) -> list[tuple[Arrow[Any], str]]:
    """What this person may do to a matter now, each with the unit that it is about ("" for the whole): the buttons."""
    if row["state"] != matter.opens:
        return []
    found = []
    for arrow in matter.arrows.values():
        for unit in _targets(viewer, matter, arrow, row):
            scene = _scene(matter, arrow, row, unit, knowledge)
            fits = scene["state"] in arrow.sources and arrow.roles & viewer.roles
            if fits and not refusal(arrow, Situation(scene, _WILLING, viewer, now)):
                found.append((arrow, unit))
    return found


_WILLING = {"photos": [1], "reason": "."}
"""Somebody who fills in the form as it asks."""


def _targets(viewer: Viewer, matter: Matter[Any], arrow: Arrow[Any], row: Mapping[str, Any]) -> list[str]:
    """The units that this arrow could be about: the whole, everybody's for the caller, one's own for a unit."""
    if arrow is matter.birth:
        return []
    if matter.whole(arrow):
        return [""]
    return [unit for unit in row["parts"] if "unit" in arrow.fields or unit == viewer.unit]


def advance(make_desk: Callable[[], LiveDesk], now: datetime) -> int:
    """Calls and directives of which a clock ran out are raised, or noted; returns how many facts that were."""
    with transaction.atomic(using=ROAD):
        desk = make_desk()
        facts = woken(now, desk)
        if facts:
            runner.submit(facts, desk)
    return len(facts)


def woken(now: datetime, desk: LiveDesk, limit: int = 500) -> list[Fact]:
    """呼而不应, 令而不行: a fact for every unit of which a clock ran out, the earliest clock first."""
    return [
        _ran_out(matter, row, unit, desk) for matter in (CALL, DIRECTIVE) for row, unit in _awake(matter, now, limit)
    ]


def _awake(matter: Matter[Any], now: datetime, limit: int) -> Iterator[tuple[Mapping[str, Any], str]]:
    found = convening.awake(matter, now, limit)
    rows = convening.rows(matter, sorted({subject for subject, _unit in found}), lock=True)
    yield from ((rows[subject], unit) for subject, unit in found)


def _ran_out(matter: Matter[Any], row: Mapping[str, Any], unit: str, desk: LiveDesk) -> Fact:
    part = row["parts"][unit]
    running = {clock: due for clock, due in part["limits"].items() if clock not in part["stopped"]}
    clock = min(running, key=lambda name: (datetime.fromisoformat(running[name]), name))
    stopped = [*part["stopped"], clock]
    payload = {
        "unit": unit,
        "clock": clock,
        "due_at": running[clock],
        "stopped": stopped,
        "missed": [*part["missed"], clock],
        "wake_at": wake(part["limits"], stopped),
        **({"called": list(row["parts"]), "call": row["kind"], "urgent": row["urgent"]} if matter is CALL else {}),
    }
    kind = Kind.CALL_UNANSWERED if matter is CALL else Kind.DIRECTIVE_MISSED
    return Fact(desk.new_id(), kind, row["id"], desk.now(), place=row["place"], payload=payload)
