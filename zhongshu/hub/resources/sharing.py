"""共享与定级的办理 applications for items, requisition orders, reviews of grades: what they are about, what follows.

What may go out is worked out when somebody asks, by the catalogue and the masks in force then, and kept in the fact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from zhongshu.data.sharing import rules
from zhongshu.data.sharing.grading import DENIED, OPEN, RANK, Field, Finding, Verdict
from zhongshu.hub.resources.moves import About, Looked, Rules
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.places import EVERYWHERE, Level, Span

if TYPE_CHECKING:
    from zhongshu.data.catalogue import entries

SUBJECT = "dataset:"


def dataset_of(subject: str) -> entries.Dataset:
    """The data set that "dataset:X" names. Raises NotFound or BadInput."""
    if not subject.startswith(SUBJECT):
        raise BadInput(f"subject: found {subject[:60]!r}, expected {SUBJECT}NAME / 标的应为数据资源")
    name = subject.removeprefix(SUBJECT).partition("/")[0]
    found = rules.catalogued().get(name)
    if found is None:
        raise NotFound(f"there is no data set {name[:60]!r} in the catalogue / 目录中没有这个数据资源")
    return found


def _asked(subject: str, given: Mapping[str, Any]) -> tuple[entries.Dataset, Sequence[str]]:
    found = dataset_of(subject)
    wanted = given.get("items") or [one.item for one in found.items]
    strange = next((name for name in wanted if found.item(name) is None), "")
    if strange:
        known = ", ".join(one.item for one in found.items)
        raise BadInput(f"items: found {strange!r}, expected of {known} / “{found.name}”没有信息项“{strange}”")
    return found, wanted


def _about(what: str, subject: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    found, wanted = _asked(subject, given)
    if found.provider not in knowledge.units:
        raise NotFound(f"{found.dataset}: its provider is no unit in force / 提供方不是现行单位")
    return About(f"{what}：{found.name}（{len(wanted)} 项）", (found.provider,))


def _shared(subject: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    return _about("共享", subject, given, viewer, knowledge)


def _requisitioned(subject: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    if given.get("receiver") not in knowledge.units:
        raise BadInput(f"receiver: found {given.get('receiver')!r}, expected the code of a unit / 接收单位代码有误")
    return _about("调集", subject, given, viewer, knowledge)


def _regraded(subject: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    return _about("复核定级", subject, given, viewer, knowledge)


def _fields(looked: Looked, items: Sequence[str]) -> list[Field]:
    found = rules.fields(looked.now)
    dataset = dataset_of(looked.row["subject"]).dataset
    return [found[dataset, item] for item in items]


def span_of(place: str, knowledge: Knowledge) -> Span:
    """What a unit at a place may get of shared data: its own area."""
    if not place or knowledge.scheme.level(place) is Level.CITY:
        return EVERYWHERE
    return knowledge.scheme.span(place)


def _apply(looked: Looked) -> dict[str, Any]:
    """The share type of each item asked for, as it was then."""
    found = _fields(looked, looked.given["items"])
    return {"shares": {one.item: one.share for one in found}}


def _apply_guard(looked: Looked) -> str:
    found = _fields(looked, looked.given["items"])
    if any(one.secret for one in found):
        return "this data set bears a state-secret mark: not on this platform / 标有国家秘密，不得通过本平台申请"
    provider = dataset_of(looked.row["subject"]).provider
    return "your unit provides it itself / 本单位就是提供方" if provider == looked.viewer.unit else ""


def _types(looked: Looked) -> set[str]:
    return set(looked.row["given"].get("shares", {}).values())


def _authorise_guard(looked: Looked) -> str:
    types = _types(looked)
    if DENIED in types:
        return "some item may not be shared: reject it, or have its type reviewed / 含不予共享的信息项，只能不通过"
    if types - {OPEN}:
        return "some item is conditional: its provider answers / 含有条件共享的信息项，须转提供方答复"
    return ""


def _forward_guard(looked: Looked) -> str:
    types = _types(looked)
    if DENIED in types:
        return "some item may not be shared: reject it, or have its type reviewed / 含不予共享的信息项，只能不通过"
    return "" if types - {OPEN} else "every item is unconditional: authorise it / 全部为无条件共享，应直接授权"


def _grant(looked: Looked, unit: str, kind: str, place: str) -> dict[str, Any]:
    """The whole grant, as the database enforces it: plan with masks, area, purpose, end."""
    row, given = looked.row, {**looked.row["given"], **looked.given}
    found = _fields(looked, given["items"])
    if any(one.secret for one in found):
        raise IllegalMove("this data set bears a state-secret mark / 标有国家秘密，不得开通")
    measures = rules.book(looked.now).measures
    plain = set(given.get("clear", ()))
    plan = [rules.mask_of(one, measures, one.item in plain) for one in found]
    span = span_of(place, looked.knowledge)
    return {
        "number": row["number"],
        "dataset": found[0].dataset,
        "kind": kind,
        "unit": unit,
        "reader": f"integration:{given['system']}" if given.get("system") else "",
        "provider": row["providers"][0],
        "place": place,
        "provider_place": row["provider_place"],
        "lo": span.lo,
        "hi": span.hi,
        "plan": plan,
        "personal": any(one.personal for one in found),
        "purpose": given["purpose"].strip(),
        "basis": given["basis"],
        "until": _end(given["until"]),
    }


def _end(day: str) -> str:
    """The end of a local day, ISO 8601."""
    return f"{day}T23:59:59+08:00"


def _open(looked: Looked) -> dict[str, Any]:
    until = looked.row["given"]["until"]
    return {"until": until, "grant": _grant(looked, looked.row["asker"], "share", looked.row["place"])}


def _consent_guard(looked: Looked) -> str:
    strange = set(looked.given.get("clear", ())) - set(looked.row["given"]["items"])
    return f"clear: {sorted(strange)[0]} was not asked for / 未申请的信息项不能开通原文" if strange else ""


def _execute(looked: Looked) -> dict[str, Any]:
    given = looked.row["given"]
    place = looked.knowledge.units[given["receiver"]].place
    return {"until": given["until"], "grant": _grant(looked, given["receiver"], "order", place)}


def _verdicts(looked: Looked, items: Sequence[str]) -> list[Verdict]:
    """By the rules and by lineage; of items whose content was detected, by that where it is higher."""
    dataset = dataset_of(looked.row["subject"]).dataset
    found, held = rules.verdicts(looked.now), looked.row["given"].get("content", {})
    told = []
    for item in items:
        plain = found[dataset, item]
        if item in held:
            by_content = rules.book(looked.now).verdict(rules.holding(plain.field, held[item]))
            by_content = replace(by_content, field=plain.field)
            plain = max(plain, by_content, key=lambda one: RANK.get(one.grade, 0))
        told.append(plain)
    return told


def _ask_guard(looked: Looked) -> str:
    """密级: nobody asks software about a state secret; and there must be something that the rules say otherwise."""
    found = _verdicts(looked, looked.given["items"])
    if any(one.finding is Finding.SECRET for one in found):
        return "state-secret marks are for the secrecy authority, not for software / 国家秘密标识只能由保密部门依法处理"
    if all(one.finding is Finding.FITS and one.sharing is Finding.FITS for one in found):
        return "the rules derive just what was declared / 声明级别与规则推导一致，无需复核"
    return ""


def _ask(looked: Looked) -> dict[str, Any]:
    """What the rules say of each item now, with the rule that says so."""
    said = {
        one.field.item: {
            "declared": [one.field.grade, one.field.share, one.field.clause],
            "derived": [one.grade, one.share],
            "rules": [reason.rule for reason in one.reasons],
        }
        for one in _verdicts(looked, looked.given["items"])
    }
    return {"findings": said}


def _detect(looked: Looked) -> dict[str, Any]:
    """What was found in the rows, item by item, with what the rules make of it."""
    held = dict(zip(looked.given["items"], looked.given["kinds"], strict=True))
    row = {**looked.row, "given": {**looked.row["given"], "content": held}}
    return {"content": held, **_ask(replace(looked, row=row))}


def _change(looked: Looked) -> dict[str, Any]:
    """The derived grade and type of each item that has one; a mark of secrecy changes nothing."""
    found = _verdicts(looked, looked.row["given"]["items"])
    changed = [
        {"dataset": one.field.dataset, "item": one.field.item, "grade": one.grade, "share": one.share, "clause": ""}
        for one in found
        if one.finding is not Finding.SECRET and one.grade
    ]
    if not changed:
        raise IllegalMove("no rule derives a grade for any of these items / 规则对这些信息项都未推导出级别")
    return {"grades": changed}


SHARING = Rules(
    _shared,
    {
        "apply": _apply_guard,
        "authorise": _authorise_guard,
        "forward": _forward_guard,
        "consent": _consent_guard,
    },
    {"apply": _apply, "authorise": _open, "provide": _open, "rule_share": _open},
)
REQUISITION = Rules(_requisitioned, {"order": _apply_guard}, {"order": _apply, "execute": _execute})
REGRADE = Rules(
    _regraded, {"ask": _ask_guard}, {"ask": _ask, "detect": _detect, "adopt": _change, "rule_change": _change}
)
