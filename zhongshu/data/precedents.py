"""裁定先例 precedents: rulings that decide the next like case, as the road knows them and as people list them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connections

from zhongshu.data.databases import APP, ROAD, dicts, planned
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Precedent

_STATE = "SELECT coalesce(greatest(max(id), max(withdrawn_by)), 0) FROM precedent"
_COLUMNS = 'id, number, category, place, wrong, "to", host, clause, reason, at'


def version() -> int:
    """The last fact that made or withdrew a precedent, 0 when there was none: what changes when they do."""
    with connections[ROAD].cursor() as cursor:
        planned(cursor, _STATE, [])
        return int(cursor.fetchone()[0])


def in_force() -> Mapping[tuple[str, str, str], Precedent]:
    """(category, area, wrong) -> the latest ruling that was not withdrawn."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM precedent WHERE withdrawn_at IS NULL ORDER BY id")
        found = [Precedent(*row) for row in cursor.fetchall()]
    return {(one.category, one.area, one.wrong): one for one in found}


def listed(viewer: Viewer, everything: bool = False) -> list[dict[str, Any]]:
    """The precedents of the viewer's area, newest first; the withdrawn ones too when asked for `everything`."""
    where = "" if everything else " WHERE withdrawn_at IS NULL"
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(f'SELECT "case", was, withdrawn_at, {_COLUMNS} FROM precedent{where} ORDER BY id DESC')
        return dicts(cursor)


def of(ruling: int) -> tuple[int, bool]:
    """(case, in force) of a precedent by its ruling; (0, False) when there is none such."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute('SELECT "case", withdrawn_at IS NULL FROM precedent WHERE id = %s', [ruling])
        row = cursor.fetchone()
    return (int(row[0]), bool(row[1])) if row else (0, False)
