"""模型登记 the register of models, as the hub asks it and as people in a post read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections

from zhongshu.data.databases import APP, ROAD, dicts, planned
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.places import Span

_STATE = "SELECT coalesce(greatest(max(id), max(ended_by)), 0) FROM model_deployment"
_LOCK = 20_017
"""Key of the advisory lock under which deployments change: no two at once."""


@dataclass(frozen=True, slots=True)
class Version:
    """模型版本 as the register has it."""

    id: int
    name: str
    version: str
    checksum: str
    state: str
    trained_by: int
    approvals: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Deployment:
    """部署: `version` of `name` judges within `span`; `before` the deployment that it replaced."""

    id: int
    model: int
    name: str
    version: str
    place: str
    span: Span
    how: str
    at: datetime
    before: int | None


def version() -> int:
    """The last fact that began or ended a deployment, 0 when there was none: what changes when the models do."""
    with connections[ROAD].cursor() as cursor:
        planned(cursor, _STATE, [])
        return int(cursor.fetchone()[0])


def lock() -> None:
    """Whoever changes the register waits here for the other who does, until the transaction ends."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


_DEPLOYED = "SELECT id, model, name, version, place, lo, hi, how, at, before FROM model_deployment"


def in_force(name: str) -> list[Deployment]:
    """The deployments in force, the widest first."""
    return _deployments(" WHERE name = %s AND ended_at IS NULL ORDER BY length(lo), lo", [name])


def deployment(number: int) -> Deployment | None:
    return next(iter(_deployments(" WHERE id = %s", [number])), None)


def _deployments(where: str, arguments: Sequence[Any]) -> list[Deployment]:
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_DEPLOYED + where, arguments)
        return [
            Deployment(id_, model, name, said, place, Span(lo, hi), how, at, before)
            for id_, model, name, said, place, lo, hi, how, at, before in cursor.fetchall()
        ]


_VERSION = "SELECT id, name, version, checksum, state, trained_by, approvals FROM model_version"


def entered(name: str, said: str) -> Version | None:
    """One version by its name, None when it was never entered."""
    return next(iter(_versions(" WHERE name = %s AND version = %s", [name, said])), None)


def numbered(number: int) -> Version | None:
    return next(iter(_versions(" WHERE id = %s", [number])), None)


def _versions(where: str, arguments: Sequence[Any]) -> list[Version]:
    with connections[ROAD].cursor() as cursor:
        cursor.execute(_VERSION.replace("approvals", "approvals::json") + where, arguments)
        return [Version(*row) for row in cursor.fetchall()]


def compared(challenger: int, champion: int) -> bool:
    """Whether these two were measured side by side."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT 1 FROM model_comparison WHERE challenger = %s AND champion = %s", [challenger, champion])
        return cursor.fetchone() is not None


def _rows(viewer: Viewer, sql: str, arguments: Sequence[Any]) -> list[dict[str, Any]]:
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(sql, arguments)
        return dicts(cursor)


_LISTED = """
SELECT v.id, v.name, v.version, v.state, v.published_at, v.card::json, v.approvals::json, v.checksum, v.trained_by,
  (SELECT count(*) FROM model_deployment d WHERE d.model = v.id AND d.ended_at IS NULL) AS places
FROM model_version v WHERE (%s = '' OR v.name = %s) ORDER BY v.id DESC LIMIT 200
"""


def listed(viewer: Viewer, name: str = "") -> list[dict[str, Any]]:
    """Every version, newest first, with its card."""
    return _rows(viewer, _LISTED, [name, name])


_ONE = """
SELECT id, name, version, state, published_at, card::json, approvals::json, checksum, trained_by FROM model_version
WHERE id = %s
"""


def shown(viewer: Viewer, number: int) -> dict[str, Any] | None:
    """One version with its card."""
    return next(iter(_rows(viewer, _ONE, [number])), None)


def deployments(viewer: Viewer, number: int = 0) -> list[dict[str, Any]]:
    """Deployments that concern the viewer, of one version or of all (0): those in force first, then the newest."""
    where = "model = %s" if number else "%s = 0 AND ended_at IS NULL"
    sql = f"SELECT * FROM model_deployment WHERE {where} ORDER BY ended_at IS NOT NULL, id DESC LIMIT 200"
    return _rows(viewer, sql, [number])


_COMPARISONS = """
SELECT k.id, k.champion, k.challenger, k.by, k.at, k.figures::json, a.version AS champion_version,
  b.version AS challenger_version FROM model_comparison k
JOIN model_version a ON a.id = k.champion JOIN model_version b ON b.id = k.challenger
WHERE k.champion = %s OR k.challenger = %s ORDER BY k.id DESC LIMIT 20
"""


def comparisons(viewer: Viewer, number: int) -> list[dict[str, Any]]:
    """Comparisons that a version took part in, newest first."""
    return _rows(viewer, _COMPARISONS, [number, number])


_WATCHES = """
SELECT w.id, w.model, w.deployment, w.at, w.figures::json, w.alarms::json, d.place, d.version, d.name
FROM model_watch w JOIN model_deployment d ON d.id = w.deployment
WHERE (%s = 0 OR w.model = %s) ORDER BY w.id DESC LIMIT 60
"""


def watches(viewer: Viewer, number: int = 0) -> list[dict[str, Any]]:
    """What the watch found, newest first; of one version or of all (0)."""
    return _rows(viewer, _WATCHES, [number, number])


def last_watch(deployment: int) -> datetime | None:
    """When a deployment was last looked at."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT max(at) FROM model_watch WHERE deployment = %s", [deployment])
        found: datetime | None = cursor.fetchone()[0]
        return found


def head() -> dict[str, int]:
    """Month -> facts in its chain: the ledger that was read."""
    with connections[ROAD].cursor() as cursor:
        cursor.execute("SELECT month, seq FROM ledger_head WHERE seq > 0 ORDER BY month")
        return {f"{month:%Y-%m}": int(seq) for month, seq in cursor.fetchall()}
