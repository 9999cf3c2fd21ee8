"""抽样核实 rows drawn at random are held against what is really there; the share that is right is 内容正确性.

Who provides a data set does not confirm it. What is wrong goes to the source as a correction, one for each item.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import transaction

from zhongshu.data.catalogue import entries
from zhongshu.data.catalogue.reading import row as row_of
from zhongshu.data.databases import ROAD
from zhongshu.data.quality import courses, frames, parts, sampling, scoring, visits
from zhongshu.hub import runner
from zhongshu.hub.desk import LiveDesk
from zhongshu.hub.resources import moves, proceedings
from zhongshu.hub.resources.proceedings import MakeDesk
from zhongshu.hub.sense.normalise import clean
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.errors import BadInput, IllegalMove, NotFound
from zhongshu.kernel.facts import Fact, Kind
from zhongshu.kernel.lifecycle import Role

LEAST, MOST = 10, 1000
"""Rows of one sample. 100 right ones of 100 say at least 96 % at a confidence of 95 %, 385 of 385 at least 99 %."""
DRAWERS = frozenset({Role.CHIEF, Role.ARBITER, Role.HANDLER})
CONFIRMERS = frozenset({Role.HANDLER, Role.CHECKER, Role.OPERATOR, Role.ARBITER, Role.CHIEF})
LONGEST = 500
PURPOSE = "数据质量：抽样核实"
_KEY = "__key"


@dataclass(frozen=True, slots=True)
class Wish:
    """要抽什么: a data set, the items that are confirmed, how many rows, and until when people have time."""

    dataset: str
    items: Sequence[str]
    size: int
    until: date | None = None


def may_draw(viewer: Viewer, desk: LiveDesk) -> bool:
    return bool(viewer.roles & DRAWERS) and moves.of_bureau(viewer, desk.knowledge)


def draw(make_desk: MakeDesk, viewer: Viewer, wish: Wish) -> Fact:
    """The data bureau draws a sample of the rows within its place. Raises NotFound, BadInput or IllegalMove."""
    desk = make_desk()
    if not may_draw(viewer, desk):
        raise IllegalMove("only the data bureau draws a sample / 只有数据管理部门可以抽样")
    found = _wished(wish, desk)
    seed = secrets.randbelow(2**53)
    sample, of = _sample(found, viewer, wish.size, seed)
    if not len(sample):
        raise BadInput(f"{wish.dataset}: found no rows here, expected some / 辖区内没有可抽的行")
    number = desk.new_id()
    payload: dict[str, Any] = {
        "dataset": wish.dataset,
        "items": list(wish.items),
        "size": len(sample),
        "of": of,
        "seed": seed,
        "until": wish.until.isoformat() if wish.until else None,
        "unit": viewer.unit,
        "by": viewer.user,
        "rows": [[key, place or viewer.place] for key, place in sample.rows()],
    }
    fact = Fact(number, Kind.SAMPLE_DRAWN, number, desk.now(), None, viewer.post, viewer.place, payload=payload)
    with transaction.atomic(using=ROAD):
        runner.submit([fact], desk)
    return fact


def _wished(wish: Wish, desk: LiveDesk) -> entries.Dataset:
    found = entries.one(wish.dataset)
    items = [one.item for one in found.items if not one.key]
    strange = [item for item in wish.items if item not in items]
    if strange or not wish.items:
        raise BadInput(f"items: found {list(wish.items)}, expected some of {', '.join(items)} / 请选择要核实的信息项")
    if not LEAST <= wish.size <= MOST:
        raise BadInput(f"size: found {wish.size}, expected {LEAST} to {MOST} / 样本量应为 {LEAST} 到 {MOST} 行")
    if wish.until and wish.until < desk.now().date():
        raise BadInput(f"until: found {wish.until}, expected today or a later day / 截止日期不得早于今天")
    if not found.keys:
        raise BadInput(f"{wish.dataset}: its rows have no key / 该数据资源没有主键，无法逐行核实")
    return found


def _sample(found: entries.Dataset, viewer: Viewer, size: int, seed: int) -> tuple[pl.DataFrame, int]:
    """(key, place) of the rows drawn, of those within the viewer's place, and how many of these there are."""
    place = pl.col(found.place).cast(pl.String).fill_null("") if found.place else pl.lit("")
    key = pl.concat_str([pl.col(one).cast(pl.String).fill_null("") for one in found.keys], separator="/")
    chosen = pl.lit(True)
    if found.place:
        chosen = pl.col(found.place).is_between(pl.lit(viewer.span.lo), pl.lit(viewer.span.hi), closed="left")
    with frames.parted(found, {*found.keys, found.place} - {""}, parts.SIZE) as read:
        return sampling.draw(
            (part.filter(chosen).select(key.alias(_KEY), place.alias("place")) for part in read(())), size, seed
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """待核实的一行: the row of the sample, the sample, the data set, and item -> value as its source has it now."""

    row: Mapping[str, Any]
    visit: Mapping[str, Any]
    dataset: entries.Dataset
    values: Mapping[str, str]


def may_confirm(viewer: Viewer, found: entries.Dataset) -> bool:
    """Whether this post may confirm rows of a data set: anybody who works, but for its provider."""
    return bool(viewer.roles & CONFIRMERS) and viewer.unit != found.provider


def show(viewer: Viewer, code: str) -> Shown:
    """Somebody opens one row of a sample; that he read it in clear is logged. NotFound or IllegalMove."""
    row, visit, found = _row(viewer, code)
    if not may_confirm(viewer, found):
        raise IllegalMove("its provider does not confirm it / 须由提供单位以外的在岗人员核实")
    items = [*found.keys, *visit["items"]]
    values = row_of(found, row["key"], items)
    personal = [one.item for one in found.items if one.item in items and one.grade in scoring.PERSONAL]
    if personal:
        with transaction.atomic(using=ROAD):
            courses.note(viewer, found.dataset, row["key"], personal, PURPOSE)
    return Shown(row, visit, found, values)


def _row(viewer: Viewer, code: str) -> tuple[dict[str, Any], dict[str, Any], entries.Dataset]:
    row = visits.row(viewer, code)
    visit = visits.one(viewer, row["visit"]) if row else None
    if row is None or visit is None:
        raise NotFound(f"there is no row {code[:40]!r} to confirm here / 没有这一行，或不在您的范围内")
    return row, visit, entries.one(visit["dataset"])


@dataclass(frozen=True, slots=True)
class Said:
    """核实结论: one of visits.VERDICTS; which items are wrong; what was seen, without anybody's data."""

    verdict: str
    wrong: Sequence[str] = ()
    note: str = ""


def confirm(make_desk: MakeDesk, viewer: Viewer, code: str, said: Said) -> Fact:
    """A person says what he found of one row. Raises NotFound, BadInput or IllegalMove.

    What is wrong, or isn't there at all, begins a correction at the source for each item.
    """
    note = clean(said.note, LONGEST)
    with transaction.atomic(using=ROAD):
        row, visit, found = _row(viewer, code)
        if not may_confirm(viewer, found):
            raise IllegalMove("its provider does not confirm it / 须由提供单位以外的在岗人员核实")
        if visits.lock(code):
            raise IllegalMove("this row was confirmed already / 这一行已有人核实")
        _sound(said, note, visit["items"])
        items = list(said.wrong) if said.verdict == visits.WRONG else []
        asked = items or ([visit["items"][0]] if said.verdict == visits.GONE else [])
        begun = [_corrected(make_desk, viewer, (found.dataset, row["key"], item), said.verdict, note) for item in asked]
        desk = make_desk()
        payload: dict[str, Any] = {"row": code, "dataset": found.dataset, "verdict": said.verdict, "wrong": items}
        payload |= {"note": note, "unit": viewer.unit, "by": viewer.user, "corrections": begun}
        place, number = row["place"], visit["id"]
        fact = Fact(desk.new_id(), Kind.ROW_CONFIRMED, number, desk.now(), None, viewer.post, place, payload=payload)
        runner.submit([fact], desk)
    return fact


def _sound(said: Said, note: str, items: Sequence[str]) -> None:
    if said.verdict not in visits.VERDICTS:
        raise BadInput(
            f"verdict: found {said.verdict!r}, expected one of {', '.join(visits.VERDICTS)} / 请选择核实结论"
        )
    if set(said.wrong) - set(items) or (said.verdict == visits.WRONG) != bool(said.wrong):
        raise BadInput("wrong: expected the items that are wrong, and only then / 结论为“有误”时请勾选有误的信息项")
    if said.verdict != visits.RIGHT and not note:
        raise BadInput("note: has to be filled / 请写明情况")


def _corrected(make_desk: MakeDesk, viewer: Viewer, where: tuple[str, str, str], verdict: str, note: str) -> int:
    dataset, key, item = where
    word = "查无" if verdict == visits.GONE else "有误"
    given = {"item": item, "text": f"抽样核实{word}：{note}"}
    return proceedings.begin(make_desk, viewer, "correction", given, f"record:{dataset}/{key}").subject
