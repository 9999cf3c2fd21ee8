"""体征告警的投影与读取 what facts say of a red sign, and the alarms that screens ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import connections

from zhongshu.data.changes import Changes
from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.facts import Fact, Kind

Rule = Callable[[Changes, Fact], None]
SIZE = 100


def _red(c: Changes, f: Fact) -> None:
    p = f.payload
    whole: dict[str, Any] = {name: p[name] for name in ("sign", "value", "limit", "category")}
    blank: dict[str, Any] = {"eased_at": None, "case": None, "answered_at": None, "answered_by": 0, "reason": ""}
    c.put("sign_alarm", f.subject, place=f.place, at=f.at, state="open", **whole, **blank)


def _eased(c: Changes, f: Fact) -> None:
    c.patch("sign_alarm", f.subject, eased_at=f.at)


def _answered(c: Changes, f: Fact) -> None:
    p = f.payload
    said = {"state": "filed" if p.get("case") else "dismissed", "case": p.get("case"), "reason": p["reason"]}
    c.patch("sign_alarm", f.subject, answered_at=f.at, answered_by=p["by"], **said)


RULES: Mapping[str, Rule] = {Kind.SIGN_RED: _red, Kind.SIGN_EASED: _eased, Kind.SIGN_ANSWERED: _answered}


def active() -> dict[tuple[str, str], dict[str, Any]]:
    """(sign, place) -> the alarm that has not eased."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT * FROM sign_alarm WHERE eased_at IS NULL ORDER BY id")
        return {(row["sign"], row["place"]): row for row in dicts(cursor)}


def locked(alarm: int) -> dict[str, Any] | None:
    """One alarm, nobody else's until the transaction ends."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT * FROM sign_alarm WHERE id = %s FOR UPDATE", [alarm])
        found = dicts(cursor)
    return found[0] if found else None


def listed(viewer: Viewer, sign: str = "", only_open: bool = True) -> list[dict[str, Any]]:
    """Alarms of this viewer's place, newest first, at most SIZE."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(
            "SELECT * FROM sign_alarm WHERE (%s = '' OR sign = %s) AND (NOT %s OR state = 'open')"
            " ORDER BY id DESC LIMIT %s",
            [sign, sign, only_open, SIZE],
        )
        return dicts(cursor)
