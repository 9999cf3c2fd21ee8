"""预填 which value a form shows before anybody asks: source, then last verified, then what a worker wrote. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zhongshu.data.elements.shapes import Book, Field
from zhongshu.data.elements.terms import KEEPS

SOURCE, VERIFIED, ENTRY, RECORD = "source", "verified", "entry", "record"
ORDER = {SOURCE: 0, VERIFIED: 1, ENTRY: 2, RECORD: 3}
"""Whose word counts first (domain.md §3.6); last what a department told that is no source of truth for it."""
GLANCE = 1.0
"""Seconds to look at a value that is filled in already (a default of the project, no standard)."""


@dataclass(frozen=True, slots=True)
class Value:
    """值 of one element of one subject, with where it comes from and of which day it tells."""

    element: str
    value: str
    kind: str
    source: str
    """Data set of a source; form of an entry."""
    as_of: date
    by: int = 0
    """Person who wrote or verified it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """一格: a field of a form as a worker sees it. `asked` when it has to be asked: `why` empty | old; else ""."""

    field: Field
    account: str
    value: Value | None
    age: int
    why: str

    @property
    def asked(self) -> bool:
        return bool(self.why)


def best(values: Iterable[Value], book: Book) -> dict[str, Value]:
    """Element (by the one it is known as) -> the value that counts: the best kind, of these the newest."""
    found: dict[str, Value] = {}
    for value in values:
        meant = book.one(value.element)
        held = found.get(meant)
        if held is None or _rank(value) < _rank(held):
            found[meant] = value
    return found


def _rank(value: Value) -> tuple[int, int]:
    return ORDER[value.kind], -value.as_of.toordinal()


def shown(fields: Sequence[tuple[Field, str]], values: Mapping[str, Value], book: Book, day: date) -> list[Shown]:
    """Every field with its value of `best`, each with the form on whose account it is shown (deciding.asks).

    One that is missing, or older than its element's cycle, is asked. A source that is late isn't asked of the worker:
    it is the source's to be in time, unless the form is the one that its unit collects by (牵头收集).
    """
    return [_shown(field, account, values.get(book.one(field.element)), book, day) for field, account in fields]


def _shown(field: Field, account: str, value: Value | None, book: Book, day: date) -> Shown:
    if value is None:
        return Shown(field, account, None, 0, "empty")
    age = max(0, (day - value.as_of).days)
    element, form = book.elements.get(field.element), book.forms.get(account)
    leads = element is not None and form is not None and element.unit == form.asker
    old = (leads or value.kind != SOURCE) and age > KEEPS[element.cycle if element else "once"]
    return Shown(field, account, value, age, "old" if old else "")


def seconds(fields: Iterable[Shown], book: Book) -> float:
    """Time to fill one view: what is asked, and a glance at what is there already."""
    return sum(book.seconds(one.field.element) if one.asked else GLANCE for one in fields)
