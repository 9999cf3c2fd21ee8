"""来件 what a department delivers: read from a file or another PostgreSQL, its columns called by the items they are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql

from zhongshu.data.catalogue import cells, entries, files, reading
from zhongshu.data.catalogue.demands import Demand, Feed
from zhongshu.data.catalogue.sources import Source
from zhongshu.kernel.errors import BadInput

HEADED = ("csv", "xlsx", "xlsm", "xls", "ods")
"""Files whose first line is the header."""


def of_file(path: Path, names: Mapping[str, str], now: datetime) -> tuple[Feed, pa.Table]:
    """A feed in a file, and its columns as they are stored. `names`: item -> column, for those with other names.

    Lines count the header as 1, as an office program shows them; rows of files without lines count from 1.
    """
    raw = _named(files.read(path), names)
    suffix = path.suffix.lower().lstrip(".")
    encoding = files.encoding_of(path) if suffix == "csv" else ""
    return _feed((path.name, suffix, encoding), raw, now), raw


def of_source(one: Source, found: entries.Dataset, mark: str, now: datetime) -> tuple[Feed, pa.Table]:
    """What a source has, after `mark` when it is read incrementally. BadInput when it can't be reached or read."""
    if one.kind == "file":
        feed, raw = of_file(reading.folder() / one.location, one.columns, now)
        return (feed, raw) if not mark else _after(feed, raw, one.watermark, mark)
    raw = _named(_fetched(one, found, mark), one.columns)
    return _feed((one.relation, "postgresql", ""), raw, now), raw


def _fetched(one: Source, found: entries.Dataset, mark: str) -> pa.Table:
    address = os.environ.get(one.location, "")
    if not address:
        raise BadInput(f"{one.source}: the environment has no {one.location} / 未设置连接地址 {one.location}")
    columns = [sql.Identifier(one.columns.get(item.item, item.item)) for item in found.items]
    statement = sql.SQL("SELECT {} FROM {}").format(
        sql.SQL(", ").join(columns), sql.Identifier(*one.relation.split("."))
    )
    if mark:
        newer = sql.Identifier(one.columns.get(one.watermark, one.watermark))
        statement += sql.SQL(" WHERE {}::text > {}").format(newer, sql.Literal(mark))
    return reading.query(statement.as_string(), address)


def _named(raw: pa.Table, names: Mapping[str, str]) -> pa.Table:
    items = {column: item for item, column in names.items()}
    return raw.rename_columns([items.get(name, name) for name in raw.column_names])


def _feed(told: tuple[str, str, str], raw: pa.Table, now: datetime) -> Feed:
    """`told`: name, format and encoding of the file."""
    texts = pa.table({name: cells.texts(raw[name]) for name in raw.column_names})
    first = 2 if told[1] in HEADED else 1
    return Feed(*told, texts, pa.array(range(first, first + raw.num_rows), pa.int64()), now)


def _after(feed: Feed, raw: pa.Table, watermark: str, mark: str) -> tuple[Feed, pa.Table]:
    if watermark not in feed.texts.column_names:
        return feed, raw
    # What has no readable watermark is looked at again every time, so that it is given back until it is mended.
    values = feed.texts[watermark]
    kept = pc.or_(pc.greater(values, mark), pc.invert(pc.match_substring_regex(values, cells.PATTERNS["time"])))
    lines = feed.lines.filter(kept.combine_chunks())
    return Feed(feed.file, feed.format, feed.encoding, feed.texts.filter(kept), lines, feed.now), raw.filter(kept)


def own_demands(found: entries.Dataset) -> list[Demand]:
    """What the catalogue itself demands of rows: a key that is filled and its own, values of their type."""
    made = [Demand("key", (name,), "required", "", True, "") for name in found.keys]
    made += [Demand("key", found.keys, "unique", "", True, "")] if found.keys else []
    return made + [
        Demand("type", (one.item,), "type", one.type, True, "") for one in found.items if one.type in cells.EXPECTED
    ]
