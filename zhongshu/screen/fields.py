"""表单项 the fields of a move's form: each payload field that hub.forms knows, as what a person fills in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhongshu.data import assigning
from zhongshu.hub.forms import FIELDS
from zhongshu.kernel import lifecycle
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import Calendar
from zhongshu.kernel.desk import Knowledge, title_of
from zhongshu.kernel.errors import IllegalMove
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.places import Level
from zhongshu.screen import naming
from zhongshu.screen.frame import URLS
from zhongshu.screen.templatetags.screen import listed

Case = Mapping[str, Any]
Field = dict[str, Any]
Options = list[tuple[Any, Any]]
LONGEST = 4000
POINTED = frozenset({(Kind.CLASSIFIED, "lon"), (Kind.CLASSIFIED, "lat")})
"""Set by choosing one of the places that the words may mean, never typed into a move's form."""
WORKDAY = 480
"""Minutes of a working day by a calendar that never sleeps: eight hours, as people count."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Who looks at which case with what knowledge."""

    viewer: Viewer
    case: Case
    knowledge: Knowledge
    contacts: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """Report id -> masked name and phone of its reporter."""


def form(scene: Scene, kind: str) -> list[Field]:
    """What this move asks for: exactly the payload fields that hub.forms reads, those that must be given first."""
    must = lifecycle.arrow(kind).fields
    asked = [name for name in FIELDS.get(kind, {}) if (kind, name) not in POINTED]
    found = [_one(scene, Kind(kind), name, name in must) for name in asked]
    return sorted(found, key=lambda one: (one["type"] == "file", not (one["required"] or one.get("when"))))


def _one(scene: Scene, kind: Kind, name: str, must: bool) -> Field:
    label = _LABELS.get((kind, name)) or _LABELS.get(("", name), name)
    made = (_SPECIAL.get((kind, name)) or _WIDGETS.get(name, _words))(scene, kind)
    return {"name": name, "label": label, "required": must, "options": [], **made}


def _words(scene: Scene, kind: Kind) -> Field:
    return {"type": "textarea"}


def _reply(scene: Scene, kind: Kind) -> Field:
    """一个答复: the one reply to those who reported, scored while it is written; it begins with what others did."""
    advice = f"{URLS['case']}{scene.case['id']}/reply"
    return {"type": "textarea", "advice": advice, "value": _parts(scene), "hint": _silent(scene)}


def _parts(scene: Scene) -> str:
    """What each assisting unit answered since the case was last sent out, a line each, for the host to put in order."""
    said: dict[str, str] = {}
    for fact in scene.case["timeline"]:
        if fact["kind"] == Kind.DISPATCHED:
            said = {}
        elif fact["kind"] == Kind.ASSISTED:
            said[fact["payload"]["unit"]] = fact["payload"]["result"]
    return "\n".join(f"{naming.unit_name(unit, scene.knowledge)}：{words}" for unit, words in said.items())


def _silent(scene: Scene) -> str:
    """The assisting units that have not answered yet: the reply may go without them, but not unawares."""
    tasks = scene.case.get("tasks", ())
    owing = [one["unit"] for one in tasks if one["role"] == "assist" and one["state"] == "given"]
    names = listed(naming.unit_name(unit, scene.knowledge) for unit in owing)
    return _("尚未反馈的协办单位：{names}").format(names=names) if owing else ""


def _despite(scene: Scene, kind: Kind) -> Field:
    """Asked for by the score itself, when it holds the reply."""
    return {"type": "despite"}


def _line(scene: Scene, kind: Kind) -> Field:
    return {"type": "text"}


def _files(scene: Scene, kind: Kind) -> Field:
    return {"type": "file"}


def _minutes(scene: Scene, kind: Kind) -> Field:
    day = workday(scene)
    hint = _("1 个工作日按 {n} 小时计").format(n=f"{day / 60:g}")
    return {"type": "minutes", "options": [(day, _("工作日")), (60, _("小时")), (1, _("分钟"))], "hint": hint}


def workday(scene: Scene) -> int:
    """Counted minutes of one working day of the calendar that this case's handling runs by."""
    running = next((one for one in scene.case["clocks"] if one["name"] == "handle"), None)
    calendar: Calendar = scene.knowledge.calendar(running["calendar"] if running else "office")
    shifts = sum((b.hour - a.hour) * 60 + b.minute - a.minute for a, b in calendar.shifts)
    return shifts or WORKDAY


def _pick(listed: str, several: bool = False) -> Callable[[Scene, Kind], Field]:
    def make(scene: Scene, kind: Kind) -> Field:
        return {"type": "picks" if several else "pick", "list": listed}

    return make


def _yes_no(scene: Scene, kind: Kind) -> Field:
    return {"type": "radio", "truth": True, "options": [("yes", _("是")), ("no", _("否"))]}


def _solved(scene: Scene, kind: Kind) -> Field:
    return {"type": "radio", "truth": True, "options": [("yes", _("已解决")), ("no", _("没有解决"))], **_REACHED}


_REACHED = {"when": "contacted", "is": "yes"}
"""A question that only a reporter who was reached can answer, and then must."""


def _responded(scene: Scene, kind: Kind) -> Field:
    return {**_yes_no(scene, kind), **_REACHED}


def _satisfaction(scene: Scene, kind: Kind) -> Field:
    scores = [_("非常不满意"), _("不满意"), _("基本满意"), _("满意"), _("非常满意")]
    return {"type": "radio", "options": list(enumerate(scores, 1)), **_REACHED}


def _tick(scene: Scene, kind: Kind) -> Field:
    return {"type": "checkbox"}


def _upheld(scene: Scene, kind: Kind) -> Field:
    options = [("yes", _("剔除成立")), ("no", _("剔除不成立，重新计入"))]
    return {"type": "radio", "truth": True, "options": options}


def _date(scene: Scene, kind: Kind) -> Field:
    return {"type": "date", "least": (timezone.localdate() + timedelta(days=1)).isoformat()}


def _reason_code(scene: Scene, kind: Kind) -> Field:
    return {"type": "select", "options": list(naming.CODES.get(kind, {}).items())}


def _nature(scene: Scene, kind: Kind) -> Field:
    return {"type": "select", "options": list(naming.NATURES.items())}


def _person(scene: Scene, kind: Kind) -> Field:
    return {"type": "select", "options": assigning.colleagues(scene.case["host"])}


def _level(scene: Scene, kind: Kind) -> Field:
    upper, _unit = above(scene)
    return {"type": "select", "options": [(n, naming.LEVELS[n]) for n in range(upper, 0, -1)], "value": upper}


def _upper_unit(scene: Scene, kind: Kind) -> Field:
    return {"type": "pick", "list": "units", "value": naming.unit_name(above(scene)[1], scene.knowledge)}


def above(scene: Scene) -> tuple[int, str]:
    """The level above the one that answers now and its unit; above the city command it is the leading group."""
    knowledge, case = scene.knowledge, scene.case
    host = knowledge.units.get(case["host"])
    current = case["escalated"] or (host.level if host else Level.STREET)
    level = Level(max(Level.CITY, current - 1))
    anchor = knowledge.scheme.at(case["place"] or knowledge.city, level)
    kinds = ("leading_group", "command") if current == Level.CITY else ("command",)
    found = (knowledge.unit_at.get((anchor, kind), "") for kind in kinds)
    return int(level), next(filter(None, found), "")


def _report(scene: Scene, kind: Kind) -> Field:
    reported = scene.case["reported"]
    if kind == Kind.CALLED_BACK:
        waiting = [one for one in reported if not one["called"] and one["contact"]]
        return {"type": "radio", "options": [(one["id"], _reporter(scene, one)) for one in waiting]}
    chosen = [one for one in reported if one["merged"]] if kind == Kind.SPLIT else reported
    return {"type": "select", "options": [(one["id"], _reporter(scene, one)) for one in chosen]}


def _reporter(scene: Scene, report: Mapping[str, Any]) -> str:
    """One reporter as the choice shows him: masked name, channel, the first words of what he said."""
    name = scene.contacts.get(report["id"], {}).get("name") or _("未留姓名")
    channel = naming.CHANNELS.get(report["channel"], report["channel"])
    return f"{name} · {channel} · {title_of(report['text'])}"


_WIDGETS: Mapping[str, Callable[[Scene, Kind], Field]] = {
    "photos": _files,
    "category": _pick("categories"),
    "place": _pick("places"),
    "unit": _pick("units"),
    "host": _pick("units"),
    "suggested": _pick("units"),
    "units": _pick("units", several=True),
    "attendees": _pick("units", several=True),
    "minutes": _minutes,
    "extra_minutes": _minutes,
    "answer_minutes": _minutes,
    "review_on": _date,
    "reason_code": _reason_code,
    "nature": _nature,
    "level": _level,
    "person": _person,
    "report": _report,
    "contacted": _yes_no,
    "responded": _responded,
    "solved": _solved,
    "satisfaction": _satisfaction,
    "forbid_return": _tick,
    "upheld": _upheld,
    "owner": _line,
    "clause": _line,
    "basis": _line,
    "ruling": _line,
}
_SPECIAL: Mapping[tuple[str, str], Callable[[Scene, Kind], Field]] = {
    (Kind.MEETING_HELD, "minutes"): _words,
    (Kind.HANDLED, "result"): _reply,
    (Kind.HANDLED, "despite"): _despite,
    (Kind.ESCALATED, "unit"): _upper_unit,
}
_LABELS: Mapping[tuple[str, str], Any] = {
    ("", "reason"): gettext_lazy("理由"),
    ("", "result"): gettext_lazy("做了什么"),
    ("", "despite"): gettext_lazy("仍要发送的理由"),
    (Kind.HANDLED, "result"): gettext_lazy("给反映人的答复：做了什么"),
    ("", "photos"): gettext_lazy("照片"),
    ("", "category"): gettext_lazy("类别"),
    ("", "place"): gettext_lazy("地点（不改则不选）"),
    ("", "unit"): gettext_lazy("单位"),
    ("", "host"): gettext_lazy("承办单位"),
    ("", "suggested"): gettext_lazy("建议承办单位"),
    ("", "units"): gettext_lazy("协办单位"),
    ("", "attendees"): gettext_lazy("参会单位"),
    ("", "minutes"): gettext_lazy("协办时限"),
    ("", "extra_minutes"): gettext_lazy("延长多久"),
    ("", "answer_minutes"): gettext_lazy("答复时限"),
    ("", "review_on"): gettext_lazy("复查日期"),
    ("", "reason_code"): gettext_lazy("原因"),
    ("", "nature"): gettext_lazy("工作性质"),
    ("", "level"): gettext_lazy("提到哪一级"),
    ("", "person"): gettext_lazy("指派给谁"),
    ("", "report"): gettext_lazy("哪一条反映"),
    ("", "contacted"): gettext_lazy("联系到本人了吗"),
    ("", "responded"): gettext_lazy("承办单位联系过本人吗"),
    ("", "solved"): gettext_lazy("问题解决了吗"),
    ("", "satisfaction"): gettext_lazy("满意程度"),
    ("", "forbid_return"): gettext_lazy("禁止退回"),
    ("", "upheld"): gettext_lazy("抽查结论"),
    ("", "owner"): gettext_lazy("责任人"),
    ("", "clause"): gettext_lazy("依据条款"),
    ("", "basis"): gettext_lazy("依据"),
    ("", "ruling"): gettext_lazy("裁定文号"),
    ("", "told"): gettext_lazy("告知诉求人的渠道"),
    ("", "text"): gettext_lazy("说明"),
    ("", "note"): gettext_lazy("备注"),
    ("", "issue"): gettext_lazy("督办事项"),
    (Kind.CALLED_BACK, "report"): gettext_lazy("回访哪一位"),
    (Kind.CALLED_BACK, "text"): gettext_lazy("备注"),
    (Kind.VERIFY_ASKED, "unit"): gettext_lazy("由哪个单位核实"),
    (Kind.VERIFIED, "text"): gettext_lazy("现场情况"),
    (Kind.CONTACTED, "text"): gettext_lazy("联系情况"),
    (Kind.SUPPLEMENT_ASKED, "text"): gettext_lazy("请诉求人补充什么"),
    (Kind.SUPPLEMENTED, "text"): gettext_lazy("补充了什么"),
    (Kind.ANSWERED, "text"): gettext_lazy("答复"),
    (Kind.MEETING_HELD, "minutes"): gettext_lazy("会议纪要"),
    (Kind.EXTENDED, "extra_minutes"): gettext_lazy("准予延长多久（不填则按申请）"),
    (Kind.RETURNED, "clause"): gettext_lazy("依据的法规或清单条款"),
    (Kind.RULED, "reason"): gettext_lazy("裁定理由"),
}


def choices(scene: Scene, listed: str) -> dict[str, str]:
    """Name -> code of what a searchable field offers: "units", "categories" or "places"."""
    return _CHOICES[listed](scene)


def _units(scene: Scene) -> dict[str, str]:
    """Units that answer for the case's place at any level."""
    knowledge, place = scene.knowledge, scene.case["place"] or scene.knowledge.city
    around = {knowledge.scheme.at(place, level) for level in Level}
    found = sorted((one for one in knowledge.units.values() if one.place in around), key=lambda one: -one.level)
    return _named((naming.unit_name(one.code, knowledge), one.code) for one in found)


def _named(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Name -> code; the second of one name has its code behind it, so that both can be told apart."""
    found: dict[str, str] = {}
    for name, code in pairs:
        found[f"{name}（{code}）" if name in found else name] = code
    return found


def _categories(scene: Scene) -> dict[str, str]:
    return _named((naming.category_name(code, scene.knowledge), code) for code in sorted(scene.knowledge.categories))


def _places(scene: Scene) -> dict[str, str]:
    return _named((name, code) for code, name in places(scene.viewer, scene.knowledge))


def places(viewer: Viewer, knowledge: Knowledge) -> list[tuple[str, str]]:
    """(code, name) of places a person may name: inside the own span, each by its name with the one above it."""
    scheme = knowledge.scheme
    deepest = Level.COMMUNITY if viewer.level >= Level.DISTRICT else Level.STREET
    found = []
    for code, name in naming.named_places(knowledge):
        level = scheme.level(code)
        if viewer.span.holds(code) and level <= deepest:
            over = naming.place_name(scheme.at(code, Level(level - 1)), knowledge) if level > Level.DISTRICT else ""
            found.append((code, name if name.startswith(over) else f"{over} {name}"))
    return found


_CHOICES: Mapping[str, Callable[[Scene], dict[str, str]]] = {
    "units": _units,
    "categories": _categories,
    "places": _places,
}


def read(scene: Scene, one: Field, given: QueryDict) -> Any:
    """What the posted form says in this field, as hub.forms wants it; None for nothing. What was not offered raises
    IllegalMove."""
    value = given.get(one["name"], "").strip()[:LONGEST]
    if one["type"] == "picks":
        return _several(scene, one, given.getlist(one["name"]))
    if not value or one["type"] == "file":
        return None
    return _READ.get(one["type"], _plain)(scene, one, value, given)


def _plain(scene: Scene, one: Field, value: str, given: QueryDict) -> Any:
    if one["options"] and value not in {str(option) for option, _name in one["options"]}:
        raise _unknown(one, value)
    return value == "yes" if one.get("truth") else value


def _picked(scene: Scene, one: Field, value: str, given: QueryDict) -> str:
    offered = choices(scene, one["list"])
    known = value in offered.values() or (one["list"] == "units" and value in scene.knowledge.units)
    code = offered.get(value, value if known else "")
    if not code:
        raise _unknown(one, value)
    return code


def _several(scene: Scene, one: Field, values: list[str]) -> list[str] | None:
    said = [part.strip() for value in values for part in re.split(r"[、,，;；\n]", value[:LONGEST]) if part.strip()]
    return [_picked(scene, one, part, QueryDict()) for part in dict.fromkeys(said)] or None


def _span(scene: Scene, one: Field, value: str, given: QueryDict) -> int | str:
    """An amount and its unit as minutes; what is no number is left for hub.forms to name."""
    each = {str(minutes): minutes for minutes, _name in one["options"]}.get(given.get(one["name"] + "_unit", "1"), 1)
    try:
        return round(float(value) * each) if len(value) < 9 else value
    except (ValueError, OverflowError):
        return value


def _unknown(one: Field, value: str) -> IllegalMove:
    return IllegalMove(f"{one['name']}: {value} is not offered here / “{one['label']}”没有“{value}”这个选项")


_READ: Mapping[str, Callable[[Scene, Field, str, QueryDict], Any]] = {
    "pick": _picked,
    "minutes": _span,
    "checkbox": lambda scene, one, value, given: True,
}
