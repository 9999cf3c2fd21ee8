"""案件清单 lists: the work list and the search of every level, one page at a time.

Which cases make the page is asked with the span as plain constants, so that the planner knows how narrow it is; what
they say is then read under row-level security, which has the last word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.grams import grams
from zhongshu.data.newest import Asked, Clause, newest, together
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.lifecycle import Role, State
from zhongshu.kernel.places import CELL, Level, Span

SIZE = 50
CAP = 1000
"""Counts are exact up to here; beyond it a list says "1,000+"."""
SOON = timedelta(hours=4)

DUTIES: dict[Role, tuple[State, ...]] = {
    Role.OPERATOR: (State.UNCLEAR, State.CALLING),
    Role.ARBITER: (State.UNDECIDED, State.RETURNED),
    Role.CHECKER: (State.VERIFYING, State.CHECKING),
}
"""The states in which a case waits for this role; a handler's cases wait for the handler's own unit as well."""
CLOCKS_OF: dict[Role, tuple[str, ...]] = {
    Role.OPERATOR: ("accept", "call_back", "verify"),
    Role.ARBITER: ("dispatch", "rule"),
    Role.CHECKER: ("verify", "check", "call_back"),
    Role.HANDLER: ("sign", "contact", "make_safe", "handle", "supervise"),
    Role.CHIEF: (
        "accept",
        "verify",
        "dispatch",
        "rule",
        "sign",
        "contact",
        "make_safe",
        "handle",
        "check",
        "call_back",
    ),
}
CLOCKED = 1000
"""So many cases are put in the order of their limits; of a longer list the newest so many and, beside them,"""
FIRST = 300
"""so many of those whose limit for handling ends first, found among"""
DUE = 10_000
"""so many of the span that are due first: a list that holds few of them may not cost a walk through all."""
_CURSOR = re.compile(r"-?\d{1,19}-\d{1,19}\Z")
_HANDLING = (State.DISPATCHED, State.HANDLING)

_NUMBER = re.compile(r"\d{8}-(\d+)\Z")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """筛选: what a list is narrowed to; the default is everything that the viewer may see."""

    q: str = ""
    states: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    unit: str = ""
    place: Span | None = None
    overdue: bool = False
    due_soon: bool = False
    mine: bool = False
    urgent: bool = False
    stuck: bool = False
    open: bool = False
    proactive: bool = False
    queue: str = ""
    """One of QUEUES."""
    assignee: int = -1
    """担当人: whose hands it is in, a user's number; 0 nobody's yet, -1 whoever's."""
    opened_since: datetime | None = None
    closed_since: datetime | None = None
    broken_since: datetime | None = None
    """Open cases with a limit that ran out since."""
    box: Box | None = None
    """west, south, east, north in WGS-84 degrees."""


@dataclass(frozen=True, slots=True)
class Page:
    """一页: `next` is the cursor of the page after, or None. `count` is None after page one."""

    rows: list[dict[str, Any]]
    next: int | str | None
    count: int | None
    capped: bool = False


def cell_ranges(box: Box) -> list[tuple[int, int]]:
    """The neighbourhood cells of a box as ranges of the column `cell`, one for each column of cells."""
    west, south, east, north = box
    low, high = int((south + 90) / CELL), int((north + 90) / CELL)
    columns = range(int((west + 180) / CELL), int((east + 180) / CELL) + 1)
    return [(x * 1_000_000 + low, x * 1_000_000 + high) for x in columns]


def _text(q: str) -> tuple[list[Clause], list[Clause]]:
    """A number finds its case at once; anything else is looked up by tokens, and rechecked on the words."""
    number = _NUMBER.match(q.strip())
    if number:
        return [("c.id = %s", [int(number[1])])], []
    terms = q.split()
    tokens = grams(" ".join(term for term in terms if len(term) > 1))
    said = [_says(term) for term in terms]
    return ([("c.grams @> %s::int[]", [tokens])], said) if tokens else (said, [])


def _says(term: str) -> Clause:
    # strpos, because the planner takes ILIKE '%…%' for rare and then leaves the quick walk down the ids.
    if term.lower() == term.upper():
        # Chinese knows no capitals, and the text needs no copy in small letters: a recheck costs half.
        return "(strpos(c.text, %s) > 0 OR strpos(c.address, %s) > 0 OR strpos(c.number, %s) > 0)", [term] * 3
    return "strpos(lower(c.text || ' ' || c.address || ' ' || c.number), %s) > 0", [term.lower()]


def _among(name: str, codes: Sequence[str]) -> Clause:
    """One code is asked for by =, because only then the index on (code, id) gives its rows in order."""
    return (f"c.{name} = %s", [codes[0]]) if len(codes) == 1 else (f"c.{name} = ANY (%s)", [list(codes)])


_INSIDE = "place >= %(lo)s AND place < %(hi)s"
TAIL = "tail"
"""特需与罕见: the queue of its own that special needs and rare classes wait in, by their own limits (see tail)."""
QUEUES: dict[str, str] = {
    "asked": f"""c.id IN (SELECT "case" FROM request WHERE answer = '' AND {_INSIDE} AND "by" <> %(user)s)""",
    "supervised": f"""c.id IN (SELECT "case" FROM clock WHERE name = 'supervise' AND stopped_at IS NULL
        AND {_INSIDE})""",
    "nearly": f"""c.id IN (SELECT "case" FROM clock WHERE nearly AND NOT overdue AND stopped_at IS NULL
        AND paused_at IS NULL AND {_INSIDE})""",
    "escalated": "c.escalated = %(level)s AND c.closed_at IS NULL",
    "twice": "c.returned >= 2 AND c.closed_at IS NULL",
    "unsolved": "c.redone > 0 AND c.closed_at IS NULL",
    "unhappy": """c.closed_at > now() - interval '30 days' AND EXISTS (SELECT FROM call_back b
        WHERE b."case" = c.id AND b.final AND b.satisfaction <= 2)""",
    "team": "c.host = %(unit)s AND c.state IN ('dispatched', 'handling', 'waiting', 'hung')",
    "own": "c.host = %(unit)s AND c.claimed = %(user)s AND c.state IN ('dispatched', 'handling', 'waiting', 'hung')",
    "unclaimed": "c.host = %(unit)s AND c.claimed = 0 AND c.state IN ('dispatched', 'handling', 'waiting', 'hung')",
    "assists": """c.id IN (SELECT "case" FROM task WHERE unit = %(unit)s AND role = 'assist' AND state = 'given')
        AND c.closed_at IS NULL""",
    TAIL: f"""c.id IN (SELECT "case" FROM clock WHERE name IN ('special', 'rare') AND stopped_at IS NULL
        AND {_INSIDE})""",
}
"""Lists that are more than a filter: 待我审批, 督办, 预逾期, 提级到本级, 两次退单, 未解决重办,
不满意, 我的组, 我的, 未认领, 协办, 特需与罕见."""
_RUNS = "k.name IN ('special', 'rare') AND k.stopped_at IS NULL"
_HELD = re.compile(r"%\((\w+)\)s")


def _queue(viewer: Viewer, name: str) -> Clause:
    """The clause of one of QUEUES with this viewer's own values in it."""
    own = {
        "lo": viewer.span.lo,
        "hi": viewer.span.hi,
        "user": viewer.user,
        "unit": viewer.unit,
        "level": int(viewer.level),
    }
    return _HELD.sub("%s", QUEUES[name]), [own[held] for held in _HELD.findall(QUEUES[name])]


def _mine(viewer: Viewer) -> list[Clause]:
    """The ways in which a case may wait for this person, one for each state: a code asked by = comes in order.

    A community's checker also calls back what the community itself handled.
    """
    states = {state for role in viewer.roles for state in DUTIES.get(role, ())}
    ways: list[Clause] = [("c.state = %s", [state]) for state in sorted(states)]
    if Role.HANDLER in viewer.roles:
        ways.append(("c.host = %s AND c.state = ANY (%s)", [viewer.unit, list(_HANDLING)]))
    if viewer.level is Level.COMMUNITY and Role.CHECKER in viewer.roles:
        own = "SELECT code FROM data_unit WHERE place = %s AND valid_to IS NULL"
        ways.append((f"c.state = %s AND c.host IN ({own})", [State.CALLING, viewer.place]))
    return ways or [("false", [])]


def _box(box: Box) -> list[Clause]:
    west, south, east, north = box
    found: list[Clause] = [("c.lon BETWEEN %s AND %s AND c.lat BETWEEN %s AND %s", [west, east, south, north])]
    if (east - west) / CELL < 60:
        ranges = cell_ranges(box)
        spelt = " OR ".join("c.cell BETWEEN %s AND %s" for _ in ranges)
        found.append((f"({spelt})", [edge for pair in ranges for edge in pair]))
    return found


def _within(viewer: Viewer, wanted: Wanted) -> Clause:
    spans = [viewer.span, *([wanted.place] if wanted.place else [])]
    edges = [max(span.lo for span in spans), min(span.hi for span in spans)]
    if wanted.unit and wanted.unit == viewer.unit and not wanted.place:
        # A unit's cases lie in its own span. The planner takes the two for chance, and would cut two long lists with
        # each other instead of walking down the unit's; coalesce hides the range from it.
        return "coalesce(c.place >= %s AND c.place < %s, false)", edges
    return "c.place >= %s AND c.place < %s", edges


def _asked(viewer: Viewer, wanted: Wanted, now: datetime) -> Asked:
    found = [_within(viewer, wanted)]
    plain: dict[str, tuple[Any, list[Any]]] = {
        "c.host = %s": (wanted.unit, [wanted.unit]),
        "c.overdue AND c.closed_at IS NULL": (wanted.overdue, []),
        "c.due_at >= %s AND c.due_at < %s AND c.closed_at IS NULL": (wanted.due_soon, [now, now + SOON]),
        "c.urgency >= 2 AND c.closed_at IS NULL": (wanted.urgent, []),
        "c.stuck": (wanted.stuck, []),
        "c.closed_at IS NULL": (wanted.open, []),
        "c.proactive": (wanted.proactive, []),
        "c.claimed = %s AND c.state IN ('dispatched', 'handling', 'waiting', 'hung')": (
            wanted.assignee >= 0,
            [wanted.assignee],
        ),
        """c.closed_at IS NULL AND c.id IN (SELECT "case" FROM clock WHERE overdue AND stopped_at IS NULL
            AND due_at >= %s)""": (wanted.broken_since, [wanted.broken_since]),
        "c.opened_at >= %s": (wanted.opened_since, [wanted.opened_since]),
        "c.closed_at >= %s": (wanted.closed_since, [wanted.closed_since]),
    }
    found += [(sql, given) for sql, (asked, given) in plain.items() if asked]
    found += [
        _among(name, codes) for name, codes in (("state", wanted.states), ("category", wanted.categories)) if codes
    ]
    if wanted.queue in QUEUES:
        found.append(_queue(viewer, wanted.queue))
    if wanted.box:
        found += _box(wanted.box)
        # Said of the state too, for the index of neighbourhood cells (see data.maps).
        found += [("c.state <> 'closed'", [])] if wanted.open else []
    looked_up, said = _text(wanted.q)
    return Asked([*found, *looked_up], _mine(viewer) if wanted.mine else (), said)


_COLUMNS: tuple[str, ...] = (
    "id",
    "number",
    "title",
    "category",
    "state",
    "place",
    "address",
    "host",
    "opened_at",
    "due_at",
)
_COLUMNS += ("closed_at", "urgency", "special", "reports", "overdue", "stuck", "proactive", "lon", "lat")
_COLUMNS += ("returned", "met", "urged", "claimed")


def page(viewer: Viewer, wanted: Wanted, now: datetime, cursor: int | None = None, size: int = SIZE) -> Page:
    """One page, newest first. `cursor` is the last id of the page before, so page 1000 costs what page 1 costs."""
    # The first page is cut from the ids that are counted anyway: one walk instead of two.
    most = size if cursor else max(size, CAP)
    ids = newest(_asked(viewer, wanted, now), most + 1, cursor)
    count, capped = (None, False) if cursor else (min(len(ids), most), len(ids) > most)
    more = ids[size - 1] if len(ids) > size else None
    return Page(rows(viewer, ids[:size]), more, count, capped)


def tail(viewer: Viewer, wanted: Wanted, now: datetime, after: int = 0, size: int = SIZE) -> Page:
    """One page of the long tail (TAIL), the limit that ends first on top, however many other cases wait.

    `after` is how many are on the pages before. A row's `due_at` and `overdue` are those of its own limit.
    """
    asked = _asked(viewer, replace(wanted, queue=""), now)
    where, given = together(asked)
    sql = f"""SELECT c.id, min(k.due_at), bool_or(k.overdue), count(*) OVER ()
      FROM clock k JOIN "case" c ON c.id = k."case" WHERE {_RUNS} AND {where}
      GROUP BY c.id ORDER BY 2, c.id OFFSET %s LIMIT %s"""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(sql, [*given, after, size + 1])
        found = cursor.fetchall()
    shown = {case: {"due_at": due, "overdue": late} for case, due, late, _ in found[:size]}
    held = {row["id"]: row for row in rows(viewer, list(shown))}
    kept = [{**held[case], **limit} for case, limit in shown.items() if case in held]
    count = found[0][3] if found else after
    return Page(kept, after + size if len(found) > size else None, min(count, CAP), count > CAP)


_DUE = """
SELECT c.id, k.due_at, k.overdue, k.name, coalesce(extract(epoch FROM k.due_at) * 1000000, 9e18)::bigint AS rank
FROM unnest(%s::bigint[]) AS c(id) LEFT JOIN LATERAL (
  SELECT due_at, overdue, name FROM clock k WHERE k."case" = c.id AND k.name = ANY (%s) AND k.stopped_at IS NULL
  AND k.paused_at IS NULL ORDER BY due_at LIMIT 1) k ON true
"""


def by_clock(viewer: Viewer, wanted: Wanted, now: datetime, cursor: str = "", size: int = SIZE) -> Page:
    """One page, the limit that ends first on top, then those without any; `clock` of a row is the limit's name.

    Of more than CLOCKED cases the newest and those whose handling must end first are put in order: `capped` says so.
    `cursor` is what the page before said, and keeps its place whatever ends meanwhile.
    """
    asked = _asked(viewer, wanted, now)
    ids = newest(asked, CLOCKED + 1)
    if len(ids) > CLOCKED:
        ids = list({*ids, *_due_first(asked, FIRST)})
    after = tuple(int(part) for part in cursor.split("-")) if _CURSOR.match(cursor) else (-(1 << 62), 0)
    with connections[ROAD].cursor() as read:
        read.execute(
            f"SELECT * FROM ({_DUE}) d WHERE (rank, id) > (%s, %s) ORDER BY rank, id LIMIT %s",
            [ids, list(clocks_of(viewer)), *after, size + 1],
        )
        found = dicts(read)
    shown = {one["id"]: one for one in found[:size]}
    held = {row["id"]: row for row in rows(viewer, list(shown))}
    kept = [
        {**held[case], "due_at": one["due_at"], "overdue": bool(one["overdue"]), "clock": one["name"] or ""}
        for case, one in shown.items()
        if case in held
    ]
    last = found[size - 1] if len(found) > size else None
    count = None if cursor else min(len(ids), CAP)
    return Page(kept, f"{last['rank']}-{last['id']}" if last else None, count, len(ids) > CAP)


def _due_first(asked: Asked, most: int) -> list[int]:
    """Open cases in the order in which their handling must end: down the index of what is due, which stops early."""
    inside, *others = asked.clauses
    where, given = together(replace(asked, clauses=others))
    due = f"""SELECT * FROM "case" c WHERE {inside[0]} AND c.due_at IS NOT NULL AND c.closed_at IS NULL
      ORDER BY c.due_at LIMIT {DUE}"""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(f"SELECT c.id FROM ({due}) c WHERE {where} LIMIT %s", [*inside[1], *given, most])
        return [row[0] for row in cursor.fetchall()]


def clocks_of(viewer: Viewer) -> tuple[str, ...]:
    """The limits that people of these roles answer for."""
    return tuple(sorted({name for role in viewer.roles for name in CLOCKS_OF.get(role, ())}))


def matching(viewer: Viewer, wanted: Wanted, now: datetime, most: int) -> list[int]:
    """The ids of the newest cases that this viewer's list holds."""
    return newest(_asked(viewer, wanted, now), most)


def first(viewer: Viewer, wanted: Wanted, now: datetime, size: int) -> list[dict[str, Any]]:
    """The newest few of a list, uncounted."""
    return rows(viewer, newest(_asked(viewer, wanted, now), size))


def rows(viewer: Viewer, ids: Sequence[int]) -> list[dict[str, Any]]:
    """The list rows of these cases, newest first; cases outside the viewer's span are simply not there."""
    if not ids:
        return []
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(f'SELECT {", ".join(_COLUMNS)} FROM "case" WHERE id = ANY (%s) ORDER BY id DESC', [list(ids)])
        return [dict(zip(_COLUMNS, row, strict=True)) for row in cursor.fetchall()]


def asked(viewer: Viewer, ids: Sequence[int]) -> dict[int, list[str]]:
    """Case id -> the kinds of its requests that wait for an answer."""
    found: dict[int, list[str]] = {}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            """SELECT "case", kind FROM request WHERE "case" = ANY (%s) AND answer = '' ORDER BY id""", [list(ids)]
        )
        for case, kind in cursor.fetchall():
            found.setdefault(case, []).append(kind)
    return found


def clocks(viewer: Viewer, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Case id -> its clocks, running or not, in the shape that `casefile.whole` gives them."""
    if not ids:
        return {}
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            """SELECT "case", jsonb_agg(to_jsonb(k) ORDER BY due_at)::text FROM clock k WHERE "case" = ANY (%s)
            GROUP BY 1""",
            [list(ids)],
        )
        return {case: orjson.loads(text) for case, text in cursor.fetchall()}
