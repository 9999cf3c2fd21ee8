"""表单清理与准入 forms through the hub: what overlaps, what a decision would spare, deciding, applying, admitting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from zhongshu.data.databases import ROAD
from zhongshu.data.elements import deciding, gate, inventory, overlap
from zhongshu.data.elements.matching import pair_key
from zhongshu.data.elements.shapes import KEPT, MERGED, SERVED, STOPPED, Book
from zhongshu.hub.resources import proceedings
from zhongshu.hub.resources.form_rules import proposed, refusals
from zhongshu.hub.resources.proceedings import MakeDesk
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.facts import Fact

MOVES = {KEPT: "keep", STOPPED: "stop", MERGED: "merge", SERVED: "serve"}
"""Decision -> the move that is it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """清单全貌 on one day: what overlaps, advice and burden (minutes of a worker for 100 households) by form."""

    book: Book
    day: date
    overlap: overlap.Overlap
    advice: Mapping[str, deciding.Advice]
    burden: Mapping[str, float]

    @property
    def minutes(self) -> float:
        return sum(self.burden.values())


def today(now: datetime) -> date:
    return now.astimezone(CITY_TIME).date()


def picture(now: datetime) -> Picture:
    """Everything about the forms that are asked today."""
    book, day = inventory.book(), today(now)
    found = overlap.overlaps(book, day)
    advice = {one.form: one for one in deciding.advise(book, found, day)}
    return Picture(book, day, found, advice, deciding.burden(book, day))


def preview(seen: Picture, decisions: Mapping[str, deciding.Decision]) -> deciding.Effect:
    """预演: what these decisions would spare, before anybody takes them. BadInput for a form that isn't asked."""
    for code, (decision, into) in decisions.items():
        form = seen.book.forms.get(code)
        if form is None or not form.asked_on(seen.day):
            raise BadInput(f"forms: {code} is not asked / “{code}”不是在用的表单")
        if decision not in MOVES:
            raise BadInput(f"decision: found {decision!r}, expected one of {', '.join(MOVES)} / 处理意见不对")
        host = seen.book.forms.get(into)
        if decision == MERGED and (host is None or into == code or host.subject != form.subject):
            raise BadInput(f"into: {into!r} is no other form of this kind / 请指明并入哪张同类表单")
    return deciding.effect(seen.book, decisions, seen.day)


def decide(make_desk: MakeDesk, viewer: Viewer, decisions: Mapping[str, deciding.Decision], reason: str) -> list[Fact]:
    """去留决定 about one form or several, all or none: each in its own proceeding. Raises as proceedings.act does."""
    found: list[Fact] = []
    with transaction.atomic(using=ROAD):
        # Forms that stay are decided last, for others are merged into them.
        for code, (decision, into) in decisions.items():
            if decision not in MOVES:
                raise BadInput(f"decision: found {decision!r}, expected one of {', '.join(MOVES)} / 处理意见不对")
            held = inventory.reviews().get(code)
            number = held["id"] if held else _reviewed(make_desk, viewer, code)
            given = {"reason": reason, **({"into": into} if decision == MERGED else {})}
            found.append(proceedings.act(make_desk, viewer, number, MOVES[decision], given))
    return found


def _reviewed(make_desk: MakeDesk, viewer: Viewer, code: str) -> int:
    return proceedings.begin(make_desk, viewer, "form", {}, f"form:{code}").subject


@dataclass(frozen=True, slots=True)
class Checked:
    """准入预审: the gate's answer with its refusals in words."""

    answer: gate.Answer
    refusals: list[str]


def check(viewer: Viewer, given: Mapping[str, Any], knowledge: Knowledge, now: datetime) -> Checked:
    """What the gate says at once to a form that is being built; nothing is kept. BadInput as `proposed`."""
    book = inventory.book()
    found = gate.answer(proposed(given, viewer.unit, "", book), book, today(now))
    return Checked(found, refusals(found, book, knowledge))


def apply(make_desk: MakeDesk, viewer: Viewer, given: Mapping[str, Any]) -> Fact:
    """申请准入 with what may be asked; what the gate refuses is left out and named. Raises as proceedings.begin."""
    with transaction.atomic(using=ROAD):
        desk = make_desk()
        found = check(viewer, given, desk.knowledge, desk.now())
        told = {name: value for name, value in given.items() if name != "refused"}
        told["elements"] = list(found.answer.allowed) or list(given["elements"])
        if found.refusals and found.answer.allowed:
            told["refused"] = "；".join(found.refusals)
        return proceedings.begin(make_desk, viewer, "admission", told, f"form:A{desk.new_id()}")


def settle(make_desk: MakeDesk, viewer: Viewer, pair: tuple[str, str], verdict: str, reason: str = "") -> Fact:
    """同义认定: two elements mean the same (joined), or not (parted)."""
    given = {"verdict": verdict, "reason": reason}
    return proceedings.begin(make_desk, viewer, "same", given, f"pair:{pair_key(*pair)}")
