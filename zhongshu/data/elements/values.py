"""主体画像 what is known of subjects, value by value with its provenance: registers, departments, workers. One profile.

The registers' records and what workers wrote are read together, set-based, for many subjects at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connections

from zhongshu.data.databases import APP, ROAD
from zhongshu.data.elements.own import OWN, Own, statement
from zhongshu.data.elements.prefill import Value
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

SIZE = 50
"""Subjects of one page."""
REGISTERS = ("person", "house", "organisation")
"""Subjects that have a register; a place is its own."""
NUMBERED = (*REGISTERS, *OWN)
"""Subjects that are known by a number."""
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "person": {
        "person_name": "r.name",
        "identity": "r.id_number",
        "id_type": "r.id_type",
        "sex": "CASE r.sex WHEN 0 THEN '' ELSE r.sex::text END",
        "birth_date": "r.born::text",
        "nation": "r.nation",
        "phone": "r.phone",
        "residence_address": "r.address",
        "registered_place": "r.registered",
        "population_kind": "r.kind",
    },
    "house": {
        "house_code": "r.code",
        "house_address": "r.address",
        "owner_name": "r.owner",
        "house_ownership": "r.ownership",
        "house_use": "r.use",
        "floor_area": "r.area::text",
        "floors": "r.floors::text",
        "house_structure": "r.structure",
        "house_safety": "r.safety",
    },
    "organisation": {
        "organisation_name": "r.name",
        "credit_code": "r.credit_code",
        "organisation_kind": "r.kind",
        "legal_person": "r.legal_person",
        "industry": "r.industry",
        "employees": "r.employees::text",
        "organisation_phone": "r.phone",
        "business_address": "r.address",
    },
}
"""Element -> its column in the records of a register; the others are in `more`, by the items of the catalogue."""
_RECORDS = """
SELECT r.entity, x.element, x.value, r.dataset, r.as_of, r.verified FROM {subject}_record r
CROSS JOIN LATERAL (VALUES {pairs}) x(element, value)
WHERE r.entity = ANY (%(ids)s) AND r.valid_to IS NULL AND coalesce(x.value, '') <> ''
UNION ALL
SELECT r.entity, i.element, m.value, r.dataset, r.as_of, r.verified FROM {subject}_record r
CROSS JOIN LATERAL jsonb_each_text(r.more) m
JOIN data_datasetitem i ON i.dataset = r.dataset AND i.item = m.key AND i.valid_to IS NULL
WHERE r.entity = ANY (%(ids)s) AND r.valid_to IS NULL AND i.element <> '' AND m.value <> ''
"""
_WRITTEN = """
SELECT entity, element, value, kind, source, as_of, by FROM element_value
WHERE subject = %(subject)s AND entity = ANY (%(ids)s) AND (%(place)s = '' OR place = %(place)s)
"""


def read(subject: str, ids: Sequence[int], sources: Mapping[str, str], place: str = "") -> dict[int, list[Value]]:
    """Entity -> every value there is of it. `sources` says which data set is an element's source of truth.

    Of a subject without a register (place), `ids` is [0] and `place` names it. Logs nothing: see `opened`.
    """
    found: dict[int, list[Value]] = {one: [] for one in ids}
    given: dict[str, Any] = {"ids": list(ids), "subject": subject, "place": place}
    with connections[ROAD].cursor() as cursor:
        if subject in OWN:
            dataset = _dataset_of(cursor, OWN[subject].table)
            cursor.execute(statement(OWN[subject]), given)
            for entity, element, value, as_of in cursor.fetchall():
                found[entity].append(_recorded(element, value, dataset, (as_of, None), sources))
        if subject in REGISTERS:
            pairs = ", ".join(f"('{element}', {column})" for element, column in COLUMNS[subject].items())
            cursor.execute(_RECORDS.format(subject=subject, pairs=pairs), given)
            for entity, element, value, dataset, as_of, verified in cursor.fetchall():
                found[entity].append(_recorded(element, value, dataset, (as_of, verified), sources))
        cursor.execute(_WRITTEN, given)
        for entity, element, value, kind, source, as_of, by in cursor.fetchall():
            found[entity].append(Value(element, value, kind, source, as_of, by))
    return found


def _dataset_of(cursor: Any, table: str) -> str:
    """The data set of the catalogue whose rows a table of ours is; "" when there is none."""
    cursor.execute("SELECT code FROM data_dataset WHERE stored = %s AND valid_to IS NULL", [f"table:{table}"])
    found = cursor.fetchone()
    return str(found[0]) if found else ""


def _recorded(
    element: str, value: str, dataset: str, days: tuple[date, date | None], sources: Mapping[str, str]
) -> Value:
    """A value out of a department's record: of the source of truth, seen by somebody, or just told."""
    as_of, verified = days
    if sources.get(element) == dataset:
        return Value(element, value, "source", dataset, as_of)
    if verified:
        return Value(element, value, "verified", dataset, verified)
    return Value(element, value, "record", dataset, as_of)


@dataclass(frozen=True, slots=True)
class Subject:
    """主体 as a list shows it: names and numbers masked by the database."""

    id: int
    name: str
    note: str
    place: str
    last: datetime | None = None
    """When the form was last filled for it."""


_LISTED = {
    "person": "SELECT id, name, id_number AS note, place FROM person_shown WHERE merged_into IS NULL",
    "house": "SELECT id, name, code AS note, place FROM house_shown WHERE merged_into IS NULL",
    "organisation": "SELECT id, name, credit_code AS note, place FROM organisation_shown WHERE merged_into IS NULL",
    "place": "SELECT 0 AS id, code AS name, division AS note, code AS place FROM data_grid"
    " WHERE valid_to IS NULL AND code >= (SELECT current_setting('zhongshu.lo', true))"
    " AND code < (SELECT current_setting('zhongshu.hi', true))",
    **{subject: one.listed for subject, one in OWN.items()},
}
_PAGE = """
SELECT s.id, s.name, s.note, s.place, (SELECT max(f.at) FROM form_fill f
  WHERE f.form = %(form)s AND f.subject = %(subject)s AND f.entity = s.id AND (s.id <> 0 OR f.place = s.place)) AS last
FROM ({listed}) s WHERE (%(place)s = '' OR s.place >= %(place)s AND s.place < %(beyond)s)
  AND (s.place, s.id) > (%(after_place)s, %(after)s)
ORDER BY s.place, s.id LIMIT %(size)s
"""


def subjects(
    viewer: Viewer, subject: str, form: str, place: str = "", after: tuple[str, int] = ("", -1)
) -> list[Subject]:
    """The next SIZE subjects of one kind that this viewer may see, by place and id, after one (place, id).

    `place` narrows to codes that begin with it; each comes with when the form was last filled for it.
    """
    if subject not in _LISTED:
        return []
    given: dict[str, Any] = {"form": form, "subject": subject, "place": place, "beyond": place + "~", "size": SIZE}
    given |= {"after_place": after[0], "after": after[1]}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_PAGE.format(listed=_LISTED[subject]), given)
        return [Subject(*row) for row in cursor.fetchall()]


def place_of(viewer: Viewer, subject: str, entity: int) -> str | None:
    """Where a subject is; None when this viewer may not see it."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(f"SELECT place FROM ({_LISTED[subject]}) s WHERE id = %s", [entity])
        found = cursor.fetchone()
    return None if found is None else str(found[0])


_RECORD = """
SELECT r.key, i.item FROM {subject}_record r JOIN data_datasetitem i ON i.dataset = r.dataset AND i.valid_to IS NULL
WHERE r.entity = %s AND r.dataset = %s AND r.valid_to IS NULL AND i.element = %s ORDER BY r.as_of DESC LIMIT 1
"""


def record_of(subject: str, entity: int, dataset: str, element: str) -> tuple[str, str] | None:
    """(key of the record, the catalogue's item) that a data set has of a subject; None where it has none."""
    with connections[ROAD].cursor() as cursor:
        if subject in OWN:
            return _own_record(cursor, OWN[subject], entity, (dataset, element))
        cursor.execute(_RECORD.format(subject=subject), [entity, dataset, element])
        found = cursor.fetchone()
    return None if found is None else (str(found[0]), str(found[1]))


def _own_record(cursor: Any, one: Own, entity: int, of: tuple[str, str]) -> tuple[str, str] | None:
    """(key, item) where a table of ours is the data set and has an item of the element."""
    cursor.execute("SELECT item FROM data_datasetitem WHERE dataset = %s AND element = %s AND valid_to IS NULL", of)
    item = cursor.fetchone()
    if item is None or _dataset_of(cursor, one.table) != of[0]:
        return None
    cursor.execute(one.key, [entity])
    key = cursor.fetchone()
    return (str(key[0]), str(item[0])) if key else None


def grid_of(viewer: Viewer, code: str) -> bool:
    """Whether a grid is this viewer's."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM ({_LISTED['place']}) s WHERE place = %s", [code])
        return cursor.fetchone() is not None


_NOTE = """
INSERT INTO personal_read (subject, entity, items, post, "user", purpose, at) VALUES (%s, %s, %s, %s, %s, %s, now())
"""


def opened(viewer: Viewer, subject: str, entity: int, items: Iterable[str], purpose: str) -> None:
    """Log that a person opened the values of one subject: who, which items, what for (domain.md §5.6)."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_NOTE, [subject, entity, " ".join(items), viewer.post, viewer.user, purpose])


_NOTE_ALL = """
INSERT INTO personal_read (subject, entity, items, post, "user", purpose, at)
SELECT %s, one, %s, %s, %s, %s, now() FROM unnest(%s::bigint[]) one
"""


def opened_all(viewer: Viewer, subject: str, entities: Sequence[int], items: Iterable[str], purpose: str) -> None:
    """As `opened`, of many subjects at once: a line each, so that everybody sees who looked."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_NOTE_ALL, [subject, " ".join(items), viewer.post, viewer.user, purpose, list(entities)])


_KEEP = """
INSERT INTO element_value (subject, entity, place, element, kind, value, source, as_of, by)
SELECT %s, %s, %s, g.element, g.kind, g.value, %s, %s, %s
FROM unnest(%s::text[], %s::text[], %s::text[]) AS g(element, kind, value)
ON CONFLICT (subject, entity, place, element, kind) DO UPDATE
SET value = excluded.value, source = excluded.source, as_of = excluded.as_of, by = excluded.by
"""


@dataclass(frozen=True, slots=True)
class Written:
    """写下的值 of one subject: element -> (kind, value)."""

    subject: str
    entity: int
    place: str
    form: str
    values: Mapping[str, tuple[str, str]]


def keep(viewer: Viewer, written: Written, day: date) -> None:
    """Keep what a worker wrote or verified, in the caller's transaction; the newest of each kind counts."""
    if not written.values:
        return
    columns = [list(written.values), *map(list, zip(*written.values.values(), strict=True))]
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            _KEEP,
            [written.subject, written.entity, written.place, written.form, day, viewer.user, *columns],
        )
