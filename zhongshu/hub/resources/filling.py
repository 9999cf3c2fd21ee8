"""一表通 filling a form: the profile of a subject seen through the form, only what is missing or old asked, once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from zhongshu.data.databases import ROAD
from zhongshu.data.elements import deciding, inventory, prefill, values
from zhongshu.data.elements.prefill import ENTRY, SOURCE, VERIFIED, Shown
from zhongshu.data.elements.shapes import Book, Element, Form
from zhongshu.hub import runner
from zhongshu.hub.desk import LiveDesk
from zhongshu.hub.resources import proceedings, training
from zhongshu.hub.resources.forms import today
from zhongshu.hub.resources.proceedings import MakeDesk
from zhongshu.hub.sense.normalise import clean
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind

CORRECTION = "correction"
"""Family of proceedings that a correction is."""
LONGEST = 500
"""Characters of one value."""
PHONE = re.compile(r"\+?\d[\d-]{5,19}")
CREDIT = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
IDENTITY = re.compile(r"\d{17}[\dX]|[A-Z]{1,2}\d{6,10}")


@dataclass(frozen=True, slots=True)
class Whom:
    """对象: one subject of a register by its id; of a place, the code of the grid, with id 0."""

    subject: str
    entity: int
    place: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """表单视图: a form as it stands for one subject on one day."""

    form: Form
    whom: Whom
    fields: tuple[Shown, ...]
    book: Book
    day: date

    @property
    def asked(self) -> list[Shown]:
        return [one for one in self.fields if one.asked]

    @property
    def seconds(self) -> float:
        return prefill.seconds(self.fields, self.book)

    @property
    def bare(self) -> float:
        """Seconds if nothing were filled in."""
        return sum(self.book.seconds(one.field.element) for one in self.fields)

    def locked(self, one: Shown) -> bool:
        """Whether a value is a source's, so that it is corrected there and not written over."""
        leads = self.book.given_to(one.field.element, self.book.forms[one.account].asker) is None
        return one.value is not None and one.value.kind == SOURCE and not leads


def _asked_form(book: Book, code: str, day: date) -> Form:
    form = book.forms.get(code)
    if form is None:
        raise NotFound(f"there is no form {code!r} / 没有这张表单")
    if not form.asked_on(day):
        raise IllegalMove(f"{code} is not asked any more / “{form.name}”已停用或到期，无须填报")
    return form


def _there(viewer: Viewer, whom: Whom, form: Form) -> Whom:
    """The subject with its place. NotFound where this viewer may not see it."""
    if whom.subject == form.subject == "place" and values.grid_of(viewer, whom.place):
        return Whom("place", 0, whom.place)
    place = None
    if whom.subject == form.subject and whom.subject in values.NUMBERED:
        place = values.place_of(viewer, whom.subject, whom.entity)
    if place is None:
        raise NotFound(f"there is no such {form.subject} here / 没有这个填报对象，或不在您的范围内")
    return Whom(whom.subject, whom.entity, place)


def views(book: Book, form: Form, whose: Sequence[Whom], day: date) -> list[View]:
    """One form for many subjects of one kind at once, as whoever fills it would see them; logs nothing."""
    fields = deciding.asks(form, book, deciding.carried(book))
    sources = {code: one.source for code, one in book.elements.items()}
    found = []
    for place in sorted({whom.place for whom in whose if whom.subject == "place"}) or [""]:
        ids = [whom.entity for whom in whose if not place or whom.place == place]
        known = values.read(form.subject, ids, sources, place)
        held = {entity: prefill.best(rows, book) for entity, rows in known.items()}
        found += [
            View(form, whom, tuple(prefill.shown(fields, held[whom.entity], book, day)), book, day)
            for whom in whose
            if not place or whom.place == place
        ]
    return found


def open_view(viewer: Viewer, code: str, whom: Whom, now: datetime) -> View:
    """A worker opens a form for one subject; that he read it is logged. Raises NotFound or IllegalMove."""
    book, day = inventory.book(), today(now)
    form = _asked_form(book, code, day)
    there = _there(viewer, whom, form)
    view = views(book, form, [there], day)[0]
    personal = [one.field.element for one in view.fields if one.value and _is_personal(book, one)]
    if personal and there.entity:
        with transaction.atomic(using=ROAD):
            values.opened(viewer, there.subject, there.entity, personal, f"一表通 {form.name}")
    return view


def _is_personal(book: Book, one: Shown) -> bool:
    element = book.elements.get(one.field.element)
    return element is not None and element.personal


def fill(make_desk: MakeDesk, viewer: Viewer, code: str, whom: Whom, given: Mapping[str, str]) -> Fact:
    """填报: `given` holds the elements that were asked or changed. Raises NotFound, IllegalMove or BadInput.

    A value that stays as it was is verified, another one is an entry; what a source holds is corrected at the source.
    The values are kept once for all forms, outside the ledger; the fact says how much there was to do.
    """
    with transaction.atomic(using=ROAD):
        desk = make_desk()
        book, day = inventory.book(), today(desk.now())
        form = _asked_form(book, code, day)
        training.gate(viewer, code, desk.knowledge, desk.now())
        there = _there(viewer, whom, form)
        view = views(book, form, [there], day)[0]
        told = _told(view, given)
        missing = [one.field.name for one in view.asked if one.value is None and one.field.element not in told]
        if missing:
            raise BadInput(f"{missing[0]}: has to be filled / 请填写：{'、'.join(missing)}")
        values.keep(viewer, values.Written(there.subject, there.entity, there.place, code, told), day)
        fact = _fact(viewer, view, told, desk)
        runner.submit([fact], desk)
    return fact


def _told(view: View, given: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Element (by the one it is known as) -> (kind, value) of what a worker wrote; each value fits its type."""
    by_element = {one.field.element: one for one in view.fields}
    found: dict[str, tuple[str, str]] = {}
    lists = inventory.lists()
    for code, text in given.items():
        one = by_element.get(code)
        if one is None:
            raise BadInput(f"{clean(code, 40)}: this form asks no such element / 表单没有这一项")
        value = clean(text, LONGEST)
        if not value:
            continue
        if view.locked(one) and one.value and one.value.value != value:
            raise IllegalMove(f"{code}: is corrected at its source / “{one.field.name}”来自数源，请提交纠错")
        _fits(view.book.elements[code], one.field.name, value, lists)
        kept = one.value is not None and one.value.value == value
        if kept and not one.asked:
            continue
        found[view.book.one(code)] = (VERIFIED if kept else ENTRY, value)
    return found


def _fits(element: Element, name: str, value: str, lists: Mapping[str, Mapping[str, str]]) -> None:
    """BadInput when a value is none of its element's type."""
    checks: Mapping[str, Callable[[], bool]] = {
        "code": lambda: value in lists.get(element.codes, {}),
        "date": lambda: _date(value),
        "integer": value.isdecimal,
        "number": lambda: re.fullmatch(r"-?\d+(\.\d+)?", value) is not None,
        "phone": lambda: PHONE.fullmatch(value) is not None,
        "identity": lambda: IDENTITY.fullmatch(value.upper()) is not None,
        "credit_code": lambda: CREDIT.fullmatch(value.upper()) is not None,
    }
    check = checks.get(element.type)
    if check and not check():
        raise BadInput(f"{element.code}: found {value!r}, expected {element.type} / “{name}”填写的“{value}”不合格式")


def _date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _fact(viewer: Viewer, view: View, told: Mapping[str, tuple[str, str]], desk: LiveDesk) -> Fact:
    shown = view.fields
    seconds = view.seconds + sum(
        view.book.seconds(one.field.element)
        for one in shown
        if not one.asked and view.book.one(one.field.element) in told
    )
    payload: dict[str, Any] = {
        "form": view.form.code,
        "kind": view.whom.subject,
        "entity": view.whom.entity,
        "unit": viewer.unit,
        "by": viewer.user,
        "shown": len(shown),
        "filled": sum(one.value is not None for one in shown),
        "asked": len(view.asked),
        "changed": sum(kind == ENTRY for kind, _ in told.values()),
        "seconds": round(seconds, 1),
        "bare": round(view.bare, 1),
    }
    number, place = desk.new_id(), view.whom.place
    return Fact(number, Kind.FORM_FILLED, number, desk.now(), None, viewer.post, place, payload=payload)


def correct(make_desk: MakeDesk, viewer: Viewer, element: str, whom: Whom, said: tuple[str, str]) -> Fact:
    """纠错: a ticket to the source of an element about one subject; `said` is what it should be, and why.

    The ticket names the row of the register; what it should be stands beside the source's value as this worker's
    entry, for personal data stay out of the ledger. Raises BadInput, NotFound or as proceedings.begin does.
    """
    expected, reason = clean(said[0], LONGEST), clean(said[1], LONGEST)
    with transaction.atomic(using=ROAD):
        desk = make_desk()
        book = inventory.book()
        found = book.source(element)
        if found is None:
            raise BadInput(f"{element}: no source holds it, write it in the form / 这一项没有数源，请直接填写")
        if whom.subject not in values.NUMBERED or values.place_of(viewer, whom.subject, whom.entity) is None:
            raise NotFound(f"there is no such {whom.subject} here / 没有这个对象，或不在您的范围内")
        _fits(found, found.name, expected, inventory.lists())
        record = values.record_of(whom.subject, whom.entity, found.source, found.code)
        if record is None:
            raise BadInput(f"{element}: {found.source} has no record of this subject / 数源没有这个对象的记录")
        key, item = record
        place = values.place_of(viewer, whom.subject, whom.entity) or ""
        told = {book.one(element): (ENTRY, expected)}
        values.keep(viewer, values.Written(whom.subject, whom.entity, place, CORRECTION, told), today(desk.now()))
        return proceedings.begin(
            make_desk, viewer, CORRECTION, {"item": item, "text": reason}, f"record:{found.source}/{key}"
        )
