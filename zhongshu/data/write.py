"""落库 writing: facts and everything they change, in one statement, so that a case costs few round trips."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import OperationalError, connections, transaction

from zhongshu.data.changes import Changes, Key
from zhongshu.data.databases import OWNER, ROAD, planned
from zhongshu.data.ledger import INSERT, Sealed, read, seal
from zhongshu.data.projection import project
from zhongshu.kernel.errors import Unavailable
from zhongshu.kernel.facts import Fact

PROJECTIONS = (
    "report",
    "case",
    "task",
    "clock",
    "request",
    "call_back",
    "merge_proposal",
    "stuck",
    "warning",
    "precedent",
    "call",
    "call_unit",
    "directive",
    "directive_unit",
    "model_version",
    "model_deployment",
    "model_comparison",
    "model_watch",
    "reply",
    "issue_turn",
    "judgement",
    "cause",
    "cause_cluster",
    "proceeding",
    "lake_file",
    "gather_run",
    "feed_check",
    "form_fill",
    "share_grant",
    "share_use",
    "grade_set",
    "flow_entry",
    "check_in",
    "helped_report",
    "community_member",
    "community_topic",
    "community_reply",
    "community_ballot",
    "community_task",
    "community_volunteer",
    "community_look",
    "community_point",
    "quality_visit",
    "quality_visit_row",
    "course_taken",
    "class_seat",
    "form_table",
    "duty_shift",
    "duty_entry",
    "sign_alarm",
)

BORN_ONCE = frozenset({"report", "case", "request", "call_back", "merge_proposal", "reply", "judgement", "proceeding"})
BORN_ONCE |= {"gather_run", "feed_check", "share_use", "flow_entry", "check_in", "helped_report", "form_table"}
BORN_ONCE |= {"community_topic", "community_reply", "quality_visit", "quality_visit_row", "course_taken"}
BORN_ONCE |= {"community_task", "community_point"}
"""Tables of which a row is put whole only once, by the fact whose id it bears or that gave its id away."""

FIRST = {
    "clock": {
        "stopped_at": "coalesce(t.stopped_at, t.paused_at, d.stopped_at)",
        "paused_at": "coalesce(t.paused_at, d.paused_at)",
    },
    "case": {
        "contact_unit": "coalesce(nullif(t.contact_unit, ''), d.contact_unit)",
        "urgency": "greatest(t.urgency, d.urgency)",
    },
    "proceeding": {"given": "t.given || d.given", "people": "t.people || d.people"},
}
"""Columns that keep the first value they get, or the greatest, or gain keys; a paused clock that is stopped had stopped
when it was paused."""


def append(facts: Sequence[Fact]) -> None:
    """Write facts to the ledger and what they change, within the caller's transaction, as its last statement.

    They are stamped with the real time of writing, whatever time they tell of. `Sensed` facts are observations, not
    ledger facts: they are left out here.
    """
    kept = [fact for fact in facts if fact.kind != "Sensed"]
    if not kept:
        return
    changes = project(kept)
    parts = _parts(changes)
    touched = {*changes.patches.get("case", {}), *changes.adds.get("case", {})}
    _execute(ROAD, [*parts, *_ledger(seal(kept, datetime.now(UTC), touched))])


def _ledger(sealed: Sealed) -> list[tuple[str, list[Any]]]:
    return [
        (INSERT, [sealed.recorded_at, *sealed.columns]),
        ("UPDATE ledger_head SET seq = %s, hash = %s WHERE month = %s", [sealed.seq, sealed.hash, sealed.month]),
    ]


def _execute(alias: str, parts: list[tuple[str, list[Any]]]) -> None:
    """Run all parts as one statement: data-modifying CTEs with one plain statement at the end."""
    *ctes, (last, arguments) = parts
    head = ", ".join(f"w{n} AS ({sql})" for n, (sql, _) in enumerate(ctes))
    parameters = [argument for _, given in ctes for argument in given] + arguments
    said = f"WITH {head} {last}" if head else last
    with connections[alias].cursor() as cursor:
        if alias == ROAD:
            planned(cursor, said, parameters)
        else:
            cursor.execute(said, parameters)


def _parts(changes: Changes) -> list[tuple[str, list[Any]]]:
    parts = []
    for table, whole in changes.puts.items():
        born, again = _parted(table, whole, changes.puts.get("case", {}))
        parts += [put(table, rows, born=True) for rows in _alike(born)]
        parts += [put(table, rows, born=False) for rows in _alike(again)]
    for table in {**changes.patches, **changes.adds}:
        groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[dict[str, Any]]] = {}
        for key, values in _merged(changes, table).items():
            shape = (tuple(sorted(values[0])), tuple(sorted(values[1])))
            groups.setdefault(shape, []).append({"id": key, **values[0], **values[1]})
        parts += [_patch(table, shape, rows) for shape, rows in groups.items()]
    return parts


def _merged(changes: Changes, table: str) -> dict[Key, tuple[dict[str, Any], dict[str, int]]]:
    patches, adds = changes.patches.get(table, {}), changes.adds.get(table, {})
    return {key: (patches.get(key, {}), adds.get(key, {})) for key in {**patches, **adds}}


Row = dict[str, Any]


def _parted(table: str, rows: Mapping[Key, Row], cases: Collection[Key]) -> tuple[list[Row], list[Row]]:
    """Rows that can't be there yet, because they or the case they belong to are just being born; and the others."""
    born: list[Row] = []
    again: list[Row] = []
    for row in rows.values():
        (born if table in BORN_ONCE or row.get("case") in cases else again).append(row)
    return born, again


def _alike(rows: Iterable[Row]) -> Iterable[list[Row]]:
    """Rows with the same columns together: what a row doesn't say takes the database's default."""
    groups: dict[frozenset[str], list[Row]] = {}
    for row in rows:
        groups.setdefault(frozenset(row), []).append(row)
    return groups.values()


def put(table: str, values: list[Row], born: bool) -> tuple[str, list[Any]]:
    """Rows `born` are plainly inserted: to look first whether they are there costs each an index search and WAL."""
    columns = sorted(values[0])
    names = ", ".join(f'"{name}"' for name in columns)
    sql = f'INSERT INTO "{table}" ({names}) SELECT {names} FROM json_populate_recordset(NULL::"{table}", %s)'
    if not born:
        changed = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name != "id")
        sql += f" ON CONFLICT (id) DO UPDATE SET {changed}"
    return sql, [orjson.dumps(values).decode()]


def _patch(
    table: str, shape: tuple[tuple[str, ...], tuple[str, ...]], rows: list[dict[str, Any]]
) -> tuple[str, list[Any]]:
    first = FIRST.get(table, {})
    sets = [f'"{name}" = ' + first.get(name, f'd."{name}"') for name in shape[0]]
    sets += [f'"{name}" = t."{name}" + d."{name}"' for name in shape[1]]
    source = f'json_populate_recordset(NULL::"{table}", %s) d'
    return f'UPDATE "{table}" t SET {", ".join(sets)} FROM {source} WHERE t.id = d.id', [orjson.dumps(rows).decode()]


STEP_BACK = "400ms"
"""Less than deadlock_timeout: whoever holds what a rebuild needs, and needs what it holds, goes first and unharmed."""
ATTEMPTS = 200
BUSY = frozenset({"55P03", "40P01"})
"""SQLSTATE of a lock that isn't to be had, and of a deadlock."""


def rebuild(batch: int = 5000) -> int:
    """Empty every projection and fold the whole ledger into them again; returns the number of facts read.

    All or nothing, and no fact is written meanwhile: a rebuild that dies leaves the projections as they were.
    Unavailable when the tables are never all free at once.
    """
    for _ in range(ATTEMPTS):
        try:
            return _rebuilt(batch)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in BUSY:
                raise
    raise Unavailable("the tables are in use all the time, nothing was rebuilt: stop the runner / 各表一直在用，未重建")


def _rebuilt(batch: int) -> int:
    count = 0
    with transaction.atomic(using=OWNER):
        with connections[OWNER].cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{STEP_BACK}'")
            cursor.execute("LOCK TABLE ledger_head IN EXCLUSIVE MODE")
            cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in PROJECTIONS))
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
        for facts in read(batch):
            count += len(facts)
            parts = _parts(project(facts))
            if parts:
                _execute(OWNER, parts)
    return count


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every projection, ordered: what a rebuild must reproduce."""
    rows = {}
    with connections[OWNER].cursor() as cursor:
        for table in PROJECTIONS:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t ORDER BY id')
            rows[table] = cursor.fetchall()
    return rows
