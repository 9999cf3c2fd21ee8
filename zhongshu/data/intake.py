"""受理登记 intake keys: the database says whether a report is new, so a second arrival makes no second case."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.conf import settings
from django.db import connections

from zhongshu.data.databases import ROAD, planned
from zhongshu.data.lake import late, sums
from zhongshu.kernel.places import Scheme

_CLAIM = """
INSERT INTO intake_key (source, key, report)
SELECT source, key, report FROM json_populate_recordset(NULL::intake_key, %s)
ON CONFLICT DO NOTHING RETURNING report
"""


def claim(wanted: Sequence[tuple[str, str, int]]) -> dict[int, int]:
    """Claim (source, key, report id) triples; returns {wanted report id: report id that holds the key}.

    Equal ids mean the report is new. Runs in the caller's transaction, so an unfinished intake leaves no key behind.
    """
    # In the order of the keys, so that two senders of the same reports never wait for one another in a circle.
    rows = [{"source": source, "key": key, "report": report} for source, key, report in sorted(wanted)]
    with connections[ROAD].cursor() as cursor:
        planned(cursor, _CLAIM, [orjson.dumps(rows).decode()])
        new = {row[0] for row in cursor.fetchall()}
        held = {report: report for report in new}
        old = [row for row in rows if row["report"] not in new]
        if old:
            cursor.execute(
                "SELECT w.report, k.report FROM json_populate_recordset(NULL::intake_key, %s) w"
                " JOIN intake_key k ON k.source = w.source AND k.key = w.key",
                [orjson.dumps(old).decode()],
            )
            held.update(cursor.fetchall())
    return held


LATELY = timedelta(days=30)
"""How long after a case was closed its reporter is known to call again."""
EARLIER = 5
"""Newest earlier reports of a caller that are looked at."""

_SAVE = f"""
WITH given AS (SELECT * FROM json_populate_recordset(NULL::contact, %s)),
kept AS (INSERT INTO contact (id, name, phone, caller, report, created_at)
  SELECT id, name, phone, caller, report, now() FROM given)
SELECT g.report, k.id, k.number, k.category, k.closed_at IS NULL
FROM given g CROSS JOIN LATERAL (
  SELECT c.report FROM contact c WHERE c.caller = g.caller AND c.caller <> '' ORDER BY c.id DESC LIMIT {EARLIER}) e
JOIN report r ON r.id = e.report JOIN "case" k ON k.id = r."case"
WHERE k.closed_at IS NULL OR k.closed_at > %s ORDER BY g.report, r.id DESC
"""


def save_contacts(contacts: Sequence[Mapping[str, Any]], at: datetime) -> dict[int, list[dict[str, Any]]]:
    """Keep who reported (id, name, phone, report) outside the ledger.

    Returns, by report, the matters {case, number, category, open} that the same telephone reported before, the newest
    first, while they are open or were closed less than LATELY before `at`. Asked in the statement that keeps them.
    """
    rows = [{**one, "caller": caller_key(one["phone"])} for one in contacts]
    found: dict[int, list[dict[str, Any]]] = {}
    with connections[ROAD].cursor() as cursor:
        planned(cursor, _SAVE, [orjson.dumps(rows).decode(), at - LATELY])
        for report, case, number, category, opened in cursor.fetchall():
            row = {"case": case, "number": number, "category": category, "open": opened}
            found.setdefault(report, []).append(row)
    return found


def caller_key(phone: str) -> str:
    """The keyed hash of a telephone's digits, "" without any: it tells that two are the same, and nothing else."""
    digits = "".join(filter(str.isdigit, phone))
    if not digits:
        return ""
    secret = hashlib.blake2b(settings.SECRET_KEY.encode()).digest()
    return hashlib.blake2b(digits.encode(), key=secret, digest_size=16, person=b"zhongshu caller").hexdigest()


def save_observations(rows: Sequence[Mapping[str, Any]], scheme: Scheme) -> list[tuple[str, str]]:
    """Keep readings (sensor, at, place, grid, value) and add them to the sums; the (sensor, at) pairs that are new.

    One that is late is also looked for in the lake, where its day may be already.
    """
    known = late.known(rows, scheme)
    fresh = [row for row in rows if (row["sensor"], row["at"]) not in known]
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "WITH kept AS (INSERT INTO observation (sensor, at, place, grid, value)"
            " SELECT sensor, at, place, grid, value FROM json_populate_recordset(NULL::observation, %s)"
            f" ON CONFLICT DO NOTHING RETURNING *), summed AS ({sums.added('kept', scheme)})"
            " SELECT sensor, at FROM kept",
            [orjson.dumps(fresh).decode()],
        )
        return [(sensor, at.isoformat()) for sensor, at in cursor.fetchall()]
