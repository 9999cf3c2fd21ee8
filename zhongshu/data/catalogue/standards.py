"""标准 the standards of a pack and what they demand, as in force; and the feeds that were held against them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connections
from django.utils import timezone as clock

from zhongshu.data import models as rows
from zhongshu.data.catalogue.demands import Demand
from zhongshu.data.databases import APP, OWNER
from zhongshu.data.judging import split
from zhongshu.data.versions import digests, in_force
from zhongshu.kernel.errors import NotFound

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Standard:
    """标准: its number and name, who issues it, which one it replaces; `since` when its text was loaded."""

    standard: str
    name: str
    name_en: str
    number: str
    scope: str
    issuer: str
    replaces: str
    basis: str
    since: datetime


_COLUMNS = ("code", "name", "name_en", "number", "scope", "issuer", "replaces", "basis", "valid_from")
_RULE = ("standard", "code", "dataset", "item", "demand", "value", "must", "clause")


def every(at: datetime | None = None, using: str = OWNER) -> dict[str, Standard]:
    """The standards whose texts are loaded, by number."""
    found = in_force(rows.Standard, at or clock.now(), using).order_by("number").values_list(*_COLUMNS)
    return {row[0]: Standard(*row) for row in found}


def one(standard: str, at: datetime | None = None) -> Standard:
    found = every(at).get(standard)
    if found is None:
        raise NotFound(f"there is no standard {standard!r} / 没有这个标准")
    return found


def rules(standard: str, at: datetime | None = None, using: str = OWNER) -> dict[str, list[Demand]]:
    """What a standard demanded at a moment, by data set, in the order of its clauses."""
    held = in_force(rows.StandardRule, at or clock.now(), using).filter(standard=standard).order_by("id")
    found: dict[str, list[Demand]] = {}
    for _, rule, dataset, item, demand, value, must, clause in held.values_list(*_RULE):
        found.setdefault(dataset, []).append(Demand(rule, split(item), demand, value, must, clause))
    return found


def version(at: datetime | None = None) -> str:
    """A digest of every rule in force, for facts to carry."""
    return digests(rows.StandardRule, at or clock.now())


_CHECKS = """
SELECT to_jsonb(c)::text FROM feed_check c WHERE (%(dataset)s = '' OR dataset = %(dataset)s)
  AND (%(standard)s = '' OR standard = %(standard)s) ORDER BY id DESC LIMIT %(size)s
"""


def checks(dataset: str = "", standard: str = "", using: str = APP) -> list[dict[str, Any]]:
    """Feeds that were checked, the newest first."""
    with connections[using].cursor() as cursor:
        cursor.execute(_CHECKS, {"dataset": dataset, "standard": standard, "size": SHOWN})
        return [orjson.loads(text) for (text,) in cursor.fetchall()]


def checked(number: int, using: str = APP) -> dict[str, Any] | None:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c)::text FROM feed_check c WHERE id = %s", [number])
        found = cursor.fetchone()
    return orjson.loads(found[0]) if found else None


_LIVES = """
SELECT DISTINCT ON (subject) subject, id, state, number, due_at, given FROM proceeding
WHERE family = 'standard' AND subject LIKE 'standard:%%' AND state <> 'withdrawn' ORDER BY subject, id DESC
"""


def lives(using: str = OWNER) -> dict[str, dict[str, Any]]:
    """The newest life (办理事项) of each standard that people have begun: standard -> its id, state and limit."""
    with connections[using].cursor() as cursor:
        cursor.execute(_LIVES)
        names = [column.name for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["subject"].removeprefix("standard:"): row for row in found}
