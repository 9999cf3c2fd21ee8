"""数据资源的用词 the data desk's tabs, and how proceedings, their states and their moves are called on the screens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from zhongshu.hub.resources.moves import MOVES, STATES, Field, Move
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.facts import Kind
from zhongshu.screen import naming
from zhongshu.screen.story import moment
from zhongshu.screen.templatetags.screen import listed

GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("work", _("办理"), ("inbox",)),
    ("base", _("基础库"), ("registers", "blocks")),
    ("catalogue", _("目录与标准"), ("catalogue", "gaps", "sources", "elements", "standards", "lineage")),
    ("quality", _("质量"), ("quality", "visits")),
    ("collect", _("采集"), ("fill", "forms", "training")),
    ("share", _("共享与回流"), ("sharing", "grades", "returns", "audit")),
    ("lake", _("数据湖"), ("lake",)),
)
"""The data desk's pages by what they are for: key, label, keys of TABS; a group opens its first page."""
TABS: tuple[tuple[str, Any, str], ...] = (
    ("inbox", _("待办与事项"), "/data"),
    ("registers", _("登记库"), "/data/registers"),
    ("blocks", _("块数据"), "/data/blocks"),
    ("catalogue", _("目录"), "/data/catalogue"),
    ("gaps", _("缺口"), "/data/gaps"),
    ("sources", _("数据源"), "/data/sources"),
    ("elements", _("数据元"), "/data/elements"),
    ("standards", _("标准"), "/data/standards"),
    ("lineage", _("血缘"), "/data/lineage"),
    ("quality", _("质量"), "/data/quality"),
    ("visits", _("抽样核实"), "/data/visits"),
    ("fill", _("填报"), "/data/fill"),
    ("forms", _("表单"), "/data/forms"),
    ("training", _("培训"), "/data/training"),
    ("sharing", _("共享使用"), "/data/sharing"),
    ("grades", _("分级复核"), "/data/grades"),
    ("returns", _("数据回流"), "/data/returns"),
    ("audit", _("使用审计"), "/data/audit"),
    ("lake", _("数据湖"), "/data/lake"),
)
"""数据资源工作台 the lists of the data desk: key, label, address."""

LABELS: Mapping[str, Any] = {
    "title": _("名称"),
    "text": _("内容"),
    "basis": _("依据"),
    "until": _("截止日期"),
    "effective": _("生效日期"),
    "reason": _("理由"),
    "clause": _("条款"),
    "by": _("替代它的标准"),
    "into": _("并入的表单"),
    "verdict": _("认定"),
    "about": _("对象"),
    "cycle": _("周期"),
    "level": _("填报层级"),
    "per_hundred": _("每百户对象数"),
    "elements": _("采集的数据元"),
    "refused": _("不予采集的数据元"),
    "return_promise": _("返还承诺"),
    "count": _("不合格行数"),
    "run": _("检查编号"),
    "item": _("信息项"),
    "items": _("信息项"),
    "kinds": _("检出内容"),
    "purpose": _("用途"),
    "clear": _("以原文提供的信息项"),
    "receiver": _("接收单位代码"),
    "system": _("接入系统（集成名）"),
    "when": _("时间"),
    "where": _("地点"),
    "trainer": _("讲课人"),
    "seats": _("座位"),
}
"""Field of a move -> what the form calls it."""
INPUTS = {"text": "textarea", "date": "date", "flag": "checkbox", "count": "number", "id": "number"}
UNSAID = frozenset({"person"})
"""A person's number says nothing to a reader; who may know him finds his name on the list."""
MOMENTS = frozenset({"when"})
SHORT = frozenset({"title", "by", "clause", "item"})
"""Words that fit one line."""

SEATS: Mapping[str, tuple[Any, str]] = {
    "enrolled": (_("已报名"), "info"),
    "attended": (_("到场"), "ok"),
    "absent": (_("缺席"), "warn"),
}
"""Where somebody stands in a class -> word and tone."""


def tabs(here: str) -> list[dict[str, Any]]:
    """The groups of the data desk, each with its pages; `here` is the key of the page that is shown."""
    known = {key: {"label": label, "url": url, "here": key == here} for key, label, url in TABS}
    return [
        {"label": label, "url": known[keys[0]]["url"], "here": here in keys, "pages": [known[key] for key in keys]}
        for _key, label, keys in GROUPS
    ]


def family_name(family: str) -> str:
    return _word(STATES[family, ""])


def _word(one: Any) -> str:
    return str(one.english if naming.english() else one.label)


def families() -> list[tuple[str, str]]:
    return [(family, _word(one)) for (family, state), one in STATES.items() if not state]


def states(family: str) -> list[tuple[str, str]]:
    return [(state, _word(one)) for (of, state), one in STATES.items() if of == family and state]


def row(found: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """A proceeding as lists and its page show it."""
    state = STATES[found["family"], found["state"]]
    return {
        **found,
        "family_name": family_name(found["family"]),
        "state_name": _word(state),
        "tone": state.tone,
        "asker_name": naming.unit_name(found["asker"], knowledge),
        "provider_names": [naming.unit_name(one, knowledge) for one in found["providers"]],
        **{name: moment(found[name]) for name in ("opened_at", "due_at", "changed_at", "ended_at")},
    }


def step(fact: Mapping[str, Any], knowledge: Knowledge) -> dict[str, Any]:
    """One line of its history: what was done, by whom, with which words."""
    p = fact["payload"]
    move = MOVES.get(f"{p['family']}.{p.get('move', '')}")
    late = fact["kind"] == Kind.PROCEEDING_OVERDUE
    return {
        "at": datetime.fromisoformat(fact["at"]),
        "name": str(_("逾期")) if late else _word(move) if move else p["move"],
        "unit_name": naming.actor_name(fact["actor"], p.get("unit", ""), knowledge),
        "said": said(p.get("given", {})),
        "due_at": None if late else moment(p.get("due_at")),
    }


def said(given: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """(label, words) of what was given; what the hub itself added for the record is left out."""
    return [
        (LABELS.get(name, name), _value(name, value))
        for name, value in given.items()
        if name not in UNSAID
        and not isinstance(value, dict)
        and not (isinstance(value, list) and value and isinstance(value[0], dict))
    ]


def _value(name: str, value: Any) -> str:
    if name in MOMENTS:
        return f"{datetime.fromisoformat(value).astimezone(CITY_TIME):%Y-%m-%d %H:%M}"
    return listed(value) if isinstance(value, list) else str(value)


def button(move: Move) -> dict[str, Any]:
    """A move as parts/dialog.html shows it."""
    return {
        "kind": move.name,
        "label": _word(move),
        "clause": naming.clause(move.clause),
        "fields": [_input(field) for field in move.fields],
    }


def _input(field: Field) -> dict[str, Any]:
    kind = "text" if field.name in SHORT else INPUTS.get(field.type, "text")
    label = LABELS.get(field.name, field.name)
    return {"name": field.name, "label": label, "type": kind, "required": field.required, "options": []}


def asking(family: str, subject: str, **filled: Any) -> dict[str, Any]:
    """The dialog by which a proceeding about `subject` begins; `filled` are options or values of its fields."""
    birth = next(one for one in MOVES.values() if one.family == family and not one.sources)
    fields: list[dict[str, Any]] = [{"name": "subject", "type": "hidden", "value": subject}]
    for one in button(birth)["fields"]:
        held = filled.get(one["name"])
        if isinstance(held, list):
            fields.append({**one, "type": "several", "options": held})
        else:
            fields.append({**one, "value": held} if held else one)
    return {**button(birth), "kind": family, "fields": fields}


def given(move: Move, post: QueryDict) -> dict[str, Any]:
    """What a person sent in the form of a move; flags as true or false, the rest as written."""
    told: dict[str, Any] = {}
    for field in move.fields:
        if field.type == "flag":
            told[field.name] = field.name in post
        else:
            told[field.name] = " ".join(post.getlist(field.name)).strip()
    return {name: value for name, value in told.items() if value != ""}
