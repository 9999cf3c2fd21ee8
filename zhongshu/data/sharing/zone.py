"""共享区 the sharing zone: data sets that may be shared, copied in by difference, so that a change has a number."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
from django.conf import settings
from django.db import connections, transaction

from zhongshu.data.databases import APP, OWNER

CHUNK = 10_000
"""Rows that become objects at a time."""
Raw = tuple[str, str, str, Mapping[str, Any]]
"""(key, place, whose row it is, the items): one row of a data set. The third is "" when it is nobody's."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What one landing changed, in rows."""

    rows: int
    added: int
    changed: int
    gone: int
    seconds: float


def subject_of(identity: str) -> str:
    """Keyed hash by which the reads of one person's rows are found again; "" for nobody. Key: the site's secret."""
    if not identity:
        return ""
    secret = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32).digest()
    return hashlib.blake2b(identity.encode(), key=secret, digest_size=16, person=b"zhongshu subject").hexdigest()


_BESIDE = (
    'CREATE TEMP TABLE landing (key text COLLATE "C", place text, subject text, row jsonb, digest bytea) ON COMMIT DROP'
)
_MERGE = """
WITH differing AS (
  SELECT l.*, o.key IS NULL AS fresh FROM landing l
  LEFT JOIN zone_row o ON o.dataset = %(dataset)s AND o.key = l.key
  WHERE o.key IS NULL OR o.gone OR o.digest <> l.digest OR o.place <> l.place
), written AS (
  INSERT INTO zone_row (dataset, key, place, subject, row, digest, seq, changed_at, gone)
  SELECT %(dataset)s, key, place, subject, row, digest, nextval('zone_seq'), %(at)s, false FROM differing
  ON CONFLICT (dataset, key) DO UPDATE SET place = excluded.place, subject = excluded.subject, row = excluded.row,
    digest = excluded.digest, seq = excluded.seq, changed_at = excluded.changed_at, gone = false
), lost AS (
  UPDATE zone_row o SET gone = true, row = '{}', subject = '', seq = nextval('zone_seq'), changed_at = %(at)s
  WHERE o.dataset = %(dataset)s AND NOT o.gone AND NOT EXISTS (SELECT FROM landing l WHERE l.key = o.key)
  RETURNING 1
)
SELECT (SELECT count(*) FROM landing), (SELECT count(*) FILTER (WHERE fresh) FROM differing),
  (SELECT count(*) FILTER (WHERE NOT fresh) FROM differing), (SELECT count(*) FROM lost)
"""
_NOTE = """
INSERT INTO zone_set (dataset, rows, landed_at, seconds) VALUES (%s, %s, %s, %s)
ON CONFLICT (dataset) DO UPDATE SET rows = excluded.rows, landed_at = excluded.landed_at, seconds = excluded.seconds
"""


def bring(dataset: str, rows: Iterable[Raw], at: datetime) -> Brought:
    """Bring the zone to what `rows` say of a whole data set. A row that is gone leaves its key, place and number only.

    Keys must be unique; the first of a key counts.
    """
    began = time.monotonic()
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(_BESIDE)
        with cursor.copy("COPY landing FROM STDIN") as copy:
            for key, place, identity, row in rows:
                text = orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
                digest = hashlib.blake2b(text, digest_size=16).digest()
                copy.write_row((key, place, subject_of(identity), text.decode(), digest))
        cursor.execute("DELETE FROM landing a USING landing b WHERE a.key = b.key AND a.ctid > b.ctid")
        cursor.execute("CREATE INDEX ON landing (key)")
        cursor.execute("ANALYZE landing")
        cursor.execute(_MERGE, {"dataset": dataset, "at": at})
        total, added, changed, gone = cursor.fetchone()
        seconds = time.monotonic() - began
        cursor.execute(_NOTE, [dataset, total, at, seconds])
    return Brought(total, added, changed, gone, seconds)


def sets() -> dict[str, dict[str, Any]]:
    """Data set -> {rows, landed_at} of what lies in the zone."""
    with connections[APP].cursor() as cursor:
        cursor.execute("SELECT dataset, rows, landed_at FROM zone_set ORDER BY dataset")
        return {name: {"rows": rows, "landed_at": at} for name, rows, at in cursor.fetchall()}


def by_community() -> dict[str, dict[str, int]]:
    """Data set -> community -> rows of it that lie in the zone; for a command, not for a screen."""
    found: dict[str, dict[str, int]] = {}
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT dataset, left(place, 12), count(*) FROM zone_row WHERE NOT gone GROUP BY 1, 2")
        for dataset, place, rows in cursor.fetchall():
            found.setdefault(dataset, {})[place] = rows
    return found


def fill(dataset: str, at: datetime) -> Brought:
    """Bring a whole data set of the catalogue into the zone. Raises NotFound, or BadInput when it was not gathered.

    Its key is that of the catalogue, its number in the reading when it has none.
    """
    from zhongshu.data.catalogue import entries, reading

    found = entries.one(dataset)
    return bring(dataset, _rows(found, reading.table_of(found)), at)


def _rows(found: Any, table: Any) -> Iterator[Raw]:
    keys, place = found.keys, found.place
    people = [one.item for one in found.items if one.type == "identity"]
    person = next((item for item in people if item in keys), people[0] if people else "")
    number = 0
    for batch in table.to_batches(max_chunksize=CHUNK):
        for row in batch.to_pylist():
            plain = {name: _plain(value) for name, value in row.items()}
            key = "/".join(str(plain[name]) for name in keys) if keys else f"{number:09}"
            number += 1
            yield key[:200], str(plain.get(place) or ""), str(plain.get(person) or ""), plain


def _plain(value: Any) -> Any:
    """As JSON holds it: times and days as text, what has no words as nothing."""
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, bytes) else float(value) if isinstance(value, Decimal) else value
