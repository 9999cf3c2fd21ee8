"""治理成效 whether a treated cause came back: its own places against matched ones, from the city's reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from zhongshu.data import causes
from zhongshu.hub.cause_search import Asked, ground
from zhongshu.hub.evaluate.recurrence import WINDOW, Floats, Matters, Recurrence, Refused, recurrence
from zhongshu.hub.judge.causes.events import capped
from zhongshu.kernel.desk import Knowledge

RADIUS = 150.0
"""Metres around a treated place at the least: a report is not made at the very spot (default, no standard)."""
HOURS = 24.0


@dataclass(frozen=True, slots=True)
class Effect:
    """成效: the comparison or why there is none; ids of the cases counted in the treated places, before and after."""

    told: Recurrence | Refused
    radius: float
    before: Sequence[int] = ()
    after: Sequence[int] = ()


def effect(row: Mapping[str, Any], places: Sequence[Mapping[str, Any]], knowledge: Knowledge, now: datetime) -> Effect:
    """How a treated cause's two classes went on in its `places` {lon, lat}; `row` as of data.causes.row."""
    tasked, treated = datetime.fromisoformat(row["tasked_at"]), datetime.fromisoformat(row["treated_at"])
    passed = (now - treated) / timedelta(days=1)
    radius = max(RADIUS, row["distance"])
    start = tasked - timedelta(days=WINDOW)
    columns = causes.columns(start, min(now, treated + timedelta(days=WINDOW)), (row["first"], row["second"]))
    if not len(columns.case):
        return Effect(Refused("none"), radius)
    told = ground(columns, start, knowledge, Asked().classes)
    kept = capped(told.events)
    events = told.events.take(kept)
    gap = (treated - tasked) / timedelta(days=1)
    first = np.array(told.names)[events.kind] == row["first"]
    matters = Matters(events.x, events.y, events.t / HOURS - WINDOW - gap, first)
    centres = np.array([told.metres(one["lon"], one["lat"]) for one in places], np.float64).reshape(-1, 2)
    found = recurrence(matters, centres, radius, gap, passed)
    cases = columns.case[told.kept[kept]]
    spans = ((-gap - WINDOW, -gap), (0.0, min(WINDOW, passed)))
    before, after = (
        [] if isinstance(found, Refused) else _cases(matters, cases, centres, radius, one) for one in spans
    )
    return Effect(found, radius, before, after)


def _cases(matters: Matters, cases: Any, centres: Floats, radius: float, span: tuple[float, float]) -> list[int]:
    apart = np.hypot(matters.x[:, None] - centres[:, 0], matters.y[:, None] - centres[:, 1]).min(axis=1)
    inside = (apart <= radius) & (matters.day >= span[0]) & (matters.day < span[1])
    return [int(one) for one in dict.fromkeys(cases[inside].tolist())]
