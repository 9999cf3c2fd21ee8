"""准入 the gate for a new form: which of its elements can't be got otherwise, on what ground, and until when. Pure.

《政务数据共享条例》 (国令第809号): what sharing can give may not be collected again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zhongshu.data.elements.shapes import Book, Form, minutes

LONGEST = timedelta(days=731)
"""A form may be admitted for two years, then it has to ask again (a default of the project, no standard)."""


@dataclass(frozen=True, slots=True)
class Item:
    """一项的答复: `verdict` ask | served | asked | strange; `where` the data set or the form that has it."""

    element: str
    verdict: str
    where: str = ""
    unit: str = ""

    @property
    def refused(self) -> bool:
        return self.verdict != "ask"


@dataclass(frozen=True, slots=True)
class Answer:
    """准入答复: every element with its verdict; `faults` are no_basis | no_sunset | past | too_long | nothing_left."""

    items: tuple[Item, ...]
    faults: tuple[str, ...]
    minutes: float
    """Of a worker's day for each 100 households, for what may be asked."""
    spared: float
    """The same for what is refused."""

    @property
    def allowed(self) -> tuple[str, ...]:
        return tuple(item.element for item in self.items if not item.refused)

    @property
    def refused(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.refused)

    @property
    def open(self) -> bool:
        return not self.faults


def answer(form: Form, book: Book, day: date) -> Answer:
    """What the gate says to a form that somebody wants to bring in on that day."""
    others = [one for one in book.asked(day) if one.code != form.code]
    items = tuple(_item(element, form, book, others) for element in dict.fromkeys(form.elements))
    allowed = [item.element for item in items if not item.refused]
    refused = [item.element for item in items if item.refused]
    return Answer(
        items,
        tuple(_faults(form, allowed, day)),
        minutes(form, allowed, book),
        minutes(form, refused, book),
    )


def _item(element: str, form: Form, book: Book, others: Sequence[Form]) -> Item:
    known = book.elements.get(element)
    if known is None or known.subject != form.subject:
        return Item(element, "strange")
    source = book.given_to(element, form.asker)
    if source:
        return Item(element, "served", source.source, source.unit)
    meant = book.one(element)
    for one in others:
        often = one.yearly >= form.yearly and (one.cycle == "once") == (form.cycle == "once")
        if often and one.subject == form.subject and meant in {book.one(code) for code in one.elements}:
            return Item(element, "asked", one.code, one.asker)
    return Item(element, "ask")


def _faults(form: Form, allowed: Sequence[str], day: date) -> list[str]:
    found = [] if form.basis.strip() else ["no_basis"]
    if form.until is None:
        found.append("no_sunset")
    elif form.until < day:
        found.append("past")
    elif form.until > day + LONGEST:
        found.append("too_long")
    return found if allowed else [*found, "nothing_left"]
