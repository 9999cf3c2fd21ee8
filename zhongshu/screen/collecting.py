"""采集的用词 how elements, forms and what is done with them are called on the screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhongshu.data.elements import inventory
from zhongshu.data.elements.prefill import Shown
from zhongshu.data.elements.shapes import Book, Element, Form
from zhongshu.kernel.desk import Knowledge
from zhongshu.screen import naming

SUBJECTS: Mapping[str, Any] = {
    "person": gettext_lazy("人员"),
    "house": gettext_lazy("房屋"),
    "organisation": gettext_lazy("单位"),
    "address": gettext_lazy("地址"),
    "component": gettext_lazy("部件"),
    "event": gettext_lazy("事件"),
    "place": gettext_lazy("网格"),
}
CYCLES: Mapping[str, Any] = {
    "once": gettext_lazy("一次"),
    "day": gettext_lazy("每日"),
    "week": gettext_lazy("每周"),
    "month": gettext_lazy("每月"),
    "quarter": gettext_lazy("每季"),
    "half": gettext_lazy("每半年"),
    "year": gettext_lazy("每年"),
}
LEVELS: Mapping[str, Any] = {
    "city": gettext_lazy("市"),
    "district": gettext_lazy("区"),
    "street": gettext_lazy("镇街"),
    "community": gettext_lazy("社区"),
}
TYPES: Mapping[str, Any] = {
    "text": gettext_lazy("文字"),
    "code": gettext_lazy("代码"),
    "date": gettext_lazy("日期"),
    "integer": gettext_lazy("整数"),
    "number": gettext_lazy("数值"),
    "identity": gettext_lazy("证件号码"),
    "credit_code": gettext_lazy("信用代码"),
    "phone": gettext_lazy("电话"),
    "place": gettext_lazy("区划"),
    "point": gettext_lazy("坐标"),
}
GRADES: Mapping[str, Any] = {
    "1": gettext_lazy("1 级"),
    "2": gettext_lazy("2 级"),
    "3": gettext_lazy("3 级"),
    "4": gettext_lazy("4 级"),
    "important": gettext_lazy("重要"),
    "core": gettext_lazy("核心"),
}
STATES: Mapping[str, tuple[Any, str]] = {
    "": (gettext_lazy("在用"), "info"),
    "kept": (gettext_lazy("保留"), "ok"),
    "stopped": (gettext_lazy("已停用"), ""),
    "merged": (gettext_lazy("已合并"), ""),
    "served": (gettext_lazy("接口供数"), "ok"),
    "past": (gettext_lazy("已到期"), ""),
    "reviewing": (gettext_lazy("待定去留"), "warn"),
}
"""State of a form -> word and tone."""
DECISIONS: Mapping[str, Any] = {
    "kept": gettext_lazy("保留"),
    "stopped": gettext_lazy("停用"),
    "merged": gettext_lazy("合并"),
    "served": gettext_lazy("接口供数"),
}
WHY: Mapping[str, Any] = {
    "no_basis": gettext_lazy("没有法律依据"),
    "overlap": gettext_lazy("与其他表重复"),
    "sourced": gettext_lazy("各项均有数源，可共享取得"),
    "needed": gettext_lazy("有他处取不到的项"),
}
KINDS: Mapping[str, tuple[Any, str]] = {
    "source": (gettext_lazy("数源"), "ok"),
    "verified": (gettext_lazy("已核实"), "info"),
    "entry": (gettext_lazy("基层填写"), ""),
    "record": (gettext_lazy("部门记录"), ""),
}
"""Where a value comes from -> word and tone."""
FAULTS: Mapping[str, Any] = {
    "no_basis": gettext_lazy("没有法律法规依据"),
    "no_sunset": gettext_lazy("没有退出日期"),
    "past": gettext_lazy("退出日期已过"),
    "too_long": gettext_lazy("准入期最长两年"),
    "nothing_left": gettext_lazy("没有需要基层采集的项"),
}
INPUTS = {"date": "date", "integer": "number", "number": "number", "phone": "tel"}
"""Type of an element -> kind of input; a code is chosen, the rest is written."""


def named(one: Element | Form) -> str:
    """Its name in the reader's language."""
    return naming.called(one)


def lists() -> dict[str, dict[str, str]]:
    """Code list -> value -> name in the reader's language."""
    return inventory.lists(english=naming.english())


def element_name(code: str, book: Book) -> str:
    found = book.elements.get(code)
    return named(found) if found else code


def form_name(code: str, book: Book) -> str:
    found = book.forms.get(code)
    return named(found) if found else code


def options(words: Mapping[str, Any], chosen: Sequence[str] = ()) -> list[tuple[str, Any, bool]]:
    """(value, word, whether it is chosen) for a list of choices."""
    return [(value, word, value in chosen) for value, word in words.items()]


def element_row(found: Element, book: Book, uses: Mapping[str, Sequence[str]], knowledge: Knowledge) -> dict[str, Any]:
    """An element as the registry lists it; `uses` are the forms that ask it."""
    meant = book.one(found.code)
    return {
        "code": found.code,
        "name": named(found),
        "definition": naming.said(found.definition, found.definition_en),
        "type_name": TYPES.get(found.type, found.type),
        "subject": found.subject,
        "subject_name": SUBJECTS.get(found.subject, found.subject),
        "cycle_name": CYCLES.get(found.cycle, found.cycle),
        "grade_name": GRADES.get(found.grade, found.grade),
        "source": found.source,
        "unit_name": naming.unit_name(found.unit, knowledge) if found.unit else "",
        "personal": found.personal,
        "sensitive": found.sensitive,
        "seconds": found.seconds,
        "codes": found.codes,
        "forms": len(uses.get(found.code, ())),
        "meant": "" if meant == found.code else meant,
        "meant_name": element_name(meant, book),
    }


def entry(
    one: Shown, element: Element, lists: Mapping[str, Mapping[str, str]], given: Mapping[str, str]
) -> dict[str, Any]:
    """One field as a form asks it: what was `given` before, else the value that is known, with its age."""
    choices = lists.get(element.codes, {})
    return {
        "code": element.code,
        "name": naming.said(one.field.name, element.name_en),
        "definition": naming.said(element.definition, element.definition_en),
        "input": "select" if choices else INPUTS.get(element.type, "text"),
        "options": list(choices.items()),
        "old": one.why == "old",
        "age": age(one.age) if one.value else "",
        "value": given.get(element.code, one.value.value if one.value else ""),
    }


def state_of(form: Form, asked: bool, reviewed: bool) -> tuple[Any, str]:
    if reviewed:
        return STATES["reviewing"]
    if not asked and form.state in ("", "kept"):
        return STATES["past"]
    return STATES[form.state]


def age(days: int) -> str:
    return _("今天") if days == 0 else _("{n} 天前").format(n=days)


def done(last: datetime | None, now: datetime, days: int) -> bool:
    """Whether a form was filled in the period that runs."""
    return last is not None and now - last < timedelta(days=days)
