"""定级与脱敏的规则 the rows of grades, masks and limits in force, and every field of the catalogue as they see it.

The hub imports this before the application is configured, so that tables are looked up when they are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connections
from django.utils import timezone as clock

from zhongshu.data.databases import APP, OWNER, dicts
from zhongshu.data.sharing.grading import Field, Harm, Measure, Rule, Verdict, along, derive, upstream
from zhongshu.data.versions import in_force, split

if TYPE_CHECKING:
    from zhongshu.data.catalogue import entries

_LISTS = ("classes", "datasets", "elements", "subjects", "types", "masks")


def _table(name: str) -> type[Any]:
    return apps.get_model("data", name)


def catalogued(at: datetime | None = None, using: str = OWNER) -> Mapping[str, entries.Dataset]:
    """The catalogue in force."""
    from zhongshu.data.catalogue import entries

    return entries.every(at, using)


@dataclass(frozen=True, slots=True)
class Book:
    """规则簿: what grades fields and masks them."""

    rules: Sequence[Rule]
    harms: Mapping[tuple[str, str], Harm]
    measures: Mapping[str, Measure]

    def verdict(self, field: Field) -> Verdict:
        return derive(field, self.rules, self.harms)


def book(at: datetime | None = None, using: str = OWNER) -> Book:
    """The rules, harms and measures in force."""
    moment = at or clock.now()
    names = [name for name in Rule.__dataclass_fields__]
    found = in_force(_table("GradeRule"), moment, using).order_by("code").values(*names)
    rules = [Rule(**{**row, **{name: split(row[name]) for name in _LISTS}}) for row in found]
    harms = in_force(_table("GradeHarm"), moment, using).values_list("object", "degree", "grade", "share", "clause")
    marks = in_force(_table("Mask"), moment, using).order_by("code")
    measures = {
        one.code: Measure(
            one.code, one.how, one.grade, one.name, one.name_en, one.head or 0, one.tail or 0, one.k or 0, one.days or 0
        )
        for one in marks
    }
    return Book(rules, {(what, degree): Harm(*more) for what, degree, *more in harms}, measures)


def limits(at: datetime | None = None, using: str = OWNER) -> dict[str, dict[str, Any]]:
    """Legal limits in force: code -> {name, name_en, days, calendar, basis, clause}."""
    names = ("code", "name", "name_en", "days", "calendar", "basis", "clause")
    found = in_force(_table("ShareLimit"), at or clock.now(), using).order_by("code").values(*names)
    return {row["code"]: row for row in found}


_SETS = "SELECT id, grade, share, clause, at, reason, proceeding FROM grade_set"
_ROWS = "SELECT dataset, rows FROM zone_set"


def reviewed() -> dict[tuple[str, str], dict[str, Any]]:
    """(data set, item) -> the grade and share type that a review set, with its reason and proceeding."""
    with connections[APP].cursor() as cursor:
        cursor.execute(_SETS)
        return {tuple(row["id"].split("/", 1)): row for row in dicts(cursor)}


def fields(at: datetime | None = None, using: str = OWNER) -> dict[tuple[str, str], Field]:
    """Every item of the catalogue as the rules see it, its grade and share type as a review left them.

    An address among the items of people is personal too: it tells where somebody lives.
    """
    moment = at or clock.now()
    elements = {one.code: one for one in in_force(_table("Element"), moment, using)}
    with connections[APP].cursor() as cursor:
        cursor.execute(_ROWS)
        counts = dict(cursor.fetchall())
    changed = reviewed()
    found: dict[tuple[str, str], Field] = {}
    for one in catalogued(moment, using).values():
        of_people = _of_people(one, elements)
        for item in one.items:
            field = _field(one, item, elements.get(item.element), of_people, counts.get(one.dataset, -1))
            found[one.dataset, item.item] = _changed(field, changed.get((one.dataset, item.item)))
    return found


def _of_people(one: entries.Dataset, elements: Mapping[str, Any]) -> bool:
    """Whether its rows name people: an identity number among its items, and no organisation as its key."""
    held = [(item, elements[item.element]) for item in one.items if item.element in elements]
    named = any(element.personal and element.mask == "identity" for _, element in held)
    return named and not any(item.key and element.subject == "organisation" for item, element in held)


def _field(one: entries.Dataset, item: entries.Item, element: Any, of_people: bool, count: int) -> Field:
    lived = element is not None and of_people and element.subject == "address"
    return Field(
        dataset=one.dataset,
        item=item.item,
        name=item.name,
        branch=one.branch,
        element=item.element,
        subject="person" if lived else element.subject if element else "",
        type=item.type,
        mask="address" if lived else element.mask if element else "none",
        personal=lived or bool(element and element.personal),
        sensitive=bool(element and element.sensitive),
        rows=count,
        grade=item.grade,
        share=item.share,
        clause=item.clause,
        secret=one.secret == "yes",
        provider=one.provider,
        name_en=item.name_en,
    )


def _changed(field: Field, review: Mapping[str, Any] | None) -> Field:
    if review is None or field.secret:
        return field
    return replace(field, grade=review["grade"], share=review["share"], clause=review["clause"] or field.clause)


def holding(field: Field, kind: str) -> Field:
    """An item as the rules would see it if the catalogue said what its texts hold (contents.found): of a person."""
    return replace(field, type=kind, mask=kind, personal=True, subject="person")


def verdicts(at: datetime | None = None, using: str = OWNER) -> dict[tuple[str, str], Verdict]:
    """Every item's verdict by the rules, and by what it is made of: its grade follows the lineage."""
    from zhongshu.data.catalogue import sources

    moment = at or clock.now()
    held = book(moment, using)
    plain = {key: held.verdict(field) for key, field in fields(moment, using).items()}
    return along(plain, upstream([(one.reads, one.writes) for one in sources.systems(moment, using)]))


def mask_of(field: Field, measures: Mapping[str, Measure], clear: bool = False) -> dict[str, Any]:
    """How a grant tells an item: clear when the provider opened it or it needs no mask, else as the mask of its kind.

    An item whose mask the pack doesn't know stays blank.
    """
    told: dict[str, Any] = {"item": field.item, "how": "clear", "head": 0, "tail": 0, "days": 0}
    if clear or not field.personal or field.mask == "none":
        return told
    one = measures.get(field.mask)
    return told | ({"how": one.how, "head": one.head, "tail": one.tail, "days": one.days} if one else {"how": "blank"})
