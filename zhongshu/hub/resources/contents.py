"""按内容复核定级 a review of grades that opens by itself: rows hold what their declared grade does not allow for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import polars as pl
from django.db import transaction

from zhongshu.data import proceedings as rows
from zhongshu.data.catalogue import entries
from zhongshu.data.databases import ROAD
from zhongshu.data.quality import frames
from zhongshu.data.sharing import contents, rules
from zhongshu.data.sharing.grading import RANK, Finding
from zhongshu.hub import runner
from zhongshu.hub.desk import LiveDesk
from zhongshu.hub.resources import moves, proceedings
from zhongshu.hub.resources.proceedings import MakeDesk
from zhongshu.kernel.access import ROAD as SYSTEM
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.facts import Fact

SAMPLE = 20_000
"""Rows of a data set that are looked at."""
FAMILY, SUBJECT = "regrade", "dataset:"


def look(make_desk: MakeDesk, wanted: Sequence[str] = ()) -> list[Fact]:
    """Look at the rows of data sets (all of them when none is named) and open what has to be reviewed.

    An item that was reviewed for its content once is not opened again by itself: a person decided about it.
    """
    desk = make_desk()
    found: list[Fact] = []
    for name in wanted or sorted(rules.catalogued()):
        above = _above(name, desk.now())
        above -= {item for row in rows.about(FAMILY, f"{SUBJECT}{name}") for item in row["given"].get("content", ())}
        if above:
            found.append(_open(make_desk, name, sorted(above)))
    return found


def _above(name: str, now: datetime) -> set[str]:
    """Items whose rows derive a higher grade than was declared, while what is declared of them does not."""
    held = _held(entries.one(name), now)
    fields, book = rules.fields(now), rules.book(now)
    above = set()
    for item, kind in held.items():
        field = fields[name, item]
        by_content = book.verdict(rules.holding(field, kind))
        if field.type == kind or by_content.finding is not Finding.UNDER:
            continue
        plain = book.verdict(field)
        if not plain.grade or RANK[by_content.grade] > RANK[plain.grade]:
            above.add(item)
    return above


def _held(found: entries.Dataset, now: datetime) -> dict[str, str]:
    if found.secret == "yes":
        return {}
    try:
        frame = frames.frame(found, [one.item for one in found.items], SAMPLE)
    except (BadInput, NotFound, OSError):
        # What can't be read is told by its quality, and has no content to grade
        return {}
    return contents.found(frame.select(pl.col(pl.String)), now.astimezone(CITY_TIME).date())


def _open(make_desk: MakeDesk, name: str, items: list[str]) -> Fact:
    with transaction.atomic(using=ROAD):
        desk: LiveDesk = make_desk()
        kinds = _held(entries.one(name), desk.now())
        words = {"identity": "身份号码", "phone": "手机号码"}
        said = "、".join(f"{item}（{words[kinds[item]]}）" for item in items)
        given = {"items": items, "kinds": [kinds[item] for item in items], "reason": f"抽查内容检出：{said}"}
        knowledge = desk.knowledge
        bureau = knowledge.unit_at.get((knowledge.city, moves.BUREAU), "")
        viewer = replace(SYSTEM, unit=bureau, place=knowledge.city)
        fact = proceedings.begun(viewer, moves.move_of(FAMILY, "detect"), f"{SUBJECT}{name}", given, desk)
        runner.submit([fact], desk)
    return fact
