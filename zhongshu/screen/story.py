"""案情 what a case page tells: where it stands, clocks and requests, why this unit, and what happened, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhongshu.hub.alike import SAID
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.lifecycle import BY_KIND, State
from zhongshu.screen import naming
from zhongshu.screen.templatetags.screen import listed

Found = Mapping[str, Any]
HIDDEN_FACTS = frozenset({Kind.EVALUATED})
_SAID = ("reason", "result", "despite", "sentence", "text", "told", "issue", "minutes", "ruling", "clause", "note")
"""Payload fields with words that a person wrote."""


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def sentence(error: Exception | str | None) -> str:
    """The reader's half of an "English / 中文" sentence."""
    english, slash, chinese = str(error).partition(" / ")
    if not slash:
        return str(error)
    return english if naming.english() else _CODE.sub(_called, chinese)


_CODE = re.compile("“([A-Za-z_]+)”")


def _called(code: re.Match[str]) -> str:
    """A move or a state that the kernel names by its code, as the pages call it."""
    return f"“{naming.FACTS.get(code[1]) or naming.STATES.get(code[1], code[1])}”"


def path(found: Found) -> list[dict[str, Any]]:
    """The steps from 受理 to 归档, each "done", "here", "ahead" or, for a case that was void, "left"."""
    state = found["state"]
    at = next((n for n, (_name, states) in enumerate(naming.PATH) if state in states), None)
    if at is None:
        at = next((n for n, (_name, states) in enumerate(naming.PATH) if "handling" in states), 0)
        return [{"name": name, "look": "done" if n < at and found["host"] else "left"} for n, (name, _s) in _steps()]
    looks = ["done"] * at + ["here"] + ["ahead"] * (len(naming.PATH) - at - 1)
    steps = [{"name": name, "look": look} for (name, _states), look in zip(naming.PATH, looks, strict=True)]
    calling = next(n for n, (_name, states) in enumerate(naming.PATH) if State.CALLING in states)
    if at > calling and not any(one["called"] for one in found["reported"]):
        steps[calling] = {"name": _("无人可回访"), "look": "left"}
    return steps


def _steps() -> list[tuple[int, tuple[Any, tuple[str, ...]]]]:
    return list(enumerate(naming.PATH))


def clocks(found: Found) -> list[dict[str, Any]]:
    """Every clock in words; those that run first, then those that stand still, then those that have stopped."""
    made = [_clock(one) for one in found["clocks"]]
    return sorted(made, key=lambda one: (_LOOKS[one["state"]][0], one["due_at"]))


COUNTS: Mapping[str, str] = {
    "unclear": "accept",
    "verifying": "verify",
    "waiting": "supplement",
    "hung": "review",
    "checking": "check",
    "calling": "call_back",
}
"""State -> the clock that counts in it."""


def standing(rows: Sequence[Found], state: str) -> dict[str, Any]:
    """What a list says of a case that is not being handled just now, from its clocks.

    `ticks` is the running clock that counts in this state, otherwise the one that presses most, or None; `ended` is the
    one that came to its end too late, the last of `late` many, and when there is neither the one that stands still or
    stopped last; None without any.
    """
    made = clocks({"clocks": rows})
    own = naming.CLOCKS.get(COUNTS.get(state, ""))
    ticking = sorted((one for one in made if one["ticking"]), key=lambda one: one["name"] != own)
    late = [one for one in made if one["state"] == "stopped_late"]
    still = [one for one in made if one["state"] == "paused"] or made
    ended = late[-1:] or ([] if ticking else still[-1:])
    return {"ticks": ticking[0] if ticking else None, "ended": ended[0] if ended else None, "late": len(late)}


_LOOKS: Mapping[str, tuple[int, str, str]] = {
    "late": (0, "danger", "alert"),
    "nearly": (1, "warn", "bell"),
    "running": (2, "", "clock"),
    "paused": (3, "warn", "pause"),
    "stopped_late": (4, "danger", "alert"),
    "stopped": (5, "ok", "check"),
}
"""State of a clock -> its order, the tone and the picture of its badge."""


def _clock(one: Found) -> dict[str, Any]:
    due, stopped, paused = moment(one["due_at"]), moment(one["stopped_at"]), moment(one["paused_at"])
    end = stopped or paused or timezone.now()
    late = one["overdue"] or (due is not None and end > due)
    state = ("stopped_late" if late else "stopped") if stopped else "paused" if paused and not late else ""
    state = state or ("late" if late else "nearly" if one["nearly"] else "running")
    words = {
        "late": _("已逾期"),
        "nearly": _("预逾期"),
        "running": _("计时中"),
        "paused": _("停表"),
        "stopped_late": _("逾期完成"),
        "stopped": _("按时完成"),
    }
    return {
        "name": naming.CLOCKS.get(one["name"], one["name"]),
        "due_at": due,
        "stopped_at": stopped,
        "paused_at": paused,
        "limit_text": naming.limit_text(one["minutes"], one["calendar"]),
        "state": state,
        "word": words[state],
        "tone": _LOOKS[state][1],
        "picture": _LOOKS[state][2],
        "ticking": state in ("late", "nearly", "running"),
    }


def counters(found: Found) -> list[tuple[Any, int]]:
    """What happened to it how often, the noughts left out."""
    return [(name, found[column]) for column, name in naming.COUNTERS.items() if found.get(column)]


def requests(found: Found, offered: Sequence[Found], knowledge: Knowledge) -> list[dict[str, Any]]:
    """What somebody asked for and nobody has answered, with the buttons that this viewer may answer with."""
    return [
        {
            "name": naming.FACTS.get(one["kind"], one["kind"]),
            "unit": naming.unit_name(one["unit"], knowledge),
            "at": moment(one["at"]),
            "lines": words(one["kind"], one["asked"], knowledge).split("\n"),
            "buttons": [button for button in offered if button["answers"] == one["kind"]],
        }
        for one in found["requests"]
    ]


def duty(found: Found, knowledge: Knowledge) -> dict[str, Any] | None:
    """Why this unit: from the fact that decided, so that it stays true when the rules change."""
    decided = [fact for fact in found["timeline"] if fact["kind"] in (Kind.DECIDED, Kind.RULED)]
    if not decided or not found["host"]:
        return None
    p = decided[-1]["payload"]
    ruled = decided[-1]["kind"] == Kind.RULED
    return {
        "code": p.get("duty", "") or "—",
        "basis": (p.get("basis") or p.get("reason", "")) if ruled else p.get("basis", ""),
        "list_kind": _("裁定") if ruled else naming.LIST_KINDS.get(p.get("list_kind", ""), ""),
        "route": "" if ruled else naming.ROUTES.get(p.get("route", ""), p.get("route", "")),
        "reasons": [sentence(said) for said in p.get("reasons", ())] if not ruled else [],
        "host": naming.unit_name(found["host"], knowledge),
        "assists": [naming.unit_name(unit, knowledge) for unit in found["assists"]],
        "condition": p.get("matched", {}).get("condition", ""),
        "contact": naming.unit_name(found["contact_unit"], knowledge),
        "forbid_return": found["forbid_return"],
        "nature": naming.NATURES.get(found["nature"], ""),
    }


def grounds() -> dict[str, str]:
    """Grounds of urgency as facts keep them -> in the reader's language, where the pack has them."""
    from zhongshu.data import pack_rows  # its models want Django set up, which who only reads a timeline has not

    return pack_rows.grounds_in_english() if naming.english() else {}


def needs(found: Found) -> list[tuple[str, str, int]]:
    """Why it is urgent: word, ground and by how much each raised, of the first report and of those merged later."""
    told = grounds()
    said = [
        (why[0], told.get(why[1], why[1]), int(why[2]) if len(why) > 2 else 0)
        for fact in found["timeline"]
        for why in fact["payload"].get("needs", ())
        if fact["kind"] in (Kind.JUDGED, Kind.UNCLEAR, Kind.MERGED)
    ]
    return list(dict.fromkeys(said))


def photos(found: Found, address: str) -> tuple[list[dict[str, Any]], dict[int, list[dict[str, Any]]]]:
    """Photos of the reporters, and those of each fact that brought some, by the fact's id."""
    shown = {
        one["id"]: {
            "url": f"{address}/photos/{one['id']}",
            "sound": str(one.get("mime", "")).startswith("audio/"),
        }
        for one in found["photos"]
    }
    by_fact = {
        fact["id"]: [shown[one] for one in fact["payload"]["photos"] if one in shown]
        for fact in found["timeline"]
        if fact["kind"] in BY_KIND and fact["payload"].get("photos")
    }
    brought = {one["url"] for several in by_fact.values() for one in several}
    return [one for one in shown.values() if one["url"] not in brought], by_fact


def steps(found: Found, knowledge: Knowledge, pictures: Mapping[int, Any]) -> list[dict[str, Any]]:
    """What happened, in order."""
    told = [fact for fact in found["timeline"] if fact["kind"] not in HIDDEN_FACTS]
    return [{**_step(fact, knowledge), "photos": pictures.get(fact["id"], [])} for fact in told]


def _step(fact: Found, knowledge: Knowledge) -> dict[str, Any]:
    p = fact["payload"]
    # A fact may point at another unit than the one that did it: the post says who it was.
    unit = p.get("by_unit") or p.get("unit", "")
    return {
        "at": moment(fact["at"]),
        "kind_name": naming.FACTS.get(fact["kind"], fact["kind"]),
        "actor_name": naming.actor_name(fact["actor"], unit, knowledge),
        "substitute": bool(p.get("rota")),
        "text": words(fact["kind"], p, knowledge),
        "versions": "  ".join(f"{name} {said}" for name, said in fact["versions"].items()),
    }


def words(kind: str, p: Found, knowledge: Knowledge) -> str:
    """What a fact says in one line or a few."""
    said = [sentence(p[name]) for name in _SAID if _says(kind, p, name)]
    said[:0] = [str(part) for part in (*_named(kind, p, knowledge), *_measured(kind, p))]
    return "\n".join(part for part in said if part)


def _named(kind: str, p: Found, knowledge: Knowledge) -> list[Any]:
    """Codes of a payload by their names."""
    found: list[Any] = []
    if kind in (Kind.JUDGED, Kind.CLASSIFIED, Kind.UNCLEAR) and p.get("category"):
        found.append(naming.category_name(p["category"], knowledge))
    if kind in (Kind.DECIDED, Kind.RULED, Kind.DISPATCHED) and p.get("host"):
        found.append(naming.unit_name(p["host"], knowledge))
    if p.get("reason_code"):
        found.append(_code(kind, p["reason_code"]))
    if kind == Kind.CALLED_BACK:
        found.append(_call(p))
    if kind in (Kind.OVERDUE, Kind.NEARLY_OVERDUE, Kind.ESCALATED):
        found.append(naming.CLOCKS.get(p.get("clock", ""), ""))
    return [*found, *_units(kind, p, knowledge)]


def _units(kind: str, p: Found, knowledge: Knowledge) -> list[str]:
    found = [listed(naming.unit_name(unit, knowledge) for unit in p.get("units") or p.get("attendees") or ())]
    if p.get("suggested"):
        found.append(_("建议由 {unit} 承办").format(unit=naming.unit_name(p["suggested"], knowledge)))
    if kind in (Kind.OVERDUE, Kind.NEARLY_OVERDUE, Kind.ESCALATED, Kind.VERIFY_ASKED):
        found.append(naming.unit_name(p.get("unit", ""), knowledge))
    return found


def _code(kind: str, code: str) -> Any:
    """A granted request repeats what was asked: its codes are those of the request."""
    move = BY_KIND.get(kind)
    asked = move.answers if move and move.answers else kind
    return naming.CODES.get(asked, {}).get(code, code)


def _call(p: Found) -> str:
    said = [_("已联系") if p.get("contacted") else _("未联系到")]
    said += [{True: _("已解决"), False: _("没有解决")}[p["solved"]]] if p.get("solved") is not None else []
    said += [_("满意度 {n}/5").format(n=p["satisfaction"])] if p.get("satisfaction") else []
    return listed(said)


def _measured(kind: str, p: Found) -> list[str]:
    """Minutes, dates and people of a payload."""
    found = []
    if p.get("extra_minutes"):
        found.append(_("延长 {n} 个工作小时").format(n=f"{p['extra_minutes'] / 60:.3g}"))
    if p.get("answer_minutes"):
        found.append(_("{n} 小时内答复").format(n=f"{p['answer_minutes'] / 60:.3g}"))
    if p.get("owner"):
        found.append(_("责任人 {name}").format(name=p["owner"]))
    if p.get("review_on"):
        found.append(_("{day} 复查").format(day=p["review_on"]))
    if kind == Kind.MERGED and any(ground[0] == SAID for ground in p.get("reasons", ())):
        found.append(_("反映人自己说是同一件事"))
    if p.get("reply"):
        found.append(_("答复评分 {share}").format(share=f"{p['reply']['total']:.0%}"))
    if "upheld" in p:
        found.append(_("剔除成立") if p["upheld"] else _("剔除不成立，重新计入"))
    return found


def _says(kind: str, p: Found, name: str) -> bool:
    """A judged case repeats the report's text in its payload: it is on the page already."""
    return isinstance(p.get(name), str) and not (name == "text" and kind in (Kind.JUDGED, Kind.UNCLEAR, Kind.WARNED))
