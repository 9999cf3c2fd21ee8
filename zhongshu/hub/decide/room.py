"""决策 the room: who must act, by when, on what ground; with the row that matched, or the reason that none did.

The order of routes: emergency bypass 紧急 → the component's owner 先属主 → the duty list by territory 先属地 → the
list's last resort 兜底 → the arbitration desk. A ruling on a like case (先例) corrects what the list says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhongshu.hub.decide.matching import (
    Matter,
    Option,
    address_of,
    area_of,
    assists_of,
    best,
    matched,
    options,
    owner_of,
    resolve,
)
from zhongshu.kernel.desk import Desk, Knowledge, Precedent, follow
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.places import Asset

Payload = dict[str, Any]

TRUSTED = ("grid", "patrol", "sensor")
"""Channels whose reporter was there: nobody has to go and look first (核实)."""
SUGGESTED = 3
"""How many units the arbitration desk is offered."""
MEETING = 2
"""This many returns force a joint meeting: no precedent cuts it short."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """未决: `code` is no_duty, recalled, vague or returned; `wrong` the "level/kind" that the list names in vain."""

    code: str
    why: str
    wrong: str = ""
    suggestions: tuple[Payload, ...] = ()


def room(batch: Sequence[Fact], desk: Desk) -> list[Fact]:
    """A decision for every fact but a plain Unclear, which waits for a person."""
    mine = [fact for fact in batch if fact.kind != Kind.UNCLEAR or fact.payload.get("emergency")]
    matters = [_matter(fact, desk) for fact in mine]
    return [_decide(fact, matter, desk) for fact, matter in zip(mine, _with_assets(mine, matters, desk), strict=True)]


def _decide(fact: Fact, matter: Matter, desk: Desk) -> Fact:
    """Decided, or Undecided with the reason: never silence."""
    checker = _verifier(fact, matter, desk.knowledge)
    if checker:
        payload: Payload = {"unit": checker, "reason": "seen on the spot before it is filed / 公众举报先核实后立案"}
        return follow(fact, desk, Kind.VERIFY_ASKED, payload, place=matter.place)
    if fact.kind == Kind.RETURNED:
        verdict = _objection(fact, matter, desk)
    else:
        bypass = _emergency(fact, matter, desk.knowledge) or _again(fact, matter, desk)
        verdict = bypass or match(matter, desk.knowledge)
    if isinstance(verdict, Undecided):
        payload = {"reason": verdict.why, "why": verdict.code, "wrong": verdict.wrong, "category": matter.category}
        payload["suggestions"] = list(verdict.suggestions)
        if fact.kind == Kind.RETURNED:
            # The limit to rule runs since the return: nothing is late in being dispatched.
            payload |= {"clocks": [], "clause": fact.payload.get("clause", ""), "unit": fact.payload["unit"]}
        return follow(fact, desk, Kind.UNDECIDED, payload, place=matter.place)
    return follow(fact, desk, Kind.DECIDED, verdict, place=matter.place)


def _matter(fact: Fact, desk: Desk) -> Matter:
    p = fact.payload
    if "text" in p and "category" in p and p.get("birth", True):
        extra = {name: p.get(name, "") for name in ("place_type", "ownership", "nature")}
        return Matter(p["category"], fact.place, p["text"], **extra)
    case = desk.case(fact.subject)
    return Matter(
        p.get("category") or case["category"],
        fact.place or case["place"],
        case["text"],
        case.get("place_type", ""),
        case.get("ownership", ""),
        nature=p.get("nature") or case.get("nature") or "",
        returned=frozenset(case["returned_units"]) | ({p["unit"]} if fact.kind == Kind.RETURNED else set()),
    )


def _with_assets(facts: Sequence[Fact], matters: Sequence[Matter], desk: Desk) -> list[Matter]:
    """Component matters with the component they are about, asked for all at once."""
    categories = desk.knowledge.categories
    asked = [
        n for n, m in enumerate(matters) if m.category in categories and categories[m.category].kind == "component"
    ]
    if not asked:
        return list(matters)
    points = [_point(facts[n], desk) for n in asked]
    found = desk.components([(matters[n].category, *point) for n, point in zip(asked, points, strict=True)])
    near = dict(zip(asked, found, strict=True))
    return [_about(matter, near.get(n)) for n, matter in enumerate(matters)]


def _point(fact: Fact, desk: Desk) -> tuple[float | None, float | None]:
    known: Mapping[str, Any] = fact.payload if "lon" in fact.payload else desk.case(fact.subject)
    return known.get("lon"), known.get("lat")


def _about(matter: Matter, asset: Asset | None) -> Matter:
    if asset is None:
        return matter
    ownership = matter.ownership or asset.ownership
    return replace(matter, ownership=ownership, asset=asset)


def _verifier(fact: Fact, matter: Matter, knowledge: Knowledge) -> str:
    """Who must go and look first: asked once, for what the public or the media said, when the class says so."""
    category = knowledge.categories.get(matter.category)
    born = fact.kind == Kind.JUDGED and fact.payload.get("birth", True)
    if not born or category is None or not category.verify or fact.payload.get("emergency"):
        return ""
    return "" if fact.payload.get("channel") in TRUSTED else resolve(category.verify, matter.place, knowledge) or ""


def _emergency(fact: Fact, matter: Matter, knowledge: Knowledge) -> Payload | None:
    """紧急绕行: the room before heard the word; the row says who answers. None when there is no such unit here."""
    heard = fact.payload.get("emergency")
    row = next((one for one in knowledge.emergencies if heard and one.code == heard["code"]), None)
    host = resolve(row.host, matter.place, knowledge) or _upward(row.host, matter.place, knowledge) if row else None
    if not heard or row is None or not host:
        return None
    word, channel = heard["word"], row.channel
    return {
        "route": "emergency",
        "host": host,
        "assists": assists_of(row.assists, host, matter.place, knowledge),
        "duty": row.code,
        "basis": row.basis,
        "list_kind": "basic",
        "word": word,
        "channel": channel,
        "reasons": [f"the word {word!r} means an emergency: call {channel} / 紧急词“{word}”，请拨 {channel}"],
        "matched": {"code": row.code, "word": word, "channel": channel, "host": row.host},
        "category": matter.category,
        "calendar": "always",
        "limits": row.limits,
    }


def _upward(address: str, place: str, knowledge: Knowledge) -> str | None:
    """An emergency never waits for a precise place: the same line of work of the city answers."""
    return resolve(f"city/{address.partition('/')[2]}", place, knowledge)


def _again(fact: Fact, matter: Matter, desk: Desk) -> Payload | None:
    """重办: who was ruled to be responsible for this very case still is, as long as its class stays the same."""
    if fact.payload.get("birth", True):
        return None
    case, knowledge = desk.case(fact.subject), desk.knowledge
    host = case["host"]
    ruled = matter.returned and host in knowledge.units and host not in matter.returned
    if not ruled or case["category"] != matter.category:
        return None
    option = next((one for one in options(matter, knowledge) if one.host == host), None)
    found = _listed(option, matter, knowledge) if option else {"duty": "", "list_kind": "basic", "matched": {}}
    said = "ruled before on this very case / 本案已裁定由其承办"
    return {**found, "route": "ruling", "host": host, "reasons": [said], "category": matter.category}


def match(matter: Matter, knowledge: Knowledge) -> Payload | Undecided:
    """The payload of Decided, or why nobody could be named."""
    option, passed = best(matter, knowledge)
    owner = owner_of(matter.asset, knowledge) if matter.asset else None
    if owner and owner not in matter.returned:
        found = _owned(owner, option, matter, knowledge)
    elif option:
        found = _listed(option, matter, knowledge)
    else:
        undecided = _nobody(matter, passed)
        precedent = _precedent(matter, undecided.wrong, knowledge) if undecided.code != "vague" else None
        return _ruled_before(precedent, matter, knowledge) or undecided
    precedent = _precedent(matter, address_of(found["host"], knowledge), knowledge)
    return _ruled_before(precedent, matter, knowledge, found) or found


def _nobody(matter: Matter, passed: Sequence[Option]) -> Undecided:
    if passed:
        last = passed[-1]
        return Undecided(last.code, last.why, last.duty.host)
    named = matter.category or "未知"
    return Undecided("no_duty", f"no duty for category {matter.category!r} / 责任清单没有类别“{named}”的条目")


def _listed(option: Option, matter: Matter, knowledge: Knowledge) -> Payload:
    """先属地, or 兜底 when the row is one of last resort."""
    duty = option.duty
    route = "fallback" if option.fallback else "duty"
    reason = {
        "duty": f"duty {duty.code} of the list / 责任清单条目 {duty.code}",
        "fallback": f"no other duty: {duty.code} is the last resort / 无其他条目，按兜底条目 {duty.code}",
    }[route]
    return {
        "route": route,
        "host": option.host,
        "assists": assists_of(duty.assists, option.host, matter.place, knowledge),
        "duty": duty.code,
        "basis": duty.basis,
        "list_kind": duty.list_kind,
        "reasons": [reason],
        "matched": matched(duty),
        "category": matter.category,
        "calendar": duty.calendar,
        "limits": knowledge.limits_of(duty, matter.place, matter.nature),
    }


def _owned(owner: str, option: Option | None, matter: Matter, knowledge: Knowledge) -> Payload:
    """先属主: the component's owner, within the limits that the list sets for such a matter."""
    asset = matter.asset
    assert asset is not None
    metres = round(asset.metres, 1)
    said = (
        f"component {asset.code} is {metres} m away: its owner acts / 部件 {asset.code} 距 {metres} 米，由权属单位承办"
    )
    base: Payload = {"assists": [], "duty": "", "basis": "", "list_kind": "basic", "matched": {}}
    if option:
        base = _listed(option, matter, knowledge)
        base["assists"] = [unit for unit in base["assists"] if unit != owner]
    about = {"component": asset.code, "metres": metres, "owner": asset.owner, "ownership": matter.ownership}
    return {
        **base,
        "route": "owner",
        "host": owner,
        "component": asset.code,
        "metres": metres,
        "ownership": matter.ownership,
        "reasons": [said],
        "matched": {**base["matched"], **about},
        "category": matter.category,
    }


def _precedent(matter: Matter, wrong: str, knowledge: Knowledge) -> Precedent | None:
    if not knowledge.precedents:
        return None
    return knowledge.precedents.get((matter.category, area_of(matter.place, knowledge), wrong))


def _ruled_before(
    precedent: Precedent | None, matter: Matter, knowledge: Knowledge, base: Payload | None = None
) -> Payload | None:
    """先例: what was ruled on the last like case, with the limits of the row that would have matched."""
    if precedent is None:
        return None
    host = resolve(precedent.to, matter.place, knowledge) if precedent.to else None
    host = host or (precedent.host if precedent.host in knowledge.units else None)
    if host is None or host in matter.returned or (base and host == base["host"]):
        return None
    option = next((one for one in options(matter, knowledge) if one.host == host), None)
    found = _listed(option, matter, knowledge) if option else dict(base or {"duty": "", "list_kind": "basic"})
    shown = {"ruling": precedent.id, "number": precedent.number, "at": precedent.at.isoformat()}
    shown |= {"clause": precedent.clause, "reason": precedent.reason, "wrong": precedent.wrong}
    day = f"{precedent.at:%Y-%m-%d}"
    said = f"ruled before, {precedent.number} of {day} / 先例：{day} 裁定 {precedent.number}，依据“{precedent.clause}”"
    return {
        **found,
        "route": "precedent",
        "host": host,
        "assists": [unit for unit in found.get("assists", []) if unit != host],
        "basis": precedent.clause,
        "precedent": shown,
        "reasons": [said],
        "matched": {**found.get("matched", {}), "precedent": precedent.number, "clause": precedent.clause},
        "category": matter.category,
    }


def _objection(fact: Fact, matter: Matter, desk: Desk) -> Payload | Undecided:
    """派单异议: a precedent decides it, otherwise the arbitration desk, with the units that may be right."""
    knowledge, p = desk.knowledge, fact.payload
    wrong = address_of(p["unit"], knowledge)
    if desk.case(fact.subject)["returned"] + 1 < MEETING:
        ruled = _ruled_before(_precedent(matter, wrong, knowledge), matter, knowledge)
        if ruled:
            return ruled
    name = knowledge.units[p["unit"]].name if p["unit"] in knowledge.units else p["unit"]
    clause = f"（{p['clause']}）" if p.get("clause") else ""
    why = f"{p['unit']} has returned this case / {name} 退单{clause}：{p['reason']}"
    return Undecided("returned", why, wrong, _suggestions(p, matter, knowledge))


def _suggestions(p: Mapping[str, Any], matter: Matter, knowledge: Knowledge) -> tuple[Payload, ...]:
    """建议承办单位: the next rows that would match, then the unit that the objector suggests; each unit once."""
    found: dict[str, Payload] = {}
    owner = owner_of(matter.asset, knowledge) if matter.asset else None
    if matter.asset and owner and owner not in matter.returned:
        found[owner] = {"unit": owner, "by": "owner", "why": f"the owner / 部件 {matter.asset.code} 的权属单位"}
    for option in options(matter, knowledge):
        if option.host:
            why = f"the next duty that matches / 下一匹配条目 {option.duty.code}"
            found.setdefault(option.host, {"unit": option.host, "by": "list", "duty": option.duty.code, "why": why})
    suggested = p.get("suggested")
    kept = list(found.values())[: SUGGESTED - 1] if suggested else list(found.values())[:SUGGESTED]
    if suggested and suggested not in {one["unit"] for one in kept}:
        kept.append({"unit": suggested, "by": "objector", "why": "the objector suggests it / 退单单位建议"})
    return tuple(kept)
