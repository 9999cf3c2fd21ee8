"""归集 fetch what a source has, take the good rows in, give the bad ones back as a file, and say how it went."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.db import Error, transaction

from zhongshu.data.catalogue import cells, counting, demands, entries, feeds, landing, reading, sources
from zhongshu.data.databases import ROAD
from zhongshu.hub import runner
from zhongshu.hub.desk import LiveDesk
from zhongshu.kernel.errors import BadInput, ZhongshuError
from zhongshu.kernel.facts import Fact, Kind

MakeDesk = Callable[[], LiveDesk]
REJECTS = "rejects"
"""Folder of the running hub for files of bad rows."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """The good rows of a delivery, the numbers of the bad ones, and what is wrong with them."""

    good: pa.Table
    bad: np.ndarray[Any, Any]
    findings: tuple[demands.Finding, ...]


def gather(make_desk: MakeDesk, source: str, home: Path) -> Fact:
    """One run of one source: rows and the fact that tells of them in one transaction. NotFound for an unknown source.

    A source that can't be read, or that brings nothing where there was something, changes no row: that is the fact.
    """
    one = sources.one(source)
    found = entries.one(one.dataset)
    desk = make_desk()
    number, began = desk.new_id(), time.monotonic()
    told: dict[str, Any] = {"source": source, "dataset": one.dataset, "unit": found.provider}
    told |= dict.fromkeys(("mark", "rejects", "sentence"), "")
    told |= dict.fromkeys(("read", "added", "changed", "same", "rejected"), 0)
    try:
        with transaction.atomic(using=ROAD):
            told |= _run(one, found, desk, home / REJECTS / f"{source}-{number}.csv")
            return _submit(Kind.GATHERED, number, {**told, "seconds": _since(began)}, desk)
    except (ZhongshuError, Error, OSError, pa.ArrowInvalid) as error:
        told |= {"sentence": str(error).split("\n")[0], "seconds": _since(began)}
        with transaction.atomic(using=ROAD):
            return _submit(Kind.GATHER_FAILED, number, told, desk)


def _since(began: float) -> float:
    return round(time.monotonic() - began, 2)


def _submit(kind: Kind, number: int, payload: dict[str, Any], desk: LiveDesk) -> Fact:
    fact = Fact(number, kind, number, desk.now(), place=desk.knowledge.city, payload=payload)
    runner.submit([fact], desk)
    return fact


def _run(one: sources.Source, found: entries.Dataset, desk: LiveDesk, rejects: Path) -> dict[str, Any]:
    mark = sources.mark(one.source) if one.mode == "incremental" else ""
    feed, raw = feeds.of_source(one, found, mark, desk.now())
    lacking = [item.item for item in found.items if item.item not in raw.column_names]
    if lacking:
        raise BadInput(
            f"{feed.file}: found no column {one.columns.get(lacking[0], lacking[0])!r} / 缺少“{lacking[0]}”列"
        )
    sorted_ = admit(found, feed, raw)
    whole = one.mode == "full"
    if whole and not sorted_.good.num_rows and reading.landed(found.dataset):
        raise BadInput(f"{feed.file}: found no good row, expected some; nothing was removed / 没有可用的行，未作改动")
    landing.prepare(found)
    done = landing.land(found, sorted_.good, whole)
    if len(sorted_.bad):
        give_back(rejects, feed, sorted_)
    counting.keep(found.dataset, counting.count(found), desk.now())
    return {
        "read": raw.num_rows,
        "added": done.added,
        "changed": done.changed + done.gone,
        "same": done.same,
        "rejected": len(sorted_.bad),
        "mark": _mark(one, sorted_.good) or mark,
        "rejects": rejects.name if len(sorted_.bad) else "",
        "sentence": f"消失 {done.gone} 行 · {done.gone} rows are gone" if done.gone else "",
    }


def admit(found: entries.Dataset, feed: demands.Feed, raw: pa.Table) -> Sorted:
    """Part the rows by what the catalogue itself demands of them. Points stay bytes, all else are texts."""
    checked = demands.many(feeds.own_demands(found), feed)
    bad = np.zeros(feed.texts.num_rows, dtype=bool)
    for one in checked:
        if one.mask is not None:
            bad |= one.mask.to_numpy(zero_copy_only=False)
    columns = {item.item: raw[item.item] if item.type == "point" else feed.texts[item.item] for item in found.items}
    good = pa.table(columns).filter(pa.array(~bad))
    return Sorted(good, np.flatnonzero(bad), tuple(finding for one in checked for finding in one.findings))


def _mark(one: sources.Source, good: pa.Table) -> str:
    if not one.watermark or not good.num_rows:
        return ""
    values = good[one.watermark]
    return pc.max(pc.filter(values, pc.match_substring_regex(values, cells.PATTERNS["time"]))).as_py() or ""


def give_back(path: Path, feed: demands.Feed, sorted_: Sorted) -> None:
    """The file of bad rows: their own columns, then line, field, found, expected; one line a fault."""
    lines = feed.lines.take(pa.array(sorted_.bad)).to_pylist()
    rows = dict(zip(lines, feed.texts.take(pa.array(sorted_.bad)).to_pylist(), strict=True))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*feed.texts.column_names, "line", "field", "found", "expected"])
        for one in sorted(sorted_.findings, key=lambda finding: finding.line):
            told = (one.line, one.field, one.found, one.expected)
            writer.writerow([*rows.get(one.line, dict.fromkeys(feed.texts.column_names, "")).values(), *told])


def gather_due(make_desk: MakeDesk, home: Path) -> list[Fact]:
    """Every source whose moment has come."""
    desk = make_desk()
    return [gather(make_desk, one.source, home) for one in sources.due(desk.now())]


def count_all(make_desk: MakeDesk, wanted: Sequence[str] = ()) -> dict[str, int | str]:
    """Count the rows of data sets anew; data set -> rows, or the sentence of why it could not be counted."""
    now, told = make_desk().now(), dict[str, int | str]()
    for name, one in entries.every().items():
        if wanted and name not in wanted:
            continue
        try:
            counts = counting.count(one)
        except BadInput as error:
            told[name] = str(error)
            counts = []
        else:
            told[name] = counts[0].rows if counts else "—"
        counting.keep(name, counts, now)
    return told
