"""登记对象 the registers by name: their tables, what a record can say of each item, and which saying is worth more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhongshu.kernel.errors import BadInput


@dataclass(frozen=True, slots=True)
class Item:
    """数据项 of a subject: `said` is what a record (alias r) says as SQL, `filled` whether it says anything.

    That SQL is read by PostgreSQL (`settling`) and by DuckDB (`choosing`): what both understand alike. A pattern of `~`
    spans the whole text, since DuckDB asks for that.

    `worth` goes before the rank of the source: what proves itself before what doesn't. `kind` is for screens: text |
    date | number | code. `mask` is the personal kind: name | number | phone | address, "" for none.
    """

    name: str
    said: str
    filled: str
    kind: str = "text"
    mask: str = ""
    worth: str = ""


def _text(name: str, mask: str = "", kind: str = "text", worth: str = "", said: str = "") -> Item:
    column = said or f"r.{name}"
    return Item(name, column, f"{column} <> ''", kind, mask, worth)


def _known(name: str, kind: str, said: str = "") -> Item:
    column = said or f"r.{name}"
    return Item(name, column, f"{column} IS NOT NULL", kind)


@dataclass(frozen=True, slots=True)
class Subject:
    """登记对象: `table` of entities, `records` of what was told."""

    name: str
    table: str
    items: tuple[Item, ...]

    @property
    def records(self) -> str:
        return f"{self.table}_record"

    def item(self, name: str) -> Item:
        return next(item for item in self.items if item.name == name)


PERSON = Subject(
    "person",
    "person",
    (
        _text("name", "name", worth="(r.name ~ '^.*[□?*].*$')"),
        Item("id_type", "r.id_type", "r.id_type <> ''", "code"),
        _text("id_number", "number", worth="(NOT proves_itself(upper(r.id_number)))", said="upper(r.id_number)"),
        Item("sex", "r.sex", "r.sex > 0", "code"),
        _known("born", "date"),
        _text("nation", kind="code"),
        _text("phone", "phone"),
        _text("kind", kind="code"),
        _text("registered", kind="code"),
        _text("address", "address"),
    ),
)
HOUSE = Subject(
    "house",
    "house",
    (
        _text("name", said="r.address"),
        _text("code"),
        _text("owner", "name"),
        _text("ownership", kind="code"),
        _text("use", kind="code"),
        _known("area", "number"),
        _known("floors", "number"),
        _text("structure", kind="code"),
        _text("safety", kind="code"),
        _text("address", said="coalesce(r.more->>'address', '')"),
        _known("lon", "number", "(r.more->>'lon')::float8"),
        _known("lat", "number", "(r.more->>'lat')::float8"),
    ),
)
ORGANISATION = Subject(
    "organisation",
    "organisation",
    (
        _text("name"),
        _text("credit_code"),
        _text("kind", kind="code"),
        _text("legal_person", "name"),
        _text("industry", kind="code"),
        _known("employees", "number"),
        _text("phone", "phone"),
        _text("fire", kind="code", said="coalesce(r.more->>'fire', '')"),
        _text("address"),
    ),
)
SUBJECTS: Mapping[str, Subject] = {one.name: one for one in (PERSON, HOUSE, ORGANISATION)}


def subject_of(name: str) -> Subject:
    """BadInput when there is no such register."""
    found = SUBJECTS.get(name)
    if found is None:
        raise BadInput(f"subject: found {name!r}, expected one of {', '.join(SUBJECTS)} / 没有这个登记库")
    return found
