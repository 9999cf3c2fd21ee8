"""动作表单 the buttons of a case: which moves this post may make now, what each one asks for, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from zhongshu.hub.forms import ANSWERS
from zhongshu.kernel import lifecycle
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge, title_of
from zhongshu.kernel.errors import BadInput, IllegalMove
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import State
from zhongshu.kernel.places import Level
from zhongshu.screen import naming

Case = Mapping[str, Any]
Field = dict[str, Any]

BY_UNIT = frozenset({Kind.SIGNED, Kind.RETURNED, Kind.HANDLED})
BY_ANOTHER = frozenset({Kind.CHECK_PASSED, Kind.CHECK_FAILED})
ELSEWHERE = frozenset({Kind.MERGED, Kind.MERGE_DECLINED, Kind.UNSTUCK})
"""Moves with a place of their own on the screens."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Who looks at which case with what knowledge."""

    viewer: Viewer
    case: Case
    knowledge: Knowledge
    contacts: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """Report id -> masked name and phone of its reporter."""


def allowed(scene: Scene) -> list[Kind]:
    """The moves that this very person may make on this very case, most usual first."""
    moves = [move.kind for move in lifecycle.moves(State(scene.case["state"]), scene.viewer.roles)]
    return [kind for kind in sorted(moves, key=_rank) if kind not in ELSEWHERE and _fits(scene, kind)]


_ORDER = (Kind.SIGNED, Kind.HANDLED, Kind.CHECK_PASSED, Kind.CALLED_BACK, Kind.RULED, Kind.CLASSIFIED)


def _rank(kind: Kind) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _fits(scene: Scene, kind: Kind) -> bool:
    case, viewer = scene.case, scene.viewer
    if kind in BY_UNIT:
        return viewer.unit in (case["host"], *case["assists"])
    if kind in BY_ANOTHER:
        return not viewer.user or viewer.user != case["handler"]
    if kind == Kind.SPLIT:
        return any(report["merged"] for report in case["reported"])
    if kind == Kind.CALLED_BACK:
        return any(_to_call(report) for report in case["reported"])
    return True


def _to_call(report: Mapping[str, Any]) -> bool:
    return not report["called"] and bool(report["contact"])


def buttons(scene: Scene) -> list[dict[str, Any]]:
    """kind, label and form fields of each allowed move."""
    return [
        {"kind": kind.value, "label": naming.FACTS[kind], "fields": FORMS.get(kind, _nothing)(scene)}
        for kind in allowed(scene)
    ]


def _field(name: str, label: str, kind: str, options: list[tuple[Any, Any]] | None = None, must: bool = True) -> Field:
    return {"name": name, "label": label, "type": kind, "required": must, "options": options or []}


def _nothing(scene: Scene) -> list[Field]:
    return []


def _reason(scene: Scene) -> list[Field]:
    return [_field("reason", _("理由"), "textarea")]


def _result(scene: Scene) -> list[Field]:
    return [_field("result", _("做了什么"), "textarea"), _field("photos", _("照片"), "file", must=False)]


def _category(scene: Scene) -> list[Field]:
    named = sorted((code, naming.category_name(code, scene.knowledge)) for code in scene.knowledge.categories)
    below = place_options(scene.viewer, scene.knowledge)
    return [
        _field("category", _("类别"), "select", list(named)),
        _field("place", _("地点（不改则不选）"), "select", list(below), must=False),
    ]


def place_options(viewer: Viewer, knowledge: Knowledge) -> list[tuple[str, str]]:
    """Places that a person may name: inside the own span, no more than a select can hold."""
    deepest = Level.COMMUNITY if viewer.level >= Level.DISTRICT else Level.STREET
    return [
        (code, name)
        for code, name in sorted(knowledge.names.items())
        if viewer.span.holds(code) and knowledge.scheme.level(code) <= deepest
    ]


def _host(scene: Scene) -> list[Field]:
    """Units that answer for the case's place at any level."""
    knowledge, place = scene.knowledge, scene.case["place"] or scene.knowledge.city
    around = {knowledge.scheme.at(place, level) for level in Level}
    units = [
        (one.code, naming.unit_name(one.code, knowledge)) for one in knowledge.units.values() if one.place in around
    ]
    return [_field("host", _("承办单位"), "select", list(units)), *_reason(scene)]


def _call(scene: Scene) -> list[Field]:
    waiting = [(one["id"], _reporter(scene, one)) for one in scene.case["reported"] if _to_call(one)]
    yes_no = [("yes", _("是")), ("no", _("否"))]
    scores = [_("非常不满意"), _("不满意"), _("基本满意"), _("满意"), _("非常满意")]
    return [
        _field("report", _("回访哪一位"), "radio", list(waiting)),
        _field("contacted", _("联系到本人了吗"), "radio", list(yes_no)),
        _asked("responded", _("承办单位联系过本人吗"), list(yes_no)),
        _asked("solved", _("问题解决了吗"), [("yes", _("已解决")), ("no", _("没有解决"))]),
        _asked("satisfaction", _("满意程度"), list(enumerate(scores, 1))),
        _field("text", _("备注"), "textarea", must=False),
    ]


def _asked(name: str, label: str, options: list[tuple[Any, Any]]) -> Field:
    """A question that only a reporter who was reached can answer, and then must."""
    return _field(name, label, "radio", options, must=False) | {"when": "contacted", "is": "yes"}


def _reporter(scene: Scene, report: Mapping[str, Any]) -> str:
    """One reporter as the choice shows him: masked name, channel, the first words of what he said."""
    name = scene.contacts.get(report["id"], {}).get("name") or _("未留姓名")
    channel = naming.CHANNELS.get(report["channel"], report["channel"])
    return f"{name} · {channel} · {title_of(report['text'])}"


def _split(scene: Scene) -> list[Field]:
    merged = [(report["id"], title_of(report["text"])) for report in scene.case["reported"] if report["merged"]]
    return [_field("report", _("哪一条反映"), "select", list(merged)), *_reason(scene)]


FORMS: dict[Kind, Callable[[Scene], list[Field]]] = {
    Kind.RETURNED: _reason,
    Kind.CHECK_FAILED: _reason,
    Kind.REOPENED: _reason,
    Kind.HANDLED: _result,
    Kind.CLASSIFIED: _category,
    Kind.RULED: _host,
    Kind.CALLED_BACK: _call,
    Kind.SPLIT: _split,
}


def payload(scene: Scene, kind: str, given: Mapping[str, str]) -> dict[str, Any]:
    """What a posted form says, as the payload of the move. Empty fields are left out, so that the lifecycle names
    them; an option that was not offered raises IllegalMove."""
    found: dict[str, Any] = {}
    for one in FORMS.get(Kind(kind), _nothing)(scene) if kind in set(Kind) else []:
        value = given.get(one["name"], "").strip()[:4000]
        if value and one["options"] and value not in {str(option) for option, _name in one["options"]}:
            raise IllegalMove(f"{one['name']}: {value} is not offered here / “{one['label']}”没有这个选项")
        if value and one["type"] != "file":
            found[one["name"]] = value
    return _typed(scene, kind, found)


def _typed(scene: Scene, kind: str, found: dict[str, Any]) -> dict[str, Any]:
    if "report" in found:
        found["report"] = int(found["report"])
    if kind == Kind.CALLED_BACK:
        found |= {name: found[name] == "yes" for name in ("contacted", "responded", "solved") if name in found}
        missing = [name for name in ANSWERS if name not in found]
        if found.get("contacted") and missing:
            raise BadInput(f"{missing[0]}: found nothing, expected an answer / 已联系到本人的，请把回访问题填写完整")
    if kind == Kind.ESCALATED:
        found |= _upper(scene)
    return found


def _upper(scene: Scene) -> dict[str, Any]:
    """One level above the one that answers now."""
    knowledge, case = scene.knowledge, scene.case
    host = knowledge.units.get(case["host"])
    level = Level(max(Level.CITY, (case["escalated"] or (host.level if host else Level.CITY)) - 1))
    anchor = knowledge.scheme.at(case["place"] or knowledge.city, level)
    return {"level": int(level), "unit": knowledge.unit_at.get((anchor, "command"), "")}
