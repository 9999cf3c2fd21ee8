"""事件数组 what happened where and when, as plain arrays; repeat callers are capped here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

ANONYMOUS = -1
"""The caller of an event whose caller is unknown; such events are never capped."""


@dataclass(frozen=True, slots=True)
class Events:
    """Arrays of one length: `x`, `y` metres in one plane, `t` hours, `kind` class code 0.., `caller` (-1 unknown),
    `district` any whole number."""

    x: Floats
    y: Floats
    t: Floats
    kind: Numbers
    caller: Numbers
    district: Numbers

    def __len__(self) -> int:
        return len(self.x)

    def take(self, index: NDArray[Any]) -> Events:
        """The events at `index` (numbers or a mask), in that order."""
        columns = (self.x, self.y, self.t, self.kind, self.caller, self.district)
        return Events(*(column[index] for column in columns))


def capped(events: Events, most: int = 2, window: float = 28 * 24.0) -> Numbers:
    """Indexes of the events left when each caller counts at most `most` times per class and `window` hours.

    The earliest are kept. One person who calls forty times must not make a cause (domain.md §8a).
    """
    known = np.flatnonzero(events.caller != ANONYMOUS)
    period = np.floor((events.t[known] - events.t.min(initial=0.0)) / window).astype(np.int64)
    order = np.lexsort((events.t[known], period, events.kind[known], events.caller[known]))
    keys = np.stack([events.caller[known], events.kind[known], period])[:, order]
    begins = np.append(True, np.any(keys[:, 1:] != keys[:, :-1], axis=0))[: len(order)]
    first = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
    late = known[order[np.arange(len(order)) - first >= most]]
    kept = np.ones(len(events), np.bool_)
    kept[late] = False
    return np.flatnonzero(kept)
