"""用数 reading under a grant: the database itself looks at the grant, masks, and writes down whose row was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import Error, connections

from zhongshu.data.databases import APP, ROAD, dicts
from zhongshu.data.viewing import viewing
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import ZhongshuError

MOST = 5000
"""Rows of one page at most."""
BULK = 20_000
"""Rows of one page of a bulk read; each page is committed, with its log, before it goes out."""


class Refused(ZhongshuError):
    """The database refused a use; `failure` is its word: no_grant, ended, expired, not_yet, purpose, item."""

    def __init__(self, failure: str) -> None:
        self.failure = failure
        super().__init__(failure)


@dataclass(frozen=True, slots=True)
class Asked:
    """使用请求: under which grant, for which purpose, in which form (table, person, push, bulk)."""

    grant: int
    purpose: str
    form: str = "table"


@dataclass(frozen=True, slots=True)
class Cut:
    """哪一段: after (`place`, `after`) in order; or one `key`; or what changed after number `since`."""

    place: str = ""
    after: str = ""
    key: str = ""
    since: int | None = None
    size: int = 200

    def told(self) -> str:
        given: dict[str, Any] = {"place": self.place, "after": self.after, "size": self.size}
        if self.key:
            given["key"] = self.key
        if self.since is not None:
            given["since"] = self.since
        return orjson.dumps(given).decode()


@dataclass(frozen=True, slots=True)
class Page:
    """一页: {place, key, seq, gone, row}, masked; `digest` seals the log of whose rows these were."""

    rows: list[dict[str, Any]]
    digest: str


def _span(cursor: Any, viewer: Viewer) -> None:
    """As data.viewing does on the screens' connection, until the transaction ends."""
    cursor.execute(
        "SELECT set_config('zhongshu.lo', %s, true), set_config('zhongshu.hi', %s, true)",
        [viewer.span.lo, viewer.span.hi],
    )


def _reader(viewer: Viewer, use: int) -> str:
    return orjson.dumps({"unit": viewer.unit, "post": viewer.post, "user": viewer.user, "use": use}).decode()


def page(viewer: Viewer, asked: Asked, cut: Cut, use: int) -> Page:
    """One page, logged by row under the number `use`. Call within a transaction of the road's. Raises Refused."""
    with connections[ROAD].cursor() as cursor:
        _span(cursor, viewer)
        try:
            cursor.execute(
                'SELECT place, key, seq, gone, "row"::text AS row FROM share_page(%s, %s, %s, %s)',
                [asked.grant, asked.purpose, _reader(viewer, use), cut.told()],
            )
        except Error as error:
            raise _refused(error) from error
        rows = dicts(cursor)
        cursor.execute("SELECT share_digest(%s)", [use])
        digest = str(cursor.fetchone()[0])
    for row in rows:
        row["row"] = orjson.loads(row["row"]) if row["row"] else None
    return Page(rows, digest)


def _refused(error: Error) -> Exception:
    state = str(getattr(error.__cause__, "sqlstate", ""))
    if not state.startswith("ZS"):
        return error
    return Refused(str(error).split("\n")[0].strip())


def block(viewer: Viewer, asked: Asked, item: str) -> list[tuple[str, str, int]]:
    """(place, value, count) of one item, whole: for whoever suppresses small cells before anybody sees them."""
    with connections[ROAD].cursor() as cursor:
        _span(cursor, viewer)
        try:
            cursor.execute(
                "SELECT place, value, n FROM share_block(%s, %s, %s, %s)",
                [asked.grant, asked.purpose, _reader(viewer, 0), item],
            )
        except Error as error:
            raise _refused(error) from error
        return [(place, value, int(n)) for place, value, n in cursor.fetchall()]


_GRANTS = """
SELECT to_jsonb(g)::text FROM share_grant g
WHERE (%(side)s = '' OR (%(side)s = 'unit' AND unit = %(unit)s) OR (%(side)s = 'provider' AND provider = %(unit)s))
  AND (%(dataset)s = '' OR dataset = %(dataset)s) AND (%(grant)s = 0 OR id = %(grant)s)
ORDER BY state = 'active' DESC, id DESC LIMIT 200
"""


def grants(viewer: Viewer, side: str = "", dataset: str = "", grant: int = 0) -> list[dict[str, Any]]:
    """Grants that this viewer may see; `side` unit: his own, provider: those that he provides."""
    given = {"side": side, "unit": viewer.unit, "dataset": dataset, "grant": grant}
    return _listed(viewer, _GRANTS, given)


_USES = """
SELECT to_jsonb(u)::text FROM share_use u
WHERE (%(dataset)s = '' OR dataset = %(dataset)s) AND (%(unit)s = '' OR unit = %(unit)s)
  AND (%(grant)s = 0 OR u.grant = %(grant)s) AND (%(failed)s IS NULL OR (failure <> '') = %(failed)s)
  AND (%(purpose)s = '' OR strpos(purpose, %(purpose)s) > 0) AND id < %(cursor)s
  AND (%(diagnosis)s = '' OR diagnosis = %(diagnosis)s)
ORDER BY id DESC LIMIT %(size)s
"""


def uses(viewer: Viewer, cursor: int = 2**63 - 1, size: int = 50, **asked: Any) -> list[dict[str, Any]]:
    """审计查询: uses that this viewer may see, newest first.

    `asked`: dataset, unit, grant, failed, purpose (part of it), diagnosis.
    """
    given = {"dataset": "", "unit": "", "grant": 0, "failed": None, "purpose": "", "diagnosis": "", **asked}
    return _listed(viewer, _USES, {**given, "cursor": cursor, "size": size})


_ACCOUNT = """
SELECT jsonb_build_object('dataset', dataset, 'unit', unit, 'pages', count(*) FILTER (WHERE failure = ''),
  'rows', coalesce(sum(rows), 0), 'bytes', coalesce(sum(bytes), 0), 'failed', count(*) FILTER (WHERE failure <> ''),
  'last', max(at) FILTER (WHERE failure = ''), 'grants', count(DISTINCT "grant") FILTER (WHERE failure = ''))::text
FROM share_use WHERE at >= %(since)s GROUP BY dataset, unit ORDER BY coalesce(sum(rows), 0) DESC, dataset, unit
"""


def account(viewer: Viewer, since: Any) -> list[dict[str, Any]]:
    """使用计量: per data set and unit, what was read since a moment, and how often a use failed."""
    return _listed(viewer, _ACCOUNT, {"since": since})


def _listed(viewer: Viewer, sql: str, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(sql, given)
        return [orjson.loads(text) for (text,) in cursor.fetchall()]


_BLOCKED = """
SELECT dataset, item, sum(n)::bigint FROM (
  SELECT split_part(substr(p.subject, 9), '/', 1) AS dataset, i.item, count(*) AS n
  FROM proceeding p, jsonb_array_elements_text(p.given->'items') i(item)
  WHERE p.family IN ('sharing', 'requisition') AND p.state IN ('refused', 'cancelled') AND p.given ? 'items'
  GROUP BY 1, 2
  UNION ALL
  SELECT dataset, note, count(*) FROM share_use WHERE failure = 'not_shared' AND note <> '' GROUP BY 1, 2) both_ways
GROUP BY 1, 2
"""


def blocked(viewer: Viewer) -> dict[tuple[str, str], int]:
    """偏严的代价: (data set, item) -> requests that were refused or stopped, as far as this viewer sees them."""
    with viewing(viewer), connections[APP].cursor() as cursor:
        cursor.execute(_BLOCKED)
        return {(dataset, item): int(n) for dataset, item, n in cursor.fetchall()}


_ORDERLY = """
SELECT jsonb_build_object('provider', coalesce(providers[1], ''), 'asked', count(*),
  'open', count(*) FILTER (WHERE ended_at IS NULL AND state <> 'authorised'),
  'granted', count(*) FILTER (WHERE state IN ('authorised', 'expired', 'revoked')),
  'refused', count(*) FILTER (WHERE state = 'refused'), 'late', count(*) FILTER (WHERE times_overdue > 0))::text
FROM proceeding WHERE family IN ('sharing', 'requisition') AND state NOT IN ('withdrawn', 'cancelled')
GROUP BY providers[1] ORDER BY count(*) DESC, 1
"""


def fulfilment(viewer: Viewer) -> list[dict[str, Any]]:
    """满足率 by provider: asked = open + granted + refused; late ones had at least one limit run out."""
    return _listed(viewer, _ORDERLY, {})
