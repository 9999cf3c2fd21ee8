"""The demo city's elements and forms without the rest of its pack: as a book, and as rows of a database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from tests import town
from zhongshu.cities.demo import collecting, truths
from zhongshu.data.elements.shapes import Book, Element, Field, Form, same_by

DAY = date(2026, 6, 1)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
TABLES = collecting.tables(town.CITY)
"""Units of the town's city ask: "<city>-police" and so on."""


def book(same: bool = True) -> Book:
    """All of them; with `same`, the elements of one meaning are known as such."""
    elements = {row["element"]: _element(row) for row in TABLES["elements"]}
    fields: dict[str, list[Field]] = {}
    for row in TABLES["form_fields"]:
        fields.setdefault(row["form"], []).append(Field(row["field"], row["name"], row["element"]))
    forms = {row["form"]: _form(row, tuple(fields[row["form"]])) for row in TABLES["forms"]}
    return Book(elements, forms, same_by(truths.SAME, elements) if same else {})


def _element(row: dict[str, Any]) -> Element:
    flags = {name: row[name] == "1" for name in ("personal", "sensitive")}
    plain = {name: row[name] for name in ("name", "definition", "type", "subject", "codes", "source", "unit", "cycle")}
    return Element(row["element"], **plain, **flags, mask=row["mask"], seconds=float(row["seconds"]))


def _form(row: dict[str, Any], fields: tuple[Field, ...]) -> Form:
    plain = {name: row[name] for name in ("name", "asker", "subject", "cycle", "level", "basis", "return_promise")}
    until = date.fromisoformat(row["until"]) if row["until"] else None
    return Form(row["form"], **plain, per_hundred=float(row["per_hundred"]), fields=fields, until=until)


def lists() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in TABLES["code_lists"]:
        found.setdefault(row["list"], set()).add(row["name"])
    return {name: frozenset(values) for name, values in found.items()}


def store() -> None:
    """The same as rows in force since the start of the year."""
    from zhongshu.data import models
    from zhongshu.data.databases import OWNER

    keys = {
        "code_lists": (models.CodeItem, lambda row: f"{row['list']}/{row['code']}"),
        "elements": (models.Element, lambda row: row["element"]),
        "forms": (models.Form, lambda row: row["form"]),
        "form_fields": (models.FormField, lambda row: f"{row['form']}/{row['field']}"),
    }
    for table, (model, key) in keys.items():
        names = {field.column for field in model._meta.concrete_fields}
        made = []
        for row in TABLES[table]:
            values = {name: value for name, value in {**row, "value": row.get("code")}.items() if name in names}
            values |= {"code": key(row), "valid_from": SINCE, "digest": ""}
            values |= {name: values[name] == "1" for name in ("personal", "sensitive") if name in values}
            values |= {"until": values["until"] or None} if "until" in values else {}
            made.append(model(**values))
        model.objects.using(OWNER).bulk_create(made)
