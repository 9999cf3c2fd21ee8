"""受理登记 intake keys: the database says whether a report is new, so a second arrival makes no second case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.db import connections

from zhongshu.data.databases import ROAD, planned

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


def save_contacts(contacts: Sequence[Mapping[str, Any]]) -> None:
    """Keep who reported (id, name, phone) outside the ledger."""
    with connections[ROAD].cursor() as cursor:
        planned(
            cursor,
            "INSERT INTO contact (id, name, phone, created_at) SELECT id, name, phone, now()"
            " FROM json_populate_recordset(NULL::contact, %s)",
            [orjson.dumps(list(contacts)).decode()],
        )


def save_observations(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Keep readings (sensor, at, place, value); returns the (sensor, at) pairs that are new."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "INSERT INTO observation (sensor, at, place, value) SELECT sensor, at, place, value"
            " FROM json_populate_recordset(NULL::observation, %s) ON CONFLICT DO NOTHING RETURNING sensor, at",
            [orjson.dumps(list(rows)).decode()],
        )
        return [(sensor, at.isoformat()) for sensor, at in cursor.fetchall()]
