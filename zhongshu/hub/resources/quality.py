"""质量检查 look at a data set by its rules, keep what was found; what follows: re-checks, authority lost or won."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from django.db import transaction

from zhongshu.data import proceedings as rows
from zhongshu.data.catalogue import entries
from zhongshu.data.databases import ROAD
from zhongshu.data.figures.rules import thresholds
from zhongshu.data.quality import engine, frames, kept, parts, scoring, visits
from zhongshu.data.quality.engine import Outcome, World
from zhongshu.data.quality.parts import Checked
from zhongshu.data.quality.rules import ROWLESS, Rule
from zhongshu.data.quality.standard import grade
from zhongshu.hub import runner
from zhongshu.hub.desk import LiveDesk
from zhongshu.hub.resources import moves, proceedings
from zhongshu.hub.resources.proceedings import MakeDesk
from zhongshu.hub.resources.tickets import DATASET, RULE
from zhongshu.kernel.access import ROAD as SYSTEM
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.clocks import CITY_TIME
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.facts import Fact

PERIODS: Mapping[str, timedelta] = {"day": timedelta(days=1), "week": timedelta(days=7)}
"""How often a data set of a cycle is looked at; every other one once a month (评价按月)."""
MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Inspected:
    """一次检查: the run as it was kept, what each rule found, and the facts that followed."""

    run: Mapping[str, Any]
    outcomes: Sequence[Outcome]
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the rules found; `checked` is None when the rows could not be read, and `said` why."""

    outcomes: Sequence[Outcome]
    checked: Checked | None
    others: Mapping[str, pl.DataFrame]
    said: str = ""


def due(now: datetime) -> list[str]:
    """Data sets with rules whose time has come; those first that somebody says are mended, or a sample of is done."""
    last, ruled = kept.last_runs(), kept.rules()
    known = entries.every()
    changed = [*kept.mended().items(), *visits.finished().items()]
    urgent = [name for name, at in changed if name in ruled and (name not in last or last[name] <= at)]
    late = [name for name in ruled if name in known and _late(known[name], last.get(name), now)]
    return list(dict.fromkeys([*urgent, *late]))


def _late(found: entries.Dataset, last: datetime | None, now: datetime) -> bool:
    return last is None or now - last >= PERIODS.get(found.cycle, MONTH)


def inspect(make_desk: MakeDesk, dataset: str, size: int = parts.SIZE) -> Inspected:
    """Look at one data set now and keep what was found, with its consequences, in one transaction.

    A set of more than `size` rows is read in parts. One that can't be read is kept as such: that is a result too.
    NotFound when there is no such data set or no rule.
    """
    known, held = entries.every(), kept.rules().get(dataset, [])
    if dataset not in known or not held:
        raise NotFound(f"there are no quality rules for {dataset!r} / 没有这个数据资源的质量规则")
    desk, began = make_desk(), time.monotonic()
    looked = _look(known, dataset, held, (desk.now(), size))
    run = _run(desk, dataset, looked, time.monotonic() - began)
    with transaction.atomic(using=ROAD):
        kept.keep(run, *_evidence(known, looked))
        facts = [*_rechecked(looked.outcomes, desk), *_stood(dataset, desk)]
        if facts:
            runner.submit(facts, desk)
    return Inspected(run, looked.outcomes, facts)


def _look(known: dict[str, entries.Dataset], dataset: str, held: Sequence[Rule], how: tuple[datetime, int]) -> _Looked:
    found, (now, size) = known[dataset], how
    try:
        with frames.parted(found, frames.wanted(found, held), size) as read:
            others = frames.others(known, held)
            checked = parts.check(read, held, _world(now, others, True), kept.EVIDENCE)
    except (BadInput, NotFound, OSError) as error:
        said = str(error)[:500]
        told = [rule for rule in held if rule.kind in ROWLESS]
        counted = {rule.code: engine.rowless(rule, _world(now, {}, False)) for rule in told}
        return _Looked([counted.get(rule.code) or Outcome(rule, said=said) for rule in held], None, {}, said)
    return _Looked(checked.outcomes, checked, others)


def _world(now: datetime, others: Mapping[str, pl.DataFrame], read: bool) -> World:
    def reads(dataset: str, days: int) -> tuple[int, int]:
        good, every = kept.reads(dataset, days, now)
        return good + read, every + 1

    def visited(dataset: str, item: str, days: int) -> tuple[int, int]:
        return visits.counted(dataset, item, days, now)

    return World(now.astimezone(CITY_TIME).date(), others, kept.code_lists(now), reads, visited)


def _run(desk: LiveDesk, dataset: str, looked: _Looked, seconds: float) -> dict[str, Any]:
    outcomes, checked = looked.outcomes, looked.checked
    total = scoring.mean(outcomes) if checked else None
    return {
        "id": desk.new_id(),
        "dataset": dataset,
        "at": desk.now(),
        "rows": checked.rows if checked else 0,
        "seconds": round(seconds, 3),
        "read": checked is not None,
        "said": looked.said,
        "shares": scoring.shares(outcomes),
        "total": None if total is None else round(total, 6),
        "grade": grade(total),
        "versions": {**desk.knowledge.versions, "quality": kept.version([one.rule for one in outcomes])},
    }


def _evidence(
    known: Mapping[str, entries.Dataset], looked: _Looked
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What each rule counted, and the first rows that failed it."""
    fails = {one.rule.code: _failing(known, looked, one) for one in looked.outcomes}
    results = [
        {
            "rule": one.rule.code,
            "item": one.rule.item,
            "indicator": one.rule.indicator,
            "weight": one.rule.weight,
            "checked": one.checked,
            "met": one.met,
            "kept": len(fails[one.rule.code]),
            "said": one.said,
        }
        for one in looked.outcomes
    ]
    return results, [fail for found in fails.values() for fail in found]


def _failing(known: Mapping[str, entries.Dataset], looked: _Looked, one: Outcome) -> list[dict[str, Any]]:
    name, item = one.rule.dataset, one.rule.items[0]
    if looked.checked is None or not len(one.failed):
        return []
    chosen = looked.checked.failing(one, kept.EVIDENCE)
    if chosen is None:
        name, item = one.rule.other
        chosen = looked.others[name][one.failed[: kept.EVIDENCE]]
    found = known[name]
    keys = [key for key in found.keys if key in chosen.columns]
    text = (
        pl.concat_str([pl.col(key).cast(pl.String).fill_null("") for key in keys], separator="/")
        if keys
        else pl.lit("")
    )
    place = pl.col(found.place).cast(pl.String).fill_null("") if found.place else pl.lit("")
    told = chosen.select(key=text, place=place, value=pl.col(item).cast(pl.String))
    shown = found.item(item)
    return [
        {"rule": one.rule.code, "key": key, "place": at[:32], "value": scoring.masked(value, shown)[:200]}
        for key, at, value in told.rows()
    ]


def _rechecked(outcomes: Sequence[Outcome], desk: LiveDesk) -> list[Fact]:
    """复检: tickets whose source says it is mended pass when the rule's share is high enough now."""
    enough = thresholds()["quality_mended"]
    found = {f"{RULE}{one.rule.code}": one for one in outcomes if one.share is not None}
    facts = []
    for ticket in kept.waiting("ticket", list(found)):
        row = rows.row(ticket, lock=True)
        if row is None or row["state"] != "checking":
            continue
        one = found[row["subject"]]
        move = "passed" if (one.share or 0) >= enough else "failed"
        text = f"{one.met}/{one.checked} = {one.share:.4f}，不合格 {one.checked - one.met} 行"
        facts.append(proceedings.moved(SYSTEM, row, move, {"text": text}, desk))
    return facts


def bars() -> scoring.Bars:
    """The bars in force for losing and regaining authority."""
    said = thresholds()
    window, clean = int(said["quality_window"]), int(said["quality_clean"])
    return scoring.Bars(said["quality_least"], int(said["quality_offences"]), window, clean)


def _stood(dataset: str, desk: LiveDesk) -> list[Fact]:
    """权威来源资格: a repeat offender loses it, and gets it back after clean runs."""
    limits, subject = bars(), f"{DATASET}{dataset}"
    standing = kept.waiting("authority", [subject])
    found = kept.totals(dataset, max(limits.window, limits.clean))
    turn = scoring.standing(found, bool(standing), limits)
    told = "、".join("读取失败" if one is None else f"{one:.3f}" for one in found)
    if turn == "suspend":
        text = f"最近 {len(found)} 次检查：{told}；低于 {limits.least:g} 达到 {limits.offences} 次"
        viewer = _bureau(desk)
        return [proceedings.begun(viewer, moves.move_of("authority", "suspend"), subject, {"text": text}, desk)]
    row = rows.row(standing[0], lock=True) if turn == "restore" else None
    if row is None:
        return []
    text = f"连续 {limits.clean} 次不低于 {limits.least:g}：{told}"
    return [proceedings.moved(SYSTEM, row, "restore", {"text": text}, desk)]


def _bureau(desk: LiveDesk) -> Viewer:
    """The road in the name of the city's data bureau."""
    knowledge = desk.knowledge
    unit = knowledge.unit_at.get((knowledge.city, moves.BUREAU), "")
    return replace(SYSTEM, unit=unit, place=knowledge.city)
