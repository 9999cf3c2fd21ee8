"""成批取值 the values of new entities, worked out beside the database and copied in: as `settling` works them out.

One least value for each item instead of a sort for each: (worth, rank, age, record) of a record is one number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connections

from zhongshu.data.databases import OWNER
from zhongshu.data.registers import numbers
from zhongshu.data.registers.settling import CARE, LAST, OWN, Ranks, items, ranked
from zhongshu.data.registers.subjects import Item, Subject

AGES, ROWS = 20, 32
"""Bits of a day and of a row in the number that records are ordered by."""
_AGE = "(DATE '3000-01-01' - {})::BIGINT"


@dataclass(frozen=True, slots=True)
class Chosen:
    """取值: columns of the table of entities; of people those of their residences too, nothing of others."""

    entities: pa.Table
    residences: pa.Table


Homes = Callable[[list[str]], pa.Table]
"""Codes -> {id, code, place, address} of the houses of these codes."""


def homes(codes: list[str]) -> pa.Table:
    """The registered houses of these codes: {id, code, place, address}."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT h.id, h.code, h.place, h.address FROM unnest(%s::text[]) x(code) JOIN house h ON h.code = x.code"
            " WHERE h.valid_to IS NULL",
            [codes],
        )
        rows = cursor.fetchall()
    return pa.table({name: pa.array([row[n] for row in rows], kind) for n, (name, kind) in enumerate(HOME.items())})


HOME = {"id": pa.int64(), "code": pa.string(), "place": pa.string(), "address": pa.string()}


def choose(subject: Subject, told: pa.Table, known: Ranks, found: Homes = homes) -> Chosen:
    """The entities of `told`, whose records are all that tell of them: columns of the record table with id and entity.

    `found` says which houses have the codes that people's records name.
    """
    with _opened() as connection:
        connection.register("given", told)
        connection.execute(
            f"CREATE TABLE r AS SELECT *, ({_AGE.format('greatest(as_of, verified)')} << {ROWS}) + n AS late,"
            f" ({_AGE.format('as_of')} << {ROWS}) + n AS older FROM (SELECT *, id - min(id) OVER () AS n FROM given)"
        )
        entities = _columns(connection, subject, known)
        if subject.name != "person":
            return Chosen(entities, pa.table({}))
        connection.execute(_SAID)
        connection.register("house", found([row[0] for row in connection.sql(_EVERY).fetchall()]))
        connection.execute(_LIVED)
        connection.register("chosen", entities)
        return Chosen(connection.sql(_ATHOME).to_arrow_table(), connection.sql(_EPISODES).to_arrow_table())


@contextmanager
def _opened() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        # Versions of DuckDB name the kind of a function in other places; the text is understood by all.
        anyhow: Any = connection
        anyhow.create_function("proves_itself", numbers.proves_itself, ["VARCHAR"], "BOOLEAN", type="arrow")
        yield connection


def _columns(connection: duckdb.DuckDBPyConnection, subject: Subject, known: Ranks) -> pa.Table:
    columns = {
        "id": "r.entity",
        "place": f"arg_min(r.place, ((64 - length(r.place))::BIGINT << {AGES + ROWS}) + r.older)",
        "records": "least(count(*), 32767)::SMALLINT",
        "sources": _array(),
        "as_of": "max(r.as_of)",
        "valid_from": "min(r.as_of)",
    }
    columns |= items(subject, lambda item: _best(subject, item, known), "''")
    columns |= _OWN[subject.name]
    said = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    return connection.sql(f"SELECT {said} FROM r GROUP BY r.entity ORDER BY 1").to_arrow_table()


def _best(subject: Subject, item: Item, known: Ranks) -> str:
    """What `settling.order` puts first: by worth, rank of the source, age, record."""
    found = ranked(known, subject.name, item.name)
    steps = {rank: n for n, rank in enumerate(sorted({*found.values(), LAST}))}
    cases = " ".join(f"WHEN '{dataset}' THEN {steps[rank]}" for dataset, rank in sorted(found.items()))
    rank = f"CASE r.dataset {cases} ELSE {steps[LAST]} END" if cases else "0"
    first = f"({item.worth or 'FALSE'})::INT * {len(steps)} + {rank}"
    return f"arg_min({item.said}, (({first})::BIGINT << {AGES + ROWS}) + r.late) FILTER (WHERE {item.filled})"


def _array(where: str = "TRUE") -> str:
    """The data sets of these records as PostgreSQL spells an array; null for none."""
    names = f"""list('"' || r.dataset || '"') FILTER (WHERE {where})"""
    return f"'{{' || array_to_string(list_sort(list_distinct({names})), ',') || '}}'"


_OWN = OWN | {"person": {"care": f"coalesce({_array(f'r.dataset IN {CARE}')}, '{{}}')"}}
"""What a table has beside its items: as in `settling`, but for arrays, which are spelt another way here."""

_SAID = """
CREATE TABLE said AS SELECT r.id, r.entity AS person, r.dataset, r.as_of, m.* FROM (
  SELECT *, from_json(more, '{"house": "VARCHAR", "since": "VARCHAR", "was": "VARCHAR", "left": "VARCHAR",
    "relation": "VARCHAR", "reason": "VARCHAR", "mode": "VARCHAR"}') AS told FROM r WHERE more <> '{}') r,
  LATERAL (SELECT unnest(r.told)) m
"""
_EVERY = "SELECT house FROM said WHERE house <> '' UNION SELECT was FROM said WHERE was <> ''"
_LIVED = """
CREATE TABLE lived AS WITH told AS (
  SELECT *, house AS code, since::DATE AS since_, NULL::DATE AS until FROM said WHERE house <> '' UNION ALL
  SELECT *, was, NULL, nullif("left", '')::DATE FROM said WHERE was <> ''),
once AS (
  SELECT DISTINCT ON (t.person, h.id, t.until) h.place, t.person, h.id AS house, t.since_ AS since, t.until,
    coalesce(t.relation, '') AS relation, coalesce(t.reason, '') AS reason, coalesce(t.mode, '') AS mode, t.dataset,
    t.as_of FROM told t JOIN house h ON h.code = t.code ORDER BY t.person, h.id, t.until, t.as_of DESC, t.id),
numbered AS (SELECT *, row_number() OVER (ORDER BY person, house, until) AS n FROM once),
open AS (
  SELECT n, lead(since) OVER (PARTITION BY person ORDER BY as_of, n) AS until,
    row_number() OVER (PARTITION BY person ORDER BY as_of DESC, n) AS k FROM numbered WHERE until IS NULL)
SELECT a.* REPLACE (CASE WHEN o.k > 1 THEN o.until ELSE a.until END AS until)
FROM numbered a LEFT JOIN open o USING (n) ORDER BY a.n
"""
"""As `settling.live` says: of two open episodes the older ends when the newer begins."""
_EPISODES = "SELECT * EXCLUDE (n) FROM lived ORDER BY n"
_ATHOME = """
SELECT c.* REPLACE (coalesce(h.place, c.place) AS place, coalesce(h.address, c.address) AS address), h.id AS house
FROM chosen c LEFT JOIN (SELECT person, arg_min(house, n) AS house FROM lived WHERE until IS NULL GROUP BY 1) l
  ON l.person = c.id LEFT JOIN house h ON h.id = l.house ORDER BY c.id
"""
