"""导入命令 the import: rows of a table down the road, the good ones once, the bad ones back as a file."""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DataError

from zhongshu.hub.hub import Hub, Receipt
from zhongshu.hub.sense.normalise import Intake, normalise
from zhongshu.kernel.errors import BadInput, Flaw
from zhongshu.kernel.facts import Kind
from zhongshu.kernel.plugins import Command, Connector, connectors
from zhongshu.kernel.settings import Settings

PACKAGE = Path(__file__).parents[1]
BATCH = 500
SAMPLE = 10
"""Flaws that are shown in words; the rejects file holds them all."""

Row = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """What an import did, or would do."""

    rows: int = 0
    new: int = 0
    known: int = 0
    merged: int = 0
    rejected: int = 0
    categories: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    flaws: list[Flaw] = field(default_factory=list)

    def refuse(self, flaws: Sequence[Flaw]) -> None:
        self.rejected += 1
        self.reasons.update({f"{flaws[0].field}: {flaws[0].expected}": 1})
        self.flaws += flaws[: SAMPLE - len(self.flaws)] if len(self.flaws) < SAMPLE else []

    def take(self, receipt: Receipt) -> None:
        if not receipt.new:
            self.known += 1
            return
        self.new += 1
        for fact in receipt.facts:
            if fact.kind == Kind.MERGED:
                self.merged += 1
            if fact.kind in (Kind.JUDGED, Kind.UNCLEAR):
                self.categories[fact.payload["category"] or "—"] += 1
        sent = next((f.payload["host"] for f in receipt.facts if f.kind == Kind.DISPATCHED), "")
        self.units[sent or "待人工 waits for a person"] += 1


@dataclass(slots=True)
class Rejects:
    """The file of bad rows: their own columns, then line, field, found, expected. Made at the first bad row."""

    path: Path
    stack: ExitStack
    writer: Any = None

    def put(self, columns: Mapping[str, str], flaws: Sequence[Flaw]) -> None:
        if self.writer is None:
            file = self.stack.enter_context(self.path.open("w", encoding="utf-8-sig", newline=""))
            self.writer = csv.DictWriter(file, [*columns, "line", "field", "found", "expected"], extrasaction="ignore")
            self.writer.writeheader()
        for flaw in flaws:
            told = {"line": flaw.line, "field": flaw.field, "found": flaw.found, "expected": flaw.expected}
            self.writer.writerow({**columns, **told})


def connector_of(path: Path) -> Connector:
    """The connector that reads this kind of file; BadInput when none does."""
    found = connectors(PACKAGE / "connectors", "zhongshu.connectors")
    for one in found.values():
        if "accepts" in one.calls and one.calls["accepts"](path):
            return one
    raise BadInput(f"{path.name}: expected a .csv, .csv.gz or .xlsx file / 只能导入 CSV 或 Excel 文件")


@dataclass(slots=True)
class Import:
    """One run over one file."""

    hub: Hub
    file: str
    rejects: Rejects
    dry: bool = False
    tally: Tally = field(default_factory=Tally)

    def run(self, rows: Iterable[Row]) -> Iterator[Tally]:
        """Take the rows in by batches; yields the running tally after each."""
        batch: list[tuple[Row, Intake]] = []
        for row in rows:
            self.tally.rows += 1
            if intake := self._admit(row):
                batch.append((row, intake))
            if len(batch) == BATCH:
                self._store(batch)
                batch = []
                yield self.tally
        self._store(batch)
        yield self.tally

    def _admit(self, row: Row) -> Intake | None:
        flaws: list[Flaw] = list(row["flaws"])
        if not flaws:
            try:
                return normalise({**row["report"], "category": self._category(row)}, self.hub.clock())
            except BadInput as error:
                name, _, rest = str(error).partition(": found ")
                found, _, expected = rest.partition(", expected ")
                flaws = [Flaw(self.file, row["line"], name, found.strip("'"), expected or str(error))]
        self._refuse(row, flaws)
        return None

    def _category(self, row: Row) -> str:
        """The code of a category given by code or by name. Raises BadInput when the pack has no such category."""
        said = row["report"].get("category", "")
        known = self.hub.tools.knowledge.categories
        if not said or said in known:
            return str(said)
        found = [code for code, one in known.items() if said in (one.name, one.name_en)]
        if len(found) != 1:
            raise BadInput(f"category: found {said!r}, expected one category of the pack, by code or name")
        return found[0]

    def _refuse(self, row: Row, flaws: Sequence[Flaw]) -> None:
        self.tally.refuse(flaws)
        self.rejects.put(row["columns"], flaws)

    def _store(self, batch: Sequence[tuple[Row, Intake]]) -> None:
        """One transaction; when the database refuses a value, row by row, so that only the faulty one comes back."""
        if not batch:
            return
        take = self.hub.rehearse if self.dry else self.hub.take_in
        try:
            receipts = take([intake for _, intake in batch])
        except DataError as error:
            if len(batch) > 1:
                for one in batch:
                    self._store([one])
                return
            row = batch[0][0]
            self._refuse(row, [Flaw(self.file, row["line"], "row", str(error).split("\n")[0], "storable values")])
            return
        for receipt in receipts:
            self.tally.take(receipt)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help=".csv, .csv.gz, .xlsx")
    parser.add_argument("--mapping", type=Path, required=True, metavar="MAP.toml", help="对照表 · the mapping")
    parser.add_argument("--dry-run", action="store_true", help="只演练，不写入 · only tell what would happen")
    parser.add_argument("--rejects", type=Path, help="退回文件 · where bad rows go; by default beside FILE")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Import a file; 0 when it was read to its end, whatever rows came back."""
    from zhongshu.hub.loading import load_tools

    hub = Hub(lambda: load_tools(settings, PACKAGE / "scenarios"))
    connector = connector_of(args.file)
    path = args.rejects or args.file.with_name(args.file.name.split(".")[0] + ".rejects.csv")
    start = time.monotonic()
    with ExitStack() as stack:
        job = Import(hub, args.file.name, Rejects(path, stack), args.dry_run)
        for tally in job.run(connector.read(args.file, args.mapping)):
            rate = tally.rows / max(time.monotonic() - start, 1e-9)
            sys.stderr.write(f"\r{tally.rows:,} 行 rows · {rate:,.0f}/s")
    sys.stderr.write("\n")
    sys.stdout.write("\n".join(summary(job.tally, args.dry_run, path)) + "\n")
    return 0


def summary(tally: Tally, dry: bool, rejects: Path) -> Iterator[str]:
    """The lines that the command prints."""
    yield "演练，未写入 · dry run, nothing written" if dry else "导入完成 · imported"
    yield f"  行 rows {tally.rows:,}  新 new {tally.new:,}（并案 merged {tally.merged:,}）  已有 known {tally.known:,}"
    if tally.rejected:
        yield f"  退回 rejected {tally.rejected:,} → {rejects}"
        yield from (f"    {count:>8,}  {reason}" for reason, count in tally.reasons.most_common(SAMPLE))
        yield from (f"    {flaw}" for flaw in tally.flaws)
    for title, counts in (("类别 categories", tally.categories), ("单位 units", tally.units)):
        if counts:
            yield f"  {title}"
            yield from (f"    {count:>8,}  {name}" for name, count in counts.most_common(SAMPLE))


COMMANDS: list[Command] = [
    Command("import", "导入表格为诉求", "take the rows of a table in as reports", _arguments, run),
]
