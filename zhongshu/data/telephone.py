"""来电 telephone calls that the exchange tells of: whose desk rings, who calls again, the logged look at cases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connections, transaction

from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.intake import caller_key
from zhongshu.kernel.access import Viewer

KEPT = timedelta(days=1)
"""So long the number of a call is kept here; the report keeps its own."""
RINGS = timedelta(minutes=30)
"""A call that nobody said the end of is over after this."""
CASES = 20
"""Cases of one caller that a desk shows, the newest."""


def ring(source: str, key: str, account: str, phone: str, language: str = "") -> bool:
    """A call rings at this person's desk; a second telling of it changes nothing. False when there is no such account.

    Numbers of calls older than KEPT are forgotten with it.
    """
    with transaction.atomic(using=ROAD), connections[ROAD].cursor() as cursor:
        cursor.execute(
            "UPDATE ringing_call SET phone = '' WHERE phone <> '' AND rung_at < now() - make_interval(days => %s)",
            [KEPT.days],
        )
        user = _user(account)
        if not user:
            return False
        cursor.execute(
            'INSERT INTO ringing_call (source, key, "user", phone, caller, language, rung_at, report)'
            " VALUES (%s, %s, %s, %s, %s, %s, now(), 0) ON CONFLICT (source, key) DO NOTHING",
            [source, key, user, phone, caller_key(phone), language],
        )
    return True


def _user(account: str) -> int:
    with connections[APP].cursor() as cursor:
        cursor.execute("SELECT id FROM auth_user WHERE username = %s AND is_active", [account])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def tell(source: str, key: str, ended: bool) -> bool:
    """The call was answered, or is over. False when this source told of no such call."""
    column = "ended_at" if ended else "answered_at"
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            f"UPDATE ringing_call SET {column} = coalesce({column}, now()) WHERE source = %s AND key = %s",
            [source, key],
        )
        return bool(cursor.rowcount)


def ringing(user: int) -> int:
    """The call that this person has on the line now, 0 without one; one that became a report is done with."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            'SELECT id FROM ringing_call WHERE "user" = %s AND ended_at IS NULL AND report = 0'
            " AND rung_at > now() - make_interval(mins => %s) ORDER BY id DESC LIMIT 1",
            [user, int(RINGS.total_seconds() // 60)],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def call(viewer: Viewer, number: int) -> dict[str, Any] | None:
    """{id, phone, caller, language, rung_at} of a call at this very person's desk; None for anybody else's."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            'SELECT id, phone, caller, language, rung_at FROM ringing_call WHERE id = %s AND "user" = %s',
            [number, viewer.user],
        )
        found = dicts(cursor)
    return found[0] if found else None


_BEFORE = """
SELECT k.id AS contact, CASE WHEN c.host = %s THEN '' ELSE k.name END AS name, r.at, c.id AS "case"
FROM contact k JOIN report r ON r.id = k.report JOIN "case" c ON c.id = r."case"
WHERE k.caller = %s AND k.caller <> '' AND c.place >= %s AND c.place < %s
ORDER BY k.id DESC LIMIT %s
"""


def before(viewer: Viewer, caller: str, purpose: str) -> list[dict[str, Any]]:
    """来电人往案: {contact, name, at, case} of what this telephone reported in the viewer's place, newest first.

    Names are read in clear, for the caller is on the line, and each row is logged with who read it and why; the unit
    that handles a matter does not learn the name even so.
    """
    with transaction.atomic(using=ROAD), connections[ROAD].cursor() as cursor:
        cursor.execute(_BEFORE, [viewer.unit, caller, viewer.span.lo, viewer.span.hi, CASES])
        found = dicts(cursor)
        cursor.execute(
            'INSERT INTO personal_read (contact, "case", post, "user", purpose, at)'
            " SELECT k, c, %s, %s, %s, now() FROM unnest(%s::bigint[], %s::bigint[]) AS t(k, c)",
            [viewer.post, viewer.user, purpose, [one["contact"] for one in found], [one["case"] for one in found]],
        )
    return found


def times(caller: str, since: timedelta = timedelta(days=30)) -> int:
    """How often this telephone has reported lately, wherever: a number, and nothing about what."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM contact WHERE caller = %s AND caller <> ''"
            " AND created_at > now() - make_interval(days => %s)",
            [caller, since.days],
        )
        return int(cursor.fetchone()[0])


def settle(viewer: Viewer, number: int, report: int) -> None:
    """The call of this very person became this report."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(
            "UPDATE ringing_call SET report = %s, answered_at = coalesce(answered_at, now())"
            ' WHERE id = %s AND "user" = %s',
            [report, number, viewer.user],
        )
