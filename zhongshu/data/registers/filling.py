"""整库入库 a whole city into empty registers, part by part, at the same rate from the first person to the last.

Each part is linked in itself by what the first one taught, and copied in without indexes while the next one is linked.
When all are in and the indexes built, what two parts have in common is looked at once. Memory holds two parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connections, transaction

from zhongshu.data.databases import OWNER
from zhongshu.data.registers import blocks, choosing, crossing, features, indexes, marks
from zhongshu.data.registers.beside import Beside
from zhongshu.data.registers.copying import copy, reserve
from zhongshu.data.registers.linking import Linked, link
from zhongshu.data.registers.loading import SIDES, Clock, Taken, columns, copy_chosen, doubts, empty, linked, numbered
from zhongshu.data.registers.settling import Ranks, ranks
from zhongshu.data.registers.subjects import Subject, subject_of

ORDER = ("house", "person", "organisation")
"""Houses first: residences need them."""
ENOUGH = 40_000
"""Records of organisations that are worth a run of their own; those of fewer wait for the next part."""


def fill(parts: Iterable[dict[str, pa.Table]], enough: int = ENOUGH) -> Iterator[Taken]:
    """Empty the registers and take in every part, `told` of each subject as for `loading.take_in`.

    The keys of two parts must not meet. Not one transaction: whoever breaks off begins again with empty registers.
    """
    empty()
    with TemporaryDirectory(prefix="zhongshu-filling-") as folder:
        beside = {name: Beside(Path(folder), name) for name in ORDER}
        with indexes.without(), _Writer() as writer:
            for tables in _gathered(parts, enough):
                yield from _part(tables, beside, writer)
            writer.wait()
            for one in beside.values():
                one.teach()
        for name in ORDER:
            if beside[name].starts:
                yield crossing.across(subject_of(name), beside[name])
    blocks.recount()
    _analyse()


def _analyse() -> None:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(indexes.TABLES)}")


def _gathered(parts: Iterable[dict[str, pa.Table]], enough: int) -> Iterator[dict[str, pa.Table]]:
    """The parts, with organisations only where there are enough of them."""
    waiting: list[pa.Table] = []
    for part in parts:
        tables = dict(part)
        waiting.append(tables.pop("organisation"))
        if sum(one.num_rows for one in waiting) >= enough:
            tables["organisation"], waiting = pa.concat_tables(waiting), []
        yield tables
    if waiting:
        yield {"organisation": pa.concat_tables(waiting)}


class _Writer:
    """Writes one batch while the next is made: the database has a processor of its own."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(1)
        self.last: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: Any) -> None:
        self.pool.submit(connections.close_all)
        self.pool.shutdown()

    def wait(self) -> None:
        """Until everything is written; raises what went wrong."""
        if self.last is not None:
            self.last.result()

    def put(self, batch: _Batch) -> None:
        self.wait()
        self.last = self.pool.submit(batch.write)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one part adds to one register."""

    subject: Subject
    records: Mapping[str, pa.ChunkedArray]
    chosen: choosing.Chosen
    pairs: tuple[list[Any], pa.Table]

    def write(self) -> None:
        with transaction.atomic(using=OWNER):
            copy(self.subject.records, self.records)
            copy_chosen(self.subject, self.chosen)
            doubts(self.subject, *self.pairs)


def _part(tables: dict[str, pa.Table], beside: Mapping[str, Beside], writer: _Writer) -> Iterator[Taken]:
    known = ranks(OWNER)
    built: list[pa.Table] = []
    for name in (one for one in ORDER if one in tables and tables[one].num_rows):
        done, batch = _made(beside[name], tables.pop(name), known, partial(_homes, built, writer))
        built += [batch.chosen.entities] if name == "house" else []
        clock = Clock(done.seconds)
        writer.put(batch)
        clock("wait")
        yield done


def _homes(built: list[pa.Table], writer: _Writer, codes: list[str]) -> pa.Table:
    """Houses by code: those of this part, and for codes that it hasn't those that are registered."""
    here = pa.concat_tables([one.select(list(choosing.HOME)) for one in built])
    here = here.cast(pa.schema(choosing.HOME)).filter(pc.not_equal(here["code"], ""))
    missing = pc.filter(asked := pa.array(codes, pa.string()), pc.invert(pc.is_in(asked, value_set=here["code"])))
    if not len(missing):
        return here
    writer.wait()
    return pa.concat_tables([here, choosing.homes(missing.to_pylist())])


def _made(beside: Beside, told: pa.Table, known: Ranks, homes: choosing.Homes) -> tuple[Taken, _Batch]:
    """Everything of a part that needs no table: whose each record is, its marks, the values of each entity."""
    subject, done = beside.subject, Taken(beside.subject.name, told.num_rows)
    clock = Clock(done.seconds)
    told = numbered(subject, told)
    made = features.of(told, subject.name)
    start = int(told["id"][0].as_py())
    found = _linked(beside, made)
    clock("link")
    sums = marks.sums(made, subject.name)
    beside.note(start, sums, found.model)
    clock("marks")
    done.entities = int(found.cluster.max(initial=-1)) + 1
    first = reserve(subject.table, done.entities)
    entity = found.cluster + first
    told = told.append_column("entity", pa.array(entity))
    chosen = choosing.choose(subject, told, known, homes)
    clock("settle")
    sides = [found.cluster[found.pairs[side].to_numpy() - start] + first for side in SIDES]
    done.doubts = found.pairs.num_rows
    return done, _Batch(subject, columns(told, marks.once(marks.cut(sums), entity)), chosen, (sides, found.pairs))


def _linked(beside: Beside, made: pa.Table) -> Linked:
    """The first part teaches, the others are compared by what it taught."""
    if beside.model is None or not beside.model.settings:
        return linked(beside.subject, made)
    return link(made, beside.subject.name, known=beside.model)
