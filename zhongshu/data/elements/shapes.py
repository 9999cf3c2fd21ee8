"""形状 elements and forms as the algorithms of this package take them. Pure: no table, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from zhongshu.data.elements.terms import FREQUENCY, WORKDAYS

KEPT, STOPPED, MERGED, SERVED = "kept", "stopped", "merged", "served"
GONE = frozenset({STOPPED, MERGED, SERVED})
"""Decisions after which nobody fills the form any more."""


@dataclass(frozen=True, slots=True)
class Element:
    """数据元. `source` is the data set that is its source of truth, kept by `unit`; `seconds` to ask and write it."""

    code: str
    name: str
    definition: str
    type: str
    subject: str
    name_en: str = ""
    codes: str = ""
    source: str = ""
    unit: str = ""
    cycle: str = "once"
    grade: str = "1"
    personal: bool = False
    sensitive: bool = False
    mask: str = "none"
    seconds: float = 8.0
    definition_en: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """表单的项: what the form calls an element."""

    field: str
    name: str
    element: str


@dataclass(frozen=True, slots=True)
class Form:
    """表单: `asker` asks `per_hundred` subjects for each 100 households in every period.

    `state` is what was decided: "" nothing yet, or kept, stopped, merged (`into` another), served (by interface).
    """

    code: str
    name: str
    asker: str
    subject: str
    cycle: str
    per_hundred: float
    fields: tuple[Field, ...]
    name_en: str = ""
    level: str = "community"
    basis: str = ""
    until: date | None = None
    return_promise: str = ""
    state: str = ""
    into: str = ""
    admitted: bool = False
    """Came through the gate, and not with the pack."""

    @property
    def elements(self) -> tuple[str, ...]:
        return tuple(one.element for one in self.fields)

    @property
    def yearly(self) -> float:
        """Times a year that one subject is asked."""
        return FREQUENCY[self.cycle]

    def asked_on(self, day: date) -> bool:
        """Whether anybody has to fill it on that day."""
        return self.state not in GONE and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Book:
    """清单: every element and form in force, and which elements were found to mean the same."""

    elements: Mapping[str, Element]
    forms: Mapping[str, Form]
    same: Mapping[str, str] = field(default_factory=dict)
    """Element -> the one by which all of the same meaning are known; those that stand alone are left out."""

    def one(self, element: str) -> str:
        return self.same.get(element, element)

    def seconds(self, element: str) -> float:
        found = self.elements.get(element)
        return found.seconds if found else Element("", "", "", "", "").seconds

    def source(self, element: str) -> Element | None:
        """The element that a source of truth holds, of those that mean the same; None when nobody holds it."""
        meant = self.one(element)
        found = self.elements.get(meant)
        if found and found.source:
            return found
        alike = (self.elements[code] for code, one in self.same.items() if one == meant and code in self.elements)
        return next((one for one in alike if one.source), None)

    def given_to(self, element: str, asker: str) -> Element | None:
        """The source that could serve an element to whoever asks; None where nobody else holds it."""
        found = self.source(element)
        return found if found and found.unit != asker else None

    def asked(self, day: date) -> list[Form]:
        """Forms that have to be filled on that day, by their codes."""
        return [form for _, form in sorted(self.forms.items()) if form.asked_on(day)]


def minutes(form: Form, elements: Iterable[str], book: Book) -> float:
    """负担 minutes of one worker on one working day, for each 100 households, for some of a form's elements.

    Σ seconds × times a year × subjects, over the working days of a year (domain.md §3.6).
    """
    seconds = sum(book.seconds(element) for element in elements)
    return seconds / 60 * form.yearly * form.per_hundred / WORKDAYS


def same_by(pairs: Iterable[tuple[str, str]], elements: Mapping[str, Element]) -> dict[str, str]:
    """Element -> representative, from pairs that mean the same; one with a source of truth stands for the others."""
    above: dict[str, str] = {}

    def top(code: str) -> str:
        while above.get(code, code) != code:
            code = above[code]
        return code

    for pair in pairs:
        a, b = sorted((top(code) for code in pair), key=lambda code: _order(code, elements))
        above.setdefault(a, a)
        above[b] = a
    return {code: top(code) for code in above if top(code) != code}


def _order(code: str, elements: Mapping[str, Element]) -> tuple[bool, str]:
    found = elements.get(code)
    return (not (found and found.source), code)
