"""计数 counting: the base counters of a period, set by set from the ledger, and the cases behind each of them.

A fact counts in the period in which it happened (`at`), with the unit, class, grid and place that it names itself: so a
grid that is split later, or a case that goes to another unit, changes nothing in the past. What a case *is* (left out,
refused, overdue and open) is what it was at the end of the period. `head` limits everything to what the ledger held
when the period was closed: whatever is written down later, for whatever day, no longer moves it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import APP
from zhongshu.data.ledger import bounds

COUNTERS: Mapping[str, str] = {
    "report": "kind IN ('Judged', 'Unclear', 'Merged') AND received",
    "valid_report": "kind IN ('Judged', 'Unclear', 'Merged') AND received AND NOT refused",
    "merged": "kind = 'Merged' AND received",
    "operate": "born",
    "proactive": "kind = 'Warned'",
    "not_operate": "kind = 'Rejected'",
    "inst": "kind = 'Filed'",
    "not_inst": "kind = 'NotFiled'",
    "verify": "kind IN ('Verified', 'NotFiled')",
    "intime_verify": "kind IN ('Verified', 'NotFiled') AND on_time",
    "dispatch": "kind = 'Dispatched'",
    "returned": "kind = 'Returned'",
    "sign": "kind = 'Signed'",
    "intime_sign": "kind = 'Signed' AND on_time",
    "sign_due": "kind = 'Signed' AND on_time OR kind = 'Overdue' AND clock = 'sign'",
    "contact": "kind = 'Contacted'",
    "intime_contact": "kind = 'Contacted' AND on_time",
    "contact_due": "kind = 'Contacted' AND on_time OR kind = 'Overdue' AND clock = 'contact'",
    "dispose": "kind = 'Handled'",
    "intime_dispose": "kind = 'Handled' AND on_time",
    "replied": "kind = 'Handled' AND held IS NOT NULL",
    "reply_held": "kind = 'Handled' AND held",
    "overdue_dispose": "kind = 'Handled' AND NOT on_time",
    "need_dispose": "kind = 'Handled' OR kind = 'Late'",
    "archive": "kind = 'Evaluated'",
    "intime_archive": "kind = 'Evaluated' AND on_time",
    "need_archive": "kind = 'Due'",
    "late": "kind = 'Late'",
    "overdue": "kind = 'Overdue' AND clock = 'handle'",
    "check": "kind IN ('CheckPassed', 'CheckFailed')",
    "intime_check": "kind IN ('CheckPassed', 'CheckFailed') AND on_time",
    "rework": "kind = 'CheckFailed'",
    "postponed": "kind = 'Extended'",
    "hung": "kind = 'Hung'",
    "urged": "kind = 'Urged'",
    "escalated": "kind = 'Escalated'",
    "supervised": "kind = 'Supervised'",
    "intime_supervise": "kind = 'Answered' AND on_time",
    "supervise_due": "kind = 'Answered' AND on_time OR kind = 'Overdue' AND clock = 'supervise'",
    "call_back": "kind = 'CalledBack'",
    "asked": "kind = 'CalledBack' AND final",
    "valid": "kind = 'CalledBack' AND contacted",
    "no_contact": "kind = 'CalledBack' AND final AND NOT contacted",
    "responded": "kind = 'CalledBack' AND contacted AND responded",
    "solved": "kind = 'CalledBack' AND contacted AND solved",
    "unsolved": "kind = 'CalledBack' AND contacted AND NOT solved",
    "satisfied": "kind = 'CalledBack' AND contacted AND satisfaction >= 4",
    "basic": "kind = 'CalledBack' AND contacted AND satisfaction = 3",
    "discontent": "kind = 'CalledBack' AND contacted AND satisfaction <= 2",
    "redone": "kind = 'Redone'",
    "reopened": "kind = 'Reopened'",
    "excluded": "kind = 'LeftOut'",
}
"""Base counter -> which of the counted facts it counts. Answers go from 1 (非常不满意) to 5 (非常满意); 3 is 基本满意.

Four are of cases, once each: `inst` (first decision of the period), `need_archive` (应结案: handled or closed in the
period, or overdue and neither at its end), `late` (the latter) and `excluded` (left out at its end). All else counts
facts; `report` and the call-backs are one for each reporter.
"""

KINDS = (
    *("Judged", "Unclear", "Warned", "Merged", "Rejected", "NotFiled", "Voided", "Verified", "Decided", "Ruled"),
    *("Dispatched", "Returned", "Signed", "Contacted", "Handled", "CheckPassed", "CheckFailed", "Extended", "Hung"),
    *("Urged", "Escalated", "Supervised", "Answered", "CalledBack", "Redone", "Reopened", "Evaluated", "Overdue"),
)
_DONE = ("Handled", "CheckFailed", "Dispatched", "Closed", "Absorbed", "Rejected", "NotFiled", "Voided")
"""What ends that an overdue case counts as not handled; CheckFailed begins it again."""

CUTS: Mapping[str, str] = {
    "all": "''",
    "unit": "coalesce(host, '')",
    "level": "coalesce(m{n}.value, '')",
    "grid": "coalesce(grid, (SELECT b.payload ->> 'grid' {birth}), '')",
    "category": "coalesce(category, (SELECT b.payload ->> 'category' {birth}), '')",
    "day": "to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')",
    "place": "left(place, %(length{n})s)",
    "cohort": "coalesce(m{n}.value, '')",
}
"""What figures can be cut by; `place` takes the length of a level's prefix, `level` and `cohort` a map of codes. `n`
tells the cuts of one statement apart."""

_MAPPED = {"level": "host", "cohort": "left(e.place, %(length{n})s)"}
"""Cuts that go through `mapping`, and by what."""

_BIRTH = """FROM ledger b WHERE b.subject = e.subject AND b.kind IN ('Judged', 'Unclear', 'Warned')
  AND b.payload ->> 'report' IS NOT NULL ORDER BY b.seq LIMIT 1"""

_FACTS = """
f AS (
  SELECT l.subject, l.kind, l.at, l.seq, l.place, p.host, p.category, p.grid, p.clock,
    coalesce(p.contacted, false) AS contacted, coalesce(p.responded, true) AS responded,
    coalesce(p.solved, false) AS solved, p.satisfaction, coalesce(p.on_time, true) AS on_time,
    coalesce(p.final, true) AS final, (p.reply ->> 'held')::boolean AS held,
    l.kind IN ('Judged', 'Unclear', 'Warned') AND coalesce(p.birth, true) AS born,
    p.report IS NOT NULL AND p."from" IS NULL AND coalesce(p.birth, true)
      AND NOT EXISTS (SELECT FROM ledger s WHERE s.kind = 'Split' AND s.id = l.cause AND s.at >= %(start)s) AS received
  FROM ledger l CROSS JOIN LATERAL json_to_record(l.payload) AS p(
    host text, category text, grid text, clock text, contacted boolean, responded boolean, solved boolean,
    satisfaction int, on_time boolean, final boolean, birth boolean, report bigint, "from" bigint, reply json)
  WHERE l.at >= %(start)s AND l.at < %(end)s AND l.kind = ANY (%(kinds)s) AND {known}
), refused AS (
  SELECT DISTINCT subject FROM f WHERE kind IN ('Rejected', 'NotFiled', 'Voided')
), left_out AS (
  SELECT subject FROM (
    SELECT DISTINCT ON (subject) subject, kind = 'Excluded' OR (payload ->> 'upheld')::boolean AS out
    FROM ledger l WHERE l.kind IN ('Excluded', 'ExclusionReviewed') AND l.at < %(end)s AND {known}
    ORDER BY subject, at DESC, recorded_at DESC, seq DESC) x WHERE out
), ran_out AS (
  SELECT DISTINCT ON (l.subject) l.subject, l.at, l.seq, l.place, p.host, p.category, p.grid
  FROM ledger l CROSS JOIN LATERAL json_to_record(l.payload) AS p(host text, category text, grid text, clock text)
  WHERE l.kind = 'Overdue' AND l.at < %(end)s AND p.clock = 'handle' AND {known}
  ORDER BY l.subject, l.at DESC, l.recorded_at DESC, l.seq DESC
), done AS (
  SELECT DISTINCT ON (l.subject) l.subject, l.kind FROM ran_out r JOIN ledger l ON l.subject = r.subject
  WHERE l.kind IN {done} AND l.at >= r.at AND l.at < %(end)s AND {known}
  ORDER BY l.subject, l.at DESC, l.recorded_at DESC, l.seq DESC
), late AS (
  SELECT r.* FROM ran_out r LEFT JOIN done d USING (subject) WHERE d.kind IS NULL OR d.kind = 'CheckFailed'
), once AS (
  SELECT DISTINCT ON (subject) 'Due' AS kind, subject, at, place, host, category, grid FROM (
    SELECT subject, at, seq, place, host, category, grid FROM f WHERE kind IN ('Handled', 'Evaluated')
    UNION ALL SELECT subject, at, seq, place, host, category, grid FROM late) d ORDER BY subject, at DESC, seq DESC
), filed AS (
  SELECT DISTINCT ON (subject) 'Filed' AS kind, subject, at, place, host, category, grid
  FROM f WHERE kind IN ('Decided', 'Ruled') ORDER BY subject, at, seq
), gone AS (
  SELECT DISTINCT ON (subject) 'LeftOut' AS kind, subject, at, place, host, category, grid
  FROM f JOIN left_out USING (subject) ORDER BY subject, host IS NULL, at DESC, seq DESC
), e AS (
  SELECT f.subject, kind, at, place, host, category, grid, clock, contacted, responded, solved, satisfaction, on_time,
    final, born, received, held, r.subject IS NOT NULL AS refused
  FROM f LEFT JOIN refused r USING (subject) WHERE NOT EXISTS (SELECT FROM left_out x WHERE x.subject = f.subject)
  UNION ALL
  SELECT subject, kind, at, place, host, category, grid, '', false, false, false, NULL, false, false, false, false,
    NULL, false
  FROM (SELECT * FROM once UNION ALL SELECT * FROM filed
    UNION ALL SELECT 'Late', subject, at, place, host, category, grid FROM late) m
  WHERE NOT EXISTS (SELECT FROM left_out x WHERE x.subject = m.subject)
  UNION ALL
  SELECT subject, kind, at, place, host, category, grid, '', false, false, false, NULL, false, false, false, false,
    NULL, false
  FROM gone
)
"""

Head = Mapping[str, int]
"""账本位置: month such as "2026-06-01" -> how many facts its chain held. Two months are enough: older ones are over."""


@dataclass(frozen=True, slots=True)
class Cut:
    """分组: by what figures are cut. `length` is the prefix of place or cohort, `mapping` code -> level or cohort."""

    by: str = "all"
    length: int = 12
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: a period [start, end) of one cut, as the ledger stood at `head` (None: as it stands)."""

    start: datetime
    end: datetime
    cut: Cut = Cut()
    head: Head | None = None


def head(using: str = APP) -> Head:
    """Where the ledger stands: the newest facts of its two last months."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT month, seq FROM ledger_head WHERE seq > 0 ORDER BY month DESC LIMIT 2")
        return {f"{month:%Y-%m-%d}": int(seq) for month, seq in cursor.fetchall()}


def _known(at: Head | None) -> str:
    """The condition that a fact was in the ledger by then; its numbers are our own, so they may stand in the text."""
    if at is None:
        return "true"
    months = sorted(date.fromisoformat(month) for month in at)
    if not months:
        return "false"
    parts = [f"l.recorded_at < '{bounds(months[0])[0]:%Y-%m-%d}Z'"]
    for month in months:
        first, after = bounds(month)
        held = int(at[month.isoformat()])
        parts.append(
            f"l.recorded_at >= '{first:%Y-%m-%d}Z' AND l.recorded_at < '{after:%Y-%m-%d}Z' AND l.seq <= {held}"
        )
    return "(" + " OR ".join(parts) + ")"


def _prepared(asked: Asked, *also: Cut) -> tuple[str, list[str], dict[str, Any]]:
    """A statement that selects {} from the counted facts `e`, the expression of each cut, and the values of both."""
    cuts = (asked.cut, *also)
    values: dict[str, Any] = {"start": asked.start, "end": asked.end, "kinds": list(KINDS)}
    source = "e"
    for n, cut in enumerate(cuts):
        values |= {f"length{n}": cut.length, f"map{n}": orjson.dumps(dict(cut.mapping)).decode()}
        if cut.by in _MAPPED:
            source += f" LEFT JOIN json_each_text(%(map{n})s::json) m{n} ON m{n}.key = {_MAPPED[cut.by].format(n=n)}"
    facts = _FACTS.format(known=_known(asked.head), done=_DONE)
    keys = [CUTS[cut.by].format(birth=_BIRTH, n=n) for n, cut in enumerate(cuts)]
    return f"WITH {facts} SELECT {{}} FROM {source}", keys, values


def counted(asked: Asked, using: str = APP) -> dict[str, dict[str, int]]:
    """Key of the cut -> every base counter. Only what this connection may see. KeyError for a cut not in CUTS."""
    return {keys[0]: found for keys, found in _counted(asked, (), using).items()}


def crossed(asked: Asked, other: Cut, using: str = APP) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, int]]]:
    """What `counted` gives for the cut that is asked, and for another one: the facts are read once."""
    found = _counted(asked, (other,), using)
    return _by(0, found), _by(1, found)


def _counted(asked: Asked, also: Sequence[Cut], using: str) -> dict[tuple[str, ...], dict[str, int]]:
    statement, keys, values = _prepared(asked, *also)
    wanted = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in COUNTERS.values())
    named = ", ".join(f"{key} AS key{n}" for n, key in enumerate(keys))
    order = ", ".join(str(n + 1) for n in range(len(keys)))
    with connections[using].cursor() as cursor:
        cursor.execute(statement.format(f"{named}, {wanted}") + f" GROUP BY {order} ORDER BY {order}", values)
        return {row[: len(keys)]: dict(zip(COUNTERS, row[len(keys) :], strict=True)) for row in cursor.fetchall()}


def _by(place: int, found: Mapping[tuple[str, ...], Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """The counters of several keys, by one of them."""
    parts: dict[str, list[Mapping[str, int]]] = {}
    for keys, counters in found.items():
        parts.setdefault(keys[place], []).append(counters)
    return {key: added(parts[key]) for key in sorted(parts)}


def behind(asked: Asked, key: str, counters: Collection[str], page: tuple[int, int], using: str = APP) -> list[int]:
    """The cases that any of `counters` counts under `key`: ascending ids after page[0], at most page[1]."""
    statement, (expression,), values = _prepared(asked)
    condition = " OR ".join(f"({COUNTERS[name]})" for name in sorted(counters)) or "false"
    sql = statement.format("DISTINCT subject") + (
        f" WHERE ({condition}) AND {expression} = %(key)s AND subject > %(after)s ORDER BY subject LIMIT %(size)s"
    )
    with connections[using].cursor() as cursor:
        cursor.execute(sql, {**values, "key": key, "after": page[0], "size": page[1]})
        return [row[0] for row in cursor.fetchall()]


def added(parts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Counters of several keys together."""
    return {name: sum(part[name] for part in parts) for name in COUNTERS}
