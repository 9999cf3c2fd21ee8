"""取值 which value of an entity counts: by the rank of the source for that item, then by how fresh it is. Set-based."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connections

from zhongshu.data.databases import OWNER, ROAD
from zhongshu.data.registers.subjects import Item, Subject

LAST = 99
"""Rank of a data set that the city's table doesn't name."""
CARE = ("disabled", "low_income")
"""Data sets that make a person one to be cared for; the tag is their name."""

Ranks = Mapping[tuple[str, str], Mapping[str, int]]
"""(subject, item) -> data set -> rank."""


def ranks(using: str = OWNER) -> Ranks:
    """The order of the sources in force."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT subject, item, dataset, rank FROM data_sourcerank WHERE valid_to IS NULL")
        told = cursor.fetchall()
    for subject, item, dataset, rank in told:
        found.setdefault((subject, item), {})[dataset] = rank
    return found


def ranked(known: Ranks, subject: str, item: str) -> Mapping[str, int]:
    """Data set -> rank for an item: its own rows, else those for every item."""
    return known.get((subject, item)) or known.get((subject, "*"), {})


def order(subject: Subject, item: Item, known: Ranks) -> str:
    """ORDER BY of the records for one item, the best first."""
    found = ranked(known, subject.name, item.name)
    cases = " ".join(f"WHEN '{dataset}' THEN {rank}" for dataset, rank in sorted(found.items()))
    rank = f"CASE r.dataset {cases} ELSE {LAST} END" if cases else ""
    return ", ".join(filter(None, (item.worth, rank, "greatest(r.as_of, r.verified) DESC", "r.id")))


def _best(subject: Subject, item: Item, known: Ranks) -> str:
    return f"(array_agg({item.said} ORDER BY {order(subject, item, known)}) FILTER (WHERE {item.filled}))[1]"


OWN = {
    "person": {
        "care": f"coalesce(array_agg(DISTINCT r.dataset) FILTER (WHERE r.dataset = ANY (ARRAY{list(CARE)})), '{{}}')"
    },
    "house": {"rent_registered": "bool_or(r.dataset = 'tenancy')"},
    "organisation": {},
}
"""What a table has beside its items: column -> SQL."""
_EMPTY = {"born": "NULL::date", "sex": "0", "area": "NULL::float8", "floors": "NULL::smallint"}
_EMPTY |= {"employees": "NULL::int", "lon": "NULL::float8", "lat": "NULL::float8"}
"""What an item is when no record says anything of it; an empty text where it isn't named here."""


def items(subject: Subject, best: Callable[[Item], str], address: str) -> dict[str, str]:
    """Item -> SQL of its value, the `best` that was said or empty; an `address` is that of where somebody lives."""
    found = {one.name: f"coalesce({best(one)}, {_EMPTY.get(one.name, repr(''))})" for one in subject.items}
    return found | ({"address": address} if "address" in found and subject.name != "house" else {})


def select(subject: Subject, known: Ranks, where: str) -> tuple[list[str], str]:
    """(columns, statement) that settles the entities of records (alias r) that fulfil `where`."""
    columns = {
        "id": "coalesce(e.merged_into, r.entity)",
        "place": f"coalesce({_grid(subject)}, max(r.place))",
        "records": "least(count(*), 32767)",
        "sources": "array_agg(DISTINCT r.dataset)",
        "as_of": "max(r.as_of)",
        "valid_from": "min(r.as_of)",
    }
    columns |= items(subject, lambda item: _best(subject, item, known), "coalesce(max(e.address), '')")
    columns |= OWN[subject.name]
    said = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    return list(columns), (
        f"SELECT {said} FROM {subject.records} r LEFT JOIN {subject.table} e ON e.id = r.entity"
        f" WHERE r.valid_to IS NULL AND {where} GROUP BY 1"
    )


def _grid(subject: Subject) -> str:
    """The finest place that any record names, of the freshest: grid workers know the grid, offices the community."""
    return "(array_agg(r.place ORDER BY length(r.place) DESC, r.as_of DESC, r.id))[1]"


def settle(subject: Subject, entities: Sequence[int] | None = None, using: str = ROAD) -> int:
    """Work out the values of these entities, all when none are named; returns how many rows were written.

    Those that were merged into another one are settled as that one.
    """
    given: list[Any] = []
    where = "r.entity IS NOT NULL"
    if entities is not None:
        entities = family(subject, entities, using)
        where, given = "r.entity = ANY (%s)", [entities]
    columns, statement = select(subject, ranks(), where)
    names = ", ".join(columns)
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "id")
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {subject.table} ({names}) {statement} ON CONFLICT (id) DO UPDATE SET {changed}", given
        )
        count = int(cursor.rowcount)
    if subject.name == "person":
        live(entities, using)
    return count


def family(subject: Subject, entities: Sequence[int], using: str = ROAD) -> list[int]:
    """These entities, those that they were merged into, and all that were merged into these: what settles as one."""
    table = subject.table
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT id, merged_into FROM {table} WHERE id = ANY (%s) AND merged_into IS NOT NULL", [list(entities)]
        )
        roots = {int(row[1]) for row in cursor.fetchall()} | set(entities)
        cursor.execute(f"SELECT id FROM {table} WHERE merged_into = ANY (%s)", [list(roots)])
        return sorted(roots | {int(row[0]) for row in cursor.fetchall()})


_LIVE = """
INSERT INTO residence (place, person, house, since, until, relation, reason, mode, dataset, as_of)
SELECT DISTINCT ON (p.id, h.id, x.until) h.place, p.id, h.id, x.since, x.until, coalesce(r.more->>'relation', ''),
  coalesce(r.more->>'reason', ''), coalesce(r.more->>'mode', ''), r.dataset, r.as_of
FROM person_record r
CROSS JOIN LATERAL (VALUES (r.more->>'house', (r.more->>'since')::date, NULL::date),
  (r.more->>'was', NULL::date, nullif(r.more->>'left', '')::date)) x(code, since, until)
JOIN house h ON h.code = x.code AND h.valid_to IS NULL
JOIN person e ON e.id = r.entity
JOIN person p ON p.id = coalesce(e.merged_into, e.id)
WHERE r.valid_to IS NULL AND x.code <> '' AND {where}
ORDER BY p.id, h.id, x.until, r.as_of DESC
"""
_CLOSE = """
UPDATE residence t SET until = n.since FROM (
  SELECT id, person, lead(since) OVER w AS since, row_number() OVER (PARTITION BY person ORDER BY as_of DESC, id) AS k
  FROM residence WHERE until IS NULL AND {where} WINDOW w AS (PARTITION BY person ORDER BY as_of, id)
) n WHERE n.id = t.id AND n.k > 1
"""
_HOME = """
UPDATE person p SET house = h.id, address = h.address, place = h.place
FROM residence t JOIN house h ON h.id = t.house WHERE t.person = p.id AND t.until IS NULL AND {where}
"""


def live(entities: Sequence[int] | None = None, using: str = ROAD) -> None:
    """Residence episodes from what records say of houses; of two open ones the older ends when the newer begins."""
    with connections[using].cursor() as cursor:
        for sql, alias in ((_DROP, "person"), (_LIVE, "r.entity"), (_CLOSE, "person"), (_HOME, "p.id")):
            where = "TRUE" if entities is None else f"{alias} = ANY (%s)"
            cursor.execute(sql.format(where=where), [] if entities is None else [list(entities)])


_DROP = "DELETE FROM residence WHERE {where}"
