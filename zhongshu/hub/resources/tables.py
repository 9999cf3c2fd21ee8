"""表单成表 what was filled in, as one table for the unit that asked for it: each value once, whose reading is logged.

The ledger keeps the SHA-256 of the file, so that whoever holds one can prove that nothing in it was changed.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from zhongshu.data.databases import ROAD
from zhongshu.data.elements import fills, inventory, values
from zhongshu.data.elements.shapes import Form
from zhongshu.hub import runner
from zhongshu.hub.resources import filling
from zhongshu.hub.resources.filling import View, Whom
from zhongshu.hub.resources.forms import today
from zhongshu.hub.resources.proceedings import MakeDesk
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Role

MOST = 50_000
"""Subjects of one table."""
AT_ONCE = 1_000
TAKERS = frozenset({Role.HANDLER, Role.CHIEF, Role.ARBITER})


def may_take(viewer: Viewer, form: Form) -> bool:
    return viewer.unit == form.asker and bool(viewer.roles & TAKERS)


def take(make_desk: MakeDesk, viewer: Viewer, code: str) -> tuple[bytes, Fact]:
    """The table of a form as CSV (UTF-8 with its mark), and the fact that seals it. Raises NotFound or IllegalMove."""
    book = inventory.book()
    form = book.forms.get(code)
    if form is None:
        raise NotFound(f"there is no form {code!r} / 没有这张表单")
    if not may_take(viewer, form):
        raise IllegalMove("only the unit that asks for a form takes its table / 只有下发单位可以取表")
    desk = make_desk()
    filled = fills.subjects(viewer, code, MOST)
    whose = [Whom(subject, entity, place) for subject, entity, place, _at in filled]
    day = today(desk.now())
    parts = [whose[start : start + AT_ONCE] for start in range(0, len(whose), AT_ONCE)]
    shown = [view for some in parts for view in filling.views(book, form, some, day)]
    content = _written(form, shown, {row[:3]: row[3].isoformat() for row in filled})
    personal = [field.element for field in form.fields if (one := book.elements.get(field.element)) and one.personal]
    seal = hashlib.sha256(content).hexdigest()
    payload: dict[str, Any] = {"form": code, "rows": len(shown), "sha256": seal}
    payload |= {"unit": viewer.unit, "by": viewer.user}
    number = desk.new_id()
    fact = Fact(number, Kind.TABLE_GIVEN, number, desk.now(), None, viewer.post, viewer.place, payload=payload)
    with transaction.atomic(using=ROAD):
        if personal:
            people = [one.entity for one in whose if one.entity]
            values.opened_all(viewer, form.subject, people, personal, f"取表 {form.name}")
        runner.submit([fact], desk)
    return content, fact


def _written(form: Form, shown: Sequence[View], last: dict[tuple[str, int, str], str]) -> bytes:
    """One line a subject: where it is, when it was filled, each value with what kind of source it has."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    heads = [head for field in form.fields for head in (field.name, f"{field.name}·来源")]
    writer.writerow(["网格或社区代码", "填报时间", *heads])
    for view in shown:
        by_field = {one.field.field: one.value for one in view.fields}
        found = [by_field.get(field.field) for field in form.fields]
        told = [text for one in found for text in ((one.value, one.kind) if one else ("", ""))]
        whom = view.whom
        writer.writerow([whom.place, last[whom.subject, whom.entity, whom.place], *map(_plain, told)])
    return file.getvalue().encode("utf-8-sig")


def _plain(text: str) -> str:
    """What people wrote must not run in a spreadsheet."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
