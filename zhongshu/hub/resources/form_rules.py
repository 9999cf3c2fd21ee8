"""表单的事项规则 what forms add to proceedings: cleaning up a form, admitting a new one, elements of one meaning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhongshu.data.elements import gate, inventory
from zhongshu.data.elements.shapes import Book, Field, Form
from zhongshu.data.elements.terms import CYCLES, LEVELS, SUBJECTS
from zhongshu.hub.resources.moves import EVERYBODY, About, Looked, Rules
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import BadInput, NotFound

FAULTS: Mapping[str, tuple[str, str]] = {
    "no_basis": ("it has no legal basis", "没有法律法规依据"),
    "no_sunset": ("it has no last day", "没有退出日期"),
    "past": ("its last day has passed", "退出日期已过"),
    "too_long": ("it may be admitted for two years at most", "准入期最长两年"),
    "nothing_left": ("nothing is left to ask", "没有需要基层采集的项：全部可由数源或已有表单取得"),
}
"""Why the gate stays shut, in two languages."""


def form_of(subject: str) -> str:
    return subject.partition(":")[2]


def _form(subject: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    found = inventory.book().forms.get(form_of(subject))
    if found is None:
        raise NotFound(f"there is no form {form_of(subject)!r} / 没有这张表单")
    return About(found.name, (found.asker,), EVERYBODY)


def _once(looked: Looked) -> str:
    """A form is looked at in one proceeding at a time."""
    code = form_of(looked.row["subject"])
    return f"{code} is under review already / 这张表单已在审议中" if code in inventory.reviews() else ""


def _above(looked: Looked) -> str:
    """A data bureau decides about forms of units within its own place."""
    asker = looked.knowledge.units.get(looked.row["providers"][0])
    if asker and not looked.viewer.span.holds(asker.place):
        return "this form is asked by a unit above this bureau / 表单由上级单位下发，应由同级数据管理部门决定"
    return ""


def _into(looked: Looked) -> str:
    code, into = form_of(looked.row["subject"]), looked.given["into"]
    book, today = inventory.book(), looked.now.astimezone(CITY_TIME).date()
    host = book.forms.get(into)
    if host is None or not host.asked_on(today) or into == code:
        return f"into: {into} is no form that is asked / “{into}”不是在用的另一张表单"
    if host.subject != book.forms[code].subject:
        return f"into: {into} is about another kind of subject / “{into}”填报的对象不同"
    return _above(looked)


def proposed(given: Mapping[str, Any], asker: str, code: str, book: Book) -> Form:
    """The form that an application describes. BadInput names the field that is odd."""
    for name, known in (("about", SUBJECTS), ("cycle", CYCLES), ("level", LEVELS)):
        if given.get(name) not in known:
            raise BadInput(
                f"{name}: found {given.get(name)!r}, expected one of {', '.join(known)} / “{name}”不是可选的值"
            )
    names = {one: book.elements[one].name for one in given["elements"] if one in book.elements}
    return Form(
        code,
        given["title"],
        asker,
        given["about"],
        given["cycle"],
        float(given["per_hundred"]),
        tuple(Field(f"{n:02d}", names.get(one, one), one) for n, one in enumerate(given["elements"], 1)),
        level=given["level"],
        basis=given.get("basis", ""),
        until=date.fromisoformat(given["until"]) if given.get("until") else None,
        return_promise=given.get("return_promise", ""),
    )


def _new(subject: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    if not form_of(subject) or form_of(subject) in inventory.book().forms:
        raise BadInput("subject: expected form: and a code that no form has yet / 表单代码已被使用")
    return About(given["title"], place=EVERYBODY)


def refusals(answer: gate.Answer, book: Book, knowledge: Knowledge) -> list[str]:
    """Each refused element with where it can be got, in words."""
    return [_refusal(item, book, knowledge) for item in answer.refused]


def _refusal(item: gate.Item, book: Book, knowledge: Knowledge) -> str:
    element = book.elements.get(item.element)
    name = element.name if element else item.element
    unit = knowledge.units.get(item.unit)
    keeper = unit.name if unit else item.unit
    if item.verdict == "served":
        return f"{name}：由{keeper}的数源“{item.where}”共享"
    if item.verdict == "asked":
        return f"{name}：“{book.forms[item.where].name}”（{keeper}）已采集"
    return f"{name}：不是这类对象的数据元"


def _passes(given: Mapping[str, Any], asker: str, looked: Looked) -> str:
    book = inventory.book()
    form = proposed(given, asker, form_of(looked.row["subject"]), book)
    found = gate.answer(form, book, looked.now.astimezone(CITY_TIME).date())
    if found.faults:
        english, chinese = FAULTS[found.faults[0]]
        return f"the gate stays shut: {english} / 不予受理：{chinese}"
    if found.refused:
        said = "；".join(refusals(found, book, looked.knowledge))
        return f"{found.refused[0].element} can be got without asking / 不得重复采集：{said}"
    return ""


def _apply(looked: Looked) -> str:
    return _passes(looked.given, looked.viewer.unit, looked)


def _admit(looked: Looked) -> str:
    """The gate again: a source may have come since."""
    return _passes(looked.row["given"], looked.row["asker"], looked)


def _until(looked: Looked) -> dict[str, Any]:
    """The last day that was asked for, from which the clock counts."""
    return {"until": looked.row["given"]["until"]}


def _pair(subject: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    book, pair = inventory.book(), form_of(subject)
    if not inventory.known_pair(book, pair):
        raise NotFound(f"there is no such pair {pair!r} / 没有这对数据元")
    first, second = (book.elements[code].name for code in pair.split("|"))
    return About(f"{first} = {second}", place=EVERYBODY)


def _verdict(looked: Looked) -> str:
    known = (inventory.JOINED, inventory.PARTED)
    if looked.given["verdict"] not in known:
        return f"verdict: expected one of {', '.join(known)} / 认定只能是同义或不同"
    return ""


RULES: Mapping[str, Rules] = {
    "form": Rules(_form, {"review": _once, "keep": _above, "stop": _above, "serve": _above, "merge": _into}),
    "admission": Rules(_new, {"apply": _apply, "admit": _admit}, {"admit": _until}),
    "same": Rules(_pair, {"settle": _verdict}),
}
