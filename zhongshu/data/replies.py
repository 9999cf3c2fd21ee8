"""答复质量 the rubric's rows of a pack, and the replies that were sent: how many with which flag, and which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connections
from django.utils import timezone as clock

from zhongshu.data.databases import APP, OWNER
from zhongshu.data.versions import fingerprint, in_force
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer

SIZE = 20

_CRITERIA = ("code", "zh", "en", "figure", "meaning_zh", "meaning_en", "holds", "digest")
_WORDS = ("criterion", "part", "points", "pattern", "zh", "en", "digest")


def rubric_rows(at: datetime | None = None, using: str = OWNER) -> tuple[list[Any], list[Any], str]:
    """The city's criteria and words in force, and one digest of both; all empty while its pack has none."""
    found = [_rows("ReplyCriterion", _CRITERIA, at, using), _rows("ReplyWord", _WORDS, at, using)]
    digests = [row["digest"] for rows in found for row in rows]
    return found[0], found[1], fingerprint(digests) if digests else ""


def _rows(model: str, names: Sequence[str], at: datetime | None, using: str) -> list[Any]:
    return list(in_force(apps.get_model("data", model), at or clock.now(), using).order_by("code").values(*names))


@dataclass(frozen=True, slots=True)
class Sent:
    """筛选: replies sent in [start, end), of a unit or "" for all; with a `flag`, "any" of them, or "held" ones."""

    start: datetime
    end: datetime
    unit: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """一个单位的答复: how many were scored, how many bear each flag, how many were held and sent all the same."""

    unit: str
    sent: int
    flags: Mapping[str, int]
    held: int
    mean: float

    @property
    def flagged(self) -> int:
        return sum(self.flags.values())


_COUNTED = """
SELECT unit, flag, count(*), count(*) FILTER (WHERE held), sum(total) FROM reply
WHERE at >= %s AND at < %s GROUP BY 1, 2 ORDER BY 1, 2
"""


def tallies(viewer: Viewer, start: datetime, end: datetime) -> list[Tally]:
    """Every unit that replied in the period, as far as this viewer may see; the largest share of held ones first."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_COUNTED, [start, end])
        found: dict[str, list[tuple[str, int, int, float]]] = {}
        for unit, flag, sent, held, total in cursor.fetchall():
            found.setdefault(unit, []).append((flag, sent, held, total))
    made = [_tally(unit, rows) for unit, rows in found.items()]
    return sorted(made, key=lambda one: (-one.held / one.sent, -one.flagged / one.sent, one.unit))


def _tally(unit: str, rows: Sequence[tuple[str, int, int, float]]) -> Tally:
    sent = sum(row[1] for row in rows)
    flags = {row[0]: row[1] for row in rows if row[0]}
    return Tally(unit, sent, flags, sum(row[2] for row in rows), sum(row[3] for row in rows) / sent)


def together(parts: Sequence[Tally]) -> Tally:
    """All units as one."""
    sent = sum(one.sent for one in parts)
    names = sorted({flag for one in parts for flag in one.flags})
    flags = {name: sum(one.flags.get(name, 0) for one in parts) for name in names}
    mean = sum(one.mean * one.sent for one in parts) / sent if sent else 0.0
    return Tally("", sent, flags, sum(one.held for one in parts), mean)


_LISTED = """
SELECT r.id, r."case", coalesce(c.number, ''), coalesce(c.title, ''), coalesce(c.category, ''), r.place,
  coalesce(c.state, ''), r.unit, r.at, r.total, r.flag, r.held,
  left(l.payload ->> 'result', 400), l.payload ->> 'despite'
FROM (SELECT * FROM reply WHERE at >= %(start)s AND at < %(end)s AND id < %(below)s {more}
  ORDER BY id DESC LIMIT %(size)s) r
LEFT JOIN "case" c ON c.id = r."case"
LEFT JOIN ledger l ON l.subject = r."case" AND l.kind = 'Handled' AND l.id = r.id
ORDER BY r.id DESC
"""
_FACTS = ("unit", "at", "total", "flag", "held", "text", "despite")
_NAMES = ("id", "case", "number", "title", "category", "place", "state", *_FACTS)
_FLAGS: Mapping[str, str] = {"any": "AND flag <> ''", "held": "AND held", "": ""}


def page(viewer: Viewer, sent: Sent, below: int | None = None, size: int = SIZE) -> tuple[list[dict[str, Any]], int]:
    """One page of replies, newest first, each with its words; and the cursor of the page after, 0 without one.

    A reply stays on the list of the place where it was given; a case that went elsewhere since has no title here.
    """
    more = _FLAGS.get(sent.flag, "AND flag = %(flag)s") + (" AND unit = %(unit)s" if sent.unit else "")
    given: dict[str, Any] = {"start": sent.start, "end": sent.end, "flag": sent.flag, "unit": sent.unit}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_LISTED.format(more=more), {**given, "below": below or 1 << 62, "size": size + 1})
        rows = [dict(zip(_NAMES, row, strict=True)) for row in cursor.fetchall()]
    return rows[:size], rows[size - 1]["id"] if len(rows) > size else 0
