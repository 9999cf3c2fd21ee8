"""填报的统计 what workers filled lately and what it took them, as far as a viewer may see, with the rows counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections

from zhongshu.data.databases import APP, dicts
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

SIZE = 100
"""Fills of one list."""


@dataclass(frozen=True, slots=True)
class Tally:
    """填报指标 since a moment: `days` are (worker, day) on which anything was filled, seconds as the burden counts."""

    fills: int
    workers: int
    days: int
    shown: int
    filled: int
    asked: int
    changed: int
    """Fills in which something was changed."""
    seconds: float
    bare: float

    @property
    def prefilled(self) -> float | None:
        """预填率: fields that had a value before anybody was asked."""
        return self.filled / self.shown if self.shown else None

    @property
    def a_day(self) -> float | None:
        """Forms that one worker filled on one day."""
        return self.fills / self.days if self.days else None

    @property
    def minutes(self) -> float | None:
        """Minutes of one worker on one day."""
        return self.seconds / 60 / self.days if self.days else None

    @property
    def bare_minutes(self) -> float | None:
        """The same if nothing had been filled in."""
        return self.bare / 60 / self.days if self.days else None


_TALLY = """
SELECT count(*), count(DISTINCT by), count(DISTINCT (by, (at AT TIME ZONE 'Asia/Shanghai')::date)),
  coalesce(sum(shown), 0), coalesce(sum(filled), 0), coalesce(sum(asked), 0), count(*) FILTER (WHERE changed > 0),
  coalesce(sum(seconds), 0), coalesce(sum(bare), 0)
FROM form_fill WHERE at >= %s
"""
_LISTED = """
SELECT id, form, subject, entity, place, unit, by, at, shown, filled, asked, changed, seconds, bare FROM form_fill
WHERE at >= %(since)s AND (%(form)s = '' OR form = %(form)s) AND (NOT %(changed)s OR changed > 0)
ORDER BY id DESC LIMIT %(size)s
"""


def tally(viewer: Viewer, since: datetime) -> Tally:
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_TALLY, [since])
        return Tally(*cursor.fetchone())


def listed(viewer: Viewer, since: datetime, form: str = "", changed: bool = False) -> list[dict[str, Any]]:
    """The latest fills since a moment, newest first; `changed`: only those in which something was changed."""
    given: dict[str, Any] = {"since": since, "form": form, "changed": changed, "size": SIZE}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_LISTED, given)
        return dicts(cursor)


_SUBJECTS = """
SELECT subject, entity, place, max(at) FROM form_fill WHERE form = %s GROUP BY 1, 2, 3 ORDER BY place, entity LIMIT %s
"""
_TABLES = "SELECT id, rows, sha256, unit, by, at FROM form_table WHERE form = %s ORDER BY id DESC LIMIT 20"


def subjects(viewer: Viewer, form: str, most: int) -> list[tuple[str, int, str, datetime]]:
    """(subject, number, place, when last) of whom a form was filled for, as far as a viewer may see."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_SUBJECTS, [form, most])
        return list(cursor.fetchall())


def tables(viewer: Viewer, form: str) -> list[dict[str, Any]]:
    """Tables of a form that were taken, with their seals, newest first."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_TABLES, [form])
        return dicts(cursor)


_CORRECTIONS = "SELECT count(*) FROM proceeding WHERE family = 'correction' AND opened_at >= %s"


def corrections(viewer: Viewer, since: datetime) -> int:
    """Corrections that went to a source since a moment, as far as this viewer may see."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_CORRECTIONS, [since])
        return int(cursor.fetchone()[0])


_FORMS_OF_DAY = """
SELECT form, count(*) FROM form_fill WHERE by = %s AND at >= %s GROUP BY form
"""


def of_worker(viewer: Viewer, since: datetime) -> dict[str, int]:
    """Form -> how often this person filled it since a moment."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_FORMS_OF_DAY, [viewer.user, since])
        return dict(cursor.fetchall())


_HELD = """
SELECT i.dataset, i.item, i.name, coalesce(nullif(i.name_en, ''), e.name_en, ''), d.name, d.name_en
FROM data_datasetitem i LEFT JOIN data_element e ON e.code = i.element AND e.valid_to IS NULL
JOIN data_dataset d ON d.code = i.dataset AND d.valid_to IS NULL
WHERE i.element = %s AND i.valid_to IS NULL ORDER BY i.dataset, i.item
"""


def held_by(element: str) -> list[tuple[str, str, str, str, str, str]]:
    """(data set, item, the item's name, the data set's name) of every item that is this element.

    Each name twice, in Chinese and in English.
    """
    with connections[APP].cursor() as cursor:
        cursor.execute(_HELD, [element])
        return list(cursor.fetchall())
