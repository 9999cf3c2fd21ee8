"""切片 what is asked of the lake, as Ibis expressions: one for single rows and sums alike, on every engine the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import ibis
import pyarrow as pa

from zhongshu.data.lake.files import SCHEMAS
from zhongshu.data.lake.place import FACT
from zhongshu.data.lake.wanted import NAMES, Wanted
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.places import EVERYWHERE

ZONE = ibis.interval(seconds=int(CITY_TIME.utcoffset(None).total_seconds()))


@dataclass(frozen=True, slots=True)
class Cut:
    """切片: what is asked of one table; with a `limit` the single rows themselves instead of their counts."""

    table: str
    wanted: Wanted
    limit: int = 0

    def expression(self) -> Any:
        rows = unbound(self.table)
        return single(rows, self.wanted, self.limit) if self.limit else cut(rows, self.wanted)


def unbound(table: str) -> Any:
    """A table of the lake that lies nowhere yet: an engine binds it by its name."""
    return ibis.table(ibis.schema(SCHEMAS[table]), name=NAMES[table])


def cut(rows: Any, wanted: Wanted) -> Any:
    """The expression: `rows` (single observations, facts or sums) of what is wanted, cut and counted.

    Columns: those of `by` (day: the city's; hour: when it begins, UTC), n, and for observations total, least, most.
    """
    kept = rows.filter(_conditions(rows, wanted))
    keys = {"day": (kept.at + ZONE).date(), "hour": kept.at.truncate("h")}
    by = {name: keys[name] if name in keys else kept[name] for name in wanted.by}
    return kept.group_by(**by).aggregate(**_measures(kept, wanted.table)).order_by(list(wanted.by))


def single(rows: Any, wanted: Wanted, limit: int) -> Any:
    """The expression of the single rows that a cut counts, the oldest first, at most `limit` of them."""
    return rows.filter(_conditions(rows, wanted)).order_by(["at", *rows.columns[:1]]).limit(limit)


def _conditions(rows: Any, wanted: Wanted) -> list[Any]:
    found = [rows.at >= _literal(wanted.start), rows.at < _literal(wanted.end)]
    if wanted.span != EVERYWHERE:
        found += [rows.place >= wanted.span.lo, rows.place < wanted.span.hi]
    found += [rows[name] == value for name in ("grid", "sensor") if (value := getattr(wanted, name))]
    return found


def _literal(moment: datetime) -> Any:
    return ibis.literal(moment.astimezone(UTC).replace(tzinfo=None), type="timestamp(6)")


def _measures(rows: Any, table: str) -> dict[str, Any]:
    if table == FACT:
        return {"n": rows.count()}
    if "n" in rows.columns:
        return {"n": rows.n.sum(), "total": rows.total.sum(), "least": rows.least.min(), "most": rows.most.max()}
    value = rows.value
    return {"n": rows.count(), "total": value.sum(), "least": value.min(), "most": value.max()}


def columns_of(found: pa.Table, wanted: Wanted) -> pa.Table:
    """An answer with the same column types from every engine."""
    kinds = {"day": pa.date32(), "hour": pa.timestamp("us"), "n": pa.int64()}
    kinds |= dict.fromkeys(("total", "least", "most"), pa.float64())
    return found.cast(pa.schema([(name, kinds.get(name, pa.string())) for name in found.column_names]))
