"""质量结果的读写 rules in force, runs with what they counted and the rows that failed, and what boards read of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.apps import apps
from django.db import connections
from django.utils import timezone as clock

from zhongshu.data.databases import APP, OWNER, ROAD, dicts
from zhongshu.data.quality.rules import Rule
from zhongshu.data.versions import fingerprint, in_force
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

Row = dict[str, Any]
SIZE = 50
EVIDENCE = 1000
"""Rows that are kept of one rule of one run; how many there were is counted apart."""
RUNS = 4
"""Runs of a data set whose evidence is kept."""
TREND = 12
"""Runs that a trend shows."""

_RULE = ("code", "dataset", "item", "indicator", "kind", "value", "against", "keys", "condition", "weight", "name")


def rules(at: datetime | None = None, using: str = OWNER) -> dict[str, list[Rule]]:
    """The rules in force by data set, each in the order of their codes."""
    # The hub imports us before the application is configured: tables are looked up when they are read.
    known: Any = apps.get_model("data", "QualityRule")
    found: dict[str, list[Rule]] = {}
    for row in in_force(known, at or clock.now(), using).order_by("code").values(*_RULE, "name_en"):
        rule = Rule(**{**row, **{name: _split(row[name]) for name in ("keys", "condition")}})
        found.setdefault(rule.dataset, []).append(rule)
    return found


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def version(held: Sequence[Rule]) -> str:
    """A digest of what rules say."""
    return fingerprint(repr(rule) for rule in held)


_RUN = """
INSERT INTO quality_run (id, dataset, at, rows, seconds, read, said, shares, total, grade, versions)
SELECT id, dataset, at, rows, seconds, read, said, shares, total, grade, versions
FROM json_populate_record(NULL::quality_run, %s)
"""
_RESULT = ("rule", "item", "indicator", "weight", "checked", "met", "kept", "said")
_FAIL = ("rule", "place", "key", "value")
_FORGET = """
DELETE FROM quality_fail WHERE run IN (
  SELECT id FROM quality_run WHERE dataset = %s ORDER BY id DESC OFFSET %s)
"""


def keep(run: Mapping[str, Any], results: Sequence[Mapping[str, Any]], fails: Sequence[Mapping[str, Any]]) -> None:
    """Keep a run with its evidence, in the caller's transaction; older evidence of the data set goes."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_RUN, [orjson.dumps(dict(run)).decode()])
        for table, names, found in (("quality_result", _RESULT, results), ("quality_fail", _FAIL, fails)):
            listed = ", ".join(names)
            cursor.execute(
                f"INSERT INTO {table} (run, {listed})"
                f" SELECT %s, {listed} FROM json_populate_recordset(NULL::{table}, %s)",
                [run["id"], orjson.dumps([dict(one) for one in found]).decode()],
            )
        cursor.execute(_FORGET, [run["dataset"], RUNS])


def reads(dataset: str, days: int, now: datetime) -> tuple[int, int]:
    """(successful, all) runs of a data set in the last days: whether it could be read."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE read), count(*) FROM quality_run WHERE dataset = %s AND at > %s",
            [dataset, now - timedelta(days=days)],
        )
        good, every = cursor.fetchone()
    return int(good), int(every)


def last_runs() -> dict[str, datetime]:
    """When each data set was looked at last."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT dataset, max(at) FROM quality_run GROUP BY dataset")
        return dict(cursor.fetchall())


def totals(dataset: str, most: int) -> list[float | None]:
    """The totals of its last runs, newest first."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT total FROM quality_run WHERE dataset = %s ORDER BY id DESC LIMIT %s", [dataset, most])
        return [total for (total,) in cursor.fetchall()]


def waiting(family: str, subjects: Sequence[str]) -> list[int]:
    """Open proceedings about these subjects: tickets to be checked again, authority that was lost."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT id FROM proceeding WHERE family = %s AND subject = ANY (%s) AND ended_at IS NULL"
            " AND (family <> 'ticket' OR state = 'checking') ORDER BY id",
            [family, list(subjects)],
        )
        return [int(number) for (number,) in cursor.fetchall()]


def is_open(family: str, subject: str) -> bool:
    """Whether something of this family about the subject has not ended."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM proceeding WHERE family = %s AND subject = %s AND ended_at IS NULL)",
            [family, subject],
        )
        return bool(cursor.fetchone()[0])


_MENDED = """
SELECT r.dataset, max(p.changed_at) FROM proceeding p
JOIN data_qualityrule r ON 'rule:' || r.code = p.subject AND r.valid_to IS NULL
WHERE p.family = 'ticket' AND p.state = 'checking' AND p.ended_at IS NULL GROUP BY 1
"""


def mended() -> dict[str, datetime]:
    """Data set -> when its source last said that a ticket is mended that waits for the re-check."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_MENDED)
        return dict(cursor.fetchall())


def code_lists(at: datetime) -> dict[str, list[str]]:
    """The codes of each code list in force."""
    known: Any = apps.get_model("data", "CodeItem")
    found: dict[str, list[str]] = {}
    for name, value in in_force(known, at).order_by("code").values_list("list", "value"):
        found.setdefault(name, []).append(value)
    return found


_BOARD = """
SELECT to_jsonb(r)::text FROM (
  SELECT q.*, row_number() OVER (PARTITION BY dataset ORDER BY id DESC) AS n FROM quality_run q
  WHERE %(dataset)s = '' OR dataset = %(dataset)s) r
WHERE n <= %(runs)s ORDER BY dataset, id DESC
"""


def board(viewer: Viewer, dataset: str = "") -> dict[str, list[Row]]:
    """Data set -> its last runs, newest first."""
    found: dict[str, list[Row]] = {}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_BOARD, {"runs": TREND, "dataset": dataset})
        for (text,) in cursor.fetchall():
            row = orjson.loads(text)
            found.setdefault(row["dataset"], []).append(row)
    return found


def results(viewer: Viewer, run: int) -> dict[str, Row]:
    """What each rule of a run counted, by the rule's code."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute("SELECT to_jsonb(r)::text FROM quality_result r WHERE run = %s ORDER BY rule", [run])
        return {row["rule"]: row for row in (orjson.loads(text) for (text,) in cursor.fetchall())}


def run(viewer: Viewer, number: int) -> Row | None:
    """One run, or None."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute("SELECT to_jsonb(r)::text FROM quality_run r WHERE id = %s", [number])
        found = cursor.fetchone()
    return orjson.loads(found[0]) if found else None


def fails(viewer: Viewer, number: int, rule: str, after: int = 0) -> list[Row]:
    """One page of the rows that failed a rule, those that this viewer's place lets through."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            "SELECT id, place, key, value FROM quality_fail WHERE run = %s AND rule = %s AND id > %s"
            " ORDER BY id LIMIT %s",
            [number, rule, after, SIZE],
        )
        return dicts(cursor)


def by_place(viewer: Viewer, number: int, rule: str, length: int) -> list[tuple[str, int]]:
    """How many kept rows that failed lie in each place, cut to `length` characters of its code; the most first."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            "SELECT left(place, %s), count(*) FROM quality_fail WHERE run = %s AND rule = %s"
            " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10",
            [length, number, rule],
        )
        return [(place, int(count)) for place, count in cursor.fetchall()]


_TICKETS = """
SELECT id, number, family, state, subject, title, due_at, overdue, ended_at, opened_at, given
FROM proceeding WHERE family = ANY (%s) AND subject = ANY (%s) ORDER BY id DESC LIMIT 200
"""


def tickets(viewer: Viewer, subjects: Sequence[str], families: Sequence[str] = ("ticket",)) -> list[Row]:
    """Proceedings about these subjects that this viewer may see, newest first."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_TICKETS, [list(families), list(subjects)])
        return [{**row, "given": orjson.loads(row["given"])} for row in dicts(cursor)]


def suspended(using: str = ROAD) -> set[str]:
    """Data sets that are no authority now: who merges sources asks this."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT subject FROM proceeding WHERE family = 'authority' AND ended_at IS NULL")
        return {subject.removeprefix("dataset:") for (subject,) in cursor.fetchall()}
