"""研判读取 the judgements of a day: counts, lists a page at a time, what was corrected, and how sure was how right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import APP, dicts
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.places import Span

Row = dict[str, Any]
SIZE = 25

BANDS: tuple[tuple[float, float], ...] = (
    (0.0, 0.5),
    (0.5, 0.6),
    (0.6, 0.7),
    (0.7, 0.8),
    (0.8, 0.9),
    (0.9, 0.95),
    (0.95, 1.01),
)
"""把握分段: from (included) to (excluded)."""

_GUESSED = "j.outcome IN ('alone', 'asked') AND j.category <> ''"
_CORRECTED = "j.person <> '' AND j.person <> j.category"
SHOWS: Mapping[str, str] = {
    "all": "true",
    "alone": "j.outcome = 'alone'",
    "told": "j.outcome = 'told'",
    "asked": "j.outcome = 'asked'",
    "waiting": "j.outcome = 'asked' AND j.person = ''",
    "corrected": _CORRECTED,
    "merged": "j.outcome = 'merged'",
    "proposed": "j.other IS NOT NULL",
    "agreed": "j.other IS NOT NULL AND j.settled = 'merged'",
    "declined": "j.other IS NOT NULL AND j.settled = 'declined'",
    "split": "j.split",
}
"""已研判, 机器自判, 来源指定, 转人工, 待人工, 改判, 并案, 疑似重复, 人工并案, 不并案, 拆案: all counted, all listed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """研判筛选: the reports of [start, end); `band` is a number of BANDS, `turn` (judged, corrected) categories."""

    start: datetime
    end: datetime
    show: str = "all"
    categories: Sequence[str] = ()
    place: Span | None = None
    model: str = ""
    band: int | None = None
    turn: tuple[str, str] | None = None
    after: tuple[datetime, int] | None = field(default=None)
    """Moment and id of the last row of the page before."""


def _where(asked: Asked) -> tuple[str, list[Any]]:
    found: list[tuple[str, list[Any]]] = [("j.at >= %s AND j.at < %s", [asked.start, asked.end])]
    found.append((SHOWS[asked.show], []))
    if asked.categories:
        found.append(("j.category = ANY (%s)", [list(asked.categories)]))
    if asked.place:
        found.append(("j.place >= %s AND j.place < %s", [asked.place.lo, asked.place.hi]))
    if asked.model:
        found.append(("j.model = %s", [asked.model]))
    if asked.band is not None:
        found.append(("j.confidence >= %s AND j.confidence < %s", list(BANDS[asked.band])))
        found.append((_GUESSED, []))
    if asked.turn:
        found.append(("j.category = %s AND j.person = %s", list(asked.turn)))
    return " AND ".join(f"({sql})" for sql, _ in found), [one for _, given in found for one in given]


def page(viewer: Viewer, asked: Asked) -> list[Row]:
    """Up to SIZE + 1 judgements, newest first, each with what its case says now."""
    where, given = _where(asked)
    if asked.after:
        where += " AND (j.at, j.id) < (%s, %s)"
        given += asked.after
    sql = f"""SELECT j.*, c.number, c.title, c.state, c.category AS current, c.needs, c.reasons, c.others
      FROM (SELECT * FROM judgement j WHERE {where} ORDER BY j.at DESC, j.id DESC LIMIT {SIZE + 1}) j
      LEFT JOIN "case" c ON c.id = j."case" ORDER BY j.at DESC, j.id DESC"""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(sql, given)
        return [_read(row) for row in dicts(cursor)]


def _read(row: Row) -> Row:
    parsed = {name: orjson.loads(row[name]) for name in ("needs", "reasons", "others") if isinstance(row[name], str)}
    return {**row, **parsed}


_FACTS = """
SELECT DISTINCT ON (l.subject, l.payload->>'report')
  (l.payload->>'report')::bigint AS report, l.kind, l.payload::text AS payload, l.versions::text AS versions
FROM ledger l WHERE l.subject = ANY (%s) AND l.kind IN ('Judged', 'Unclear', 'Merged', 'MergeProposed')
  AND (l.payload->>'report')::bigint = ANY (%s) ORDER BY l.subject, l.payload->>'report', l.seq
"""


def told(viewer: Viewer, rows: Sequence[Mapping[str, Any]]) -> dict[int, Row]:
    """Report -> kind, payload and versions of the fact by which it was judged, as far as this viewer may see it."""
    cases, reports = [row["case"] for row in rows], [row["id"] for row in rows]
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_FACTS, [cases, reports])
        return {
            row["report"]: {**row, "payload": orjson.loads(row["payload"]), "versions": orjson.loads(row["versions"])}
            for row in dicts(cursor)
        }


def texts(viewer: Viewer, reports: Sequence[int]) -> dict[int, str]:
    """What these reports said."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute("SELECT id, text FROM report WHERE id = ANY (%s)", [list(reports)])
        return dict(cursor.fetchall())


def proposals(viewer: Viewer, reports: Sequence[int]) -> set[int]:
    """Which of these reports have a proposed merge that nobody has settled."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute("SELECT report FROM merge_proposal WHERE report = ANY (%s) AND NOT settled", [list(reports)])
        return {row[0] for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Band:
    """把握一段: of `judged` reports, `kept` were not corrected; of the `looked` at by a person, `agreed` were right."""

    low: float
    high: float
    judged: int
    kept: int
    looked: int
    agreed: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class Day:
    """一天的研判: counts by SHOWS, bands, corrections as (judged, corrected, n), models in use with their reports."""

    counts: Mapping[str, int]
    bands: Sequence[Band]
    turns: Sequence[tuple[str, str, int]]
    models: Sequence[tuple[str, int]]


def day(viewer: Viewer, asked: Asked) -> Day:
    """Every figure of the day under the same filters as its list, whatever `show`, `band` and `turn` say."""
    wide = Asked(asked.start, asked.end, "all", asked.categories, asked.place, asked.model)
    where, given = _where(wide)
    base = f"FROM judgement j WHERE {where}"
    counts = ", ".join(f"count(*) FILTER (WHERE {sql})" for sql in SHOWS.values())
    edges = " ".join(f"WHEN j.confidence < {high} THEN {n}" for n, (_low, high) in enumerate(BANDS))
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(f"SELECT {counts} {base}", given)
        counted = dict(zip(SHOWS, cursor.fetchone(), strict=True))
        cursor.execute(
            f"""SELECT CASE {edges} END, count(*), count(*) FILTER (WHERE NOT ({_CORRECTED})),
              count(*) FILTER (WHERE j.person <> ''), count(*) FILTER (WHERE j.person = j.category),
              avg(j.confidence)::float8
            {base} AND {_GUESSED} GROUP BY 1 ORDER BY 1""",
            given,
        )
        found = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(
            f"SELECT j.category, j.person, count(*) {base} AND {_CORRECTED} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2", given
        )
        turns = [(judged, person, n) for judged, person, n in cursor.fetchall()]
        cursor.execute(f"SELECT j.model, count(*) {base} AND j.model <> '' GROUP BY 1 ORDER BY 2 DESC, 1", given)
        models = list(cursor.fetchall())
    bands = [Band(*edge, *found.get(n, (0, 0, 0, 0, None))) for n, edge in enumerate(BANDS)]
    return Day(counted, bands, turns, models)
