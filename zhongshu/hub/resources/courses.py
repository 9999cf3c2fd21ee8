"""找错 a steward looks through up to twenty rows of a sample of a data set, and gets the cells that look wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import transaction

from zhongshu.data.catalogue import entries
from zhongshu.data.databases import ROAD
from zhongshu.data.quality import courses, frames
from zhongshu.data.quality.cells import cells
from zhongshu.data.quality.detecting import BUDGET, Detector, Suspect, suspects
from zhongshu.hub.resources.proceedings import MakeDesk
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.lifecycle import Role

SAMPLE = 2000
"""Rows of the sample that is learned from and searched."""
LEAST = 5
"""Rows that must have been looked through before suspicions are worth showing."""
STEWARDS = frozenset({Role.CHIEF, Role.ARBITER, Role.HANDLER})
KEY = "__key"


@dataclass(frozen=True, slots=True)
class Sample:
    """抽样: the rows of a course as they are now, item -> cells, by their keys."""

    keys: tuple[str, ...]
    table: Mapping[str, Sequence[str | None]]

    def row(self, key: str) -> dict[str, str]:
        n = self.keys.index(key)
        return {item: cells_[n] or "" for item, cells_ in self.table.items()}


def may(viewer: Viewer, found: entries.Dataset, bureau: str) -> bool:
    """Who may see the values of a data set's rows here: its provider's people, and the data bureau's."""
    return bool(viewer.roles & STEWARDS) and viewer.unit in (found.provider, bureau)


def begin(make_desk: MakeDesk, viewer: Viewer, dataset: str) -> int:
    """A new course over a sample of the rows within the viewer's place; its number. BadInput when there are too few."""
    found, desk = entries.one(dataset), make_desk()
    knowledge = desk.knowledge
    if not may(viewer, found, knowledge.unit_at.get((knowledge.city, "data"), "")):
        raise IllegalMove(
            "only its provider and the data bureau look through rows / 只有提供方和数据管理部门可以逐行查看"
        )
    sample = _sample(found, viewer)
    if len(sample.keys) <= BUDGET:
        raise BadInput(f"{dataset}: found {len(sample.keys)} rows, expected more than {BUDGET} / 行数太少")
    number = desk.new_id()
    course = {
        "id": number,
        "dataset": dataset,
        "place": viewer.place,
        "opened_at": desk.now(),
        "opened_by": viewer.user,
        "items": list(sample.table),
        "rows": list(sample.keys),
    }
    with transaction.atomic(using=ROAD):
        courses.open_one(course)
    return number


def _sample(found: entries.Dataset, viewer: Viewer, items: Sequence[str] = ()) -> Sample:
    wanted = list(items) or [one.item for one in found.items if not one.key]
    held = frames.frame(found, [*wanted, *found.keys], SAMPLE, viewer.span)
    named = [key for key in found.keys if key in held.columns]
    text = pl.concat_str([pl.col(one).cast(pl.String).fill_null("") for one in named], separator="/")
    keyed = held.with_columns((text if named else pl.int_range(pl.len()).cast(pl.String)).alias(KEY)).unique(
        KEY, keep="first", maintain_order=True
    )
    table = {item: keyed[item].cast(pl.String).to_list() for item in wanted if item in keyed.columns}
    return Sample(tuple(keyed[KEY].to_list()), table)


def held(viewer: Viewer, course: Mapping[str, Any]) -> tuple[Sample, Detector]:
    """The rows of a course as they are now, and what is known from those looked through."""
    sample = _sample(entries.one(course["dataset"]), viewer, course["items"])
    places = {key: n for n, key in enumerate(sample.keys)}
    detector = Detector(cells(sample.table), seed=int(course["id"]) % 1000)
    for key, wrong in course["labels"].items():
        if key in places:
            detector.label(places[key], wrong)
    return sample, detector


def label(make_desk: MakeDesk, viewer: Viewer, number: int, key: str, wrong: Sequence[str]) -> list[Suspect]:
    """A row was looked through; what looks wrong now. NotFound, BadInput, or IllegalMove when there were enough."""
    course = courses.one(viewer, number)
    if course is None:
        raise NotFound(f"there is no course {number} here / 没有这次找错，或不在您的范围内")
    if key not in course["rows"] or set(wrong) - set(course["items"]):
        raise BadInput(f"key: found {key[:60]!r}, expected a row of the sample and its items / 不是样本中的行")
    if len(course["labels"]) >= BUDGET and key not in course["labels"]:
        raise IllegalMove(f"{BUDGET} rows are enough / 已看满 {BUDGET} 行")
    desk = make_desk()
    course["labels"][key] = list(wrong)
    sample, detector = held(viewer, course)
    found = suspects(detector.cells, detector.chances()) if len(course["labels"]) >= LEAST else []
    told = [
        {"key": sample.keys[one.row], "item": one.item, "chance": round(one.chance, 3), "why": one.why, "by": one.by}
        for one in found
        if one.row not in detector.labels
    ]
    with transaction.atomic(using=ROAD):
        courses.label(number, key, wrong)
        courses.close(number, told[:1000], desk.now())
    return found
