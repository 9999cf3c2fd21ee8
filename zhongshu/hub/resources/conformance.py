"""符合性 hold a department's or a district's feed against a standard, line by line, and keep what was found."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from zhongshu.data.catalogue import demands, entries, feeds, sources, standards
from zhongshu.data.databases import ROAD
from zhongshu.hub import runner
from zhongshu.hub.desk import LiveDesk
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.facts import Fact, Kind

MakeDesk = Callable[[], LiveDesk]
REPORTS = "conformance"
"""Folder of the running hub for reports."""
HEAD = ("file", "line", "field", "found", "expected", "clause", "must", "rule")


@dataclass(frozen=True, slots=True)
class Delivered:
    """来件: a file, said to be rows of a data set, from a unit for a place; `names` item -> column of its own.

    Without a `path` it is what the `source` has now.
    """

    path: Path | None
    dataset: str
    unit: str = ""
    place: str = ""
    names: Mapping[str, str] | None = None
    source: str = ""

    @property
    def name(self) -> str:
        return self.path.name if self.path else self.source


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found; it passed when nothing that must be was lacking."""

    rows: int
    passed: bool
    checked: Sequence[demands.Checked]

    @property
    def findings(self) -> list[demands.Finding]:
        return sorted((one for each in self.checked for one in each.findings), key=lambda one: (one.line, one.rule))


def examine(desk: LiveDesk, standard: str, given: Delivered) -> Result:
    """Hold a feed against what the standard now demands of its data set. BadInput when it demands nothing of it."""
    entry = entries.one(given.dataset)
    asked = standards.rules(standards.one(standard).standard, desk.now()).get(given.dataset, [])
    if not asked:
        raise BadInput(f"{standard}: it demands nothing of {given.dataset!r} / 该标准未对“{entry.name}”作规定")
    if given.path is not None:
        feed, _raw = feeds.of_file(given.path, given.names or {}, desk.now())
    else:
        feed, _raw = feeds.of_source(sources.one(given.source), entry, "", desk.now())
    checked = demands.many(asked, feed)
    return Result(feed.texts.num_rows, not any(one.failing and one.demand.must for one in checked), checked)


def check(make_desk: MakeDesk, viewer: Viewer, standard: str, given: Delivered, home: Path) -> tuple[Fact, Result]:
    """Examine a feed, write its report and keep the result as a fact."""
    desk = make_desk()
    result = examine(desk, standard, given)
    number = desk.new_id()
    report = home / REPORTS / f"{standard}-{given.dataset}-{number}.csv"
    write_report(report, given.name, result)
    payload: dict[str, Any] = {
        "standard": standard,
        "dataset": given.dataset,
        "unit": given.unit or entries.one(given.dataset).provider,
        "file": given.name,
        "rows": result.rows,
        "passed": result.passed,
        "findings": [_told(one) for one in result.checked if one.failing],
        "report": report.name,
        "by": viewer.user,
    }
    versions = {"rules": standards.version(desk.now())}
    place = given.place or viewer.place or desk.knowledge.city
    fact = Fact(number, Kind.FEED_CHECKED, number, desk.now(), None, viewer.post, place, versions, payload)
    with transaction.atomic(using=ROAD):
        runner.submit([fact], desk)
    return fact, result


def _told(one: demands.Checked) -> dict[str, Any]:
    """One failed demand as the fact keeps it: counts, never a value of a row."""
    asked = one.demand
    told = {"rule": asked.rule, "clause": asked.clause, "must": asked.must, "demand": asked.demand}
    return told | {"items": list(asked.items), "value": asked.value, "failing": one.failing}


def write_report(path: Path, file: str, result: Result) -> None:
    """The report as a CSV file: file, line, field, found, expected, clause; the first 1,000 rows of each demand."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEAD)
        for one in result.findings:
            writer.writerow([file, one.line, one.field, one.found, one.expected, one.clause, int(one.must), one.rule])
