"""旁记 what a filling keeps beside the database until all parts are in: their marks, and how often values occur.

Numbers only, never a text, in files of a folder that goes afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.data.registers import learnt, marks
from zhongshu.data.registers.comparing import PLANS
from zhongshu.data.registers.learnt import LEARNT, Model
from zhongshu.data.registers.subjects import subject_of


class Beside:
    """One register: `starts` the first record of each part, `model` what the first one taught and all counted."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.subject = folder, subject_of(name)
        self.starts: list[int] = []
        self.records = 0
        self.model: Model | None = None

    def note(self, start: int, sums: pa.Table, model: Model) -> None:
        """Remember one part: its first record, the whole sums of its marks, what its records taught and counted."""
        part = len(self.starts)
        self.starts.append(start)
        self.records += sums.num_rows
        for name in sums.column_names:
            held = sums[name].drop_null().to_numpy()
            np.save(self._file(name, part), np.unique(held))
        for name, table in model.terms.items():
            pair = np.stack([table["term"].to_numpy(), table["count"].to_numpy()]).astype(np.int64)
            np.save(self._file(f"term-{name}", part), pair)
        if self.model is None:
            self.model = Model(model.settings, {**model.totals, LEARNT: sums.num_rows})
            return
        totals = dict(self.model.totals)
        for name, count in model.totals.items():
            totals[name] = totals.get(name, 0) + count
        self.model = Model(self.model.settings, totals)

    def _file(self, name: str, part: int) -> Path:
        return self.folder / f"{self.subject.name}-{name}-{part}.npy"

    def _held(self, name: str) -> list[NDArray[np.int64]]:
        found = [np.load(self._file(name, part)) for part in range(len(self.starts))]
        for part in range(len(self.starts)):
            self._file(name, part).unlink()
        return found

    def shared(self) -> dict[str, list[int]]:
        """k1, k2, … -> the marks that more than one part has."""
        found = {}
        for n in range(1, len(marks.BLOCKS[self.subject.name]) + 1):
            every = np.concatenate(self._held(f"k{n}"))
            every.sort()
            again = np.unique(every[1:][every[1:] == every[:-1]])
            found[f"k{n}"] = (again % marks.SPAN).astype(np.int64).tolist()
        return found

    def teach(self) -> None:
        """Keep what was learnt and counted, for the deliveries that follow."""
        if self.model is not None:
            learnt.keep_counted(self.subject.name, self.model, self.records, self._terms())

    def _terms(self) -> Iterator[tuple[str, pa.Table]]:
        fields = PLANS[self.subject.name].rare if self.subject.name in PLANS else ()
        for name in fields:
            term, count = np.concatenate(self._held(f"term-{name}"), axis=1)
            order = np.argsort(term, kind="stable")
            term, count = term[order], count[order]
            first = np.flatnonzero(np.concatenate([[True], term[1:] != term[:-1]])[: len(term)])
            sums = np.add.reduceat(count, first) if len(first) else count
            yield name, pa.table({"term": term[first], "count": sums})
