"""负担实测 bench `burden`: planted forms found and cut; a grid worker's day by the formula and by the real views."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from zhongshu.bench.laboratory import Lab, laboratory
from zhongshu.bench.result import Result, libraries, machine

SHARE = 0.004
"""Share of the small city's households that is registered here: some 6,000 people; views are counted on a sample."""
SAMPLE = 400
QUICK = 60
NEXT = timedelta(days=32)
"""A month later: whatever has to be known monthly is asked again."""


def _rated(found: set[str], truth: set[str]) -> tuple[float, float]:
    """Precision and recall."""
    hit = len(found & truth)
    return (round(hit / len(found), 4) if found else 0.0), round(hit / len(truth), 4)


def _gathered(lab: Lab) -> dict[str, int]:
    """Register people, houses and firms as their departments tell of them; records taken by register."""
    from zhongshu.cities.demo.census import gather
    from zhongshu.data.registers import loading

    told = next(gather.told(lab.pack, SHARE, 7))
    return {name: loading.take_in(name, told[name]).records for name in ("house", "person", "organisation")}


def _sample(count: int) -> dict[str, list[Any]]:
    from zhongshu.data.bench_rows import entities
    from zhongshu.data.elements.values import REGISTERS
    from zhongshu.hub.resources.filling import Whom

    return {subject: [Whom(subject, one) for one in entities(subject, count)] for subject in REGISTERS}


def _written(book: Any, sample: Mapping[str, list[Any]], day: date) -> None:
    """Whatever these forms ask of the sample is written down once, as workers would."""
    from django.db import transaction

    from zhongshu.data.databases import ROAD
    from zhongshu.data.elements import values
    from zhongshu.hub.resources.filling import views
    from zhongshu.kernel.access import ROAD as SYSTEM

    with transaction.atomic(using=ROAD):
        for form in book.asked(day):
            for view in views(book, form, sample.get(form.subject, []), day):
                told = {book.one(one.field.element): ("entry", "1") for one in view.asked}
                whom = view.whom
                values.keep(SYSTEM, values.Written(whom.subject, whom.entity, "", form.code, told), day)


def _viewed(book: Any, day: date, sample: Mapping[str, list[Any]]) -> tuple[float, float, float, int]:
    """Minutes of a worker's day for 100 households (blank, pre-filled), share of fields pre-filled, views counted."""
    from zhongshu.data.elements.terms import WORKDAYS
    from zhongshu.hub.resources.filling import View, Whom, views

    blank = filled = 0.0
    shown = there = seen = 0
    for form in book.asked(day):
        found: Iterable[View] = views(book, form, sample.get(form.subject) or [Whom(form.subject, 0)], day)
        held = list(found)
        often = form.yearly * form.per_hundred / WORKDAYS / 60
        blank += sum(view.bare for view in held) / len(held) * often
        filled += sum(view.seconds for view in held) / len(held) * often
        shown += sum(len(view.fields) for view in held)
        there += sum(one.value is not None for view in held for one in view.fields)
        seen += len(held)
    return blank, filled, there / shown, seen


def _found(lab: Lab, count: int) -> dict[str, Any]:
    from zhongshu.cities.demo.census.people import TODAY
    from zhongshu.data.elements import deciding, inventory
    from zhongshu.data.elements.overlap import overlaps
    from zhongshu.data.elements.shapes import same_by

    truths = json.loads((lab.pack / "truths.json").read_text("utf-8"))
    planted, pairs = set(truths["forms"]), {"|".join(sorted(pair)) for pair in truths["same"]}
    day = date(1970, 1, 1) + timedelta(days=int(TODAY))
    began = time.perf_counter()
    bare = inventory.book()
    overlap = overlaps(bare, day)
    doubts = {one.key for one in inventory.doubtful(bare)}
    seconds = time.perf_counter() - began
    # A person says yes to those that are the same, and no to the others.
    agreed = [tuple(key.split("|")) for key in doubts & pairs]
    book = replace(bare, same=same_by(agreed, bare.elements))  # type: ignore[arg-type]
    advice = deciding.advise(book, overlaps(book, day), day)
    chosen = {one.form: (one.decision, one.into) for one in advice if one.form in planted}
    told = deciding.effect(book, chosen, day)
    after = deciding.decided(book, chosen)
    households, workers = inventory.households(("", "~"))
    sample = _sample(count)
    blank_before, _first, _share, _seen = _viewed(book, day, sample)
    blank, filled, share, seen = _viewed(after, day, sample)
    _written(after, sample, day)
    _blank, again, known, _seen = _viewed(after, day + NEXT, sample)
    scale = households / 100
    precision, recall = _rated(set(overlap.forms), planted)
    same_precision, same_recall = _rated(doubts, pairs)
    return {
        "minutes_cut": round(1 - filled / blank_before, 4),
        "minutes_before": round(blank_before * scale, 1),
        "minutes_after": round(filled * scale, 1),
        "minutes_next_month": round(again * scale, 1),
        "minutes_cut_by_deciding": round(1 - told.after / told.before, 4),
        "minutes_after_deciding": round(told.after * scale, 1),
        "formula_off": round(abs(blank_before - told.before) + abs(blank - told.after), 6),
        "forms_found": len(overlap.forms),
        "precision": precision,
        "recall": recall,
        "same_precision": same_precision,
        "same_recall": same_recall,
        "duplicate_ratio_before": round(overlap.ratio, 4),
        "duplicate_ratio_after": round(overlaps(after, day).ratio, 4),
        "prefilled": round(share, 4),
        "prefilled_next_month": round(known, 4),
        "lost_elements": len(told.lost),
        "views": seen,
        "workers": workers,
        "households": round(households),
        "detect_s": round(seconds, 3),
    }


def run(quick: bool) -> Result:
    """The small demo city with its forms, and registers of part of its households (quick: fewer views)."""
    with laboratory(school=False) as lab:
        records: Mapping[str, int] = _gathered(lab)
        figures = _found(lab, QUICK if quick else SAMPLE)
    return Result(
        bench="burden",
        machine=machine(),
        versions=libraries("scipy", "rapidfuzz", "splink"),
        size={"records": dict(records), "quick": quick},
        figures=figures,
    )
