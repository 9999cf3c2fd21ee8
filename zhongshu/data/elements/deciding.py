"""清理表单 what to do with each form, and what a decision would spare tomorrow before anybody takes it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from zhongshu.data.elements.overlap import Overlap
from zhongshu.data.elements.shapes import KEPT, MERGED, SERVED, STOPPED, Book, Field, Form, minutes

Decision = tuple[str, str]
"""(kept | stopped | merged | served, the form it is merged into or "")."""


@dataclass(frozen=True, slots=True)
class Advice:
    """建议: what the figures speak for; a person decides."""

    form: str
    decision: str
    into: str = ""
    why: str = ""
    """no_basis | overlap | sourced | lapsed | needed."""


@dataclass(frozen=True, slots=True)
class Effect:
    """效果 of decisions, in a worker's minutes a day for each 100 households.

    `lost` are elements that nobody would ask any more and no source holds; `moved` how many fields go to other forms.
    """

    before: float
    after: float
    lost: tuple[str, ...]
    moved: int

    @property
    def saved(self) -> float:
        return self.before - self.after


def advise(book: Book, found: Overlap, day: date) -> list[Advice]:
    """One advice for each form that is asked: merge what overlaps, serve what others hold, stop what has no ground.

    The form that carries a group stays. What only one form asks stays in the form it is merged into.
    """
    lead = {form: group.forms[0] for group in found.groups for form in group.forms[1:]}
    leaders = {group.forms[0] for group in found.groups}
    return [_advice(form, lead.get(form.code, ""), form.code in leaders, book) for form in book.asked(day)]


def _advice(form: Form, lead: str, leads: bool, book: Book) -> Advice:
    own = [code for code in form.elements if book.given_to(code, form.asker) is None]
    if lead:
        return Advice(form.code, MERGED if own else SERVED, lead if own else "", "overlap")
    if leads:
        return Advice(form.code, KEPT, "", "overlap")
    if not own:
        return Advice(form.code, SERVED, "", "sourced")
    if not form.basis:
        return Advice(form.code, STOPPED, "", "no_basis")
    return Advice(form.code, KEPT, "", "needed")


def decided(book: Book, decisions: Mapping[str, Decision]) -> Book:
    """The book as it would be after these decisions; what a merged form asks alone goes into the other one's fields."""
    forms = dict(book.forms)
    for code, (state, into) in decisions.items():
        if code in forms:
            forms[code] = replace(forms[code], state=state, into=into)
    return replace(book, forms=forms)


def carried(book: Book) -> dict[str, tuple[tuple[str, str], ...]]:
    """Form -> (merged form, element) that it carries for others, because it didn't ask that itself."""
    found: dict[str, list[tuple[str, str]]] = {}
    for _, form in sorted(book.forms.items()):
        host = _host(form, book)
        if host is None:
            continue
        held = found.setdefault(host.code, [])
        known = {book.one(code) for code in host.elements} | {book.one(code) for _, code in held}
        held += [(form.code, code) for code in form.elements if book.one(code) not in known]
    return {host: tuple(held) for host, held in found.items() if held}


def _host(form: Form, book: Book) -> Form | None:
    """The form that stands where this one was merged, after any further merges."""
    seen = {form.code}
    while form.state == MERGED and form.into in book.forms and form.into not in seen:
        form = book.forms[form.into]
        seen.add(form.code)
    return form if len(seen) > 1 and form.state not in (STOPPED, SERVED, MERGED) else None


def asks(form: Form, book: Book, extra: Mapping[str, Sequence[tuple[str, str]]]) -> list[tuple[Field, str]]:
    """Every field of a form with the form on whose account it is asked: its own, then those it carries for others."""
    own = [(field, form.code) for field in form.fields]
    names = {(code, field.element): field for code, one in book.forms.items() for field in one.fields}
    return own + [(names[other, element], other) for other, element in extra.get(form.code, ())]


def burden(book: Book, day: date) -> dict[str, float]:
    """Form -> minutes of a worker's day for each 100 households.

    What a form carries for merged ones is counted as its own: its view asks that of every subject.
    """
    extra = carried(book)
    return {
        form.code: minutes(form, [field.element for field, _ in asks(form, book, extra)], book)
        for form in book.asked(day)
    }


def effect(book: Book, decisions: Mapping[str, Decision], day: date) -> Effect:
    """What these decisions would change on the day after, before anybody takes them."""
    then = decided(book, decisions)
    before, after = burden(book, day), burden(then, day)
    gone = _known(book, day) - _known(then, day)
    lost = tuple(sorted(code for _, code in gone if book.source(code) is None))
    moved = sum(map(len, carried(then).values())) - sum(map(len, carried(book).values()))
    return Effect(sum(before.values()), sum(after.values()), lost, moved)


def _known(book: Book, day: date) -> set[tuple[str, str]]:
    """(subject, element) that somebody asks on that day."""
    extra = carried(book)
    return {(form.subject, book.one(field.element)) for form in book.asked(day) for field, _ in asks(form, book, extra)}


def askers(book: Book, day: date) -> Counter[str]:
    """How many forms each unit asks for on that day."""
    return Counter(form.asker for form in book.asked(day))
