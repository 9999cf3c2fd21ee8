"""所问 what can be asked of the lake, said without any engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from zhongshu.data.lake.place import FACT, FIRST_YEAR, HOUR, LAST_YEAR, OBSERVATION
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.places import EVERYWHERE, Span

NAMES = {OBSERVATION: "observations", HOUR: "sums", FACT: "facts"}
"""What the tables are called in a statement."""

BY: Mapping[str, Sequence[str]] = {
    OBSERVATION: ("day", "hour", "district", "place", "grid", "sensor"),
    FACT: ("day", "hour", "kind", "district", "place", "actor"),
}
"""By what each table can be cut."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """所问: rows of `table` that happened in [start, end), within `span`, of one grid or sensor if named, cut `by`."""

    start: datetime
    end: datetime
    by: tuple[str, ...]
    grid: str = ""
    sensor: str = ""
    span: Span = EVERYWHERE
    table: str = OBSERVATION

    def __post_init__(self) -> None:
        odd = [name for name in self.by if name not in BY.get(self.table, ())]
        if odd or not self.by:
            raise BadInput(f"by: found {', '.join(odd) or 'nothing'!r}, expected some of {', '.join(BY[self.table])}")
        if not FIRST_YEAR < self.start.year <= self.end.year < LAST_YEAR:
            raise BadInput(f"start: expected a year after {FIRST_YEAR} and before {LAST_YEAR} / 时间超出范围")
        if self.start >= self.end:
            raise BadInput("to: found a moment not after `from` / 结束应晚于开始")
