"""走访一张表 one form instead of ten: what all forms about one subject still want to know, asked together and once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhongshu.data.databases import ROAD
from zhongshu.data.elements import inventory
from zhongshu.data.elements.prefill import Shown
from zhongshu.data.elements.shapes import Form
from zhongshu.hub.resources import filling
from zhongshu.hub.resources.filling import View, Whom
from zhongshu.hub.resources.forms import today
from zhongshu.hub.resources.proceedings import MakeDesk
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.facts import Fact

Visit = tuple[Whom, Mapping[str, str], Collection[str]]
"""Whom a visit was about, what was said (element -> value), the codes of the chosen forms (none: all)."""


@dataclass(frozen=True, slots=True)
class Round:
    """一次走访: the forms asked today about one subject, each thing to ask with the view it was first asked in, and the
    codes of all forms that ask it."""

    views: tuple[View, ...]
    asked: tuple[tuple[View, Shown, tuple[str, ...]], ...]

    @property
    def seconds(self) -> float:
        """Of the burden formula, for what is asked here once."""
        return sum(view.book.seconds(one.field.element) for view, one, _forms in self.asked)

    @property
    def apart(self) -> float:
        """The same if each form were filled by itself and nothing were known."""
        return sum(view.bare for view in self.views)


def forms_of(subject: str, now: datetime, chosen: Collection[str] = ()) -> list[Form]:
    """The forms asked today about subjects of this kind, those `chosen` when any is. NotFound when there is none.

    Not every form is about everybody: who visits knows which are.
    """
    book = inventory.book()
    found = [form for form in book.asked(today(now)) if form.subject == subject and (not chosen or form.code in chosen)]
    if not found:
        raise NotFound(f"no form asks about a {subject!r} today / 今天没有这类对象的表单")
    return found


def opened(viewer: Viewer, whom: Whom, now: datetime, chosen: Collection[str] = ()) -> Round:
    """One subject, all its forms; reading personal values is logged, as in each form. NotFound as filling.open_view."""
    views = tuple(filling.open_view(viewer, form.code, whom, now) for form in forms_of(whom.subject, now, chosen))
    asked: dict[str, tuple[View, Shown]] = {}
    asking: dict[str, list[str]] = {}
    for view in views:
        for one in view.asked:
            known = view.book.one(one.field.element)
            asked.setdefault(known, (view, one))
            asking.setdefault(known, []).append(view.form.code)
    return Round(views, tuple((*asked[known], tuple(codes)) for known, codes in asking.items()))


def fill(
    make_desk: MakeDesk, viewer: Viewer, whom: Whom, given: Mapping[str, str], chosen: Collection[str] = ()
) -> list[Fact]:
    """Every form of the visit filled with what was said once, all or none. Raises as filling.fill does."""
    facts: list[Fact] = []
    with transaction.atomic(using=ROAD):
        for form in forms_of(whom.subject, make_desk().now(), chosen):
            own = {one.element for one in form.fields}
            told = {element: value for element, value in given.items() if element in own}
            facts.append(filling.fill(make_desk, viewer, form.code, whom, told))
    return facts
